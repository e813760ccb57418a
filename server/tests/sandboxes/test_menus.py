"""Menus for some followers and the tags they go by: the platform's rules, each with its errcode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Later = Callable[[float], None]
ALL = [{"type": "click", "name": "待办", "key": "TODO"}]
ENGLISH = [{"type": "click", "name": "To do", "key": "todo"}]
ADD, DROP, TRY = (f"/cgi-bin/menu/{name}" for name in ("addconditional", "delconditional", "trymatch"))
PUT_ON, TAKE_OFF = (f"/cgi-bin/tags/members/batch{name}" for name in ("tagging", "untagging"))


@pytest.fixture(autouse=True)
def _no_menu(account: Any):
    account.get("/cgi-bin/menu/delete")
    yield
    account.get("/cgi-bin/menu/delete")


@pytest.fixture
def tag(account: Any) -> Any:
    """A tag of one test, gone afterwards."""
    number = account.post("/cgi-bin/tags/create", {"tag": {"name": "英文"}})["tag"]["id"]
    yield number
    account.post("/cgi-bin/tags/delete", {"tag": {"id": number}})


def for_tag(number: Any, buttons: Any = ENGLISH, **rule: Any) -> dict[str, Any]:
    return {"button": buttons, "matchrule": {"tag_id": str(number), **rule}}


def test_the_newest_menu_that_fits_is_shown_and_of_tags_the_last_put_on(account: Any, person: Any, tag: int):
    account.post("/cgi-bin/menu/create", {"button": ALL})
    person.does("follow")
    first = account.post(ADD, for_tag(tag, ALL))["menuid"]
    second = account.post(ADD, for_tag(tag))["menuid"]
    seen = lambda: account.post(TRY, {"user_id": person.openid})["button"]  # noqa: E731
    assert seen() == ALL
    assert account.post(PUT_ON, {"openid_list": [person.openid], "tagid": tag})["errcode"] == 0
    assert account.post("/cgi-bin/tags/getidlist", {"openid": person.openid})["tagid_list"] == [tag]
    assert account.get("/cgi-bin/user/info", openid=person.openid)["tagid_list"] == [tag]
    assert seen() == ENGLISH
    assert [one["menuid"] for one in account.get("/cgi-bin/menu/get")["conditionalmenu"]] == [int(second), int(first)]
    assert account.get("/cgi-bin/menu/get")["conditionalmenu"][0]["matchrule"] == {"group_id": str(tag)}
    assert account.post(PUT_ON, {"openid_list": [person.openid], "tagid": 2})["errcode"] == 0
    assert seen() == ALL
    assert account.post(TAKE_OFF, {"openid_list": [person.openid], "tagid": 2})["errcode"] == 0
    assert seen() == ENGLISH
    assert account.post(DROP, {"menuid": second})["errcode"] == 0
    assert seen() == ALL
    person.does("unfollow")
    person.does("follow")
    assert account.post("/cgi-bin/tags/getidlist", {"openid": person.openid})["tagid_list"] == []


def test_a_new_menu_for_everybody_leaves_the_others_and_deleting_takes_all(account: Any, tag: int):
    account.post("/cgi-bin/menu/create", {"button": ALL})
    account.post(ADD, for_tag(tag))
    account.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "新", "key": "NEW"}]})
    assert len(account.get("/cgi-bin/menu/get")["conditionalmenu"]) == 1
    account.get("/cgi-bin/menu/delete")
    account.post("/cgi-bin/menu/create", {"button": ALL})
    assert "conditionalmenu" not in account.get("/cgi-bin/menu/get")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"matchrule": {}}, 65304),
        ({"matchrule": {"tag_id": ""}}, 65304),
        ({"matchrule": None}, 65304),
        ({"matchrule": {"group": "1"}}, 65304),
        ({"matchrule": {"language": "en"}}, 65320),
        ({"matchrule": {"tag_id": "2", "sex": "1"}}, 65320),
        ({"matchrule": {"tag_id": "2", "country": "中国", "province": "广东"}}, 65320),
        ({"matchrule": {"tag_id": "9999"}}, 45159),
        ({"matchrule": {"client_platform_type": "4"}}, 40097),
        ({"button": []}, 65307),
        ({"button": ENGLISH * 4}, 40016),
        ({"button": [{"type": "click", "name": "n" * 17, "key": "k"}]}, 40018),
        ({"button": [{"name": "a", "sub_button": [
            {"type": "view", "name": "b", "url": f"https://{one}.example/"} for one in "abcd"]}]}, 65316),
    ],
)  # fmt: skip
def test_a_menu_for_some_that_breaks_a_rule_is_refused_and_nothing_is_kept(account: Any, change: Any, code: int):
    account.post("/cgi-bin/menu/create", {"button": ALL})
    assert account.post(ADD, for_tag(2) | change)["errcode"] == code
    assert "conditionalmenu" not in account.get("/cgi-bin/menu/get")


def test_without_a_menu_for_everybody_there_is_none_for_some(account: Any):
    assert account.post(ADD, for_tag(2))["errcode"] == 65303


def test_what_is_not_there_is_neither_taken_away_nor_tried(account: Any, mini: Any, person: Any):
    assert account.post(DROP, {"menuid": "123456789"})["errcode"] == 65301
    assert account.post(TRY, {"user_id": "o" + "x" * 27})["errcode"] == 65302
    assert account.post(TRY, {"user_id": person.openid})["errcode"] in (46003, 65302)
    assert account.post(ADD, for_tag(2), access_token=mini.token)["errcode"] == 48001


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        ("/cgi-bin/tags/create", {"tag": {"name": ""}}, 45157),
        ("/cgi-bin/tags/create", {"tag": {"name": "星标组"}}, 45157),
        ("/cgi-bin/tags/create", {}, 45157),
        ("/cgi-bin/tags/create", {"tag": {"name": "长" * 11}}, 45158),
        ("/cgi-bin/tags/delete", {"tag": {"id": 2}}, 45058),
        ("/cgi-bin/tags/delete", {"tag": {"id": 777}}, 45159),
        ("/cgi-bin/tags/getidlist", {"openid": "nobody"}, 40003),
        (PUT_ON, {"openid_list": [], "tagid": 2}, 40032),
        (PUT_ON, {"openid_list": ["o"] * 51, "tagid": 2}, 40032),
        (PUT_ON, {"openid_list": ["nobody"], "tagid": 2}, 49003),
        (PUT_ON, {"openid_list": ["nobody"], "tagid": 777}, 45159),
        (TAKE_OFF, {"openid_list": ["nobody"], "tagid": 2}, 49003),
    ],
)
def test_a_tag_that_breaks_a_rule_is_refused(account: Any, path: str, asked: Any, code: int):
    assert account.post(path, asked)["errcode"] == code


def test_nobody_wears_more_than_twenty_tags(account: Any, person: Any):
    person.does("follow")
    made = [account.post("/cgi-bin/tags/create", {"tag": {"name": f"第{one}个"}})["tag"]["id"] for one in range(21)]
    codes = [account.post(PUT_ON, {"openid_list": [person.openid], "tagid": one})["errcode"] for one in made]
    assert codes == [0] * 20 + [45059]
    assert account.post(PUT_ON, {"openid_list": [person.openid], "tagid": made[0]})["errcode"] == 0
    (counted,) = [one["count"] for one in account.get("/cgi-bin/tags/get")["tags"] if one["id"] == made[0]]
    assert counted == 1
    for one in made:
        assert account.post("/cgi-bin/tags/delete", {"tag": {"id": one}})["errcode"] == 0
    assert account.post("/cgi-bin/tags/getidlist", {"openid": person.openid})["tagid_list"] == []
