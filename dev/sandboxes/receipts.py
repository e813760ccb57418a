"""Receipts and replies of the two SMS providers, as they push them (neither signs them: the address is the secret)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sandboxes import callbacks
from sandboxes.callbacks import STALE_SECONDS, Answer, Packed, Target
from sandboxes.ground import CHINA, Sandbox

FAILURES = {"sms": ("MK:0001", "用户关机或停机"), "sms2": ("MOBILE_NOT_ON_SERVICE", "停机或空号")}


def local(at: float) -> str:
    """Beijing time as both providers write it."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def delivered(sandbox: Sandbox, server: str, message: dict[str, Any], code: str) -> None:
    """Owe the receipt of a message: delivered when `code` is empty."""
    now = sandbox.now()
    if server == "sms":
        receipt: dict[str, Any] = {
            "user_receive_time": local(now),
            "nationcode": "86",
            "mobile": message["phone"],
            "report_status": "FAIL" if code else "SUCCESS",
            "errmsg": code or "DELIVRD",
            "description": FAILURES["sms"][1] if code else "用户短信送达成功",
            "sid": message["serial"],
            "ext": message["context"],
        }
    else:
        receipt = {
            "phone_number": message["phone"],
            "send_time": local(message["sent_at"]),
            "report_time": local(now),
            "success": not code,
            "err_code": code or "DELIVERED",
            "err_msg": FAILURES["sms2"][1] if code else "用户接收成功",
            "sms_size": "1",
            "biz_id": message["serial"],
            "out_id": message["context"],
        }
    callbacks.plan(sandbox, server, message["phone"], json.dumps([receipt], ensure_ascii=False))


def replied(sandbox: Sandbox, server: str, phone: str, sign_name: str, text: str) -> int:
    """Owe what a person wrote back, such as `TD` to unsubscribe."""
    now = sandbox.now()
    reply: dict[str, Any] = (
        {"extend": "", "mobile": phone, "nationcode": "86", "sign": sign_name, "text": text, "time": int(now)}
        if server == "sms"
        else {
            "phone_number": phone,
            "send_time": local(now),
            "content": text,
            "sign_name": sign_name,
            "dest_code": "1069",
            "sequence_id": int(now * 1000),
        }
    )
    return callbacks.plan(sandbox, server, phone, json.dumps([reply], ensure_ascii=False))


def _pack(_: Sandbox, body: str, spoil: str) -> Packed:
    told = json.loads(body)
    if spoil == "forged":
        for one in told:
            one["sid" if "sid" in one else "biz_id"] = "0000:00000000000000000000"
    if spoil == "stale":
        told = [{**one, "time": int(one["time"]) - STALE_SECONDS} if "time" in one else one for one in told]
    if spoil == "oversized":
        told *= 20_000
    content = json.dumps(told, ensure_ascii=False).encode()
    if spoil == "tampered":
        content = content[: len(content) // 2]
    if spoil == "bomb":
        content = b"[" * 100_000 + b"]" * 100_000
    return Packed({}, content, {"Content-Type": "application/json"})


def _says(name: str) -> Any:
    def is_taken(_: Sandbox, answer: Answer) -> bool:
        try:
            found = json.loads(answer.body)
        except ValueError:
            return False
        return answer.status == 200 and isinstance(found, dict) and found.get(name) == 0

    return is_taken


TARGETS = {
    "sms": Target("sms", _pack, _says("result"), gaps=(60, 300, 600)),
    "sms2": Target("sms2", _pack, _says("code"), gaps=(60, 300, 600)),
}
"""Taken when the answer says 0; how often it is repeated is assumed."""
