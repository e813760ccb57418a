"""A copy of the law that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from palmtax.rules import engine, examples, laws, statutes


@pytest.fixture
def law_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Callable[[], None]]]:
    """The folder of a copy of the whole law, read by everything in this test; and how to have it read anew."""
    folder = tmp_path / "server" / "palmtax" / "rules" / "law"
    shutil.copytree(laws.LAWS, folder)
    monkeypatch.setattr(laws, "LAWS", folder)
    monkeypatch.setattr(examples, "LAWS", folder)
    monkeypatch.setattr(statutes, "PATH", folder / "statutes.yaml")
    monkeypatch.setattr(engine, "_TRACED", {})
    kept = (laws.find_law, laws.every_law, statutes.every_statute, statutes.cite)

    def forget() -> None:
        engine.forget_traced()
        for one in kept:
            one.cache_clear()

    forget()
    yield folder, forget
    for one in kept:
        one.cache_clear()
