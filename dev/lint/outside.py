"""Nobody calls the outside while holding a database connection."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "HOUSE §8. One slow bank, and every connection of the pool waits inside a transaction: the whole bureau stops."
    " So: read and commit, call, write and commit. An action gets `tx`, so it never gets an adapter."
)
GOOD = (
    (
        "palmtax/payment/tasks.py",
        "async def t(context, payload):\n    async with context.database.transaction() as tx:\n        order = await read(tx)\n"
        "    answer = await context.outside['wechat'].query(order)\n",
    ),
)
BAD = (
    (
        "palmtax/payment/tasks.py",
        "async def t(context, payload):\n    async with context.database.transaction() as tx:\n"
        "        await context.outside['wechat'].query(1)\n",
    ),
    ("palmtax/payment/actions.py", "async def pay(tx, *, actor, outside):\n    await outside['wechat'].pay()\n"),
    (
        "palmtax/payment/http.py",
        "async def r(edge):\n    async with edge.statement() as tx:\n        await edge.outside['sms'].send()\n",
    ),
)
_HOLDS = {"transaction", "statement"}
_OUTSIDE = {"outside", "httpx", "outbound"}


def _touches(node: ast.AST) -> Iterator[int]:
    for part in ast.walk(node):
        name = part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
        if name in _OUTSIDE:
            yield part.lineno  # type: ignore[attr-defined]  # expressions have lines


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Uses of adapters inside a transaction, and in functions that hold `tx`."""
    if not code.domain or code.domain in {"plumbing", "base", "rules", "entry"}:
        return
    for node in ast.walk(code.tree):
        if isinstance(node, ast.AsyncWith):
            opens = [i.context_expr for i in node.items]
            if any(
                isinstance(o, ast.Call) and isinstance(o.func, ast.Attribute) and o.func.attr in _HOLDS for o in opens
            ):
                for line in {n for statement in node.body for n in _touches(statement)}:
                    yield line, "the outside is called while a connection is held: end the transaction first"
        elif isinstance(node, ast.AsyncFunctionDef) and any(
            a.arg == "tx" for a in node.args.posonlyargs + node.args.args
        ):
            for line in {n for statement in node.body for n in _touches(statement)}:
                yield line, "a function with `tx` may not call the outside"
