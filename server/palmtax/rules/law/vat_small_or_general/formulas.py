"""VAT and surcharges of a year as a small-scale and as a general taxpayer, for even sales; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Comparison,
    Count,
    LawRate,
    LawRates,
    Portion,
    YesNo,
    atleast,
    law,
    nothing,
    opposite,
    share,
    times,
    where,
)

PERIOD = ("增值税法实施条例 第四十三条", "增值税暂行条例 第二十三条")
THRESHOLD = (
    "增值税法 第二十三条",
    "财政部 税务总局公告2026年第10号 起征点标准",
    "财政部 税务总局公告2023年第19号 第一条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
)
REDUCED = (
    "财政部 税务总局公告2026年第10号 三（三）6",
    "财政部 税务总局公告2023年第19号 第二条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
)
RATE = (
    "增值税法 第十条",
    "财政部 税务总局 海关总署公告2019年第39号 第一条",
    "财税〔2018〕32号 第一条",
)
COMPUTED = ("增值税法 第十四条", "增值税暂行条例 第四条")
URBAN = ("城市维护建设税法 第四条", "城市维护建设税暂行条例 第四条")
WAIVED = "财税〔2016〕12号 第一条"
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)
LIMIT = ("增值税法 第九条", "财税〔2018〕33号 第一条")


def halved(due: Amount, is_half: YesNo, relief: LawRate) -> Amount:
    """A surcharge less its halving, where entitled; rounded half up to the fen."""
    return due - where(is_half, relief.of(due), 0)


@law(*PERIOD, label="每季销售额（均摊）", label_en="Sales of a quarter, spread evenly")
def quarter_sales(yearly_sales: Amount, quarters: Count) -> Amount:
    """The year's sales spread evenly over its quarters, rounded half up to the fen."""
    return share(yearly_sales, quarters)


@law(*THRESHOLD, label="小规模每季未达起征点", label_en="Quarter below the threshold")
def is_quarter_exempt(
    quarter_sales: Amount,
    vat_small_scale__quarter_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
) -> YesNo:
    """Whether a quarter's sales do not reach the threshold."""
    return vat_small_scale__threshold_comparison.holds(quarter_sales, vat_small_scale__quarter_threshold)


@law(*REDUCED, label="小规模每季增值税", label_en="VAT of a quarter, small-scale")
def small_quarter_vat(
    quarter_sales: Amount,
    is_quarter_exempt: YesNo,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
) -> Amount:
    """Tax at the levy rate less the cut, each rounded half up; nothing below the threshold."""
    cut = (vat_small_scale__levy_rate - vat_small_scale__reduced_rate).of(quarter_sales)
    return where(opposite(is_quarter_exempt), vat_small_scale__levy_rate.of(quarter_sales) - cut, 0)


@law(*REDUCED, label="小规模全年增值税", label_en="VAT of the year, small-scale")
def small_vat(small_quarter_vat: Amount, quarters: Count) -> Amount:
    """The quarters of the year together."""
    return times(small_quarter_vat, quarters)


