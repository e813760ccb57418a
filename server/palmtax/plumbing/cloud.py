"""Calls signed with TC3-HMAC-SHA256, the API 3.0 of Tencent Cloud; SMS and the real-name check speak it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

import httpx

from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

CONTENT_TYPE = "application/json; charset=utf-8"
SIGNED_HEADERS = "content-type;host"
BUSY_PREFIXES = ("InternalError", "RequestLimitExceeded", "ResourceUnavailable")


@dataclass(frozen=True)
class CloudKey:
    """The access key of a cloud account, the service's address and region."""

    secret_id: str
    secret_key: str = field(repr=False)
    base_url: str
    region: str = "ap-guangzhou"


def authorization(key: CloudKey, service: str, host: str, body: bytes, at_seconds: int) -> str:
    """The Authorization header of a POST to `/` with this body, signed at this Unix second."""
    date = datetime.fromtimestamp(at_seconds, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    headers = f"content-type:{CONTENT_TYPE}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{headers}\n{SIGNED_HEADERS}\n{hashlib.sha256(body).hexdigest()}"
    text = f"TC3-HMAC-SHA256\n{at_seconds}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signing = _keyed(_keyed(_keyed(f"TC3{key.secret_key}".encode(), date), service), "tc3_request")
    signature = _keyed(signing, text).hex()
    return f"TC3-HMAC-SHA256 Credential={key.secret_id}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}"


async def call(
    http: httpx.AsyncClient, key: CloudKey, service: str, action: str, version: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """The `Response` of one action; its Error is raised as refused, or as unavailable when the service is busy."""
    body = json.dumps(content, ensure_ascii=False).encode()
    host, now = httpx.URL(key.base_url).netloc.decode(), int(time.time())
    headers = {
        "Authorization": authorization(key, service, host, body, now),
        "Content-Type": CONTENT_TYPE,
        "Host": host,
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Timestamp": str(now),
        "X-TC-Region": key.region,
    }
    try:
        answer = await http.post(key.base_url.rstrip("/") + "/", content=body, headers=headers)
    except httpx.TransportError as error:
        raise OutsideUnavailable("transport", type(error).__name__) from None
    return _response(answer)


def _response(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code != httpx.codes.OK:
        raise OutsideUnavailable(f"http_{answer.status_code}")
    try:
        response = answer.json()["Response"]
        error = response.get("Error")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OutsideUnavailable("unreadable", "no Response object") from None
    if error is not None:
        refuse(str(error.get("Code", "unknown")), str(error.get("Message", "")))
    found: dict[str, Any] = response
    return found


def refuse(code: str, text: str = "") -> NoReturn:
    """Raise what an error code of the service means: busy ones are unavailable, all others refused."""
    if code.startswith(BUSY_PREFIXES):
        raise OutsideUnavailable(code, text)
    raise OutsideRefused(code, text)


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
