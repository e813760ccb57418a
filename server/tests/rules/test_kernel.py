"""The compiled kernel, the numpy blocks and one taxpayer at a time: the same fen, for every operation of the graph."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from palmtax import rules
from palmtax.base.rate import Rate
from palmtax.rules import arrays
from palmtax.rules.engine import traced
from palmtax.rules.facts import read_fact
from palmtax.rules.graph import Bracket, Node, Op, UsedOption, UsedParameter, UsedRate, UsedRates, UsedScale, UsedTable
from palmtax.rules.kernel import compiled, lowering, program, work
from palmtax.rules.steps import program as one_by_one
from palmtax.rules.traced import Traced

DAY = date(2026, 9, 30)
FACTS = {
    code: read_fact(code, {"label": code, "label_en": code, "group": "income", **raw})
    for code, raw in {
        "a": {"unit": "fen", "lo": "-90071992547409", "hi": "90071992547409"},
        "b": {"unit": "fen", "lo": "-90071992547409", "hi": "90071992547409"},
        "count": {"unit": "count", "lo": -3, "hi": 400},
        "quantity": {"unit": "quantity", "lo": "0", "hi": "100000"},
        "portion": {"unit": "rate", "lo": "0", "hi": "100%"},
        "p": {"unit": "yes_no"},
        "q": {"unit": "yes_no"},
        "choice": {"unit": "choice", "options": {"x": ["x", "x"], "y": ["y", "y"], "z": ["z", "z"]}},
        "day": {"unit": "day"},
        "later": {"unit": "day"},
    }.items()
}
MULTIPLY = {
    "portion_of", "portion_net", "portion_gross", "for_quantity", "per_quantity", "part", "ratio", "quotient", "ratio_tax",
}  # fmt: skip
"""Operations whose whole numbers may leave 64 bits although every fact and result is within its range."""
EDGES = [0, 1, -1, 49, 50, 51, 99, 100, 3_600_000, 3_600_001, 14_400_000, 14_400_001, 2**31 - 1, 2**31, -(2**31) - 1]


def rate(text: str) -> UsedRate:
    return UsedRate(Rate(text), ())


def scale(*rows: tuple[str | None, str, str]) -> UsedScale:
    brackets = [
        Bracket(None if end is None else Fraction(end), Rate(by), Rate(less).fraction) for end, by, less in rows
    ]
    return UsedScale("k", tuple(brackets))


PROGRESSIVE = scale(("3600000", "3%", "0"), ("14400000", "10%", "252000"), (None, "20%", "1692000"))
JUMPING = scale(("3600000", "3%", "0"), ("14400000", "10%", "21000"), (None, "20%", "141000"))
RATIOS = scale(("1/2", "30%", "0"), ("1", "40%", "5%"), ("2", "50%", "15%"), (None, "60%", "35%"))
RATES = UsedRates("k", (Rate("3%"), Rate("1/3"), Rate("13%")))
TABLE = UsedTable("k", (100, -7, 12_345))

UNITS = {"p": "yes_no", "q": "yes_no", "choice": "choice", "count": "count", "quantity": "quantity", "portion": "rate"}
YES_NO = {"below", "at_most", "reaches", "above", "both", "either", "not", "is_option"}
CASES: list[tuple[Op, tuple[str, ...], Any]] = [
    ("fact", (), "a"),
    ("fact", (), "p"),
    ("number", (), -17),
    ("number", (), 0),
    ("parameter", (), UsedParameter("k", 6_000_000)),
    ("rate", (), rate("13%")),
    ("line", ("a",), "line"),
    ("add", ("a", "b"), None),
    ("subtract", ("a", "b"), None),
    ("times", ("a", "count"), None),
    ("larger", ("a", "b"), None),
    ("smaller", ("a", "b"), None),
    ("below", ("a", "b"), ""),
    ("at_most", ("a", "b"), ""),
    ("reaches", ("a", "b"), ""),
    ("above", ("a", "b"), ""),
    ("both", ("p", "q"), None),
    ("either", ("p", "q"), None),
    ("not", ("p",), None),
    ("where", ("p", "a", "b"), None),
    ("is_option", ("choice",), UsedOption("choice", 1)),
    ("rate_of", ("a",), rate("5/10000")),
    ("rate_of", ("a",), rate("1/2")),
    ("net_of", ("a",), rate("13%")),
    ("gross_up", ("a",), rate("20%")),
    ("rate_by", ("a", "choice"), RATES),
    ("net_by", ("a", "choice"), RATES),
    ("gross_by", ("a", "choice"), RATES),
    ("table", ("choice",), TABLE),
    ("per_unit", ("quantity",), UsedRates("k", (Rate("3/1000"),))),
    ("per_unit_by", ("quantity", "choice"), RATES),
    ("portion_of", ("a", "portion"), None),
    ("portion_net", ("a", "portion"), None),
    ("portion_gross", ("a", "portion"), None),
    ("for_quantity", ("a", "quantity"), None),
    ("share", ("a", "count"), None),
    ("per_quantity", ("a", "quantity"), None),
    ("part", ("count", "a", "b"), None),
    ("ratio", ("a", "b"), 4),
    ("ratio", ("a", "b"), 6),
    ("quotient", ("quantity", "quantity"), 2),
    ("quotient", ("count", "quantity"), 4),
    ("scaled", ("a",), Fraction(1, 7)),
    ("scaled", ("a",), Fraction(-10_000, 12)),
    ("floored", ("a",), 10_000),
    ("scale_tax", ("a", "a"), PROGRESSIVE),
    ("scale_tax", ("a", "a"), JUMPING),
    ("scale_tax", ("a", "b"), PROGRESSIVE),
    ("scale_tax", ("a", "b", "count"), PROGRESSIVE),
    ("scale_rate", ("a",), PROGRESSIVE),
    ("scale_rate", ("a", "count"), PROGRESSIVE),
    ("scale_less", ("a",), PROGRESSIVE),
    ("scale_less", ("a", "count"), PROGRESSIVE),
    ("ratio_tax", ("a", "b"), RATIOS),
    ("ratio_rate", ("a", "b"), RATIOS),
    ("days_between", ("day", "later"), None),
    ("full_years", ("day", "later"), None),
    ("full_months", ("day", "later"), None),
    ("month_of", ("day",), None),
    ("year_of", ("day",), None),
]  # fmt: skip


def rule_of(*nodes: Node, codes: tuple[str, ...] = tuple(FACTS)) -> Traced:
    """A rule made by hand: the facts in their order, then these nodes; its one output is the last of them."""
    model = traced("late_fee", DAY)
    facts = [Node("fact", (), code, UNITS.get(code, "fen")) for code in codes]  # type: ignore[arg-type]
    all_nodes = (*facts, *nodes)
    lines = (dataclasses.replace(model.lines[0], place=len(all_nodes) - 1, label="一行", label_en="One line"),)
    asked = {code: FACTS[code] for code in codes}
    return Traced(model.law, all_nodes, asked, lines, {"found": len(all_nodes) - 1}, {}, is_supposed=False)


def rule_for(op: Op, args: tuple[str, ...], detail: Any) -> Traced:
    if op == "fact":
        return rule_of(Node("line", (list(FACTS).index(detail),), "line", UNITS.get(detail, "fen")))  # type: ignore[arg-type]
    unit: Any = "yes_no" if op in YES_NO else "fen"
    return rule_of(Node(op, tuple(list(FACTS).index(arg) for arg in args), detail, unit))


def columns_of(rows: int, seed: int, most: int) -> dict[str, Any]:
    """Random facts within `most`, the edges of brackets and of number formats among them."""
    draw = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for code, fact in FACTS.items():
        low, high = max(fact.lo, -most), min(fact.hi, most)
        if fact.unit == "day":
            low, high = fact.lo, fact.hi
        if fact.unit == "yes_no":
            found[code] = draw.random(rows) < 0.5
            continue
        wide = draw.integers(low, high + 1, rows)
        near = np.clip(draw.choice(np.array(EDGES), rows), low, high)
        small = np.clip(draw.integers(-300, 300, rows), low, high)
        found[code] = np.choose(draw.integers(0, 3, rows), [wide, near, small])
    found["later"] = np.clip(found["day"] + draw.integers(-800, 20_000, rows), FACTS["day"].lo, FACTS["day"].hi)
    return found


def one_at_a_time(rule: Traced, facts: dict[str, Any], name: str = "found") -> list[Any]:
    run = one_by_one(rule.nodes)
    rows = len(next(iter(facts.values())))
    return [
        run({code: column[row].item() for code, column in facts.items()})[rule.outputs[name]] for row in range(rows)
    ]


@pytest.fixture(params=["doubles", "integers"])
def arithmetic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Whole numbers in doubles, and with doubles never trusted, 64-bit integers."""
    if request.param == "integers":
        monkeypatch.setattr(program, "EXACT_IN_DOUBLES", -1)
    work._PLANS.clear()
    yield request.param
    work._PLANS.clear()


