"""A web push service (RFC 8030) with VAPID (RFC 8292), and the browsers that open its messages (RFC 8188, RFC 8291)."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
import sqlite3
import struct
import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandboxes.control import PAGES
from sandboxes.ground import Json, Refusal, Sandbox, read_object

LARGEST_BYTES = 4096
LONGEST_JWT_SECONDS = 24 * 3600
URGENCIES = frozenset({"very-low", "low", "normal", "high"})
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Undecipherable(Exception):
    """The browser cannot open the message and drops it."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /web-push."""

    async def push(request: Request) -> Response:
        """`POST /push/{id}`: 201 accepted, 400, 401, 403, 404, 410, 413, 429."""
        try:
            row = _subscription(sandbox, request.path_params["push_id"])
            _check_sender(sandbox, request, row)
            body = await _checked_body(request)
            _count(sandbox, row["application_key"])
        except Refusal as refusal:
            retry = {"Retry-After": "60"} if refusal.status == 429 else {}
            return Json(refusal.content, refusal.status, headers=retry)
        message_id = _deliver(sandbox, row, request, body)
        location = f"{sandbox.options.public_url}/web-push/message/{message_id}"
        return PlainTextResponse("", 201, headers={"Location": location, "TTL": request.headers["ttl"]})

    async def subscribe(request: Request) -> Response:
        """`POST /sandbox/subscribe {person, applicationServerKey}`: what `pushManager.subscribe` gives."""
        asked = await read_object(request) or {}
        key = asked.get("applicationServerKey", "")
        if not asked.get("person") or not isinstance(key, str) or (key and _point(key) is None):
            return Json({"error": "person, and applicationServerKey as a base64url P-256 point"}, 422)
        private, auth, push_id = (
            ec.generate_private_key(ec.SECP256R1()),
            secrets.token_bytes(16),
            secrets.token_urlsafe(24),
        )
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        sandbox.state.run(
            "insert into push_subscription values (?, ?, ?, ?, ?, ?, null)",
            push_id,
            str(asked["person"]),
            pem,
            _text(auth),
            key,
            sandbox.now(),
        )
        endpoint = f"{sandbox.options.public_url}/web-push/push/{push_id}"
        keys = {"p256dh": _text(_bytes_of(private.public_key())), "auth": _text(auth)}
        return Json({"endpoint": endpoint, "expirationTime": None, "keys": keys}, 201)

    async def unsubscribe(request: Request) -> Response:
        """`POST /sandbox/unsubscribe {endpoint | person}`: gone from now on (410)."""
        asked = await read_object(request) or {}
        gone = sandbox.state.run(
            "update push_subscription set gone_at = ? where gone_at is null and (push_id = ? or person = ?)",
            sandbox.now(),
            str(asked.get("endpoint", "")).rpartition("/")[2],
            str(asked.get("person", "")),
        )
        return Json({"gone": gone})

    async def inbox(request: Request) -> Response:
        """`GET /sandbox/inbox?person=`: notifications, newest first."""
        rows = sandbox.state.rows(
            "select m.*, s.person from push_message m join push_subscription s on s.push_id = m.push_id"
            " where ? in ('', s.person) order by m.at desc limit 100",
            request.query_params.get("person", ""),
        )
        return Json({"messages": [dict(row) for row in rows]})

    async def page(_: Request) -> Response:
        return HTMLResponse((PAGES / "push.html").read_text())

    return [
        Route("/push/{push_id}", push, methods=["POST"]),
        Route("/sandbox/subscribe", subscribe, methods=["POST"]),
        Route("/sandbox/unsubscribe", unsubscribe, methods=["POST"]),
        Route("/sandbox/inbox", inbox, methods=["GET"]),
        Route("/sandbox/", page, methods=["GET"]),
    ]


def _refused(status: int, reason: str) -> Refusal:
    return Refusal({"code": status, "errno": status, "error": reason}, status)


def _subscription(sandbox: Sandbox, push_id: str) -> sqlite3.Row:
    fault = sandbox.faults.take("web_push", "refuse")
    if fault:
        raise _refused(int(fault.code or 503), "planned")
    row = sandbox.state.row("select * from push_subscription where push_id = ?", push_id)
    if row is None:
        raise _refused(404, "no such subscription")
    if row["gone_at"] is not None:
        raise _refused(410, "the subscription is gone")
    return row


