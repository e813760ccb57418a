"""Rows of matters as values and back: what is personal is sealed on the way in and opened on the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from palmtax import privacy
from palmtax.matters.model.answers import Answers, unpacked
from palmtax.matters.model.application import Application, File, Move

ANSWERS, OUTCOME = "matters_application.answers", "matters_application.outcome"
COLUMNS = (
    "taxpayer_id", "application_id", "application_no", "matter_code", "catalogue_version", "state", "version", "category",
    "role_code", "office_code", "answers_sealed", "started_by", "started_channel", "last_channel", "started_at",
    "updated_at", "submitted_at", "due_on", "until_on", "ended_at", "idempotency_key", "decision", "supplement",
    "outcome_sealed", "document_id", "journey_id", "stars",
)  # fmt: skip
FILE_COLUMNS = (
    "taxpayer_id", "paper_id", "application_id", "paper_code", "file_name", "media_type", "size_bytes", "pages",
    "content_name", "thumbnail_name", "added_at", "added_by", "channel",
)  # fmt: skip
MOVE_COLUMNS = ("taxpayer_id", "move_id", "application_id", "at", "act", "channel", "person_id", "is_officer", "note")


def places(count: int) -> str:
    """`$1, $2, …`."""
    return ", ".join(f"${number}" for number in range(1, count + 1))


def sealed_answers(answers: Answers, about: str = ANSWERS) -> bytes:
    """The answers as they lie in the database."""
    return privacy.seal_bytes(orjson.dumps({code: one.packed() for code, one in answers.items()}), about)


def opened_answers(sealed: bytes, about: str = ANSWERS) -> Answers:
    """The answers again."""
    return {code: unpacked(raw) for code, raw in orjson.loads(privacy.unseal_bytes(sealed, about)).items()}


def sealed_outcome(outcome: Mapping[str, Any] | None) -> bytes | None:
    """An outcome as it lies in the database."""
    return None if outcome is None else privacy.seal_bytes(orjson.dumps(outcome), OUTCOME)


def application_of(row: Mapping[str, Any], files: Sequence[File] = ()) -> Application:
    """A row as a value."""
    raw = {name: row[name] for name in COLUMNS if name not in ("answers_sealed", "outcome_sealed")}
    outcome = row["outcome_sealed"]
    return Application(
        **raw,
        answers=opened_answers(row["answers_sealed"]),
        outcome=orjson.loads(privacy.unseal_bytes(outcome, OUTCOME)) if outcome else None,
        files=tuple(files),
    )


def values_of(one: Application) -> tuple[Any, ...]:
    """A value as a row."""
    sealed = {"answers_sealed": sealed_answers(one.answers), "outcome_sealed": sealed_outcome(one.outcome)}
    return tuple(sealed[name] if name in sealed else getattr(one, name) for name in COLUMNS)


def file_of(row: Mapping[str, Any]) -> File:
    """A row as a file."""
    return File(**{name: row[name] for name in FILE_COLUMNS if name not in ("taxpayer_id", "added_by")})


def file_of_json(raw: Mapping[str, Any]) -> File:
    """The same from a row that came as JSON beside its application."""
    named = {name: UUID(raw[name]) for name in ("paper_id", "application_id")}
    return file_of({**raw, **named, "added_at": datetime.fromisoformat(raw["added_at"])})


def move_of(row: Mapping[str, Any]) -> Move:
    """A row as a move."""
    return Move(**{name: row[name] for name in MOVE_COLUMNS if name not in ("taxpayer_id", "application_id")})


def move_of_json(raw: Mapping[str, Any]) -> Move:
    """The same from a row that came as JSON of one statement of several parts."""
    return move_of({**raw, "move_id": UUID(raw["move_id"]), "at": datetime.fromisoformat(raw["at"])})
