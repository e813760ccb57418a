"""The whole way: registered, tried in the sandbox, reviewed by two, agreed to by a person, read, taken back."""

from __future__ import annotations

from uuid import UUID

from channels.conftest import SECOND_KEYS
from complaints.make import CHIEF, KEYS
from filing.make import CLERK, NEIGHBOUR, OWNER, SHOP, STRANGER, VIEWER, VILLAGE
from partners.make import (
    BACK,
    ISSUER,
    LOCAL_BACK,
    OF_PEOPLE,
    STATE,
    Application,
    members_of,
    particulars,
    registered,
    tokens_of,
    visit,
)

DESK = "/partners/desk/applications"


async def test_a_person_agrees_and_the_application_reads(live, wearing, rows):
    owner = await wearing()
    place = await visit(live, scope="returns.due taxpayer.read")
    page = await place.page(owner)
    assert (page["name"], page["organisation"], page["leads_to"], page["is_trial"], page["fits"]) == (
        "云汀银行", "云汀软件有限公司", "bank.example", False, True,
    )  # fmt: skip
    assert [one["code"] for one in page["scopes"]] == ["returns.due", "taxpayer.read"]
    assert all(one["say"] and one["say_en"] and one["is_held"] for one in page["scopes"])
    back = await place.agree(owner)
    assert back.startswith(BACK + "?")
    assert members_of(back) | {"code": ""} == {"code": "", "state": STATE, "iss": ISSUER}
    answer = await live.by_code(members_of(back)["code"])
    tokens = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 900, "returns.due taxpayer.read")
    seen = await live.read(tokens["access_token"], "/taxpayer")
    assert (seen.status_code, seen.json()["name"], seen.json()["role_code"]) == (200, "小满面馆5001", "legal_rep")
    due = (await live.read(tokens["access_token"], "/returns/due")).json()["returns"]
    assert due
    assert {one["tax_name"] for one in due} == {"增值税"}
    kept = await rows(
        "select act, taxpayer_id, person_id, channel, summary from evidence_entry where act like 'partners.data%'"
    )
    assert [(one["taxpayer_id"], one["person_id"], one["channel"], one["summary"]["what"]) for one in kept] == [
        (SHOP, OWNER, "api", "taxpayer.read"), (SHOP, OWNER, "api", "returns.due"),
    ]  # fmt: skip


