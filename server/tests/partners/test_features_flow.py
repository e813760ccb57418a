"""A feature's whole way: handed in, checked, reviewed by two, listed in its city only, opened, superseded, off at once."""

from __future__ import annotations

import pytest
from channels.conftest import SECOND_KEYS
from complaints.make import CHIEF, KEYS
from filing.make import NEIGHBOUR, OWNER, STRANGER
from partners.features import DESK, HEADERS, ORIGIN, PAGE, handed_in, listed, manifest, ours
from partners.make import BACK, ISSUER, STATE, members_of, registered, tokens_of

from palmtax.partners.adapters import feature_kit
from palmtax.partners.adapters.feature_page import read_page

ELSEWHERE = "14404000000"


@pytest.fixture(autouse=True)
def page(monkeypatch):
    """The partner's page answers, whatever the network of the tests is."""
    shown = {"page": PAGE}

    async def see(url, *, may_loopback):
        return read_page(url, 200, HEADERS, shown["page"].encode(), 0.1)

    monkeypatch.setattr(feature_kit, "see", see)
    return shown


@pytest.fixture
async def officers(desk):
    """Both administrators."""
    return await desk(KEYS), await desk(SECOND_KEYS)


@pytest.fixture
async def feature(live, officers):
    """A listed feature of the live application."""
    number = await handed_in(live)
    await listed(number, *officers)
    return number


def _entered(url: str) -> dict[str, str]:
    assert url.startswith(ORIGIN + "/refund?")
    return members_of(url)


async def _agreed(owner, number: str) -> str:
    """The person agrees and opens; the pass."""
    await owner.ok("POST", f"/partners/features/{number}/consent")
    opened = await owner.ok("POST", f"/partners/features/{number}/opening")
    return _entered(opened["url"])["palmtax_pass"]


async def test_it_is_listed_in_its_city_only(feature, wearing, client):
    owner = await wearing()
    (card,) = await owner.ok("GET", "/partners/features")
    assert (card["title"], card["organisation"], card["kind"], card["place"], card["is_open"]) == (
        "退税点查询", "云汀软件有限公司", "page", "", True,
    )  # fmt: skip
    assert await owner.ok("GET", f"/partners/features?office={ELSEWHERE}") == []
    assert len(await owner.ok("GET", "/partners/features?office=14403050000")) == 1
    assert (await client.get("/api/partners/features")).status_code == 401


async def test_two_officers_list_it_and_the_second_is_of_that_city(live, desk, wearing, rows):
    first, second, head = await desk(KEYS), await desk(SECOND_KEYS), await desk(CHIEF)
    number = await handed_in(live, manifest(cities='["14404"]'))
    assert (await first.ok("POST", f"{DESK}/{number}/approval"))["row"]["is_reviewed_by_me"] is True
    await first.refused(409, "partners.second_officer_needed", "POST", f"{DESK}/{number}/approval")
    await second.refused(403, "partners.feature_office_wrong", "POST", f"{DESK}/{number}/approval")
    await head.refused(403, "plumbing.not_allowed", "POST", f"{DESK}/{number}/approval")
    await (await wearing()).refused(403, "plumbing.not_allowed", "POST", f"{DESK}/{number}/approval")
    assert (await first.ok("GET", f"{DESK}/{number}"))["row"]["state"] == "review"
    assert await rows("select 1 from partners_feature_version where state = 'listed'") == []
    told = await rows("select act from evidence_entry where act like 'partners.feature%' order by entry_id")
    assert [one["act"].split("_")[1] for one in told] == ["handed", "checked", "sent", "reviewed"]


