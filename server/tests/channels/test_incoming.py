"""Callbacks become one kind of event: every documented one is read, stale ones and forgeries are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from channels.make import APP_ID, AT, KEY, NONCE, STAMP, TOKEN, changed, channels, platform_of
from hypothesis import given
from hypothesis import strategies as st

from palmtax.channels.adapters.speaking import INVENTED, xml_of
from palmtax.channels.model.incoming import Callback, event_of, receive
from palmtax.channels.model.wechat_codec import CallbackRefused, Envelope, read_xml, signature

OA, WECOM, DING = (channels()[name] for name in ("wechat_oa", "wecom", "dingtalk"))
SECRETS = {"token": TOKEN, "encoding_aes_key": KEY, "app_id": APP_ID, "corp_id": APP_ID}
SECOND = 1_700_000_000


def event(**fields):
    return event_of(read_xml(xml_of({"ToUserName": "gh", "FromUserName": "o1", "CreateTime": STAMP, **fields})))


def news(name, **fields):
    return event(MsgType="event", Event=name, **fields)


def test_the_address_of_an_official_account_is_checked():
    query = {"signature": signature(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE, "echostr": "98765"}
    assert receive(OA.manifest, SECRETS, Callback("GET", query, {}, b""), AT).echo == "98765"
    with pytest.raises(CallbackRefused):
        receive(OA.manifest, SECRETS, Callback("GET", query | {"nonce": "abc124"}, {}, b""), AT)


def test_the_address_of_a_corporation_is_checked_with_a_sealed_text():
    envelope = Envelope(TOKEN, KEY, APP_ID)
    sealed = envelope.seal(b"1616140317555161061")
    query = {
        "msg_signature": envelope.sign(STAMP, NONCE, sealed),
        "timestamp": STAMP,
        "nonce": NONCE,
        "echostr": sealed,
    }
    assert receive(WECOM.manifest, SECRETS, Callback("GET", query, {}, b""), AT).echo == "1616140317555161061"


@pytest.mark.parametrize("channel", [OA, WECOM], ids=lambda one: one.name)
def test_a_sealed_message_comes_in(channel):
    platform = platform_of(channel)
    verdict = receive(channel.manifest, INVENTED, platform.say("42", "你好", SECOND), AT)
    (one,) = verdict.events
    assert (one.kind, one.key, one.address, one.said) == ("said", "m:42", "kit_person", "你好")
    assert verdict.answer == "success"


def test_a_plain_message_comes_in_only_where_the_manifest_says_so():
    call = platform_of(OA).plain({"FromUserName": "o1", "MsgType": "text", "Content": "hi", "MsgId": "7"}, SECOND)
    with pytest.raises(CallbackRefused, match="plain"):
        receive(OA.manifest, INVENTED, call, AT)
    open_ = changed(OA, callback=OA.manifest.callback.model_copy(update={"plain": True}))
    assert receive(open_.manifest, INVENTED, call, AT).events[0].said == "hi"


@pytest.mark.parametrize("seconds", [-301, 301, -86400, 10**9])
def test_stale_calls_are_refused(seconds):
    call = platform_of(OA).say("1", "hi", SECOND + seconds)
    with pytest.raises(CallbackRefused, match="stale"):
        receive(OA.manifest, INVENTED, call, AT)


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_calls_within_the_window_are_taken(seconds):
    assert receive(
        OA.manifest, INVENTED, platform_of(OA).say("1", "hi", SECOND), AT + timedelta(seconds=seconds)
    ).events


_CALL = platform_of(OA).say("1", "hi", SECOND)


@given(st.sampled_from(["timestamp", "nonce", "msg_signature"]), st.text(max_size=50))
def test_any_other_query_is_refused(name, text):
    if text == _CALL.query[name]:
        return
    with pytest.raises(CallbackRefused):
        receive(OA.manifest, INVENTED, replace(_CALL, query={**_CALL.query, name: text}), AT)


@given(st.integers(0, len(_CALL.body) - 1), st.integers(1, 255))
def test_any_changed_byte_of_the_body_is_refused_or_changes_nothing(place, by):
    body = bytearray(_CALL.body)
    body[place] ^= by
    try:
        verdict = receive(OA.manifest, INVENTED, replace(_CALL, body=bytes(body)), AT)
    except CallbackRefused:
        return
    assert verdict.events[0].said == "hi"  # a letter outside Encrypt, which nothing is read from
    assert verdict.digest != receive(OA.manifest, INVENTED, _CALL, AT).digest


def test_what_is_too_large_is_refused_before_it_is_read():
    call = replace(_CALL, body=b"<" * (OA.manifest.callback.largest_bytes + 1))
    with pytest.raises(CallbackRefused, match="too_large"):
        receive(OA.manifest, INVENTED, call, AT)


def test_without_secrets_nothing_comes_in():
    with pytest.raises(CallbackRefused):
        receive(OA.manifest, {}, _CALL, AT)
    with pytest.raises(CallbackRefused):
        receive(OA.manifest, {**INVENTED, "token": ""}, _CALL, AT)


@pytest.mark.parametrize(
    ("name", "fields", "kind"),
    [
        ("subscribe", {"EventKey": "qrscene_shop_5"}, "followed"),
        ("unsubscribe", {}, "unfollowed"),
        ("SCAN", {"EventKey": "shop_5"}, "scanned"),
        ("LOCATION", {"Latitude": "23.1", "Longitude": "113.3"}, "located"),
        ("CLICK", {"EventKey": "due"}, "clicked"),
        ("VIEW", {"EventKey": "https://x"}, "viewed"),
        ("view_miniprogram", {"EventKey": "pages/index"}, "viewed"),
        ("enter_agent", {}, "entered"),
        ("user_enter_tempsession", {}, "entered"),
        ("change_external_contact", {"ChangeType": "add_external_contact"}, "contact"),
        ("kf_msg_or_event", {"Token": "t", "OpenKfId": "kf"}, "service_session"),
        ("template_card_event", {"TaskId": "abc", "ResponseCode": "rc"}, "card_clicked"),
        ("some_new_event", {"Anything": "1"}, "unknown"),
    ],
)
def test_every_listed_event_is_read(name, fields, kind):
    assert news(name, **fields).kind == kind


def test_scenes_places_and_choices_are_read():
    assert news("subscribe", EventKey="qrscene_shop_5").scene == "shop_5"
    assert news("LOCATION", Latitude="23.1", Longitude="113.3").place == ("23.1", "113.3")
    assert news("CLICK", EventKey="due").choice == "due"
    assert event(MsgType="location", Location_X="23", Location_Y="113", MsgId="1").place == ("23", "113")


@pytest.mark.parametrize(
    ("status", "stage", "code"),
    [
        ("success", "delivered", ""),
        ("failed:user block", "failed", "failed_user_block"),
        ("failed: system failed", "failed", "failed_system_failed"),
    ],
)
def test_the_end_of_a_template_message_is_a_receipt(status, stage, code):
    one = news("TEMPLATESENDJOBFINISH", MsgID="200163840", Status=status)
    assert (one.kind, one.reference, one.stage, one.code) == ("receipt", "200163840", stage, code)
    assert OA.meaning(code).means in {"address", "retry"} if code else True


@pytest.mark.parametrize(("error", "stage", "code"), [("0", "delivered", ""), ("20003", "failed", "20003")])
def test_the_end_of_a_subscription_message_is_a_receipt(error, stage, code):
    row = {"TemplateId": "T", "MsgID": "1700827132819554304", "ErrorCode": error, "ErrorStatus": "x"}
    one = news("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": row})
    assert (one.kind, one.reference, one.stage, one.code) == ("receipt", "1700827132819554304", stage, code)


@pytest.mark.parametrize("name", ["subscribe_msg_popup_event", "subscribe_msg_change_event"])
def test_choices_of_subscriptions_are_read(name):
    part = "SubscribeMsgPopupEvent" if "popup" in name else "SubscribeMsgChangeEvent"
    rows = [
        {"TemplateId": "A", "SubscribeStatusString": "accept", "PopupScene": "2"},
        {"TemplateId": "B", "SubscribeStatusString": "reject", "PopupScene": "2"},
    ]
    one = news(name, **{part: {"List": rows}})
    assert (one.kind, one.choices) == ("choices", (("A", "accept"), ("B", "reject")))
    assert news(name, **{part: {"List": rows[0]}}).choices == (("A", "accept"),)


def test_the_same_news_has_one_key_and_other_news_another():
    first = news("CLICK", EventKey="a")
    assert first.key == news("CLICK", EventKey="a").key
    keys = {
        first.key,
        news("CLICK", EventKey="b").key,
        news("VIEW", EventKey="a").key,
        event(MsgType="text", MsgId="9").key,
    }
    assert len(keys) == 4


def test_a_json_robot_comes_in_and_is_refused_when_its_sign_is_wrong():
    platform = platform_of(DING)
    call = platform.say("msg1", "还有几天申报", SECOND)
    (one,) = receive(DING.manifest, INVENTED, call, AT).events
    assert (one.kind, one.key, one.said) == ("said", "m:msg1", "还有几天申报")
    for headers in ({**call.headers, "sign": "x"}, {**call.headers, "timestamp": str(SECOND)}, {}):
        with pytest.raises(CallbackRefused):
            receive(DING.manifest, INVENTED, replace(call, headers=headers), AT)


def test_reports_of_text_messages_are_receipts():
    channel = channels()["sms"]
    rows = [
        {"sid": "a", "report_status": "SUCCESS", "errmsg": "DELIVRD"},
        {"sid": "b", "report_status": "FAIL", "errmsg": "MK:0004"},
    ]
    call = Callback("POST", {"key": INVENTED["callback_key"]}, {}, orjson.dumps(rows))
    found = receive(channel.manifest, INVENTED, call, AT).events
    assert [(one.reference, one.stage, one.code) for one in found] == [
        ("a", "delivered", ""),
        ("b", "failed", "MK:0004"),
    ]
    with pytest.raises(CallbackRefused):
        receive(channel.manifest, INVENTED, replace(call, query={"key": "guess"}), AT)
