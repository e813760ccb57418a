"""Persons: a year of wages with bonuses, contributions, deductions by family, and what some earn beside; 39 facts, fen as int32."""

from __future__ import annotations

import numpy as np

from demo.population.drawing import BLOCK, YUAN, Column, chance, drawer, pick, spread, whole
from demo.population.words import AGE_PAY, AGES, CITIES, INDUSTRIES

STREAM = 1
MONTHS = range(1, 13)
ROWS = ("wage", "social_insurance", "additional_deductions")
FACTS = (
    *(f"{row}_{month:02d}" for row in ROWS for month in MONTHS),
    "medical_self_paid",
    "labour_income",
    "labour_withheld",
)
CODES = ("city", "industry", "band")
LARGEST = 20_000_000 * YUAN
"""No month's wage is more: it must fit into int32."""
BASE_FLOOR, BASE_CEILING = 4_600 * YUAN, 27_600 * YUAN
"""Invented limits of the base of contributions."""

_CITY_PAY = np.array([city.pay for city in CITIES], np.float64)
_PAY = np.array([industry.pay for industry in INDUSTRIES], np.float64)
_AGE_PAY = np.array(AGE_PAY, np.float64)
_BONUS_MONTHS = np.array([3, 6, 12, 10, 6, 5, 7, 3, 18, 26, 6, 8, 14, 8, 3, 9, 10, 7, 12], np.float64)
"""Usual bonus by industry, tenths of a month's pay."""
_CHILDREN = ((985, 13, 2), (480, 430, 90), (180, 560, 260), (420, 470, 110), (900, 85, 15))
_ELDERLY = ((995, 4, 1), (860, 95, 45), (430, 350, 220), (270, 440, 290), (640, 230, 130))


def block(seed: int, number: int) -> dict[str, Column]:
    """One block of persons: codes as int8, facts as int32 fen, `income_fen` int64."""
    draw = drawer(seed, STREAM, number)
    codes = {
        "city": pick(draw, [c.share for c in CITIES]),
        "industry": pick(draw, [i.persons for i in INDUSTRIES]),
        "band": pick(draw, [a.share for a in AGES]),
    }
    level = _PAY[codes["industry"]] * _CITY_PAY[codes["city"]] * _AGE_PAY[codes["band"]] / 1e6
    pay = spread(draw, level, 0.46)
    pay = np.where(chance(draw, 25), pay * (1 + draw.pareto(1.5, BLOCK)), pay)  # the few who earn very much
    wages = _wages(draw, pay, codes["industry"])
    insured = _contributions(draw, pay, wages)
    deductions = _deductions(draw, codes)
    found: dict[str, Column] = dict(codes)
    for name, months in zip(ROWS, (wages, insured, deductions), strict=True):
        found |= {f"{name}_{month:02d}": months[month - 1].astype(np.int32) for month in MONTHS}
    labour = np.where(chance(draw, 85), whole(spread(draw, 9_000, 1.1), 10), 0)
    labour = np.minimum(labour, LARGEST)
    found["medical_self_paid"] = np.where(
        chance(draw, 40), whole(np.minimum(spread(draw, 14_000, 0.9), 9e5)), 0
    ).astype(np.int32)
    found["labour_income"] = labour.astype(np.int32)
    found["labour_withheld"] = (labour * 16 // 100).astype(np.int32)
    found["income_fen"] = wages.sum(axis=0) + labour
    return found


def _wages(draw: np.random.Generator, pay: Column, industry: Column) -> Column:
    """`(12, BLOCK) int64`: pay that moves a little, one bonus in December or January, and some who start within the year."""
    moves = draw.integers(96, 106, (12, BLOCK))
    months = np.rint(pay * moves / 100).astype(np.int64)
    bonus = pay * _BONUS_MONTHS[industry] / 10 * np.exp(draw.standard_normal(BLOCK) * 0.7)
    bonus = np.where(chance(draw, 620), np.rint(bonus / 100), 0).astype(np.int64) * 100
    at = np.where(chance(draw, 450), 0, 11)
    months[at, np.arange(BLOCK)] += bonus
    first = np.where(chance(draw, 70), draw.integers(1, 12, BLOCK), 0)
    last = np.where(chance(draw, 40), draw.integers(0, 11, BLOCK), 11)
    places = np.arange(12)[:, None]
    works = (places >= first) & (places <= np.maximum(last, first))
    return np.minimum(months * works * YUAN, LARGEST)


def _contributions(draw: np.random.Generator, pay: Column, wages: Column) -> Column:
    """`(12, BLOCK) int64`: pension, medical, unemployment 10.5 % and the housing fund 5–12 % of the base, new base from July."""
    fund = draw.integers(5, 13, BLOCK)
    base = np.clip(whole(pay), BASE_FLOOR, BASE_CEILING)
    later = np.clip(base * draw.integers(98, 112, BLOCK) // 100, BASE_FLOOR, BASE_CEILING)
    per_thousand = 105 + 10 * fund
    halves = [part * per_thousand // 1000 // 10 * 10 for part in (base, later)]
    is_insured = chance(draw, 930)
    months = np.stack([halves[0]] * 6 + [halves[1]] * 6)
    return np.where((wages > 0) & is_insured, months, 0)


def _deductions(draw: np.random.Generator, codes: dict[str, Column]) -> Column:
    """`(12, BLOCK) int64`: children, parents, rent or mortgage, further education; the same in every month."""
    band = codes["band"]
    children = _by_band(draw, band, _CHILDREN)
    parents = _by_band(draw, band, _ELDERLY)
    home = draw.integers(0, 1000, BLOCK)
    rent = np.where(codes["city"] < 8, 1500, np.where(codes["city"] < 16, 1100, 800))
    housing = np.where(home < 210, 1000, np.where(home < 480, rent, 0))
    study = np.where(chance(draw, 35), 400, 0)
    shared = np.where(chance(draw, 500), 1000, 2000)  # half of the couples share the deduction for children
    month = children * shared + np.array([0, 1500, 3000])[parents] + housing + study
    month = np.where(chance(draw, 780), month, 0) * YUAN  # the others never claimed
    return np.broadcast_to(month.astype(np.int64), (12, BLOCK))


def _by_band(draw: np.random.Generator, band: Column, shares: tuple[tuple[int, int, int], ...]) -> Column:
    ends = np.cumsum(np.array(shares), axis=1)[band]
    drawn = draw.integers(0, 1000, BLOCK)
    return (drawn[:, None] >= ends[:, :2]).sum(axis=1)
