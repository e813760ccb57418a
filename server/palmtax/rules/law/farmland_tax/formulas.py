"""Farmland occupation tax: paid once, area in m² times the tax per m² of the place.

All amounts are fen. Each line is rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    LawTable,
    Quantity,
    YesNo,
    both,
    either,
    law,
    opposite,
    times,
    where,
)

AREA = ("耕地占用税法 第三条", "耕地占用税暂行条例 第五条")
RANGE = ("耕地占用税法 第四条", "耕地占用税暂行条例 第五条")
SCARCE = ("耕地占用税法 第五条", "耕地占用税暂行条例 第六条")
BASIC = ("耕地占用税法 第六条", "耕地占用税暂行条例 第七条")
TRANSPORT = ("耕地占用税法 第七条", "耕地占用税暂行条例 第九条")
RELIEF = ("耕地占用税法 第七条", "耕地占用税暂行条例 第八条", "耕地占用税暂行条例 第十条")
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(*RANGE, *SCARCE, label="最高税额", label_en="Highest tax per m²")
def highest(
    farmland_per_head: Choice,
    is_farmland_scarce: YesNo,
    highest_unit_tax: LawTable,
    scarce_farmland_addition: LawRate,
) -> Amount:
    """The upper end of the range, half as much again where farmland is scarce, fen per m²."""
    end: Amount = highest_unit_tax.at(farmland_per_head)
    return end + where(is_farmland_scarce, scarce_farmland_addition.of(end), 0)


@law(*RANGE, label="税额超出法定幅度", label_en="Tax per m² outside the range of the law")
def is_outside_range(unit_tax: Amount, farmland_per_head: Choice, lowest_unit_tax: LawTable, highest: Amount) -> YesNo:
    """Whether the tax per m² lies outside the range for such a place."""
    return either(unit_tax < lowest_unit_tax.at(farmland_per_head), unit_tax > highest)


@law(*AREA, *TRANSPORT, label="面积乘以税额", label_en="Area times the tax per m²")
def base(relief: Choice, unit_tax: Amount, transport_unit_tax: Amount, area: Quantity) -> Amount:
    """Area times the tax of the place, or of transport and water projects, rounded half up to the fen."""
    found: Amount = times(where(relief.is_("transport"), transport_unit_tax, unit_tax), area)
    return found


@law(*BASIC, label="应纳税额", label_en="Tax before relief")
def before_relief(base: Amount, relief: Choice, is_basic_farmland: YesNo, basic_farmland_addition: LawRate) -> Amount:
    """Half as much again on basic farmland, rounded half up to the fen; not on the flat tax of transport and water."""
    is_raised = both(is_basic_farmland, opposite(relief.is_("transport")))
    return base + where(is_raised, basic_farmland_addition.of(base), 0)


@law(*RELIEF, label="法定减免额", label_en="Relief of the law")
def relief_of_law(relief: Choice, before_relief: Amount, rural_home_cut: LawRate) -> Amount:
    """All of it for public bodies, half for rural homes, rounded half up to the fen."""
    rural = where(relief.is_("rural_home"), rural_home_cut.of(before_relief), 0)
    return where(relief.is_("public"), before_relief, rural)


@law(*HALF, label="六税两费减征额", label_en="Six-tax-two-fee relief")
def half_relief(
    is_half_relief: YesNo, before_relief: Amount, relief_of_law: Amount, surcharges__half_relief_rate: LawRate
) -> Amount:
    """The halving for small taxpayers on top, rounded half up to the fen."""
    return where(is_half_relief, surcharges__half_relief_rate.of(before_relief - relief_of_law), 0)


@law(*AREA, label="应缴耕地占用税", label_en="Farmland occupation tax due")
def due(before_relief: Amount, relief_of_law: Amount, half_relief: Amount) -> Amount:
    """Tax less the reliefs, fen."""
    return before_relief - relief_of_law - half_relief
