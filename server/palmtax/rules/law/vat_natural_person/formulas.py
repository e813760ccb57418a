"""VAT of natural persons: sales per transaction (day), and housing rent received for several months, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Comparison, Count, LawRate, YesNo, law, opposite, share, where

PER_DAY = ("增值税法 第二十三条", "财政部 税务总局公告2026年第10号 起征点标准")
REDUCED = "财政部 税务总局公告2026年第10号 三（三）6"
RENT = "国家税务总局公告2026年第4号 第二条"
HOUSING = "财政部 税务总局公告2026年第10号 个人出租住房"


@law(*PER_DAY, label="未达按次（日）起征点", label_en="Day below the threshold")
def day_exempt(
    sales_of_the_day: Amount, daily_threshold: Amount, vat_small_scale__threshold_comparison: Comparison
) -> YesNo:
    """Whether the sales of one transaction or day do not reach the threshold."""
    return vat_small_scale__threshold_comparison.holds(sales_of_the_day, daily_threshold)


@law(REDUCED, label="按次应纳增值税", label_en="VAT of the day")
def day_vat(day_exempt: YesNo, sales_of_the_day: Amount, vat_small_scale__reduced_rate: LawRate) -> Amount:
    """VAT at the reduced rate on the whole amount once the threshold is reached, rounded half up to the fen."""
    return where(opposite(day_exempt), vat_small_scale__reduced_rate.of(sales_of_the_day), 0)


@law(HOUSING, label="租金不含税额", label_en="Rent without VAT")
def rent(housing_rent_with_vat: Amount, vat_small_scale__housing_rent_rate: LawRate) -> Amount:
    """Rent divided by one plus the rate of housing rent, rounded half up to the fen."""
    return vat_small_scale__housing_rent_rate.net_of(housing_rent_with_vat)


@law(RENT, label="分摊到月的租金", label_en="Rent per month")
def rent_per_month(rent: Amount, rent_months: Count) -> Amount:
    """Rent spread evenly over the months it covers, rounded half up to the fen."""
    return share(rent, rent_months)


@law(RENT, *PER_DAY, label="月租金未达起征点", label_en="Monthly rent below the threshold")
def rent_exempt(
    rent_per_month: Amount,
    vat_small_scale__month_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
) -> YesNo:
    """Whether the rent of a month does not reach the monthly threshold."""
    return vat_small_scale__threshold_comparison.holds(rent_per_month, vat_small_scale__month_threshold)


@law(HOUSING, label="租金应纳增值税", label_en="VAT on the rent")
def rent_vat(rent_exempt: YesNo, rent: Amount, vat_small_scale__housing_rent_rate: LawRate) -> Amount:
    """VAT at the rate of housing rent on the whole rent, rounded half up to the fen."""
    return where(opposite(rent_exempt), vat_small_scale__housing_rent_rate.of(rent), 0)


@law("增值税法 第十一条", label="应纳增值税", label_en="VAT payable")
def vat_payable(day_vat: Amount, rent_vat: Amount) -> Amount:
    """VAT of the day and of the rent."""
    return day_vat + rent_vat
