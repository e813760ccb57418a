"""Attempts for the table of bad input around the open platform: consents, tokens, secrets, webhooks, review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from journeys.matters import owner_of
from journeys.misuse_embeds import EMBEDS_OUT_OF_ORDER, EMBEDS_TWICE
from journeys.partners import BACK, BODIES, CHANGES, HOOK, PARTICULARS, VERIFIER, Partner, invented, registered, wish
from journeys.place import Device
from journeys.stage import Stage, Try, again, said

DESK = "/partners/desk/applications"


def _owner(s: Stage) -> Device:
    """An owner under the hat of a shop that partners on trial may act for."""
    who = owner_of(s.place)
    me = who.ok("GET", "/identity/me")
    invented(s.place, me["hat"]["taxpayer_id"], me["person"]["person_id"])
    return who


def _second(work: Callable[[Stage, Partner], Callable[[], httpx.Response]]) -> Try:
    """The same act of a new application twice; what the second one said."""

    def attempt(s: Stage) -> str:
        act = work(s, registered(s.place))
        act()
        return said(act())

    return attempt


def _code_twice(s: Stage, one: Partner) -> Callable[[], httpx.Response]:
    code = one.agreed(_owner(s))
    return lambda: one.form(
        "token", grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=VERIFIER
    )


def _revoke_twice(s: Stage, one: Partner) -> Callable[[], httpx.Response]:
    token = one.tokens(_owner(s))["refresh_token"]
    return lambda: one.form("revoke", token=token)


def _introspect_twice(s: Stage, one: Partner) -> Callable[[], httpx.Response]:
    token = one.tokens(_owner(s))["access_token"]
    return lambda: one.form("introspect", token=token)


def _answered_twice(rest: str, more: dict[str, Any]) -> Try:
    def attempt(s: Stage) -> str:
        who, number = _owner(s), registered(s.place).asked()
        page = who.ok("GET", f"/partners/asks/{number}")
        return again(who, "POST", f"/partners/asks/{number}/{rest}", {"ticket": page["ticket"], **more})

    return attempt


def _taken_back_twice(s: Stage) -> str:
    who = _owner(s)
    registered(s.place).tokens(who)
    number = who.ok("GET", "/partners/consents")[0]["consent_id"]
    return again(who, "DELETE", f"/partners/consents/{number}")


def _officers_own_sent_twice(s: Stage) -> str:
    officer = s.devices["officer"]
    made = officer.ok("POST", DESK, PARTICULARS)
    return again(officer, "POST", f"{DESK}/{made['application_id']}/review")


def _of_developer(method: str, path: str, body: Any = None) -> Try:
    return _second(lambda _, one: lambda: one(method, path, body))


def _of_endpoint(method: str, rest: str = "") -> Try:
    def work(_: Stage, one: Partner) -> Callable[[], httpx.Response]:
        number = one.endpoint()
        return lambda: one(method, f"/endpoints/{number}{rest}")

    return _second(work)


def _agree_in_sandbox(s: Stage, one: Partner) -> Callable[[], httpx.Response]:
    _owner(s)
    body = {name: value for name, value in wish("").items() if name != "client_id"}
    number = one("GET", "/sandbox/taxpayers").json()[0]["taxpayer_id"]
    return lambda: one("POST", "/sandbox/consents", body | {"taxpayer_id": number})


def _of_desk(rest: str, body: Any = None) -> Try:
    def attempt(s: Stage) -> str:
        one = registered(s.place)
        one("POST", "/review")
        return again(s.devices["officer"], "POST", f"{DESK}/{one.application_id}/{rest}", body)

    return attempt


def _open(path: str, *, is_of_person: bool) -> Try:
    def work(s: Stage, one: Partner) -> Callable[[], httpx.Response]:
        token = one.tokens(_owner(s)) if is_of_person else one.form("token", grant_type="client_credentials").json()
        headers = {"authorization": f"Bearer {token['access_token']}"}
        body = BODIES[f"POST {path}"]
        return lambda: s.place.http.post(path.format(law="late_fee"), json=body, headers=headers)

    return _second(work)


PARTNERS_TWICE: dict[str, Try] = {
    "POST /oauth/token": _second(_code_twice), "POST /oauth/revoke": _second(_revoke_twice),
    "POST /oauth/introspect": _second(_introspect_twice),
    "POST /oauth/register": lambda s: said(s.place.http.post("/oauth/register", json=PARTICULARS)),
    "POST /api/partners/asks/{request_id}/approval": _answered_twice("approval", {"scopes": ["returns.due"], "days": 1}),
    "POST /api/partners/asks/{request_id}/refusal": _answered_twice("refusal", {}),
    "DELETE /api/partners/consents/{consent_id}": _taken_back_twice,
    "PUT /api/partners/developer": _of_developer("PUT", "", CHANGES),
    "POST /api/partners/developer/review": _of_developer("POST", "/review"),
    "POST /api/partners/developer/secrets": _of_developer("POST", "/secrets"),
    "DELETE /api/partners/developer/secrets": _of_developer("DELETE", "/secrets"),
    "POST /api/partners/developer/sandbox/consents": _second(_agree_in_sandbox),
    "POST /api/partners/developer/endpoints": _of_developer("POST", "/endpoints", HOOK),
    "DELETE /api/partners/developer/endpoints/{endpoint_id}": _of_endpoint("DELETE"),
    "POST /api/partners/developer/endpoints/{endpoint_id}/secrets": _of_endpoint("POST", "/secrets"),
    "POST /api/partners/developer/endpoints/{endpoint_id}/enabling": _of_endpoint("POST", "/enabling"),
    "POST /api/partners/developer/endpoints/{endpoint_id}/ping": _of_endpoint("POST", "/ping"),
    "POST /api/partners/developer/endpoints/{endpoint_id}/deliveries/{delivery_id}/resending": _of_endpoint(
        "POST", "/deliveries/019ab000-0000-7000-8000-0000000000ff/resending"
    ),
    "POST /api/partners/desk/applications": lambda s: again(s.devices["officer"], "POST", DESK, PARTICULARS),
    "POST /api/partners/desk/applications/{application_id}/approval": _of_desk("approval"),
    "POST /api/partners/desk/applications/{application_id}/review": _officers_own_sent_twice,
    "POST /api/partners/desk/applications/{application_id}/return": _of_desk("return", {"reason": "用途写得不清楚"}),
    "POST /api/partners/desk/applications/{application_id}/suspension": _of_desk("suspension", {"reason": "疑似泄露资料"}),
    "POST /open/v1/calculators/{law}": _open("/open/v1/calculators/{law}", is_of_person=False),
    "POST /open/v1/applications": _open("/open/v1/applications", is_of_person=True),
    **EMBEDS_TWICE,
}  # fmt: skip


def _review_before_it_is_asked(s: Stage) -> str:
    one = registered(s.place)
    return said(s.devices["officer"]("POST", f"{DESK}/{one.application_id}/approval"))


def _edit_in_review(s: Stage) -> str:
    one = registered(s.place)
    one("POST", "/review")
    return said(one("PUT", "", CHANGES))


def _read_after_it_was_taken_back(s: Stage) -> str:
    who, one = _owner(s), registered(s.place)
    token = one.tokens(who)["access_token"]
    who.ok("DELETE", f"/partners/consents/{who.ok('GET', '/partners/consents')[0]['consent_id']}")
    return said(s.place.http.get("/open/v1/returns/due", headers={"authorization": f"Bearer {token}"}))


PARTNERS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "POST /api/partners/desk/applications/{application_id}/approval": ("before review was asked for", _review_before_it_is_asked),
    "PUT /api/partners/developer": ("while it is in review", _edit_in_review),
    "GET /open/v1/returns/due": ("after the person took the consent back", _read_after_it_was_taken_back),
    **EMBEDS_OUT_OF_ORDER,
}  # fmt: skip
