"""What a contribution to the personal pension saves now and what its withdrawal costs later; fen, rounded half up."""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, Portion, YesNo, atmost, either, law, where

DEDUCTED = "财政部 税务总局公告2022年第34号 第一条"
WHERE = ("财政部 税务总局公告2024年第21号 第一条", "财政部 税务总局公告2022年第34号 第三条")


@law(DEDUCTED, *WHERE, label="可扣除的缴费", label_en="Contribution that is deducted")
def deductible(contribution: Amount, contribution_cap: Amount, is_in_pilot_city: YesNo, is_nationwide: YesNo) -> Amount:
    """The contribution up to the yearly cap, where the relief is in force."""
    return where(either(is_nationwide, is_in_pilot_city), atmost(contribution, contribution_cap), 0)


@law(DEDUCTED, label="今年少交的税", label_en="Tax saved this year")
def saving(deductible: Amount, marginal_rate: Portion) -> Amount:
    """The deduction at the highest rate reached, rounded half up to the fen; smaller if it crosses a bracket."""
    return marginal_rate.of(deductible)


@law(DEDUCTED, label="这笔缴费将来领取时的税", label_en="Tax on this contribution when withdrawn")
def later_tax(deductible: Amount, withdrawal_rate: LawRate) -> Amount:
    """The rate on withdrawals of what was deducted, rounded half up to the fen; yield not counted."""
    return withdrawal_rate.of(deductible)


@law(DEDUCTED, label="净节税（负数为多交）", label_en="Net saving (negative: cost)")
def net_saving(saving: Amount, later_tax: Amount) -> Amount:
    """Saved now less due later; negative for those below the rate on withdrawals."""
    return saving - later_tax


@law(DEDUCTED, label="今年领取的税", label_en="Tax on this year's withdrawal")
def withdrawal_tax(withdrawal: Amount, withdrawal_rate: LawRate) -> Amount:
    """Withdrawals at their own rate, rounded half up to the fen, apart from comprehensive income."""
    return withdrawal_rate.of(withdrawal)