def test_every_operation_has_a_case() -> None:
    assert {op for op, _, _ in CASES} == set(typing.get_args(Op))


def test_this_machine_compiles() -> None:
    assert compiled.machine() is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{'-'.join(case[1])}")
def test_every_operation_gives_the_same_in_every_form(case: tuple[Op, tuple[str, ...], Any], arithmetic: str) -> None:
    rule = rule_for(*case)
    facts = columns_of(403, seed=len(case[0]), most=4 * 10**8)
    expected = one_at_a_time(rule, facts)
    for form in ("kernel", "blocks"):
        found = arrays.apply(rule, facts, form=form)["found"]
        assert found.tolist() == expected, (form, arithmetic)


@pytest.fixture(params=["by the machine", "by their bits"])
def conversion(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """How 64-bit integers become doubles: processors without an instruction for it move their bits."""
    here = compiled.machine()
    assert here is not None
    other = dataclasses.replace(here, converts=request.param == "by the machine")
    monkeypatch.setattr(compiled, "machine", lambda: other)
    work._PLANS.clear()
    yield request.param
    work._PLANS.clear()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(("add", ("a", "b"), None), 28, 0)
@example(("fact", (), "a"), 53, 1)
@given(st.sampled_from(CASES), st.integers(28, 53), st.integers(0, 2**32))
def test_larger_and_larger_amounts_are_exact_or_refused(
    conversion: str, case: tuple[Op, tuple[str, ...], Any], bits: int, seed: int
) -> None:
    rule = rule_for(*case)
    facts = columns_of(19, seed=seed, most=2**bits)
    facts["a"][:6] = np.clip([2**bits, 2**bits - 1, -(2**bits), 2**31, 2**51, -(2**51) - 1], -(2**53) + 1, 2**53 - 1)
    for code, fact in FACTS.items():
        facts[code] = facts[code] if fact.unit == "yes_no" else np.clip(facts[code], fact.lo, fact.hi)
    expected = one_at_a_time(rule, facts)
    for form in ("kernel", "blocks"):
        try:
            found = arrays.apply(rule, facts, form=form)["found"]  # type: ignore[arg-type]
        except rules.AmountTooLarge as refusal:
            assert refusal.values["label"] == "一行"  # noqa: PT017 - either exact or refused
            assert case[0] in MULTIPLY
        else:
            assert found.tolist() == expected, conversion


@pytest.mark.parametrize("seed", range(40))
def test_division_in_doubles_is_exact_right_up_to_its_bound(seed: int) -> None:
    draw = np.random.default_rng(seed)
    over, under = int(draw.integers(1, 10 ** (1 + seed % 6))), int(draw.integers(2, 10 ** (2 + seed % 7)))
    last = min((program.DIVIDES_IN_DOUBLES - 2 * under) // over, FACTS["a"].hi)
    halves = [last - step for step in range(20_000) if (last - step) * over * 2 % under < 3 * over][:300]
    found = np.array([*(last - step for step in range(300)), *halves])
    facts = {"a": np.concatenate([found, -found, [0]])}
    rule = rule_of(Node("scaled", (0,), Fraction(over, under), "fen"), codes=("a",))
    expected = one_at_a_time(rule, facts)
    for form in ("kernel", "blocks"):
        assert arrays.apply(rule, facts, form=form)["found"].tolist() == expected  # type: ignore[arg-type]


def test_a_schedule_of_another_shape_gets_a_kernel_of_its_own_and_other_numbers_do_not() -> None:
    facts = {"a": np.arange(0, 20_000_000, 997)}
    other = scale(("3600000", "5%", "0"), ("14400000", "10%", "180000"), (None, "20%", "1620000"))
    compiled._KEPT.clear()
    kernels = []
    for used in (PROGRESSIVE, other, JUMPING):
        rule = rule_of(
            Node("number", (), 0, "fen"),
            Node("larger", (0, 1), None, "fen"),
            Node("scale_tax", (2, 2), used, "fen"),
            codes=("a",),
        )
        found = arrays.apply(rule, facts, form="kernel")["found"]
        assert found.tolist() == one_at_a_time(rule, facts)
        kernels.append(len(compiled._KEPT))
    assert kernels == [1, 1, 2]


TAXED_TWICE = (
    Node("number", (), 250_000, "fen"), Node("subtract", (0, 2), None, "fen"), Node("number", (), 0, "fen"),
    Node("larger", (3, 4), None, "fen"), Node("larger", (1, 4), None, "fen"),
    Node("scale_tax", (5, 5), PROGRESSIVE, "fen"), Node("scale_tax", (6, 6), PROGRESSIVE, "fen"),
    Node("larger", (7, 8), None, "fen"),
)  # fmt: skip
"""The larger tax on a - 2,500 yuan (a: 0, its place) and on b; the tax on the first is 7, the larger one 9."""


@pytest.mark.parametrize(("last", "searches"), [((), 1), ((Node("subtract", (9, 7), None, "fen"),), 2)])
def test_the_larger_tax_is_searched_once_unless_one_is_wanted_for_itself(
    last: tuple[Node, ...], searches: int, arithmetic: str
) -> None:
    rule, draw = rule_of(*TAXED_TWICE, *last, codes=("a", "b")), np.random.default_rng(7)
    near = np.array([*EDGES, 3_850_000, 3_850_001, 250_000, 250_017])
    facts = {
        code: np.where(draw.random(9000) < 0.3, draw.choice(near, 9000), draw.integers(-(10**6), 10**8, 9000))
        for code in "ab"
    }
    bounds = lowering.Columns({"a": 0, "b": 1}, dict.fromkeys("ab", (-(10**7), 2**32)), {})
    made = lowering.program_of([lowering.Asked(rule.nodes, (rule.outputs["found"],))], bounds, reads_all=True)
    assert [step.kind for step in made.steps].count("highest") == searches
    expected = one_at_a_time(rule, facts)
    for form in ("kernel", "blocks"):
        assert arrays.apply(rule, facts, form=form)["found"].tolist() == expected  # type: ignore[arg-type]


def test_amounts_beyond_the_assumed_bounds_are_measured_and_still_exact() -> None:
    rule = rule_for("scale_tax", ("a", "b", "count"), PROGRESSIVE)
    facts = columns_of(50_000, seed=3, most=10**6)
    facts["count"] = np.maximum(facts["count"], 1)
    within = arrays.apply(rule, facts, form="kernel")["found"]
    facts["a"][31_007] = 2**52 + 1
    found = arrays.apply(rule, facts, form="kernel")["found"]
    assert found[31_007] == one_at_a_time(rule, {code: column[31_007:31_008] for code, column in facts.items()})[0]
    found[31_007] = within[31_007]
    assert (found == within).all()


@pytest.mark.parametrize(
    ("code", "value"), [("a", 2**53 - 1), ("b", -(2**53) + 1), ("count", 401), ("choice", 3), ("day", 0)]
)
def test_one_row_out_of_range_is_refused_by_name(code: str, value: int) -> None:
    rule = rule_of(
        Node("scale_tax", (0, 1, 2), PROGRESSIVE, "fen"), Node("rate_by", (10, 7), RATES, "fen"),
        Node("days_between", (8, 9), None, "fen"), Node("add", (11, 12), None, "fen"),
    )  # fmt: skip
    facts = columns_of(30_000, seed=4, most=10**6)
    facts[code][29_999] = value
    with pytest.raises(rules.FactRefused) as refusal:
        arrays.apply(rule, facts)
    assert refusal.value.values["fact"] == code


@pytest.mark.parametrize("rows", [1, 2, 7, 8, 9, 15, 16, 17, 131_071, 131_072, 131_073])
def test_remaining_rows_are_computed(rows: int) -> None:
    rule = rule_for("rate_of", ("a",), rate("1/3"))
    facts = columns_of(rows, seed=rows, most=10**9)
    found = arrays.apply(rule, facts, form="kernel", threads=2)["found"]
    assert (found == arrays.apply(rule, facts, form="blocks", threads=1)["found"]).all()
    assert found[-1] == one_at_a_time(rule, {code: column[-1:] for code, column in facts.items()})[0]


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64])
@pytest.mark.parametrize("form", ["kernel", "blocks"])
def test_columns_of_every_width(dtype: type[np.signedinteger[Any]], form: work.Form) -> None:
    rule = rule_for("part", ("a", "count", "b"), None)
    facts = columns_of(1000, seed=9, most=120)
    narrow = {code: column if column.dtype == np.bool_ else column.astype(dtype) for code, column in facts.items()}
    narrow |= {code: facts[code] for code in ("day", "later", "quantity", "portion")}
    narrow["count"] = np.clip(facts["count"], -3, 120).astype(dtype)
    facts["count"] = narrow["count"].astype(np.int64)
    assert arrays.apply(rule, narrow, form=form)["found"].tolist() == one_at_a_time(rule, facts)


