"""Other deductions of the year: commercial health insurance and own annuity contributions, within their limits; fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Count, LawRate, atmost, law, times, where

HEALTH = "财税〔2017〕39号 第一条"
ANNUITY = "财税〔2013〕103号 第一条"


@law(HEALTH, label="商业健康险扣除", label_en="Health insurance deduction")
def health_deduction(health_paid: Amount, health_months: Count, health_insurance_month: Amount) -> Amount:
    """Premiums, at most the monthly limit for each month of cover."""
    limit: Amount = times(health_insurance_month, health_months)
    return atmost(health_paid, limit)


@law(ANNUITY, label="计入的年金缴费基数", label_en="Annuity base that counts")
def counted_base(annuity_base: Amount, local_average_wage: Amount, annuity_base_multiple: Count) -> Amount:
    """The base, at most three times the local average wage where that was given."""
    highest: Amount = times(local_average_wage, annuity_base_multiple)
    return where(local_average_wage > 0, atmost(annuity_base, highest), annuity_base)


@law(ANNUITY, label="年金每月扣除上限", label_en="Annuity limit of a month")
def annuity_limit(counted_base: Amount, annuity_rate: LawRate) -> Amount:
    """4% of the base that counts, rounded half up to the fen."""
    return annuity_rate.of(counted_base)


@law(ANNUITY, label="年金个人缴费扣除", label_en="Annuity deduction")
def annuity_deduction(annuity_paid: Amount, annuity_limit: Amount, annuity_months: Count) -> Amount:
    """Own contributions, at most the limit of each month."""
    limit: Amount = times(annuity_limit, annuity_months)
    return atmost(annuity_paid, limit)


@law(HEALTH, ANNUITY, label="全年其他扣除", label_en="Other deductions of the year")
def deduction(health_deduction: Amount, annuity_deduction: Amount) -> Amount:
    """Both together."""
    return health_deduction + annuity_deduction
