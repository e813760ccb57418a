"""Land value-added tax: what a transfer brings above the deductions, at a rate by the ratio of the two.

All amounts are fen. The bracket is found from the exact ratio; the tax is rounded half up to the fen once.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    Portion,
    RatioScale,
    YesNo,
    atleast,
    both,
    either,
    law,
    ratio,
    times,
    where,
)

INCREMENT = "土地增值税暂行条例 第四条"
DEDUCTIONS = "土地增值税暂行条例 第六条"
SCALE = ("土地增值税暂行条例 第七条", "土地增值税暂行条例实施细则 第十条")
SPARED = ("土地增值税暂行条例 第八条", "财税〔2008〕137号 第三条")
COSTS = "土地增值税暂行条例实施细则 第七条"
INVOICE = "财税〔2006〕21号 第二条"


@law(DEDUCTIONS, COSTS, label="地价与开发成本", label_en="Land price and development cost")
def land_and_development(land_cost: Amount, development_cost: Amount) -> Amount:
    """The base of the expenses and of the developers' addition, fen."""
    return land_cost + development_cost


@law(COSTS, label="房地产开发费用", label_en="Development expenses")
def expenses(
    land_and_development: Amount,
    is_interest_provable: YesNo,
    interest: Amount,
    expense_rate: LawRate,
    expense_rate_beside_interest: LawRate,
) -> Amount:
    """Proved interest and 5%, or 10%, of land price and development cost, rounded half up to the fen."""
    with_interest = interest + expense_rate_beside_interest.of(land_and_development)
    return where(is_interest_provable, with_interest, expense_rate.of(land_and_development))


@law(COSTS, label="开发企业加计扣除", label_en="Additional deduction of developers")
def addition(deduction_method: Choice, land_and_development: Amount, developer_addition: LawRate) -> Amount:
    """A fifth of land price and development cost more, for developers, rounded half up to the fen."""
    return where(deduction_method.is_("developer"), developer_addition.of(land_and_development), 0)


@law(INVOICE, label="购房发票加计额", label_en="Addition to the purchase invoice")
def invoice_addition(invoice_price: Amount, years_held: Count, invoice_yearly_rate: LawRate) -> Amount:
    """5% of the invoice for each year, rounded half up to the fen once."""
    taken_yearly: Amount = times(invoice_price, years_held)
    return invoice_yearly_rate.of(taken_yearly)


@law(DEDUCTIONS, label="扣除项目金额", label_en="Deductions")
def deductions(
    deduction_method: Choice,
    given_deductions: Amount,
    land_and_development: Amount,
    expenses: Amount,
    addition: Amount,
    transfer_taxes: Amount,
    land_cost: Amount,
    assessed_price: Amount,
    invoice_price: Amount,
    invoice_addition: Amount,
) -> Amount:
    """The total by the method chosen, fen."""
    new = land_and_development + expenses + addition + transfer_taxes
    assessed = assessed_price + land_cost + transfer_taxes
    invoiced = invoice_price + invoice_addition + transfer_taxes
    old = where(deduction_method.is_("assessed"), assessed, invoiced)
    built = where(deduction_method.is_in("developer", "builder"), new, old)
    return where(deduction_method.is_("given"), given_deductions, built)


@law(INCREMENT, label="增值额", label_en="Increment")
def increment(revenue: Amount, deductions: Amount) -> Amount:
    """What the transfer brings above the deductions, never below 0, fen."""
    return atleast(revenue - deductions, 0)


@law(*SCALE, label="增值率", label_en="Ratio of increment to deductions")
def ratio_of_increment(increment: Amount, deductions: Amount) -> Portion:
    """Shown with four decimals; brackets are found from the exact ratio. 0 when nothing can be deducted."""
    return ratio(increment, deductions)


@law(*SCALE, label="适用税率", label_en="Rate")
def rate(increment: Amount, deductions: Amount, tax_scale: RatioScale) -> Portion:
    """The rate of the bracket."""
    return tax_scale.rate(increment, deductions)


@law(*SCALE, label="应纳税额", label_en="Tax before relief")
def tax(increment: Amount, deductions: Amount, tax_scale: RatioScale) -> Amount:
    """Increment times rate less deductions times the quick coefficient, rounded half up to the fen."""
    return tax_scale.tax(increment, deductions)


@law(
    "土地增值税暂行条例实施细则 第十一条",
    label="普通标准住宅应税增值额",
    label_en="Taxed increment of ordinary housing",
)
def ordinary_increment(increment: Amount, deductions: Amount, ordinary_scale: RatioScale) -> Amount:
    """Nothing while the ratio is at most 20%, exactly; else the whole increment, fen."""
    return ordinary_scale.tax(increment, deductions)


@law(*SPARED, label="免税", label_en="Exempt")
def is_exempt(exemption: Choice, ordinary_increment: Amount) -> YesNo:
    """Ordinary housing up to 20%, homes of individuals, property taken by the state."""
    is_small_gain = both(exemption.is_("ordinary_housing"), ordinary_increment <= 0)
    return either(is_small_gain, exemption.is_in("individual_home", "taken_by_state"))


@law(*SPARED, label="免税额", label_en="Exempted")
def exempted(is_exempt: YesNo, tax: Amount) -> Amount:
    """The whole tax of an exempt transfer, fen."""
    return where(is_exempt, tax, 0)


@law(*SCALE, label="应缴土地增值税", label_en="Land value-added tax due")
def due(tax: Amount, exempted: Amount) -> Amount:
    """Tax less what is exempt, fen."""
    return tax - exempted
