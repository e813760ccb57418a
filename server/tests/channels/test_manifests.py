"""A channel is two files: every fault of them is told with its line and what to do."""

from __future__ import annotations

import pytest
from channels.make import changed, channels, with_text

from palmtax.channels.model.reading import BadChannel, read_all, read_channel, texts_in

TEXTS = texts_in()
OA = TEXTS["wechat_oa"]


def faults(texts, others=TEXTS):
    with pytest.raises(BadChannel) as bad:
        read_channel(texts, others)
    return [str(one) for one in bad.value.faults]


def test_every_channel_can_be_read():
    assert set(channels()) == {
        "wechat_oa", "wechat_oa_linan", "wechat_mini", "wecom", "gov_wechat", "sms", "sms2", "email", "inbox",
        "dingtalk", "web_push", "alipay_life", "push_huawei", "push_xiaomi", "kiosk",
    }  # fmt: skip


def test_a_second_city_and_a_robot_are_files_only():
    for name in ("wechat_oa_linan", "dingtalk", "gov_wechat", "sms2", "push_xiaomi"):
        folder = sorted(one.name for one in (texts_folder() / name).iterdir() if one.is_file())
        assert folder == ["channel.yaml", "codes.yaml"]


def texts_folder():
    from palmtax.channels.model.reading import FOLDER

    return FOLDER


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("transport: wechat_oa", "transport: wechat_ao", 0, "wechat_mini"),
        ("way: wechat", "way: pigeon", 0, "inbox"),
        ("order: 10", "order: ten", 0, "integer"),
        ("titles_without:", "titles_wihtout:", 0, "one of"),
        ("fallback: [wechat_mini]", "fallback: [sms]", 0, "wechat_mini"),
        ("rate: 6000/minute", "rate: 6000/fortnight", 0, "N/minute"),
        ("order: 10", 'opening: {start: "23:30", end: "22:00"}', 0, "08:00"),
        ("thing1: title", "thing1: person_name", 0, "title"),
        ("messages: 5", "messages: 0", 0, "greater"),
        ('real: "https://api.weixin.qq.com"', 'real: "http://api.weixin.qq.com"', 0, "pattern"),
        ("title: 微信公众号", "title: [", 4, "expected"),
    ],
)
def test_a_fault_names_its_line_and_what_to_do(old, new, line, words):
    assert old in OA.manifest
    text = OA.manifest.replace(old, new, 1)
    found = faults(with_text(OA, manifest=text))
    place = line or next(number for number, one in enumerate(text.splitlines(), 1) if new in one)
    assert any(one.startswith(f"wechat_oa/channel.yaml:{place}:") and words in one for one in found), (
        found,
        place,
        line,
    )
    assert all(" → " in one for one in found)


def test_every_fault_is_told_at_once():
    text = OA.manifest.replace("way: wechat", "way: pigeon").replace("order: 10", "order: ten")
    assert len(faults(with_text(OA, manifest=text))) == 2


def test_a_missing_key_is_named():
    (only,) = faults(with_text(OA, manifest=OA.manifest.replace("way: wechat\n", "")))
    assert "missing 'way'" in only


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ("", "codes.yaml"),
        ("like: nobody", "no channel 'nobody'"),
        ("like: wechat_oa", "ring"),
        ("codes: {40001: {means: maybe, say: 甲, say_en: a}}", "'retry'"),
        ("codes: {40001: {means: retry, say_en: a}}", "say"),
        ("- 1", "mapping"),
    ],
)
def test_codes_are_checked_too(codes, words):
    found = faults(with_text(OA, codes=codes))
    assert any("wechat_oa/codes.yaml:" in one and words in one for one in found), found


def test_codes_of_another_channel_are_taken_over_and_added_to():
    texts = with_text(TEXTS["wechat_mini"], codes="like: wechat_oa\ncodes: {40037: {means: retry, say: 甲, say_en: a}}")
    read = read_channel(texts, TEXTS)
    assert read.codes["40037"].means == "retry"
    assert read.codes["43101"].means == "address"


def test_a_ring_of_codes_is_refused():
    ring = {**TEXTS, "wechat_oa": with_text(OA, codes="like: wechat_mini")}
    assert any("ring" in one for one in faults(ring["wechat_mini"], ring))


def test_one_bad_channel_leaves_the_others():
    good, bad = read_all({**TEXTS, "sms": with_text(TEXTS["sms"], manifest="title: x")})
    assert set(bad) == {"sms"}
    assert set(good) == set(TEXTS) - {"sms"}


def test_a_folder_name_is_a_name():
    from palmtax.channels.model.reading import Texts

    assert any("小写" in one for one in faults(Texts("Bad Name", OA.manifest, OA.codes)))


def test_a_code_nobody_wrote_down_is_tried_again_and_said():
    meaning = channels()["wechat_oa"].meaning("99999")
    assert (meaning.means, meaning.say_en) == ("retry", "The platform gave a code nobody wrote down")


def test_families_of_codes_are_known_by_their_beginning():
    assert channels()["sms"].meaning("AuthFailure.SecretIdNotFound").means == "channel"
    assert channels()["sms2"].meaning("isp.SYSTEM_ERROR").means == "retry"


def test_a_template_of_its_own_goes_before_any():
    channel = channels()["wecom"]
    assert channel.manifest.said("supplement_asked").kind == "card"
    assert channel.manifest.said("application_approved").kind == "text"
    assert changed(channel, templates={}).manifest.said("x") is None
