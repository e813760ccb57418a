"""Two hundred random and hostile returns: API, rule and an independent decimal computation agree to the fen.

The computation below is written from the law's text with `decimal`, and imports nothing of ours.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from filing.make import OFFICE, OWNER, begin, make_invoice, make_taxpayer, put_invoices, sign_in, submit

from palmtax import identity, registry, rules

CENT = Decimal("0.01")
PERIODS = {
    "2025Q4": (date(2025, 10, 1), date(2025, 12, 31)),
    "2026Q1": (date(2026, 1, 1), date(2026, 3, 31)),
    "2026Q3": (date(2026, 7, 1), date(2026, 9, 30)),
    "2026-03": (date(2026, 3, 1), date(2026, 3, 31)),
    "2026-05": (date(2026, 5, 1), date(2026, 5, 31)),
    "2026-10": (date(2026, 10, 1), date(2026, 10, 31)),
}
DUE = {
    "2025Q4": date(2026, 1, 20), "2026Q1": date(2026, 4, 20), "2026Q3": date(2026, 10, 26),
    "2026-03": date(2026, 4, 20), "2026-05": date(2026, 6, 15), "2026-10": date(2026, 11, 16),
}  # fmt: skip
PAID_ON = date(2026, 11, 23)  # Monday, the clock of these tests
AMOUNTS = (
    0, 1, 2, 49, 50, 51, 99, 100, 149, 150, 3_333, 9_999_999, 10_000_000, 10_000_001, 29_999_999, 30_000_000,
    30_000_001, 15_000_000, 15_000_001, 50_000_000, 123_456_789, 499_999_999, 500_000_001, 9_007_199_254_740_991 // 400,
    999_999_999_999,
)  # fmt: skip
LINES = (
    ("ordinary", "0.01", False), ("ordinary", "0.03", False), ("ordinary", "0", False), ("special", "0.01", False),
    ("special", "0.03", False), ("ordinary", "0.05", True), ("special", "0.05", True), ("ordinary", "0.015", True),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One return to be: period, place, relief, invoices (kind, rate, real estate, fen)."""

    period: str
    place: str
    is_half: bool
    invoices: tuple[tuple[str, str, bool, int], ...]


def make_case(dice: random.Random) -> Case:
    count = dice.choice((0, 1, 1, 2, 3, 5, 8))
    invoices = []
    for _ in range(count):
        kind, rate, estate = dice.choice(LINES if dice.random() < 0.6 else LINES[:2])
        amount = dice.choice(AMOUNTS) if dice.random() < 0.6 else dice.randrange(0, 40_000_000)
        sign = -1 if dice.random() < 0.12 else 1
        invoices.append((kind, rate, estate, sign * amount))
    return Case(
        dice.choice(list(PERIODS)), dice.choice(("city", "county", "other")), dice.random() < 0.7, tuple(invoices)
    )


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def above_zero(amount: Decimal) -> Decimal:
    return max(amount, Decimal(0))


def at_least_a_yuan(tax: Decimal) -> Decimal:
    """国家税务总局公告2012年第25号: below one yuan counts as zero."""
    return tax if tax >= 1 else Decimal(0)


def computed(case: Case) -> tuple[dict[str, Decimal], Decimal, Decimal]:
    """The four taxes, their late fee, and red-letter sales that could lower nothing; yuan."""

    def total(test):
        return sum(
            (Decimal(fen) / 100 for kind, rate, estate, fen in case.invoices if test(kind, rate, estate)), Decimal(0)
        )

    ordinary = total(lambda k, _, e: k == "ordinary" and not e)
    special_1 = total(lambda k, r, e: k == "special" and not e and r == "0.01")
    special_3 = total(lambda k, r, e: k == "special" and not e and r == "0.03")
    rent = total(lambda k, r, e: k == "ordinary" and e and r == "0.05")
    special_rent = total(lambda k, _, e: k == "special" and e)
    housing = total(lambda _, r, e: e and r == "0.015")
    sales = ordinary + special_1 + special_3 + rent + special_rent + housing
    is_quarter, is_new_law = "Q" in case.period, case.period >= "2026"
    threshold = Decimal(300_000 if is_quarter else 100_000)
    exempt = sales < threshold if is_new_law else sales <= threshold
    at_1 = special_1 if exempt else special_1 + ordinary
    at_5 = special_rent if exempt else special_rent + rent
    at_1_5 = Decimal(0) if exempt else housing
    spared = (ordinary, rent, housing) if exempt else ()
    lost = sum(above_zero(-part) for part in (at_1, special_3, at_5, at_1_5, *spared))
    at_1, at_3, at_5, at_1_5 = (above_zero(part) for part in (at_1, special_3, at_5, at_1_5))
    vat = rounded((at_1 + at_3) * 3 / 100) - rounded(at_1 * 2 / 100)
    estate = Decimal("0.03") if is_new_law else Decimal("0.05")  # 增值税法 第十一条; before, 财税〔2016〕36号 附件2
    vat += rounded(at_5 * estate) + rounded(at_1_5 * estate) - rounded(at_1_5 * (estate - Decimal("0.015")))
    vat = at_least_a_yuan(vat)
    place_rate = {"city": Decimal("0.07"), "county": Decimal("0.05"), "other": Decimal("0.01")}[case.place]
    education_free = sales <= threshold

    def surcharge(rate: Decimal, *, is_free: bool) -> Decimal:
        before = rounded(vat * rate)
        if is_free:
            return Decimal(0)
        return at_least_a_yuan(before - rounded(before / 2) if case.is_half else before)

    taxes = {
        "vat_small_scale": vat,
        "urban_construction": surcharge(place_rate, is_free=False),
        "education_surcharge": surcharge(Decimal("0.03"), is_free=education_free),
        "local_education_surcharge": surcharge(Decimal("0.02"), is_free=education_free),
    }
    days = max((PAID_ON - DUE[case.period]).days, 0)
    late = sum((at_least_a_yuan(rounded(tax * days * Decimal("0.0005"))) for tax in taxes.values()), Decimal(0))
    return taxes, late, Decimal(lost)


