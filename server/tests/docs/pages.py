"""Boxes of a page: the fenced parts with what stands behind the three ticks, and how a change is applied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BOX = re.compile(r"^```(?P<kind>\w+)(?: (?P<path>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Box:
    """One fenced part of a page."""

    kind: str
    path: str
    text: str


def boxes(page: Path) -> list[Box]:
    """All boxes of a page, in order."""
    return [Box(m["kind"], m["path"] or "", m["text"]) for m in _BOX.finditer(page.read_text("utf-8"))]


def added_lines(box: Box) -> list[str]:
    """The lines that a reader has to write: of a change those with a plus, of a new file all; blank ones are air."""
    lines = box.text.splitlines()
    if box.kind == "diff":
        lines = [line[1:] for line in lines if line.startswith("+")]
    return [line for line in lines if line.strip()]


def apply(box: Box, folder: Path) -> None:
    """Do to a folder what a box says: write a new file, or change one in the only place that fits."""
    path = folder / box.path
    if box.kind != "diff":
        assert not path.exists(), f"{box.path} is there already"
        path.write_text(box.text, "utf-8")
        return
    lines = box.text.splitlines(keepends=True)
    old = "".join(line[1:] or "\n" for line in lines if line[0] in " -\n")
    new = "".join(line[1:] or "\n" for line in lines if line[0] in " +\n")
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{box.path}: these lines stand there {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


def commands(box: Box) -> list[tuple[str, str]]:
    """The commands of a console box, each with what the page says it prints."""
    found: list[tuple[str, str]] = []
    for line in box.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        else:
            command, told = found[-1]
            found[-1] = (command, f"{told}{line}\n")
    return found


def prints(told: str, real: str) -> bool:
    """Whether a command printed what the page tells; a line of … stands for any lines left out, … in a line for a part."""
    pattern = "".join("(?:.*\n)*" if line == "…" else _inside(line) for line in told.splitlines())
    return re.fullmatch(pattern, real) is not None


def _inside(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…")) + "\n"


def holds(told: Any, real: Any) -> bool:
    """Whether everything told is really there; of a list each told entry must fit one of the real ones."""
    if isinstance(told, dict):
        return isinstance(real, dict) and all(key in real and holds(value, real[key]) for key, value in told.items())
    if isinstance(told, list):
        return isinstance(real, list) and bool(told or not real) and all(any(holds(t, r) for r in real) for t in told)
    return bool(told == real)
