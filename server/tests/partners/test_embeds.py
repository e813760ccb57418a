"""Our screens in partners' pages: one screen, one time, one hat; over when anything behind it is over."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from channels.conftest import SECOND_KEYS
from complaints.make import KEYS
from filing.make import (
    CLERK,
    NEIGHBOUR,
    OWNER,
    SHOP,
    STRANGER,
    VIEWER,
    Caller,
    begin,
    make_invoice,
    put_invoices,
    submit,
)
from partners.make import ISSUER, Application, members_of, particulars, registered, visit
from payment.make import FakeChannel
from plumbing.make import make_act

import house as repository
from palmtax import certificates, partners
from palmtax.entry.pages import POLICY
from palmtax.entry.web import create_app
from palmtax.partners import tasks
from palmtax.partners.model.screens import screens
from palmtax.plumbing.edge import Authority

ORIGIN = "https://app.bank.example"
LOOK = "/certificates"
NUMBER = "019ab000-0000-7000-8000-0000000000aa"


@pytest.fixture(autouse=True)
def house(house):
    """The house takes tokens of visits."""
    house.resolve_actor = partners.resolve_caller
    return house


async def _live(client, desk, **other) -> Application:
    one = await registered(client, scopes=["embed", "embed.pay", "returns.due"], **other)
    assert (await one.developer("POST", "/review")).status_code == 200
    for officer in (KEYS, SECOND_KEYS):
        await (await desk(officer)).ok("POST", f"/partners/desk/applications/{one.application_id}/approval")
    return one


@pytest.fixture
async def bank(town, client, desk) -> Application:
    """A live application whose pages may frame ours."""
    return await _live(client, desk, name="云汀银行", name_en="Yunting Bank", frame_origins=[ORIGIN])


@pytest.fixture
async def other(town, client, desk) -> Application:
    """Another one."""
    return await _live(client, desk, name="别家软件", frame_origins=["https://other.example"])


async def _token(one: Application, who: Caller, scope: str = "embed") -> str:
    back = members_of(await (await visit(one, scope=scope)).agree(who))
    tokens = (await one.by_code(back["code"])).json()
    return tokens["access_token"]


async def _ask(one: Application, token: str, path: str = "", **body) -> httpx.Response:
    given = body or {"screen": "certificates"}
    return await one.client.post(f"/open/v1/embeds{path}", json=given, headers={"authorization": f"Bearer {token}"})


def _ticket(answer: httpx.Response) -> tuple[str, str]:
    assert answer.status_code == 201, answer.text
    parts = urlsplit(answer.json()["url"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/embed"
    return dict(parse_qsl(parts.query))["app"], parts.fragment


async def _open(one: Application, answer: httpx.Response, **other: str) -> httpx.Response:
    app, ticket = _ticket(answer)
    given = {"client_id": app, "ticket": ticket} | other
    return await one.client.post("/api/partners/embeds/opening", json=given)


async def _visiting(one: Application, who: Caller, **body) -> Caller:
    opened = await _open(one, await _ask(one, await _token(one, who), **body))
    assert opened.status_code == 200, opened.text
    return Caller(one.client, opened.json()["access_token"], "h5")


async def test_a_screen_opens_signed_in_as_who_agreed_and_is_written_down(bank, wearing, rows):
    owner = await wearing()
    answer = await _ask(bank, await _token(bank, owner))
    opened = (await _open(bank, answer)).json()
    assert (opened["name"], opened["screen"], opened["place"], opened["origins"]) == (
        "云汀银行", "certificates", "/certificates/list/index", [ORIGIN],
    )  # fmt: skip
    hat = opened["hat"]
    assert (hat["title"], hat["taxpayer_id"], hat["role_code"]) == ("小满面馆5001", SHOP, "legal_rep")
    visitor = Caller(bank.client, opened["access_token"], "h5")
    assert await visitor.ok("GET", LOOK) == []
    kept = await rows(
        "select act, taxpayer_id, person_id, channel, summary->>'through' as through, session_id::text as session"
        " from evidence_entry where act like 'partners.embed%' order by entry_id"
    )
    assert [(one["act"], one["taxpayer_id"], one["person_id"], one["channel"], one["through"]) for one in kept] == [
        ("partners.embed_asked", SHOP, OWNER, "api", "云汀银行"),
        ("partners.embed_opened", SHOP, OWNER, "api", "云汀银行"),
    ]
    assert kept[1]["session"] == answer.json()["visit_id"]
    (consent,) = await owner.ok("GET", "/partners/consents")
    told = await owner.ok("GET", f"/partners/consents/{consent['consent_id']}/readings")
    assert [one["what_name"] for one in told] == ["在它的页面里打开了掌税", "请求打开掌税页面", "同意授权"]


async def test_what_is_done_in_a_screen_names_the_application(bank, wearing, rows):
    visitor = await _visiting(bank, await wearing(), screen="progress", subject=NUMBER)
    await visitor.ok("DELETE", "/partners/embeds/own")
    (left,) = await rows("select summary, person_id from evidence_entry where act = 'partners.embed_left'")
    assert (left["summary"]["through"], left["person_id"]) == ("云汀银行", OWNER)
    await visitor.refused(401, "plumbing.sign_in_needed", "DELETE", "/partners/embeds/own")


async def test_a_screen_calls_its_own_routes_and_no_others(bank, wearing, rows):
    visitor = await _visiting(bank, await wearing())
    before = await rows("select count(*) as n from evidence_entry")
    mine = screens()["certificates"].routes | {"DELETE /api/partners/embeds/own"}
    tried, let_in = 0, []
    for route in repository.routes():
        (authority,) = repository.authorities(route)
        method = min(route.methods - {"HEAD", "OPTIONS"})
        if f"{method} {route.path}" in mine or not route.path.startswith("/api/"):
            continue
        answer = await visitor(method, route.path.removeprefix("/api").replace("{", "").replace("}", ""), {})
        code = answer.json().get("code") if answer.status_code >= 400 else ""
        is_refused = code == "plumbing.outside_screen" or (
            type(authority) is not Authority and answer.status_code == 401
        )
        tried, let_in = tried + 1, [*let_in, *([] if is_refused else [(method, route.path, answer.status_code, code)])]
    assert tried > 200
    assert let_in == []
    assert await rows("select count(*) as n from evidence_entry") == before


async def test_a_screen_of_one_thing_shows_no_other(bank, wearing):
    visitor = await _visiting(bank, await wearing(), screen="progress", subject=NUMBER)
    await visitor.refused(404, "matters.application_unknown", "GET", f"/matters/applications/{NUMBER}")
    elsewhere = NUMBER.replace("aa", "bb")
    await visitor.refused(403, "plumbing.outside_screen", "GET", f"/matters/applications/{elsewhere}")
    await visitor.refused(403, "plumbing.outside_screen", "GET", f"/matters/applications/{NUMBER.upper()}")


async def test_every_route_of_a_screen_is_one_of_the_houses_and_no_officers():
    known = {f"{method} {one.path}": one for one in repository.routes() for method in one.methods - {"HEAD", "OPTIONS"}}
    wanted = {route for screen in screens().values() for route in screen.routes}
    assert wanted - known.keys() == set()
    who = {authority.who for route in wanted for authority in repository.authorities(known[route])}
    assert who <= {"hat", "anyone"}
    assert [route for route in wanted for one in repository.authorities(known[route]) if one.second_factor] == []


def test_every_screen_is_one_of_the_apps():
    pages = (repository.ROOT / "web" / "apps" / "mobile" / "src" / "routes.ts").read_text(encoding="utf-8")
    named = {place for one in screens().values() for place in (*one.places, one.done) if place}
    assert [place for place in sorted(named) if f"'{place}'" not in pages] == []


async def test_an_address_works_once_even_for_two_at_once(bank, wearing, rows):
    answer = await _ask(bank, await _token(bank, await wearing()))
    opened = await asyncio.gather(*(_open(bank, answer) for _ in range(4)))
    assert sorted(one.status_code for one in opened) == [200, 409, 409, 409]
    again = await _open(bank, answer)
    assert (again.status_code, again.json()["code"]) == (409, "partners.ticket_not_taken")
    assert (await rows("select count(*) as n from partners_visit"))[0]["n"] == 1


async def test_an_address_is_over_after_a_minute_and_a_visit_after_a_quarter_of_an_hour(bank, wearing, clock):
    token = await _token(bank, await wearing())
    late = await _ask(bank, token)
    clock.move(seconds=61)
    assert (await _open(bank, late)).status_code == 409
    opened = await _open(bank, await _ask(bank, token))
    visitor = Caller(bank.client, opened.json()["access_token"], "h5")
    clock.move(seconds=14 * 60)
    await visitor.ok("GET", LOOK)
    clock.move(seconds=61)
    await visitor.refused(401, "plumbing.sign_in_needed", "GET", LOOK)


async def test_a_stolen_address_is_of_no_use_under_another_application(bank, other, wearing):
    answer = await _ask(bank, await _token(bank, await wearing()))
    assert (await _open(bank, answer, client_id=other.client_id)).status_code == 409
    assert (await _open(bank, answer)).status_code == 200  # and the mistake has not spent it


@pytest.mark.parametrize("way", ["taken_back", "suspended", "revoked", "reused", "hat"])
async def test_what_ends_behind_a_visit_ends_it_at_once(bank, wearing, desk, database, way):
    owner = await wearing(CLERK)
    back = members_of(await (await visit(bank, scope="embed")).agree(owner))
    tokens = (await bank.by_code(back["code"])).json()
    waiting = await _ask(bank, tokens["access_token"])
    opened = (await _open(bank, await _ask(bank, tokens["access_token"]))).json()
    visitor = Caller(bank.client, opened["access_token"], "h5")
    await visitor.ok("GET", LOOK)
    if way == "taken_back":
        (one,) = await owner.ok("GET", "/partners/consents")
        await owner.ok("DELETE", f"/partners/consents/{one['consent_id']}")
    elif way == "suspended":
        path = f"/partners/desk/applications/{bank.application_id}/suspension"
        await (await desk(KEYS)).ok("POST", path, {"reason": "疑似泄露资料"})
    elif way == "revoked":
        await bank.post("revoke", {"token": tokens["refresh_token"]})
    elif way == "reused":
        await bank.by_code(back["code"])
    else:
        async with database.transaction() as tx:
            await tx.execute("update identity_hat set revoked_at = now() where person_id = $1", CLERK)
    await visitor.refused(401, "plumbing.sign_in_needed", "GET", LOOK)
    assert (await _open(bank, waiting)).status_code == 409


async def test_only_a_person_who_agreed_gets_a_screen(bank, wearing, rows):
    owner = await wearing()
    due = await _token(bank, owner, "returns.due")
    refused = await _ask(bank, due)
    assert (refused.status_code, refused.json()["code"]) == (403, "partners.scope_needed")
    embed = await _token(bank, owner)
    assert (await _ask(bank, embed, "/payment", return_id=NUMBER)).status_code == 403
    for body in (
        {"screen": "pay", "subject": NUMBER}, {"screen": "home"}, {"screen": "progress"},
        {"screen": "certificates", "subject": NUMBER}, {"screen": "../me"}, {"screen": "progress", "subject": "../x"},
    ):  # fmt: skip
        assert (await _ask(bank, embed, **body)).status_code == 422
    assert await rows("select 1 from partners_embed_ticket") == []


async def test_a_hat_without_the_right_gets_no_screen(bank, wearing):
    clerk = await wearing(VIEWER)  # makes invoices, sees no certificates
    refused = await _ask(bank, await _token(bank, clerk))
    assert (refused.status_code, refused.json()["code"]) == (409, "partners.hat_unfit")


async def test_a_strangers_screen_shows_the_strangers_things(bank, wearing):
    visitor = await _visiting(bank, await wearing(STRANGER, NEIGHBOUR))
    assert await visitor.ok("GET", LOOK) == []
    await visitor.refused(403, "plumbing.outside_screen", "GET", "/identity/me")


async def test_an_ordinary_session_leaves_no_visit(bank, wearing):
    await (await wearing()).refused(404, "partners.visit_unknown", "DELETE", "/partners/embeds/own")


@pytest.mark.parametrize("token", ["ptv_", "ptv_x", "ptv_" + "a" * 43, "ptv_" + "%" * 40])
async def test_no_guessed_token_is_a_visit(bank, wearing, token):
    await Caller(bank.client, token, "h5").refused(401, "plumbing.sign_in_needed", "GET", LOOK)


async def test_a_token_of_a_partner_is_no_visit_and_a_visit_no_token_of_a_partner(bank, wearing):
    token = await _token(bank, await wearing())
    await Caller(bank.client, token, "h5").refused(401, "plumbing.sign_in_needed", "GET", LOOK)
    opened = (await _open(bank, await _ask(bank, token))).json()
    assert (await _ask(bank, opened["access_token"])).status_code == 401


@pytest.mark.parametrize(
    "origin",
    [
        "null", "*", "https://*.bank.example", "https://bank.example.", "https://bank.example/", "https://Bank.example",
        "http://bank.example", "https://bank.example:443", "https://bank.example:0", "https://bank.example:99999",
        "https://a@bank.example", "https://bank.example evil.example", "https://bank.example;script-src *",
        "https://bank.example\r\nx: y", "https://127.0.0.1", "https://[::1]", "https://bank", "https://bаnk.example",
        "data:text/html", "file://x", "https://-bank.example", "http://localhost:9000", "https://bank.example:",
    ],
)  # fmt: skip
async def test_an_origin_that_is_none_is_not_registered(client, town, rows, origin):
    answer = await client.post("/oauth/register", json=particulars(frame_origins=[origin]))
    assert answer.status_code == 422
    assert answer.json()["code"] in ("partners.origin_wrong", "plumbing.malformed")
    assert await rows("select 1 from partners_application") == []


async def test_a_loopback_origin_is_gone_before_review(client, town):
    one = await registered(client, frame_origins=["http://127.0.0.1:9000"])
    refused = await one.developer("POST", "/review")
    assert (refused.status_code, refused.json()["code"]) == (422, "partners.origin_wrong")


async def test_origins_do_not_change_under_the_officers_eyes(bank):
    changed = await bank.developer(
        "PUT", "", particulars(frame_origins=["https://evil.example"]) | {"scopes": ["embed"]}
    )
    assert (changed.status_code, changed.json()["code"]) in [
        (409, "partners.state_refused"),
        (422, "plumbing.malformed"),
    ]
    assert (await bank.developer("GET")).json()["frame_origins"] == [ORIGIN]


@pytest.fixture
async def browser(house, tmp_path):
    """The application with a front end."""
    (tmp_path / "dist" / "h5").mkdir(parents=True)
    (tmp_path / "dist" / "h5" / "index.html").write_text("<!doctype html><title>掌税</title>", encoding="utf-8")
    (tmp_path / "dist" / "workbench").mkdir()
    (tmp_path / "dist" / "workbench" / "index.html").write_text("<!doctype html>", encoding="utf-8")
    transport = httpx.ASGITransport(app=create_app(house, tmp_path / "dist"), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as made:
        yield made


def _framing(answer: httpx.Response) -> str:
    parts = dict(one.strip().split(" ", 1) for one in answer.headers["content-security-policy"].split(";"))
    return parts["frame-ancestors"]


async def test_only_registered_origins_may_frame_the_page_and_nothing_else_may_be_framed(bank, browser, desk):
    page = await browser.get("/embed", params={"app": bank.client_id, "visit": NUMBER})
    assert _framing(page) == ORIGIN
    assert page.headers["content-security-policy"] == POLICY.replace(
        "frame-ancestors 'none'", f"frame-ancestors {ORIGIN}"
    )
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    for path in ("/", "/index.html", "/workbench/", "/embed", "/embed?app=pa_nobody", "/embed/x?app=" + bank.client_id):
        assert _framing(await browser.get(path)) == "'none'"
    assert "frame-ancestors 'none'" in (await browser.get("/developers")).headers["content-security-policy"]
    path = f"/partners/desk/applications/{bank.application_id}/suspension"
    await (await desk(KEYS)).ok("POST", path, {"reason": "疑似泄露资料"})
    assert _framing(await browser.get("/embed", params={"app": bank.client_id})) == "'none'"


def test_our_page_never_speaks_to_everybody():
    sources = repository.ROOT / "web" / "apps" / "mobile" / "src"
    told = [
        line.strip()
        for path in sources.rglob("*.[tv]*")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "postMessage(" in line
    ]
    assert told
    assert [line for line in told if '"*"' in line or "'*'" in line] == []


async def test_a_scope_that_acts_wants_a_second_proof_before_it_is_agreed_to(bank, wearing, rows, database, clock):
    owner = await wearing()
    place = await visit(bank, scope="embed.pay")
    page = await place.page(owner)
    assert [(one["code"], one["is_act"]) for one in page["scopes"]] == [("embed.pay", True)]
    body = {"ticket": page["ticket"], "scopes": ["embed.pay"], "days": 30}
    path = f"/partners/asks/{place.request_id}/approval"
    await owner.refused(403, "plumbing.second_factor_needed", "POST", path, body, headers=place.headers)
    assert await rows("select 1 from partners_consent") == []
    async with database.transaction() as tx:
        await tx.execute(
            "update identity_session set second_factor_until = $1 where person_id = $2",
            clock.now().replace(year=2027),
            OWNER,
        )
    done = await owner.ok("POST", path, body, headers=place.headers)  # the same request, with the same page
    tokens = (await bank.by_code(members_of(done["redirect_to"])["code"])).json()
    opened = await _open(bank, await _ask(bank, tokens["access_token"], "/payment", return_id=NUMBER))
    assert opened.json()["place"] == f"/payment/pay/index?return_id={NUMBER}"
    visitor = Caller(bank.client, opened.json()["access_token"], "h5")
    assert (await visitor("POST", "/payment/orders", {"return_id": NUMBER})).status_code == 404
    await visitor.refused(403, "plumbing.outside_screen", "GET", LOOK)


async def test_old_tickets_and_visits_are_forgotten(bank, wearing, rows, clock, task_context):
    await _visiting(bank, await wearing())
    clock.move(seconds=40 * 86_400)
    await tasks.forget(task_context, {})
    assert await rows("select 1 from partners_visit union all select 1 from partners_embed_ticket") == []


HELD_BY_THE_ROUTE = {
    "POST /api/payment/orders", "GET /api/payment/orders/{order_id}", "POST /api/payment/orders/{order_id}/query",
    "POST /api/payment/orders/{order_id}/wechat", "GET /api/certificates/documents/{document_id}/pdf",
}  # fmt: skip
"""Their path does not name the screen's one thing; what they are given, or what they find, does (`Edge.hold`)."""
SHOWS_MORE = {
    "GET /api/filing/home": "what comes next, on the receipt",
    "GET /api/matters/changes": "when to look again",
}
"""Looking only, at what the hat that agreed sees anyway."""


