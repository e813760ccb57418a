"""The gauge: HOUSE §16 measured. `make gauge` prints it; a change may not make a number worse without saying why."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import house
from lint import doors
from lint.code import files

FILE_P90, FILE_MAX = 250, 600
FUNCTION_P90, FUNCTION_LONG, LONG_SHARE = 25, 60, 0.01


@dataclass(frozen=True)
class Sizes:
    """Lengths, in lines."""

    files: tuple[tuple[int, Path], ...]
    functions: tuple[tuple[int, str], ...]

    @staticmethod
    def p90(values: list[int]) -> int:
        """The length that nine in ten do not pass."""
        ordered = sorted(values)
        return ordered[max(0, -(-len(ordered) * 9 // 10) - 1)] if ordered else 0

    @property
    def file_p90(self) -> int:
        """Lines of a file, p90."""
        return self.p90([n for n, _ in self.files])

    @property
    def function_p90(self) -> int:
        """Lines of a function, p90."""
        return self.p90([n for n, _ in self.functions])

    @property
    def long_functions(self) -> list[tuple[int, str]]:
        """Functions over 60 lines, longest first."""
        return sorted(((n, name) for n, name in self.functions if n > FUNCTION_LONG), reverse=True)

    @property
    def long_share(self) -> float:
        """Share of functions over 60 lines."""
        return len(self.long_functions) / max(1, len(self.functions))


def _functions(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(house.tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(house.SERVER)}:{node.name}"


def sizes() -> Sizes:
    """Every file and function of the package."""
    paths = list(house.sources())
    counted = tuple((len(p.read_text(encoding="utf-8").splitlines()), p) for p in paths if p.stat().st_size)
    return Sizes(counted, tuple(f for p in paths for f in _functions(p)))


def past_doors() -> tuple[int, int]:
    """Imports past a door, and late imports."""
    found = [says for code in files(house.SERVER) for _, says in doors.check(code)]
    return sum("past the door" in s for s in found), sum("late import" in s for s in found)


def undocumented() -> tuple[list[str], int]:
    """Public functions and classes of doors, actions and libraries without a docstring, of how many."""
    bare: list[str] = []
    total = 0
    for path in house.sources():
        inside = path.relative_to(house.PACKAGE).parts
        if not (path.name in {"__init__.py", "actions.py"} or "actions" in inside or inside[0] in house.LIBRARIES):
            continue
        for node in house.tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith(
                "_"
            ):
                total += 1
                bare += [] if ast.get_docstring(node) else [f"{path.relative_to(house.SERVER)}:{node.name}"]
    return bare, total


def parameters() -> tuple[int, int, int, int]:
    """Parameter values with law, with unit, with the day they were checked, of how many files."""
    import yaml

    law = unit = checked = total = 0
    for path in sorted((house.PACKAGE / "rules" / "law").glob("**/parameters/*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        total += 1
        law += bool(data.get("values")) and all(v.get("law") for v in data["values"])
        unit += bool(data.get("unit"))
        stamp = data.get("checked") or {}
        checked += bool(stamp.get("on") or stamp.get(True))  # YAML 1.1 reads a bare `on` as true
    return law, unit, checked, total


def _undeclared_routes() -> str:
    try:
        house.app()
    except (ImportError, AttributeError) as unfinished:
        return f"? ({unfinished})"
    return str(sum(len(house.authorities(r)) != 1 for r in house.routes()))


def _rings() -> str:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=house.ROOT,
        env={"PYTHONPATH": str(house.SERVER), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    last = [line for line in done.stdout.splitlines() if line.startswith("Contracts:")]
    return last[-1].removeprefix("Contracts: ") if last else "?"


def rows() -> list[tuple[str, str, str, bool]]:
    """Measure, ours now, the limit, and whether it is kept."""
    measured = sizes()
    longest = max((n for n, _ in measured.files), default=0)
    past, late = past_doors()
    bare, functions = undocumented()
    law, unit, checked, total = parameters()
    rings, undeclared = _rings(), _undeclared_routes()
    return [
        ("floors and purity (import-linter)", rings, "0 broken", "0 broken" in rings),
        ("imports past a door", str(past), "0", past == 0),
        ("late imports", str(late), "0", late == 0),
        (
            "lines per file, p90 · max",
            f"{measured.file_p90} · {longest}",
            f"{FILE_P90} · {FILE_MAX}",
            measured.file_p90 <= FILE_P90 and longest <= FILE_MAX,
        ),
        (
            "lines per function, p90 · share over 60",
            f"{measured.function_p90} · {measured.long_share:.1%}",
            f"{FUNCTION_P90} · <1%",
            measured.function_p90 <= FUNCTION_P90 and measured.long_share < LONG_SHARE,
        ),
        (
            "parameters with law · unit · checked-on day",
            f"{law} · {unit} · {checked} of {total}",
            f"{total} each",
            law == unit == checked == total,
        ),
        (
            "public functions of doors, actions, libraries documented",
            f"{functions - len(bare)} of {functions}",
            "all",
            not bare,
        ),
        ("routes without one declared authority", undeclared, "0", undeclared == "0"),
        ("files · functions", f"{len(measured.files)} · {len(measured.functions)}", "", True),
    ]


def main() -> int:
    """Print the table, then what is undocumented or over 60 lines."""
    for measure, ours, limit, kept in rows():
        print(f"{'✓' if kept else '✗'} {measure:<58} {ours:>24}   {limit}")
    for name in undocumented()[0][:10]:
        print(f"    no docstring: {name}")
    for lines, name in sizes().long_functions[:10]:
        print(f"    {lines:>4} lines  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
