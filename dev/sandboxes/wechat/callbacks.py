"""How WeChat's callbacks are packed (plain or sealed) and what a passive reply does to the chat."""

from __future__ import annotations

import secrets
import sqlite3
import time
from functools import partial

from sandboxes import chats
from sandboxes.callbacks import STALE_SECONDS, Answer, Packed, Target
from sandboxes.envelope import BadEnvelope, read_xml, signature, xml
from sandboxes.ground import Sandbox
from sandboxes.wechat.apps import MINI, SECTIONS, App, Apps

UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
"""What the follower reads when nothing, or nonsense, came back."""
OVERSIZE_BYTES = 2 * 1024 * 1024
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<xml><Encrypt>&x;</Encrypt><Content>&c;&x;</Content></xml>"
)


def is_sealed(sandbox: Sandbox, channel: str) -> bool:
    """Whether this app's callbacks are encrypted (safe mode); set by `POST /wechat/sandbox/mode`."""
    return sandbox.state.setting(f"sealed:{channel}", "1") == "1"


def pack(channel: str, sandbox: Sandbox, body: str, spoil: str) -> Packed:
    """One callback; a spoiled one is wrong in exactly the named way."""
    app = _app(sandbox, channel)
    envelope = app.envelope.stranger() if spoil == "forged" else app.envelope
    stamp = str(int(time.time() - (STALE_SECONDS if spoil == "stale" else 0)))
    nonce = str(secrets.randbelow(10**10))
    if spoil == "oversized":
        body = body.replace("</xml>", f"<Padding>{'x' * OVERSIZE_BYTES}</Padding></xml>")
    openid = read_xml(body).get("FromUserName", "")
    query = {"signature": signature(envelope.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": openid}
    headers = {"Content-Type": "text/xml"}
    if spoil == "bomb":
        return Packed(query, BOMB.encode(), headers)
    if not is_sealed(sandbox, channel):
        # In plain mode the body is not signed: only the query can be wrong.
        if spoil == "tampered":
            query["nonce"] = str(int(nonce) + 1)
        return Packed(query, body.encode(), headers)
    sealed = envelope.seal(body)
    query |= {"encrypt_type": "aes", "msg_signature": envelope.sign(stamp, nonce, sealed)}
    if spoil == "tampered":
        sealed = ("A" if sealed[0] != "A" else "B") + sealed[1:]
    return Packed(query, xml({"ToUserName": app.original_id, "Encrypt": sealed}).encode(), headers)


def is_taken(_: Sandbox, answer: Answer) -> bool:
    """Any 200 within five seconds ends it, whatever it says."""
    return answer.status == 200


def heard(channel: str, sandbox: Sandbox, row: sqlite3.Row, answer: Answer) -> None:
    """`success` or nothing: silence. A reply in XML: a message. Anything else: the follower reads the failure text."""
    app, asked = _app(sandbox, channel), read_xml(row["body"])
    if app.kind == MINI or asked.get("Event") in {"unsubscribe", "TEMPLATESENDJOBFINISH", "subscribe_msg_sent_event"}:
        return
    text = answer.body.decode("utf-8", "replace").strip()
    if answer.status == 200 and text in {"", "success"}:
        return
    reply = _reply(app, text, sealed=is_sealed(sandbox, channel)) if answer.status == 200 else {}
    if reply.get("MsgType") == "text" and reply.get("ToUserName") == asked.get("FromUserName"):
        chats.add(sandbox, "wechat", app.app_id, row["sender"], "text", {"content": reply.get("Content", "")})
    else:
        chats.add(sandbox, "wechat", app.app_id, row["sender"], "failure", {"content": UNAVAILABLE})


def _reply(app: App, text: str, *, sealed: bool) -> dict[str, str]:
    fields = read_xml(text)
    if not sealed:
        return fields
    given, stamp, nonce = fields.get("MsgSignature", ""), fields.get("TimeStamp", ""), fields.get("Nonce", "")
    if not app.envelope.is_signed(given, stamp, nonce, fields.get("Encrypt", "")):
        return {}
    try:
        return read_xml(app.envelope.open(fields.get("Encrypt", "")))
    except BadEnvelope:
        return {}


def _app(sandbox: Sandbox, channel: str) -> App:
    return next(app for app in Apps(sandbox).all if app.channel == channel)


TARGETS = {
    channel: Target(channel, partial(pack, channel), is_taken, partial(heard, channel), gaps=(5, 5))
    for channel in SECTIONS
}
