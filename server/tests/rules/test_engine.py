"""The engine: refuses what cannot be exact, keeps versions apart, tells what is missing, replays and supposes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from palmtax import rules
from palmtax.rules import engine, laws
from palmtax.rules.errors import LawError

DAY = date(2026, 9, 30)  # Wednesday
HEAD = """
from datetime import date
from palmtax.rules.language import *
from palmtax.rules.language import Amount, Choice, Comparison, Count, LawRate, LawRates, YesNo, law, since
words = dict(label="行", label_en="line")
A = "增值税法 第十一条"
"""
FACTS = """
title: 试
title_en: try
asks:
  a: {label: 甲, label_en: a, unit: fen, group: sales}
  b: {label: 乙, label_en: b, unit: fen, group: sales}
  n: {label: 数, label_en: n, unit: count, lo: 1, hi: 100, group: sales}
  yes: {label: 是否, label_en: yes, unit: yes_no, group: sales}
exports: [out]
"""
RATE = """
title: 率
title_en: rate
kind: rate
unit: 比例
values:
  - from: 2026-01-01
    until: 2026-12-31
    value: 1/3
    law: 增值税法 第十一条
    published: 2025-12-01
    source: s
    confidence: law
checked: {on: 2026-11-23, by: desk}
"""
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a little law into a folder of its own and gives its code."""
    forget = (laws.find_law, laws.every_law)
    monkeypatch.setattr(laws, "LAWS", tmp_path)
    monkeypatch.setattr(engine, "_TRACED", {})
    for cached in forget:
        cached.cache_clear()

    def put(formulas: str, code: str = "tiny", facts: str = FACTS) -> str:
        (tmp_path / code / "parameters").mkdir(parents=True)
        (tmp_path / code / "formulas.py").write_text(HEAD + formulas, "utf-8")
        (tmp_path / code / "facts.yaml").write_text(facts, "utf-8")
        (tmp_path / code / "parameters" / "third.yaml").write_text(RATE, "utf-8")
        laws.every_law.cache_clear()
        return code

    yield put
    for cached in forget:
        cached.cache_clear()


def line(body: str, arguments: str = "a: Amount, b: Amount, n: Count, yes: YesNo, third: LawRate") -> str:
    return f"@law(A, **words)\ndef out({arguments}) -> Amount:\n    return {body}\n"


GIVEN = {"a": 100, "b": 7, "n": 3, "yes": True}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("a + b - a", 7),
        ("third.of(a)", 33),
        ("third.net_of(a)", 75),
        ("(third + third).of(a)", 67),
        ("times(a, n)", 300),
        ("share(a, n)", 33),
        ("atleast(a - b - a, 0)", 0),
        ("atmost(a, b)", 7),
        ("where(both(yes, a > b), a, 0)", 100),
        ("where(opposite(either(a < b, a <= b)), a, b)", 100),
        ("where(a >= b, b, a)", 7),
    ],
)
def test_the_words_compute_exactly(write: Write, body: str, value: int) -> None:
    assessment = rules.assess(write(line(body)), on=DAY, facts=GIVEN)
    assert assessment.outputs["out"] == value
    assert assessment.lines[0].formula
    assert assessment.lines[0].formula_en


@pytest.mark.parametrize(
    "body",
    [
        "a if yes else b", "a if a > b else b", "a * b", "a * 2", "2 * a", "a / b", "a // n", "a * 0.03", "float(a)",
        "a + 1", "a + n", "where(yes, a, 1)", "where(a, b, a)", "where(yes, a, n)", "where(yes and yes, a, b)",
        "where(not yes, a, b)", "third.of(n)", "a + third", "third", "round(a)", "where(a == b, a, b)", "a % b",
        "max(a, b)", "min(a, b)", "abs(a)", "-a", "times(a, b)", "5", "a > b and b", "int(a)", "sum([a, b])",
        "third.of(third.of)",
    ],
)  # fmt: skip
def test_what_cannot_be_exact_or_explained_is_refused_when_traced(write: Write, body: str) -> None:
    code = write(line(body))
    with pytest.raises(LawError):
        rules.assess(code, on=DAY, facts=GIVEN)


def test_a_line_that_needs_itself_is_refused(write: Write) -> None:
    loop = "@law(A, **words)\ndef out(other: Amount) -> Amount:\n    return other\n"
    code = write(loop + "@law(A, **words)\ndef other(out: Amount) -> Amount:\n    return out\n")
    with pytest.raises(LawError, match="needs itself"):
        rules.assess(code, on=DAY, facts={})


