"""Every worked example of the law: facts in, exact results and intermediate lines out; there is no tolerance."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from palmtax import rules
from palmtax.base.money import yuan
from palmtax.rules.examples import one_by_one
from palmtax.rules.laws import LAWS

CASES = [case for code in rules.every_law() for case in rules.cases(code)]
NAMES = [f"{case.law}-{case.name}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_law_gives_the_published_answer(case: rules.Case) -> None:
    assert case.faults(case.assess()) == []


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_columns_give_the_published_answer(case: rules.Case) -> None:
    assessment = case.assess()
    known = assessment.traced.facts
    given = assessment.traced.read(one_by_one(rules.read_plain(case.law, case.facts)))
    columns = {code: np.array([given[code]] * 3, bool if known[code].unit == "yes_no" else np.int64) for code in given}
    found = rules.columns(case.law, on=case.on, facts=columns)
    assert {code: column.tolist() for code, column in found.items()} == {
        code: [value] * 3 for code, value in assessment.outputs.items()
    }


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_every_line_is_told_in_both_languages(case: rules.Case) -> None:
    for line in case.assess().lines:
        assert line.formula, line.code
        assert line.formula_en, line.code
        assert line.citations, line.code


@pytest.mark.parametrize("case", [case for case in CASES if case.law == "late_fee" and case.name.startswith("LATE")])
def test_the_late_fee_counts_the_days(case: rules.Case) -> None:
    days: dict[str, Any] = DAYS[case.name.partition(".")[0]]
    due_on, paid_on = (date.fromisoformat(days[name]) for name in ("due_on", "paid_on"))
    found = rules.late_fee(yuan(case.facts["unpaid_tax"]), due_on, paid_on)
    assert (found.days, found.fee_fen) == (case.facts["days_late"], yuan(case.expect["fee"]))
    assert found.lines[-1].value == found.fee_fen


DAYS = {
    "LATE-01": {"due_on": "2026-04-20", "paid_on": "2026-05-05"},
    "LATE-02": {"due_on": "2026-07-15", "paid_on": "2026-07-16"},
    "LATE-03": {"due_on": "2026-07-15", "paid_on": "2026-07-16"},
    "LATE-05": {"due_on": "2025-12-15", "paid_on": "2026-11-23"},
}

SHARED = """
VAT-S-01 VAT-S-03 VAT-S-04 VAT-S-06 VAT-S-07 VAT-S-09 VAT-S-10 VAT-S-12 VAT-S-13A VAT-S-13B VAT-S-15 VAT-S-16
VAT-S-17 VAT-S-19 VAT-G-01 VAT-G-02 VAT-G-03 VAT-G-04 VAT-G-07 VAT-G-08 VAT-G-09 VAT-G-10 VAT-G-11 VAT-G-12
VAT-G-13 VAT-G-15 VAT-G-16 VAT-G-17 VAT-G-18 VAT-G-19 VAT-G-20 VAT-G-21 VAT-G-22 SUR-01 SUR-02 SUR-04 SUR-05
IIT-W-02 IIT-W-03 IIT-W-04 IIT-W-05 IIT-W-06 IIT-L-02 IIT-L-04 IIT-L-05 IIT-L-06 IIT-A-01 IIT-A-02 IIT-R-01
IIT-L-07 IIT-N-01 IIT-N-03 IIT-Y-01 IIT-Y-02 IIT-Y-04 IIT-Y-05 IIT-Y-06 IIT-Y-07 IIT-B-01 IIT-B-02 IIT-B-03
IIT-B-04 IIT-O-01 IIT-O-03 IIT-O-04 IIT-O-05 IIT-C-02 IIT-C-04 IIT-C-05 IIT-C-06 IIT-D-02 IIT-D-03 IIT-D-04
IIT-D-05 IIT-P-01 IIT-D-06 CIT-01 CIT-03 CIT-04 CIT-05 CIT-06 CIT-08 CIT-10 CIT-11 CIT-13 STAMP-02 STAMP-03
STAMP-05 STAMP-07 STAMP-08 STAMP-09 STAMP-11 STAMP-12 STAMP-13 STAMP-14 PROP-01 PROP-02 PROP-04 LAND-01 VEH-01
VEH-02 VEH-03 VEH-05 VEH-07 VEH-08 DEED-01 DEED-02 DEED-03 DEED-04 DEED-05 LVAT-01 LVAT-03 LVAT-04 LVAT-05
ENV-01 FARM-01 TOB-01 CT-01 CT-02 SI-01 SI-02 SI-04 SI-05 SI-06 FEE-02 FEE-03 FEE-04 FEE-05 LATE-01 LATE-02
LATE-03 LATE-05 DL-02 DL-03
"""


def test_every_shared_example_is_there() -> None:
    found = {path.stem for path in LAWS.glob("*/examples/*.yaml")}
    assert set(SHARED.split()) - found == set()


def test_answers_are_text_never_floats() -> None:
    values = [
        value for case in CASES for part in (case.facts, case.lines, case.expect) for value in one_by_one(part).values()
    ]
    assert values
    assert not [value for value in values if isinstance(value, float)]
