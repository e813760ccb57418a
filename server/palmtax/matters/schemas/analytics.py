"""Process analytics on the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from palmtax.plumbing.wire import Wire


class QuestionFigures(Wire):
    """How one question goes."""

    code: str
    label: str
    label_en: str
    seen: int
    median_seconds: int
    changes: int
    held: int
    stopped: int


class MatterFigures(Wire):
    """How one matter goes; rates in per mille."""

    code: str
    title: str
    title_en: str
    started: int
    submitted: int
    finished: int
    approved: int
    dropped: int
    supplemented: int
    asked_though_held: int
    median_fill_minutes: int
    median_decide_hours: int
    finish_per_mille: int
    drop_per_mille: int
    supplement_per_mille: int
    stars_tenths: int | None
    questions: list[QuestionFigures]


class Worst(Wire):
    """A matter that goes badly, why, and with which numbers."""

    code: str
    title: str
    title_en: str
    reason: Literal["drop", "supplement", "held", "slow", "refused"]
    text: str
    text_en: str
    score: int


class AnalyticsOut(Wire):
    """How the matters went between two days, and the five worst."""

    since: date
    until: date
    matters: list[MatterFigures]
    worst: list[Worst]
