"""Resource tax on minerals and salt, not on water: a share of the sales or an amount per unit, fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    LawRates,
    LawTable,
    Portion,
    Quantity,
    YesNo,
    atleast,
    atmost,
    both,
    either,
    law,
    opposite,
    times,
    where,
)

TARIFF = "资源税法 第二条"
TAX = "资源税法 第三条"
RELIEF = "资源税法 第六条"
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(TARIFF, label="适用税率", label_en="Rate")
def rate(item: Choice, local_rate: Portion, lowest_rates: LawRates, highest_rates: LawRates) -> Portion:
    """The rate of the province, kept within the range of the law; the lowest where none is given."""
    return atmost(atleast(local_rate, lowest_rates.at(item)), highest_rates.at(item))


@law(TARIFF, label="适用定额", label_en="Amount per unit")
def unit_amount(item: Choice, local_amount: Amount, lowest_amounts: LawTable, highest_amounts: LawTable) -> Amount:
    """The amount of the province, kept within the range of the law; 0 for items never taxed by quantity."""
    return atmost(atleast(local_amount, lowest_amounts.at(item)), highest_amounts.at(item))


@law(TARIFF, label="本省标准在法定幅度内", label_en="Provincial standard within the law")
def is_within_law(
    is_by_volume: YesNo,
    item: Choice,
    local_rate: Portion,
    rate: Portion,
    local_amount: Amount,
    unit_amount: Amount,
    highest_amounts: LawTable,
) -> YesNo:
    """Whether what was given is what counts; by quantity only for items that the law allows."""
    given_rate = either(local_rate <= 0, both(local_rate >= rate, local_rate <= rate))
    given_amount = either(local_amount <= 0, both(local_amount >= unit_amount, local_amount <= unit_amount))
    by_volume = both(is_by_volume, given_amount, highest_amounts.at(item) > 0)
    return either(by_volume, both(opposite(is_by_volume), given_rate))


@law(TAX, label="应纳税额（减免前）", label_en="Tax before relief")
def tax_before(
    is_by_volume: YesNo,
    item: Choice,
    sales: Amount,
    rate: Portion,
    volume: Quantity,
    unit_amount: Amount,
    highest_amounts: LawTable,
) -> Amount:
    """Sales × rate, or quantity × amount for items that the law lets be taxed so; rounded half up to the fen."""
    by_volume = both(is_by_volume, highest_amounts.at(item) > 0)
    return where(by_volume, times(unit_amount, volume), rate.of(sales))


@law(
    RELIEF,
    "财税〔2018〕26号 正文",
    "财政部 税务总局公告2021年第6号 附件2",
    "财政部 税务总局公告2023年第46号 正文",
    "财政部 税务总局公告2020年第32号 第二条",
    "财政部 税务总局公告2023年第36号 正文",
    label="资源税减免额",
    label_en="Relief by ground",
)
def relief(
    tax_before: Amount,
    special: Choice,
    relief_rates: LawRates,
    shale_relief_rate: LawRate,
    filling_relief_rate: LawRate,
) -> Amount:
    """The share spared for the ground chosen, rounded half up to the fen; one ground at a time."""
    timed = where(special.is_("shale_gas"), shale_relief_rate.of(tax_before), 0)
    mined = where(special.is_("filling"), filling_relief_rate.of(tax_before), timed)
    return relief_rates.of(tax_before, special) + mined


@law(*HALF, "资源税法 第七条", label="“六税两费”减征额", label_en="Six-tax-two-fee relief")
def half_relief(
    tax_before: Amount, relief: Amount, is_half_relief: YesNo, surcharges__half_relief_rate: LawRate
) -> Amount:
    """Half of what is left after the other reliefs, rounded half up to the fen."""
    return where(is_half_relief, surcharges__half_relief_rate.of(tax_before - relief), 0)


@law(TAX, label="应缴资源税", label_en="Resource tax due")
def tax(tax_before: Amount, relief: Amount, half_relief: Amount) -> Amount:
    """The tax less its reliefs."""
    return tax_before - relief - half_relief
