"""The law: dated numbers are files, formulas are plain functions; no database, no network, no clock.

For: how much tax, why, by when, and what is still unknown. Not for: who must file, what was filed or paid, texts
for people beyond the explanation. Every answer says which version of the law gave it.

Words it owns: *law* (a folder under `law/`), *fact* (what a law asks), *parameter* (a dated number of the law),
*formula* (one line), *assessment* (a law applied), *due date*.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from palmtax.rules.assessment import Assessment, ExplainedLine, assess, missing
from palmtax.rules.calculators import Calculator
from palmtax.rules.calendar import (
    Deadline,
    DueDate,
    add_working_days,
    calendar_of,
    due_after,
    due_days,
    due_on,
    whole_calendar,
    working_days_between,
)
from palmtax.rules.checking import faults
from palmtax.rules.enacted import enact, enacted, parameter, readers, trial
from palmtax.rules.errors import (
    AmountTooLarge,
    CalendarUnknown,
    FactMissing,
    FactRefused,
    LawError,
    ParameterNotInForce,
    UnknownLaw,
)
from palmtax.rules.examples import Case, cases
from palmtax.rules.facts import Fact, Option
from palmtax.rules.late_fees import LateFee, late_fee
from palmtax.rules.laws import Law, every_law
from palmtax.rules.laws import find_law as law
from palmtax.rules.parameters import DatedValue, Parameter, plain_number, read_dated
from palmtax.rules.plain import read_plain, schema, write_plain
from palmtax.rules.registration import registration
from palmtax.rules.statutes import Citation, Statute, article_in_english, every_statute, find_article

__all__ = [
    "AmountTooLarge",
    "Assessment",
    "Calculator",
    "CalendarUnknown",
    "Case",
    "Citation",
    "DatedValue",
    "Deadline",
    "DueDate",
    "ExplainedLine",
    "Fact",
    "FactMissing",
    "FactRefused",
    "LateFee",
    "Law",
    "LawError",
    "Option",
    "Parameter",
    "ParameterNotInForce",
    "Statute",
    "UnknownLaw",
    "add_working_days",
    "article_in_english",
    "assess",
    "burdens",
    "by_band",
    "calendar_of",
    "cases",
    "columns",
    "compared",
    "due_after",
    "due_days",
    "due_on",
    "enact",
    "enacted",
    "every_law",
    "every_statute",
    "faults",
    "find_article",
    "late_fee",
    "law",
    "missing",
    "parameter",
    "plain_number",
    "read_dated",
    "read_plain",
    "readers",
    "registration",
    "scenarios",
    "schema",
    "totals",
    "trial",
    "version",
    "whole_calendar",
    "working_days_between",
    "write_plain",
]


def version(code: str) -> str:
    """The version of a law: a hash over its formulas, numbers, facts, the statutes and the engine."""
    return law(code).version


def columns(
    law: str,
    *,
    on: date,
    facts: Any,
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    what_if: Mapping[str, object] | None = None,
    threads: int | None = None,
    out: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Apply a law to many taxpayers: numpy or Arrow columns in, `(n,) int64 fen` or `(n,) bool` out; `arrays.columns`.

    Compiled for this processor where llvmlite has a target, numpy otherwise, always the same fen. numpy is loaded on
    the first call only. Raises `AmountTooLarge` where int64 could not hold every step exactly.
    """
    found: dict[str, Any] = _arrays().columns(
        law, on=on, facts=facts, outputs=outputs, known_on=known_on, what_if=what_if, threads=threads, out=out
    )
    return found


def scenarios(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    threads: int | None = None,
) -> dict[str, dict[str, Any]]:
    """Several what-ifs (parameters by full key; `{}` is the law as it is) in one pass: the columns of each, by name."""
    found: dict[str, dict[str, Any]] = _arrays().scenarios(
        law, on=on, facts=facts, scenarios=scenarios, outputs=outputs, known_on=known_on, threads=threads
    )
    return found


def totals(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    threads: int | None = None,
) -> dict[str, dict[str, int]]:
    """As `scenarios`, but only the exact sums, fen (of yes/no: how many); no column is written."""
    found: dict[str, dict[str, int]] = _arrays().totals(
        law, on=on, facts=facts, scenarios=scenarios, outputs=outputs, known_on=known_on, threads=threads
    )
    return found


def by_band(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    outputs: Sequence[str],
    line: str,
    ends: Sequence[int],
    known_on: date | None = None,
    threads: int | None = None,
) -> dict[str, dict[str, list[int]]]:
    """As `totals`, by band of a line: up to and including each of the rising `ends`, then above; `rows` counts them."""
    found: dict[str, dict[str, list[int]]] = _arrays().by_band(
        law, on=on, facts=facts, scenarios=scenarios, outputs=outputs, line=line, ends=ends, known_on=known_on,
        threads=threads,
    )  # fmt: skip
    return found


def burdens(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    plus: Sequence[str],
    less: Sequence[str] = (),
    known_on: date | None = None,
    threads: int | None = None,
    out: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """As `scenarios`, but one column for each: some results added up, less others; `(n,) int64` fen."""
    found: dict[str, Any] = _arrays().burdens(
        law, on=on, facts=facts, scenarios=scenarios, plus=plus, less=less, known_on=known_on, threads=threads, out=out
    )
    return found


def compared(
    before: Any,
    after: Any,
    *,
    amount: Any,
    ends: Sequence[int],
    codes: Sequence[tuple[Any, int]],
    edges: Sequence[int],
    most: int,
) -> Any:
    """Two burdens of the same taxpayers, `(n,) int64` fen: `kernel.changes.Changes`, exact.

    Sums by cell: the band of an amount (rising ends, each in the band below), then codes (`int8` from 0, and how many
    there are). How many change by more than each edge. The places of the most extreme changes, so many of each sign.
    """
    changes = importlib.import_module("palmtax.rules.kernel.changes")
    columns, sizes = tuple(column for column, _ in codes), tuple(size for _, size in codes)
    return changes.compared(before, after, changes.Asked(amount, tuple(ends), columns, sizes, tuple(edges), most))


def _arrays() -> Any:
    return importlib.import_module("palmtax.rules.arrays")
