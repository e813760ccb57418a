# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""The official account and the mini program against their sandbox over HTTP: menu, codes, talking, pages, sign-in."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from channels.make import channels
from channels.test_sandboxes import ports, sandboxes, server, until  # noqa: F401 fixtures
from filing.make import OWNER

from palmtax import identity
from palmtax.base.clock import SystemClock
from palmtax.channels.adapters import wechat_menus
from palmtax.channels.adapters.accounts import accounts_of
from palmtax.channels.model.answers import Here, Line, Voice, scanned
from palmtax.channels.model.menus import menu_of
from palmtax.channels.store import talks
from palmtax.matters import warm_up
from palmtax.plumbing.worker import drain

ALL = channels()
OA, MINI = ALL["wechat_oa"], ALL["wechat_mini"]
WHERE = "/appointments/offices/index"
TITLES = {"title": "预约办税", "title_en": "Book a visit"}


@pytest.fixture(scope="module", autouse=True)
def _warm():
    warm_up()


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
def wechat(sandboxes):
    """Acts of somebody's phone."""

    def act(name, **told):
        return sandboxes.post(f"/wechat/sandbox/{name}", json=told)

    return act


@pytest.fixture
def chat(sandboxes):
    """What the phone shows of the account, newest last."""

    def look(person, account="wechat_oa"):
        return sandboxes.get("/wechat/sandbox/phone", params={"person": person, "account": account}).json()

    return look


async def heard(chat, person, count=1):
    """What the account said so far, once it has said so much."""

    async def enough():
        said = [one["content"].get("content", one["kind"]) for one in chat(person)["account"] if one["is_ours"]]
        return said if len(said) >= count else None

    return await until(enough)


async def test_a_follower_asks_and_reads_the_answer(server, wechat, chat):
    wechat("follow", person="问事人")
    assert "欢迎关注" in (await heard(chat, "问事人"))[0]
    wechat("write", person="问事人", text="发票不够用")
    said = (await heard(chat, "问事人", 2))[1]
    assert "code%3DFPBL-002" in said
    assert "暂时无法" not in said


async def test_plain_mode_is_answered_plainly_where_the_manifest_lets_it(server, wechat, chat, sandboxes, rows):
    wechat("follow", person="明文人")
    await heard(chat, "明文人")
    sandboxes.post("/wechat/sandbox/mode", json={"app": "wechat_oa", "is_sealed": False})
    try:
        wechat("write", person="明文人", text="进度")
        assert "暂时无法" in (await heard(chat, "明文人", 2))[1]
    finally:
        sandboxes.post("/wechat/sandbox/mode", json={"app": "wechat_oa", "is_sealed": True})
    assert len(await rows("select 1 from channels_talk")) == 1


async def test_a_menu_is_published_once_and_its_keys_are_answered(server, ports, wechat, chat, task_context, rows):
    await drain(task_context)
    wanted = menu_of(OA.manifest.menu, link=ports.link, via="wechat_oa", mini_app_id=ports.account(MINI))
    await wechat_menus.publish_menus(ports, OA, {"button": []})
    assert [await wechat_menus.publish_menus(ports, OA, wanted) for _ in range(2)] == [True, False]
    wechat("follow", person="点菜单")
    shown = chat("点菜单")["menu"]["button"]
    assert [one["name"] for one in shown] == ["办事", "我的进度", "我的"]
    wechat("tap-menu", person="点菜单", key="进度")
    assert "还不知道您是谁" in (await heard(chat, "点菜单", 2))[1]
    assert await wechat_menus.publish_menus(ports, OA, {"button": []}) is True
    assert chat("点菜单")["menu"] == {}


async def test_a_version_that_comes_into_force_publishes_its_menu(ports, task_context, rows, sandboxes):
    from palmtax.channels.tasks import read_manifests

    await read_manifests(task_context, {})
    await drain(task_context)
    noted = await rows("select channel, code from channels_menu order by channel")
    assert [(one["channel"], one["code"]) for one in noted] == [("wechat_oa", ""), ("wechat_oa_linan", "")]


