"""VAT prepaid where a construction project, presold real estate or a let building lies; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Comparison,
    LawRate,
    Portion,
    YesNo,
    atleast,
    both,
    law,
    nothing,
    where,
)

CONSTRUCTION = "国家税务总局公告2016年第17号 第四条"
RATES = (
    "国家税务总局公告2016年第17号 第五条",
    "国家税务总局公告2016年第18号 第十条",
    "国家税务总局公告2016年第16号 第三条",
)
SMALL = (
    "财政部 税务总局公告2026年第10号 预缴",
    "财政部 税务总局公告2023年第19号 第二条",
    "财政部 税务总局公告2023年第19号 第一条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
)


@law(CONSTRUCTION, label="预缴计税的含税金额", label_en="Sum prepaid on, with VAT")
def base_with_vat(project: Choice, received: Amount, subcontracts: Amount) -> Amount:
    """What was received, for construction less subcontracts; never below 0."""
    return where(project.is_("construction"), atleast(received - subcontracts, 0), received)


@law(*RATES, label="价税分离所用比例", label_en="Rate inside the price")
def divisor_rate(
    payer: Choice,
    project: Choice,
    vat_general__lower_rate: LawRate,
    vat_general__estate_levy_rate: LawRate,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
    vat_small_scale__real_estate_levy_rate: LawRate,
) -> Portion:
    """The rate or levy rate that the price includes."""
    is_construction = project.is_("construction")
    levy, estate = vat_small_scale__levy_rate.portion(), vat_general__estate_levy_rate.portion()
    reduced, small_estate = (
        vat_small_scale__reduced_rate.portion(),
        vat_small_scale__real_estate_levy_rate.portion(),
    )
    simple = where(is_construction, levy, estate)
    small = where(is_construction, reduced, small_estate)
    return where(payer.is_("general"), vat_general__lower_rate.portion(), where(payer.is_("simple"), simple, small))


@law(*RATES, label="预缴基数", label_en="Base without VAT")
def base(base_with_vat: Amount, divisor_rate: Portion) -> Amount:
    """Divided by one plus that rate, rounded half up to the fen."""
    return divisor_rate.net_of(base_with_vat)


@law(*SMALL, label="预缴地未达起征点", label_en="Below the threshold in that place")
def is_below_threshold(
    payer: Choice,
    base: Amount,
    other_place_sales: Amount,
    is_quarterly: YesNo,
    vat_small_scale__quarter_threshold: Amount,
    vat_small_scale__month_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
) -> YesNo:
    """Whether a small-scale taxpayer's sales in that place do not reach the threshold of the period."""
    threshold = where(is_quarterly, vat_small_scale__quarter_threshold, vat_small_scale__month_threshold)
    below = vat_small_scale__threshold_comparison.holds(base + other_place_sales, threshold)
    return both(payer.is_("small_scale"), below)


@law(*RATES, *SMALL, label="预征率", label_en="Prepayment rate")
def prepay_rate(
    payer: Choice,
    project: Choice,
    construction_rate: Portion,
    rent_rate: Portion,
    presale_rate: LawRate,
    small_scale_rate: LawRate,
) -> Portion:
    """The prepayment rate by project and method."""
    presale = where(payer.is_("small_scale"), small_scale_rate.portion(), presale_rate.portion())
    return where(project.is_("construction"), construction_rate, where(project.is_("presale"), presale, rent_rate))


@law(*RATES, *SMALL, label="建筑服务预征率", label_en="Prepayment rate of construction")
def construction_rate(
    payer: Choice, general_construction_rate: LawRate, simple_construction_rate: LawRate, small_scale_rate: LawRate
) -> Portion:
    """The prepayment rate of construction by method."""
    simple = where(payer.is_("simple"), simple_construction_rate.portion(), small_scale_rate.portion())
    return where(payer.is_("general"), general_construction_rate.portion(), simple)


@law(*RATES, label="出租不动产预征率", label_en="Prepayment rate of letting")
def rent_rate(
    payer: Choice,
    general_rent_rate: LawRate,
    simple_rent_rate: LawRate,
    vat_small_scale__real_estate_levy_rate: LawRate,
) -> Portion:
    """The prepayment rate of letting by method; small-scale taxpayers the levy rate of real estate, without the cut."""
    simple = where(payer.is_("simple"), simple_rent_rate.portion(), vat_small_scale__real_estate_levy_rate.portion())
    return where(payer.is_("general"), general_rent_rate.portion(), simple)


@law(*RATES, *SMALL, label="应预缴增值税", label_en="VAT to prepay")
def prepaid(is_below_threshold: YesNo, base: Amount, prepay_rate: Portion) -> Amount:
    """The rate of the base, rounded half up to the fen; nothing below the threshold."""
    due = prepay_rate.of(base)
    return where(is_below_threshold, nothing(due), due)
