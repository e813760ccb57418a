"""Who computes: processes of this machine or actors of a Ray cluster, behind one form: jobs in, finished groups out as they come."""

from __future__ import annotations

import importlib
from collections.abc import Generator, Sequence
from typing import Any, Protocol

from palmtax.insight.model.study import InsightSettings


class Runner(Protocol):
    """Computes jobs in any order; a generator that is closed stops what still waits. Called from a thread."""

    def run(self, jobs: Sequence[Any]) -> Generator[Any, None, None]:
        """The results as they come."""
        ...


def runner_of(settings: InsightSettings) -> Runner:
    """The runner that the settings name; Ray is loaded only where it is used."""
    name = "cluster" if settings.runner == "ray" else "processes"
    made: Runner = importlib.import_module(f"palmtax.insight.adapters.{name}").make(settings)
    return made
