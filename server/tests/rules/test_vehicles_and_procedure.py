"""Vehicles, vessels, resources, environment, consumption, fines, recovery, refunds and late fee.

The taxes are computed a second time here, with `Decimal` and numbers written down again, on random cases.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palmtax import rules
from palmtax.base.money import yuan
from palmtax.rules.engine import traced
from palmtax.rules.facts import read_plain_number
from palmtax.rules.laws import LAWS, find_law
from palmtax.rules.parameters import read_yaml
from palmtax.rules.statutes import find_article

TODAY = date(2026, 11, 23)  # Monday
CODES = (
    "vehicle_purchase_tax", "vehicle_purchase_refund", "vehicle_vessel_tax", "resource_tax", "water_resource_tax",
    "environment_tax", "consumption_tax", "fines", "recovery_period", "overpayment_refund", "late_fee",
)  # fmt: skip
CASES = [
    (code, path.stem, case)
    for code in CODES
    for path in sorted((LAWS / code / "examples").glob("*.yaml"))
    for case in read_yaml(path)["cases"]
]
FEW = settings(max_examples=40, derandomize=True, deadline=None)


def half_up(value: Decimal, places: str = "1") -> int:
    """Rounded half up; fen unless said otherwise."""
    return int((value / Decimal(places)).quantize(Decimal(1), ROUND_HALF_UP))


def facts_of(code: str, given: dict[str, Any]) -> dict[str, Any]:
    """Facts written as people write them, as the rules read them."""
    known = {fact.code: fact for fact in rules.law(code).facts}
    return {name: known[name].plain_value(value) for name, value in given.items()}


def outputs(code: str, on: date = TODAY, **given: Any) -> dict[str, Any]:
    """Results of plain facts."""
    return dict(rules.assess(code, on=on, facts=facts_of(code, given)).outputs)


def options(code: str, fact: str) -> list[str]:
    return [option.code for option in find_law(code).asks[fact].options]


# --- examples -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "name", "case"), CASES, ids=[f"{c}-{n}-{i}" for i, (c, n, _) in enumerate(CASES)])
def test_an_example_is_exact_in_every_line(code: str, name: str, case: dict[str, Any]) -> None:
    found = rules.assess(code, on=case["on"], facts=facts_of(code, case["facts"]))
    lines = {line.code: line for line in found.lines}
    for line, wanted in (case.get("lines", {}) | case["expect"]).items():
        value = wanted if isinstance(wanted, bool) else read_plain_number(lines[line].unit, wanted)
        assert lines[line].value == value, (name, line)
    assert {line: found.outputs[line] for line in case["expect"]} == {
        line: lines[line].value for line in case["expect"]
    }


def test_every_shared_example_is_here() -> None:
    wanted = {"VEH-01", "VEH-02", "VEH-03", "VEH-05", "VEH-07", "VEH-08", "ENV-01", "CT-01", "CT-02"}
    wanted |= {"LATE-01", "LATE-02", "LATE-03", "LATE-05"}
    assert wanted <= {name for _, name, _ in CASES}


@pytest.mark.parametrize("code", CODES)
def test_every_line_cites_a_law_in_force_on_many_days(code: str) -> None:
    days = [date(year, month, 15) for year in range(2019, 2028) for month in (1, 7)]
    refused = 0
    for day in days:
        try:
            rule = traced(code, day)
        except rules.ParameterNotInForce:
            refused += 1
            continue
        for line in rule.lines:
            assert any(find_article(a)[0].in_force(day) for a in line.formula.articles), (line.code, day)
    assert refused < len(days) / 2 or code == "water_resource_tax"  # the pilot went nationwide in December 2024


@pytest.mark.parametrize("code", CODES)
def test_a_calculator_names_things_that_exist(code: str) -> None:
    law = find_law(code)
    calculator = law.calculator
    assert calculator is not None
    assert set(calculator.asks) <= {fact.code for fact in law.facts}
    assert calculator.headline in law.exports
    assert {calculator.of, *calculator.parts} <= {"", *law.exports, *law.asks}


@pytest.mark.parametrize("code", CODES)
def test_columns_agree_with_one_by_one(code: str) -> None:
    cases = [case for law, _, case in CASES if law == code and case["on"] >= date(2026, 1, 1)]
    facts = {fact.code: fact for fact in rules.law(code).facts}
    rows = [{name: fact.default for name, fact in facts.items()} | facts_of(code, case["facts"]) for case in cases]
    read = [{name: facts[name].read(value) for name, value in row.items()} for row in rows]
    kinds = {"yes_no": np.bool_}
    columns = {
        name: np.array([row[name] for row in read], kinds.get(fact.unit, np.int64)) for name, fact in facts.items()
    }
    found = rules.columns(code, on=TODAY, facts=columns)
    single = [rules.assess(code, on=TODAY, facts=row).outputs for row in rows]
    assert {name: column.tolist() for name, column in found.items()} == {
        name: [int(one[name]) if not isinstance(one[name], bool) else one[name] for one in single] for name in found
    }


# --- a second computation -------------------------------------------------------------------------------------------

CAR_AMOUNTS = dict(zip(
    ("car_to_1000", "car_to_1600", "car_to_2000", "car_to_2500", "car_to_3000", "car_to_4000", "car_over_4000",
     "bus_medium", "bus_large", "motorcycle"), (60, 300, 360, 660, 1200, 2400, 3600, 480, 510, 36), strict=True,
))  # fmt: skip
SIZE_AMOUNTS = {
    "truck": 16, "special_vehicle": 16, "machinery": 16, "trailer": 8,
    "vessel_to_200": 3, "vessel_to_2000": 4, "vessel_to_10000": 5, "vessel_over_10000": 6,
    "yacht_to_10": 600, "yacht_to_18": 900, "yacht_to_30": 1300, "yacht_over_30": 2000, "sailing_yacht": 600,
}  # fmt: skip


def vessel_tax(kind: str, size: Decimal, month: int, power: str) -> int:
    """Vehicle and vessel tax in fen, once more."""
    if kind in CAR_AMOUNTS:
        year = CAR_AMOUNTS[kind] * 100
    elif kind == "trailer":
        year = half_up(Decimal(half_up(1600 * size)) / 2)
    elif kind.startswith("tug"):
        full = SIZE_AMOUNTS["vessel" + kind.removeprefix("tug_or_barge")] * 100
        year = half_up(Decimal(half_up(full * size)) / 2)
    else:
        year = half_up(SIZE_AMOUNTS[kind] * 100 * size)
    due = half_up(Decimal(year) * (13 - month) / 12)
    spared = {"ordinary": 0, "energy_saving": half_up(Decimal(due) / 2), "new_energy": due}[power]
    return due - spared


def test_vehicle_and_vessel_tax_agrees_with_a_second_computation() -> None:
    draw = random.Random(20261123)
    for _ in range(300):
        kind = draw.choice(options("vehicle_vessel_tax", "kind"))
        size = Decimal(draw.randrange(0, 10**8)) / 10**4
        month, power = draw.randrange(1, 13), draw.choice(("ordinary", "energy_saving", "new_energy"))
        found = outputs("vehicle_vessel_tax", kind=kind, size=str(size), acquired_month=month, power=power)
        assert found["tax"] == vessel_tax(kind, size, month, power), (kind, size, month, power)
        assert found["is_amount_within_law"]


def purchase_tax(price: int, vehicle: str, year: int, *, with_vat: bool) -> int:
    """Vehicle purchase tax in fen, once more."""
    taxable = half_up(Decimal(price) / Decimal("1.13")) if with_vat else price
    tax = half_up(Decimal(taxable) / 10)
    share = Decimal(1) if year <= 2025 else Decimal("0.5")
    spared = half_up(tax * share)
    cap = {2024: 3_000_000, 2025: 3_000_000, 2026: 1_500_000, 2027: 1_500_000}.get(year, spared)
    relief = {
        "fuel": 0, "nev_passenger": min(spared, cap), "nev_other": spared, "exempt": tax,
        "trailer": half_up(Decimal(tax) / 2),
    }[vehicle]  # fmt: skip
    return tax - relief


def test_vehicle_purchase_tax_agrees_with_a_second_computation() -> None:
    draw = random.Random(7)
    for _ in range(300):
        price, vehicle = draw.randrange(0, 10**8), draw.choice(options("vehicle_purchase_tax", "vehicle"))
        year, with_vat = draw.randrange(2020, 2028), draw.random() < 0.5
        facts = {"price": price, "vehicle": vehicle, "is_price_with_vat": with_vat}
        found = rules.assess("vehicle_purchase_tax", on=date(year, 6, 30), facts=facts).outputs
        assert found["tax"] == purchase_tax(price, vehicle, year, with_vat=with_vat), (price, vehicle, year)


CT_RATES = {
    "cigarettes_wholesale": 11, "cigars": 36, "cut_tobacco": 30, "e_cigarettes": 36, "e_cigarettes_wholesale": 11,
    "baijiu": 20, "other_alcohol": 10, "cosmetics": 15, "cosmetics_sheet": 15, "gold_jewellery": 5,
    "other_jewellery": 10, "fireworks": 15, "motorcycle_250": 3, "motorcycle_over_250": 10, "car_to_1000": 1,
    "car_to_1500": 3, "car_to_2000": 5, "car_to_2500": 9, "car_to_3000": 12, "car_to_4000": 25, "car_over_4000": 40,
    "light_bus": 5, "super_luxury_car": 10, "golf": 10, "watches": 20, "yachts": 10, "chopsticks": 5,
    "wood_flooring": 5, "batteries": 4, "coatings": 4,
}  # fmt: skip
CT_AMOUNTS = {
    "cigarettes": "0.003", "cigarettes_wholesale": "0.005", "baijiu": "1", "yellow_wine": "240", "petrol": "1.52",
    "naphtha": "1.52", "solvent_oil": "1.52", "lubricant": "1.52", "diesel": "1.2", "fuel_oil": "1.2",
}  # fmt: skip
CT_FLOORS = {"cosmetics": 1_000, "cosmetics_sheet": 1_500, "watches": 1_000_000, "super_luxury_car": 90_000_000}


def goods_tax(item: str, sales: int, volume: Decimal, unit_price: int) -> int:
    """Consumption tax in fen, once more."""
    if item == "jet_fuel":
        return 0
    percent, amount = CT_RATES.get(item, 0), Decimal(CT_AMOUNTS.get(item, "0"))
    if item == "cigarettes":
        percent = 56 if sales * 200 >= half_up(7_000 * volume) else 36
    if item == "beer":
        amount = Decimal(250 if sales >= half_up(300_000 * volume) else 220)
    if 0 < unit_price < CT_FLOORS.get(item, 0):
        percent = 0
    return half_up(Decimal(sales) * percent / 100) + half_up(amount * volume * 100)


def test_consumption_tax_agrees_with_a_second_computation() -> None:
    draw = random.Random(15)
    items = options("consumption_tax", "item")
    for place in range(300):
        item = items[place % len(items)]
        sales, volume = draw.randrange(0, 10**10), Decimal(draw.randrange(0, 10**9)) / 10**4
        unit_price = draw.choice((0, draw.randrange(1, 2 * 10**6), draw.randrange(8 * 10**7, 10**8)))
        facts = {"sales": sales, "item": item, "unit_price": unit_price, "volume": int(volume * 10**4)}
        found = rules.assess("consumption_tax", on=TODAY, facts=facts).outputs
        assert found["tax"] == goods_tax(item, sales, volume, unit_price), (item, sales, volume, unit_price)


SOLID = {"other": 25, "coal_gangue": 5, "tailings": 15, "hazardous": 1000, "slag": 25}
NOISE = {"over_1_3": 350, "over_4_6": 700, "over_7_9": 1400, "over_10_12": 2800, "over_13_15": 5600, "over_16": 11200}
AIR = {"so2": "0.95", "nox": "0.95", "co": "16.7", "smoke": "2.18", "mercury": "0.0001", "styrene": "25"}
WATER = {"cod": "1", "ammonia_nitrogen": "0.8", "total_phosphorus": "0.25", "mercury": "0.0005", "pigs": "1"}


def emission_tax(medium: str, kind: str, emitted: Decimal, below: Decimal, months: int) -> int:
    """Environmental protection tax in fen, once more."""
    if medium == "noise":
        return NOISE[kind] * 100 * months
    if medium == "solid":
        return half_up(SOLID[kind] * 100 * emitted)
    weight = Decimal((AIR if medium == "air" else WATER)[kind])
    equivalents = (emitted / weight).quantize(Decimal("0.01"), ROUND_HALF_UP)
    tax = half_up(equivalents * (180 if medium == "air" else 280))
    cut = Decimal("0.5") if below >= Decimal("0.5") else Decimal("0.25") if below >= Decimal("0.3") else Decimal(0)
    return tax - half_up(tax * cut)


def test_environment_tax_agrees_with_a_second_computation() -> None:
    draw = random.Random(19)
    named = {"air": (AIR, "air_pollutant"), "water": (WATER, "water_pollutant"), "solid": (SOLID, "solid_waste"),
             "noise": (NOISE, "noise_grade")}  # fmt: skip
    for _ in range(300):
        medium = draw.choice(list(named))
        table, fact = named[medium]
        kind, months = draw.choice(list(table)), draw.randrange(0, 4)
        emitted = Decimal(draw.randrange(0, 10**9)) / 10**4
        below = draw.choice(("0", "0.299999", "0.3", "0.499999", "0.5", "1"))
        given = {"medium": medium, fact: kind, "emitted": str(emitted), "below_limit": below, "months": months}
        found = outputs("environment_tax", **given)
        assert found["tax"] == emission_tax(medium, kind, emitted, Decimal(below), months), given


# --- what must hold -------------------------------------------------------------------------------------------------


@FEW
@given(st.integers(0, 10**10), st.sampled_from(["fuel", "nev_passenger", "nev_other", "trailer", "exempt"]))
def test_a_dearer_vehicle_never_costs_less_tax(price: int, vehicle: str) -> None:
    for day in (date(2023, 6, 30), date(2025, 12, 31), date(2026, 1, 1), date(2027, 12, 31)):
        one, more = (
            rules.assess("vehicle_purchase_tax", on=day, facts={"price": p, "vehicle": vehicle}).outputs
            for p in (price, price + 100)
        )
        assert 0 <= one["tax"] <= more["tax"]
        assert one["tax"] == one["tax_before"] - one["relief"]
        assert 0 <= one["relief"] <= one["tax_before"]


@pytest.mark.parametrize(("year", "cap"), [(2024, 3_000_000), (2026, 1_500_000)])
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_the_cap_of_new_energy_cars_bites_at_its_fen(year: int, cap: int, step: int) -> None:
    rate = 1 if year == 2024 else 2
    facts = {"price": (cap * rate + step * rate) * 10, "vehicle": "nev_passenger", "is_price_with_vat": False}
    found = rules.assess("vehicle_purchase_tax", on=date(year, 6, 30), facts=facts).outputs
    assert found["relief"] == min(cap + step, cap)


@pytest.mark.parametrize(
    ("day", "wanted"),
    [(date(2019, 6, 30), None), (date(2019, 7, 1), 0), (date(2023, 12, 31), 0), (date(2025, 12, 31), 10_000_00),
     (date(2026, 1, 1), 25_000_00), (date(2027, 12, 31), 25_000_00), (date(2028, 1, 1), None)],
)  # fmt: skip
def test_new_energy_relief_turns_on_its_days(day: date, wanted: int | None) -> None:
    facts = {"price": 45_200_000, "vehicle": "nev_passenger"}
    if wanted is None:
        with pytest.raises(rules.ParameterNotInForce):
            rules.assess("vehicle_purchase_tax", on=day, facts=facts)
    else:
        assert rules.assess("vehicle_purchase_tax", on=day, facts=facts).outputs["tax"] == wanted


@FEW
@given(st.integers(0, 10**9), st.dates(date(2010, 1, 1), date(2026, 1, 1)), st.integers(0, 5_000))
def test_a_refund_falls_with_the_years_and_never_below_nothing(paid: int, paid_on: date, later: int) -> None:
    facts = {"tax_paid": paid, "paid_on": paid_on, "applied_on": max(date(2019, 7, 1), paid_on + timedelta(later))}
    found = rules.assess("vehicle_purchase_refund", on=TODAY, facts=facts).outputs
    applied = facts["applied_on"]
    years = applied.year - paid_on.year - ((applied.month, applied.day) < (paid_on.month, paid_on.day))
    assert found["full_years_held"] == years
    assert found["refund"] == max(paid - half_up(Decimal(paid) * years / 10), 0)


@FEW
@given(st.integers(0, 10**12), st.integers(0, 1_000_000), st.sampled_from(["coal", "crude_oil", "sand_gravel"]))
def test_the_provinces_rate_stays_within_the_law(sales: int, rate: int, item: str) -> None:
    low, high = {"coal": (20_000, 100_000), "crude_oil": (60_000, 60_000), "sand_gravel": (10_000, 50_000)}[item]
    facts = {"item": item, "sales": sales, "local_rate": rate, "is_half_relief": False}
    found = rules.assess("resource_tax", on=TODAY, facts=facts).outputs
    used = min(max(rate, low), high)
    assert found["tax"] == half_up(Decimal(sales) * used / 1_000_000)
    assert found["is_within_law"] == (rate in (0, used))


@FEW
@given(
    st.sampled_from(options("fines", "breach")), st.integers(0, 10**12), st.integers(0, 10**12), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_a_fine_has_its_ends_in_order(breach: str, tax: int, amount: int, serious: bool, first: bool) -> None:
    facts = {"breach": breach, "tax": tax, "invoice_amount": amount, "is_serious": serious, "is_first_offence": first}
    found = rules.assess("fines", on=TODAY, facts=facts).outputs
    assert 0 <= found["least_fine"] <= found["most_fine"]
    assert not found["is_waived"] or found["most_fine"] == 0
    assert not found["is_waived"] or (first and not serious)


@pytest.mark.parametrize(("short", "years"), [("99999.99", 3), ("100000", 5), ("100000.01", 5)])
def test_the_large_sum_lengthens_the_recovery(short: str, years: int) -> None:
    given = {"cause": "mistake", "short_tax": short, "short_since": "2021-04-16"}
    for found_on, counts in ((date(2021 + years, 4, 15), True), (date(2021 + years, 4, 16), False)):
        found = outputs("recovery_period", **given, found_on=found_on)
        assert (found["years_allowed"], found["may_recover"]) == (years, counts)
        assert found["recoverable"] == (yuan(short) if counts else 0)


@FEW
@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 1_500), st.integers(0, 200_000))
def test_a_refund_pays_arrears_first(overpaid: int, arrears: int, days: int, rate: int) -> None:
    paid_on = date(2024, 1, 15)
    facts = {
        "overpaid": overpaid, "finder": "taxpayer", "paid_on": paid_on, "found_on": paid_on,
        "repaid_on": paid_on + timedelta(days), "arrears": arrears, "deposit_rate": rate,
    }  # fmt: skip
    found = rules.assess("overpayment_refund", on=TODAY, facts=facts).outputs
    interest = half_up(Decimal(half_up(Decimal(overpaid) * days * rate / 1_000_000)) / 360)
    assert found["interest"] == interest
    assert found["set_off"] + found["paid_out"] == overpaid + interest
    assert found["paid_out"] == 0 or found["set_off"] == arrears


@FEW
@given(st.integers(0, 10**12), st.dates(date(2013, 1, 1), date(2026, 11, 23)), st.integers(0, 3_000))
def test_two_days_and_a_number_of_days_give_the_same_late_fee(tax: int, due_on: date, days: int) -> None:
    paid_on = due_on + timedelta(days)
    by_days = rules.late_fee(tax, due_on, paid_on).fee_fen
    facts = {"unpaid_tax": tax, "due_on": due_on, "paid_on": paid_on}
    assert rules.assess("late_fee", on=paid_on, facts=facts).outputs["fee"] == by_days
    raw = half_up(Decimal(tax) * days * 5 / 10_000)
    assert by_days == (raw if raw >= 100 else 0)


def test_the_shared_late_fees_hold_from_their_two_days() -> None:
    cases = [case for code, _, case in CASES if code == "late_fee"]
    given = [
        {"unpaid_tax": yuan(case["facts"]["unpaid_tax"])} | {n: date.fromisoformat(d) for n, d in case["days"].items()}
        for case in cases
    ]
    for case, facts in zip(cases, given, strict=True):
        found = rules.assess("late_fee", on=case["on"], facts=facts)
        days = next(line for line in found.lines if line.code == "days")
        assert (days.value, found.outputs["fee"]) == (case["facts"]["days_late"], yuan(case["expect"]["fee"]))
    columns = {
        "unpaid_tax": np.array([facts["unpaid_tax"] for facts in given]),
        "days_late": np.zeros(len(given), np.int64),
        **{name: np.array([facts[name].toordinal() for facts in given]) for name in ("due_on", "paid_on")},
    }
    found_ = rules.columns("late_fee", on=TODAY, facts=columns)
    assert found_["fee"].tolist() == [yuan(case["expect"]["fee"]) for case in cases]


@pytest.mark.parametrize(
    ("code", "fact", "value"),
    [("vehicle_purchase_tax", "price", -1), ("vehicle_purchase_tax", "price", 10**18),
     ("vehicle_vessel_tax", "acquired_month", 13), ("environment_tax", "emitted", -1),
     ("consumption_tax", "item", "tyres"), ("fines", "tax", 1.5), ("recovery_period", "found_on", "2026-02-30"),
     ("overpayment_refund", "deposit_rate", 10**6), ("late_fee", "days_late", 40_001)],
)  # fmt: skip
def test_hostile_facts_are_refused_by_name(code: str, fact: str, value: object) -> None:
    case = next(case for law, _, case in CASES if law == code)
    with pytest.raises(rules.FactRefused) as refusal:
        rules.assess(code, on=TODAY, facts=facts_of(code, case["facts"]) | {fact: value})
    assert refusal.value.values["fact"] == fact
