"""The law as files: every number dated and cited, every citation known and in force, every formula free of tricks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from palmtax import rules
from palmtax.rules.checking import FIRST, LAST
from palmtax.rules.engine import traced
from palmtax.rules.errors import LawError
from palmtax.rules.laws import LAWS, find_law
from palmtax.rules.parameters import Parameter, read_parameter, read_yaml
from palmtax.rules.statutes import every_statute, find_article

CODES = rules.every_law()
PARAMETERS = [parameter for code in CODES for parameter in find_law(code).parameters.values()]
TODAY = date(2026, 11, 23)  # Monday


def test_the_laws_of_this_house_are_found_by_folder() -> None:
    folders = {path.name for path in LAWS.iterdir() if (path / "README.md").exists()}
    assert folders - {"calendar"} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_law_holds_together(code: str) -> None:
    """Citations in force on every day of 2019–2027 that evaluates; every other day is refused by name; examples exact."""
    assert rules.faults(code) == []


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_a_number_cites_a_statute_in_force_on_its_days(parameter: Parameter) -> None:
    for value in parameter.values:
        statute, _, _ = find_article(value.law)
        assert statute.first_day <= value.first_day
        assert statute.until is None or (value.until is not None and value.until <= statute.until)
        assert value.published <= TODAY
        assert value.source
    assert parameter.unit
    assert parameter.checked_by
    assert parameter.checked_on <= TODAY


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_no_number_has_expired_unnoticed(parameter: Parameter) -> None:
    assert parameter.on(TODAY).covers(TODAY)


@pytest.mark.parametrize("code", CODES)
def test_every_line_has_its_promise_and_two_labels(code: str) -> None:
    for versions in find_law(code).formulas.values():
        for formula in versions:
            assert formula.function.__doc__, formula.name
            assert formula.label != formula.label_en


@pytest.mark.parametrize("code", CODES)
def test_every_day_evaluates_or_is_refused_by_name(code: str) -> None:
    """Each of the 3,287 days of 2019–2027."""
    days = [date.fromordinal(day) for day in range(FIRST.toordinal(), LAST.toordinal() + 1)]
    served, refused = 0, list[tuple[bool, str, str]]()
    for day in days:
        try:
            traced(code, day)
            served += 1
        except rules.ParameterNotInForce as refusal:
            refused.append((refusal.values["on"] == day, *(refusal.words(language)[0] for language in ("zh", "en"))))
    assert served, "no day of nine years has this law"
    assert all(all(words) for words in refused)


CONTEXT = {
    "增值税法 第九条", "增值税法 第三十条", "增值税法实施条例 第七条", "增值税法实施条例 第四十三条",
    "增值税法实施条例 第四十四条", "国家税务总局公告2026年第4号 第四条", "财政部 税务总局公告2023年第12号 第四条",
    "财政部 税务总局公告2023年第1号 第二条", "财政部 税务总局公告2023年第1号 第一条",
}  # fmt: skip
"""Articles that explain others and are cited by no line of their own."""


def calendar_articles() -> set[str]:
    """Articles that the filing calendar cites."""
    taxes = read_yaml(LAWS / "calendar" / "taxes.yaml")
    texts = {str(value) for value in _leaves(taxes)}
    known = {f"{title} {name}" for title, statute in every_statute().items() for name in statute.articles}
    always = {"税收征收管理法实施细则 第一百零九条", "增值税暂行条例 第二十三条"}
    return {reference for reference in known if any(reference in text for text in texts)} | always


def _leaves(value: Any) -> Iterator[Any]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _leaves(part)
    if not isinstance(value, (dict, list)):
        yield value


def test_every_statute_and_article_is_used() -> None:
    cited = {value.law for parameter in PARAMETERS for value in parameter.values}
    cited |= {
        article
        for code in CODES
        for versions in find_law(code).formulas.values()
        for v in versions
        for article in v.articles
    }
    known = {f"{title} {name}" for title, statute in every_statute().items() for name in statute.articles}
    assert cited <= known
    unused = known - cited - calendar_articles()
    assert unused <= CONTEXT
    for statute in every_statute().values():
        assert not statute.replaced_by or statute.replaced_by in every_statute()


def is_since(node: ast.AST) -> bool:
    """The day in `@since(date(2024, 1, 1), of=…)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "since"


@pytest.mark.parametrize("code", CODES)
def test_formulas_hold_no_branch_no_float_no_division_and_no_number_but_zero(code: str) -> None:
    tree = ast.parse((LAWS / code / "formulas.py").read_text("utf-8"))
    banned = (
        ast.If,
        ast.IfExp,
        ast.BoolOp,
        ast.Not,
        ast.Div,
        ast.FloorDiv,
        ast.Mult,
        ast.Mod,
        ast.Pow,
        ast.While,
    )
    assert not [node for node in ast.walk(tree) if isinstance(node, banned)]
    dated = {id(part) for node in ast.walk(tree) if is_since(node) for part in ast.walk(node)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in dated]
    assert {repr(n.value) for n in constants if isinstance(n.value, (int, float))} <= {"0", "True", "False"}


@pytest.mark.parametrize("code", [*CODES, "calendar"])
def test_every_law_has_a_readme_and_examples(code: str) -> None:
    assert "**Not covered.**" in (LAWS / code / "README.md").read_text("utf-8")
    assert list((LAWS / code / "examples").glob("*.yaml"))


GOOD = """
title: 名
title_en: name
kind: money
unit: 元
values:
  - from: 2026-01-01
    until: 2026-12-31
    value: "10.50"
    law: 增值税法 第十一条
    published: 2025-12-01
    source: s
    confidence: law
checked: {on: 2026-11-23, by: desk}
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "some.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_number_is_an_error_the_day_before_and_the_day_after(tmp_path: Path) -> None:
    parameter = read_parameter(_write(tmp_path, GOOD), "law")
    assert parameter.on(date(2026, 1, 1)).value == parameter.on(date(2026, 12, 31)).value == 1050
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(rules.ParameterNotInForce) as refusal:
            parameter.on(day)
        assert refusal.value.values["parameter"] == "law.some"
        assert refusal.value.values["on"] == day
        assert str(day) in refusal.value.words()[0]
    with pytest.raises(rules.ParameterNotInForce) as unknown:
        parameter.on(date(2026, 6, 1), known_on=date(2025, 11, 30))
    assert "2025-12-01" in unknown.value.values["reason"]
    assert parameter.turning_days() == {date(2026, 1, 1), date(2027, 1, 1)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title_en: name\n", ""),
        ("unit: 元\n", "unit: 元\ntolerance: 1\n"),
        ('"10.50"', "10.50"),
        ('"10.50"', '"10.505"'),
        ("    source: s\n", ""),
        ("confidence: law", "confidence: sure"),
        ("from: 2026-01-01", "from: soon"),
        ("until: 2026-12-31", "until: 2025-12-31"),
        ("kind: money", "kind: rate"),
        ("by: desk", "who: desk"),
    ],
)
def test_a_badly_written_number_is_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(LawError, match=r"law\.some"):
        read_parameter(_write(tmp_path, GOOD.replace(old, new)), "law")