def _check_sender(sandbox: Sandbox, request: Request, row: sqlite3.Row) -> None:
    """RFC 8292: a JWT (ES256) for this origin, not expired, at most 24 hours ahead, by the subscription's key."""
    found = re.fullmatch(r"vapid\s+(.+)", request.headers.get("authorization", ""), re.IGNORECASE)
    parts = dict(part.strip().split("=", 1) for part in found[1].split(",") if "=" in part) if found else {}
    if not {"t", "k"} <= set(parts):
        raise _refused(401, "Authorization must be: vapid t=…, k=…")
    claims = _claims(parts["t"], parts["k"])
    origin = urlsplit(sandbox.options.public_url)
    if claims.get("aud") != f"{origin.scheme}://{origin.netloc}":
        raise _refused(401, "aud is not the origin of the endpoint")
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or not time.time() < expires <= time.time() + LONGEST_JWT_SECONDS:
        raise _refused(401, "exp is past, or more than 24 hours ahead")
    if not str(claims.get("sub", "mailto:")).startswith(("mailto:", "https:")):
        raise _refused(401, "sub must be mailto: or https:")
    if row["application_key"] and row["application_key"].rstrip("=") != parts["k"].rstrip("="):
        raise _refused(403, "not the key the subscription was made for")


def _claims(token: str, key: str) -> dict[str, Any]:
    point = _point(key)
    try:
        head, body, signed = token.split(".")
        header, claims, raw = json.loads(_data(head)), json.loads(_data(body)), _data(signed)
        if point is None or header.get("alg") != "ES256" or len(raw) != 64:
            raise _refused(401, "JWT or key malformed")
        numbers = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        point.verify(numbers, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    except (ValueError, AttributeError, TypeError, InvalidSignature):
        raise _refused(401, "JWT malformed or not signed by k") from None
    if not isinstance(claims, dict):
        raise _refused(401, "JWT malformed")
    return claims


async def _checked_body(request: Request) -> bytes:
    if not re.fullmatch(r"\d{1,9}", request.headers.get("ttl", "")):
        raise _refused(400, "TTL is missing")
    if request.headers.get("urgency", "normal") not in URGENCIES:
        raise _refused(400, "Urgency is unknown")
    if "topic" in request.headers and not TOPIC.fullmatch(request.headers["topic"]):
        raise _refused(400, "Topic must be 1 to 32 characters of base64url")
    body = await request.body()
    if len(body) > LARGEST_BYTES:
        raise _refused(413, "at most 4096 bytes")
    if body and request.headers.get("content-encoding") != "aes128gcm":
        raise _refused(400, "Content-Encoding must be aes128gcm")
    return body


def _count(sandbox: Sandbox, key: str) -> None:
    name = f"push:{key}"
    if sandbox.count(name, 60) >= sandbox.options.limits.push_per_minute:
        raise _refused(429, "too many requests")
    sandbox.happened(name)


def _deliver(sandbox: Sandbox, row: sqlite3.Row, request: Request, body: bytes) -> str:
    """The service took it; the browser opens it, or drops it and only the sandbox's page says why."""
    message_id, topic, text, problem = secrets.token_urlsafe(16), request.headers.get("topic", ""), "", ""
    if body:
        try:
            text = opened(row["private_key"], _data(row["auth"]), body).decode()
        except (Undecipherable, UnicodeDecodeError) as error:
            problem = str(error) or type(error).__name__
    if topic:
        # A newer message of the same topic takes the place of the one still there.
        sandbox.state.run("delete from push_message where push_id = ? and topic = ?", row["push_id"], topic)
    urgency = request.headers.get("urgency", "normal")
    sandbox.state.run(
        "insert into push_message values (?, ?, ?, ?, ?, ?, ?)",
        message_id,
        row["push_id"],
        topic,
        urgency,
        text,
        problem,
        sandbox.now(),
    )
    return message_id


def opened(private_pem: str, auth: bytes, body: bytes) -> bytes:
    """RFC 8188 with the keys of RFC 8291: salt(16) ‖ record size(4) ‖ length(1) ‖ sender's point ‖ one sealed record."""
    private = serialization.load_pem_private_key(private_pem.encode(), password=None)
    if len(body) < 21 + 65 + 17 or body[20] != 65 or not isinstance(private, ec.EllipticCurvePrivateKey):
        raise Undecipherable("header too short, or the sender's key is not a P-256 point")
    salt, size, sender_bytes, sealed = body[:16], struct.unpack(">I", body[16:20])[0], body[21:86], body[86:]
    if size < 18 or len(sealed) > size:
        raise Undecipherable("more than one record")
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_bytes)
    except ValueError:
        raise Undecipherable("the sender's point is not on the curve") from None
    shared = private.exchange(ec.ECDH(), sender)
    about = b"WebPush: info\x00" + _bytes_of(private.public_key()) + sender_bytes
    secret = _hkdf(auth, shared, about, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\x00", 12)
    try:
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
    except InvalidTag:
        raise Undecipherable("not sealed for this subscription") from None
    if not plain.endswith(b"\x02"):
        raise Undecipherable("the last record does not end with 2")
    return plain[:-1]


def _hkdf(salt: bytes, material: bytes, about: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256, one block."""
    return hmac.digest(hmac.digest(salt, material, "sha256"), about + b"\x01", "sha256")[:length]


def _point(text: str) -> ec.EllipticCurvePublicKey | None:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _data(text))
    except ValueError:
        return None


def _bytes_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _data(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
