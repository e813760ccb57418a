"""From bytes of a platform to one `Event`: verify, decrypt, read. Tax words begin only behind this."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

import orjson

from palmtax.channels.model import alipay_codec as alipay
from palmtax.channels.model.manifest import Manifest, ReceiptList, Signature
from palmtax.channels.model.scenes import is_scene
from palmtax.channels.model.wechat_codec import CallbackRefused, Envelope, Tree, read_xml, same, signature, text_of

EventKind = Literal[
    "followed", "unfollowed", "scanned", "located", "clicked", "viewed", "entered", "said", "receipt", "choices",
    "contact", "service_session", "asked", "card_clicked", "unknown",
]  # fmt: skip
MOST_RECEIPTS = 1000
SHARED_SECONDS = 2
SYNTHETIC = "palmtax-journey-"
"""Part of the number of what a synthetic journey says: verified and answered like everything, and then dropped."""
_PLACE = re.compile(r"\{([a-z_]+)\}")
Told = Literal["handed", "delivered", "shown", "read", "acted", "failed"]
"""How far a message of ours came, in the words of messaging."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One call of a platform, as it came."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody outside did, in one shape for all channels. `key` is the same for every repetition of it.

    `address` is who did it in the platform's own words; `stage` and `reference` say how far a message of ours came.
    """

    kind: EventKind
    key: str
    address: str = ""
    said: str = ""
    scene: str = ""
    choice: str = ""
    place: tuple[str, str] | None = None
    reference: str = ""
    stage: Told | None = None
    code: str = ""
    theirs: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A callback that was let in: `echo` answers the check of an address, else `events` with what guards against replays.

    `shared_seconds`: where a time stands for a nonce, so long another body may come under the same one, for two people
    may speak in the same millisecond; later it is a forgery.
    """

    echo: str | None = None
    events: tuple[Event, ...] = ()
    nonce: str = ""
    digest: str = ""
    shared_seconds: int = 0
    answer: str = "success"


def envelope_of(manifest: Manifest, credentials: Mapping[str, Any]) -> Envelope:
    """The account's token and key from its section of the credentials."""
    receiver = credentials.get(manifest.callback.receive_id, "")
    return Envelope(str(credentials.get("token", "")), str(credentials.get("encoding_aes_key", "")), str(receiver))


def receive(manifest: Manifest, credentials: Mapping[str, Any], call: Callback, now: datetime) -> Verdict:
    """Verify, decrypt and read one call; CallbackRefused with the reason. Whether it came before is asked of the store."""
    rules = manifest.callback
    if len(call.body) > rules.largest_bytes:
        raise CallbackRefused("too_large")
    if rules.dialect == "none" or not credentials:
        raise CallbackRefused("no_callback")
    if rules.dialect == "signed_json":
        return _signed_json(manifest, credentials, call, now)
    if rules.dialect == "receipts":
        return _receipts(manifest, credentials, call)
    if rules.dialect == "alipay":
        return _alipay(manifest, credentials, call, now)
    return _wechat(manifest, credentials, call, now)


def _in_time(stamp: str, now: datetime, window: int) -> None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 13):
        raise CallbackRefused("timestamp")
    if abs(int(stamp) - int(now.timestamp())) > window:
        raise CallbackRefused("stale")


def _wechat(manifest: Manifest, credentials: Mapping[str, Any], call: Callback, now: datetime) -> Verdict:
    rules, envelope = manifest.callback, envelope_of(manifest, credentials)
    query = call.query
    stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not nonce or len(nonce) > 128 or not envelope.token:
        raise CallbackRefused("signature")
    if call.method == "GET":
        return _checked(rules.dialect, envelope, query, now, rules.window_seconds)
    is_sealed = rules.dialect == "wecom" or query.get("encrypt_type") == "aes" or "msg_signature" in query
    digest = hashlib.sha256(call.body).hexdigest()
    if is_sealed:
        sealed = text_of(read_xml(call.body), "Encrypt")
        if not sealed or not same(query.get("msg_signature", ""), envelope.sign(stamp, nonce, sealed)):
            raise CallbackRefused("signature")
        _in_time(stamp, now, rules.window_seconds)
        message = read_xml(envelope.open(sealed))
    else:
        if not rules.plain:
            raise CallbackRefused("plain")
        if not same(query.get("signature", ""), signature(envelope.token, stamp, nonce)):
            raise CallbackRefused("signature")
        _in_time(stamp, now, rules.window_seconds)
        message = read_xml(call.body)
    return Verdict(events=(event_of(message),), nonce=f"{stamp}:{nonce}", digest=digest)


