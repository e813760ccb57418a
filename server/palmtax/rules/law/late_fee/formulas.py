"""The late fee on one tax: 0.05% of the unpaid tax for each day after the deadline, fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Count,
    Day,
    LawRate,
    YesNo,
    atleast,
    atmost,
    days_between,
    law,
    times,
    where,
)


@law("税收征收管理法实施细则 第七十五条", label="滞纳天数", label_en="Days late")
def days(days_late: Count, due_on: Day, paid_on: Day) -> Count:
    """The days given, else those from the day after the deadline through the day of payment."""
    return where(days_late > 0, days_late, atleast(days_between(due_on, paid_on), 0))


@law(
    "税收征收管理法 第三十二条", "税收征收管理法实施细则 第七十五条", label="滞纳金", label_en="Late fee before limits"
)
def raw_fee(unpaid_tax: Amount, days: Count, daily_rate: LawRate) -> Amount:
    """Unpaid tax × days late × daily rate, rounded half up to the fen once, at the end."""
    return daily_rate.of(times(unpaid_tax, days))


@law("行政强制法 第四十五条", label="滞纳金（上限后）", label_en="Late fee after the cap")
def capped_fee(raw_fee: Amount, unpaid_tax: Amount, is_capped_at_tax: YesNo) -> Amount:
    """At most the tax itself, where the disputed cap is applied."""
    return where(is_capped_at_tax, atmost(raw_fee, unpaid_tax), raw_fee)


@law("国家税务总局公告2012年第25号 正文", label="应加收滞纳金", label_en="Late fee charged")
def fee(capped_fee: Amount, smallest_charge: Amount) -> Amount:
    """Nothing when it is below the smallest charge."""
    return where(capped_fee >= smallest_charge, capped_fee, 0)
