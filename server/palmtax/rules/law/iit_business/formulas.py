"""Tax on business income: taxable income, scale, half relief of individual businesses, prepayment and settlement; fen.

Tax by the scale, the share of other reliefs and the half relief are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Count, LawRate, Scale, YesNo, atleast, atmost, law, part, times, where

TAXED = "个人所得税法 第六条"
SCALE = "个人所得税法 第三条"
OWNER = "个人所得税法实施条例 第十五条"
SETTLED = "个人所得税法 第十二条"
HALF = (
    "财政部 税务总局公告2023年第12号 第一条",
    "财政部 税务总局公告2023年第6号 第二条",
    "财政部 税务总局公告2021年第12号 第二条",
    SCALE,
)


@law(TAXED, label="利润总额", label_en="Profit")
def profit(revenue: Amount, costs: Amount) -> Amount:
    """Revenue less costs, expenses, taxes and losses; negative in a year of loss."""
    return revenue - costs


@law(TAXED, label="弥补亏损后的所得", label_en="Profit after losses of earlier years")
def profit_after_losses(profit: Amount, losses_before: Amount) -> Amount:
    """Profit less losses of earlier years, never below 0."""
    return atleast(profit - losses_before, 0)


@law(OWNER, label="业主的减除费用", label_en="Basic deduction of the owner")
def owner_basic_deduction(
    has_comprehensive_income: YesNo,
    is_settlement: YesNo,
    months: Count,
    iit_year__basic_deduction_month: Amount,
    iit_annual__basic_deduction_year: Amount,
) -> Amount:
    """That of the year at the settlement, of the months so far in a prepayment; none beside comprehensive income."""
    so_far: Amount = times(iit_year__basic_deduction_month, months)
    basic: Amount = where(is_settlement, iit_annual__basic_deduction_year, so_far)
    return basic - where(has_comprehensive_income, basic, 0)


@law(OWNER, label="业主的其他扣除", label_en="Other deductions of the owner")
def owner_deductions(
    has_comprehensive_income: YesNo, is_settlement: YesNo, deductions: Amount, additional_deductions: Amount
) -> Amount:
    """Insurance and other deductions, additional ones at the settlement only; none beside comprehensive income."""
    claimed = deductions + where(is_settlement, additional_deductions, 0)
    return claimed - where(has_comprehensive_income, claimed, 0)


@law(TAXED, OWNER, label="应纳税所得额", label_en="Taxable income")
def taxable_income(
    profit_after_losses: Amount, owner_basic_deduction: Amount, owner_deductions: Amount, donations: Amount
) -> Amount:
    """Profit less what the owner deducts and donations; never below 0."""
    return atleast(profit_after_losses - owner_basic_deduction - owner_deductions - donations, 0)


@law(SCALE, label="应纳税额", label_en="Tax by the scale")
def tax(taxable_income: Amount, business_scale: Scale) -> Amount:
    """Tax by the scale of business income, rounded half up to the fen."""
    return business_scale.tax(taxable_income)


@law(*HALF, label="减半政策内的所得", label_en="Taxable income that is relieved")
def relieved_income(taxable_income: Amount, half_relief_limit: Amount) -> Amount:
    """Taxable income up to the limit of the half relief."""
    return atmost(taxable_income, half_relief_limit)


@law(*HALF, label="减半政策内的税额", label_en="Tax on the relieved income")
def relieved_tax(relieved_income: Amount, business_scale: Scale) -> Amount:
    """Tax by the scale on that part alone, rounded half up to the fen."""
    return business_scale.tax(relieved_income)


@law(*HALF, label="对应的其他减免", label_en="Other reliefs that belong to it")
def relieved_other(other_relief: Amount, relieved_income: Amount, taxable_income: Amount) -> Amount:
    """Other reliefs in the proportion of relieved to all taxable income, rounded half up to the fen."""
    return part(other_relief, relieved_income, taxable_income)


@law(*HALF, label="减半征收的减免税额", label_en="Half relief")
def half_relief(
    relieved_tax: Amount, relieved_other: Amount, is_individual_business: YesNo, half_relief_rate: LawRate
) -> Amount:
    """Half of the tax on the relieved income after other reliefs, rounded half up to the fen; only for getihu."""
    return where(is_individual_business, half_relief_rate.of(atleast(relieved_tax - relieved_other, 0)), 0)


@law(SCALE, *HALF, label="减免后的应纳税额", label_en="Tax after reliefs")
def due(tax: Amount, other_relief: Amount, half_relief: Amount) -> Amount:
    """Tax less other reliefs and the half relief; never below 0."""
    return atleast(tax - other_relief - half_relief, 0)


@law(SETTLED, label="本次应补税额（负数为应退）", label_en="Balance due (negative: refund)")
def balance(due: Amount, prepaid: Amount, is_settlement: YesNo) -> Amount:
    """What is still due; too much prepaid comes back at the settlement only."""
    rest = due - prepaid
    return where(is_settlement, rest, atleast(rest, 0))
