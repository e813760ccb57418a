"""`palmtax law …`: the law on the command line: what there is, what it asks, one case, what is missing, what if, batches."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from palmtax import rules
from palmtax.base.clock import SystemClock
from palmtax.base.errors import PalmtaxError
from palmtax.entry import law_batch
from palmtax.entry.processes import say

F = TypeVar("F", bound=Callable[..., Any])


class Refused(click.ClickException):
    """A refusal of the law library in words, with the way on."""

    exit_code = 2

    def __init__(self, error: PalmtaxError) -> None:
        zh, en = "。".join(error.words("zh")), ". ".join(error.words("en"))
        super().__init__(f"{error.code}\n  {zh}\n  {en}")


class _Law(click.Group):
    """Answers refusals in words instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except PalmtaxError as error:
            raise Refused(error) from error


@click.group(cls=_Law)
def law() -> None:
    """The law: every tax and fee, computed, explained, asked what is missing, supposed, in batches."""


class Day(click.ParamType[date]):
    """A day written like 2026-11-23."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: 日期请写作 2026-11-23 / write the day like 2026-11-23", param, ctx)


def _on() -> Callable[[F], F]:
    return click.option("--on", type=Day(), default=lambda: SystemClock().today(), help="day of the law; today")


def _facts() -> Callable[[F], F]:
    return click.option(
        "--facts", "facts_file", required=True, help="JSON file of facts as `law facts` describes them, or - for stdin"
    )


def _language() -> Callable[[F], F]:
    return click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)


def _read(code: str, facts_file: str) -> dict[str, object]:
    """The facts of a file; decimals of JSON are kept as text, so that 0.1 stays 0.1."""
    try:
        text = sys.stdin.read() if facts_file == "-" else Path(facts_file).read_text("utf-8")
        raw = json.loads(text, parse_float=str, parse_constant=str, object_pairs_hook=_once)
    except (OSError, ValueError, RecursionError) as problem:
        raise click.ClickException(f"事实文件读不了 / facts cannot be read: {problem}") from problem
    if not isinstance(raw, dict):
        raise click.ClickException('事实应为一个 JSON 对象 / facts are one JSON object, like {"sales": "120000"}')
    return rules.read_plain(code, raw)


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object in which no name stands twice; `ValueError` otherwise."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"写了两次 / twice: {sorted({name for name in names if names.count(name) > 1})}")
    return found


def _dump(value: object) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@law.command("list")
@_language()
def list_laws(language: str) -> None:
    """All laws, with how many facts they ask and how many numbers they hold."""
    for code in rules.every_law():
        found = rules.law(code)
        title = found.title_en if language == "en" else found.title
        say(f"{code:28} {title}  ({len(found.asked)} facts, {len(found.parameters)} parameters)")


@law.command("show")
@click.argument("tax")
@_on()
@_language()
def show_law(tax: str, on: date, language: str) -> None:
    """One law on a day: its lines with their articles, its numbers with dates, source and confidence."""
    found, english = rules.law(tax), language == "en"
    say(f"{found.code}: {found.title_en if english else found.title}   {found.version}")
    for name in found.formulas:
        line = found.formula(name, on)
        if line is not None:
            say(f"  {name:34} {line.label_en if english else line.label}   [{'; '.join(line.articles)}]")
    for parameter in found.parameters.values():
        title = parameter.title_en if english else parameter.title
        say(f"  {parameter.key}: {title} ({parameter.unit})")
        for value in sorted(parameter.values, key=lambda value: value.first_day):
            mark = "*" if value.covers(on) else " "
            say(
                f"   {mark} {value.first_day} – {value.until or '…'}: {rules.plain_number(parameter.kind, value.value)}"
                f"   {value.law}; {value.source}; {value.confidence}"
            )


@law.command("facts")
@click.argument("tax")
def facts_of_law(tax: str) -> None:
    """What a law asks, as JSON Schema: names, labels, units, ranges, defaults, options."""
    _dump(rules.schema(tax))


def _value(unit: str, value: int | bool, language: str = "zh") -> str:
    """A result for people: yuan, yes or no, else the number."""
    if unit == "yes_no":
        return ("yes" if value else "no") if language == "en" else ("是" if value else "否")
    shown = rules.write_plain(unit, value)
    return f"{shown} {'yuan' if language == 'en' else '元'}" if unit == "fen" else str(shown)


def _law_of(line: rules.ExplainedLine) -> list[str]:
    """The articles of a line; what is not certain says so, with what is noted of it."""
    marks = [
        f" [{c.confidence}{': ' if c.note else ''}{c.note}]" if c.confidence == "uncertain" else ""
        for c in line.citations
    ]
    return [f"{c.title} {c.article}{mark}" for c, mark in zip(line.citations, marks, strict=True)]


def _result(found: rules.Assessment, language: str, *, explain: bool) -> dict[str, Any]:
    lines = {line.code: line for line in found.lines_in(language)}
    told: dict[str, Any] = {
        "law": found.traced.law.code,
        "version": found.version,
        "on": found.law_on,
        "outputs": {code: rules.write_plain(lines[code].unit, value) for code, value in found.outputs.items()},
    }
    if explain:
        told["lines"] = [
            {
                "code": line.code,
                "label": line.label_en if language == "en" else line.label,
                "formula": line.formula_en if language == "en" else line.formula,
                "value": rules.write_plain(line.unit, line.value),
                "unit": line.unit,
                "law": _law_of(line),
            }
            for line in lines.values()
        ]
    return told


@law.command("calc")
@click.argument("tax")
@_on()
@_facts()
@click.option("--explain", is_flag=True, help="every line with its formula and law")
@click.option("--json", "as_json", is_flag=True)
@click.option("--known-on", type=Day(), default=None, help="replay: only what was published by that day")
@_language()
def calc(
    tax: str, on: date, facts_file: str, explain: bool, as_json: bool, known_on: date | None, language: str
) -> None:
    """Compute one case."""
    found = rules.assess(tax, on=on, facts=_read(tax, facts_file), known_on=known_on)
    if as_json:
        _dump(_result(found, language, explain=explain))
        return
    for line in found.lines_in(language):
        if not explain and line.code not in found.outputs:
            continue
        label = line.label_en if language == "en" else line.label
        say(f"{label}: {_value(line.unit, line.value, language)}")
        if explain:
            say(f"    = {line.formula_en if language == 'en' else line.formula}")
            say(f"    {'; '.join(_law_of(line))}")
    say(found.version)


@law.command("missing")
@click.argument("tax")
@_on()
@_facts()
@_language()
def missing(tax: str, on: date, facts_file: str, language: str) -> None:
    """What is still missing and would change the result, in the order to ask."""
    known = {fact.code: fact for fact in rules.law(tax).facts}
    for code in rules.missing(tax, on=on, facts=_read(tax, facts_file)):
        say(f"{code}: {known[code].label_en if language == 'en' else known[code].label}")


def _changes(pairs: Sequence[str]) -> dict[str, object]:
    """`KEY=VALUE`; a value that is JSON is read as such, else it is text."""
    found: dict[str, object] = {}
    for pair in pairs:
        key, equals, raw = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set {pair}: 写作 参数=值 / write PARAMETER=VALUE")
        try:
            value = json.loads(raw, parse_float=str) if raw[:1] in ("{", "[") or raw in ("true", "false") else raw
        except ValueError as problem:
            raise click.UsageError(f"--set {pair}: {problem}") from problem
        found[key] = value
    return found


@law.command("whatif")
@click.argument("tax")
@_on()
@_facts()
@click.option("--set", "pairs", multiple=True, required=True, help="KEY=VALUE as the law writes it; repeat")
@_language()
def what_if(tax: str, on: date, facts_file: str, pairs: tuple[str, ...], language: str) -> None:
    """One case under the law and under changed numbers, side by side."""
    facts = _read(tax, facts_file)
    now = rules.assess(tax, on=on, facts=facts)
    then = rules.assess(tax, on=on, facts=facts, what_if=_changes(pairs))
    before = {line.code: line for line in now.lines}
    for line in then.lines:
        old = before.get(line.code)
        if old is None or old.value != line.value:
            label = line.label_en if language == "en" else line.label
            was = "—" if old is None else _value(old.unit, old.value, language)
            say(f"{label} ({line.code}): {was} → {_value(line.unit, line.value, language)}")
    say(f"{now.version} → {then.version}")


@law.command("batch")
@click.argument("tax")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@_on()
@click.option("--output", "outputs", multiple=True, help="results wanted; all")
@click.option("--set", "pairs", multiple=True, help="KEY=VALUE: a supposed number of the law; repeat")
@click.option("--keep", multiple=True, help="columns of the input to carry over, such as an identifier")
def batch(
    tax: str,
    source: Path,
    target: Path,
    on: date,
    outputs: tuple[str, ...],
    pairs: tuple[str, ...],
    keep: tuple[str, ...],
) -> None:
    """Apply a law to every row of a Parquet file: whole numbers in the rule's units (fen), a column per fact."""
    wanted: Mapping[str, object] = _changes(pairs)
    done = law_batch.run(tax, source, target, on=on, outputs=outputs, what_if=wanted, keep=keep, tell=say)
    say(f"{done.rows:,} 行 / rows, {done.seconds:.2f} s → {target}")


@law.command("check")
@click.argument("taxes", nargs=-1)
def check(taxes: tuple[str, ...]) -> None:
    """Citations in force, every day of 2019–2027 evaluates or refuses, all examples exact."""
    codes = taxes or rules.every_law()
    bad = 0
    for code in codes:
        faults = rules.faults(code)
        bad += len(faults)
        examples = sum(1 for _ in rules.cases(code)) if not faults else 0
        say(f"{'✗' if faults else '✓'} {code}  ({examples} cases)")
        for fault in faults:
            say(f"    {fault}")
    say(f"{len(codes)} laws, {bad} faults")
    if bad:
        raise SystemExit(1)
