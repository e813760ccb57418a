"""The software cipher: SM4-GCM for sealing and HMAC-SM3 for look-ups, both from one master key."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pydantic import Field

from palmtax.plumbing.settings import Section, Settings

_FORM = 1
_NONCE, _TAG = 12, 16


class PrivacySettings(Section):
    """The key that guards personal data. Lost key, lost data: keep it outside the database's backup."""

    section: ClassVar[str] = "privacy"
    master_key: str = Field(
        "",
        pattern=r"^([0-9a-f]{64})?$",
        description="32 bytes in hexadecimal; empty: the key file is used",
        json_schema_extra={"secret": True},
    )
    key_file: Path = Field(
        Path("var/keys/privacy.key"), description="file with the key; made at the first start if it is missing"
    )


class BrokenSeal(ValueError):
    """A sealed value that was changed, belongs to another column, or was made with another key."""


def _mac(key: bytes, *parts: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SM3())
    for part in parts:
        made.update(len(part).to_bytes(4, "big") + part)
    return made.finalize()


class SoftwareKeys:
    """Seals and fingerprints values; a certified device replaces this class behind the same three verbs."""

    def __init__(self, master: bytes) -> None:
        self._seal = _mac(master, b"palmtax seal")[:16]
        self._fingerprint = _mac(master, b"palmtax fingerprint")

    def seal(self, text: str, about: str) -> bytes:
        """Encrypt with SM4-GCM; `about` names the column, so that a value cannot be moved to another."""
        return self.seal_bytes(text.encode(), about)

    def unseal(self, sealed: bytes, about: str) -> str:
        """Decrypt; `BrokenSeal` when the value is not what was sealed for this column."""
        return self.unseal_bytes(sealed, about).decode()

    def seal_bytes(self, content: bytes, about: str) -> bytes:
        """The same for content that is no text: files, packed values."""
        nonce = os.urandom(_NONCE)
        cipher = Cipher(algorithms.SM4(self._seal), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(about.encode())
        body = cipher.update(content) + cipher.finalize()
        return bytes([_FORM]) + nonce + body + cipher.tag

    def unseal_bytes(self, sealed: bytes, about: str) -> bytes:
        """The content again; `BrokenSeal` when it was changed or belongs to another column."""
        if len(sealed) < 1 + _NONCE + _TAG or sealed[0] != _FORM:
            raise BrokenSeal("unknown form")
        nonce, body, tag = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : -_TAG], sealed[-_TAG:]
        cipher = Cipher(algorithms.SM4(self._seal), modes.GCM(nonce, tag)).decryptor()
        cipher.authenticate_additional_data(about.encode())
        try:
            return bytes(cipher.update(body) + cipher.finalize())
        except InvalidTag:
            raise BrokenSeal(about) from None

    def fingerprint(self, text: str, about: str) -> bytes:
        """32 bytes by which an equal value is found again; worthless without the key (HMAC-SM3)."""
        return _mac(self._fingerprint, about.encode(), text.encode())


def _key_from_file(path: Path) -> bytes:
    """The key in the file; made with mode 600 when there is none. Two processes at once agree on one key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails when another process was first: its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())


@lru_cache(maxsize=1)
def keys() -> SoftwareKeys:
    """The keys of this process, read once."""
    settings = Settings().of(PrivacySettings)
    return SoftwareKeys(
        bytes.fromhex(settings.master_key) if settings.master_key else _key_from_file(settings.key_file)
    )
