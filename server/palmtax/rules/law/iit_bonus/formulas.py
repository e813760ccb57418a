"""Tax on the yearly bonus: apart, by a twelfth on the monthly scale, or merged with the year; the cheaper one named.

All amounts are fen; tax by a scale is rounded half up to the fen. The bracket of the bonus is found by its exact
twelfth; the twelfth shown is rounded and decides nothing.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Count, Portion, Scale, YesNo, atleast, atmost, law, share, where

APART = (
    "财政部 税务总局公告2023年第30号 第一条",
    "财政部 税务总局公告2021年第42号 第一条",
    "财税〔2018〕164号 第一条",
)
TAXED = "个人所得税法 第六条"
SCALE = "个人所得税法 第三条"


@law(*APART, label="奖金除以月数", label_en="A twelfth of the bonus")
def monthly_bonus(bonus: Amount, months_of_bonus: Count) -> Amount:
    """The bonus spread over the months, shown rounded half up to the fen."""
    return share(bonus, months_of_bonus)


@law(*APART, label="适用税率", label_en="Rate of the bonus")
def bonus_rate(bonus: Amount, months_of_bonus: Count, monthly_scale: Scale) -> Portion:
    """The rate of the monthly scale that the twelfth of the bonus reaches."""
    return monthly_scale.rate(bonus, over=months_of_bonus)


@law(*APART, label="速算扣除数", label_en="Quick deduction of the bonus")
def bonus_less(bonus: Amount, months_of_bonus: Count, monthly_scale: Scale) -> Amount:
    """The quick deduction of the same bracket; it is taken once, which makes the known cliffs."""
    return monthly_scale.less(bonus, over=months_of_bonus)


@law(*APART, label="单独计税的税额", label_en="Tax when taxed apart")
def tax_separate(bonus: Amount, months_of_bonus: Count, monthly_scale: Scale) -> Amount:
    """Bonus × rate − quick deduction, rounded half up to the fen."""
    return monthly_scale.tax(bonus, by=bonus, over=months_of_bonus)


@law(TAXED, label="不含奖金的应纳税所得额", label_en="Taxable income without the bonus")
def taxable_without(annual_income: Amount, deductions: Amount, iit_annual__basic_deduction_year: Amount) -> Amount:
    """Other income of the year less all deductions, never below 0."""
    return atleast(annual_income - deductions - iit_annual__basic_deduction_year, 0)


@law(TAXED, label="并入奖金的应纳税所得额", label_en="Taxable income with the bonus")
def taxable_with(
    annual_income: Amount, bonus: Amount, deductions: Amount, iit_annual__basic_deduction_year: Amount
) -> Amount:
    """Income of the year and bonus less all deductions, never below 0."""
    return atleast(annual_income + bonus - deductions - iit_annual__basic_deduction_year, 0)


@law(SCALE, label="不含奖金的全年税额", label_en="Tax of the year without the bonus")
def tax_without(taxable_without: Amount, iit_year__comprehensive_scale: Scale) -> Amount:
    """Tax of the year by the scale of comprehensive income, rounded half up to the fen."""
    return iit_year__comprehensive_scale.tax(taxable_without)


@law(SCALE, label="并入综合所得多交的税额", label_en="Further tax when merged")
def tax_merged(taxable_with: Amount, tax_without: Amount, iit_year__comprehensive_scale: Scale) -> Amount:
    """Tax of the year with the bonus less tax of the year without it."""
    return iit_year__comprehensive_scale.tax(taxable_with) - tax_without


@law(*APART, label="单独计税更省", label_en="Cheaper when taxed apart")
def is_separate_better(tax_separate: Amount, tax_merged: Amount) -> YesNo:
    """Whether taxing the bonus apart costs less than merging it."""
    return tax_separate < tax_merged


@law(*APART, label="奖金个税（较省的方式）", label_en="Tax on the bonus (cheaper way)")
def tax(tax_separate: Amount, tax_merged: Amount) -> Amount:
    """The smaller of the two."""
    return atmost(tax_separate, tax_merged)


@law(*APART, label="选对方式省下", label_en="Saved by the cheaper way")
def saved(tax_separate: Amount, tax_merged: Amount, is_separate_better: YesNo) -> Amount:
    """The difference between the two ways."""
    return where(is_separate_better, tax_merged - tax_separate, tax_separate - tax_merged)


@law(*APART, label="奖金到手", label_en="Bonus after tax")
def net_bonus(bonus: Amount, tax: Amount) -> Amount:
    """Bonus less the tax of the cheaper way."""
    return bonus - tax