def _checked(dialect: str, envelope: Envelope, query: Mapping[str, str], now: datetime, window: int) -> Verdict:
    """The check of an address: official accounts get the text back, the WeCom family the decrypted one."""
    stamp, nonce, echo = query.get("timestamp", ""), query.get("nonce", ""), query.get("echostr", "")
    if dialect == "wecom":
        if not echo or not same(query.get("msg_signature", ""), envelope.sign(stamp, nonce, echo)):
            raise CallbackRefused("signature")
        _in_time(stamp, now, window)
        return Verdict(echo=envelope.open(echo).decode("utf-8", "replace"))
    if not echo or not same(query.get("signature", ""), signature(envelope.token, stamp, nonce)):
        raise CallbackRefused("signature")
    _in_time(stamp, now, window)
    return Verdict(echo=echo)


_SIMPLE: dict[str, EventKind] = {
    "subscribe": "followed",
    "unsubscribe": "unfollowed",
    "scan": "scanned",
    "location": "located",
    "click": "clicked",
    "view": "viewed",
    "view_miniprogram": "viewed",
    "enter_agent": "entered",
    "user_enter_tempsession": "entered",
    "change_contact": "contact",
    "kf_msg_or_event": "service_session",
    "template_card_event": "card_clicked",
    "template_card_menu_event": "card_clicked",
}
CUSTOMER_LEFT = frozenset({"del_external_contact", "del_follow_user"})
_CHOICES = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
}
_ALIKE = ("ChangeType", "UserID", "ExternalUserID", "Token")
"""What tells events apart that the corporation itself reports within one second."""
_SPOKEN = {"text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage", "file"}


def event_of(message: Tree) -> Event:
    """The event of a message of the WeChat family; what nobody knows is `unknown` and kept, never refused."""
    address, made = text_of(message, "FromUserName"), text_of(message, "CreateTime")
    kind, name = text_of(message, "MsgType").lower(), text_of(message, "Event")
    low = name.lower()
    if kind != "event":
        key = text_of(message, "MsgId") or f"{address}:{made}:{kind}"
        place = (text_of(message, "Location_X"), text_of(message, "Location_Y")) if kind == "location" else None
        spoken: EventKind = "said" if kind in _SPOKEN else "unknown"
        said = text_of(message, "Content") or text_of(message, "Recognition")
        return Event(spoken, f"m:{key}", address, said=said, place=place, theirs=kind, more=_media(message))
    more = _wecom(message)
    detail = hashlib.sha256("".join(text_of(message, name) for name in ("EventKey", *_ALIKE)).encode()).hexdigest()[:16]
    key = f"e:{address}:{made}:{low}:{detail}"
    if low == "templatesendjobfinish":
        return _job_finish(message, address, low)
    if low == "subscribe_msg_sent_event":
        return _subscription_sent(message, address, made)
    if low in _CHOICES:
        return Event("choices", key, address, theirs=low, choices=_choices(message, _CHOICES[low]))
    if low == "change_external_contact":
        return customer_changed(key, more)
    simple = _SIMPLE.get(low, "unknown")
    place = (text_of(message, "Latitude"), text_of(message, "Longitude")) if low == "location" else None
    return Event(
        simple,
        key if low != "template_card_event" else f"{key}:{text_of(message, 'ResponseCode')}",
        address,
        scene=text_of(message, "EventKey").removeprefix("qrscene_") if low in ("subscribe", "scan") else "",
        choice=text_of(message, "EventKey") if low not in ("subscribe", "scan") else "",
        place=place,
        reference=text_of(message, "TaskId"),
        stage="acted" if simple == "card_clicked" else None,
        theirs=low,
        more=more,
    )


def customer_changed(key: str, more: Mapping[str, str]) -> Event:
    """A customer added a member or left (客户联系); the state is a scene where it is one of ours."""
    kind: EventKind = "unfollowed" if more.get("ChangeType") in CUSTOMER_LEFT else "contact"
    scene = more.get("State", "")
    return Event(
        kind, key, more.get("ExternalUserID", ""), scene=scene if is_scene(scene) else "",
        theirs="change_external_contact", more=more,
    )  # fmt: skip


