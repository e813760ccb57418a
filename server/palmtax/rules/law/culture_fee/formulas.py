"""The fee for cultural undertakings on advertising and entertainment services, by month or quarter, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, Comparison, LawRate, YesNo, atleast, both, either, law, where

RATE = "财税〔2016〕25号 第二条"
BASE = "财税〔2016〕25号 第三条"
SMALL = "财税〔2016〕25号 第七条"
ENTERTAINMENT = "财税〔2016〕60号 第三条"
HALF = ("财税〔2025〕7号 第一条", "财税〔2019〕46号 第一条")
WAIVED = "财政部 税务总局公告2020年第25号 第三条"


@law(BASE, ENTERTAINMENT, label="计费销售额", label_en="Sales that count")
def base(service_kind: Choice, revenue_with_vat: Amount, media_cost_with_vat: Amount) -> Amount:
    """Income with VAT; advertising less what was paid to other media, never below 0."""
    net = atleast(revenue_with_vat - media_cost_with_vat, 0)
    return where(service_kind.is_("advertising"), net, revenue_with_vat)


@law(RATE, ENTERTAINMENT, label="应缴费额", label_en="Fee before reliefs")
def fee_before(base: Amount, fee_rate: LawRate) -> Amount:
    """3% of the sales that count, rounded half up to the fen."""
    return fee_rate.of(base)


@law(SMALL, label="判断免征的销售额", label_en="Sales compared with the limit")
def sales_tested(sales_without_vat: Amount, revenue_with_vat: Amount) -> Amount:
    """Sales without VAT; where they were not given, the income with VAT, which is never less."""
    return where(sales_without_vat > 0, sales_without_vat, revenue_with_vat)


@law(SMALL, WAIVED, label="免征", label_en="Waived")
def is_exempt(
    is_small_scale: YesNo,
    is_filed_by_quarter: YesNo,
    sales_tested: Amount,
    month_limit: Amount,
    quarter_limit: Amount,
    limit_comparison: Comparison,
    is_waived: YesNo,
) -> YesNo:
    """Whether a small-scale taxpayer's sales are at most the limit, or the fee is waived for all."""
    limit = where(is_filed_by_quarter, quarter_limit, month_limit)
    return either(is_waived, both(is_small_scale, limit_comparison.holds(sales_tested, limit)))


@law(*HALF, RATE, label="减免费额", label_en="Spared")
def relief(fee_before: Amount, is_exempt: YesNo, is_half_relief: YesNo, half_relief_rate: LawRate) -> Amount:
    """All of it where it is waived, else the halving, rounded half up to the fen."""
    halved = where(is_half_relief, half_relief_rate.of(fee_before), 0)
    return where(is_exempt, fee_before, halved)


@law(RATE, label="应缴文化事业建设费", label_en="To pay")
def due(fee_before: Amount, relief: Amount) -> Amount:
    """The fee after reliefs."""
    return fee_before - relief
