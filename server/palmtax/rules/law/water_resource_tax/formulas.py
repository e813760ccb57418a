"""Water resource tax of the pilot: cubic metres × amount, or kilowatt-hours for hydropower, fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    LawTable,
    PerUnit,
    Portion,
    Quantity,
    YesNo,
    law,
    times,
    where,
)

RULES = "财税〔2024〕28号"


@law(f"{RULES} 计税", label="计税水量", label_en="Taxed volume")
def taxed_volume(volume: Quantity, leakage: Portion) -> Quantity:
    """What was taken, less the accepted leakage of a public network."""
    return volume - leakage.of(volume)


@law(f"{RULES} 附表", label="每立方米税额", label_en="Amount per cubic metre")
def unit_amount(
    water: Choice, region: Choice, local_amount: Amount, surface_amounts: LawTable, ground_amounts: LawTable
) -> Amount:
    """The amount of the province where it is given, else the lowest average of the region."""
    lowest = where(water.is_("ground"), ground_amounts.at(region), surface_amounts.at(region))
    return where(local_amount > 0, local_amount, lowest)


@law(f"{RULES} 计税", f"{RULES} 水力发电", label="应纳税额（减免前）", label_en="Tax before relief")
def tax_before(
    water: Choice, taxed_volume: Quantity, unit_amount: Amount, multiple: Quantity, hydropower_amount: PerUnit
) -> Amount:
    """Volume × amount × multiple, or power × amount, each step rounded half up to the fen."""
    taken = times(times(unit_amount, taxed_volume), multiple)
    return where(water.is_("hydropower"), hydropower_amount.of(taxed_volume), taken)


@law(f"{RULES} 减免", label="减免税额", label_en="Relief")
def relief(tax_before: Amount, is_exempt: YesNo, is_efficient: YesNo, efficient_relief_rate: LawRate) -> Amount:
    """Everything where exempt, a fifth for advanced water efficiency, rounded half up to the fen."""
    return where(is_exempt, tax_before, where(is_efficient, efficient_relief_rate.of(tax_before), 0))


@law(f"{RULES} 计税", label="应缴水资源税", label_en="Water resource tax due")
def tax(tax_before: Amount, relief: Amount) -> Amount:
    """The tax less its relief."""
    return tax_before - relief