def _media(message: Tree) -> dict[str, str]:
    return {name: text_of(message, name) for name in ("MediaId", "Url", "Label", "AgentID") if text_of(message, name)}


def _wecom(message: Tree) -> dict[str, str]:
    names = (
        "ResponseCode",
        "ChangeType",
        "UserID",
        "ExternalUserID",
        "State",
        "WelcomeCode",
        "Token",
        "OpenKfId",
        "AgentID",
        "CardType",
    )
    return {name: text_of(message, name) for name in names if text_of(message, name)}


def _job_finish(message: Tree, address: str, low: str) -> Event:
    """A template message came to its end: success, or the two words of a failure."""
    status, number = text_of(message, "Status"), text_of(message, "MsgID")
    good = status == "success"
    return Event(
        "receipt", f"r:{number}", address, reference=number, stage="delivered" if good else "failed",
        code="" if good else status.replace(":", "_").replace(" ", "_").replace("__", "_"), theirs=low,
    )  # fmt: skip


def _rows(message: Tree, part: str) -> list[Tree]:
    inner = message.get(part, {})
    rows = inner.get("List", []) if isinstance(inner, dict) else []
    return rows if isinstance(rows, list) else [rows] if isinstance(rows, dict) else []


def _subscription_sent(message: Tree, address: str, made: str) -> Event:
    """A subscription message came to its end; error 0 is a delivery."""
    row = next(iter(_rows(message, "SubscribeMsgSentEvent")), {})
    number, error = text_of(row, "MsgID"), text_of(row, "ErrorCode")
    good = error == "0"
    return Event(
        "receipt", f"r:{number or address + made}", address, reference=number, stage="delivered" if good else "failed",
        code="" if good else error or "unknown", choice=text_of(row, "TemplateId"), theirs="subscribe_msg_sent_event",
    )  # fmt: skip