def test_a_screen_of_one_thing_calls_no_route_that_is_not_held_to_it():
    loose = {
        route
        for screen in screens().values()
        if screen.holds
        for route in screen.routes
        if "{" + screen.holds + "}" not in route
    }
    assert loose == HELD_BY_THE_ROUTE | SHOWS_MORE.keys()


async def _owed(who: Caller, database, clock, number: int, period: str, on: date) -> str:
    await put_invoices(database, clock, SHOP, make_invoice(number, 40_000_000, on=on))
    filed = await submit(who, await begin(who, period))
    assert filed.status_code == 201, filed.text
    return filed.json()["return_id"]


async def _paying(bank, who: Caller, database, clock, return_id: str) -> Caller:
    async with database.transaction() as tx:
        await tx.execute(
            "update identity_session set second_factor_until = $1 where person_id = $2",
            clock.now() + timedelta(minutes=5), OWNER,
        )  # fmt: skip
    token = await _token(bank, who, "embed.pay")
    opened = await _open(bank, await _ask(bank, token, "/payment", return_id=return_id))
    assert opened.status_code == 200, opened.text
    return Caller(bank.client, opened.json()["access_token"], "h5")


@pytest.fixture
async def two_owed(wearing, database, clock, outside) -> tuple[Caller, str, str, FakeChannel]:
    """The shop's owner with two returns to pay, and WeChat Pay."""
    outside["pay"] = FakeChannel(clock)
    owner = await wearing()
    first = await _owed(owner, database, clock, 1, "2026Q2", date(2026, 5, 12))
    second = await _owed(owner, database, clock, 2, "2026Q3", date(2026, 8, 12))
    return owner, first, second, outside["pay"]


