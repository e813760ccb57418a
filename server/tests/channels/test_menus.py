"""Menus of manifests: what the platform would refuse is refused before, with the line."""

from __future__ import annotations

import pytest
from channels.make import channels, with_text

from palmtax.channels.model.menus import menu_of, same_menu
from palmtax.channels.model.reading import BadChannel, read_channel, texts_in

ALL, TEXTS = channels(), texts_in()
OA = TEXTS["wechat_oa"]


def faults(old, new, name="wechat_oa"):
    assert old in TEXTS[name].manifest
    with pytest.raises(BadChannel) as bad:
        read_channel(with_text(TEXTS[name], manifest=TEXTS[name].manifest.replace(old, new, 1)), TEXTS)
    return [str(one) for one in bad.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: 我的进度, says: 进度", "name: 我的办件进度, says: 进度", "16 bytes"),
        ("name: 我的进度, says: 进度", "name: 我的进度", "one of says"),
        ("says: 进度", "says: 进度, page: /pages/me/index", "one of says"),
        ("says: 进度", f"says: {'进' * 43}", "128 bytes"),
        ("page: /matters/shelf/index", 'page: "https://evil.example/"', "page"),
        ("page: /matters/shelf/index", "page: //evil.example/a", "page"),
        ("app: pages/home/index", "app: pages/home/index?x=1", "app"),
        ("  - {name: 我的进度, says: 进度}", "  - {name: 一, says: 一}\n  - {name: 二, says: 二}", "menu"),
        ("{name: 消息, page: /pages/messages/index}", f"{{name: {'长' * 21}, says: 一}}", "60 bytes"),
        ("{name: 消息, page: /pages/messages/index}", "{name: 消息, below: [{name: 一, says: 一}]}", "nothing below"),
        ("can: [push, form, rich_menu, location, camera]", "can: [push, form]", "rich_menu"),
    ],
)
def test_what_the_platform_would_refuse_is_refused_with_its_line(old, new, said):
    found = faults(old, new)
    assert any(said in one and one.startswith("wechat_oa/channel.yaml:") for one in found), found


def test_a_mini_program_has_no_such_menu():
    menu = "menu: [{name: 一, says: 一}]\ntalks: true"
    assert any("rich_menu" in one for one in faults("talks: true", menu, "wechat_mini"))


def test_pages_open_signed_in_by_the_account_and_keys_are_words():
    made = menu_of(
        ALL["wechat_oa_linan"].manifest.menu, link="https://h.example", via="wechat_oa_linan", mini_app_id="wx1"
    )
    first, progress, _ = made["button"]
    assert progress == {"type": "click", "name": "我的进度", "key": "进度"}
    assert first["sub_button"][0]["url"] == (
        "https://h.example/#/pages/enter/index?to=%2Fmatters%2Fshelf%2Findex&via=wechat_oa_linan"
    )
    assert first["sub_button"][3]["appid"] == "wx1"


def test_another_order_or_name_is_another_menu():
    one, two = {"name": "a", "key": "k"}, {"name": "b", "key": "k"}
    assert same_menu({"button": [one, two]}, {"button": [one, two]})
    assert not same_menu({"button": [two, one]}, {"button": [one, two]})
    assert not same_menu({"button": []}, {"button": [one]})
