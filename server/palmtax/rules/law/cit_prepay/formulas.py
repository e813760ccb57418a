"""Quarterly prepayment of corporate income tax on the actual profit of the year so far, fen.

Staff and assets are averaged over the quarters that have ended; failing the small low-profit test means the ordinary
rate on the whole of the year so far.
"""

from __future__ import annotations

from typing import TypeVar

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    LawTable,
    Quantity,
    Row,
    YesNo,
    as_quantity,
    atleast,
    atmost,
    average,
    law,
    opposite,
    quotient,
    share,
    total,
    where,
)

V = TypeVar("V", Amount, Quantity)
PREPAY = "企业所得税法 第五十四条"
INCOME = "企业所得税法 第五条"
RATES = ("企业所得税法 第四条", "企业所得税法 第二十八条")
AVERAGES = (PREPAY, "国家税务总局公告2023年第6号 正文", "国家税务总局公告2019年第2号 正文")


def so_far(row: list[V], quarter: Choice) -> list[V]:
    """The values of the quarters that have ended; 0 for those still to come."""
    first, second, third, fourth = row
    later = where(opposite(quarter.is_("q1")), second, 0)
    return [first, later, where(quarter.is_in("q3", "q4"), third, 0), where(quarter.is_("q4"), fourth, 0)]


@law(PREPAY, label="截至本季度末的季度数", label_en="Quarters so far")
def quarters(quarter: Choice, quarters_elapsed: LawTable) -> Count:
    """How many quarters the averages run over."""
    found: Count = quarters_elapsed.at(quarter)
    return found


@law(*AVERAGES, label="各季度平均从业人数", label_en="Staff of each quarter")
def staff_by_quarter(staff_begin: Row, staff_end: Row, quarter: Choice) -> list[Quantity]:
    """Mean of the first and last day of the quarter; 0 for quarters still to come."""
    return so_far([average(begin, end) for begin, end in zip(staff_begin, staff_end, strict=False)], quarter)


@law(*AVERAGES, label="平均从业人数", label_en="Average staff")
def average_staff(staff_by_quarter: Row, quarters: Count) -> Quantity:
    """Mean of the quarters so far, rounded half up to two decimals."""
    return quotient(total(staff_by_quarter), as_quantity(quarters))


@law(*AVERAGES, label="各季度平均资产总额", label_en="Assets of each quarter")
def assets_by_quarter(assets_begin: Row, assets_end: Row, quarter: Choice) -> list[Amount]:
    """Mean of the first and last day of the quarter, to the fen; 0 for quarters still to come."""
    return so_far([average(begin, end) for begin, end in zip(assets_begin, assets_end, strict=False)], quarter)


@law(*AVERAGES, label="平均资产总额", label_en="Average assets")
def average_assets(assets_by_quarter: Row, quarters: Count) -> Amount:
    """Mean of the quarters so far, rounded half up to the fen."""
    return share(total(assets_by_quarter), quarters)


@law(
    INCOME, "企业所得税法 第三十二条", label="实际利润额（弥补亏损前）", label_en="Actual profit before earlier losses"
)
def actual_profit(
    cumulative_profit: Amount,
    estimated_sales_profit: Amount,
    untaxed_and_exempt_income: Amount,
    super_deduction: Amount,
    accelerated_depreciation: Amount,
) -> Amount:
    """Profit so far with the few adjustments that a prepayment knows; negative for a loss."""
    spared = untaxed_and_exempt_income + super_deduction + accelerated_depreciation
    return cumulative_profit + estimated_sales_profit - spared


@law("企业所得税法 第十八条", label="弥补以前年度亏损", label_en="Earlier losses used")
def loss_used(actual_profit: Amount, losses_brought_forward: Amount) -> Amount:
    """At most the profit, never below 0."""
    return atmost(losses_brought_forward, atleast(actual_profit, 0))


@law(INCOME, label="实际利润额", label_en="Taxable income so far")
def taxable_income(actual_profit: Amount, loss_used: Amount) -> Amount:
    """What is taxed of the year so far, never below 0."""
    return atleast(actual_profit - loss_used, 0)


@law(*RATES, label="按小型微利企业预缴", label_en="Small low-profit so far")
def is_small(cit_small__is_small: YesNo) -> YesNo:
    """Whether the year so far passes the small low-profit test."""
    return cit_small__is_small


@law(*RATES, label="本年累计应纳所得税额", label_en="Tax of the year so far")
def tax(
    is_small: YesNo,
    is_high_tech: YesNo,
    taxable_income: Amount,
    cit_small__tax: Amount,
    cit_annual__high_tech_rate: LawRate,
) -> Amount:
    """The small tax where the test is passed, else 15% for high-tech enterprises, else 25%, on all of it."""
    high = where(is_high_tech, cit_annual__high_tech_rate.of(taxable_income), cit_small__tax)
    return where(is_small, cit_small__tax, high)


@law(PREPAY, label="本季度应预缴税额", label_en="To prepay this quarter")
def due(tax: Amount, prepaid: Amount) -> Amount:
    """Tax so far less what was prepaid; never below 0, nothing is paid back before the settlement."""
    return atleast(tax - prepaid, 0)


@law(PREPAY, label="多预缴、以后抵减的税额", label_en="Prepaid too much so far")
def overpaid(tax: Amount, prepaid: Amount) -> Amount:
    """What was prepaid beyond the tax so far; it is set off later in the year."""
    return atleast(prepaid - tax, 0)