@law(*URBAN, *HALF, label="小规模每季城市维护建设税", label_en="Urban maintenance tax of a quarter, small-scale")
def small_urban(
    small_quarter_vat: Amount,
    place_kind: Choice,
    surcharges__urban_rate: LawRates,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """Urban maintenance tax, halved for small-scale taxpayers; each step rounded half up."""
    due = surcharges__urban_rate.of(small_quarter_vat, place_kind)
    return due - surcharges__half_relief_rate.of(due)


@law(WAIVED, label="两项教育附加免征", label_en="Education surcharges waived")
def is_education_exempt(
    quarter_sales: Amount, surcharges__education_quarter_limit: Amount, surcharges__education_comparison: Comparison
) -> YesNo:
    """Whether a quarter's sales are at most the limit; for either kind of taxpayer."""
    return surcharges__education_comparison.holds(quarter_sales, surcharges__education_quarter_limit)


@law(WAIVED, *HALF, label="小规模每季教育费附加", label_en="Education surcharge of a quarter, small-scale")
def small_education(
    small_quarter_vat: Amount,
    is_education_exempt: YesNo,
    surcharges__education_rate: LawRate,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """Education surcharge, halved; nothing where waived; each step rounded half up."""
    due = surcharges__education_rate.of(small_quarter_vat)
    return where(is_education_exempt, nothing(due), due - surcharges__half_relief_rate.of(due))


@law(WAIVED, *HALF, label="小规模每季地方教育附加", label_en="Local education surcharge of a quarter, small-scale")
def small_local_education(
    small_quarter_vat: Amount,
    is_education_exempt: YesNo,
    surcharges__local_education_rate: LawRate,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """Local education surcharge, halved; nothing where waived; each step rounded half up."""
    due = surcharges__local_education_rate.of(small_quarter_vat)
    return where(is_education_exempt, nothing(due), due - surcharges__half_relief_rate.of(due))


@law(*URBAN, *HALF, label="小规模全年附加税费", label_en="Surcharges of the year, small-scale")
def small_surcharges(
    small_urban: Amount, small_education: Amount, small_local_education: Amount, quarters: Count
) -> Amount:
    """The surcharges of the quarters together."""
    return times(small_urban + small_education + small_local_education, quarters)


@law(*COMPUTED, *URBAN, label="小规模全年增值税和附加", label_en="As a small-scale taxpayer")
def tax_small(small_vat: Amount, small_surcharges: Amount) -> Amount:
    """VAT and surcharges of the year as a small-scale taxpayer."""
    return small_vat + small_surcharges


@law(*RATE, label="一般纳税人税率", label_en="Rate as a general taxpayer")
def general_rate(
    rate_kind: Choice,
    vat_general__standard_rate: LawRate,
    vat_general__lower_rate: LawRate,
    vat_general__service_rate: LawRate,
) -> Portion:
    """The rate of the sales."""
    below = where(rate_kind.is_("lower"), vat_general__lower_rate.portion(), vat_general__service_rate.portion())
    return where(rate_kind.is_("standard"), vat_general__standard_rate.portion(), below)


@law(*COMPUTED, label="一般纳税人全年增值税", label_en="VAT of the year, general taxpayer")
def general_vat(yearly_sales: Amount, general_rate: Portion, yearly_input: Amount) -> Amount:
    """Output less input, never below 0: what is left is carried forward."""
    return atleast(general_rate.of(yearly_sales) - yearly_input, 0)


@law(
    *URBAN, *HALF, label="一般纳税人全年城市维护建设税", label_en="Urban maintenance tax of the year, general taxpayer"
)
def general_urban(
    general_vat: Amount,
    place_kind: Choice,
    is_low_profit: YesNo,
    surcharges__urban_rate: LawRates,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """Urban maintenance tax on the year's VAT, halved where entitled; each step rounded half up."""
    due = surcharges__urban_rate.of(general_vat, place_kind)
    return halved(due, is_low_profit, surcharges__half_relief_rate)


@law(WAIVED, *HALF, label="一般纳税人全年教育费附加", label_en="Education surcharge of the year, general taxpayer")
def general_education(
    general_vat: Amount,
    is_education_exempt: YesNo,
    is_low_profit: YesNo,
    surcharges__education_rate: LawRate,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """Education surcharge on the year's VAT, halved where entitled; nothing where waived."""
    due = halved(surcharges__education_rate.of(general_vat), is_low_profit, surcharges__half_relief_rate)
    return where(is_education_exempt, nothing(due), due)


@law(
    WAIVED,
    *HALF,
    label="一般纳税人全年地方教育附加",
    label_en="Local education surcharge of the year, general taxpayer",
)
def general_local_education(
    general_vat: Amount,
    is_education_exempt: YesNo,
    is_low_profit: YesNo,
    surcharges__local_education_rate: LawRate,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """Local education surcharge on the year's VAT, halved where entitled; nothing where waived."""
    due = halved(surcharges__local_education_rate.of(general_vat), is_low_profit, surcharges__half_relief_rate)
    return where(is_education_exempt, nothing(due), due)


@law(*URBAN, WAIVED, label="一般纳税人全年附加税费", label_en="Surcharges of the year, general taxpayer")
def general_surcharges(general_urban: Amount, general_education: Amount, general_local_education: Amount) -> Amount:
    """The three surcharges together."""
    return general_urban + general_education + general_local_education


@law(*COMPUTED, *URBAN, label="一般纳税人全年增值税和附加", label_en="As a general taxpayer")
def tax_general(general_vat: Amount, general_surcharges: Amount) -> Amount:
    """VAT and surcharges of the year as a general taxpayer."""
    return general_vat + general_surcharges


@law(*COMPUTED, label="一般纳税人比小规模多缴", label_en="More as a general taxpayer")
def general_less_small(tax_general: Amount, tax_small: Amount) -> Amount:
    """What is paid more as a general taxpayer; negative when less."""
    return tax_general - tax_small


@law(*LIMIT, label="已超过小规模标准", label_en="Above the small-scale limit")
def must_be_general(
    yearly_sales: Amount,
    vat_registration__small_scale_limit: Amount,
    vat_registration__limit_comparison: Comparison,
) -> YesNo:
    """Whether there is no choice because the year's sales exceed the limit."""
    return opposite(vat_registration__limit_comparison.holds(yearly_sales, vat_registration__small_scale_limit))
