# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""Menus for followers of one kind, against the sandbox over HTTP: all published or none, and everybody shown their own."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from channels.make import channels
from channels.test_accounts import chat, clock, heard, wechat  # noqa: F401 fixtures
from channels.test_menus import TEXTS, faults
from channels.test_sandboxes import ports, sandboxes, server, until  # noqa: F401 fixtures
from filing.make import OWNER

from palmtax import messaging
from palmtax.base.actor import NATURAL_BASE
from palmtax.channels.actions.sorting import says_english
from palmtax.channels.adapters import wechat as platform
from palmtax.channels.adapters import wechat_menus
from palmtax.channels.adapters.wechat_menus import publish_menus
from palmtax.channels.model.menus import TAGS, Follower, audience_of, fitted_menus_of, menu_of
from palmtax.channels.tasks import publish_menu
from palmtax.matters import warm_up
from palmtax.plumbing.outbound import OutsideRefused
from palmtax.plumbing.worker import drain

ALL = channels()
OA, MINI = ALL["wechat_oa"], ALL["wechat_mini"]
PAGES = json.loads((Path(__file__).parents[3] / "web/apps/mobile/src/pages.json").read_text())
MEMORY = "select remaining from channels_allowance where what = 'menu_shown'"
ENGLISH_NAMES = ["Services", "My progress", "My account"]


@pytest.fixture(scope="module", autouse=True)
def _warm():
    warm_up()


def menus(ports, channel=OA):
    """What the platform should have: for everybody, and for each kind of followers."""
    place = {"link": ports.link, "via": channel.name, "mini_app_id": ports.account(MINI)}
    return menu_of(channel.manifest.menu, **place), fitted_menus_of(channel.manifest, **place)


async def present(ports):
    """Names of the menus at the platform: for everybody, and by tag for the others."""
    found = await platform.called(ports, OA, "GET", "/cgi-bin/menu/get")
    tags = {value: name for name, value in (await wechat_menus.tag_numbers(ports, OA, TAGS)).items()}
    others = [
        (tags[int(one["matchrule"]["group_id"])], [each["name"] for each in one["button"]])
        for one in found.get("conditionalmenu", [])
    ]
    return [one["name"] for one in found["menu"]["button"]], sorted(others)


@pytest.fixture
async def blank(ports):
    """An account without any menu, before and after."""
    await publish_menus(ports, OA, {"button": []})
    yield
    await publish_menus(ports, OA, {"button": []})


async def test_all_menus_are_published_in_one_act_and_only_once(ports, blank):
    wanted, fitted = menus(ports)
    assert [await publish_menus(ports, OA, wanted, fitted) for _ in range(3)] == [True, False, False]
    everybody, others = await present(ports)
    assert everybody == ["办事", "我的进度", "我的"]
    assert [who for who, _ in others] == ["bound", "bound_english", "english"]
    assert dict(others)["english"] == dict(others)["bound_english"] == ENGLISH_NAMES


async def test_only_what_differs_is_made_anew_and_what_is_not_wanted_goes(ports, blank, sandboxes):
    wanted, fitted = menus(ports)
    await publish_menus(ports, OA, wanted, fitted)
    before = await platform.called(ports, OA, "GET", "/cgi-bin/menu/get")
    changed = {**fitted, "english": {"button": [{"type": "click", "name": "Help", "key": "help"}]}}
    del changed["bound"]
    assert await publish_menus(ports, OA, wanted, changed) is True
    everybody, others = await present(ports)
    assert dict(others) == {"english": ["Help"], "bound_english": ENGLISH_NAMES}
    after = await platform.called(ports, OA, "GET", "/cgi-bin/menu/get")
    kept = {one["menuid"] for one in before["conditionalmenu"]} & {one["menuid"] for one in after["conditionalmenu"]}
    assert len(kept) == 1
    assert everybody == ["办事", "我的进度", "我的"]


