"""Enterprises: what VAT of both kinds and enterprise income tax ask for; fen as int64, many small ones, few large ones."""

from __future__ import annotations

import numpy as np

from demo.population.drawing import BLOCK, YUAN, Column, chance, drawer, pick, spread, whole
from demo.population.words import CITIES, INDUSTRIES, PLACES, SIZES

STREAM = 2
CODES = ("city", "industry", "band", "vat_kind", "place_kind")
YES_NO = ("is_half_relief", "is_high_tech")
FACTS = (
    "ordinary_sales", "special_sales_reduced", "special_sales_full", "standard_sales", "lower_sales", "service_sales",
    "special_invoice_input", "carry_in", "revenue", "profit", "other_nondeductible", "loss_1_year_ago", "rd_spent",
    "average_assets", "cit_prepaid",
)  # fmt: skip
QUANTITIES = ("average_staff",)
"""In ten-thousandths of a person, as the law counts."""
SMALL_SCALE_LIMIT = 5_000_000 * YUAN
LARGEST = 50_000_000_000 * YUAN
"""No year's revenue is more."""

_REVENUE = np.array([420_000, 9_500_000, 92_000_000, 1_350_000_000], np.float64)
_SIGMA = np.array([1.25, 0.85, 0.7, 0.8])
_MARGIN = np.array([i.margin for i in INDUSTRIES], np.float64)
_VAT = np.array([i.vat for i in INDUSTRIES])
_URBAN = np.array([c.urban for c in CITIES])
_CITY = np.array([c.pay for c in CITIES], np.float64)


def block(seed: int, number: int) -> dict[str, Column]:
    """One block of enterprises: codes int8, yes/no bool, fen int64; `income_fen` is the year's revenue."""
    draw = drawer(seed, STREAM, number)
    found: dict[str, Column] = {
        "city": pick(draw, [c.share * c.pay for c in CITIES]),
        "industry": pick(draw, [i.enterprises for i in INDUSTRIES]),
        "band": pick(draw, [s.share for s in SIZES]),
    }
    size = found["band"]
    scale = np.exp(draw.standard_normal(BLOCK) * _SIGMA[size])
    revenue = np.minimum(whole(_REVENUE[size] * scale * _CITY[found["city"]] / 1000, 10), LARGEST)
    revenue = np.where(chance(draw, 90), 0, revenue)  # sleeping ones
    is_general = (revenue > SMALL_SCALE_LIMIT) | chance(draw, 140)
    found["vat_kind"] = is_general.astype(np.int8)
    found["place_kind"] = _places(draw, found["city"])
    found |= _small_scale(draw, np.where(is_general, 0, revenue))
    found |= _general(draw, np.where(is_general, revenue, 0), _VAT[found["industry"]])
    found |= _year(draw, revenue, found["industry"], size)
    found["is_half_relief"] = ~is_general | found.pop("is_small")
    found["income_fen"] = revenue
    return found


def _places(draw: np.random.Generator, city: Column) -> Column:
    """Places in `PLACES`: districts, county towns, elsewhere."""
    drawn = draw.integers(0, 100, BLOCK)
    urban = _URBAN[city]
    return np.where(drawn < urban, 0, np.where(drawn < urban + (100 - urban) * 3 // 4, 1, len(PLACES) - 1)).astype(
        np.int8
    )


def _small_scale(draw: np.random.Generator, revenue: Column) -> dict[str, Column]:
    """One quarter of those who pay at the levy rate: mostly ordinary invoices, some special ones at either rate."""
    quarter = revenue // 4 * draw.integers(60, 141, BLOCK) // 100
    special = np.where(chance(draw, 260), quarter * draw.integers(5, 60, BLOCK) // 100, 0)
    full = np.where(chance(draw, 120), special // 3, 0)
    return {
        "ordinary_sales": quarter - special,
        "special_sales_reduced": special - full,
        "special_sales_full": full,
    }


def _general(draw: np.random.Generator, revenue: Column, rate: Column) -> dict[str, Column]:
    """One month of general taxpayers: sales at the industry's rate with some at 6 %, input tax on what they bought."""
    month = revenue // 12 * draw.integers(50, 161, BLOCK) // 100
    services = np.where(chance(draw, 150) & (rate != 6), month * draw.integers(5, 30, BLOCK) // 100, 0)
    goods = month - services
    output = goods * rate // 100 + services * 6 // 100
    found = {
        "standard_sales": np.where(rate == 13, goods, 0),
        "lower_sales": np.where(rate == 9, goods, 0),
        "service_sales": np.where(rate == 6, goods, 0) + services,
    }
    found["special_invoice_input"] = output * draw.integers(35, 106, BLOCK) // 100
    found["carry_in"] = np.where(chance(draw, 210), output * draw.integers(5, 80, BLOCK) // 100, 0)
    return found


def _year(draw: np.random.Generator, revenue: Column, industry: Column, size: Column) -> dict[str, Column]:
    """The year for income tax: profit around the industry's margin (a fifth lose money), staff, assets, research."""
    margin = _MARGIN[industry] / 1000 + draw.standard_normal(BLOCK) * 0.07
    profit = np.rint(revenue * margin / YUAN).astype(np.int64) * YUAN
    staff = np.maximum(np.rint(revenue / (spread(draw, 620_000, 0.5) * YUAN)), 1).astype(np.int64)
    staff = np.minimum(staff, 400_000)
    assets = whole(np.maximum(revenue / YUAN * np.exp(draw.standard_normal(BLOCK) * 0.6 - 0.2), 20_000))
    is_high_tech = chance(draw, np.where(np.isin(industry, (2, 8, 12)) & (size > 0), 180, 0))
    adjustments = np.where(chance(draw, 300), np.abs(profit) * draw.integers(0, 12, BLOCK) // 100, 0)
    is_small = (profit + adjustments <= 3_000_000 * YUAN) & (staff <= 300) & (assets <= 50_000_000 * YUAN)
    return {
        "revenue": revenue,
        "profit": profit,
        "other_nondeductible": adjustments,
        "loss_1_year_ago": np.where(chance(draw, 160), np.abs(profit) * draw.integers(0, 90, BLOCK) // 100, 0),
        "rd_spent": np.where(is_high_tech, revenue * draw.integers(30, 90, BLOCK) // 1000, 0),
        "average_assets": assets,
        "cit_prepaid": np.maximum(profit, 0) * draw.integers(0, 6, BLOCK) // 100,
        "average_staff": staff * 10_000,
        "is_small": is_small,
        "is_high_tech": is_high_tech,
    }
