"""The pension contribution of the self-employed on a base of their choice, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, Count, LawRate, LawTable, atleast, atmost, law, times

JOINED = "社会保险法 第十条"
LIMITS = "国办发〔2019〕13号 第三条"
RATE = "国发〔2005〕38号 养老缴费"


@law(JOINED, LIMITS, label="缴费基数", label_en="Base")
def base(
    chosen_base: Amount,
    region: Choice,
    social_insurance_employees__pension_lowest_base: LawTable,
    social_insurance_employees__pension_highest_base: LawTable,
) -> Amount:
    """The base chosen, within the local limits of the pension branch."""
    lowest: Amount = social_insurance_employees__pension_lowest_base.at(region)
    highest: Amount = social_insurance_employees__pension_highest_base.at(region)
    return atmost(atleast(chosen_base, lowest), highest)


@law(RATE, label="每月缴费", label_en="Each month")
def monthly(base: Amount, pension_rate: LawRate) -> Amount:
    """20% of the base, rounded half up to the fen."""
    return pension_rate.of(base)


@law(JOINED, RATE, label="应缴养老保险费", label_en="Pension contribution")
def due(monthly: Amount, months: Count) -> Amount:
    """The months together."""
    found: Amount = times(monthly, months)
    return found
