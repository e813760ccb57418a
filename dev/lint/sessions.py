"""Nothing is kept in a database session, and actions never commit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "Pooled connections are not reset on release (it would cost a round trip a request), so a SET, a LISTEN or a temporary table would"
    " reach the next taxpayer's request. And only the edge opens and ends a transaction: an action that commits tears its caller's in two."
)
GOOD = (
    ("palmtax/filing/store.py", "Q = 'set local statement_timeout = 1000'\n"),
    ("palmtax/filing/actions.py", "async def f(tx):\n    await tx.execute('select 1')\n"),
)
BAD = (
    ("palmtax/filing/store.py", "Q = 'set search_path to x'\n"),
    ("palmtax/filing/store.py", "Q = 'create temp table t (a int)'\n"),
    ("palmtax/filing/store.py", "Q = 'listen news'\n"),
    ("palmtax/filing/actions.py", "async def f(tx):\n    async with tx.transaction():\n        pass\n"),
    ("palmtax/filing/actions.py", "async def f(tx):\n    await tx.execute('commit')\n"),
)
_KEPT = re.compile(
    r"^\s*(set\s+(?!local\b)\w+\s*(=|to)\s|set\s+session\b|listen\s+\w+\s*$|create\s+(temp|temporary)\s|prepare\s+\w+\s+as|declare\s+\w+\s+cursor)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"^\s*(commit|rollback|begin|start\s+transaction)\s*;?\s*$", re.IGNORECASE)


def check(code: Code) -> Iterator[tuple[int, str]]:
    """SQL that outlives its transaction; transactions begun or ended below the edge."""
    if not code.domain or code.domain in {"plumbing", "entry", "base", "rules"}:
        return
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _KEPT.search(node.value):
                yield (
                    node.lineno,
                    "this stays in the pooled session after the transaction: use `set local`, or do without",
                )
            if _ENDS.search(node.value):
                yield node.lineno, "actions never commit: the edge or the task does"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transaction":
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "tx":
                yield (
                    node.lineno,
                    "a transaction inside the edge's one: let the caller decide (a savepoint needs a written reason)",
                )
