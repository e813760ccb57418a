"""How identity's personal columns are sealed and found: one place, so that keys and ciphers can change."""

from __future__ import annotations

from palmtax import privacy

_PHONE, _NAME, _RESIDENT, _TOKEN, _CODE = (
    "identity.phone",
    "identity.name",
    "identity.resident_id",
    "identity.token",
    "identity.code",
)


def phone_hash(phone: str) -> bytes:
    """By what a phone is found."""
    return privacy.fingerprint(phone, _PHONE)


def resident_hash(resident_id: str) -> bytes:
    """By what a resident identity number is found."""
    return privacy.fingerprint(resident_id, _RESIDENT)


def token_hash(token: str) -> bytes:
    """What is kept of a token or a secret."""
    return privacy.fingerprint(token, _TOKEN)


def code_hash(phone: str, purpose: str, code: str) -> bytes:
    """What is kept of a one-time code: worthless for another phone or purpose."""
    return privacy.fingerprint(f"{purpose} {phone} {code}", _CODE)


def seal_phone(phone: str) -> bytes:
    """The phone as it lies in the table."""
    return privacy.seal(phone, _PHONE)


def seal_name(name: str) -> bytes:
    """The name as it lies in the table."""
    return privacy.seal(name, _NAME)


def seal_resident_id(resident_id: str) -> bytes:
    """The identity number as it lies in the table."""
    return privacy.seal(resident_id, _RESIDENT)


def open_phone(sealed: bytes) -> str:
    """The phone again."""
    return privacy.unseal(sealed, _PHONE)


def open_name(sealed: bytes | None) -> str:
    """The name again; empty when none is known."""
    return privacy.unseal(sealed, _NAME) if sealed is not None else ""


def open_resident_id(sealed: bytes) -> str:
    """The identity number again."""
    return privacy.unseal(sealed, _RESIDENT)
