"""Urban maintenance tax and the two education surcharges on VAT and consumption tax.

All amounts are fen. Each surcharge has its own lines as in the schedule of the return: amount due, exempted,
reduced, payable; the amount due and the reduction are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, Comparison, LawRate, LawRates, YesNo, atleast, law, where

URBAN_BASE = ("城市维护建设税法 第二条", "城市维护建设税暂行条例 第三条")
URBAN = ("城市维护建设税法 第四条", "城市维护建设税暂行条例 第四条")
EDUCATION = "征收教育费附加的暂行规定 第三条"
LOCAL = "财综〔2010〕98号 第二条"
WAIVED = "财税〔2016〕12号 第一条"
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(*URBAN_BASE, label="附加税费计税依据", label_en="Base of the surcharges")
def base(vat_paid: Amount, consumption_tax_paid: Amount, refunded_credit: Amount) -> Amount:
    """VAT less refunded credit, and consumption tax of the period; a refund lowers the VAT to 0 at most."""
    return atleast(vat_paid - refunded_credit, 0) + consumption_tax_paid


@law(*URBAN_BASE, label="结转扣除的留抵退税", label_en="Refunded credit left to deduct")
def refunded_credit_left(vat_paid: Amount, refunded_credit: Amount) -> Amount:
    """Refunded credit beyond the VAT of the period, deducted from the base of later periods."""
    return atleast(refunded_credit - vat_paid, 0)


@law(WAIVED, label="教育费附加免征限额", label_en="Education surcharge limit")
def education_limit(is_quarterly: YesNo, education_quarter_limit: Amount, education_month_limit: Amount) -> Amount:
    """The sales up to which both education surcharges are waived."""
    return where(is_quarterly, education_quarter_limit, education_month_limit)


@law(WAIVED, label="免征教育费附加", label_en="Education surcharges waived")
def is_education_exempt(sales: Amount, education_limit: Amount, education_comparison: Comparison) -> YesNo:
    """Whether sales are at most the limit (that sum included), also when VAT is due on special invoices."""
    return education_comparison.holds(sales, education_limit)


@law(*URBAN, label="城市维护建设税应纳税额", label_en="Urban maintenance tax before relief")
def urban_before(base: Amount, place_kind: Choice, urban_rate: LawRates) -> Amount:
    """Urban maintenance tax by place, rounded half up to the fen."""
    return urban_rate.of(base, place_kind)


@law(*HALF, label="城市维护建设税减征额", label_en="Urban maintenance tax relief")
def urban_relief(urban_before: Amount, is_half_relief: YesNo, half_relief_rate: LawRate) -> Amount:
    """The halving, rounded half up to the fen."""
    return where(is_half_relief, half_relief_rate.of(urban_before), 0)


@law(*URBAN, label="应纳城市维护建设税", label_en="Urban maintenance tax payable")
def urban_payable(urban_before: Amount, urban_relief: Amount) -> Amount:
    """Urban maintenance tax less its relief."""
    return urban_before - urban_relief


@law(EDUCATION, label="教育费附加应缴额", label_en="Education surcharge before relief")
def education_before(base: Amount, education_rate: LawRate) -> Amount:
    """Education surcharge, rounded half up to the fen."""
    return education_rate.of(base)


@law(WAIVED, label="教育费附加免征额", label_en="Education surcharge waived")
def education_exempted(is_education_exempt: YesNo, education_before: Amount) -> Amount:
    """The whole surcharge where it is waived."""
    return where(is_education_exempt, education_before, 0)


@law(*HALF, label="教育费附加减征额", label_en="Education surcharge relief")
def education_relief(
    education_before: Amount, education_exempted: Amount, is_half_relief: YesNo, half_relief_rate: LawRate
) -> Amount:
    """The halving of what is not waived, rounded half up to the fen."""
    return where(is_half_relief, half_relief_rate.of(education_before - education_exempted), 0)


@law(EDUCATION, label="应缴教育费附加", label_en="Education surcharge payable")
def education_payable(education_before: Amount, education_exempted: Amount, education_relief: Amount) -> Amount:
    """Education surcharge less what is waived and reduced."""
    return education_before - education_exempted - education_relief


@law(LOCAL, label="地方教育附加应缴额", label_en="Local education surcharge before relief")
def local_education_before(base: Amount, local_education_rate: LawRate) -> Amount:
    """Local education surcharge, rounded half up to the fen."""
    return local_education_rate.of(base)


@law(WAIVED, label="地方教育附加免征额", label_en="Local education surcharge waived")
def local_education_exempted(is_education_exempt: YesNo, local_education_before: Amount) -> Amount:
    """The whole surcharge where it is waived."""
    return where(is_education_exempt, local_education_before, 0)


@law(*HALF, label="地方教育附加减征额", label_en="Local education surcharge relief")
def local_education_relief(
    local_education_before: Amount, local_education_exempted: Amount, is_half_relief: YesNo, half_relief_rate: LawRate
) -> Amount:
    """The halving of what is not waived, rounded half up to the fen."""
    return where(is_half_relief, half_relief_rate.of(local_education_before - local_education_exempted), 0)


@law(LOCAL, label="应缴地方教育附加", label_en="Local education surcharge payable")
def local_education_payable(
    local_education_before: Amount, local_education_exempted: Amount, local_education_relief: Amount
) -> Amount:
    """Local education surcharge less what is waived and reduced."""
    return local_education_before - local_education_exempted - local_education_relief


@law(*URBAN, EDUCATION, LOCAL, label="应缴附加税费", label_en="Surcharges payable")
def surcharges_payable(urban_payable: Amount, education_payable: Amount, local_education_payable: Amount) -> Amount:
    """The three surcharges together."""
    return urban_payable + education_payable + local_education_payable


@law(*HALF, WAIVED, label="附加税费减免合计", label_en="Surcharges spared")
def surcharges_saved(
    urban_relief: Amount,
    education_exempted: Amount,
    education_relief: Amount,
    local_education_exempted: Amount,
    local_education_relief: Amount,
) -> Amount:
    """What waiving and halving take off the three surcharges."""
    education = education_exempted + education_relief
    return urban_relief + education + local_education_exempted + local_education_relief
