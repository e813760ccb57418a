"""News of the open platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A person let an application act for a taxpayer."""

    name: ClassVar[str] = "partners.consent_given"
    taxpayer_id: int
    consent_id: UUID
    application_id: UUID


@dataclass(frozen=True, slots=True)
class ConsentEnded:
    """A consent ended: taken back, replaced, or its application was suspended."""

    name: ClassVar[str] = "partners.consent_ended"
    taxpayer_id: int
    consent_id: UUID
    application_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationChanged:
    """An application went live, came back from review, or was suspended; features built on it follow."""

    name: ClassVar[str] = "partners.application_changed"
    application_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class EndpointDisabled:
    """A webhook address failed for days and is no longer called."""

    name: ClassVar[str] = "partners.endpoint_disabled"
    application_id: UUID
    endpoint_id: UUID


@dataclass(frozen=True, slots=True)
class FeatureSuspended:
    """A city feature is off: an officer said so, or it failed its check too many nights in a row."""

    name: ClassVar[str] = "partners.feature_suspended"
    feature_id: UUID
    version: int
    application_id: UUID | None
