"""People, their hats and devices, as the store gives them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from palmtax.base.actor import HatKind
from palmtax.base.identifiers import mask_name, uuid7
from palmtax.identity.model.roles import ROLES, role_name

NO_END = date(9999, 12, 31)
"""长期: an authorisation that comes from the registration has no end."""

AuthorisationState = Literal["waiting", "active", "revoked", "denied", "ended"]


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person with an account; `name` is empty until it is known."""

    person_id: int
    name: str
    phone_masked: str
    is_real_name_checked: bool

    @property
    def name_masked(self) -> str:
        """The name for others' eyes; the masked phone while the name is unknown."""
        return mask_name(self.name) if self.name else self.phone_masked

    @property
    def called(self) -> str:
        """The name for the person's own eyes."""
        return self.name or self.phone_masked


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who holds a hat for a taxpayer now."""

    taxpayer_id: int
    person_id: int
    name_masked: str
    phone_masked: str
    role_code: str
    valid_until: date | None

    @property
    def role_name(self) -> str:
        """The role in Chinese."""
        return role_name(self.role_code)[0]

    @property
    def role_name_en(self) -> str:
        """The role in English."""
        return role_name(self.role_code)[1]


@dataclass(frozen=True, slots=True)
class OwnHat:
    """A hat as its wearer sees it: with the name of whom it is for."""

    hat_id: UUID
    kind: HatKind
    role_code: str
    taxpayer_id: int | None
    office_code: str | None
    title: str
    uscc: str | None
    scopes: tuple[str, ...]
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class DeviceSession:
    """A device on which the person is signed in."""

    session_id: UUID
    name: str
    channel: str
    signed_in_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class AboutMe:
    """The person signed in, the hat on, and those in the wardrobe."""

    person: Person
    hat_id: UUID | None
    hats: tuple[OwnHat, ...]
    second_factor_until: datetime | None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A taxpayer's word that a person may act for it."""

    authorisation_id: UUID
    taxpayer_id: int
    taxpayer_name: str
    uscc: str | None
    name: str
    phone_masked: str
    phone_hash: bytes
    person_id: int | None
    role_code: str
    scopes: tuple[str, ...]
    valid_from: date
    valid_until: date
    state: AuthorisationState
    is_from_registration: bool

    @property
    def name_masked(self) -> str:
        """The name for others' eyes."""
        return mask_name(self.name) if self.name else self.phone_masked

    def state_on(self, today: date) -> AuthorisationState:
        """The state on a day: one whose end has passed is ended, whatever was written."""
        return "ended" if self.state in ("waiting", "active") and self.valid_until < today else self.state


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be loaded from a register (demo town, migration), already checked when `resident_id` is given."""

    person_id: int
    name: str
    phone: str
    resident_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewHat:
    """A hat to be loaded from a register; those of enterprises and agents also become authorisations."""

    person_id: int
    role_code: str
    title: str
    taxpayer_id: int | None = None
    office_code: str | None = None
    uscc: str | None = None
    valid_from: date = date(2020, 1, 1)
    valid_until: date | None = None
    scopes: frozenset[str] | None = None
    hat_id: UUID = field(default_factory=uuid7)

    @property
    def kind(self) -> HatKind:
        """The kind of hat the role makes."""
        return ROLES[self.role_code].kind

    @property
    def carried(self) -> list[str]:
        """The scopes it carries: the role's, unless fewer were given."""
        return sorted(ROLES[self.role_code].scopes if self.scopes is None else self.scopes)