async def test_nothing_that_fails_is_listed(live, officers, page):
    page["page"] = PAGE.replace("云汀软件有限公司", "")
    made = (await live.developer("POST", "/features", {"manifest": manifest()})).json()
    number = made["row"]["feature_id"]
    assert (await live.developer("POST", f"/features/{number}/review")).json()[
        "code"
    ] == "partners.feature_state_refused"
    checked = (await live.developer("POST", f"/features/{number}/check")).json()
    assert checked["row"]["state"] == "draft"
    assert [one["rule"] for one in checked["findings"] if one["outcome"] == "fail"] == ["page_says_whose"]
    assert (await live.developer("POST", f"/features/{number}/review")).status_code == 409
    await officers[0].refused(409, "partners.feature_state_refused", "POST", f"{DESK}/{number}/approval")
    page["page"] = PAGE
    assert (await live.developer("POST", f"/features/{number}/check")).json()["row"]["state"] == "checked"


async def test_a_check_grows_old(live, desk, clock):
    number = await handed_in(live)
    clock.move(days=31)
    await (await desk(KEYS)).refused(409, "partners.feature_fails", "POST", f"{DESK}/{number}/approval")


async def test_an_application_on_trial_lists_nothing(trial, officers):
    number = await handed_in(trial)
    await officers[0].refused(409, "partners.feature_fails", "POST", f"{DESK}/{number}/approval")


async def test_the_person_agrees_once_and_then_is_not_asked(feature, live, wearing, rows):
    owner = await wearing()
    first = await owner.ok("POST", f"/partners/features/{feature}/opening")
    assert (first["state"], first["url"], first["frame"]) == ("consent", "", "")
    assert [(one["code"], one["why"]) for one in first["asks"]] == [("returns.due", "提醒您退税的申报日期")]
    value = await _agreed(owner, feature)
    back = await live.authorise(scope="returns.due", palmtax_pass=value)
    assert back.status_code == 303
    assert back.headers["location"].startswith(BACK + "?")
    members = members_of(back.headers["location"])
    assert (members["state"], members["iss"]) == (STATE, ISSUER)
    tokens = (await live.by_code(members["code"])).json()
    assert tokens["scope"] == "returns.due"
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 200
    assert (await live.read(tokens["access_token"], "/taxpayer")).status_code == 403
    (consent,) = await owner.ok("GET", "/partners/consents")
    told = await owner.ok("GET", f"/partners/consents/{consent['consent_id']}/readings")
    assert [one["act"] for one in told] == ["partners.data_read", "partners.feature_opened", "partners.consent_given"]
    await owner.ok("DELETE", f"/partners/consents/{consent['consent_id']}")
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 401
    assert (await owner.ok("POST", f"/partners/features/{feature}/opening"))["state"] == "consent"
    assert await rows("select 1 from partners_pass where used_at is null") == []


async def test_a_pass_works_once_for_its_application_in_a_minute(feature, live, client, wearing, clock, rows):
    owner, other = await wearing(), await registered(client)
    value = await _agreed(owner, feature)
    codes = "select 1 from partners_code"

    async def error(one=live, **told) -> str:
        return members_of(
            (await one.authorise(**({"scope": "returns.due", "palmtax_pass": value} | told))).headers["location"]
        )["error"]

    assert await error(other) == "access_denied"
    assert await error(palmtax_pass="ptp_" + "x" * 43) == "access_denied"
    assert await error(scope="returns.due taxpayer.read") == "invalid_scope"
    assert await error(code_challenge="") == "invalid_request"
    assert (await live.authorise(palmtax_pass=value, redirect_uri="https://evil.example/")).status_code == 400
    assert await rows(codes) == []
    assert "code" in members_of((await live.authorise(scope="returns.due", palmtax_pass=value)).headers["location"])
    assert await error() == "access_denied"
    late = await _agreed(owner, feature)
    clock.move(seconds=61)
    assert await error(palmtax_pass=late) == "access_denied"
    assert len(await rows(codes)) == 1


