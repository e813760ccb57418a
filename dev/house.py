"""The house as tools and closing tests see it: its folders, and everything that registers, loaded."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVER = ROOT / "server"
PACKAGE = SERVER / "palmtax"
LIBRARIES = frozenset({"base", "plumbing", "rules"})

if str(SERVER) not in sys.path:
    sys.path.insert(0, str(SERVER))


def folders() -> list[str]:
    """Every top-level folder of the package."""
    return sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())


def domains() -> list[str]:
    """The folders that are nouns of the business."""
    return [name for name in folders() if name not in LIBRARIES and name != "entry"]


def module(name: str) -> ModuleType | None:
    """A module of ours, or None when nobody has written it yet; what fails inside it is not hidden."""
    try:
        if importlib.util.find_spec(name) is None:
            return None
    except ModuleNotFoundError:
        return None
    return importlib.import_module(name)


def part(name: str) -> dict[str, ModuleType]:
    """One part (`tables`, `events`, …) of every folder that has it, by folder."""
    found = {folder: module(f"palmtax.{folder}.{name}") for folder in folders()}
    return {folder: made for folder, made in found.items() if made is not None}


@cache
def load() -> None:
    """Import everything that registers itself: tables, errors, events, tasks, listeners, settings."""
    for name in ("tables", "errors", "events", "tasks", "listeners", "http"):
        part(name)
    # the ground's own errors, settings and tasks lie beside what they serve
    for path in house_files("(PalmtaxError)", "(Section)", "TaskEntry("):
        importlib.import_module(_dotted(path))


def house_files(*words: str) -> Iterator[Path]:
    """Files of the package that contain one of these words."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in words):
            yield path


def _dotted(path: Path) -> str:
    parts = path.relative_to(SERVER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def app() -> Any:
    """The real application over a database that nobody connects to."""
    from palmtax.base.clock import SystemClock
    from palmtax.entry.web import create_app
    from palmtax.plumbing.database import Database
    from palmtax.plumbing.edge import House
    from palmtax.plumbing.files import DiskStore
    from palmtax.plumbing.settings import Settings

    nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
    return create_app(House(Settings({}), nowhere, SystemClock(), DiskStore(ROOT / "var" / "files")))


@cache
def routes() -> list[Any]:
    """Every route of the domains and of the house itself, as FastAPI knows them."""
    from fastapi.routing import APIRoute

    def walk(found: Any) -> Iterator[Any]:
        for route in found:
            inside = getattr(route, "original_router", route)  # an included router keeps its routes to itself
            if isinstance(route, APIRoute):
                yield route
            elif getattr(inside, "routes", None):
                yield from walk(inside.routes)

    return list(walk(app().routes))


def authorities(route: Any) -> list[Any]:
    """The declarations of who may call a route (there should be exactly one)."""
    from palmtax.plumbing.edge import Authority

    found, waiting = [], [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, Authority):
            found.append(dependant.call)
        waiting += dependant.dependencies
    return found


def sources(*, tests: bool = False) -> Iterator[Path]:
    """Every Python file of the package, or of the tests."""
    yield from sorted((SERVER / "tests" if tests else PACKAGE).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def tracked() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
    )
    if listed.returncode != 0:
        skipped = {"node_modules", ".venv", ".git", "var", "dist", "__pycache__"}
        return [p for p in ROOT.rglob("*") if p.is_file() and not skipped & set(p.relative_to(ROOT).parts)]
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