@pytest.fixture
def officer(desk, ports):
    """An administrator at the desk, with the sandboxes behind."""
    from channels.conftest import SECOND_KEYS

    return lambda: desk(SECOND_KEYS)


@pytest.fixture
def channels_process():
    """The process comes from `ports` here."""


async def made(officer, kind, channel="wechat_oa", **told):
    who = await officer()
    return who, await who("POST", f"/channels/{channel}/scenes", {"kind": kind, "place": WHERE, **TITLES, **told})


async def test_a_code_is_scanned_followed_counted_and_ended(server, officer, wechat, chat, rows):
    who, answer = await made(officer, "follow", days=7)
    scene = answer.json()
    assert answer.status_code == 201, answer.text
    wechat("scan", person="扫码人", url=scene["address"])
    assert 'to=%2Fappointments%2Foffices%2Findex&via=wechat_oa">预约办税</a>' in (await heard(chat, "扫码人"))[0]
    wechat("scan", person="扫码人", url=scene["address"])
    await heard(chat, "扫码人", 2)
    (listed,) = (await who("GET", "/channels/wechat_oa/scenes")).json()["scenes"]
    assert (listed["uses"], listed["follows"], listed["is_over"]) == (2, 1, False)
    assert (await who("DELETE", f"/channels/wechat_oa/scenes/{scene['scene']}")).status_code == 204
    assert (await who("DELETE", f"/channels/wechat_oa/scenes/{scene['scene']}")).status_code == 404
    await asyncio.sleep(1.1)  # the platform tells scans apart by their second
    wechat("scan", person="扫码人", url=scene["address"])
    assert "已经失效" in (await heard(chat, "扫码人", 3))[-1]
    (row,) = await rows("select uses from channels_scene")
    assert row["uses"] == 2


async def test_a_code_of_a_hall_says_how_the_hall_goes_and_counts_for_it(server, officer, wechat, chat, client, rows):
    halls = (await client.get("/api/appointments/halls")).json()
    hall = halls[0]["office_code"]
    who, answer = await made(officer, "follow", days=7, office_code=hall)
    assert (answer.json()["office_code"], answer.json()["office_name"]) == (hall, halls[0]["name"])
    await made(officer, "follow", days=7)
    wechat("scan", person="厅里的人", url=answer.json()["address"])
    said = (await heard(chat, "厅里的人"))[0]
    assert said.startswith(f"这里是{halls[0]['name']}。")
    assert 'via=wechat_oa">预约办税</a>' in said
    assert f"to=%2Fappointments%2Fbook%2Findex%3Foffice%3D{hall}%26" in said
    booked = "/appointments/book/index?office=" + hall
    _, other = await made(officer, "follow", days=7, office_code=hall, place=booked)
    wechat("scan", person="厅里的人", url=other.json()["address"])
    assert (await heard(chat, "厅里的人", 2))[1].count("<a ") == 1
    page = (await who("GET", f"/channels/wechat_oa/scenes?office={hall}")).json()
    assert {one["office_code"] for one in page["scenes"]} == {hall}
    assert [(one["office_code"], one["office_name"], one["codes"], one["uses"], one["follows"]) for one in page["by_office"]] == [
        (hall, halls[0]["name"], 2, 2, 1), (None, "", 1, 0, 0),
    ]  # fmt: skip
    assert len(await rows("select 1 from channels_scene where office_code is not null")) == 2


async def test_a_code_hangs_in_a_hall_there_is(officer, rows):
    for code, told in (("99999999999", "appointments.hall_unknown"), ("1", "plumbing.malformed")):
        _, answer = await made(officer, "follow", days=3, office_code=code)
        assert answer.json()["code"] == told
    assert await rows("select 1 from channels_scene") == []


