"""What a natural person pays who sells a second-hand home: VAT, surcharges and income tax, one from the other.

All amounts are fen. The surcharges stand on the VAT, the income tax on the price without VAT less the surcharges.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, YesNo, law

VAT = ("财政部 税务总局公告2025年第17号 正文", "财税〔2016〕36号 附件3第五条")
SURCHARGES = "城市维护建设税法 第二条"
COSTS = "国税发〔2006〕108号 第二条"
INCOME = "个人所得税法 第三条"
STAMP = "财税〔2008〕137号 第二条"
LAND = "财税〔2008〕137号 第三条"


@law(*VAT, label="增值税", label_en="VAT")
def vat_due(vat_housing_sale__vat_payable: Amount) -> Amount:
    """VAT on the sale, fen."""
    return vat_housing_sale__vat_payable


@law(SURCHARGES, *VAT, label="附加税费", label_en="Surcharges")
def surcharges_due(surcharges__surcharges_payable: Amount) -> Amount:
    """The three surcharges on the VAT after halving, fen."""
    return surcharges__surcharges_payable


@law(*VAT, label="不含增值税的价格", label_en="Price without VAT")
def price_without_vat(price: Amount, vat_due: Amount) -> Amount:
    """What the price contains beside the VAT due, fen."""
    return price - vat_due


@law(COSTS, label="转让税费", label_en="Taxes and fees of the sale")
def costs_of_sale(surcharges_due: Amount, fees: Amount) -> Amount:
    """Surcharges and fees, which lessen the gain, fen."""
    return surcharges_due + fees


@law(INCOME, label="个人所得税", label_en="Income tax")
def income_tax_due(iit_home_sale__tax: Amount) -> Amount:
    """Income tax on the sale, fen."""
    return iit_home_sale__tax


@law(LAND, label="免征土地增值税", label_en="No land value-added tax")
def is_land_vat_spared(is_land_vat_exempt: YesNo) -> YesNo:
    """Homes sold by individuals bear none."""
    return is_land_vat_exempt


@law(STAMP, label="免征印花税", label_en="No stamp duty")
def is_stamp_duty_spared(is_stamp_duty_exempt: YesNo) -> YesNo:
    """Homes sold by individuals bear none."""
    return is_stamp_duty_exempt


@law(*VAT, INCOME, label="卖方税费合计", label_en="Taxes of the seller")
def taxes(vat_due: Amount, surcharges_due: Amount, income_tax_due: Amount) -> Amount:
    """VAT, surcharges and income tax, fen."""
    return vat_due + surcharges_due + income_tax_due


@law(*VAT, INCOME, label="到手金额", label_en="Left after taxes")
def left_after_taxes(price: Amount, taxes: Amount, fees: Amount) -> Amount:
    """The price less taxes and fees, fen; below 0 only when the fees are larger than the price."""
    return price - taxes - fees
