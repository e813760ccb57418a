"""Refund of tax paid in excess, with interest of a current deposit, after setting off arrears; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    Day,
    Portion,
    YesNo,
    atleast,
    atmost,
    both,
    days_between,
    either,
    full_years,
    law,
    share,
    times,
    where,
)

REFUND = "税收征收管理法 第五十一条"
TIME = "税收征收管理法实施细则 第七十八条"
SET_OFF = "税收征收管理法实施细则 第七十九条"


@law(REFUND, label="在退还期限内", label_en="In time")
def is_in_time(finder: Choice, paid_on: Day, found_on: Day, years_to_apply: Count) -> YesNo:
    """Found by the office at any time; applied for before three full years since payment."""
    return either(finder.is_("office"), full_years(paid_on, found_on) < years_to_apply)


@law(REFUND, label="应退税款", label_en="Tax refundable")
def refundable(overpaid: Amount, is_in_time: YesNo) -> Amount:
    """The overpaid tax, or nothing after the time."""
    return where(is_in_time, overpaid, 0)


@law(TIME, label="计息天数", label_en="Days of interest")
def days_of_interest(finder: Choice, kind: Choice, paid_on: Day, repaid_on: Day) -> Count:
    """Days from payment to refund where interest is due: applied for by the taxpayer, overpaid by mistake."""
    due = both(finder.is_("taxpayer"), kind.is_("mistake"))
    return where(due, atleast(days_between(paid_on, repaid_on), 0), 0)


@law(REFUND, TIME, label="利息", label_en="Interest")
def interest(
    refundable: Amount, days_of_interest: Count, deposit_rate: Portion, days_in_interest_year: Count
) -> Amount:
    """Refund × days × yearly rate, half up to the fen, ÷ days of a year, half up to the fen."""
    return share(deposit_rate.of(times(refundable, days_of_interest)), days_in_interest_year)


@law(SET_OFF, label="抵缴欠税", label_en="Set off against arrears")
def set_off(refundable: Amount, interest: Amount, arrears: Amount) -> Amount:
    """Arrears are paid first, from tax and interest."""
    return atmost(arrears, refundable + interest)


@law(REFUND, SET_OFF, label="实退金额", label_en="Paid out")
def paid_out(refundable: Amount, interest: Amount, set_off: Amount) -> Amount:
    """Refund and interest less what was set off."""
    return refundable + interest - set_off


@law(TIME, label="办理期限（天）", label_en="Days to refund")
def days_to_refund(finder: Choice, days_when_found: Count, days_on_application: Count) -> Count:
    """Ten days when the office found it, thirty on application."""
    return where(finder.is_("office"), days_when_found, days_on_application)
