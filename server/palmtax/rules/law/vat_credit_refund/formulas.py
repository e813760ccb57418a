"""Refund of VAT credit: three classes of industries, their conditions and shares; fen."""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    Portion,
    YesNo,
    atleast,
    atmost,
    both,
    either,
    law,
    opposite,
    times,
    where,
)

SHARE = (
    "财政部 税务总局公告2025年第7号 退税比例",
    "财政部 税务总局公告2022年第14号 第一条",
    "财政部 税务总局 海关总署公告2019年第39号 第八条",
)
CONDITION = ("财政部 税务总局公告2025年第7号 退税条件", "财政部 税务总局 海关总署公告2019年第39号 第八条")
CARRIED = ("增值税法 第二十一条", "增值税暂行条例 第四条")


@law(*CONDITION, label="符合共同条件", label_en="Common conditions met")
def meets_conditions(
    is_rated_a_or_b: YesNo,
    has_recent_fraud: YesNo,
    evasion_punishments: Count,
    punishment_limit: Count,
    has_refund_relief: YesNo,
) -> YesNo:
    """Whether rated A or B, no fraud, punished for evasion less often than the limit, no refund-upon-payment."""
    clean = both(opposite(has_recent_fraud), evasion_punishments < punishment_limit)
    return both(is_rated_a_or_b, clean, opposite(has_refund_relief))


@law(*SHARE, label="新增留抵税额", label_en="Added credit")
def added_credit(month_end_credit: Amount, base_credit: Amount) -> Amount:
    """Credit beyond that of the day of comparison; never below 0."""
    return atleast(month_end_credit - base_credit, 0)


@law(*CONDITION, label="符合新增留抵条件", label_en="Conditions on added credit met")
def meets_added_conditions(
    industry: Choice,
    periods_with_added_credit: Count,
    least_periods: Count,
    added_credit: Amount,
    least_added_credit: Amount,
) -> YesNo:
    """Whether added credit lasted the months and is large enough; the supported industries need neither."""
    lasted = both(periods_with_added_credit >= least_periods, added_credit >= least_added_credit)
    return either(industry.is_("supported"), lasted)


@law(*SHARE, label="重点行业可退税额", label_en="Refund, supported industries")
def supported_refund(month_end_credit: Amount, input_ratio: Portion, supported_share: LawRate) -> Amount:
    """Credit times input ratio times the share, each rounded half up to the fen."""
    return supported_share.of(times(month_end_credit, input_ratio))


@law(*SHARE, label="房地产开发企业可退税额", label_en="Refund, developers")
def estate_refund(added_credit: Amount, input_ratio: Portion, estate_share: LawRate) -> Amount:
    """Added credit times input ratio times the share, each rounded half up to the fen."""
    return estate_share.of(times(added_credit, input_ratio))


@law(*SHARE, label="限额内部分可退税额", label_en="Refund up to the limit")
def first_refund(added_credit: Amount, share_limit: Amount, input_ratio: Portion, first_share: LawRate) -> Amount:
    """Added credit up to the limit, times input ratio and the first share, each rounded half up to the fen."""
    return first_share.of(times(atmost(added_credit, share_limit), input_ratio))


@law(*SHARE, label="超过限额部分可退税额", label_en="Refund above the limit")
def upper_refund(added_credit: Amount, share_limit: Amount, input_ratio: Portion, upper_share: LawRate) -> Amount:
    """Added credit above the limit, times input ratio and the upper share, each rounded half up to the fen."""
    return upper_share.of(times(atleast(added_credit - share_limit, 0), input_ratio))


@law(*SHARE, label="按行业计算的可退税额", label_en="Refund by industry")
def refund_by_industry(
    industry: Choice, supported_refund: Amount, estate_refund: Amount, first_refund: Amount, upper_refund: Amount
) -> Amount:
    """The refund of the class of the industry, before the conditions."""
    other = where(industry.is_("real_estate"), estate_refund, first_refund + upper_refund)
    return where(industry.is_("supported"), supported_refund, other)


@law(*SHARE, label="可退留抵税额", label_en="Refund")
def refund(refund_by_industry: Amount, meets_conditions: YesNo, meets_added_conditions: YesNo) -> Amount:
    """The refund where all conditions are met, else nothing."""
    return where(both(meets_conditions, meets_added_conditions), refund_by_industry, 0)


@law(*CARRIED, label="继续留抵税额", label_en="Credit left")
def credit_left(month_end_credit: Amount, refund: Amount) -> Amount:
    """Credit that is carried on after the refund."""
    return month_end_credit - refund