async def test_a_pass_ends_with_the_consent_and_with_the_feature(feature, live, wearing, officers):
    owner = await wearing()
    value = await _agreed(owner, feature)
    (consent,) = await owner.ok("GET", "/partners/consents")
    await owner.ok("DELETE", f"/partners/consents/{consent['consent_id']}")
    told = await live.authorise(scope="returns.due", palmtax_pass=value)
    assert members_of(told.headers["location"])["error"] == "access_denied"
    value = await _agreed(owner, feature)
    await officers[0].ok("POST", f"{DESK}/{feature}/suspension", {"reason": "页面出错了"})
    told = await live.authorise(scope="returns.due", palmtax_pass=value)
    assert members_of(told.headers["location"])["error"] == "access_denied"


async def test_agreeing_never_widens_or_lengthens_what_was_agreed_before(feature, live, wearing):
    owner = await wearing()
    await tokens_of(live, owner, scope="taxpayer.read")
    (before,) = await owner.ok("GET", "/partners/consents")
    await owner.ok("POST", f"/partners/features/{feature}/consent")
    after = next(one for one in await owner.ok("GET", "/partners/consents") if one["state"] == "open")
    assert sorted(one["code"] for one in after["scopes"]) == ["returns.due", "taxpayer.read"]
    assert after["until_at"] <= before["until_at"]


async def test_another_person_has_no_part_in_it(feature, live, wearing):
    owner, stranger = await wearing(), await wearing(STRANGER, NEIGHBOUR)
    await _agreed(owner, feature)
    assert (await stranger.ok("POST", f"/partners/features/{feature}/opening"))["state"] == "consent"
    assert await stranger.ok("GET", "/partners/consents") == []


async def test_off_at_once_by_one_officer_and_on_again_by_two(feature, wearing, officers, client):
    owner = await wearing()
    frame = f"/api/partners/features/{feature}/frame"
    assert (await client.get(frame)).status_code == 200
    await officers[0].refused(422, "partners.reason_missing", "POST", f"{DESK}/{feature}/suspension", {"reason": " "})
    await officers[0].ok("POST", f"{DESK}/{feature}/suspension", {"reason": "页面出错了"})
    assert await owner.ok("GET", "/partners/features") == []
    await owner.refused(404, "partners.feature_unknown", "POST", f"/partners/features/{feature}/opening")
    await owner.refused(404, "partners.feature_unknown", "POST", f"/partners/features/{feature}/consent")
    assert (await client.get(frame)).status_code == 404
    reason = {"reason": "页面出错了"}
    await officers[0].refused(409, "partners.feature_state_refused", "POST", f"{DESK}/{feature}/suspension", reason)
    assert (await listed(feature, *officers))["row"]["state"] == "listed"
    assert len(await owner.ok("GET", "/partners/features")) == 1


async def test_with_the_application_its_features_are_gone(feature, live, wearing, officers, client):
    owner = await wearing()
    path = f"/partners/desk/applications/{live.application_id}/suspension"
    await officers[0].ok("POST", path, {"reason": "滥用数据"})
    assert await owner.ok("GET", "/partners/features") == []
    assert (await client.get(f"/api/partners/features/{feature}/frame")).status_code == 404


async def test_a_new_version_supersedes_and_can_be_gone_back_from(feature, live, wearing, officers):
    owner = await wearing()
    same = await handed_in(live, manifest(title="退税商店"))
    assert same == feature
    assert (await owner.ok("GET", "/partners/features"))[0]["title"] == "退税点查询"  # until the next is listed
    await listed(feature, *officers)
    assert (await owner.ok("GET", "/partners/features"))[0]["title"] == "退税商店"
    whole = await officers[0].ok("POST", f"{DESK}/{feature}/rollback", {"reason": "新版有错"})
    assert (whole["listed_version"], [one["state"] for one in whole["versions"]]) == (1, ["superseded", "listed"])
    assert (await owner.ok("GET", "/partners/features"))[0]["title"] == "退税点查询"
    await officers[0].refused(
        409, "partners.feature_first", "POST", f"{DESK}/{feature}/rollback", {"reason": "再退一次"}
    )


