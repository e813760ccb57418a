"""News of identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuthorisationGiven:
    """A taxpayer named a person; the person should be told and asked."""

    name: ClassVar[str] = "identity.authorisation_given"
    taxpayer_id: int
    authorisation_id: UUID


@dataclass(frozen=True, slots=True)
class AuthorisationAccepted:
    """The person accepted: the hat exists."""

    name: ClassVar[str] = "identity.authorisation_accepted"
    taxpayer_id: int
    authorisation_id: UUID
    person_id: int


@dataclass(frozen=True, slots=True)
class AuthorisationDenied:
    """The person denied a link to the taxpayer (冒用): the office must check it (公告2019年第48号)."""

    name: ClassVar[str] = "identity.authorisation_denied"
    taxpayer_id: int
    authorisation_id: UUID
    person_id: int
    was_from_registration: bool


@dataclass(frozen=True, slots=True)
class AuthorisationRevoked:
    """The taxpayer ended it; the hat is gone since this moment."""

    name: ClassVar[str] = "identity.authorisation_revoked"
    taxpayer_id: int
    authorisation_id: UUID


@dataclass(frozen=True, slots=True)
class RefreshReused:
    """A refresh token came twice and every session of the person was ended; the person should be told."""

    name: ClassVar[str] = "identity.refresh_reused"
    person_id: int
    session_id: UUID


@dataclass(frozen=True, slots=True)
class PeopleMerged:
    """Two accounts were one person's: what is kept by `merged_person_id` belongs to `person_id` now."""

    name: ClassVar[str] = "identity.people_merged"
    person_id: int
    merged_person_id: int
