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

from bench import machine, returns, rules, sizes, start, web
from bench.run import ROOT
from bench.table import Section, markdown, printed

CONCERNS: dict[str, Callable[[], Section]] = {
    "returns": returns.measure,
    "start": start.measure,
    "web": web.measure,
    "sizes": sizes.measure,
    "rules": rules.measure,
}


def _alone(name: str) -> Section:
    """Measure in a process of its own: keys, caches and settings of one house do not reach the next."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(CONCERNS[name]).result()


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
        path = ROOT / "docs" / "bench.md"
        stamp = datetime.now(UTC).date().isoformat()
        head = [
            "# Measured",
            "",
            f"`make bench` wrote this page on {stamp}. Ratios matter; absolutes depend on the machine:",
            "",
        ]
        path.write_text("\n".join([*head, *(f"- {line}" for line in about), "", markdown(sections)]), encoding="utf-8")
        sys.stdout.write(f"\nwritten: {path.relative_to(ROOT)}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
