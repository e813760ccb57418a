"""Environmental protection tax on one pollutant: equivalents × unit amount, or tonnes, or grades of noise; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    LawTable,
    Portion,
    Quantity,
    YesNo,
    both,
    either,
    law,
    quotient,
    times,
    where,
)

TARIFF = "环境保护税法 第六条"
EQUIVALENTS = "环境保护税法 第八条"
TAX = "环境保护税法 第十一条"
REDUCED = "环境保护税法 第十三条"


@law(EQUIVALENTS, label="污染当量值", label_en="Kilograms of one equivalent")
def equivalent_kg(
    medium: Choice,
    air_pollutant: Choice,
    water_pollutant: Choice,
    air_equivalents: LawTable,
    water_equivalents: LawTable,
) -> Quantity:
    """How much of the pollutant makes one equivalent; 0 for solid waste and noise."""
    in_water = where(medium.is_("water"), water_equivalents.at(water_pollutant), 0)
    return where(medium.is_("air"), air_equivalents.at(air_pollutant), in_water)


@law(EQUIVALENTS, label="污染当量数", label_en="Equivalents")
def equivalents(medium: Choice, emitted: Quantity, equivalent_kg: Quantity) -> Quantity:
    """Emitted ÷ equivalent, rounded half up to two decimals as in the return; 0 for solid waste and noise."""
    return where(medium.is_in("air", "water"), quotient(emitted, equivalent_kg), 0)


@law(TARIFF, label="每污染当量税额", label_en="Amount per equivalent")
def unit_amount(medium: Choice, unit_tax: Amount, sample_unit_amounts: LawTable) -> Amount:
    """The amount of the province where it is given, else the sample of Guangdong."""
    return where(unit_tax > 0, unit_tax, sample_unit_amounts.at(medium))


@law(TARIFF, label="税额在法定幅度内", label_en="Amount within the law's range")
def is_unit_amount_within_law(
    medium: Choice, unit_amount: Amount, lowest_unit_amounts: LawTable, highest_unit_amounts: LawTable
) -> YesNo:
    """Whether the amount lies within the range of the law; solid waste and noise have fixed amounts."""
    fits = both(unit_amount >= lowest_unit_amounts.at(medium), unit_amount <= highest_unit_amounts.at(medium))
    return either(fits, medium.is_in("solid", "noise"))


@law(TARIFF, TAX, label="固体废物税额", label_en="Tax on solid waste")
def solid_tax(medium: Choice, solid_waste: Choice, emitted: Quantity, solid_amounts: LawTable) -> Amount:
    """Tonnes × amount, rounded half up to the fen."""
    return where(medium.is_("solid"), times(solid_amounts.at(solid_waste), emitted), 0)


@law(TARIFF, TAX, label="一个月的噪声税额", label_en="Tax on noise of a whole month")
def noise_month(
    medium: Choice,
    noise_grade: Choice,
    is_noise_at_two_places: YesNo,
    noise_amounts: LawTable,
    second_place_rate: LawRate,
) -> Amount:
    """The amount of the grade, twice for two places."""
    monthly = noise_amounts.at(noise_grade)
    doubled = monthly + where(is_noise_at_two_places, second_place_rate.of(monthly), 0)
    return where(medium.is_("noise"), doubled, 0)


@law(TARIFF, TAX, label="噪声税额", label_en="Tax on noise")
def noise_tax(noise_month: Amount, months: Count, is_noise_short: YesNo, short_noise_rate: LawRate) -> Amount:
    """For each month; half for fewer than 15 days."""
    return times(noise_month - where(is_noise_short, short_noise_rate.of(noise_month), 0), months)


@law(TAX, label="应纳税额（减免前）", label_en="Tax before relief")
def tax_before(equivalents: Quantity, unit_amount: Amount, solid_tax: Amount, noise_tax: Amount) -> Amount:
    """Equivalents × unit amount, rounded half up to the fen; or the tax on solid waste or noise."""
    return times(unit_amount, equivalents) + solid_tax + noise_tax


@law(REDUCED, label="减征比例", label_en="Relief rate")
def relief_rate(
    medium: Choice,
    below_limit: Portion,
    deep_limit: LawRate,
    shallow_limit: LawRate,
    deep_relief_rate: LawRate,
    shallow_relief_rate: LawRate,
    none: LawRate,
) -> Portion:
    """Half from 50% below the limit, a quarter from 30% below, for air and water."""
    shallow = where(below_limit >= shallow_limit.portion(), shallow_relief_rate.portion(), none.portion())
    reached = where(below_limit >= deep_limit.portion(), deep_relief_rate.portion(), shallow)
    return where(medium.is_in("air", "water"), reached, none.portion())


@law(REDUCED, "环境保护税法 第十二条", label="减免税额", label_en="Relief")
def relief(tax_before: Amount, relief_rate: Portion, is_exempt: YesNo) -> Amount:
    """Everything where the law exempts, else the share for low concentration, rounded half up to the fen."""
    return where(is_exempt, tax_before, relief_rate.of(tax_before))


@law(TAX, label="应缴环境保护税", label_en="Environmental protection tax due")
def tax(tax_before: Amount, relief: Amount) -> Amount:
    """The tax less its relief."""
    return tax_before - relief