@pytest.mark.parametrize(
    ("formulas", "match"),
    [
        ("@law(A, **words)\ndef out(nobody: Amount) -> Amount:\n    return nobody\n", "nothing is called"),
        ("@law(A, **words)\ndef a(b: Amount) -> Amount:\n    return b\n" + line("b", "b: Amount"), "names used twice"),
        ("@law(A, **words)\ndef in_(a: Amount) -> Amount:\n    return a\n", "exports without a formula"),
        (line("a") + line("b"), "written twice"),
        (line("late_fee__raw_fee", "late_fee__raw_fee: Amount"), "There is no|unknown_law"),
    ],
)
def test_badly_joined_laws_are_refused(write: Write, formulas: str, match: str) -> None:
    code = write(formulas)
    with pytest.raises((LawError, rules.UnknownLaw), match=match):
        rules.assess(code, on=DAY, facts=GIVEN)


def test_a_changed_formula_counts_from_its_day(write: Write) -> None:
    newer = (
        '@since(date(2026, 7, 1), of="out")\n@law(A, **words)\ndef out_from_july(b: Amount) -> Amount:\n    return b\n'
    )
    code = write(line("a", "a: Amount") + newer)
    assert rules.assess(code, on=date(2026, 6, 30), facts={"a": 1}).outputs["out"] == 1
    assert rules.assess(code, on=date(2026, 7, 1), facts={"b": 2}).outputs["out"] == 2


def test_a_number_that_expired_is_refused_with_its_name_and_day(write: Write) -> None:
    code = write(line("third.of(a)"))
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(rules.ParameterNotInForce) as refusal:
            rules.assess(code, on=day, facts=GIVEN)
        assert (refusal.value.values["parameter"], refusal.value.values["on"]) == ("tiny.third", day)


def test_an_undecided_branch_asks_for_nothing(write: Write) -> None:
    code = write(line("where(yes, a, b)", "a: Amount, b: Amount, yes: YesNo"))
    assert rules.missing(code, on=DAY, facts={}) == ("yes",)
    assert rules.missing(code, on=DAY, facts={"yes": True}) == ("a",)
    assert rules.missing(code, on=DAY, facts={"yes": False}) == ("b",)
    assert rules.missing(code, on=DAY, facts={"yes": False, "b": 1}) == ()


def test_a_decided_condition_asks_for_nothing_more(write: Write) -> None:
    code = write(line("where(both(yes, a > b), a, 0)", "a: Amount, b: Amount, yes: YesNo"))
    assert rules.missing(code, on=DAY, facts={"yes": False}) == ()
    more = FACTS.replace("exports", "  c: {label: 丙, label_en: c, unit: fen, group: sales}\nexports")
    formula = line("where(either(yes, a > b), c, c)", "a: Amount, b: Amount, yes: YesNo, c: Amount")
    code = write(formula, "two", more)
    assert rules.missing(code, on=DAY, facts={"yes": True}) == ("c",)


@pytest.mark.parametrize(
    ("facts", "fact"),
    [
        ({"a": 1.0}, "a"), ({"a": True}, "a"), ({"a": "1"}, "a"), ({"a": 2**53}, "a"), ({"a": -(2**53)}, "a"),
        ({"n": 0}, "n"), ({"n": 101}, "n"), ({"yes": 1}, "yes"), ({"unknown": 1}, "unknown"),
    ],
)  # fmt: skip
def test_facts_of_a_wrong_type_or_range_are_refused(write: Write, facts: dict[str, object], fact: str) -> None:
    code = write(line("where(yes, times(a, n), b)"))
    with pytest.raises(rules.FactRefused) as refusal:
        rules.assess(code, on=DAY, facts=GIVEN | facts)  # type: ignore[arg-type]  # the point
    assert refusal.value.values["fact"] == fact


def test_missing_facts_are_named_all_together(write: Write) -> None:
    code = write(line("where(yes, times(a, n), b)"))
    with pytest.raises(rules.FactMissing) as refusal:
        rules.assess(code, on=DAY, facts={"a": 1, "n": None})
    assert refusal.value.values["facts"] == ["b", "n", "yes"]
    assert refusal.value.words("zh")[0] == "计算还缺少：乙、数、是否"


FULL = {"is_quarterly": True, "ordinary_sales": 30_000_000, "place_kind": "city", "is_half_relief": True}


def test_what_was_known_then_can_be_replayed() -> None:
    """In mid-2025 the published rule for 2026 was still: not more than 300,000 is exempt."""
    then = rules.assess("vat_small_scale", on=date(2025, 12, 31), facts={"is_quarterly": True, "ordinary_sales": 1})
    assert then.outputs["is_exempt"]
    facts = {"is_quarterly": True, "ordinary_sales": 30_000_000}
    as_known = rules.assess("vat_small_scale", on=date(2026, 3, 31), facts=facts, known_on=date(2025, 6, 30))  # Monday
    today = rules.assess("vat_small_scale", on=date(2026, 3, 31), facts=facts)
    assert (as_known.outputs["vat_payable"], today.outputs["vat_payable"]) == (0, 300_000)
    with pytest.raises(rules.ParameterNotInForce, match="published"):
        rules.assess("vat_small_scale", on=date(2026, 3, 31), facts=facts, known_on=date(2007, 1, 1))