def test_a_hall_says_who_waits_in_both_languages():
    here, line = (
        Here("市局（办税厅）", "City hall", 3, "/appointments/book/index?office=1"),
        Line("甲", "A", "", "", "/a/b"),
    )
    zh, en = (scanned(Voice(one, "https://h.example", "oa"), line, here) for one in ("zh", "en"))
    assert zh.startswith("这里是市局（办税厅），现在有 3 人在排队。\n点这里继续：")
    assert en.startswith("This is City hall; 3 waiting now.\nGo on here: ")
    assert en.count("<a ") == zh.count("<a ") == 2


async def test_lasting_codes_and_links_of_the_mini_program_lead_to_their_place(officer, sandboxes, client):
    _, lasting = await made(officer, "follow")
    assert lasting.json()["expires_at"] is None
    for kind in ("link", "scheme"):
        _, answer = await made(officer, kind, "wechat_mini", days=30)
        opened = sandboxes.post("/wechat/sandbox/open", json={"link": answer.json()["address"]}).json()
        assert (opened["path"], opened["query"]) == ("pages/enter/index", f"scene={answer.json()['scene']}")
    who, answer = await made(officer, "picture", "wechat_mini")
    scene = answer.json()["scene"]
    picture = await who("GET", f"/channels/wechat_mini/scenes/{scene}/picture")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert f"pages/enter/index {scene}".encode() in picture.content
    assert (await client.get(f"/api/channels/scene/{scene}")).json() == {"place": WHERE}
    assert (await client.get(f"/api/channels/scene/{'0' * 20}")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "channel", "told", "code"),
    [
        ("link", "wechat_oa", {"days": 3}, "channels.scene_not_here"),
        ("follow", "wechat_mini", {"days": 3}, "channels.scene_not_here"),
        ("link", "wechat_mini", {}, "channels.scene_too_long"),
        ("scheme", "wechat_mini", {"days": 31}, "channels.scene_too_long"),
        ("follow", "wechat_oa", {"days": 31}, "channels.scene_too_long"),
        ("follow", "wechat_oa", {"days": 3, "place": "https://evil.example/"}, "plumbing.malformed"),
        ("follow", "wechat_oa", {"days": 0}, "plumbing.malformed"),
    ],
)
async def test_codes_that_cannot_be_are_refused_and_nothing_is_kept(kind, channel, told, code, officer, rows):
    _, answer = await made(officer, kind, channel, **told)
    assert answer.json()["code"] == code
    assert await rows("select 1 from channels_scene") == []


async def test_a_code_that_wechat_does_not_make_is_told_in_words(officer, sandboxes, rows):
    sandboxes.post("/sandbox/faults", json={"server": "wechat", "kind": "errcode", "code": "45009", "count": 9})
    _, answer = await made(officer, "follow", days=1)
    sandboxes.delete("/sandbox/faults")
    assert (answer.status_code, answer.json()["fields"]["say_en"]) == (503, "today's quota is used up")
    assert await rows("select 1 from channels_scene") == []


async def test_only_pages_of_our_own_are_signed_and_wechat_takes_the_signature(ports, client, sandboxes):
    url = f"{ports.link}/?a=1#/pages/home/index"
    answer = await client.get("/api/channels/wechat_oa/page-signature", params={"url": url})
    told = answer.json()
    asked = {"appId": told["app_id"], "timestamp": told["timestamp"], "nonceStr": told["nonce"],
             "signature": told["signature"], "url": url}  # fmt: skip
    assert sandboxes.post("/wechat/sandbox/js-sdk", json=asked).json() == {"errMsg": "config:ok"}
    for other in (
        "https://evil.example/", f"{ports.link}@evil.example/", f"{ports.link}.evil.example/", "//evil.example/", "",
        f"http://evil.example/{ports.link}", ports.link.replace("127.0.0.1", "u:p@127.0.0.1"), "http://[", "\\\\evil",
    ):  # fmt: skip
        refused = await client.get("/api/channels/wechat_oa/page-signature", params={"url": other})
        assert refused.json()["code"] == "channels.page_not_ours", other


