"""VAT of natural persons: per transaction (day), and rent and platform income tested by the month, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Comparison, Count, LawRate, YesNo, law, opposite, share, where

PER_DAY = (
    "增值税法 第二十三条",
    "财政部 税务总局公告2026年第10号 起征点标准",
    "增值税暂行条例 第十七条",
)
PER_MONTH = (
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
RENT = (
    "国家税务总局公告2026年第4号 第二条",
    "国家税务总局公告2023年第1号 第三条",
    "国家税务总局公告2021年第5号 第四条",
    "国家税务总局公告2019年第4号 第四条",
)
HOUSING = ("财政部 税务总局公告2026年第10号 个人出租住房", "财税〔2016〕36号 附件2一（九）")
ESTATE = ("增值税法 第十一条", "财税〔2016〕36号 附件2一（九）")


@law(*PER_DAY, label="未达按次（日）起征点", label_en="Day below the threshold")
def day_exempt(sales_of_the_day: Amount, daily_threshold: Amount, daily_comparison: Comparison) -> YesNo:
    """Whether the sales of one transaction or day do not reach the threshold."""
    return daily_comparison.holds(sales_of_the_day, daily_threshold)


@law(*REDUCED, label="按次应纳增值税", label_en="VAT of the day")
def day_vat(day_exempt: YesNo, sales_of_the_day: Amount, vat_small_scale__reduced_rate: LawRate) -> Amount:
    """VAT at the reduced rate on the whole amount once the threshold is reached, rounded half up to the fen."""
    return where(opposite(day_exempt), vat_small_scale__reduced_rate.of(sales_of_the_day), 0)


@law(*HOUSING, label="租金不含税额", label_en="Rent without VAT")
def rent(housing_rent_with_vat: Amount, housing_divisor_rate: LawRate) -> Amount:
    """Rent divided by one plus the rate inside it, rounded half up to the fen: the levy rate until 2025, then 1.5%."""
    return housing_divisor_rate.net_of(housing_rent_with_vat)


@law(*RENT, label="分摊到月的租金", label_en="Rent per month")
def rent_per_month(rent: Amount, rent_months: Count) -> Amount:
    """Rent spread evenly over the months it covers, rounded half up to the fen."""
    return share(rent, rent_months)


@law(*ESTATE, label="其他房屋租金不含税额", label_en="Other rent without VAT")
def estate_rent(estate_rent_with_vat: Amount, vat_small_scale__real_estate_levy_rate: LawRate) -> Amount:
    """Rent of other real estate divided by one plus its levy rate, rounded half up to the fen."""
    return vat_small_scale__real_estate_levy_rate.net_of(estate_rent_with_vat)


@law(*RENT, label="当月销售额合计", label_en="Sales of the month")
def month_sales(rent_per_month: Amount, estate_rent: Amount, rent_months: Count, platform_sales: Amount) -> Amount:
    """Rents spread over their months, and platform income and interest of the month; other sales are not counted."""
    return rent_per_month + share(estate_rent, rent_months) + platform_sales


@law(*RENT, *PER_MONTH, label="当月未达起征点", label_en="Month below the threshold")
def rent_exempt(
    month_sales: Amount,
    vat_small_scale__month_threshold: Amount,
    vat_small_scale__threshold_comparison: Comparison,
) -> YesNo:
    """Whether rent, platform income and interest of a month do not reach the monthly threshold."""
    return vat_small_scale__threshold_comparison.holds(month_sales, vat_small_scale__month_threshold)


@law(*HOUSING, label="租金应纳增值税", label_en="VAT on the rent")
def rent_vat(rent_exempt: YesNo, rent: Amount, vat_small_scale__housing_rent_rate: LawRate) -> Amount:
    """VAT at the rate of housing rent on the whole rent, rounded half up to the fen."""
    return where(opposite(rent_exempt), vat_small_scale__housing_rent_rate.of(rent), 0)


@law(*ESTATE, label="其他房屋租金应纳增值税", label_en="VAT on other rent")
def estate_rent_vat(rent_exempt: YesNo, estate_rent: Amount, vat_small_scale__real_estate_levy_rate: LawRate) -> Amount:
    """VAT at the levy rate of real estate on the whole rent, rounded half up to the fen."""
    return where(opposite(rent_exempt), vat_small_scale__real_estate_levy_rate.of(estate_rent), 0)


@law(*REDUCED, label="平台劳务和利息应纳增值税", label_en="VAT on platform work and interest")
def platform_vat(rent_exempt: YesNo, platform_sales: Amount, vat_small_scale__reduced_rate: LawRate) -> Amount:
    """VAT at the reduced rate on the month's income, rounded half up to the fen."""
    return where(opposite(rent_exempt), vat_small_scale__reduced_rate.of(platform_sales), 0)


@law("增值税法 第十一条", "增值税暂行条例 第十二条", label="应纳增值税", label_en="VAT payable")
def vat_payable(day_vat: Amount, rent_vat: Amount, estate_rent_vat: Amount, platform_vat: Amount) -> Amount:
    """VAT of the day, of the rents and of platform work."""
    return day_vat + rent_vat + estate_rent_vat + platform_vat
