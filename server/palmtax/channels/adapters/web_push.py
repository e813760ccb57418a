"""Web Push: encrypted for one browser (RFC 8291, aes128gcm), signed as the application server (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from palmtax.channels.adapters import EVERY_KIND, Ports
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent, utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT = EVERY_KIND
"""`Topic` replaces a message of the same name that waits at the push service."""
DAY = 86_400
_POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A VAPID key: the 32 bytes of its number, base64url."""
    return ec.derive_private_key(int.from_bytes(_raw(text)), ec.SECP256R1())


def public_key(section: Mapping[str, Any]) -> str:
    """The public half of the channel's VAPID key, as browsers take it."""
    return _b64(private_key(str(section["vapid_private_key"])).public_key().public_bytes(*_POINT))


def sealed(plain: bytes, receiver: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of RFC 8188 with one record; `own` is made for this message alone."""
    public = own.public_key().public_bytes(*_POINT)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver))
    secret = _expand(auth, shared, b"WebPush: info\0" + receiver + public, 32)
    key, nonce = (
        _expand(salt, secret, b"Content-Encoding: aes128gcm\0", 16),
        _expand(salt, secret, b"Content-Encoding: nonce\0", 12),
    )
    head = salt + (4096).to_bytes(4) + bytes([len(public)]) + public
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _expand(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    """HKDF with one block."""
    return hmac.digest(hmac.digest(salt, material, "sha256"), info + b"\x01", "sha256")[:length]


def vapid(key: ec.EllipticCurvePrivateKey, audience: str, subject: str, until: int) -> str:
    """The Authorization header: an ES256 token for this push service."""
    head = _b64(orjson.dumps({"typ": "JWT", "alg": "ES256"}))
    claims = _b64(orjson.dumps({"aud": audience, "exp": until, "sub": subject}))
    r, s = decode_dss_signature(key.sign(f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256())))
    public = _b64(key.public_key().public_bytes(*_POINT))
    return f"vapid t={head}.{claims}.{_b64(r.to_bytes(32) + s.to_bytes(32))}, k={public}"


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One push to one browser; the address is its subscription as JSON `{endpoint, keys: {p256dh, auth}}`."""
    section = ports.section(channel)
    endpoint, receiver, auth = _subscription(out.address)
    place = urlsplit(endpoint)
    if f"{place.scheme}://{place.netloc}".lower() not in _allowed(ports, channel, section):
        raise OutsideRefused("endpoint_unknown", "this push service is not on the list")
    plain = orjson.dumps({"title": utf8_cut(out.title, 300), "body": utf8_cut(out.short, 900), "link": out.link})
    body = sealed(plain, receiver, auth, ec.generate_private_key(ec.SECP256R1()), os.urandom(16))
    headers = {
        "Authorization": vapid(
            private_key(str(section["vapid_private_key"])), f"{place.scheme}://{place.netloc}", str(section["subject"]),
            int(ports.now()) + DAY // 2,
        ),
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(DAY), "Urgency": "normal",
        "Topic": hashlib.sha256(out.reference.encode()).hexdigest()[:32],
    }  # fmt: skip
    try:
        answer = await ports.http(channel).post(endpoint, content=body, headers=headers)
    except httpx.TransportError as error:
        raise OutsideUnavailable("transport", type(error).__name__) from None
    if answer.is_success:
        if answer.status_code == 200 and "location" not in answer.headers:
            raise OutsideUnavailable("unreadable", "200 without Location")  # RFC 8030 §5: accepted is 201
        return Sent(answer.headers.get("location", out.reference)[-200:])
    kind = OutsideUnavailable if answer.status_code == 429 or answer.status_code >= 500 else OutsideRefused
    raise kind(f"http_{answer.status_code}")


def _allowed(ports: Ports, channel: Channel, section: Any) -> set[str]:
    """Push services that we call: an address comes from a browser, so it is never believed, nor its port or a name before @."""
    own = urlsplit(ports.base(channel))
    listed = {f"https://{host}".lower() for host in section.get("hosts", ())}
    return listed | ({f"{own.scheme}://{own.netloc}"} if own.netloc else set())


def _subscription(text: str) -> tuple[str, bytes, bytes]:
    try:
        read = orjson.loads(text)
        endpoint, keys = str(read["endpoint"]), read["keys"]
        receiver, auth = _raw(keys["p256dh"]), _raw(keys["auth"])
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise OutsideRefused("subscription_unreadable") from None
    if len(receiver) != 65 or len(auth) != 16:
        raise OutsideRefused("subscription_unreadable")
    return endpoint, receiver, auth
