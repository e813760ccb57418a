"""Money is whole fen: no float, no true division, no float literal near a name that ends in `_fen` or `_rate`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "Decision 0002. float32 is exact to 16,777,216 fen (¥167,772.16) only; measured on 39-input income tax it made some line wrong"
    " for 12 % of persons, float64 for 5.4 %. `/` on integers makes a float without anybody asking for one."
)
GOOD = (
    ("palmtax/filing/model.py", "half_fen = total_fen // 2\n"),
    ("palmtax/filing/model.py", "tax_fen = levy_rate.of(sales_fen)\n"),
    ("palmtax/plumbing/metrics.py", "seconds = elapsed_ns / 1e9\n"),
    ("palmtax/filing/model.py", "path = folder / 'returns'\n"),
)
BAD = (
    ("palmtax/filing/model.py", "half_fen = total_fen / 2\n"),
    ("palmtax/filing/model.py", "shown = float(payable_fen)\n"),
    ("palmtax/filing/model.py", "tax_fen = sales_fen * 0.03\n"),
    ("palmtax/filing/model.py", "owed_fen = round(x * 1.5)\n"),
    ("palmtax/filing/model.py", "def f(amount_fen: float) -> None: ...\n"),
    ("palmtax/filing/model.py", "late_fee_rate = 0.0005\n"),
    ("palmtax/filing/store.py", "q = 'select sum(amount_fen)::float8 from filing_line'\n"),
)


def _is_money(name: str) -> bool:
    return name.endswith(("_fen", "_rate")) or name == "fen"


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.arg) or (isinstance(part, ast.keyword) and part.arg):
            yield part.arg
        elif (
            isinstance(part, ast.Subscript)
            and isinstance(part.slice, ast.Constant)
            and isinstance(part.slice.value, str)
        ):
            yield part.slice.value


def _about_money(node: ast.AST) -> bool:
    return any(_is_money(name) for name in _names(node))


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Floats and divisions in statements about money."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and _about_money(node):
            yield node.lineno, "true division of money: use //, divmod or Rate.of"
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
            and _about_money(node)
        ):
            yield node.lineno, "float() of money: fen are integers, rates are exact"
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_about_money(t) for t in targets) and any(_is_float(p) for p in ast.walk(node.value)):
                yield node.lineno, "a float goes into money: write an integer of fen or an exact Rate"
        elif isinstance(node, ast.arg) and _is_money(node.arg) and node.annotation is not None:
            if "float" in ast.dump(node.annotation):
                yield node.lineno, f"{node.arg} is typed float: fen are int, rates are exact"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "_fen" in node.value:
            low = node.value.lower()
            if "::float" in low or "::real" in low or "double precision" in low:
                yield node.lineno, "SQL turns fen into a float: use bigint or numeric"
