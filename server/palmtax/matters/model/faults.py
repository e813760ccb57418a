"""What is wrong with a file of the catalogue: where, what, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from palmtax.base.yaml_lines import Step, line_of


class FileFault(Exception):
    """A fault met while reading one file: the path inside it and two sentences."""

    def __init__(self, path: tuple[Step, ...], what: str, todo: str) -> None:
        self.path, self.what, self.todo = path, what, todo
        super().__init__(f"{'.'.join(map(str, path))}: {what}")

    def under(self, *steps: Step) -> FileFault:
        """The same fault, seen from further out."""
        return FileFault((*steps, *self.path), self.what, self.todo)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with its file and line."""

    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} → {self.todo}"


def placed(file: str, text: str, fault: FileFault) -> Fault:
    """The fault with its line."""
    return Fault(file, line_of(text, fault.path), fault.what, fault.todo)
