"""The return of a small-scale taxpayer: VAT and the three surcharges in one assessment, fen.

A tax below the smallest charge counts as zero for each tax by itself; what is shown on the form stays in the lines
of the laws it uses.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, YesNo, law, where

SMALLEST = "国家税务总局公告2012年第25号 正文"
VAT = ("增值税法 第十一条", "增值税暂行条例 第十二条")
BASE = ("城市维护建设税法 第二条", "城市维护建设税暂行条例 第三条")


@law(*VAT, SMALLEST, label="应补缴增值税", label_en="VAT to pay")
def vat_payable(vat_small_scale__vat_payable: Amount, late_fee__smallest_charge: Amount) -> Amount:
    """VAT of the period; nothing when below the smallest charge."""
    return where(vat_small_scale__vat_payable >= late_fee__smallest_charge, vat_small_scale__vat_payable, 0)


@law(
    "城市维护建设税法 第四条",
    "城市维护建设税暂行条例 第四条",
    SMALLEST,
    label="应补缴城市维护建设税",
    label_en="Urban maintenance tax to pay",
)
def urban_maintenance_tax(surcharges__urban_payable: Amount, late_fee__smallest_charge: Amount) -> Amount:
    """Urban maintenance tax after relief; nothing when below the smallest charge."""
    return where(surcharges__urban_payable >= late_fee__smallest_charge, surcharges__urban_payable, 0)


@law("征收教育费附加的暂行规定 第三条", SMALLEST, label="应补缴教育费附加", label_en="Education surcharge to pay")
def education_surcharge(surcharges__education_payable: Amount, late_fee__smallest_charge: Amount) -> Amount:
    """Education surcharge after reliefs; nothing when below the smallest charge."""
    return where(surcharges__education_payable >= late_fee__smallest_charge, surcharges__education_payable, 0)


@law("财综〔2010〕98号 第二条", SMALLEST, label="应补缴地方教育附加", label_en="Local education surcharge to pay")
def local_education_surcharge(surcharges__local_education_payable: Amount, late_fee__smallest_charge: Amount) -> Amount:
    """Local education surcharge after reliefs; nothing when below the smallest charge."""
    return where(
        surcharges__local_education_payable >= late_fee__smallest_charge, surcharges__local_education_payable, 0
    )


@law(*BASE, label="附加税费合计", label_en="Surcharges to pay")
def surcharges_payable(
    urban_maintenance_tax: Amount, education_surcharge: Amount, local_education_surcharge: Amount
) -> Amount:
    """The three surcharges together."""
    return urban_maintenance_tax + education_surcharge + local_education_surcharge


@law(*VAT, *BASE, label="应补缴合计", label_en="To pay in all")
def payable(vat_payable: Amount, surcharges_payable: Amount) -> Amount:
    """VAT and surcharges, without late fee."""
    return vat_payable + surcharges_payable


@law(
    "增值税法 第二十三条",
    "财政部 税务总局公告2023年第12号 第二条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
    label="减免合计",
    label_en="Spared by reliefs",
)
def saved(
    vat_small_scale__exempt_tax: Amount, vat_small_scale__reduction_total: Amount, surcharges__surcharges_saved: Amount
) -> Amount:
    """Exempt VAT, the cut of VAT, and what is waived and halved of the surcharges on the VAT that is due."""
    return vat_small_scale__exempt_tax + vat_small_scale__reduction_total + surcharges__surcharges_saved


@law(
    "增值税法 第二十三条",
    "财政部 税务总局公告2023年第19号 第一条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
    label="本期免征增值税",
    label_en="Exempt from VAT in the period",
)
def is_exempt(vat_small_scale__is_exempt: YesNo) -> YesNo:
    """Whether sales without special invoices are exempt because the threshold is not reached."""
    return vat_small_scale__is_exempt


@law(*VAT, label="本期零申报", label_en="Nil return of the period")
def is_zero(vat_small_scale__is_zero: YesNo) -> YesNo:
    """Whether nothing was sold; the return is due all the same."""
    return vat_small_scale__is_zero
