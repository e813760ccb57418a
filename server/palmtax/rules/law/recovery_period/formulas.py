"""How long unpaid tax may be recovered: three years, five for large sums, without end for evasion."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, Count, Day, YesNo, both, either, full_years, law, opposite, where

PERIOD = "税收征收管理法 第五十二条"
RULES = "税收征收管理法实施细则 第八十二条"
FROM = "税收征收管理法实施细则 第八十三条"


@law(PERIOD, label="无限期追征", label_en="Recovered without end")
def is_unlimited(cause: Choice) -> YesNo:
    """Evasion, resistance and fraud have no period."""
    return cause.is_("evasion")


@law(PERIOD, RULES, label="追征期年数", label_en="Years of recovery")
def years_allowed(
    cause: Choice, short_tax: Amount, ordinary_years: Count, longer_years: Count, large_amount: Amount
) -> Count:
    """Five years for the taxpayer's own large shortfalls (that sum included), else three; evasion is apart."""
    large = both(cause.is_in("mistake", "unfiled"), short_tax >= large_amount)
    return where(large, longer_years, ordinary_years)


@law(FROM, label="已过整年数", label_en="Full years passed")
def years_passed(short_since: Day, found_on: Day) -> Count:
    """Whole years from the first day the tax was short to the day it was found."""
    return full_years(short_since, found_on)


@law(PERIOD, label="可以追征", label_en="May be recovered")
def may_recover(is_unlimited: YesNo, years_passed: Count, years_allowed: Count) -> YesNo:
    """Found before the years were full, or without end."""
    return either(is_unlimited, years_passed < years_allowed)


@law(PERIOD, label="加收滞纳金", label_en="Bears a late fee")
def bears_late_fee(cause: Choice, may_recover: YesNo) -> YesNo:
    """Never for the office's own fault."""
    return both(may_recover, opposite(cause.is_("office")))


@law("税收征收管理法 第八十六条", label="仍可处罚", label_en="May still be fined")
def may_fine(cause: Choice, years_passed: Count, years_for_fines: Count) -> YesNo:
    """Breaches found within five years; mistakes are not breaches by themselves."""
    return both(cause.is_in("unfiled", "evasion"), years_passed < years_for_fines)


@law(PERIOD, label="应补税款", label_en="Tax recoverable")
def recoverable(short_tax: Amount, may_recover: YesNo) -> Amount:
    """The whole shortfall, or nothing once the period is over."""
    return where(may_recover, short_tax, 0)