def fen(amount: Decimal) -> int:
    assert amount == amount.quantize(CENT)
    return int(amount * 100)


async def people_and_shops(database, clock, cases: dict[int, Case]) -> None:
    async with database.transaction() as tx:
        await registry.load_offices(tx, [registry.Office(OFFICE, "云山区税务局", "Yunshan")])
        shops = [
            make_taxpayer(
                number, place_kind=case.place, is_half_relief=case.is_half, registered_on=date(2025, 1, 1),
                filing_period="quarter" if "Q" in case.period else "month",
            )
            for number, case in cases.items()
        ]  # fmt: skip
        await registry.load_taxpayers(tx, shops)
        person = identity.NewPerson(OWNER, "陈小满", "13800000071", None)
        hats = [identity.NewHat(OWNER, "legal_rep", s.name, taxpayer_id=s.taxpayer_id, uscc=s.uscc) for s in shops]
        await identity.load_people(tx, clock=clock, people=[person], hats=hats)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
async def test_two_hundred_returns_are_right_to_the_fen(part, client, database, clock):
    dice = random.Random(20261123 + part)
    cases = {8_000 + n: make_case(dice) for n in range(50)}
    await people_and_shops(database, clock, cases)
    outcomes = {"accepted": 0, "refused": 0}
    owner = await sign_in(client, database, clock, OWNER, 8_000)
    hats = {
        h["taxpayer_id"]: h["hat_id"] for h in (await owner.ok("GET", "/identity/me"))["hats"] if h.get("taxpayer_id")
    }
    for number, case in cases.items():
        await owner.ok("POST", "/identity/hat", {"hat_id": hats[number]})
        first_day, _ = PERIODS[case.period]
        await put_invoices(
            database, clock, number,
            *(
                make_invoice(n, amount, rate=rate, kind=kind, on=first_day, real_estate=estate)
                for n, (kind, rate, estate, amount) in enumerate(case.invoices, start=1)
            ),
        )  # fmt: skip
        taxes, late, lost = computed(case)
        draft = await begin(owner, case.period)
        answer = await submit(owner, draft)
        if lost > 0:
            outcomes["refused"] += 1
            assert (answer.status_code, answer.json()["code"]) == (409, "filing.not_ready"), (case, answer.text)
            assert "filing.net_sales_negative" in answer.json()["fields"]["problems"]
            assert draft["result"]["payable_fen"] == fen(sum(taxes.values())), case
            continue
        assert answer.status_code == 201, (case, answer.text)
        outcomes["accepted"] += 1
        filed = answer.json()
        result = filed["result"]
        assert {c["tax_type_code"]: c["amount_fen"] for c in filed["charges"]} == {
            tax: fen(amount) for tax, amount in taxes.items() if amount
        }, case
        assert result["payable_fen"] == fen(sum(taxes.values())), case
        assert (result["late_fee_fen"], result["due_now_fen"]) == (fen(late), fen(sum(taxes.values()) + late)), case
        assert_rule_agrees(case, draft, result)
    assert outcomes["accepted"] >= 30
    assert outcomes["refused"] >= 1


def assert_rule_agrees(case: Case, draft: dict, result: dict) -> None:
    """The rule, asked directly with the values of the fields."""
    facts = {f["code"]: f["value_fen"] for f in draft["fields"] if f["may_edit"]}
    facts |= {"is_quarterly": "Q" in case.period, "place_kind": case.place, "is_half_relief": case.is_half}
    assessed = rules.assess("vat_small_scale_return", on=PERIODS[case.period][1], facts=facts)
    assert (result["payable_fen"], result["saved_fen"]) == (assessed.outputs["payable"], assessed.outputs["saved"])