async def test_a_feature_of_our_own_leads_to_a_page_of_ours(officers, wearing):
    made = await officers[0].ok("POST", DESK, {"manifest": ours()})
    number = made["row"]["feature_id"]
    for step in ("check", "review"):
        await officers[0].ok("POST", f"{DESK}/{number}/{step}")
    await listed(number, *officers)
    owner = await wearing()
    (card,) = await owner.ok("GET", "/partners/features")
    assert (card["kind"], card["place"]) == ("calculator", "/calculators/detail/index?law=vat_small_scale")
    assert (await owner.ok("POST", f"/partners/features/{number}/opening"))["state"] == "ours"
    await owner.refused(404, "partners.feature_unknown", "POST", f"/partners/features/{number}/consent")


async def test_outside_its_hours_it_is_shown_closed_and_does_not_open(live, officers, wearing, clock):
    closed = manifest() + 'hours: {start: "00:00", end: "00:01"}\n'
    number = await handed_in(live, closed)
    await listed(number, *officers)
    owner = await wearing(OWNER)
    assert (await owner.ok("GET", "/partners/features"))[0]["is_open"] is False
    await owner.refused(409, "partners.feature_closed", "POST", f"/partners/features/{number}/opening")


async def test_the_frame_lets_in_one_origin_and_nothing_else(feature, client):
    answer = await client.get(f"/api/partners/features/{feature}/frame")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["frame-src"], policy["frame-ancestors"], policy["default-src"]) == (ORIGIN, "'self'", "'none'")
    assert "allow-top-navigation" not in answer.text
    assert 'sandbox="allow-scripts' in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_code_belongs_to_who_had_it_first(live, client, officers):
    await handed_in(live)
    other = await registered(client)
    answer = await other.developer("POST", "/features", {"manifest": manifest()})
    assert (answer.status_code, answer.json()["code"]) == (409, "partners.feature_code_taken")
    await officers[0].refused(409, "partners.feature_code_taken", "POST", DESK, {"manifest": manifest()})
    (own,) = (await live.developer("GET", "/features")).json()
    assert own["version"] == 1
    for step in ("", "/check", "/review"):
        answer = await other.developer("POST" if step else "GET", f"/features/{own['feature_id']}{step}")
        assert (answer.status_code, answer.json()["code"]) == (404, "partners.feature_unknown"), step
    assert (await other.developer("GET", "/features")).json() == []


async def test_a_bad_manifest_is_refused_with_its_lines_and_nothing_is_kept(live, rows):
    answer = await live.developer("POST", "/features", {"manifest": manifest(cities="[]", title="x")})
    assert (answer.status_code, answer.json()["code"]) == (422, "partners.feature_bad")
    assert [one.split(":")[1] for one in answer.json()["fields"]["faults"]] == ["2", "6"]
    assert await rows("select 1 from partners_feature") == []


async def test_a_manifest_in_review_cannot_be_changed_under_the_officer(live, officers):
    number = await handed_in(live)
    await officers[0].ok("POST", f"{DESK}/{number}/approval")
    await live.developer("POST", "/features", {"manifest": manifest(title="偷换名称")})
    await officers[1].refused(409, "partners.feature_state_refused", "POST", f"{DESK}/{number}/approval")
    whole = await officers[0].ok("GET", f"{DESK}/{number}")
    assert [(one["version"], one["state"]) for one in whole["versions"]] == [(2, "draft"), (1, "superseded")]


async def test_sent_back_with_a_reason_the_developer_reads_it(live, officers):
    number = await handed_in(live)
    await officers[0].ok("POST", f"{DESK}/{number}/return", {"reason": "请写清楚用途"})
    whole = (await live.developer("GET", f"/features/{number}")).json()
    assert (whole["row"]["state"], whole["state_reason"]) == ("draft", "请写清楚用途")
