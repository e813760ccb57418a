"""Calls go down: import-linter keeps the floors, and this proves that it would notice."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

import house

TOOL = str(Path(sys.executable).with_name("lint-imports"))


def lint_imports(config: Path, package_root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOOL, "--no-cache", "--config", str(config)],
        cwd=package_root,
        env={"PYTHONPATH": str(package_root), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_floors_hold():
    done = lint_imports(house.ROOT / ".importlinter", house.SERVER)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize(
    ("domain", "line"),
    [
        ("payment", "from palmtax import filing"),  # a lower floor calls up
        ("filing", "from palmtax import certificates"),  # the order of decision 0012
        ("rules", "from palmtax import plumbing"),  # the law does I/O
        ("rules", "import asyncpg"),
        ("base", "import fastapi"),
        ("filing", "import httpx"),  # a domain without an adapter speaks to the outside
    ],
)
def test_a_breach_is_noticed(tmp_path, domain, line):
    for name in house.folders():
        folder = tmp_path / "palmtax" / name
        folder.mkdir(parents=True)
        folder.joinpath("__init__.py").write_text(f"{line}\n" if name == domain else "")
    (tmp_path / "palmtax" / "__init__.py").write_text("")
    done = lint_imports(house.ROOT / ".importlinter", tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_a_folder_without_a_floor_is_noticed(tmp_path):
    for name in [*house.folders(), "novelties"]:
        folder = tmp_path / "palmtax" / name
        folder.mkdir(parents=True)
        folder.joinpath("__init__.py").write_text("")
    (tmp_path / "palmtax" / "__init__.py").write_text("")
    done = lint_imports(house.ROOT / ".importlinter", tmp_path)
    assert done.returncode == 1
    assert "novelties" in done.stdout


def test_every_floor_is_told_in_the_docs():
    told = (house.ROOT / "docs" / "floors.md").read_text(encoding="utf-8")
    floors = configparser.ConfigParser()
    floors.read(house.ROOT / ".importlinter")
    names = floors["importlinter:contract:floors"]["layers"].replace("|", "\n").replace("(", "").replace(")", "")
    for name in names.split():
        if name.isidentifier():
            assert f"`{name}`" in told, f"docs/floors.md does not tell of {name}"
