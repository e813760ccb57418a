"""How identity's personal columns are sealed and found: one place, so that keys and ciphers can change."""

from __future__ import annotations

from palmtax import privacy

_PHONE, _NAME, _RESIDENT, _TOKEN, _CODE, _ADDRESS, _UNION = (
    "identity.phone",
    "identity.name",
    "identity.resident_id",
    "identity.token",
    "identity.code",
    "identity.address",
    "identity.union",
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


def address_hash(family: str, app_id: str, value: str) -> bytes:
    """By what an address is found; a phone as everywhere else."""
    return phone_hash(value) if family == "phone" else privacy.fingerprint(f"{family} {app_id} {value}", _ADDRESS)


def union_hash(unionid: str) -> bytes:
    """By what the accounts of one WeChat user are known to be one person's."""
    return privacy.fingerprint(unionid, _UNION)


def seal_address(family: str, value: str) -> bytes:
    """The address as it lies in the table."""
    return seal_phone(value) if family == "phone" else privacy.seal(value, _ADDRESS)


def open_address(family: str, sealed: bytes) -> str:
    """The address again."""
    return open_phone(sealed) if family == "phone" else privacy.unseal(sealed, _ADDRESS)
