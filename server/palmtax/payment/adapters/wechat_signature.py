"""Signatures and encryption of WeChat Pay API v3: pure functions over text and keys."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PROBE_PREFIX = "WECHATPAY/SIGNTEST/"
WINDOW_SECONDS = 300
LEAST_KEY_BITS = 2048


class SignatureWrong(Exception):
    """A message that is not provably WeChat Pay's; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class SignedHeaders:
    """The four headers under which WeChat Pay signs."""

    serial_no: str
    timestamp: str
    nonce: str
    signature: str


def sign(key: RSAPrivateKey, *lines: str) -> str:
    """SHA256 with RSA over the lines, each ended by a newline; base64."""
    message = "".join(f"{line}\n" for line in lines).encode()
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def signed_headers(headers: Mapping[str, str], now_seconds: float) -> SignedHeaders:
    """The signature's headers; wrong when one is missing, another scheme, a probe, or more than 5 minutes off."""
    found = {name.lower(): headers[name] for name in headers}
    parts = [found.get(f"wechatpay-{name}", "") for name in ("serial", "timestamp", "nonce", "signature")]
    if not all(parts):
        raise SignatureWrong("unsigned")
    if found.get("wechatpay-signature-type", SCHEME) != SCHEME:
        raise SignatureWrong("other scheme")
    signed = SignedHeaders(*parts)
    if signed.signature.startswith(PROBE_PREFIX):
        raise SignatureWrong("probe")
    if not (signed.timestamp.isascii() and signed.timestamp.isdecimal() and len(signed.timestamp) <= 12):
        raise SignatureWrong("timestamp malformed")
    if abs(now_seconds - int(signed.timestamp)) > WINDOW_SECONDS:
        raise SignatureWrong("timestamp more than 5 minutes off")
    return signed


def verify(key: RSAPublicKey, signed: SignedHeaders, body: bytes) -> None:
    """Nothing, when the body is signed by this key; wrong otherwise."""
    message = f"{signed.timestamp}\n{signed.nonce}\n".encode() + body + b"\n"
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        raise SignatureWrong("signature does not hold") from None


def unseal(api_v3_key: str, sealed: Mapping[str, object]) -> bytes:
    """The plain text of an AEAD_AES_256_GCM resource (tag = last 16 bytes); wrong when the seal is broken.

    >>> unseal(
    ...     "0123456789abcdef" * 2,
    ...     {
    ...         "algorithm": "AEAD_AES_256_GCM",
    ...         "nonce": "fdasflkja484",
    ...         "associated_data": "transaction",
    ...         "ciphertext": "DUcHkaT6Ar5NbFcP4dHc0mQPviqVoryCQYZkx72M9HOV7zfzpxNFhao=",
    ...     },
    ... )
    b'{"trade_state":"SUCCESS"}'
    """
    if sealed.get("algorithm") != "AEAD_AES_256_GCM":
        raise SignatureWrong("other encryption")
    nonce, text, associated = sealed.get("nonce"), sealed.get("ciphertext"), sealed.get("associated_data") or ""
    if not (isinstance(nonce, str) and isinstance(text, str) and isinstance(associated, str)):
        raise SignatureWrong("resource malformed")
    try:
        cipher = base64.b64decode(text, validate=True)
        return AESGCM(api_v3_key.encode()).decrypt(nonce.encode(), cipher, associated.encode())
    except (InvalidTag, ValueError):
        raise SignatureWrong("seal broken") from None


def private_key(pem: str) -> RSAPrivateKey:
    """The merchant's key; ValueError unless it is RSA of at least 2048 bits."""
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_KEY_BITS:
        raise ValueError("the merchant key must be RSA of at least 2048 bits")
    return key


def public_key(pem: str) -> RSAPublicKey:
    """WeChat Pay's public key; ValueError unless it is RSA of at least 2048 bits."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_KEY_BITS:
        raise ValueError("the WeChat Pay public key must be RSA of at least 2048 bits")
    return key