@pytest.mark.parametrize("form", ["kernel", "blocks"])
def test_results_go_into_the_buffers_given_or_are_refused(form: work.Form) -> None:
    rule = rule_for("times", ("a", "count"), None)
    facts = columns_of(1003, seed=5, most=10**6)
    out = np.empty(1003, np.int32)
    found = arrays.apply(rule, facts, out={"found": out}, form=form)["found"]
    assert found is out
    assert out.tolist() == one_at_a_time(rule, facts)
    facts["a"][1002], facts["count"][1002] = -(2**31), 2
    with pytest.raises(rules.AmountTooLarge):
        arrays.apply(rule, facts, out={"found": out}, form=form)
    with pytest.raises(ValueError, match="out"):
        arrays.apply(rule, facts, out={"found": np.empty(1002, np.int64)}, form=form)
    with pytest.raises(ValueError, match="out"):
        arrays.apply(rule, facts, out={"found": np.empty(1003)}, form=form)


def test_without_a_compiler_numpy_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rule_for("ratio_tax", ("a", "b"), RATIOS)
    facts = columns_of(30_000, seed=6, most=10**7)
    found = arrays.apply(rule, facts)["found"]
    monkeypatch.setattr(compiled, "machine", lambda: None)
    assert (arrays.apply(rule, facts)["found"] == found).all()


