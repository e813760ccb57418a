"""Themes and journeys on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from palmtax.matters.schemas.applications import Code, Key, ProblemAt, Progress
from palmtax.matters.schemas.catalogue import AskOut, ThemeCard
from palmtax.plumbing.wire import Wire


class ThemeStep(Wire):
    """A matter of a theme."""

    matter_code: str
    title: str
    title_en: str
    say: str
    say_en: str
    after: list[str]
    is_optional: bool
    is_conditional: bool


class ThemeOut(Wire):
    """A theme whole."""

    theme: ThemeCard
    asks: list[AskOut]
    steps: list[ThemeStep]
    may_start: bool | None


class JourneyStep(Wire):
    """A step of a journey: where it stands, why, and what to do."""

    matter_code: str
    title: str
    title_en: str
    say: str
    say_en: str
    state: Literal["waiting", "stopped", "ready", "draft", "submitted", "approved", "refused", "failed", "left_out"]
    application_id: UUID | None
    why: str
    why_en: str
    hint: str
    hint_en: str
    after: list[str]
    is_optional: bool
    may_leave_out: bool


class JourneyOut(Wire):
    """One run of a theme."""

    journey_id: UUID
    theme: ThemeCard
    state: Literal["draft", "running", "done", "abandoned"]
    version: int
    asks: list[AskOut]
    next: str | None
    problems: list[ProblemAt]
    steps: list[JourneyStep]
    progress: Progress
    started_at: datetime
    updated_at: datetime


class JourneyAsk(Wire):
    """Begin a theme, once."""

    theme_code: Code
    idempotency_key: Key


class JourneySave(Wire):
    """Answers of the intake."""

    version: int
    answers: dict[Code, Any] = Field(default_factory=dict, max_length=100)


class JourneySubmit(Wire):
    """Hand the intake in, once."""

    version: int
    idempotency_key: Key


class JourneyStepAsk(Wire):
    """Begin a step anew, or go on without it."""

    matter_code: Code
