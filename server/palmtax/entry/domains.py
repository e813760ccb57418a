"""Finding what the domains offer: folders are found, nothing registers."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from types import ModuleType

import palmtax

NOT_DOMAINS = frozenset({"base", "plumbing", "rules", "entry"})


def domains() -> list[str]:
    """The names of all domain folders."""
    return sorted(m.name for m in pkgutil.iter_modules(palmtax.__path__) if m.ispkg and m.name not in NOT_DOMAINS)


def pick_up(part: str) -> list[ModuleType]:
    """Import `palmtax.<domain>.<part>` of every domain that has it (`tables`, `http`, `tasks`, `listeners`, `errors`)."""
    found = []
    for domain in domains():
        name = f"palmtax.{domain}.{part}"
        if importlib.util.find_spec(name) is not None:
            found.append(importlib.import_module(name))
    return found


def load_work() -> None:
    """Import every task, listener and error, so that the registries are complete. Tables are not needed to run."""
    for part in ("errors", "tasks", "listeners"):
        pick_up(part)


def load_everything() -> None:
    """The same and every table declaration: for migrations, tests and generated pages."""
    load_work()
    pick_up("tables")
    importlib.import_module("palmtax.plumbing.tables")
