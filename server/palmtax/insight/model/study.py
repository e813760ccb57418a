"""The question of a study, its states, what it keeps; and the settings of studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.settings import Section

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES = ("queued", "running", "done", "failed", "cancelled")
OPEN_STATES = ("queued", "running")
MOST_OPEN = 5
"""Studies of one office that may wait or run at a time."""
TRIES = 5


class InsightSettings(Section):
    """Studies of the invented province, and campaigns."""

    section: ClassVar[str] = "insight"
    population_folder: Path = Field(Path("var/population"), description="folder of the invented population")
    runner: str = Field(
        "local", pattern="^(local|ray)$", description="local processes, or ray where a cluster is there"
    )
    processes: int = Field(
        2, ge=0, le=256, description="processes (or Ray actors) of one study; 0: a thread of the worker"
    )
    ray_address: str = Field("", description="address of the Ray cluster; empty: one is started on this machine")
    look_seconds: int = Field(10, ge=1, le=3600, description="how often a campaign is looked at, seconds")


@dataclass(frozen=True, slots=True)
class Question:
    """Two regimes: the law on a day, and the law on the same or another day with some parameters replaced."""

    laws: tuple[str, ...]
    on: date
    after_on: date
    changes: Mapping[str, object]

    def stored(self) -> dict[str, Any]:
        """As kept with the study."""
        return {
            "laws": list(self.laws),
            "on": self.on.isoformat(),
            "after_on": self.after_on.isoformat(),
            "changes": dict(self.changes),
        }

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Question:
        """From what is kept."""
        on, after_on = (date.fromisoformat(raw[name]) for name in ("on", "after_on"))
        return cls(tuple(raw["laws"]), on, after_on, raw["changes"])


@dataclass(frozen=True, slots=True)
class Study:
    """A study as kept."""

    office_code: str
    study_id: UUID
    name: str
    question: Question
    shown: list[dict[str, Any]]
    population: Mapping[str, Any]
    state: State
    groups_total: int
    groups_done: int
    rows_done: int
    rows_total: int
    result: Mapping[str, Any] | None
    problem: Mapping[str, Any] | None
    revenue_delta_fen: int | None
    cells_name: str | None
    created_by: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100; 100 only when it is done."""
        if self.state == "done":
            return 100
        return min(99, self.groups_done * 100 // max(1, self.groups_total))
