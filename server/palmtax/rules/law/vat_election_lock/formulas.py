"""How long an election of the simplified method, or the waiver of a VAT relief, has to stay."""

from __future__ import annotations

from palmtax.rules.language import Choice, Count, Day, YesNo, atleast, both, full_months, law, opposite, where

ELECTED = ("财政部 税务总局公告2026年第10号 简易计税锁定", "财税〔2016〕36号 附件1第十八条")
WAIVED = ("增值税法 第二十七条", "增值税暂行条例实施细则 第三十六条")


@law(*ELECTED, *WAIVED, label="已过整月数", label_en="Full months passed")
def months_passed(decided_on: Day, changed_on: Day) -> Count:
    """Whole months between the decision and the change; 0 where the change comes first."""
    return full_months(decided_on, changed_on)


@law(*WAIVED, label="不受锁定", label_en="Never locked")
def is_free(decision: Choice, is_small_scale: YesNo, is_small_scale_free: YesNo) -> YesNo:
    """Whether a small-scale taxpayer takes up a waived relief again, which is free from 2026."""
    return both(decision.is_("waiver"), is_small_scale, is_small_scale_free)


@law(*ELECTED, *WAIVED, label="仍在锁定期", label_en="Still locked")
def is_locked(months_passed: Count, lock_months: Count, is_free: YesNo) -> YesNo:
    """Whether fewer months than the lock have passed, and the taxpayer is not free of it."""
    return both(months_passed < lock_months, opposite(is_free))


@law(*ELECTED, *WAIVED, label="还要等的月数", label_en="Months still to wait")
def months_left(is_locked: YesNo, months_passed: Count, lock_months: Count) -> Count:
    """Months until the lock is full; 0 where nothing is locked."""
    return where(is_locked, atleast(lock_months - months_passed, 0), 0)
