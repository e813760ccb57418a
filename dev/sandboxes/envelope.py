"""The sealed envelope of the WeChat family's callbacks: SHA-1 signature over sorted parts, AES-256-CBC around the text.

WeChat, WeCom, government WeChat and DingTalk share it; they differ in what stands around it (XML or JSON) and in whose
id closes the text (app id, corp id, app key).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""Padding goes to a multiple of 32, not of the cipher's 16."""


class BadEnvelope(Exception):
    """The envelope was not sealed with our key, or not for us."""


def signature(*parts: str) -> str:
    """SHA-1, hex, of the parts sorted and joined: token, timestamp, nonce and, when sealed, the sealed text."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # the protocol's own


@dataclass(frozen=True)
class Envelope:
    """One account's callback secrets."""

    token: str
    encoding_aes_key: str
    receive_id: str

    @property
    def key(self) -> bytes:
        """The 32 bytes behind the 43 characters."""
        return base64.b64decode(self.encoding_aes_key + "=")

    def seal(self, text: str, random: bytes = b"") -> str:
        """random(16) ‖ length(4, big-endian) ‖ text ‖ receive id, padded, encrypted, base64; `random` for test vectors."""
        message = text.encode()
        plain = (random or secrets.token_bytes(16)) + struct.pack(">I", len(message)) + message
        plain += self.receive_id.encode()
        pad = BLOCK - len(plain) % BLOCK
        sealer = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).encryptor()
        return base64.b64encode(sealer.update(plain + bytes([pad]) * pad) + sealer.finalize()).decode()

    def open(self, sealed: str) -> str:
        """The text inside; `BadEnvelope` when padding, length or receiver are not right."""
        try:
            data = base64.b64decode(sealed, validate=True)
            opener = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).decryptor()
            plain = opener.update(data) + opener.finalize()
        except ValueError as error:
            raise BadEnvelope("not a whole number of blocks of base64") from error
        if not plain or not 1 <= plain[-1] <= BLOCK:
            raise BadEnvelope("padding")
        plain = plain[: -plain[-1]]
        length = struct.unpack(">I", plain[16:20])[0] if len(plain) >= 20 else len(plain)
        if 20 + length > len(plain):
            raise BadEnvelope("length")
        if plain[20 + length :] != self.receive_id.encode():
            raise BadEnvelope("sealed for somebody else")
        return plain[20 : 20 + length].decode()

    def stranger(self) -> Envelope:
        """Somebody else's secrets for the same receiver: what a forger has."""
        key = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(43))
        return Envelope(secrets.token_hex(12), key, self.receive_id)

    def sign(self, timestamp: str, nonce: str, sealed: str = "") -> str:
        """The (msg_)signature of a callback."""
        return signature(*[part for part in (self.token, timestamp, nonce, sealed) if part])

    def is_signed(self, given: str, timestamp: str, nonce: str, sealed: str = "") -> bool:
        """Whether an answer's signature is ours."""
        return hmac.compare_digest(given.encode(), self.sign(timestamp, nonce, sealed).encode())


def xml(fields: Mapping[str, object], root: str = "xml") -> str:
    """Fields the way the platforms write them: text in CDATA, numbers bare, dicts and lists nested."""
    return f"<{root}>{_inner(fields)}</{root}>"


def _inner(fields: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in _pairs(fields))


def _pairs(fields: Mapping[str, object]) -> list[tuple[str, object]]:
    """A list stands for its element repeated."""
    return [(name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]


def _value(value: object) -> str:
    if isinstance(value, dict):
        return _inner(value)
    if isinstance(value, int):
        return str(value)
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def read_xml(text: str) -> dict[str, str]:
    """The fields of an answer, those one level deeper as `Outer/Inner`; empty when it is no XML. No DTD is read."""
    if "<!" in text.replace("<![CDATA[", ""):
        return {}
    try:
        root = ET.fromstring(text)  # noqa: S314  # no DTD reaches it
    except ET.ParseError:
        return {}
    inner = {f"{child.tag}/{one.tag}": one.text or "" for child in root for one in child}
    return {child.tag: child.text or "" for child in root} | inner
