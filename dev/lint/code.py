"""A Python file as the lints see it: path, text, tree, and the exceptions written on its lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_EXCEPTION = re.compile(r"#\s*lint:\s*([a-z_]+)\s*[—:-]\s*\S.{3,}")


@dataclass(frozen=True)
class Finding:
    """One thing to put right."""

    lint: str
    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.lint}: {self.says}"


@dataclass
class Code:
    """One file; `path` is relative to server/, such as `palmtax/filing/store.py`."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.splitlines()

    @property
    def parts(self) -> tuple[str, ...]:
        """The path in parts."""
        return Path(self.path).parts

    @property
    def domain(self) -> str:
        """The folder under palmtax/, or ''."""
        return self.parts[1] if len(self.parts) > 2 and self.parts[0] == "palmtax" else ""

    def excuses(self, lint: str, line: int) -> bool:
        """Whether the line, or the one above it, carries an exception with a reason."""
        for number in (line, line - 1):
            if 1 <= number <= len(self.lines):
                found = _EXCEPTION.search(self.lines[number - 1])
                if found and found.group(1) == lint:
                    return True
        return False


Check = Callable[[Code], Iterator[tuple[int, str]]]


def run(lint: str, check: Check, code: Code) -> Iterator[Finding]:
    """The findings of one lint in one file, less the excused ones."""
    for line, says in check(code):
        if not code.excuses(lint, line):
            yield Finding(lint, code.path, line, says)


def files(server: Path) -> Iterator[Code]:
    """Every Python file of the package."""
    for path in sorted((server / "palmtax").rglob("*.py")):
        yield Code(str(path.relative_to(server)), path.read_text(encoding="utf-8"))
