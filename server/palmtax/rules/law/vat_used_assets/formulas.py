"""VAT on used fixed assets, second-hand goods and used cars; fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, Portion, YesNo, atleast, both, law, nothing, opposite, where

EXEMPT = ("增值税法 第二十四条", "增值税暂行条例 第十五条")
RATE = ("增值税法 第十条", "财政部 税务总局 海关总署公告2019年第39号 第一条", "财税〔2018〕32号 第一条")
REDUCED = ("财政部 税务总局公告2026年第10号 使用过的固定资产", "财税〔2014〕57号 第一条")
PRICE = ("增值税法 第十七条", "增值税暂行条例 第六条")


@law(*EXEMPT, label="自然人自用物品免税", label_en="Own things of a natural person")
def is_exempt(seller: Choice, thing: Choice) -> YesNo:
    """Whether a natural person sells a thing used by that person."""
    return both(seller.is_("person"), thing.is_("own_asset"))


@law(*RATE, label="按适用税率计税", label_en="Taxed at the ordinary rate")
def is_ordinary(seller: Choice, thing: Choice, was_credited: YesNo) -> YesNo:
    """Whether a general taxpayer sells a fixed asset whose input was credited."""
    return both(seller.is_("general"), thing.is_("own_asset"), was_credited)


@law(*REDUCED, label="享受减征", label_en="Reduction applies")
def is_reduced(is_ordinary: YesNo, is_reduction_waived: YesNo) -> YesNo:
    """Whether the reduced rate counts: under the simplified method, unless it is waived."""
    return both(opposite(is_ordinary), opposite(is_reduction_waived))


@law(*REDUCED, label="价税分离所用比例", label_en="Rate inside the price")
def divisor_rate(
    is_ordinary: YesNo,
    is_reduced: YesNo,
    thing: Choice,
    vat_general__standard_rate: LawRate,
    vat_small_scale__levy_rate: LawRate,
    used_car_divisor_rate: LawRate,
) -> Portion:
    """The rate by which the price is divided: the levy rate, also where the tax itself is reduced; cars their own."""
    levy = vat_small_scale__levy_rate.portion()
    simple = where(both(thing.is_("used_car"), is_reduced), used_car_divisor_rate.portion(), levy)
    return where(is_ordinary, vat_general__standard_rate.portion(), simple)


@law(*PRICE, label="不含税销售额", label_en="Sales without VAT")
def ex_vat(price: Amount, divisor_rate: Portion) -> Amount:
    """The price divided by one plus that rate, rounded half up to the fen."""
    return divisor_rate.net_of(price)


@law(*REDUCED, label="计税比例", label_en="Rate of the tax")
def tax_rate(
    is_reduced: YesNo, thing: Choice, divisor_rate: Portion, reduced_rate: LawRate, used_car_rate: LawRate
) -> Portion:
    """The reduced rate where it applies, else the rate inside the price."""
    cut = where(thing.is_("used_car"), used_car_rate.portion(), reduced_rate.portion())
    return where(is_reduced, cut, divisor_rate)


@law(*REDUCED, label="应纳增值税", label_en="VAT payable")
def vat_payable(is_exempt: YesNo, ex_vat: Amount, tax_rate: Portion) -> Amount:
    """The rate of the sales, rounded half up to the fen; nothing where exempt."""
    return where(is_exempt, nothing(ex_vat), tax_rate.of(ex_vat))


@law(*REDUCED, label="减免税额", label_en="Spared by the reduction")
def spared(ex_vat: Amount, divisor_rate: Portion, vat_payable: Amount) -> Amount:
    """What the rate inside the price would come to, less the tax due; never below 0."""
    return atleast(divisor_rate.of(ex_vat) - vat_payable, 0)
