"""The web push service: only rightly signed and sealed messages reach a browser."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandboxes.running import Running


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def data(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def hkdf(salt: bytes, material: bytes, about: bytes, length: int) -> bytes:
    return hmac.digest(hmac.digest(salt, material, "sha256"), about + b"\x01", "sha256")[:length]


def seal(keys: dict[str, str], plain: bytes) -> bytes:
    """RFC 8291, written here once more, independently of the sandbox."""
    receiver, auth = data(keys["p256dh"]), data(keys["auth"])
    own, salt = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver))
    secret = hkdf(auth, shared, b"WebPush: info\x00" + receiver + point(own), 32)
    key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = hkdf(salt, secret, b"Content-Encoding: nonce\x00", 12)
    return salt + struct.pack(">I", 4096) + b"\x41" + point(own) + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


class Sender:
    """An application server with its VAPID key."""

    def __init__(self, outside: Running) -> None:
        self.outside = outside
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> str:
        return text(point(self.key))

    def jwt(self, header: dict[str, Any] | None = None, **change: Any) -> str:
        claims = {"aud": self.outside.url, "exp": int(time.time()) + 3600, "sub": "mailto:ops@palmtax.example"} | change
        head = text(json.dumps(header or {"typ": "JWT", "alg": "ES256"}).encode())
        body = f"{head}.{text(json.dumps(claims).encode())}"
        r, s = decode_dss_signature(self.key.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{body}.{text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def headers(self, **change: str) -> dict[str, str]:
        found = {
            "TTL": "60",
            "Content-Encoding": "aes128gcm",
            "Authorization": f"vapid t={self.jwt()}, k={self.public}",
        }
        return {name: value for name, value in (found | change).items() if value != "-"}


@pytest.fixture
def sender(outside: Running) -> Sender:
    return Sender(outside)


def subscribe(outside: Running, person: str, sender: Sender) -> dict[str, Any]:
    answer = outside.post("/web-push/sandbox/subscribe", json={"person": person, "applicationServerKey": sender.public})
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def browser(outside: Running, sender: Sender, request: pytest.FixtureRequest) -> dict[str, Any]:
    return subscribe(outside, request.node.name, sender)


def inbox(outside: Running, person: str) -> list[dict[str, Any]]:
    return outside.get("/web-push/sandbox/inbox", params={"person": person}).json()["messages"]


def test_a_sealed_message_is_opened_by_its_browser(
    outside: Running, sender: Sender, browser: dict[str, Any], request: pytest.FixtureRequest
):
    plain = json.dumps({"title": "申报提醒", "body": "您有1项申报即将到期"}, ensure_ascii=False)
    answer = outside.post(browser["endpoint"], content=seal(browser["keys"], plain.encode()), headers=sender.headers())
    assert (answer.status_code, answer.headers["TTL"]) == (201, "60")
    assert answer.headers["location"].startswith(outside.url)
    (found,) = inbox(outside, request.node.name)
    assert (found["text"], found["problem"]) == (plain, "")


def test_what_is_sealed_for_another_browser_is_taken_but_not_shown(
    outside: Running, sender: Sender, browser: dict[str, Any], request: pytest.FixtureRequest
):
    other = subscribe(outside, "other", sender)
    body = seal(other["keys"], b"secret")
    assert outside.post(browser["endpoint"], content=body, headers=sender.headers()).status_code == 201
    changed = seal(browser["keys"], b"secret")
    changed = changed[:-1] + bytes([changed[-1] ^ 1])
    assert outside.post(browser["endpoint"], content=changed, headers=sender.headers()).status_code == 201
    assert [(one["text"], bool(one["problem"])) for one in inbox(outside, request.node.name)] == [("", True)] * 2


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": "https://push.example"}, 401),
        ({"exp": 1}, 401),
        ({"exp": 4_102_444_800}, 401),
        ({"exp": "soon"}, 401),
        ({"sub": "me"}, 401),
        ({"header": {"alg": "none"}}, 401),
        ({"header": {"alg": "HS256"}}, 401),
    ],
)
def test_a_wrong_token_is_refused(
    outside: Running, sender: Sender, browser: dict[str, Any], claims: dict[str, Any], status: int,
    request: pytest.FixtureRequest,
):  # fmt: skip
    headers = sender.headers(Authorization=f"vapid t={sender.jwt(**claims)}, k={sender.public}")
    answer = outside.post(browser["endpoint"], content=seal(browser["keys"], b"x"), headers=headers)
    assert answer.status_code == status
    assert inbox(outside, request.node.name) == []


def test_only_the_key_subscribed_for_may_push(outside: Running, sender: Sender, browser: dict[str, Any]):
    stranger, body = Sender(outside), seal(browser["keys"], b"x")
    own_key = stranger.headers()
    borrowed = stranger.headers(Authorization=f"vapid t={stranger.jwt()}, k={sender.public}")
    assert outside.post(browser["endpoint"], content=body, headers=own_key).status_code == 403
    assert outside.post(browser["endpoint"], content=body, headers=borrowed).status_code == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Authorization": "-"}, 401), ({"Authorization": "Bearer x"}, 401), ({"Authorization": "vapid t=a.b.c, k=x"}, 401),
        ({"Authorization": "vapid t=é, k="}, 401), ({"TTL": "-"}, 400), ({"TTL": "-1"}, 400), ({"TTL": "soon"}, 400),
        ({"Urgency": "now"}, 400), ({"Topic": "a b"}, 400), ({"Topic": "x" * 33}, 400),
        ({"Content-Encoding": "aesgcm"}, 400), ({"Content-Encoding": "-"}, 400),
    ],
)  # fmt: skip
def test_wrong_headers_are_refused(
    outside: Running, sender: Sender, browser: dict[str, Any], change: dict[str, str], status: int
):
    headers = {name: value.encode() for name, value in sender.headers(**change).items()}
    answer = outside.post(browser["endpoint"], content=seal(browser["keys"], b"x"), headers=headers)
    assert answer.status_code == status


def test_the_largest_message_is_4096_bytes(outside: Running, sender: Sender, browser: dict[str, Any]):
    fits = seal(browser["keys"], b"x" * (4096 - 103))
    assert len(fits) == 4096
    assert outside.post(browser["endpoint"], content=fits, headers=sender.headers()).status_code == 201
    assert outside.post(browser["endpoint"], content=fits + b"x", headers=sender.headers()).status_code == 413


def test_a_gone_browser_is_410_and_an_unknown_one_404(outside: Running, sender: Sender, browser: dict[str, Any]):
    body = seal(browser["keys"], b"x")
    asked = {"endpoint": browser["endpoint"]}
    assert outside.post("/web-push/sandbox/unsubscribe", json=asked).json() == {"gone": 1}
    assert outside.post(browser["endpoint"], content=body, headers=sender.headers()).status_code == 410
    assert outside.post(browser["endpoint"] + "x", content=body, headers=sender.headers()).status_code == 404


def test_too_many_are_told_when_to_come_again(
    outside: Running, sender: Sender, browser: dict[str, Any], later: Callable[[float], None]
):
    def push() -> Any:
        return outside.post(browser["endpoint"], content=seal(browser["keys"], b"x"), headers=sender.headers())

    assert [push().status_code for _ in range(5)] == [201, 201, 201, 201, 429]
    assert push().headers["retry-after"] == "60"
    later(61)
    assert push().status_code == 201


def test_a_topic_takes_the_place_of_the_former(
    outside: Running, sender: Sender, browser: dict[str, Any], request: pytest.FixtureRequest
):
    for plain in (b"old", b"new"):
        headers = sender.headers(Topic="due", Urgency="high")
        outside.post(browser["endpoint"], content=seal(browser["keys"], plain), headers=headers).raise_for_status()
    assert [one["text"] for one in inbox(outside, request.node.name)] == ["new"]


def test_a_planned_refusal(outside: Running, sender: Sender, browser: dict[str, Any], fault: Callable[..., None]):
    fault("web_push", "refuse", code="503")
    answer = outside.post(browser["endpoint"], content=seal(browser["keys"], b"x"), headers=sender.headers())
    assert answer.status_code == 503