async def test_a_payment_page_reaches_no_other_return_by_body_or_by_order(bank, two_owed, rows, database, clock):
    owner, another, mine, cashier = two_owed
    theirs = await owner.ok("POST", "/payment/orders", {"return_id": another})
    visitor = await _paying(bank, owner, database, clock, mine)
    state = "select * from payment_order order by order_id"
    before, path = await rows(state), f"/payment/orders/{theirs['order_id']}"
    for method, place, body in (
        ("POST", "/payment/orders", {"return_id": another}), ("GET", path, None), ("POST", f"{path}/query", None),
        ("POST", f"{path}/wechat", {"trade": "h5", "login_code": None}), ("GET", f"/filing/returns/{another}", None),
    ):  # fmt: skip
        refusal = await visitor.refused(403, "plumbing.outside_screen", method, place, body)
        assert "云汀银行" in refusal["text"]
    unknown = "/payment/orders/019ab000-0000-7000-8000-0000000000cc"
    await visitor.refused(
        404, "payment.order_unknown", "POST", f"{unknown}/wechat", {"trade": "h5", "login_code": None}
    )
    assert (await rows(state), cashier.calls) == (before, [])
    await owner.ok("GET", path)  # the app itself is held to nothing


async def test_a_payment_page_pays_its_return(bank, two_owed, rows, database, clock):
    owner, _, mine, cashier = two_owed
    visitor = await _paying(bank, owner, database, clock, mine)
    order = await visitor.ok("POST", "/payment/orders", {"return_id": mine})
    path = f"/payment/orders/{order['order_id']}"
    assert order["return_id"] == mine
    given = await visitor.ok("POST", f"{path}/wechat", {"trade": "h5", "login_code": None})
    assert given["h5_url"].startswith("https://wx.example/pay")
    assert (await visitor.ok("POST", f"{path}/query"))["state"] == "paying"
    assert (await visitor.ok("GET", path))["state"] == "paying"
    assert (await rows("select return_id::text as one from payment_order")) == [{"one": mine}]
    assert cashier.calls.count("create_h5") == 1
    (told,) = await rows(
        "select summary->>'through' as through from evidence_entry where act = 'payment.order_created'"
    )
    assert told["through"] == "云汀银行"


