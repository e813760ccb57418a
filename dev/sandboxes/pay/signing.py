"""Signatures and encryption of WeChat Pay API v3, from the platform's side."""

from __future__ import annotations

import base64
import re
import secrets
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.requests import Request

from sandboxes.ground import Refusal, Sandbox

SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300
PROBE = "WECHATPAY/SIGNTEST/"
FIELDS = ("mchid", "nonce_str", "signature", "timestamp", "serial_no")


def error(status: int, code: str, message: str) -> Refusal:
    """An error body of API v3."""
    return Refusal({"code": code, "message": message}, status)


@dataclass(frozen=True)
class Signer:
    """A platform key by the name it signs under."""

    serial_no: str
    key: RSAPrivateKey


def answer_signer(sandbox: Sandbox, wanted: str | None) -> Signer:
    """The key an answer is signed with: the one the request names in Wechatpay-Serial, else the newest certificate."""
    credentials = sandbox.credentials
    if wanted == credentials.public_key_id:
        return Signer(credentials.public_key_id, credentials.public_key)
    newest = credentials.platform_keys[-1]
    return Signer(newest.serial_no, newest.private_key)


def signed_headers(
    signer: Signer, body: bytes, *, at: float | None = None, signature: str | None = None
) -> dict[str, str]:
    """The Wechatpay-… headers of an answer or a notice; `at` and `signature` are for faults."""
    stamp, nonce = str(int(time.time() if at is None else at)), secrets.token_hex(16)
    signed = signature or sign(signer.key, f"{stamp}\n{nonce}\n".encode() + body + b"\n")
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signed,
        "Wechatpay-Serial": signer.serial_no,
        "Wechatpay-Signature-Type": SCHEME,
        "Request-ID": secrets.token_hex(16).upper(),
    }


def probe_signature() -> str:
    """A signature that WeChat Pay sends to see whether it is checked; it must be refused."""
    return PROBE + base64.b64encode(secrets.token_bytes(256)).decode()[: 344 - len(PROBE)]


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """SHA256 with RSA, base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def verifies(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether the signature is this key's."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def encrypt(sandbox: Sandbox, plain: bytes, associated: str) -> dict[str, str]:
    """AEAD_AES_256_GCM under the APIv3 key."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(sandbox.credentials.api_v3_key.encode()).encrypt(nonce.encode(), plain, associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated,
        "ciphertext": base64.b64encode(sealed).decode(),
    }


async def check_request(request: Request, sandbox: Sandbox) -> bytes:
    """The body of a rightly signed request; SIGN_ERROR (401) or PARAM_ERROR (400) otherwise."""
    body = await request.body()
    if not request.headers.get("user-agent") or "application/json" not in request.headers.get("accept", ""):
        raise error(400, "PARAM_ERROR", "Http头Accept或User-Agent缺失或错误")
    if request.method == "POST" and not request.headers.get("content-type", "").startswith("application/json"):
        raise error(400, "PARAM_ERROR", "Http头Content-Type错误")
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    found = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    if scheme != SCHEME or set(found) != set(FIELDS):
        raise error(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    if found["mchid"] != sandbox.credentials.mchid:
        raise error(401, "SIGN_ERROR", "商户号错误")
    if found["serial_no"].upper() != sandbox.credentials.merchant.serial_no:
        raise error(401, "SIGN_ERROR", "商户API证书序列号有误")
    if not found["timestamp"].isdecimal() or abs(time.time() - int(found["timestamp"])) > WINDOW_SECONDS:
        raise error(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    message = f"{request.method}\n{_path(request)}\n{found['timestamp']}\n{found['nonce_str']}\n".encode()
    public = sandbox.credentials.merchant.private_key.public_key()
    if not verifies(public, message + body + b"\n", found["signature"]):
        raise error(401, "SIGN_ERROR", "签名错误，请检查后再试")
    return body


def _path(request: Request) -> str:
    """The signed path: below our mount, as sent, with its query."""
    raw: bytes = request.scope["raw_path"]
    path = raw.decode("ascii").split("?", 1)[0].removeprefix("/pay")
    return f"{path}?{request.url.query}" if request.url.query else path
