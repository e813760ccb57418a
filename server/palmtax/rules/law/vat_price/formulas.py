"""A price with VAT into price and tax, and the other way round; fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, Portion, YesNo, law, where

RATE = (
    "增值税法 第十条",
    "财政部 税务总局 海关总署公告2019年第39号 第一条",
    "财税〔2018〕32号 第一条",
)
PRICE = ("增值税法 第十七条", "增值税暂行条例 第六条")


@law(*RATE, "增值税法 第十一条", label="适用税率", label_en="Rate")
def rate(
    rate_kind: Choice,
    vat_general__standard_rate: LawRate,
    vat_general__lower_rate: LawRate,
    vat_general__service_rate: LawRate,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
    vat_general__estate_levy_rate: LawRate,
) -> Portion:
    """The rate or levy rate of the day; 0 for the zero rate."""
    estate = where(rate_kind.is_("estate"), vat_general__estate_levy_rate.portion(), 0)
    reduced = where(rate_kind.is_("reduced"), vat_small_scale__reduced_rate.portion(), estate)
    levy = where(rate_kind.is_("levy"), vat_small_scale__levy_rate.portion(), reduced)
    service = where(rate_kind.is_("service"), vat_general__service_rate.portion(), levy)
    lower = where(rate_kind.is_("lower"), vat_general__lower_rate.portion(), service)
    return where(rate_kind.is_("standard"), vat_general__standard_rate.portion(), lower)


@law(*PRICE, label="不含税价", label_en="Price without VAT")
def ex_vat(price: Amount, is_price_with_vat: YesNo, rate: Portion) -> Amount:
    """The price divided by one plus the rate, rounded half up to the fen; a price without VAT stays as it is."""
    return where(is_price_with_vat, rate.net_of(price), price)


@law(*PRICE, label="税额", label_en="VAT")
def vat(price: Amount, is_price_with_vat: YesNo, ex_vat: Amount, rate: Portion) -> Amount:
    """What the price holds beyond the price without VAT, so that both add up; else the rate of it, rounded half up."""
    return where(is_price_with_vat, price - ex_vat, rate.of(ex_vat))


@law(*PRICE, label="价税合计", label_en="Price with VAT")
def with_vat(ex_vat: Amount, vat: Amount) -> Amount:
    """Price and VAT together."""
    return ex_vat + vat
