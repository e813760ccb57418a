"""Refund of vehicle purchase tax for a returned vehicle: a tenth less for each full year since payment, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Count, Day, LawRate, atleast, atmost, full_years, law, times

LAW = "车辆购置税法 第十五条"


@law(LAW, label="已满年数", label_en="Full years since payment")
def full_years_held(paid_on: Day, applied_on: Day) -> Count:
    """Whole years from the payment to the application; an anniversary completes a year."""
    return atleast(full_years(paid_on, applied_on), 0)


@law(LAW, label="扣减额", label_en="Deduction for the years")
def deducted(tax_paid: Amount, full_years_held: Count, yearly_deduction_rate: LawRate) -> Amount:
    """A tenth of the tax for each full year, rounded half up to the fen once, at most the tax."""
    return atmost(yearly_deduction_rate.of(times(tax_paid, full_years_held)), tax_paid)


@law(LAW, label="应退税额", label_en="Refund")
def refund(tax_paid: Amount, deducted: Amount) -> Amount:
    """The tax paid less the deduction, never below 0."""
    return tax_paid - deducted
