"""What a small-scale taxpayer pays on three months of sales when filing by the month, and by the quarter; fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Comparison, LawRate, YesNo, law, opposite, where

THRESHOLD = (
    "增值税法 第二十三条",
    "财政部 税务总局公告2026年第10号 起征点标准",
    "财政部 税务总局公告2023年第19号 第一条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
)
REDUCED = (
    "财政部 税务总局公告2026年第10号 三（三）6",
    "财政部 税务总局公告2023年第19号 第二条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
)
PERIOD = ("增值税法实施条例 第四十三条", "增值税暂行条例 第二十三条")


def taxed(sales: Amount, is_exempt: YesNo, levy: LawRate, reduced: LawRate) -> Amount:
    """Tax at the levy rate less the cut, each rounded half up to the fen; nothing where exempt."""
    return where(opposite(is_exempt), levy.of(sales) - (levy - reduced).of(sales), 0)


@law(*THRESHOLD, *REDUCED, label="第一个月应纳增值税", label_en="VAT of the first month")
def month_1_vat(
    month_1_sales: Amount,
    vat_small_scale__month_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
) -> Amount:
    """The month against the monthly threshold; once it is reached all of it is taxed."""
    exempt = vat_small_scale__threshold_comparison.holds(month_1_sales, vat_small_scale__month_threshold)
    return taxed(month_1_sales, exempt, vat_small_scale__levy_rate, vat_small_scale__reduced_rate)


@law(*THRESHOLD, *REDUCED, label="第二个月应纳增值税", label_en="VAT of the second month")
def month_2_vat(
    month_2_sales: Amount,
    vat_small_scale__month_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
) -> Amount:
    """The month against the monthly threshold; once it is reached all of it is taxed."""
    exempt = vat_small_scale__threshold_comparison.holds(month_2_sales, vat_small_scale__month_threshold)
    return taxed(month_2_sales, exempt, vat_small_scale__levy_rate, vat_small_scale__reduced_rate)


@law(*THRESHOLD, *REDUCED, label="第三个月应纳增值税", label_en="VAT of the third month")
def month_3_vat(
    month_3_sales: Amount,
    vat_small_scale__month_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
) -> Amount:
    """The month against the monthly threshold; once it is reached all of it is taxed."""
    exempt = vat_small_scale__threshold_comparison.holds(month_3_sales, vat_small_scale__month_threshold)
    return taxed(month_3_sales, exempt, vat_small_scale__levy_rate, vat_small_scale__reduced_rate)


@law(*PERIOD, label="按月申报合计", label_en="By the month")
def monthly_vat(month_1_vat: Amount, month_2_vat: Amount, month_3_vat: Amount) -> Amount:
    """VAT of the three months when each is a period."""
    return month_1_vat + month_2_vat + month_3_vat


@law(*PERIOD, label="季度销售额", label_en="Sales of the quarter")
def quarter_sales(month_1_sales: Amount, month_2_sales: Amount, month_3_sales: Amount) -> Amount:
    """The three months together."""
    return month_1_sales + month_2_sales + month_3_sales


@law(*THRESHOLD, label="季度未达起征点", label_en="Quarter below the threshold")
def is_quarter_exempt(
    quarter_sales: Amount,
    vat_small_scale__quarter_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
) -> YesNo:
    """Whether the quarter's sales do not reach the quarterly threshold."""
    return vat_small_scale__threshold_comparison.holds(quarter_sales, vat_small_scale__quarter_threshold)


@law(*THRESHOLD, *REDUCED, label="按季申报应纳增值税", label_en="By the quarter")
def quarterly_vat(
    quarter_sales: Amount,
    is_quarter_exempt: YesNo,
    vat_small_scale__levy_rate: LawRate,
    vat_small_scale__reduced_rate: LawRate,
) -> Amount:
    """VAT when the quarter is the period."""
    return taxed(quarter_sales, is_quarter_exempt, vat_small_scale__levy_rate, vat_small_scale__reduced_rate)


@law(*PERIOD, label="按季比按月少缴", label_en="Saved by the quarter")
def saved_by_quarter(monthly_vat: Amount, quarterly_vat: Amount) -> Amount:
    """What filing by the quarter saves; negative when the month is better."""
    return monthly_vat - quarterly_vat
