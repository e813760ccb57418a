"""Alipay's signature RSA2 and the answers its gateway wants; no network, no clock.

Source: opendocs.alipay.com, signing (RSA2) and the developer gateway of life channels; channels.md §8.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


def content_of(parameters: Mapping[str, str]) -> str:
    """What is signed: every parameter but `sign` that is not empty, by name.

    >>> content_of({"b": "2", "a": "1", "empty": "", "sign": "x"})
    'a=1&b=2'
    """
    return "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if value and name != "sign")


def sign(text: str, private_pem: str) -> str:
    """SHA256withRSA in base64; TypeError when it is no RSA key."""
    key = serialization.load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("not an RSA key")
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()


def is_signed(text: str, signature: str, public_pem: str) -> bool:
    """Whether Alipay signed this text."""
    try:
        key = serialization.load_pem_public_key(public_pem.encode())
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def public_pem_of(private_pem: str) -> str:
    """The public half of our key; the gateway's check of an address wants it without its frame."""
    key = serialization.load_pem_private_key(private_pem.encode(), password=None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def answered(inner: str, private_pem: str) -> str:
    """An answer to the gateway: what is inside `response`, signed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alipay>'
        f"<response>{inner}</response><sign>{sign(inner, private_pem)}</sign><sign_type>RSA2</sign_type></alipay>"
    )


def address_answer(private_pem: str) -> str:
    """The answer to the check of our address: our public key."""
    bare = "".join(public_pem_of(private_pem).splitlines()[1:-1])
    return answered(f"<success>true</success><biz_content>{bare}</biz_content>", private_pem)


def ack(user: str, app_id: str, stamp: str, private_pem: str) -> str:
    """The answer to a message: taken."""
    fields = {"ToUserId": user, "AppId": app_id, "CreateTime": stamp, "MsgType": "ack"}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return answered(f"<XML>{inner}</XML>", private_pem)


def raw_answer(text: str, name: str) -> tuple[str, dict[str, Any], str]:
    """The answer under `name` as it was written (that is what is signed), read, and its signature.

    Errors: ValueError when it is not JSON or nothing stands there, TypeError when it is no object.
    """
    whole = json.loads(text)
    place = text.index(f'"{name}"') + len(name) + 2
    start = text.index(":", place) + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    read, end = json.JSONDecoder().raw_decode(text, start)
    if not isinstance(read, dict) or not isinstance(whole, dict):
        raise TypeError("not an object")
    return text[start:end], read, str(whole.get("sign", ""))
