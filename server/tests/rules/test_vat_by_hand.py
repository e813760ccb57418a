"""VAT and surcharges against second computations in decimal yuan, written from the domain notes alone."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palmtax import rules
from palmtax.rules.laws import find_law

DAY = date(2026, 12, 31)  # Thursday
BEFORE = date(2025, 12, 31)  # Wednesday
CALM = settings(max_examples=40, deadline=None, derandomize=True)
FEN = st.integers(0, 10**11)
D = Decimal
CENT = D("0.01")


def outputs(law: str, on: date = DAY, **facts: Any) -> dict[str, Any]:
    return dict(rules.assess(law, on=on, facts=facts).outputs)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def in_fen(amount: Decimal) -> int:
    whole = amount * 100
    assert whole == int(whole)
    return int(whole)


def random_fen(draw: random.Random) -> int:
    return draw.choice([0, 0, 1, 49, 50, draw.randint(0, 10**6), draw.randint(0, 10**10), draw.randint(0, 10**13)])


def general_by_hand(f: dict[str, Any], rates: dict[str, Decimal]) -> dict[str, Decimal]:
    """Lines 11 to 34 of the main form, from yuan."""
    output = sum((cents(f[f"{kind}_sales"] * rates[kind]) for kind in rates), D(0))
    output += cents(f["deemed_sales"] * rates[f["deemed_rate_kind"]]) + cents(
        f["mixed_sales"] * rates[f["mixed_rate_kind"]]
    )
    without = f["simple_sales"] + f["simple_estate_sales"] + f["exempt_sales"]
    all_sales = without + sum(f[f"{kind}_sales"] for kind in (*rates, "deemed", "mixed", "zero"))
    out = f["input_transfer_out"]
    if all_sales > 0:
        share = cents(f["shared_input"] * min(without, all_sales) / all_sales)
        out += min(share, f["shared_input"])
    credit = sum(f[f"{kind}_input"] for kind in ("special_invoice", "customs", "withheld", "computed"))
    deductible = credit + f["carry_in"] - out - f["refunded_credit"]
    actual = min(output, deductible)
    simplified = cents(f["simple_sales"] * D("0.03")) + cents(f["simple_estate_sales"] * D("0.05"))
    total = output - actual + simplified
    total -= min(f["tax_reductions"], total)
    return {
        "output": output,
        "deductible": deductible,
        "actual_deduction": actual,
        "carry_out": deductible - actual,
        "simplified_tax": simplified,
        "total_tax": total,
        "vat_payable": total - min(f["prepaid"], total),
        "prepaid_left": f["prepaid"] - min(f["prepaid"], total),
    }


@pytest.mark.parametrize(
    ("on", "standard", "lower"), [(DAY, "0.13", "0.09"), (BEFORE, "0.13", "0.09"), (date(2019, 3, 31), "0.16", "0.10")]
)
def test_a_hundred_random_general_returns_agree_to_the_fen(on: date, standard: str, lower: str) -> None:
    draw = random.Random(on.toordinal())
    law = find_law("vat_general")
    rates = {"standard": D(standard), "lower": D(lower), "service": D("0.06")}
    payers = holders = 0
    for _ in range(100):
        facts: dict[str, Any] = {}
        for fact in law.facts:
            if fact.unit == "choice":
                facts[fact.code] = draw.choice(fact.options).code
            else:
                value = random_fen(draw) if draw.random() < 0.6 else 0
                facts[fact.code] = -value if fact.lo < 0 and draw.random() < 0.1 else value
        by_hand = general_by_hand({k: D(v) / 100 if isinstance(v, int) else v for k, v in facts.items()}, rates)
        found = outputs("vat_general", on, **facts)
        assert {name: found[name] for name in by_hand} == {n: in_fen(v) for n, v in by_hand.items()}, facts
        payers, holders = payers + (found["vat_payable"] > 0), holders + (found["carry_out"] > 0)
    assert min(payers, holders) > 10


def surcharges_by_hand(vat: Decimal, excise: Decimal, sales: Decimal, f: dict[str, Any]) -> dict[str, Decimal]:
    base = vat + excise
    waived = sales <= (300_000 if f["is_quarterly"] else 100_000)
    rates = {"urban": {"city": "0.07", "county": "0.05", "other": "0.01"}[f["place_kind"]]}
    rates |= {"education": "0.03", "local_education": "0.02"}
    found = {}
    for name, rate in rates.items():
        due = D(0) if waived and name != "urban" else cents(base * D(rate))
        found[f"{name}_payable"] = due - (cents(due / 2) if f["is_half_relief"] else 0)
    return found | {"surcharges_payable": sum(found.values(), D(0))}


def test_three_hundred_random_surcharges_agree_to_the_fen() -> None:
    draw = random.Random(20261123)
    waived = 0
    for _ in range(300):
        vat, excise = random_fen(draw), random_fen(draw)
        sales = draw.choice([9_999_999, 10_000_000, 10_000_001, 30_000_000, 30_000_001, random_fen(draw)])
        facts: dict[str, Any] = {"is_quarterly": draw.random() < 0.5, "is_half_relief": draw.random() < 0.5}
        facts["place_kind"] = draw.choice(["city", "county", "other"])
        by_hand = surcharges_by_hand(D(vat) / 100, D(excise) / 100, D(sales) / 100, facts)
        found = outputs("surcharges", vat_paid=vat, consumption_tax_paid=excise, sales=sales, **facts)
        assert {name: found[name] for name in by_hand} == {n: in_fen(v) for n, v in by_hand.items()}, facts
        waived += found["is_education_exempt"]
    assert 60 < waived < 240


def small_or_general_by_hand(sales: Decimal, credit: Decimal, rate: Decimal, half: bool) -> tuple[Decimal, Decimal]:
    quarter = cents(sales / 4)
    spared = quarter <= 300_000

    def with_surcharges(vat: Decimal, half: bool) -> Decimal:
        due = vat
        for part in ("0.07",) if spared else ("0.07", "0.03", "0.02"):
            more = cents(vat * D(part))
            due += more - (cents(more / 2) if half else 0)
        return due

    small = D(0) if quarter < 300_000 else cents(quarter * D("0.03")) - cents(quarter * D("0.02"))
    return 4 * with_surcharges(small, True), with_surcharges(max(cents(sales * rate) - credit, D(0)), half)


def test_staying_small_or_registering_agrees_with_a_second_computation() -> None:
    draw = random.Random(12)
    better = 0
    for _ in range(200):
        sales = draw.choice([119_999_996, 120_000_000, 120_000_002, draw.randint(0, 10**9)])
        credit, half = draw.randint(0, 5 * 10**7), draw.random() < 0.5
        kind, rate = draw.choice([("standard", "0.13"), ("lower", "0.09"), ("service", "0.06")])
        found = outputs(
            "vat_small_or_general", yearly_sales=sales, yearly_input=credit, rate_kind=kind, is_low_profit=half
        )
        small, general = small_or_general_by_hand(D(sales) / 100, D(credit) / 100, D(rate), half)
        assert (found["tax_small"], found["tax_general"]) == (in_fen(small), in_fen(general))
        assert found["must_be_general"] is (sales > 500_000_000)
        better += found["tax_general"] < found["tax_small"]
    assert 10 < better < 190


PRICE_RATES = {"standard": "0.13", "lower": "0.09", "service": "0.06", "levy": "0.03", "reduced": "0.01", "zero": "0"}


@given(price=FEN, kind=st.sampled_from(sorted(PRICE_RATES)), with_vat=st.booleans())
@CALM
def test_price_and_tax_always_add_up(price: int, kind: str, with_vat: bool) -> None:
    rate = D(PRICE_RATES[kind])
    found = outputs("vat_price", price=price, rate_kind=kind, is_price_with_vat=with_vat)
    ex = cents(D(price) / 100 / (1 + rate)) if with_vat else D(price) / 100
    assert found["ex_vat"] == in_fen(ex)
    assert found["with_vat"] == found["ex_vat"] + found["vat"]
    assert not with_vat or found["with_vat"] == price
    assert abs(found["vat"] - in_fen(cents(ex * rate))) <= 1


@given(
    face=FEN, tax=FEN, blocked=st.booleans(), kind=st.sampled_from(["special_invoice", "farm", "bridge", "air_rail"])
)
@CALM
def test_a_voucher_gives_its_credit_or_nothing(face: int, tax: int, blocked: bool, kind: str) -> None:
    found = outputs("vat_input", voucher=kind, face=face, tax_shown=tax, is_blocked=blocked)
    yuan_ = D(face) / 100
    wanted = {
        "special_invoice": D(tax) / 100,
        "farm": cents(yuan_ * D("0.09")),
        "bridge": cents(cents(yuan_ / D("1.05")) * D("0.05")),
        "air_rail": cents(cents(yuan_ / D("1.09")) * D("0.09")),
    }[kind]
    assert found["input_vat"] == (0 if blocked else in_fen(wanted))
    assert found["cost"] == max(face - found["input_vat"], 0)


@given(price=FEN, kind=st.sampled_from(["standard", "lower", "service"]), place=st.sampled_from(["city", "other"]))
@CALM
def test_foreign_sellers_are_withheld_from_without_threshold_and_surcharges(price: int, kind: str, place: str) -> None:
    found = outputs("vat_withholding", price=price, rate_kind=kind, is_price_with_vat=False, place_kind=place)
    assert found["vat_withheld"] == in_fen(cents(D(price) / 100 * D(PRICE_RATES[kind])))
    assert found["surcharges"] == 0
    person = outputs("vat_withholding", date(2026, 10, 31), seller="person", price=price)
    assert (person["vat_withheld"], person["is_person_rule_uncertain"]) == (0, False)
