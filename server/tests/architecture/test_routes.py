"""Every route says who may call it and what it records."""

from __future__ import annotations

import pytest

import house

RECORDS_NOTHING = {
    # act → why nothing of it must be provable
    "POST /api/identity/sms-codes": "a code was asked for, nobody is known yet; the limit and the log keep it",
    "POST /api/identity/mail-codes": "a code was asked for; binding the address is what is recorded",
    "POST /api/identity/sign-in-tickets": "a QR is shown, nobody is known yet",
    "POST /api/identity/oauth": "a browser asks WeChat who holds it, nobody is known yet",
    "POST /api/filing/drafts": "a draft is the taxpayer's own paper until it is submitted",
    "PATCH /api/filing/drafts/{draft_id}": "as above; the corrections are recorded with the return",
    "DELETE /api/filing/drafts/{draft_id}": "as above",
    "POST /api/filing/returns/{return_id}/amendment": "begins a draft; the amendment is recorded when it is submitted",
    "POST /api/insight/audiences/preview": "counts and changes nothing",
    "POST /api/knowledge/calculators/{law}": "computes what anybody asks; nothing is kept, nobody is known",
    "POST /api/matters/applications": "begins a draft: the taxpayer's own paper until it is handed in",
    "PATCH /api/matters/applications/{application_id}": "as above; the answers are digested when it is handed in",
    "DELETE /api/matters/applications/{application_id}": "as above",
    "POST /api/matters/applications/{application_id}/restoration": "as above",
    "POST /api/matters/applications/{application_id}/check": "looks and changes nothing",
    "POST /api/matters/uploads": "papers of a draft; their digests are recorded when it is handed in",
    "PUT /api/matters/uploads/{upload_id}/bytes": "as above",
    "DELETE /api/matters/papers/{paper_id}": "as above",
    "POST /api/matters/journeys": "begins an intake: the taxpayer's own paper until it is handed in",
    "PATCH /api/matters/journeys/{journey_id}": "as above",
    "POST /api/matters/journeys/{journey_id}/continuation": "what it hands in is recorded by each matter",
    "POST /api/matters/journeys/{journey_id}/retry": "as above",
    "POST /api/matters/journeys/{journey_id}/omission": "the end of what it leaves out is recorded by that matter",
    "POST /api/payment/orders/{order_id}/query": "asks the bank; what comes of it is recorded by settling",
    "POST /api/payment/orders/{order_id}/wechat": "prepares a cashier; the payment itself is recorded",
    "POST /channels/{name}/callback": "what a platform says is kept as an event; what comes of it is recorded by its domain",
    "POST /api/messaging/office/messages/{message_id}/reading": "an officer's own read mark",
    "POST /api/messaging/office/reading": "as above",
    "PUT /api/messaging/office/wishes": "what an officer is sent where",
    "POST /api/identity/chat-oauth": "begins a sign-in; the sign-in itself is recorded",
    "POST /oauth/introspect": "looks and changes nothing",
    "POST /api/partners/asks/{request_id}/refusal": "nothing was given, so nothing must be provable",
    "POST /open/v1/calculators/{law}": "computes what anybody may ask; nothing is kept, nobody is involved",
    "POST /api/channels/kiosks/beat": "a machine says that it is there",
    "POST /api/channels/kiosks/visits": "a code is shown, nobody is known yet; who confirms it is recorded",
    "POST /api/channels/kiosks/visit/stay": "somebody touches the screen",
    "DELETE /api/channels/kiosks/visit": "ends by itself anyway; what was printed is recorded",
    "DELETE /api/channels/kiosks/visits/{visit_id}": "as above",
    "POST /api/cases/views": "an officer's own table columns",
    "PUT /api/cases/views/{view_id}": "as above",
    "DELETE /api/cases/views/{view_id}": "as above",
}
ACTS = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def routes():
    return house.routes()


def name(route):
    return f"{min(route.methods - {'HEAD', 'OPTIONS'})} {route.path}"


def test_every_route_declares_exactly_one_authority(routes):
    assert len(routes) > 40
    assert [name(r) for r in routes if len(house.authorities(r)) != 1] == []


def test_public_routes_are_limited(routes):
    public = [(name(r), a) for r in routes for a in house.authorities(r) if a.who == "anyone"]
    assert public
    assert [n for n, a in public if not a.rate] == []


def test_every_act_declares_what_it_records(routes):
    acts = {name(r): house.authorities(r)[0] for r in routes if r.methods & ACTS}
    assert [n for n, a in acts.items() if not a.records and n not in RECORDS_NOTHING] == []


def test_the_list_of_acts_that_record_nothing_is_current(routes):
    acts = {name(r): house.authorities(r)[0] for r in routes if r.methods & ACTS}
    assert [n for n in RECORDS_NOTHING if n not in acts or acts[n].records] == []


def test_a_record_is_named_like_an_event(routes):
    wrong = [
        (name(r), a.records)
        for r in routes
        for a in house.authorities(r)
        if a.records and (a.records.count(".") != 1 or not a.records.replace(".", "").replace("_", "").isalpha())
    ]
    assert wrong == []


def test_what_is_declared_is_also_recorded(routes):
    """The name of each record is written in the domain itself, where the entry is appended."""
    declared = {
        a.records: r.endpoint.__module__.split(".")[1] for r in routes for a in house.authorities(r) if a.records
    }
    never = []
    for record, folder in declared.items():
        paths = [p for p in (house.PACKAGE / folder).rglob("*.py") if "http" not in str(p.relative_to(house.PACKAGE))]
        if not any(f'"{record}"' in p.read_text(encoding="utf-8") for p in paths):
            never.append(record)
    assert never == []


def test_scopes_are_known_to_identity(routes):
    from palmtax import identity

    asked = {a.scope for r in routes for a in house.authorities(r) if a.scope and a.who != "application"}
    assert asked - set(identity.SCOPES) == set()


def test_a_path_begins_with_its_domain(routes):
    wrong = []
    for route in routes:
        folder = route.endpoint.__module__.split(".")[1]
        allowed = {
            "entry": ("/",),
            "channels": ("/channels", "/api/channels", "/status", "/api/status"),
            "certificates": ("/api/certificates", "/api/verify", "/verify"),
            "partners": (
                "/api/partners",
                "/oauth",
                "/open/v1",
                "/developers",
                "/.well-known/oauth-authorization-server",
            ),
        }
        if not route.path.startswith(allowed.get(folder, (f"/api/{folder}",))):
            wrong.append((folder, route.path))
    assert wrong == []


def test_no_two_routes_share_method_and_path(routes):
    names = [name(r) for r in routes]
    assert sorted(set(names)) == sorted(names)


def test_every_shape_of_an_answer_is_declared(routes):
    api = [r for r in routes if r.path.startswith("/api/") and r.include_in_schema]
    shaped = [r for r in api if r.response_model is None and r.status_code != 204]
    bare = [name(r) for r in shaped if not r.responses.get(200, {}).get("content")]
    assert bare == []
