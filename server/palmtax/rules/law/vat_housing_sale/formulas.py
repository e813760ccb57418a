"""VAT on a home that a natural person bought and sells; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Count,
    Day,
    LawRate,
    YesNo,
    atleast,
    both,
    full_years,
    law,
    opposite,
    where,
)

HOME = (
    "财政部 税务总局公告2025年第17号 正文",
    "财税〔2016〕36号 附件3第五条",
)
CITIES = (*HOME, "财政部 税务总局 住房城乡建设部公告2024年第16号 第二条")


@law(*HOME, label="持有整年数", label_en="Full years held")
def years_held(bought_on: Day, sold_on: Day) -> Count:
    """Full years between purchase and sale; the anniversary itself completes the year."""
    return full_years(bought_on, sold_on)


@law(*HOME, label="已满年限", label_en="Held long enough")
def is_held_long(years_held: Count, exempt_years: Count) -> YesNo:
    """Whether the years are reached, that number included."""
    return years_held >= exempt_years


@law(*CITIES, label="按差额计税", label_en="Taxed on the gain")
def is_on_gain(is_held_long: YesNo, is_first_tier: YesNo, is_ordinary: YesNo, is_difference_taxed: YesNo) -> YesNo:
    """Whether only the gain is taxed: non-ordinary homes of first-tier cities, while that rule counted."""
    return both(is_held_long, is_first_tier, opposite(is_ordinary), is_difference_taxed)


@law(*HOME, label="免征增值税", label_en="Exempt from VAT")
def is_exempt(is_held_long: YesNo, is_on_gain: YesNo) -> YesNo:
    """Whether the home is exempt: held long enough and not taxed on the gain."""
    return both(is_held_long, opposite(is_on_gain))


@law(*HOME, label="计税的含税金额", label_en="Taxed sum, with VAT")
def taxed_price(price: Amount, purchase_price: Amount, is_exempt: YesNo, is_on_gain: YesNo) -> Amount:
    """The full price, the gain, or nothing; never below 0."""
    whole = where(opposite(is_exempt), price, 0)
    return where(is_on_gain, atleast(price - purchase_price, 0), whole)


@law(*HOME, label="不含税金额", label_en="Taxed sum without VAT")
def ex_vat(taxed_price: Amount, levy_rate: LawRate) -> Amount:
    """Divided by one plus the levy rate, rounded half up to the fen."""
    return levy_rate.net_of(taxed_price)


@law(*HOME, label="应纳增值税", label_en="VAT payable")
def vat_payable(ex_vat: Amount, levy_rate: LawRate) -> Amount:
    """The levy rate of it, rounded half up to the fen."""
    return levy_rate.of(ex_vat)