@pytest.mark.parametrize("is_there", [True, False])
async def test_when_one_is_refused_all_is_as_it_was(ports, blank, is_there):
    old = {"button": [{"type": "click", "name": "旧菜单", "key": "OLD"}]}
    if is_there:
        await publish_menus(ports, OA, old)
    wanted, fitted = menus(ports)
    too_long = {"button": [{"type": "click", "name": "n" * 17, "key": "k"}]}
    with pytest.raises(OutsideRefused) as refused:
        await publish_menus(ports, OA, wanted, {**fitted, "bound_english": too_long})
    assert refused.value.code == "40018"
    if is_there:
        assert await present(ports) == (["旧菜单"], [])
    else:
        with pytest.raises(OutsideRefused) as none:
            await platform.called(ports, OA, "GET", "/cgi-bin/menu/get")
        assert none.value.code == "46003"


async def test_an_answer_that_was_lost_makes_no_second_menu(ports, blank):
    wanted, fitted = menus(ports)
    await publish_menus(ports, OA, wanted)
    tags = await wechat_menus.tag_numbers(ports, OA, fitted)
    for _ in range(2):  # the platform did it, nobody heard so, and it was asked again
        body = {**fitted["english"], "matchrule": {"tag_id": str(tags["english"])}}
        await platform.called(ports, OA, "POST", "/cgi-bin/menu/addconditional", body=body)
    assert await publish_menus(ports, OA, wanted, fitted) is True
    assert [who for who, _ in (await present(ports))[1]] == ["bound", "bound_english", "english"]


async def test_menus_by_language_are_refused_by_the_platform_itself(ports, blank):
    wanted, fitted = menus(ports)
    await publish_menus(ports, OA, wanted)
    body = {**fitted["english"], "matchrule": {"language": "en"}}
    with pytest.raises(OutsideRefused) as refused:
        await platform.called(ports, OA, "POST", "/cgi-bin/menu/addconditional", body=body)
    assert (refused.value.code, OA.meaning(refused.value.code).means) == ("65320", "final")


@pytest.fixture
def shown(sandboxes):
    """The names on somebody's menu, as their phone shows it."""

    def look(person):
        found = sandboxes.get("/wechat/sandbox/phone", params={"person": person, "account": "wechat_oa"}).json()
        return [one["name"] for one in found["menu"].get("button", [])], found["user"]["account_openid"]

    return look


def below(sandboxes, person, place=2):
    found = sandboxes.get("/wechat/sandbox/phone", params={"person": person, "account": "wechat_oa"}).json()
    return [one["name"] for one in found["menu"]["button"][place]["sub_button"]]


async def test_everybody_is_shown_their_own_menu_as_we_get_to_know_them(
    server, ports, blank, wechat, chat, shown, sandboxes, task_context, bound, rows
):
    await publish_menu(task_context, {"channel": "wechat_oa"})

    async def sees(person, names, last):
        async def right():
            await drain(task_context)
            return shown(person)[0] == names and last in below(sandboxes, person)

        await until(right)

    wechat("follow", person="看菜单")
    await heard(chat, "看菜单")
    await sees("看菜单", ["办事", "我的进度", "我的"], "绑定账号")
    wechat("write", person="看菜单", text="raise my quota")
    await sees("看菜单", ENGLISH_NAMES, "Link this WeChat")
    wechat("tap-menu", person="看菜单", key="progress")
    assert "We do not know who you are yet" in (await heard(chat, "看菜单", 3))[-1]
    await bound("wechat_oa", ports.account(OA), shown("看菜单")[1])
    await asyncio.sleep(1.1)
    wechat("tap-menu", person="看菜单", key="help")
    await sees("看菜单", ENGLISH_NAMES, "Certificates")
    wechat("write", person="看菜单", text="发票不够用")
    await sees("看菜单", ["办事", "我的进度", "我的"], "我的证明")
    wechat("unfollow", person="看菜单")

    async def forgotten():  # the platform has taken the tags, and news of it may come late
        await drain(task_context)
        return [one["remaining"] for one in await rows(MEMORY)] == [0]

    await until(forgotten)
    await asyncio.sleep(1.1)  # the platform tells events of a person apart by their second
    wechat("follow", person="看菜单")
    await sees("看菜单", ["办事", "我的进度", "我的"], "我的证明")


