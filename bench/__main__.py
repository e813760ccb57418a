"""The measurements that were asked for, one after the other, and their table."""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import asyncpg
from playwright import sync_api as playwright

from bench import (
    audience,
    cases,
    gateway,
    machine,
    matters,
    messages,
    overload,
    population,
    returns,
    rules,
    sizes,
    start,
    web,
)
from bench.run import ROOT
from bench.table import Section, markdown, printed

PAGE = ROOT / "docs" / "bench.md"
CONCERNS: dict[str, Callable[[], Section]] = {
    "returns": returns.measure,
    "start": start.measure,
    "web": web.measure,
    "sizes": sizes.measure,
    "rules": rules.measure,
    "cases": cases.measure,
    "matters": matters.measure,
    "population": population.measure,
    "overload": overload.measure,
    "gateway": gateway.measure,
    "messages": messages.measure,
    "audience": audience.measure,
}


def _alone(name: str) -> Section:
    """Measure in a process of its own: keys, caches and settings of one house do not reach the next."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(CONCERNS[name]).result()


def _write(about: list[str], sections: list[Section]) -> None:
    """Put the new sections in the place of the old ones of their concern; the others stay as they were measured (chaos too,
    which is no concern of this table: it runs half an hour).
    """
    known: dict[str, str] = {}
    if PAGE.exists():
        for text in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
            known[text.split(":", 1)[0]] = f"## {text.strip()}\n"
    stamp = datetime.now(UTC).date().isoformat()
    for section in sections:
        section.notes.append(f"measured {stamp}; {about[-1]}")
        known[section.title.split(":", 1)[0]] = markdown([section]).strip() + "\n"
    head = [
        "# Measured",
        "",
        "`make bench` measures, `bench/run.py --write` keeps it here. Each figure stands beside its reference of",
    ]
    head += [
        "the same run: ratios matter, absolutes depend on the machine and on who else uses it.",
        "",
        *(f"- {line}" for line in about[:-1]),
        "",
    ]
    order = dict.fromkeys([*CONCERNS, *known])
    PAGE.write_text("\n".join([*head, *(known[name] for name in order if name in known)]), encoding="utf-8")


def main() -> int:
    """Measure, print, perhaps write; 0 unless a measurement could not be made."""
    read = argparse.ArgumentParser(prog="bench/run.py", description=__doc__)
    read.add_argument("concerns", nargs="*", metavar="concern", help=f"of: {' '.join(CONCERNS)}; none: all")
    read.add_argument("--write", action="store_true", help="keep the result in docs/bench.md")
    asked = read.parse_args()
    unknown = [name for name in asked.concerns if name not in CONCERNS]
    if unknown:
        read.error(f"unknown: {' '.join(unknown)}")
    about = machine.described()
    sections, broken = [], False
    for name in asked.concerns or CONCERNS:
        sys.stdout.write(f"{name} …\n")
        sys.stdout.flush()
        try:
            sections.append(_alone(name))
        except (RuntimeError, OSError, asyncpg.PostgresError, subprocess.SubprocessError, playwright.Error) as wrong:
            broken = True
            sections.append(Section(f"{name}: could not be measured", notes=[f"{type(wrong).__name__}: {wrong}"]))
    sys.stdout.write("\n" + "\n".join(about) + "\n\n" + printed(sections) + "\n")
    if asked.write:
        _write(about, sections)
        sys.stdout.write(f"\nwritten: {PAGE.relative_to(ROOT)}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
