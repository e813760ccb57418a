"""Verbs of privacy: seal a value, open it, find it again."""

from __future__ import annotations

from palmtax.plumbing import tokens
from palmtax.privacy.adapters.software_keys import keys


def seal(text: str, about: str) -> bytes:
    """A personal value as it may lie in the database (SM4-GCM); `about` is its table and column."""
    return keys().seal(text, about)


def unseal(sealed: bytes, about: str) -> str:
    """The value again; `BrokenSeal` when it was changed or belongs to another column."""
    return keys().unseal(sealed, about)


def seal_bytes(content: bytes, about: str) -> bytes:
    """Content that is no text, sealed the same way: files, packed values."""
    return keys().seal_bytes(content, about)


def unseal_bytes(sealed: bytes, about: str) -> bytes:
    """The content again; `BrokenSeal` when it was changed or belongs to another column."""
    return keys().unseal_bytes(sealed, about)


def fingerprint(text: str, about: str) -> bytes:
    """32 bytes (HMAC-SM3) by which an equal value is found without storing it."""
    return keys().fingerprint(text, about)


tokens.seal_with(seal, unseal)  # the ground may not call us, so its access tokens are handed our seal