async def test_who_chose_english_for_messages_reads_an_english_menu(
    server, ports, blank, wechat, chat, shown, sandboxes, task_context, bound, house, clock
):
    await publish_menu(task_context, {"channel": "wechat_oa"})
    wechat("follow", person="选了英文")
    await heard(chat, "选了英文")
    await bound("wechat_oa", ports.account(OA), shown("选了英文")[1])
    async with house.database.transaction() as tx:
        await tx.execute(
            "insert into messaging_preference (taxpayer_id, person_id, topics, ways, language, is_elder, changed_at)"
            " values ($1, $2, '[]', '[]', 'en', false, now())",
            NATURAL_BASE + OWNER, OWNER,
        )  # fmt: skip
        wish = await messaging.preference_of(tx, taxpayer_id=NATURAL_BASE + OWNER, person_id=OWNER)
    assert wish.language == "en"
    await asyncio.sleep(1.1)
    wechat("tap-menu", person="选了英文", key="帮助")

    async def right():
        await drain(task_context)
        return shown("选了英文")[0] == ENGLISH_NAMES

    assert await until(right)


async def test_a_tag_that_somebody_deleted_is_made_again(ports, blank, sandboxes, wechat, shown):
    wanted, fitted = menus(ports)
    await publish_menus(ports, OA, wanted, fitted)
    wechat("follow", person="标签没了")
    numbers = {}
    openid = shown("标签没了")[1]
    await wechat_menus.tag_follower(ports, OA, openid, "english", numbers)
    assert shown("标签没了")[0] == ENGLISH_NAMES
    gone = numbers[OA.name]["english"]
    await platform.called(ports, OA, "POST", "/cgi-bin/tags/delete", body={"tag": {"id": gone}})
    await wechat_menus.tag_follower(ports, OA, openid, "english", numbers)
    assert (
        numbers[OA.name]["english"]
        in (await platform.called(ports, OA, "POST", "/cgi-bin/tags/getidlist", body={"openid": openid}))["tagid_list"]
    )
    await publish_menus(ports, OA, wanted, fitted)
    assert shown("标签没了")[0] == ENGLISH_NAMES


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - who: bound\n", "  - who: english\n", "one menu for each kind"),
        ("  - who: bound\n", "  - who: women\n", "bound_english"),
        ("name: My progress, says: progress", "name: How far my things are, says: progress", "16 bytes"),
    ],
)
def test_what_the_platform_would_refuse_of_these_is_refused_with_its_line(old, new, said):
    found = faults(old, new)
    assert any(said in one and one.startswith("wechat_oa/channel.yaml:") for one in found), found


def test_menus_for_some_need_one_for_everybody():
    text = TEXTS["wechat_oa"].manifest
    menu = re.search(r"^menu:\n(?:  .*\n)+", text, re.MULTILINE)[0]
    assert any("menu for everybody" in one for one in faults(menu, ""))


def test_language_goes_before_the_rest():
    every = ["bound", "english", "bound_english"]
    assert [audience_of(every, Follower.of(code)) for code in range(4)] == [None, "bound", "english", "bound_english"]
    assert [audience_of([], Follower.of(code)) for code in range(4)] == [None] * 4


@pytest.mark.parametrize(
    ("text", "says"),
    [("raise my quota", True), ("progress please", True), ("VAT", None), ("e-invoice", None), ("12366", None),
     ("发票", False), ("VAT rate 怎么算", False), ("👍", None), ("", None)],
)  # fmt: skip
def test_one_abbreviation_is_no_english(text, says):
    assert says_english(text) is says


@pytest.mark.parametrize("name", ["wechat_oa", "wechat_oa_linan"])
def test_every_button_leads_to_a_page_there_is(name):
    known = {f"/{one['path']}" for one in PAGES["pages"]} | {
        f"/{part['root']}/{one['path']}" for part in PAGES["subPackages"] for one in part["pages"]
    }
    manifest = ALL[name].manifest
    buttons = [*manifest.menu, *(each for one in manifest.menus for each in one.buttons)]
    leaves = [one for button in buttons for one in (button.below or (button,))]
    assert {one.page for one in leaves if one.page} | {f"/{one.app}" for one in leaves if one.app} <= known
    assert {one.who for one in manifest.menus} == {"bound", "english", "bound_english"}
