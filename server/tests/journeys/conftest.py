"""One house for all journeys of a module: real sandboxes, real HTTP, a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.place import THURSDAY, Place, fresh_database, opened

from palmtax import rules
from palmtax.plumbing.limits import Limiter


@pytest.fixture(scope="session")
def town(postgres, template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The house, its worker and the people outside."""
    folder: Path = tmp_path_factory.mktemp("town")
    with opened(fresh_database(postgres, template, "journeys"), folder) as place:
        yield place


@pytest.fixture(autouse=True)
def _law_of_the_files() -> Iterator[None]:
    """What a journey's officers put in force ends with it: the law is one in the whole process."""
    yield
    rules.enact({})


@pytest.fixture
def place(town: Place) -> Iterator[Place]:
    """The house on Thursday 2026-10-15, 10:00 in China, nobody limited yet, no faults planned; and nothing died in it."""
    town.house.limiter = Limiter()
    town.clock.put(THURSDAY)
    yield town
    town.sandboxes.delete("/sandbox/faults")
    assert town.dead_letters() == []