def _choices(message: Tree, part: str) -> tuple[tuple[str, str], ...]:
    return tuple((text_of(row, "TemplateId"), text_of(row, "SubscribeStatusString")) for row in _rows(message, part))


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with the values in its places; a place nobody fills stays as it is.

    >>> filled("{a}-{b}", {"a": 1})
    '1-{b}'
    """
    return _PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


def signed(rule: Signature, values: Mapping[str, Any]) -> str:
    """The HMAC-SHA256 that a manifest describes."""
    made = hmac.digest(filled(rule.key, values).encode(), filled(rule.text, values).encode(), "sha256")
    return base64.b64encode(made).decode() if rule.encode == "base64" else made.hex()


def field_at(body: Any, path: str) -> str:
    """A field of JSON by its path; empty when there is none.

    >>> field_at({"text": {"content": "hi"}}, "text.content"), field_at({}, "a.b")
    ('hi', '')
    """
    for step in path.split("."):
        body = body.get(step) if isinstance(body, dict) else None
    return "" if body is None or isinstance(body, dict | list) else str(body)


def _signed_json(manifest: Manifest, credentials: Mapping[str, Any], call: Callback, now: datetime) -> Verdict:
    """A JSON callback whose signature covers its time; a changed body is noticed by the nonce (same time, other bytes)."""
    rules = manifest.callback.signed
    if rules is None or call.method != "POST":
        raise CallbackRefused("no_callback")
    given = call.headers if rules.place == "header" else call.query
    stamp = given.get(rules.stamp, "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 13):
        raise CallbackRefused("timestamp")
    if not same(given.get(rules.sign, ""), signed(rules.signature, {**credentials, rules.unit: stamp})):
        raise CallbackRefused("signature")
    _in_time(stamp[:-3] if rules.unit == "milliseconds" else stamp, now, manifest.callback.window_seconds)
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as wrong:
        raise CallbackRefused("json") from wrong
    if not isinstance(body, dict):
        raise CallbackRefused("json")
    digest, theirs = hashlib.sha256(call.body).hexdigest(), field_at(body, rules.kind)
    said = field_at(body, rules.said).strip() if rules.said else ""
    event = Event(
        rules.kinds.get(theirs, "unknown"), f"m:{field_at(body, rules.id) or digest}", field_at(body, rules.address),
        said=said, theirs=theirs,
    )  # fmt: skip
    return Verdict(events=(event,), nonce=stamp, digest=digest, shared_seconds=SHARED_SECONDS, answer=rules.answer)


_LIFE: dict[str, EventKind] = {"follow": "followed", "unfollow": "unfollowed", "click": "clicked", "enter": "entered"}


def _alipay(manifest: Manifest, credentials: Mapping[str, Any], call: Callback, now: datetime) -> Verdict:
    """A form whose signature covers every field; who it is for and when it was made stand inside `biz_content`.

    The answer is signed too: our public key for the check of the address, else that it was taken.
    """
    try:
        pairs = parse_qsl(call.body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError as wrong:
        raise CallbackRefused("form") from wrong
    given, own = dict(pairs), str(credentials.get("app_private_key", ""))
    known = str(credentials.get("alipay_public_key", ""))
    if call.method != "POST" or len(given) != len(pairs) or given.get("sign_type") != "RSA2":
        raise CallbackRefused("form")
    if not alipay.is_signed(alipay.content_of(given), given.get("sign", ""), known):
        raise CallbackRefused("signature")
    message = read_xml(given.get("biz_content", "").encode())
    app_id = str(credentials.get("app_id", ""))
    if not app_id or text_of(message, "AppId") not in (app_id, "" if given.get("service") == _CHECK else app_id):
        raise CallbackRefused("stranger")
    if given.get("service") == _CHECK:
        return Verdict(echo=alipay.address_answer(own))
    made = text_of(message, "CreateTime")
    if not (made.isascii() and made.isdigit() and len(made) == 13):
        raise CallbackRefused("timestamp")
    _in_time(made[:-3], now, manifest.callback.window_seconds)
    digest = hashlib.sha256(call.body).hexdigest()
    event = _life_event(message, digest)
    answer = alipay.ack(event.address, app_id, str(int(now.timestamp() * 1000)), own)
    return Verdict(events=(event,), nonce=f"a:{event.key}:{made}", digest=digest, answer=answer)


_CHECK = "alipay.service.check"


def _life_event(message: Tree, digest: str) -> Event:
    """The event of a message to a life channel."""
    address = text_of(message, "FromAlipayUserId") or text_of(message, "FromUserId")
    kind, name = text_of(message, "MsgType").lower(), text_of(message, "EventType").lower()
    key = f"m:{text_of(message, 'MsgId') or digest}"
    if kind != "event":
        text = message.get("Text", {})
        said = text_of(text, "Content") if isinstance(text, dict) else ""
        return Event("said" if kind in _SPOKEN else "unknown", key, address, said=said, theirs=kind)
    choice = text_of(message, "ActionParam")
    return Event(_LIFE.get(name, "unknown"), key, address, choice=choice, theirs=name)


def _receipts(manifest: Manifest, credentials: Mapping[str, Any], call: Callback) -> Verdict:
    """A list of receipts of text messages: the secret of the address, then one event each."""
    rules = manifest.callback.receipts
    secret = str(credentials.get("callback_key", ""))
    if rules is None or call.method != "POST" or not secret or not same(call.query.get(rules.key, ""), secret):
        raise CallbackRefused("signature")
    try:
        rows = orjson.loads(call.body)
    except orjson.JSONDecodeError as wrong:
        raise CallbackRefused("json") from wrong
    if not isinstance(rows, list) or len(rows) > MOST_RECEIPTS:
        raise CallbackRefused("json")
    events = tuple(_row_event(rules, row) for row in rows)
    digest = hashlib.sha256(call.body).hexdigest()
    return Verdict(events=events, nonce=f"r:{digest}", digest=digest, answer=rules.answer)


def _row_event(rules: ReceiptList, row: Any) -> Event:
    """One row: the receipt of a message, or what somebody wrote back to one; anything else is kept as unknown."""
    reference, (name, value) = field_at(row, rules.reference), rules.good
    if not reference:
        said = field_at(row, rules.said) if rules.said else ""
        key = hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
        return Event("said" if said else "unknown", f"m:{key}", field_at(row, rules.address), said=said, theirs="reply")
    good = field_at(row, name).lower() == value.lower()
    code = "" if good else field_at(row, rules.code) or "unknown"
    stage: Told = "delivered" if good else "failed"
    more = {"ours": field_at(row, rules.ours)} if rules.ours else {}
    return Event(
        "receipt", f"r:{reference}:{stage}", reference=reference, stage=stage, code=code, theirs="report", more=more
    )
