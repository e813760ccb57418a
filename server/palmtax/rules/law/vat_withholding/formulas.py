"""VAT that a buyer withholds: from foreign sellers, and from natural persons at home since late 2026; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Comparison,
    LawRate,
    LawRates,
    Portion,
    YesNo,
    both,
    law,
    opposite,
    where,
)

FOREIGN = ("增值税法 第十五条", "财税〔2016〕36号 附件1第二十条", "增值税暂行条例 第十八条")
PERSON = ("财政部 税务总局公告2026年第28号 代扣代缴", *FOREIGN)
DAY = ("增值税法 第二十三条", "增值税暂行条例 第十七条")
SURCHARGED = "城市维护建设税法 第三条"


@law(*FOREIGN, "增值税法 第十一条", label="适用税率或征收率", label_en="Rate or levy rate")
def rate(
    seller: Choice,
    rate_kind: Choice,
    vat_general__standard_rate: LawRate,
    vat_general__lower_rate: LawRate,
    vat_general__service_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
) -> Portion:
    """The rate of the transaction for foreign sellers; the reduced levy rate for natural persons."""
    below = where(rate_kind.is_("lower"), vat_general__lower_rate.portion(), vat_general__service_rate.portion())
    foreign = where(rate_kind.is_("standard"), vat_general__standard_rate.portion(), below)
    return where(seller.is_("foreign"), foreign, vat_small_scale__reduced_rate.portion())


@law(*FOREIGN, label="不含税价款", label_en="Price without VAT")
def ex_vat(price: Amount, is_price_with_vat: YesNo, rate: Portion) -> Amount:
    """The price divided by one plus the rate, rounded half up to the fen, where it includes VAT."""
    return where(is_price_with_vat, rate.net_of(price), price)


@law(*PERSON, *DAY, label="自然人需要代扣", label_en="Withheld from the natural person")
def is_person_taxed(
    seller: Choice,
    ex_vat: Amount,
    is_person_withheld: YesNo,
    vat_natural_person__daily_threshold: Amount,
    vat_natural_person__daily_comparison: Comparison,
) -> YesNo:
    """Whether units withhold from natural persons by then and the price reaches the threshold of a day."""
    below = vat_natural_person__daily_comparison.holds(ex_vat, vat_natural_person__daily_threshold)
    return both(seller.is_("person"), is_person_withheld, opposite(below))


@law(*FOREIGN, label="应扣缴增值税", label_en="VAT withheld")
def vat_withheld(seller: Choice, is_person_taxed: YesNo, ex_vat: Amount, rate: Portion) -> Amount:
    """The rate of the price without VAT, rounded half up to the fen: no threshold and no input for foreign sellers."""
    person = where(is_person_taxed, rate.of(ex_vat), 0)
    return where(seller.is_("foreign"), rate.of(ex_vat), person)


@law(SURCHARGED, label="附加税费计税依据", label_en="Base of the surcharges")
def surcharge_base(seller: Choice, vat_withheld: Amount, is_foreign_purchase_surcharged: YesNo) -> Amount:
    """VAT withheld on natural persons; that on foreign sellers only where the law levies it."""
    levied = where(is_foreign_purchase_surcharged, vat_withheld, 0)
    return where(seller.is_("foreign"), levied, vat_withheld)


@law(SURCHARGED, "城市维护建设税法 第四条", label="附加税费（未减免）", label_en="Surcharges before reliefs")
def surcharges(
    surcharge_base: Amount,
    place_kind: Choice,
    surcharges__urban_rate: LawRates,
    surcharges__education_rate: LawRate,
    surcharges__local_education_rate: LawRate,
) -> Amount:
    """The three surcharges, each rounded half up to the fen; reliefs of the person paid are not taken off."""
    urban = surcharges__urban_rate.of(surcharge_base, place_kind)
    return urban + surcharges__education_rate.of(surcharge_base) + surcharges__local_education_rate.of(surcharge_base)


@law(*FOREIGN, label="实付给对方的金额", label_en="Paid out to the seller")
def paid_out(price: Amount, is_price_with_vat: YesNo, vat_withheld: Amount) -> Amount:
    """The price less the VAT inside it; a price without VAT is paid in full. Income taxes are not looked at."""
    return where(is_price_with_vat, price - vat_withheld, price)


@law(*PERSON, label="自然人扣缴口径未核实", label_en="Rule for natural persons unconfirmed")
def is_person_rule_uncertain(seller: Choice, is_person_withheld: YesNo) -> YesNo:
    """Whether the result rests on the announcement on natural persons, whose text has not been seen."""
    return both(seller.is_("person"), is_person_withheld)
