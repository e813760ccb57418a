"""Small low-profit enterprises: the test by income, staff and assets, and the tax on the whole income, fen.

A fen above the income limit ends the relief for all of the income: the cliff is the law's own.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, Quantity, Scale, YesNo, both, law, opposite, where

STANDARD = "企业所得税法 第四条"
REDUCED = "企业所得税法 第二十八条"
SMALL = (
    "财政部 税务总局公告2023年第12号 第三条",
    "财政部 税务总局公告2023年第6号 第一条",
    "财政部 税务总局公告2022年第13号 第一条",
    "财政部 税务总局公告2021年第12号 第一条",
    "财税〔2019〕13号 第二条",
)


@law(REDUCED, *SMALL, label="属于小型微利企业", label_en="Small low-profit enterprise")
def is_small(
    taxable_income: Amount,
    income_limit: Amount,
    average_staff: Quantity,
    staff_limit: Quantity,
    average_assets: Amount,
    assets_limit: Amount,
    is_restricted_industry: YesNo,
) -> YesNo:
    """Whether income, staff and assets are each at most their limit, outside restricted industries."""
    size = both(average_staff <= staff_limit, average_assets <= assets_limit)
    return both(taxable_income <= income_limit, size, opposite(is_restricted_industry))


@law(STANDARD, label="按法定税率计算的税额", label_en="Tax at the standard rate")
def standard_tax(taxable_income: Amount, standard_rate: LawRate) -> Amount:
    """25% of taxable income, rounded half up to the fen."""
    return standard_rate.of(taxable_income)


@law(REDUCED, *SMALL, label="减按计入的应纳税所得额", label_en="Income that counts for a small enterprise")
def included_income(is_small: YesNo, taxable_income: Amount, included_income_scale: Scale) -> Amount:
    """The share of income that counts, to the fen; 0 where the enterprise is not small."""
    return included_income_scale.tax(where(is_small, taxable_income, 0))


@law(REDUCED, label="小型微利企业税额", label_en="Tax of a small enterprise")
def small_tax(included_income: Amount, small_rate: LawRate) -> Amount:
    """20% of the income that counts; the two steps give the same fen as one."""
    return small_rate.of(included_income)


@law(STANDARD, REDUCED, label="应纳企业所得税", label_en="Corporate income tax")
def tax(is_small: YesNo, small_tax: Amount, standard_tax: Amount) -> Amount:
    """The tax of the year before credits and prepayments."""
    return where(is_small, small_tax, standard_tax)


@law(REDUCED, *SMALL, label="减免所得税额", label_en="Spared as a small enterprise")
def relief(standard_tax: Amount, tax: Amount) -> Amount:
    """What the small enterprise is spared against the standard rate."""
    return standard_tax - tax
