"""How WeCom's callbacks are packed: always sealed, closed by the corp id; and what an answer does to a card."""

from __future__ import annotations

import secrets
import sqlite3
import time
from functools import partial

from sandboxes import chats
from sandboxes.callbacks import STALE_SECONDS, Answer, Packed, Target
from sandboxes.envelope import BadEnvelope, read_xml, xml
from sandboxes.ground import Sandbox
from sandboxes.wechat.callbacks import BOMB, OVERSIZE_BYTES
from sandboxes.wecom.family import SECTIONS, Family


def pack(server: str, sandbox: Sandbox, body: str, spoil: str) -> Packed:
    """One callback; a spoiled one is wrong in exactly the named way."""
    family = Family.of(sandbox, server)
    envelope = family.envelope.stranger() if spoil == "forged" else family.envelope
    stamp = str(int(time.time() - (STALE_SECONDS if spoil == "stale" else 0)))
    nonce = str(secrets.randbelow(10**10))
    if spoil == "oversized":
        body = body.replace("</xml>", f"<Padding>{'x' * OVERSIZE_BYTES}</Padding></xml>")
    sealed = envelope.seal(body)
    query = {"msg_signature": envelope.sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
    if spoil == "tampered":
        sealed = ("A" if sealed[0] != "A" else "B") + sealed[1:]
    text = xml({"ToUserName": family.corp_id, "AgentID": str(family.agent_id), "Encrypt": sealed})
    return Packed(query, (BOMB if spoil == "bomb" else text).encode(), {"Content-Type": "text/xml"})


def is_taken(_: Sandbox, answer: Answer) -> bool:
    """Any 200 within five seconds."""
    return answer.status == 200


def heard(server: str, sandbox: Sandbox, row: sqlite3.Row, answer: Answer) -> None:
    """A sealed reply may be a text for the member, or `update_button` for the card just answered."""
    if answer.status != 200 or not answer.body.strip():
        return
    family, fields = Family.of(sandbox, server), read_xml(answer.body.decode("utf-8", "replace"))
    given, stamp, nonce = fields.get("MsgSignature", ""), fields.get("TimeStamp", ""), fields.get("Nonce", "")
    if not family.envelope.is_signed(given, stamp, nonce, fields.get("Encrypt", "")):
        return
    try:
        reply = read_xml(family.envelope.open(fields["Encrypt"]))
    except (BadEnvelope, KeyError):
        return
    if reply.get("MsgType") == "text":
        content = {"content": reply.get("Content", "")}
        chats.add(sandbox, server, str(family.agent_id), row["sender"], "text", content)
    if reply.get("MsgType") == "update_button":
        task = read_xml(row["body"]).get("TaskId", "")
        for chat in chats.of(sandbox, server, str(family.agent_id), row["sender"]):
            if task and chat["content"].get("task_id") == task:
                content = {**chat["content"], "replace_name": reply.get("Button/ReplaceName", "")}
                chats.replace(sandbox, chat["chat_id"], content, "done")


TARGETS = {
    target: Target(target, partial(pack, server), is_taken, partial(heard, server), gaps=(5, 5))
    for server, (_, target) in SECTIONS.items()
}
