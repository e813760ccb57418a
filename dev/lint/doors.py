"""From another domain only its door is imported; nothing is imported late."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "HOUSE §2. A domain whose insides are imported cannot change its insides. A late import hides a ring from import-linter."
    " `base` and `plumbing` are libraries and open; `entry` may pick up http, tasks,"
    " listeners, tables and errors, because it starts them, and adapters, because it alone decides which one stands behind a port."
)
OPEN = {"base", "plumbing"}
ENTRY_MAY = {"http", "tasks", "listeners", "tables", "errors", "events", "adapters"}
GOOD = (
    ("palmtax/filing/actions.py", "from palmtax import payment\nfrom palmtax.filing.store import draft\n"),
    ("palmtax/filing/actions.py", "from palmtax.plumbing.database import Tx\nfrom palmtax.base.money import yuan\n"),
    ("palmtax/entry/web.py", "from palmtax.filing import http\nimport palmtax.payment.tasks\n"),
    (
        "palmtax/filing/store.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from palmtax import payment\n",
    ),
)
BAD = (
    ("palmtax/filing/actions.py", "from palmtax.payment.store import charge\n"),
    ("palmtax/filing/actions.py", "import palmtax.payment.tables\n"),
    ("palmtax/filing/actions.py", "from palmtax.payment import store\n"),
    ("palmtax/entry/web.py", "from palmtax.filing.store import draft\n"),
    ("palmtax/filing/actions.py", "def f():\n    from palmtax import payment\n    return payment\n"),
    ("palmtax/filing/actions.py", "def f():\n    import json\n    return json\n"),
    ("palmtax/filing/actions.py", "from . import store\n"),
)
_INSIDES = {
    "model",
    "tables",
    "store",
    "actions",
    "events",
    "listeners",
    "tasks",
    "http",
    "schemas",
    "errors",
    "adapters",
}


def _reaches(target: str, code: Code) -> str | None:
    """What is wrong with importing this module from this file, or None."""
    parts = target.split(".")
    if parts[0] != "palmtax" or len(parts) < 3:
        return None
    other, inside = parts[1], parts[2]
    if other == code.domain or other in OPEN or code.path == "palmtax/__main__.py":
        return None
    if code.domain == "entry" and inside in ENTRY_MAY:
        return None
    return f"goes past the door of {other}: import `from palmtax import {other}` and use what its door offers"


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Imports past a door, relative imports, imports inside functions."""
    late = {
        id(node)
        for function in ast.walk(code.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for node in ast.walk(code.tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if id(node) in late:
            yield (
                node.lineno,
                "late import: import at the top of the module; if that makes a ring, the floors are wrong",
            )
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "relative import: write the full name"
            continue
        for target in _targets(node):
            says = _reaches(target, code)
            if says:
                yield node.lineno, says


def _targets(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    module = node.module or ""
    if module.count(".") == 1 and module.startswith("palmtax."):
        # `from palmtax.payment import store` is an inside; `from palmtax.payment import charge` is the door
        yield from (f"{module}.{alias.name}" for alias in node.names if alias.name in _INSIDES)
    else:
        yield module
