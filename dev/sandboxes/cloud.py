"""Checks requests signed in the manner of a Chinese cloud's API 3.0 (TC3-HMAC-SHA256); SMS and real name share it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request

from sandboxes.ground import LARGEST_BODY, Json, Refusal, Sandbox

AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<date>\d{4}-\d{2}-\d{2})/(?P<service>[a-z]+)/tc3_request, ?"
    r"SignedHeaders=(?P<signed>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
WINDOW_SECONDS = 300


def failed(code: str, message: str) -> Refusal:
    """An error answer: HTTP 200 with Response.Error."""
    return Refusal({"Response": {"Error": {"Code": code, "Message": message}, "RequestId": str(uuid4())}})


def answered(content: dict[str, Any]) -> Json:
    """A good answer with its request id."""
    return Json({"Response": {**content, "RequestId": str(uuid4())}})


async def signed_body(request: Request, sandbox: Sandbox, service: str, action: str, version: str) -> dict[str, Any]:
    """The JSON body of a rightly signed request for this action; every mistake has its documented error."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise failed("AuthFailure.InvalidAuthorization", "authorization header malformed")
    if not secrets.compare_digest(found["id"].encode(), sandbox.credentials.cloud_secret_id.encode()):
        raise failed("AuthFailure.SecretIdNotFound", "the SecretId is not found")
    stamp = request.headers.get("x-tc-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > WINDOW_SECONDS:
        raise failed("AuthFailure.SignatureExpire", "the timestamp is more than five minutes off")
    body = await request.body()
    if len(body) > LARGEST_BODY:
        raise failed("RequestSizeLimitExceeded", "body too large")
    expected = _signature(request, found, int(stamp), body, sandbox.credentials.cloud_secret_key)
    if found["service"] != service or not hmac.compare_digest(found["signature"], expected):
        raise failed("AuthFailure.SignatureFailure", "the provided credentials could not be validated")
    if request.headers.get("x-tc-action") != action:
        raise failed("InvalidAction", "the request action is invalid")
    if request.headers.get("x-tc-version") != version:
        raise failed("NoSuchVersion", "the API version does not exist")
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise failed("InvalidParameter", "the body is not a JSON object")
    return value


def _signature(request: Request, found: re.Match[str], stamp: int, body: bytes, secret_key: str) -> str:
    names = found["signed"].split(";")
    if not {"content-type", "host"} <= set(names) or names != sorted(names):
        raise failed("AuthFailure.InvalidAuthorization", "content-type and host must be signed, in order")
    headers = "".join(f"{name}:{request.headers.get(name, '').strip().lower()}\n" for name in names)
    canonical = "\n".join(
        [request.method, "/", request.url.query, headers, found["signed"], hashlib.sha256(body).hexdigest()]
    )
    date = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    if date != found["date"]:
        raise failed("AuthFailure.SignatureFailure", "the credential date is not the timestamp's")
    scope = f"{date}/{found['service']}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret_key}".encode()
    for part in (date, found["service"], "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