async def test_the_ticket_is_asked_for_once(ports, client, sandboxes, rows):
    for _ in range(5):
        await client.get("/api/channels/wechat_oa/page-signature", params={"url": f"{ports.link}/"})
    kept = await rows("select name from plumbing_token where name like 'jsapi_ticket:%' and secret_sealed is not null")
    assert len(kept) == 1


async def test_signing_in_inside_wechat_over_the_documented_addresses(
    server,
    ports,
    house,
    outside,
    client,
    sandboxes,
    wechat,
    bound,
    clock,
):
    outside["wechat_accounts"] = accounts_of(house, clock)
    me = wechat("wx-login", person="网页人").json()
    wechat("follow", person="网页人")
    await bound("wechat_mini", ports.account(MINI), me["openid"], proof="wechat_login")
    async with house.database.transaction() as tx:
        union = next(
            one["unionid"]
            for one in sandboxes.get("/wechat/sandbox/users").json()["users"]
            if one["person"] == "网页人"
        )
        await identity.bind(
            tx, clock=clock, person_id=OWNER, family="wechat_mini", app_id=ports.account(MINI), value=me["openid"],
            unionid=union, proof="wechat_login",
        )  # fmt: skip
    told = {"account": "wechat_oa", "place": WHERE, "whose": "self"}
    address = (await client.post("/api/identity/oauth", json=told)).json()["address"]
    async with httpx.AsyncClient(cookies={"sandbox_wechat": "网页人".encode().hex()}, trust_env=False) as browser:
        sent = await browser.get(address.partition("#")[0] + "&sandbox_person=网页人")
    back = httpx.URL(sent.headers["location"])
    assert str(back).startswith("http://127.0.0.1:8000/?")
    body = {"state": back.params["state"], "code": back.params["code"], "device": {"name": "微信", "channel": "h5"}}
    signed = await client.post("/api/identity/sessions/oauth", json=body)
    assert signed.json()["session"]["me"]["person"]["person_id"] == OWNER, signed.text
    again = await client.post("/api/identity/sessions/oauth", json=body)
    assert again.json()["code"] == "identity.oauth_stale"


async def test_whoever_follows_and_is_known_by_unionid_can_be_written_to(
    server,
    ports,
    wechat,
    database,
    clock,
    sandboxes,
    task_context,
):
    me = wechat("wx-login", person="老熟人").json()
    union = next(
        one["unionid"] for one in sandboxes.get("/wechat/sandbox/users").json()["users"] if one["person"] == "老熟人"
    )
    async with database.transaction() as tx:
        await identity.bind(
            tx, clock=clock, person_id=OWNER, family="wechat_mini", app_id=ports.account(MINI), value=me["openid"],
            unionid=union, proof="wechat_login",
        )  # fmt: skip
    wechat("follow", person="老熟人")

    async def known():
        await drain(task_context)
        async with database.statement() as tx:
            return await identity.addresses(tx, [OWNER], ["wechat_oa"])

    (address,) = await until(known)
    assert (address.app_id, address.is_reachable) == (ports.account(OA), True)
    wechat("unfollow", person="老熟人")

    async def left():
        await drain(task_context)
        async with database.statement() as tx:
            return not (await identity.addresses(tx, [OWNER], ["wechat_oa"]))[0].is_reachable

    assert await until(left)


async def test_talks_of_an_address_are_found_newest_first(server, wechat, chat, database):
    wechat("follow", person="话多的人")
    for count, text in enumerate(("缴税", "注销"), start=2):
        wechat("write", person="话多的人", text=text)
        await heard(chat, "话多的人", count)
    openid = chat("话多的人")["user"]["account_openid"]
    async with database.statement() as tx:
        found = await talks.of_address(tx, "wechat_oa", openid)
    assert [one.said for one in found] == ["注销", "缴税", "subscribe"]