def test_a_supposed_number_changes_the_result_and_cannot_pass_for_law() -> None:
    law = rules.assess("vat_small_scale_return", on=DAY, facts=FULL)
    supposed = {"vat_small_scale.quarter_threshold": "450000", "surcharges.half_relief_rate": "25%"}
    what_if = rules.assess("vat_small_scale_return", on=DAY, facts=FULL, what_if=supposed)
    assert (law.outputs["payable"], what_if.outputs["payable"]) == (310_500, 0)
    assert what_if.version == law.version + "+what-if"
    threshold = next(line for line in what_if.lines if line.code == "vat_small_scale.threshold")
    assert "450,000.00" in threshold.formula
    assert [citation.article for citation in threshold.citations] == [
        "第二十三条",
        "起征点标准",
    ]  # of the line, not of the number
    assert rules.assess("vat_small_scale_return", on=DAY, facts=FULL).outputs == law.outputs
    for wrong in (
        {"vat_small_scale.quarter_threshold": 0.5},
        {"nothing.there": 1},
        {"surcharges.half_relief_rate": "x"},
    ):
        with pytest.raises(rules.FactRefused):
            rules.assess("vat_small_scale_return", on=DAY, facts=FULL, what_if=wrong)


def test_the_disputed_cap_can_be_supposed() -> None:
    facts = {"unpaid_tax": 10_000, "days_late": 3_000}
    assert rules.assess("late_fee", on=DAY, facts=facts).outputs["fee"] == 15_000
    capped = rules.assess("late_fee", on=DAY, facts=facts, what_if={"late_fee.is_capped_at_tax": True})
    assert capped.outputs["fee"] == 10_000


def test_the_explanation_is_complete_and_real() -> None:
    assessment = rules.assess("vat_small_scale_return", on=DAY, facts=FULL)
    lines = {line.code: line for line in assessment.lines}
    assert (
        lines["vat_small_scale.reduction"].formula
        == "应税销售额（减按征收） 300,000.00 × （征收率 3% − 减按征收率 1%）"
    )
    assert lines["vat_small_scale.is_total_below"].formula_en == "Total sales 300,000.00 at least Threshold 300,000.00"
    assert lines["payable"].formula == "应补缴增值税 3,000.00 + 附加税费合计 105.00"
    assert lines["surcharges.urban_before"].formula_en == (
        "Base of the surcharges 3,000.00 × urban maintenance tax rate 7% (Place: city)"
    )
    assert all(line.citations and line.label and line.label_en for line in assessment.lines)
    english = assessment.lines_in("en")[0].citations[0]
    assert (english.title, english.article) == ("VAT Law", "Art. 23")
    values = {line.code: line.value for line in assessment.lines}
    assert {code: values[code] for code in assessment.outputs} == dict(assessment.outputs)
    assert len(assessment.telling_lines) < len(assessment.lines)


def test_the_same_law_has_the_same_version_and_another_another() -> None:
    one = rules.assess("vat_small_scale", on=DAY, facts={"is_quarterly": True, "ordinary_sales": 1})
    assert one.version == rules.version("vat_small_scale")
    assert rules.version("vat_small_scale") != rules.version("surcharges")
    assert one.law_on == DAY


def test_a_rule_is_traced_once_between_two_turning_days() -> None:
    first = engine.traced("vat_small_scale", date(2026, 2, 1))
    assert engine.traced("vat_small_scale", DAY) is first
    assert engine.traced("vat_small_scale", date(2025, 12, 31)) is not first


def test_an_unknown_law_is_refused() -> None:
    with pytest.raises(rules.UnknownLaw):
        rules.assess("../secrets", on=DAY, facts={})


def test_after_the_last_day_of_a_relief_nothing_is_assumed() -> None:
    with pytest.raises(rules.ParameterNotInForce) as refusal:
        rules.assess("vat_small_scale_return", on=date(2028, 3, 31), facts=FULL)
    assert refusal.value.values["on"] == date(2028, 3, 31)
    assert "2027-12-31" in refusal.value.values["reason"]


def test_where_two_readings_differ_the_result_says_so() -> None:
    facts = {"is_quarterly": True, "ordinary_sales": 18_000_000, "real_estate_sales": 200_000_000}
    now = rules.assess("vat_small_scale", on=DAY, facts=facts).outputs
    assert now["is_real_estate_test_uncertain"]
    assert not now["is_exempt"]
    other = rules.assess(
        "vat_small_scale", on=DAY, facts=facts, what_if={"vat_small_scale.is_real_estate_left_out": True}
    )
    assert other.outputs["is_exempt"]
    before = rules.assess("vat_small_scale", on=date(2025, 9, 30), facts=facts).outputs
    assert (before["is_exempt"], before["is_real_estate_test_uncertain"], before["tax_real_estate"]) == (
        True,
        False,
        10_000_000,
    )
