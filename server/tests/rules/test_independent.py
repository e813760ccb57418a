"""The small-scale return against a second computation in decimal yuan, written from the domain notes alone."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from palmtax import rules

D = Decimal
CENT = D("0.01")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def vat_by_hand(year: int, f: dict[str, Any]) -> tuple[Decimal, Decimal, bool]:
    """VAT of the form, all sales, and whether exempt."""
    limit = D(300000) if f["quarter"] else D(100000)
    ordinary = f["ordinary"] - f["deduct"]
    total = ordinary + f["special1"] + f["special3"] + f["sold"] + f["sold_special"] + f["rent"] + f["housing"]
    without_sold = total - f["sold"] - f["sold_special"]
    if year >= 2026:
        estate, exempt, sold_exempt = D("0.03"), total < limit, total < limit
    else:
        estate, exempt, sold_exempt = D("0.05"), without_sold <= limit, total <= limit and without_sold <= limit
    one = max(f["special1"] + (0 if exempt else ordinary), D(0))
    three = max(f["special3"], D(0))
    land = max(f["sold_special"] + (0 if sold_exempt else f["sold"]) + (0 if exempt else f["rent"]), D(0))
    home = max(D(0) if exempt else f["housing"], D(0))
    tax = cents((one + three) * D("0.03")) + cents(land * estate) + cents(home * estate)
    cut = cents(one * D("0.02")) + cents(home * (estate - D("0.015")))
    return tax - cut, total, exempt


def return_by_hand(year: int, f: dict[str, Any]) -> dict[str, Decimal]:
    """What is to pay, tax by tax."""
    vat, total, _ = vat_by_hand(year, f)
    vat = vat if vat >= 1 else D(0)
    rates = {"urban_maintenance_tax": {"city": "0.07", "county": "0.05", "other": "0.01"}[f["place"]]}
    rates |= {"education_surcharge": "0.03", "local_education_surcharge": "0.02"}
    spared = total <= (D(300000) if f["quarter"] else D(100000))
    found = {"vat_payable": vat}
    for name, rate in rates.items():
        due = cents(vat * D(rate))
        due = D(0) if spared and "education" in name else due
        due -= cents(due / 2) if f["half"] else 0
        found[name] = due if due >= 1 else D(0)
    found["payable"] = sum(found.values(), D(0))
    return found


def case(draw: random.Random) -> dict[str, Any]:
    def amount() -> Decimal:
        edges = [0, 0, 0, 1, 49, 50, 9_999_999, 10_000_000, 10_000_001, 29_999_999, 30_000_000, 30_000_001, 9 * 10**14]
        kind = draw.random()
        fen = (
            draw.choice(edges)
            if kind < 0.5
            else draw.randint(-(10**6), 5 * 10**7)
            if kind < 0.9
            else draw.randint(0, 10**13)
        )
        return D(fen if draw.random() < 0.9 else -fen) / 100

    names = ("ordinary", "special1", "special3", "sold", "sold_special", "rent", "housing")
    found: dict[str, Any] = {name: amount() if draw.random() < 0.6 else D(0) for name in names}
    found["deduct"] = abs(amount()) if draw.random() < 0.2 else D(0)
    found |= {
        "quarter": draw.random() < 0.7,
        "half": draw.random() < 0.8,
        "place": draw.choice(["city", "county", "other"]),
    }
    return found


def fen(amount: Decimal) -> int:
    whole = amount * 100
    assert whole == int(whole)
    return int(whole)


CODES = {
    "ordinary": "ordinary_sales",
    "special1": "special_sales_reduced",
    "special3": "special_sales_full",
    "sold": "real_estate_sales",
    "sold_special": "real_estate_special_sales",
    "rent": "real_estate_rent",
    "housing": "housing_rent",
    "deduct": "net_basis_deduction",
}


@pytest.mark.parametrize("year", [2025, 2026])
def test_two_hundred_random_and_hostile_returns_agree_to_the_fen(year: int) -> None:
    draw = random.Random(20261123 + year)
    exempt = taxed = 0
    for _ in range(200):
        f = case(draw)
        facts: dict[str, Any] = {code: fen(f[name]) for name, code in CODES.items()}
        facts |= {"is_quarterly": f["quarter"], "is_half_relief": f["half"], "place_kind": f["place"]}
        outputs = rules.assess("vat_small_scale_return", on=date(year, 9, 30), facts=facts).outputs
        vat, _, is_exempt = vat_by_hand(year, f)
        assert outputs["vat_small_scale.vat_payable"] == fen(vat), f
        assert outputs["is_exempt"] is is_exempt, f
        assert {name: outputs[name] for name in return_by_hand(year, f)} == {
            name: fen(due) for name, due in return_by_hand(year, f).items()
        }, f
        exempt, taxed = exempt + is_exempt, taxed + (vat > 0)
    assert min(exempt, taxed) > 40


@pytest.mark.parametrize("days", [0, 1, 15, 343, 4000])
def test_the_late_fee_agrees_to_the_fen(days: int) -> None:
    draw = random.Random(days)
    for _ in range(40):
        tax = draw.choice([0, 1, 199_999, 200_000, draw.randint(0, 10**12)])
        raw = cents(D(tax) / 100 * D("0.0005") * days)
        due_on = date(2020, 1, 15)
        found = rules.late_fee(tax, due_on, date.fromordinal(due_on.toordinal() + days))
        assert (found.days, found.fee_fen) == (days, fen(raw) if raw >= 1 else 0)


def test_nothing_is_late_before_the_deadline() -> None:
    assert rules.late_fee(10**9, date(2026, 10, 26), date(2026, 10, 26)).fee_fen == 0
    assert rules.late_fee(10**9, date(2026, 10, 26), date(2026, 9, 1)).days == 0
