"""Corporate income tax withheld from payments to non-resident enterprises without an establishment here, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, Count, LawRate, Portion, YesNo, atleast, atmost, law, where

BASE = "企业所得税法 第十九条"
STATUTORY = "企业所得税法 第四条"
REDUCED = "企业所得税法实施条例 第九十一条"
WITHHELD = "企业所得税法 第三十七条"
GROSSED_UP = "国家税务总局公告2017年第37号 第六条"
PAID_IN = "企业所得税法 第四十条"


@law(REDUCED, label="适用税率", label_en="Rate")
def rate(reduced_rate: LawRate, treaty_rate: Portion) -> Portion:
    """10%, or the treaty's rate where that is lower."""
    return atmost(reduced_rate.portion(), treaty_rate)


@law(BASE, GROSSED_UP, label="收入额", label_en="Income")
def income(payment: Amount, is_tax_borne_by_payer: YesNo, rate: Portion) -> Amount:
    """The payment; where the payer bears the tax, payment ÷ (1 − rate), rounded half up to the fen."""
    return where(is_tax_borne_by_payer, rate.gross_up(payment), payment)


@law(BASE, label="应纳税所得额", label_en="Taxable income")
def taxable_income(income: Amount, income_kind: Choice, property_net_value: Amount) -> Amount:
    """All of the income; for property sold, less its net value, never below 0."""
    return where(income_kind.is_("property"), atleast(income - property_net_value, 0), income)


@law(STATUTORY, label="按法定税率计算的税额", label_en="Tax at the statutory rate")
def statutory_tax(taxable_income: Amount, statutory_rate: LawRate) -> Amount:
    """20% of taxable income, rounded half up to the fen."""
    return statutory_rate.of(taxable_income)


@law(WITHHELD, REDUCED, label="应扣缴税额", label_en="Tax to withhold")
def tax(taxable_income: Amount, rate: Portion) -> Amount:
    """Taxable income times the rate, rounded half up to the fen."""
    return rate.of(taxable_income)


@law(REDUCED, label="减免所得税额", label_en="Spared by lower rates")
def relief(statutory_tax: Amount, tax: Amount) -> Amount:
    """What the regulations and a treaty spare against the statutory rate."""
    return statutory_tax - tax


@law(WITHHELD, label="实际对外支付额", label_en="Paid out after tax")
def paid_out(income: Amount, tax: Amount) -> Amount:
    """What the company abroad receives."""
    return income - tax


@law(PAID_IN, label="缴库期限（天）", label_en="Days to pay the tax in")
def days_to_pay(payment_days: Count) -> Count:
    """Days from the withholding to the payment to the treasury."""
    return payment_days