async def test_an_order_of_the_return_that_this_one_amends_is_its_own(bank, two_owed, database, clock):
    owner, _, mine, _ = two_owed
    order = await owner.ok("POST", "/payment/orders", {"return_id": mine})
    draft = await owner.ok("POST", f"/filing/returns/{mine}/amendment")
    correction = {"field": "ordinary_sales", "value_fen": 50_000_000, "reason": "漏报一笔"}
    body = {"version": draft["version"], "corrections": [correction]}
    newer = (await submit(owner, await owner.ok("PATCH", f"/filing/drafts/{draft['draft_id']}", body))).json()
    visitor = await _paying(bank, owner, database, clock, newer["return_id"])
    assert (await visitor.ok("GET", f"/payment/orders/{order['order_id']}"))["return_id"] == mine


async def test_a_progress_page_opens_no_document_of_another_application(bank, wearing, database, clock):
    async with database.transaction() as tx:
        mine, another = [
            await certificates.issue_document(
                tx, act=make_act(clock, SHOP), title="税务事项通知书", title_en="Notice", kind="notice", lines=()
            )
            for _ in range(2)
        ]
    visitor = await _visiting(bank, await wearing(), screen="progress", subject=str(mine.application_id))
    assert (await visitor("GET", f"/certificates/documents/{mine.document_id}/pdf")).content.startswith(b"%PDF")
    path = f"/certificates/documents/{another.document_id}/pdf"
    await visitor.refused(403, "plumbing.outside_screen", "GET", path)


async def test_a_partner_learns_which_return_can_be_paid(bank, two_owed):
    owner, *numbers, _ = two_owed
    token = await _token(bank, owner, "returns.due")
    due = (await bank.read(token, "/returns/due")).json()["returns"]
    assert {one["return_id"] for one in due if one["state"] == "unpaid"} == set(numbers)
