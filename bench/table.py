"""What a measurement says: rows with value, reference and aim; printed for people, written as Markdown."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["ok", "missed", ""]
MARK: dict[str, str] = {"ok": "✓", "missed": "✗", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what, how much, against what, what was aimed at, whether it was reached."""

    what: str
    value: str
    reference: str = ""
    aim: str = ""
    verdict: Verdict = ""


@dataclass(slots=True)
class Section:
    """The figures of one concern, and what else there is to read (plans, splits, audits)."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)

    def add(self, what: str, value: str, reference: str = "", aim: str = "", verdict: Verdict = "") -> None:
        """Add a figure."""
        self.rows.append(Row(what, value, reference, aim, verdict))


def reached(is_reached: bool) -> Verdict:
    """`ok` or `missed`."""
    return "ok" if is_reached else "missed"


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def median(values: Sequence[float]) -> float:
    """The middle value; 0 for none."""
    return statistics.median(values) if values else 0.0


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


HEAD = ("what", "measured", "reference in the same run", "aim", "")


def _cells(section: Section) -> list[tuple[str, str, str, str, str]]:
    return [(row.what, row.value, row.reference, row.aim, MARK[row.verdict]) for row in section.rows]


def printed(sections: Iterable[Section]) -> str:
    """For the terminal: all figures in aligned columns; the blocks were shown while measuring."""
    shown = list(sections)
    table = [HEAD, *(cells for section in shown for cells in _cells(section))]
    widths = [max(_width(row[place]) for row in table) for place in range(len(HEAD))]
    lines = [_line(HEAD, widths), _line(["─" * width for width in widths], widths)]
    for section in shown:
        lines += ["", section.title, *(_line(cells, widths) for cells in _cells(section))]
        lines += [f"  · {note}" for note in section.notes]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def markdown(sections: Iterable[Section]) -> str:
    """For docs/bench.md: the same with plans and audits."""
    out: list[str] = []
    for section in sections:
        out += [f"## {section.title}", ""]
        out += ["| what | measured | reference in the same run | aim | |", "|---|---|---|---|---|"]
        out += ["| " + " | ".join(_escaped(cell) for cell in cells) + " |" for cells in _cells(section)]
        out += [""] + [f"- {note}" for note in section.notes] + ([""] if section.notes else [])
        for title, text in section.blocks:
            out += [f"<details><summary>{title}</summary>", "", "```", text.rstrip(), "```", "", "</details>", ""]
    return "\n".join(out)
