"""Notices to the merchant: planned with the payment, sent, repeated on schedule, and spoiled on demand."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import time
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from sandboxes.faults import Fault
from sandboxes.ground import Sandbox, rfc3339
from sandboxes.pay.signing import Signer, answer_signer, encrypt, probe_signature, signed_headers

MINUTE, HOUR = 60.0, 3600.0
SCHEDULE = (
    15,
    15,
    30,
    3 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    *[30 * MINUTE] * 3,
    HOUR,
    *[3 * HOUR] * 3,
    *[6 * HOUR] * 2,
)
"""Gaps between tries, seconds: 24 hours and 4 minutes in all."""
ANSWER_SECONDS = 5
AT_ONCE = 50
STALE_SECONDS = 600


def plan(sandbox: Sandbox, event: str, url: str, summary: str, kind: str, resource: dict[str, Any]) -> None:
    """Plan a notice, in the caller's transaction; the `late`, `missing` and `double` faults are taken here."""
    now, faults = sandbox.now(), sandbox.faults
    fault = faults.take("pay_notice", "late", "missing", "double")
    wait = sandbox.options.notice_delay_seconds + (fault.seconds if fault and fault.kind == "late" else 0)
    sandbox.state.run(
        "insert into pay_notice values (?, ?, ?, ?, ?, ?, ?, ?, 0, null, ?)",
        str(uuid4()),
        event,
        url,
        summary,
        kind,
        json.dumps(resource, ensure_ascii=False),
        now,
        None if fault and fault.kind == "missing" else now + wait,
        1 if fault and fault.kind == "double" else 0,
    )


async def send_due(sandbox: Sandbox, http: httpx.AsyncClient) -> bool:
    """Send what is due, oldest first; whether more may be waiting."""
    due = sandbox.state.rows(
        "select * from pay_notice where next_at <= ? order by next_at limit ?", sandbox.now(), AT_ONCE
    )
    await asyncio.gather(*(_send(sandbox, http, notice) for notice in due))
    return len(due) == AT_ONCE


async def _send(sandbox: Sandbox, http: httpx.AsyncClient, notice: sqlite3.Row) -> None:
    """One try; a spoiled notice (forged, probe, tampered, stale) is sent besides, and the true one follows."""
    fault = sandbox.faults.take("pay_notice", "forged", "probe", "tampered", "stale")
    if fault:
        await _post(http, notice["url"], *_spoiled(sandbox, notice, fault))
    body = _body(sandbox, notice)
    taken = await _post(http, notice["url"], body, signed_headers(answer_signer(sandbox, None), body))
    if notice["twice"] and notice["attempt"] == 0:
        await _post(http, notice["url"], body, signed_headers(answer_signer(sandbox, None), body))
    attempt, now = notice["attempt"], sandbox.now()
    again = None if taken or attempt >= len(SCHEDULE) else now + SCHEDULE[attempt] * sandbox.options.notice_pace
    sandbox.state.run(
        "update pay_notice set attempt = ?, taken_at = ?, next_at = ? where notice_id = ?",
        attempt + 1,
        now if taken else None,
        again,
        notice["notice_id"],
    )


async def _post(http: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]) -> bool:
    fixed = {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "Mozilla/4.0"}
    try:
        answer = await http.post(url, content=body, headers=fixed | headers)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code in {200, 204}


def _body(sandbox: Sandbox, notice: sqlite3.Row) -> bytes:
    sealed = encrypt(sandbox, notice["resource"].encode(), notice["resource_type"])
    return json.dumps(
        {
            "id": notice["notice_id"],
            "create_time": rfc3339(notice["made_at"]),
            "resource_type": "encrypt-resource",
            "event_type": notice["event_type"],
            "summary": notice["summary"],
            "resource": {"original_type": notice["resource_type"], **sealed},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def _spoiled(sandbox: Sandbox, notice: sqlite3.Row, fault: Fault) -> tuple[bytes, dict[str, str]]:
    body, signer = _body(sandbox, notice), answer_signer(sandbox, None)
    if fault.kind == "probe":
        return body, signed_headers(signer, body, signature=probe_signature())
    if fault.kind == "stale":
        return body, signed_headers(signer, body, at=time.time() - STALE_SECONDS)
    if fault.kind == "forged":
        stranger = Signer(signer.serial_no, generate_private_key(public_exponent=65537, key_size=2048))
        return body, signed_headers(stranger, body)
    headers = signed_headers(signer, body)
    return body.replace(notice["notice_id"].encode(), secrets.token_hex(18).encode()), headers
