"""The callbacks of the WeChat family: SHA-1 signature, AES-256-CBC envelope, XML without traps.

One scheme for official accounts, mini programs, WeCom and government WeChat; they differ in what stands at the end of the
plaintext. Every refusal is one `CallbackRefused` with a code for people who look after the channel, never for the caller.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

BLOCK = 32
"""PKCS#7 pads to 32 bytes here, not to the 16 of AES."""
LARGEST_DEPTH = 6
Tree = dict[str, "str | Tree | list[Tree]"]


class CallbackRefused(Exception):
    """A callback that is not let in; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def signature(*parts: str) -> str:
    """`hex(sha1(sorted parts, joined))`.

    >>> signature("tax2026", "1700000000", "abc123")
    '781328006998e17322a97a768759bcd72cd8653c'
    """
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 their scheme is SHA-1


def same(given: str, right: str) -> bool:
    """Whether two signatures agree, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


@dataclass(frozen=True, slots=True)
class Envelope:
    """One account's token and key: `receive_id` is the app id or corp id at the end of every plaintext."""

    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    receive_id: str

    def key(self) -> bytes:
        """The 32 bytes of the AES key."""
        try:
            key = base64.b64decode(self.encoding_aes_key + "=")
        except binascii.Error as wrong:
            raise ValueError("encoding_aes_key: 43 letters and digits") from wrong
        if len(self.encoding_aes_key) != 43 or len(key) != 32:
            raise ValueError("encoding_aes_key: 43 letters and digits")
        return key

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The `msg_signature` of an encrypted text."""
        return signature(self.token, timestamp, nonce, encrypted)

    def seal(self, plain: bytes, random: bytes | None = None) -> str:
        """Base64 of the encrypted `random(16) ‖ length(4) ‖ plain ‖ receive_id`, padded."""
        body = (random or secrets.token_bytes(16)) + len(plain).to_bytes(4) + plain + self.receive_id.encode()
        pad = BLOCK - len(body) % BLOCK
        key = self.key()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(body + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> bytes:
        """The plaintext; CallbackRefused when pad, length or receiver do not fit (all the same to the caller)."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise CallbackRefused("not_base64") from wrong
        if not sealed or len(sealed) % BLOCK:
            raise CallbackRefused("length")
        key = self.key()
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise CallbackRefused("padding")
        body = padded[:-pad]
        length = int.from_bytes(body[16:20])
        if len(body) < 20 or length > len(body) - 20:
            raise CallbackRefused("length")
        if not hmac.compare_digest(body[20 + length :], self.receive_id.encode()):
            raise CallbackRefused("receiver")
        return body[20 : 20 + length]

    def reply(self, plain: bytes, timestamp: str, nonce: str) -> str:
        """An encrypted answer as XML."""
        encrypted = self.seal(plain)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self.sign(timestamp, nonce, encrypted)}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )


def read_xml(body: bytes) -> Tree:
    """The fields of a message; nested and repeated ones too. CallbackRefused for DTDs, entities, and what is no message."""
    try:
        root = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise CallbackRefused("xml") from wrong
    if root.tag.lower() != "xml":
        raise CallbackRefused("xml")
    return _tree(root, 0)


def _tree(element: Element, depth: int) -> Tree:
    if depth > LARGEST_DEPTH:
        raise CallbackRefused("xml")
    found: Tree = {}
    for child in element:
        value: str | Tree = _tree(child, depth + 1) if len(child) else (child.text or "")
        if child.tag in found:
            before = found[child.tag]
            several = before if isinstance(before, list) else [before if isinstance(before, dict) else {"": before}]
            found[child.tag] = [*several, value if isinstance(value, dict) else {"": value}]
        else:
            found[child.tag] = value
    return found


def text_of(tree: Mapping[str, object], name: str) -> str:
    """A field as text; empty when it is missing or has parts."""
    value = tree.get(name, "")
    return value if isinstance(value, str) else ""
