"""A formula of the law is arithmetic on exact numbers, nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "HOUSE §5. A formula runs on one number and on a million; a Python `if` on a taxpayer's value decides for all of them at once,"
    " and a float is wrong by a fen sooner or later. The tracer refuses both when it runs; this lint says so while you type."
)
GOOD = (
    (
        "palmtax/rules/law/vat/formulas.py",
        "from datetime import date\n\n@since(date(2026, 1, 1), of='due')\ndef due_2026(sales):\n    return sales\n",
    ),
    ("palmtax/rules/law/vat/formulas.py", "def due(sales, levy_rate):\n    return half_up(sales * levy_rate)\n"),
    ("palmtax/rules/law/vat/formulas.py", "def due(sales, line):\n    return where(sales < line, 0, sales)\n"),
)
BAD = (
    ("palmtax/rules/law/vat/formulas.py", "def due(sales):\n    if sales > 1:\n        return 1\n    return 0\n"),
    ("palmtax/rules/law/vat/formulas.py", "def due(sales):\n    return sales / 3\n"),
    ("palmtax/rules/law/vat/formulas.py", "def due(sales):\n    return sales * 0.03\n"),
    ("palmtax/rules/law/vat/formulas.py", "def due(a, b):\n    return a and b\n"),
    ("palmtax/rules/law/vat/formulas.py", "def due(sales):\n    return float(sales)\n"),
    ("palmtax/rules/law/vat/formulas.py", "import httpx\n"),
)
_MAY_IMPORT = ("palmtax.rules", "palmtax.base", "__future__", "typing", "fractions", "collections.abc", "datetime")


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Branches, booleans, floats, division and imports in formulas.py."""
    if code.parts[-1] != "formulas.py":
        return
    for node in ast.walk(code.tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node.lineno, "no `if` in a formula: use where(condition, yes, no)"
        elif isinstance(node, ast.BoolOp):
            yield node.lineno, "no `and`/`or` in a formula: they decide on one truth for all"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, "no float in a formula: a rate is a parameter"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield node.lineno, "no `/` in a formula: multiply by an exact rate"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "no float in a formula"
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(_MAY_IMPORT):
            yield node.lineno, f"a formula imports {node.module}: the law is pure"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if not alias.name.startswith(_MAY_IMPORT):
                    yield node.lineno, f"a formula imports {alias.name}: the law is pure"
