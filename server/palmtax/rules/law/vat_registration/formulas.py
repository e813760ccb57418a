"""When a small-scale taxpayer has to register as a general taxpayer, and from which day that counts."""

from __future__ import annotations

from palmtax.rules.language import Amount, Comparison, Day, YesNo, atleast, law, opposite, where

LIMIT = ("增值税法 第九条", "财税〔2018〕33号 第一条")
EFFECT = ("国家税务总局公告2026年第2号 登记与生效", "增值税一般纳税人登记管理办法 第九条")
REGISTER = ("增值税法实施条例 第三十六条", "增值税暂行条例 第十三条")


@law(*LIMIT, *REGISTER, label="应当登记为一般纳税人", label_en="Must register")
def must_register(rolling_sales: Amount, small_scale_limit: Amount, limit_comparison: Comparison) -> YesNo:
    """Whether the sales exceed the limit; the limit itself does not."""
    return opposite(limit_comparison.holds(rolling_sales, small_scale_limit))


@law(*LIMIT, label="距离标准还有", label_en="Sales left below the limit")
def sales_left(rolling_sales: Amount, small_scale_limit: Amount) -> Amount:
    """Sales until the limit is reached; never below 0."""
    return atleast(small_scale_limit - rolling_sales, 0)


@law(*EFFECT, label="生效日", label_en="In effect from")
def effective_from(is_effective_from_period: YesNo, exceeded_period_on: Day, chosen_on: Day) -> Day:
    """The first day of the period in which the limit was exceeded; until 2025 the chosen first of a month.

    Counts only if one must register.
    """
    return where(is_effective_from_period, exceeded_period_on, chosen_on)
