"""Every worked example of the law: facts in, exact results and intermediate lines out; there is no tolerance."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from palmtax import rules
from palmtax.base.money import yuan
from palmtax.rules.facts import read_plain_number
from palmtax.rules.laws import LAWS
from palmtax.rules.parameters import read_yaml

HEAD = {"id", "source", "confidence", "origin", "note", "cases"}
FILES = sorted(path for path in LAWS.glob("*/examples/*.yaml") if path.parts[-3] != "calendar")
CASES = [(path.parts[-3], path.stem, case) for path in FILES for case in read_yaml(path)["cases"]]


def in_our_units(law: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of an example, written as people write them."""
    return rules.read_plain(law, facts)


def expected(unit: str, wanted: Any) -> Any:
    """An expected value, written as people write it."""
    if isinstance(wanted, bool) or unit in ("yes_no", "choice"):
        return wanted
    if unit == "day":
        return (wanted if isinstance(wanted, date) else date.fromisoformat(wanted)).toordinal()
    return read_plain_number("count" if unit == "days" else unit, wanted)


def spread(wanted: dict[str, Any]) -> dict[str, Any]:
    """Rows one by one."""
    found = {}
    for code, value in wanted.items():
        if isinstance(value, list):
            found |= {f"{code}_{place:02d}": one for place, one in enumerate(value, 1)}
        else:
            found[code] = value
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_has_its_source_and_no_tolerance(path: Path) -> None:
    raw = read_yaml(path)
    assert HEAD - {"note"} <= raw.keys() <= HEAD
    assert raw["id"] == path.stem
    assert raw["cases"]
    assert all(
        {"on", "facts", "expect"} <= case.keys() <= {"on", "facts", "lines", "expect", "days"} for case in raw["cases"]
    )


@pytest.mark.parametrize(
    ("law", "name", "case"), CASES, ids=[f"{law}-{name}-{i}" for i, (law, name, _) in enumerate(CASES)]
)
def test_the_law_gives_the_published_answer(law: str, name: str, case: dict[str, Any]) -> None:
    facts = in_our_units(law, case["facts"])
    assessment = rules.assess(law, on=case["on"], facts=facts)
    lines = {line.code: line for line in assessment.lines}
    for code, wanted in spread(case.get("lines", {}) | case["expect"]).items():
        assert lines[code].value == expected(lines[code].unit, wanted), (name, code, lines[code].formula)
    for code in spread(case["expect"]):
        assert assessment.outputs[code] == lines[code].value


@pytest.mark.parametrize(
    ("law", "name", "case"), CASES, ids=[f"{law}-{name}-{i}" for i, (law, name, _) in enumerate(CASES)]
)
def test_columns_give_the_published_answer(law: str, name: str, case: dict[str, Any]) -> None:
    facts = in_our_units(law, case["facts"])
    known = {fact.code: fact for fact in rules.law(law).facts}
    one_by_one = spread(facts)
    columns = {code: np.array([known[code].read(value)] * 3) for code, value in one_by_one.items()}
    found = rules.columns(law, on=case["on"], facts=columns)
    outputs = rules.assess(law, on=case["on"], facts=facts).outputs
    assert {code: column.tolist() for code, column in found.items()} == {
        code: [v] * 3 for code, v in outputs.items()
    }, name


@pytest.mark.parametrize("case", [c for law, _, c in CASES if law == "late_fee"])
def test_the_late_fee_counts_the_days(case: dict[str, Any]) -> None:
    due_on, paid_on = (date.fromisoformat(case["days"][name]) for name in ("due_on", "paid_on"))
    found = rules.late_fee(yuan(case["facts"]["unpaid_tax"]), due_on, paid_on)
    assert (found.days, found.fee_fen) == (case["facts"]["days_late"], yuan(case["expect"]["fee"]))
    assert found.lines[-1].value == found.fee_fen


def test_every_example_of_the_domain_that_belongs_here_is_there() -> None:
    small = [
        f"VAT-S-{n}" for n in ("01", "03", "04", "06", "07", "09", "10", "12", "13A", "13B", "15", "16", "17", "19")
    ]
    wanted = {*small, "SUR-01", "SUR-02", "SUR-04", "SUR-05", "LATE-01", "LATE-02", "LATE-03", "LATE-05"}
    assert wanted <= {path.stem for path in FILES}


def test_answers_are_yuan_as_text_never_floats() -> None:
    values = [
        value for _, _, case in CASES for part in ("facts", "lines", "expect") for value in case.get(part, {}).values()
    ]
    assert values
    assert not [value for value in values if isinstance(value, float)]
