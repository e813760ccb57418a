"""Vehicle purchase tax: 10% of the price without VAT, with the reliefs for new-energy and other vehicles, fen."""

from __future__ import annotations

from datetime import date

from palmtax.rules.language import Amount, Choice, LawRate, YesNo, atmost, both, law, since, where

LAW = "车辆购置税法"
EARLIER = "财政部 税务总局 工业和信息化部公告"
UNCAPPED = (
    f"{EARLIER}2017年第172号 第一条",
    f"{EARLIER}2020年第21号 第一条",
    f"{EARLIER}2022年第27号 第一条",
)
NEW_ENERGY = f"{EARLIER}2023年第10号 第一条"


@law(f"{LAW} 第六条", label="计税价格", label_en="Taxable price")
def taxable_price(price: Amount, is_price_with_vat: YesNo, vat_rate: LawRate) -> Amount:
    """The price without VAT, rounded half up to the fen."""
    return where(is_price_with_vat, vat_rate.net_of(price), price)


@law(f"{LAW} 第四条", f"{LAW} 第五条", label="应纳税额（减免前）", label_en="Tax before relief")
def tax_before(taxable_price: Amount, tax_rate: LawRate) -> Amount:
    """The taxable price times the rate, rounded half up to the fen."""
    return tax_rate.of(taxable_price)


@law(*UNCAPPED, label="新能源汽车减免税额", label_en="Relief for new-energy vehicles")
def nev_relief(tax_before: Amount, vehicle: Choice, nev_relief_rate: LawRate) -> Amount:
    """The exemption of new-energy vehicles, without a limit, until 2023."""
    return where(vehicle.is_in("nev_passenger", "nev_other"), nev_relief_rate.of(tax_before), 0)


@since(date(2024, 1, 1), of="nev_relief")
@law(NEW_ENERGY, label="新能源汽车减免税额", label_en="Relief for new-energy vehicles")
def nev_relief_with_cap(
    tax_before: Amount, vehicle: Choice, nev_relief_rate: LawRate, nev_relief_cap: Amount
) -> Amount:
    """The share that is spared, rounded half up to the fen; for one passenger car at most the cap."""
    spared = nev_relief_rate.of(tax_before)
    others = where(vehicle.is_("nev_other"), spared, 0)
    return where(vehicle.is_("nev_passenger"), atmost(spared, nev_relief_cap), others)


@law(
    f"{LAW} 第四条",
    "财政部 税务总局公告2022年第20号 第一条",
    label="2.0升及以下乘用车减征额",
    label_en="Relief for cars of up to 2.0 litres",
)
def small_engine_relief(
    tax_before: Amount,
    taxable_price: Amount,
    vehicle: Choice,
    is_small_engine: YesNo,
    small_engine_relief_rate: LawRate,
    small_engine_price_limit: Amount,
) -> Amount:
    """Half the tax from June to December 2022 for prices up to the limit; at other times nothing."""
    entitled = both(vehicle.is_("fuel"), is_small_engine, taxable_price <= small_engine_price_limit)
    return where(entitled, small_engine_relief_rate.of(tax_before), 0)


@law(
    f"{LAW} 第九条",
    f"{EARLIER}2018年第69号 第一条",
    "财政部 税务总局公告2021年第6号 附件2",
    f"{EARLIER}2023年第47号 第一条",
    label="其他减免税额",
    label_en="Other relief",
)
def other_relief(tax_before: Amount, vehicle: Choice, trailer_relief_rate: LawRate) -> Amount:
    """Vehicles that the law exempts pay nothing, trailers half."""
    trailer = where(vehicle.is_("trailer"), trailer_relief_rate.of(tax_before), 0)
    return where(vehicle.is_("exempt"), tax_before, trailer)


@law(f"{LAW} 第九条", label="减免税额", label_en="Relief")
def relief(nev_relief: Amount, small_engine_relief: Amount, other_relief: Amount) -> Amount:
    """All reliefs; a vehicle has one of them."""
    return nev_relief + small_engine_relief + other_relief


@law(f"{LAW} 第五条", label="应缴车辆购置税", label_en="Vehicle purchase tax due")
def tax(tax_before: Amount, relief: Amount) -> Amount:
    """The tax less its relief."""
    return tax_before - relief