def test_a_processor_that_cannot_convert_by_itself_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rule_for("portion_gross", ("a", "portion"), None)
    facts = columns_of(1001, seed=8, most=10**8)
    here = compiled.machine()
    assert here is not None
    for doubles, converts in ((2, False), (4, False), (8, True)):
        other = dataclasses.replace(here, doubles=doubles, converts=converts)
        monkeypatch.setattr(compiled, "machine", lambda other=other: other)
        work._PLANS.clear()
        assert arrays.apply(rule, facts, form="kernel")["found"].tolist() == one_at_a_time(rule, facts)
    work._PLANS.clear()


@pytest.mark.parametrize("law", rules.every_law())
def test_every_law_gives_the_same_in_every_form(law: str) -> None:
    try:
        rule = traced(law, DAY)
    except rules.ParameterNotInForce:
        rule = traced(law, date(2024, 6, 30))
    draw = np.random.default_rng(len(law))
    facts: dict[str, Any] = {}
    for code, fact in rule.facts.items():
        if fact.unit == "yes_no":
            facts[code] = draw.random(120) < 0.5
        else:
            high = (
                min(fact.hi, 10**9)
                if fact.unit == "fen"
                else fact.hi
                if fact.unit in ("day", "choice")
                else min(fact.hi, 10**6)
            )
            low = max(fact.lo, -high)
            wide = draw.integers(low, high + 1, 120)
            facts[code] = np.where(draw.random(120) < 0.7, wide, np.clip(draw.integers(0, 200, 120), low, high))
    blocks, kernel = (arrays.apply(rule, facts, form=form) for form in ("blocks", "kernel"))  # type: ignore[arg-type]
    run = one_by_one(rule.nodes)
    for row in range(120):
        values = run({code: column[row].item() for code, column in facts.items()})
        for name, place in rule.outputs.items():
            assert blocks[name][row] == values[place] == kernel[name][row], (name, row)
