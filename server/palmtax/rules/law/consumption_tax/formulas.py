"""Consumption tax on one item: a share of the price, an amount per unit, or both; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    LawRates,
    LawTable,
    PerUnit,
    PerUnits,
    Portion,
    Quantity,
    YesNo,
    atleast,
    atmost,
    both,
    either,
    law,
    times,
    where,
)

TARIFF = "消费税暂行条例 第二条"
METHOD = "消费税暂行条例 第五条"
TOBACCO = "财税〔2009〕84号 第一条"


@law(TARIFF, TOBACCO, label="属于甲类卷烟或甲类啤酒", label_en="Class A cigarettes or beer")
def is_class_a(
    item: Choice,
    sales: Amount,
    volume: Quantity,
    sticks_per_carton: Count,
    class_a_carton_price: Amount,
    class_a_beer_price: Amount,
) -> YesNo:
    """Cigarettes from 70 yuan a carton, beer from 3,000 yuan a tonne, by the price of this sale without VAT."""
    cigarettes = times(sales, sticks_per_carton) >= times(class_a_carton_price, volume)
    beer = sales >= times(class_a_beer_price, volume)
    return either(both(item.is_("cigarettes"), cigarettes), both(item.is_("beer"), beer))


@law(
    TARIFF,
    "财税〔2016〕103号 第一条",
    "财政部 税务总局公告2025年第3号 第一条",
    label="达到起征单价",
    label_en="Unit price reaches the floor",
)
def is_taxed(item: Choice, unit_price: Amount, price_floors: LawTable) -> YesNo:
    """Cosmetics, watches and super-luxury cars only from a unit price on; without one they are taken to be."""
    return either(unit_price <= 0, unit_price >= price_floors.at(item))


@law(TARIFF, TOBACCO, label="比例税率", label_en="Rate on the price")
def rate(item: Choice, is_class_a: YesNo, ad_valorem_rates: LawRates, class_a_cigarette_rate: LawRate) -> Portion:
    """The rate of the item; class A cigarettes have their own."""
    is_dear = both(is_class_a, item.is_("cigarettes"))
    return where(is_dear, class_a_cigarette_rate.portion(), ad_valorem_rates.at(item))


@law(METHOD, label="从价税额", label_en="Tax on the price")
def ad_valorem(sales: Amount, rate: Portion, is_taxed: YesNo) -> Amount:
    """Sales × rate, rounded half up to the fen."""
    return where(is_taxed, rate.of(sales), 0)


@law(TARIFF, label="计税数量", label_en="Units taxed")
def taxed_units(volume: Quantity, item: Choice, units_in_measure: LawTable) -> Quantity:
    """Units of the tariff: one kilogram of baijiu is two of 500 g, everything else counts as it is."""
    return times(volume, units_in_measure.at(item))


@law(METHOD, label="从量税额", label_en="Tax on the quantity")
def specific(
    taxed_units: Quantity,
    item: Choice,
    is_class_a: YesNo,
    specific_amounts: PerUnits,
    class_a_beer_amount: PerUnit,
) -> Amount:
    """Units × amount, rounded half up to the fen; class A beer has its own amount."""
    is_dear = both(is_class_a, item.is_("beer"))
    return where(is_dear, class_a_beer_amount.of(taxed_units), specific_amounts.of(taxed_units, item))


@law(METHOD, label="缺销售数量", label_en="Quantity is missing")
def is_volume_missing(item: Choice, volume: Quantity) -> YesNo:
    """Whether an item that is taxed by quantity was given without one: the result is then too low."""
    is_by_quantity = item.is_in(
        "cigarettes",
        "cigarettes_wholesale",
        "baijiu",
        "yellow_wine",
        "beer",
        "petrol",
        "diesel",
        "naphtha",
        "solvent_oil",
        "lubricant",
        "fuel_oil",
        "jet_fuel",
    )
    return both(is_by_quantity, volume <= 0)


@law(METHOD, label="应纳税额（减免前）", label_en="Tax before relief")
def tax_before(ad_valorem: Amount, specific: Amount) -> Amount:
    """Both parts together."""
    return ad_valorem + specific


@law("消费税暂行条例 第十一条", "财税〔2015〕11号 第三条", label="减免税额", label_en="Relief")
def relief(tax_before: Amount, item: Choice, is_exempt: YesNo, jet_fuel_relief_rate: LawRate) -> Amount:
    """Everything where exempt; aviation kerosene is suspended for now."""
    suspended = where(item.is_("jet_fuel"), jet_fuel_relief_rate.of(tax_before), 0)
    return where(is_exempt, tax_before, suspended)


@law("消费税暂行条例 第四条", label="本期扣除额", label_en="Deducted")
def deducted(tax_before: Amount, relief: Amount, tax_on_inputs: Amount) -> Amount:
    """Tax already paid on inputs, at most the tax that is due."""
    return atmost(tax_on_inputs, tax_before - relief)


@law("消费税暂行条例 第四条", label="结转下期扣除", label_en="Carried forward")
def carried_forward(tax_on_inputs: Amount, deducted: Amount) -> Amount:
    """What could not be deducted this time."""
    return atleast(tax_on_inputs - deducted, 0)


@law(METHOD, label="应缴消费税", label_en="Consumption tax due")
def tax(tax_before: Amount, relief: Amount, deducted: Amount) -> Amount:
    """The tax less relief and deduction."""
    return tax_before - relief - deducted