async def test_the_person_sees_who_read_what_and_takes_it_back_at_once(live, wearing):
    owner = await wearing()
    tokens = await tokens_of(live, owner)
    await live.read(tokens["access_token"], "/returns/due")
    (one,) = await owner.ok("GET", "/partners/consents")
    assert (one["name"], one["state"], one["hat_title"], one["is_mine"]) == ("云汀银行", "open", "小满面馆5001", True)
    told = await owner.ok("GET", f"/partners/consents/{one['consent_id']}/readings")
    assert [(t["act"], t["what_name"]) for t in told] == [
        ("partners.data_read", "查看待申报"), ("partners.consent_given", "同意授权"),
    ]  # fmt: skip
    await owner.ok("DELETE", f"/partners/consents/{one['consent_id']}")
    refused = await live.read(tokens["access_token"], "/returns/due")
    assert (refused.status_code, refused.json()["code"]) == (401, "partners.token_not_taken")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert (await live.by_refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    await owner.ok("DELETE", f"/partners/consents/{one['consent_id']}")  # again changes nothing
    (after,) = await owner.ok("GET", "/partners/consents")
    assert (after["state"], after["end_reason"]) == ("ended", "taken_back")


async def test_who_may_authorise_sees_and_ends_what_others_allowed(live, wearing):
    clerk, owner, stranger = await wearing(CLERK), await wearing(), await wearing(STRANGER, NEIGHBOUR)
    tokens = await tokens_of(live, clerk)
    (one,) = await owner.ok("GET", "/partners/consents")
    assert one["is_mine"] is False
    assert await stranger.ok("GET", "/partners/consents") == []
    await stranger.refused(404, "partners.consent_unknown", "DELETE", f"/partners/consents/{one['consent_id']}")
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 200
    await owner.ok("DELETE", f"/partners/consents/{one['consent_id']}")
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 401


async def test_every_read_of_the_surface_works(live, wearing):
    owner = await wearing()
    token = (await tokens_of(live, owner))["access_token"]
    sums = await live.read(token, "/invoices/sums", params={"first_month": "2026-01", "last_month": "2026-11"})
    assert (sums.status_code, sums.json()) == (200, {"months": []})
    assert (await live.read(token, "/applications")).json() == {"applications": [], "next_cursor": None}
    assert (await live.read(token, "/certificates")).json() == {"certificates": []}
    own = await live.own_token()
    found = (await live.read(own, "/matters", params={"q": "发票额度", "limit": 3})).json()["matters"]
    assert found
    assert (await live.read(own, "/calculators")).json()["groups"]
    assert (await live.read(own, "/calculators/late_fee")).json()["law"] == "late_fee"
    done = await live.client.post(
        "/open/v1/calculators/late_fee", json={"facts": {"unpaid_tax": "12000.50", "days_late": 30}},
        headers={"authorization": f"Bearer {own}"},
    )  # fmt: skip
    assert (done.status_code, done.json()["missing"], done.json()["result"] is None) == (200, [], False)
    assert (await live.read(token, "/matters")).status_code == 403  # public scopes are the application's own


async def test_a_draft_is_prepared_and_the_person_hands_it_in(live, wearing):
    owner = await wearing()
    token = (await tokens_of(live, owner))["access_token"]
    made = await live.client.post(
        "/open/v1/applications", json={"matter_code": "FPBL-002", "answers": {}},
        headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    one = made.json()
    assert one["confirm_url"].startswith(ISSUER + "/#/matters/")
    assert set(one) == {"application_id", "application_no", "confirm_url"}
    draft = await owner.ok("GET", f"/matters/applications/{one['application_id']}")
    assert (draft["state"], draft["started_channel"]) == ("draft", "api")
    assert (await live.read(token, "/applications")).json()["applications"] == []  # drafts are the person's own


async def test_a_live_application_has_two_officers_behind_it(trial, desk, wearing, rows):
    first, second, chief = await desk(KEYS), await desk(SECOND_KEYS), await desk(CHIEF)
    path = f"{DESK}/{trial.application_id}"
    await first.refused(409, "partners.state_refused", "POST", f"{path}/approval")
    assert (await trial.developer("POST", "/review")).json()["state"] == "review"
    await chief.refused(403, "plumbing.not_allowed", "POST", f"{path}/approval")
    assert (await first.ok("POST", f"{path}/approval"))["row"]["is_checked_by_me"] is True
    await first.refused(409, "partners.second_officer_needed", "POST", f"{path}/approval")
    assert (await second.ok("POST", f"{path}/approval"))["row"]["state"] == "live"
    acts = await rows("select act from evidence_entry where act like 'partners.%' order by at, entry_id")
    assert [one["act"] for one in acts] == [
        "partners.application_registered", "partners.application_sent", "partners.application_checked",
        "partners.application_live",
    ]  # fmt: skip
    listed = await chief.ok("GET", f"{DESK}?state=live")
    assert [one["client_id"] for one in listed["applications"]] == [trial.client_id]


async def test_sent_back_with_a_reason_and_mended(trial, desk):
    first = await desk(KEYS)
    await trial.developer("POST", "/review")
    path = f"{DESK}/{trial.application_id}/return"
    await first.refused(422, "partners.reason_missing", "POST", path, {"reason": " "})
    await first.ok("POST", path, {"reason": "用途写得不清楚"})
    own = (await trial.developer("GET")).json()
    assert (own["state"], own["state_reason"]) == ("sandbox", "用途写得不清楚")
    body = {name: value for name, value in particulars().items() if name in ("redirect_uris", "scopes", "email")}
    body |= {"purpose": "每月提醒一次申报日期", "purpose_en": "Reminds once a month"}
    assert (await trial.developer("PUT", "", body)).json()["purpose"] == "每月提醒一次申报日期"
    await trial.developer("POST", "/review")
    assert (await trial.developer("PUT", "", body)).json()["code"] == "partners.state_refused"


async def test_suspended_is_off_at_once(live, wearing, desk):
    owner, officer = await wearing(), await desk(KEYS)
    tokens, own = await tokens_of(live, owner), await live.own_token()
    await officer.ok("POST", f"{DESK}/{live.application_id}/suspension", {"reason": "疑似泄露资料"})
    for token in (tokens["access_token"], own):
        assert (await live.read(token, "/matters")).status_code == 401
    assert (await live.by_refresh(tokens["refresh_token"])).json()["error"] == "unauthorized_client"
    assert (await live.authorise()).json()["code"] == "partners.client_may_not"
    assert (await live.developer("GET")).json()["state"] == "suspended"


async def test_the_sandbox_sees_invented_taxpayers_only_and_live_ones_real_ones(trial, live, wearing):
    real, invented = await wearing(), await wearing(OWNER, VILLAGE)
    place = await visit(trial)
    page = await place.page(real)
    assert page["fits"] is False
    body = {"ticket": page["ticket"], "scopes": ["returns.due"], "days": 1}
    path = f"/partners/asks/{place.request_id}/approval"
    await real.refused(409, "partners.sandbox_apart", "POST", path, body, headers=place.headers)
    assert await real.ok("GET", "/partners/consents") == []
    token = (await tokens_of(trial, invented))["access_token"]
    assert (await trial.read(token, "/taxpayer")).json()["name"] == "小满面馆5005"
    other = await visit(live)
    page = await other.page(invented)
    path = f"/partners/asks/{other.request_id}/approval"
    await invented.refused(
        409, "partners.sandbox_apart", "POST", path, body | {"ticket": page["ticket"]}, headers=other.headers
    )


async def test_what_an_application_says_of_itself_is_shown_to_people_only_after_officers_read_it(
    client, trial, wearing, desk
):
    texts = ("name", "name_en", "organisation", "purpose", "purpose_en")
    real, invented = await wearing(), await wearing(OWNER, VILLAGE)
    place = await visit(trial)
    for _ in range(2):  # still unread while it waits for the officers
        hidden = await place.page(real)
        assert (hidden["is_read"], {hidden[one] for one in texts}) == (False, {""})
        answer = await real("GET", f"/partners/asks/{place.request_id}", headers=place.headers)
        assert particulars()["name"] not in answer.text
        own = await place.page(invented)
        assert (own["is_read"], own["name"]) == (True, particulars()["name"])
        await trial.developer("POST", "/review")
    for officer in (KEYS, SECOND_KEYS):
        await (await desk(officer)).ok("POST", f"{DESK}/{trial.application_id}/approval")
    page = await (await visit(trial)).page(real)
    assert (page["is_read"], page["name"], page["fits"]) == (True, particulars()["name"], True)


async def test_going_live_ends_what_the_sandbox_gave(trial, wearing, desk):
    tokens = await tokens_of(trial, await wearing(OWNER, VILLAGE))
    assert (await trial.read(tokens["access_token"], "/returns/due")).status_code == 200
    await trial.developer("POST", "/review")
    for officer in (KEYS, SECOND_KEYS):
        await (await desk(officer)).ok("POST", f"{DESK}/{trial.application_id}/approval")
    assert (await trial.read(tokens["access_token"], "/returns/due")).status_code == 401


async def test_a_developer_needs_no_phone_in_the_sandbox(client, town):
    one = await registered(client, redirect_uris=[LOCAL_BACK])
    (invented,) = (await one.developer("GET", "/sandbox/taxpayers")).json()
    wish = one.wish(redirect_uri=LOCAL_BACK) | {"taxpayer_id": invented["taxpayer_id"]}
    wish.pop("client_id")
    done = await one.developer("POST", "/sandbox/consents", wish)
    code = members_of(done.json()["redirect_to"])["code"]
    token = (await one.by_code(code, redirect_uri=LOCAL_BACK)).json()["access_token"]
    assert (await one.read(token, "/taxpayer")).json()["name"] == invented["name"]
    refused = await one.developer("POST", "/sandbox/consents", wish | {"taxpayer_id": SHOP})
    assert refused.json()["code"] == "partners.sandbox_apart"
    assert (await one.developer("POST", "/review")).json()["code"] == "partners.redirect_wrong"  # loopback stays here


async def test_both_secrets_work_after_a_rotation_and_then_one(trial, clock):
    old = trial.secret
    new = (await trial.developer("POST", "/secrets")).json()["client_secret"]
    for secret in (old, new):
        trial.secret = secret
        assert (await trial.developer("GET")).json()["secrets_that_work"] == 2
    trial.secret = old
    newest = (await trial.developer("POST", "/secrets")).json()["client_secret"]
    assert (await trial.developer("GET")).json()["code"] == "partners.client_not_believed"  # the oldest of three
    trial.secret = new
    assert (await trial.developer("GET")).status_code == 200
    trial.secret = newest
    clock.move(days=8)
    assert (await trial.developer("GET")).json()["secrets_that_work"] == 1


async def test_a_leaked_secret_is_dropped_at_once(trial):
    old = trial.secret
    trial.secret = (await trial.developer("POST", "/secrets")).json()["client_secret"]
    assert (await trial.developer("DELETE", "/secrets")).status_code == 204
    assert (await trial.developer("GET")).status_code == 200
    trial.secret = old
    assert (await trial.developer("GET")).status_code == 401


async def test_a_hat_gives_no_more_than_it_has(live, wearing):
    viewer = await wearing(VIEWER)
    place = await visit(live, scope="invoices.sums returns.due")
    page = await place.page(viewer)
    assert {one["code"]: one["is_held"] for one in page["scopes"]} == {"invoices.sums": True, "returns.due": False}
    body = {"ticket": page["ticket"], "scopes": ["invoices.sums", "returns.due"], "days": 30}
    path = f"/partners/asks/{place.request_id}/approval"
    await viewer.refused(409, "partners.hat_unfit", "POST", path, body, headers=place.headers)
    back = (await viewer.ok("POST", path, body | {"scopes": ["invoices.sums"]}, headers=place.headers))["redirect_to"]
    assert (await live.by_code(members_of(back)["code"])).json()["scope"] == "invoices.sums"


async def test_no_is_told_to_the_application_and_nothing_is_kept(live, wearing, rows):
    owner = await wearing()
    place = await visit(live)
    page = await place.page(owner)
    done = await owner.ok(
        "POST", f"/partners/asks/{place.request_id}/refusal", {"ticket": page["ticket"]}, headers=place.headers
    )
    assert members_of(done["redirect_to"]) == {"error": "access_denied", "state": STATE, "iss": ISSUER}
    assert await rows("select 1 from partners_consent") == []


async def test_a_new_consent_takes_the_place_of_the_old(live, wearing):
    owner = await wearing()
    first, second = await tokens_of(live, owner), await tokens_of(live, owner, scope="returns.due")
    assert (await live.read(first["access_token"], "/returns/due")).status_code == 401
    assert (await live.read(second["access_token"], "/returns/due")).status_code == 200
    states = [(one["state"], one["end_reason"]) for one in await owner.ok("GET", "/partners/consents")]
    assert sorted(states, key=str) == [("ended", "replaced"), ("open", None)]


async def test_what_a_server_says_of_itself(client, town):
    told = (await client.get("/.well-known/oauth-authorization-server")).json()
    assert (told["issuer"], told["code_challenge_methods_supported"]) == (ISSUER, ["S256"])
    assert told["authorization_response_iss_parameter_supported"] is True
    assert set(OF_PEOPLE) <= set(told["scopes_supported"])


async def test_an_officer_sends_to_review_what_officers_registered_and_nothing_else(client, desk, trial, rows):
    first, second = await desk(KEYS), await desk(SECOND_KEYS)
    await first.refused(409, "partners.developers_own", "POST", f"{DESK}/{trial.application_id}/review")
    made = await first.ok("POST", DESK, particulars(name="云汀城市通", redirect_uris=[LOCAL_BACK]))
    path = f"{DESK}/{made['application_id']}"
    await first.refused(422, "partners.redirect_wrong", "POST", f"{path}/review")  # loopback is for trial
    developer = Application(client, made["client_id"], made["client_secret"], made["application_id"])
    changes = particulars(redirect_uris=[BACK])
    for name in ("name", "name_en", "organisation", "uscc"):
        del changes[name]
    assert (await developer.developer("PUT", "", changes)).status_code == 200
    sent = await first.ok("POST", f"{path}/review")
    assert (sent["row"]["state"], sent["is_by_developer"]) == ("review", False)
    await (await desk(CHIEF)).refused(403, "plumbing.not_allowed", "POST", f"{path}/review")
    await first.refused(409, "partners.state_refused", "POST", f"{path}/review")
    await first.ok("POST", f"{path}/approval")
    await first.refused(409, "partners.second_officer_needed", "POST", f"{path}/approval")
    assert (await second.ok("POST", f"{path}/approval"))["row"]["state"] == "live"
    kept = await rows(
        "select act, person_id from evidence_entry where act like 'partners.application%' and subject_id = $1 order by entry_id",
        UUID(made["application_id"]),
    )
    assert [(one["act"].partition("application_")[2], one["person_id"]) for one in kept] == [
        ("registered", KEYS), ("edited", 0), ("sent", KEYS), ("checked", KEYS), ("live", SECOND_KEYS),
    ]  # fmt: skip
