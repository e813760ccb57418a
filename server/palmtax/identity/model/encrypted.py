"""What WeChat hands to the mini program encrypted for us (`encryptedData`): AES-128-CBC under the session key, PKCS#7.

Source: developers.weixin.qq.com, 开放数据校验与解密. Pure.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

FRESH = timedelta(minutes=5)
"""As long as a code of the phone button is good."""


class BadEncrypted(ValueError):
    """What was encrypted is not for us, not now, or not under this key; one word for all of it."""


def session_signature(session_key: str) -> str:
    """`hmac_sha256(session_key, "")`, by which the platform knows that we hold a session key.

    >>> session_signature("o0q0otL8aEzpcZL/FT9WsQ==")[:16]
    '46e043c5525c2d81'
    """
    return hmac.digest(session_key.encode(), b"", "sha256").hex()


def opened(session_key: str, data: str, vector: str, *, app_id: str, now: datetime) -> dict[str, Any]:
    """The object inside; BadEncrypted when it cannot be opened, is for another app, or older than five minutes."""
    try:
        key, start, sealed = (base64.b64decode(one, validate=True) for one in (session_key, vector, data))
        cipher = Cipher(algorithms.AES128(key), modes.CBC(start)).decryptor()
        padded, unpadder = cipher.update(sealed) + cipher.finalize(), PKCS7(128).unpadder()
        found = orjson.loads(unpadder.update(padded) + unpadder.finalize())
    except (binascii.Error, ValueError) as wrong:
        raise BadEncrypted from wrong
    mark = found.get("watermark") if isinstance(found, dict) else None
    made = mark.get("timestamp") if isinstance(mark, dict) else None
    if not isinstance(mark, dict) or mark.get("appid") != app_id or not isinstance(made, int):
        raise BadEncrypted
    if abs(now.timestamp() - made) > FRESH.total_seconds():
        raise BadEncrypted
    return dict(found)
