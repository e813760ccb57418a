"""Vehicle and vessel tax: a yearly amount per vehicle, tonne or metre, by months from acquisition, fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRates,
    LawTable,
    Quantity,
    YesNo,
    both,
    law,
    part,
    times,
    where,
)

TARIFF = "车船税法 第二条"
VESSELS = "车船税法实施条例 第四条"
YACHTS = "车船税法实施条例 第五条"
SAVING = ("财税〔2018〕74号 第一条", "财税〔2018〕74号 第二条", "财税〔2015〕51号 第一条", "财税〔2015〕51号 第二条")


@law(TARIFF, VESSELS, YACHTS, label="计税单位数", label_en="Units taxed")
def units(kind: Choice, size: Quantity, size_of_one: Quantity) -> Quantity:
    """One for cars, buses and motorcycles; tonnes, net tonnes or metres for the rest, with their decimals."""
    per_vehicle = kind.is_in(
        "car_to_1000",
        "car_to_1600",
        "car_to_2000",
        "car_to_2500",
        "car_to_3000",
        "car_to_4000",
        "car_over_4000",
        "bus_medium",
        "bus_large",
        "motorcycle",
    )
    return where(per_vehicle, size_of_one, size)


@law(TARIFF, label="年适用税额", label_en="Yearly amount per unit")
def unit_amount(kind: Choice, local_amount: Amount, local_amounts: LawTable) -> Amount:
    """The amount of the province where it is given, else the sample of Guangdong."""
    return where(local_amount > 0, local_amount, local_amounts.at(kind))


@law(TARIFF, label="税额在法定幅度内", label_en="Amount within the law's range")
def is_amount_within_law(
    kind: Choice, unit_amount: Amount, lowest_amounts: LawTable, highest_amounts: LawTable
) -> YesNo:
    """Whether the amount lies between the lowest and the highest of the law, both included."""
    return both(unit_amount >= lowest_amounts.at(kind), unit_amount <= highest_amounts.at(kind))


@law(TARIFF, VESSELS, label="年应纳税额", label_en="Tax of a full year")
def annual_tax(units: Quantity, unit_amount: Amount, kind: Choice, class_rates: LawRates) -> Amount:
    """Units × amount, half of it for trailers, tugs and barges; each step rounded half up to the fen."""
    return class_rates.of(times(unit_amount, units), kind)


@law("车船税法 第八条", label="应税月数", label_en="Months taxed")
def months(acquired_month: Count, months_per_year: Count, month_counted: Count) -> Count:
    """From the month of acquisition, that month included, to December."""
    return months_per_year - acquired_month + month_counted


@law("车船税法实施条例 第十九条", label="应纳税额（减免前）", label_en="Tax before relief")
def tax_before(annual_tax: Amount, months: Count, months_per_year: Count) -> Amount:
    """The tax of a year × months ÷ 12, rounded half up to the fen."""
    return part(annual_tax, months, months_per_year)


@law(*SAVING, "车船税法 第三条", "车船税法 第四条", label="减免税额", label_en="Relief")
def relief(tax_before: Amount, power: Choice, is_exempt: YesNo, relief_rates: LawRates) -> Amount:
    """Everything for exempt and new-energy ones, half for energy-saving ones, rounded half up to the fen."""
    return where(is_exempt, tax_before, relief_rates.of(tax_before, power))


@law(TARIFF, label="应缴车船税", label_en="Vehicle and vessel tax due")
def tax(tax_before: Amount, relief: Amount) -> Amount:
    """The tax less its relief."""
    return tax_before - relief
