"""Duty, consumption tax and VAT on imported goods; fen, each rounded half up."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, Portion, law, where

DUTY = ("关税法 从价计征", "进出口关税条例 第三十六条")
CONSUMPTION = "消费税暂行条例 第九条"
IMPORT = ("增值税法 第十四条", "增值税暂行条例 第十四条")


@law(*DUTY, label="关税", label_en="Duty")
def duty(customs_value: Amount, duty_rate: Portion) -> Amount:
    """Customs value times the duty rate, rounded half up to the fen."""
    return duty_rate.of(customs_value)


@law(*IMPORT, CONSUMPTION, label="组成计税价格", label_en="Composite price")
def composite(
    customs_value: Amount, duty: Amount, consumption_tax_fixed: Amount, consumption_tax_rate: Portion
) -> Amount:
    """Customs value, duty and fixed consumption tax, divided by one minus the consumption tax rate, to the fen."""
    return consumption_tax_rate.gross_up(customs_value + duty + consumption_tax_fixed)


@law(CONSUMPTION, label="消费税", label_en="Consumption tax")
def consumption_tax(composite: Amount, consumption_tax_rate: Portion, consumption_tax_fixed: Amount) -> Amount:
    """Composite price times the rate, rounded half up, plus the fixed part."""
    return consumption_tax_rate.of(composite) + consumption_tax_fixed


@law(*IMPORT, label="进口增值税", label_en="VAT on the import")
def vat(
    composite: Amount, rate_kind: Choice, vat_general__standard_rate: LawRate, vat_general__lower_rate: LawRate
) -> Amount:
    """Composite price times the VAT rate, rounded half up to the fen."""
    standard = vat_general__standard_rate.of(composite)
    return where(rate_kind.is_("standard"), standard, vat_general__lower_rate.of(composite))


@law(*IMPORT, label="进口税费合计", label_en="Taxes on the import")
def taxes(duty: Amount, consumption_tax: Amount, vat: Amount) -> Amount:
    """Duty, consumption tax and VAT; no surcharges are levied on imports."""
    return duty + consumption_tax + vat


@law(*IMPORT, label="到手成本", label_en="Cost with taxes")
def landed_cost(customs_value: Amount, taxes: Amount) -> Amount:
    """Customs value and all taxes."""
    return customs_value + taxes
