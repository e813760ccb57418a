"""An entry of the evidence log and its digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives import hashes


def sm3(content: bytes) -> bytes:
    """The SM3 digest (GB/T 32905), 32 bytes.

    >>> sm3(b"abc").hex()[:16]
    '66c7f0f462eeedd9'
    """
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | date | datetime):
        return str(value) if isinstance(value, UUID) else value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(payload: dict[str, Any]) -> bytes:
    """The one form of a payload that is digested: JSON, sorted keys, UTF-8, no spaces."""
    return orjson.dumps(payload, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def digest_of(payload: dict[str, Any]) -> bytes:
    """SM3 of the canonical form, 32 bytes."""
    return sm3(canonical(payload))


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: who, under which hat, through which channel, what, and the digest of it.

    `previous_head` is the tree head the writer knew: it ties the entry to everything before that head, so it cannot be
    back-dated behind it. `taxpayer_id` 0 stands for acts that belong to no taxpayer (sign-ins, offices).
    """

    taxpayer_id: int
    entry_id: UUID
    at: datetime
    act: str
    channel: str
    person_id: int
    hat_kind: str
    role_code: str
    session_id: UUID | None
    request_id: str
    subject_id: UUID | None
    digest: bytes
    previous_head: bytes
    summary: dict[str, Any]

    def leaf(self) -> bytes:
        """The Merkle leaf: SM3 of 0x00 and the canonical entry (RFC 6962 with SM3)."""
        body = canonical(
            {
                "taxpayer_id": self.taxpayer_id,
                "entry_id": self.entry_id,
                "at": self.at,
                "act": self.act,
                "channel": self.channel,
                "person_id": self.person_id,
                "hat_kind": self.hat_kind,
                "role_code": self.role_code,
                "session_id": self.session_id,
                "request_id": self.request_id,
                "subject_id": self.subject_id,
                "digest": self.digest.hex(),
                "previous_head": self.previous_head.hex(),
                "summary": self.summary,
            }
        )
        return sm3(b"\x00" + body)
