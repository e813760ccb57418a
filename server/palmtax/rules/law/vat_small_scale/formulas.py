"""VAT of small-scale taxpayers for a month or a quarter, line by line as on the return.

All amounts are fen; each line is rounded half up to the fen, as the form does: tax at the levy rate and the
reduction are rounded separately, and the payable tax is their difference.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Comparison, LawRate, YesNo, atleast, both, law, opposite, where

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
SPECIAL = (
    "国家税务总局公告2026年第4号 第一条",
    "国家税务总局公告2023年第1号 第五条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
)
LEVY = ("增值税法 第十一条", "增值税暂行条例 第十二条")
LET = ("增值税法 第十一条", "财税〔2016〕36号 附件2一（九）")
SOLD = ("增值税法 第十一条", "财税〔2016〕36号 附件2一（八）")


@law(*THRESHOLD, label="起征点", label_en="Threshold")
def threshold(is_quarterly: YesNo, quarter_threshold: Amount, month_threshold: Amount) -> Amount:
    """The sales that have to be reached in the period before VAT is due."""
    return where(is_quarterly, quarter_threshold, month_threshold)


@law(*REDUCED, label="含税收入换算的销售额", label_en="Takings without VAT")
def converted_sales(ordinary_sales_with_vat: Amount, reduced_rate: LawRate) -> Amount:
    """Takings that were recorded with VAT, without it: divided by one plus the reduced rate, to the fen."""
    return reduced_rate.net_of(ordinary_sales_with_vat)


@law(
    "增值税法 第二十三条",
    "国家税务总局公告2023年第1号 第二条",
    "国家税务总局公告2021年第5号 第一条",
    "国家税务总局公告2019年第4号 第一条",
    label="差额后的普通销售额",
    label_en="Ordinary sales after deductions",
)
def net_ordinary_sales(ordinary_sales: Amount, converted_sales: Amount, net_basis_deduction: Amount) -> Amount:
    """Sales at the 3% levy rate without special invoices, after net-basis deductions; negative when red prevails."""
    return ordinary_sales + converted_sales - net_basis_deduction


@law(*SOLD, label="销售不动产的销售额", label_en="Real estate sold in all")
def sold_real_estate(real_estate_sales: Amount, real_estate_special_sales: Amount) -> Amount:
    """Real estate sold, with and without special invoices."""
    return real_estate_sales + real_estate_special_sales


@law(*THRESHOLD, label="销售额合计", label_en="Total sales")
def total_sales(
    net_ordinary_sales: Amount,
    special_sales_reduced: Amount,
    special_sales_full: Amount,
    sold_real_estate: Amount,
    real_estate_rent: Amount,
    real_estate_special_rent: Amount,
    housing_rent: Amount,
    housing_special_rent: Amount,
) -> Amount:
    """All sales of the period without VAT, special invoices included; this is what the threshold looks at."""
    let = real_estate_rent + real_estate_special_rent + housing_rent + housing_special_rent
    return net_ordinary_sales + special_sales_reduced + special_sales_full + sold_real_estate + let


@law(*THRESHOLD, label="合计未达起征点", label_en="Total below the threshold")
def is_total_below(total_sales: Amount, threshold: Amount, threshold_comparison: Comparison) -> YesNo:
    """Whether all sales together stay below (until 2025: do not exceed) the threshold."""
    return threshold_comparison.holds(total_sales, threshold)


@law(*THRESHOLD, label="扣除销售不动产后未达起征点", label_en="Below the threshold without real estate sold")
def is_rest_below(
    total_sales: Amount, sold_real_estate: Amount, threshold: Amount, threshold_comparison: Comparison
) -> YesNo:
    """Whether the sales without real estate sold stay below (until 2025: do not exceed) the threshold."""
    return threshold_comparison.holds(total_sales - sold_real_estate, threshold)


@law(*THRESHOLD, label="免征增值税", label_en="Exempt from VAT")
def is_exempt(is_total_below: YesNo, is_rest_below: YesNo, is_real_estate_left_out: YesNo) -> YesNo:
    """Whether sales other than real estate sold, and other than special invoices, are exempt."""
    return where(is_real_estate_left_out, is_rest_below, is_total_below)


@law(*THRESHOLD, label="销售不动产免征增值税", label_en="Real estate sold exempt from VAT")
def is_real_estate_exempt(is_total_below: YesNo, is_exempt: YesNo) -> YesNo:
    """Whether real estate sold without special invoices is exempt: only when all sales together are."""
    return both(is_total_below, is_exempt)


@law(*THRESHOLD, label="免税销售额", label_en="Exempt sales")
def exempt_sales(is_exempt: YesNo, net_ordinary_sales: Amount) -> Amount:
    """Exempt sales at the 3% levy rate; never below 0."""
    return where(is_exempt, atleast(net_ordinary_sales, 0), 0)


@law(*THRESHOLD, label="免税的不动产销售额", label_en="Exempt real estate sales")
def exempt_real_estate_sales(
    is_exempt: YesNo,
    is_real_estate_exempt: YesNo,
    real_estate_sales: Amount,
    real_estate_rent: Amount,
    housing_rent: Amount,
) -> Amount:
    """Exempt sale and letting of real estate; each never below 0."""
    sold = where(is_real_estate_exempt, atleast(real_estate_sales, 0), 0)
    let = where(is_exempt, atleast(real_estate_rent, 0) + atleast(housing_rent, 0), 0)
    return sold + let


@law(*REDUCED, *SPECIAL, label="减按征收的销售额", label_en="Sales taxed at the reduced rate")
def net_sales_reduced(is_exempt: YesNo, net_ordinary_sales: Amount, special_sales_reduced: Amount) -> Amount:
    """Sales taxed at the reduced rate: special invoices always, others unless exempt; negative when red prevails."""
    return where(is_exempt, special_sales_reduced, special_sales_reduced + net_ordinary_sales)


@law(*REDUCED, label="应税销售额（减按征收）", label_en="Taxable sales at the reduced rate")
def taxable_sales_reduced(net_sales_reduced: Amount) -> Amount:
    """Never below 0: negative sales make no negative tax and are not set off against another rate."""
    return atleast(net_sales_reduced, 0)


@law(*SPECIAL, label="应税销售额（放弃减征）", label_en="Taxable sales at the full rate")
def taxable_sales_full(special_sales_full: Amount) -> Amount:
    """Special invoices issued at the levy rate itself; never below 0."""
    return atleast(special_sales_full, 0)


@law(*SOLD, *LET, label="不动产应税销售额（未折零）", label_en="Net taxable real estate")
def net_real_estate_sales(
    is_exempt: YesNo,
    is_real_estate_exempt: YesNo,
    real_estate_sales: Amount,
    real_estate_special_sales: Amount,
    real_estate_rent: Amount,
    real_estate_special_rent: Amount,
) -> Amount:
    """Real estate sold and let at the levy rate of real estate, unless exempt; negative when red prevails."""
    sold = where(is_real_estate_exempt, real_estate_special_sales, real_estate_special_sales + real_estate_sales)
    let = where(is_exempt, real_estate_special_rent, real_estate_special_rent + real_estate_rent)
    return sold + let


@law(*SOLD, *LET, label="应税销售额（不动产）", label_en="Taxable real estate sales")
def taxable_real_estate_sales(net_real_estate_sales: Amount) -> Amount:
    """Never below 0."""
    return atleast(net_real_estate_sales, 0)


@law(*LET, label="住房租金应税额（未折零）", label_en="Net taxable housing rent")
def net_housing_rent(is_exempt: YesNo, housing_rent: Amount, housing_special_rent: Amount) -> Amount:
    """Housing let by individuals, unless exempt; negative when red prevails."""
    return where(is_exempt, housing_special_rent, housing_special_rent + housing_rent)


@law(*LET, label="应税销售额（住房租金）", label_en="Taxable housing rent")
def taxable_housing_rent(net_housing_rent: Amount) -> Amount:
    """Never below 0."""
    return atleast(net_housing_rent, 0)


@law(*LEVY, label="应纳税额（3%征收率）", label_en="Tax at the levy rate")
def tax_at_levy_rate(taxable_sales_reduced: Amount, taxable_sales_full: Amount, levy_rate: LawRate) -> Amount:
    """Tax before the reduction, rounded half up to the fen."""
    return levy_rate.of(taxable_sales_reduced + taxable_sales_full)


@law(*REDUCED, label="应纳税额减征额", label_en="Reduction")
def reduction(taxable_sales_reduced: Amount, levy_rate: LawRate, reduced_rate: LawRate) -> Amount:
    """What the cut from the levy rate to the reduced rate takes off, rounded half up to the fen."""
    return (levy_rate - reduced_rate).of(taxable_sales_reduced)


@law(*SOLD, *LET, label="应纳税额（不动产）", label_en="Tax on real estate")
def tax_real_estate(taxable_real_estate_sales: Amount, real_estate_levy_rate: LawRate) -> Amount:
    """Tax on real estate sold and let, without any cut, rounded half up to the fen."""
    return real_estate_levy_rate.of(taxable_real_estate_sales)


@law(*LET, label="应纳税额（住房租金）", label_en="Tax on housing rent")
def tax_housing_rent(taxable_housing_rent: Amount, real_estate_levy_rate: LawRate) -> Amount:
    """Tax on housing rent before the cut, rounded half up to the fen."""
    return real_estate_levy_rate.of(taxable_housing_rent)


@law(
    "财政部 税务总局公告2026年第10号 个人出租住房",
    "财税〔2016〕36号 附件2一（九）",
    label="住房租金减征额",
    label_en="Reduction on housing rent",
)
def housing_reduction(
    taxable_housing_rent: Amount, real_estate_levy_rate: LawRate, housing_rent_rate: LawRate
) -> Amount:
    """What the cut to the rate of housing rent takes off, rounded half up to the fen."""
    return (real_estate_levy_rate - housing_rent_rate).of(taxable_housing_rent)


@law(*THRESHOLD, label="免税额", label_en="Tax exempted")
def exempt_tax(
    exempt_sales: Amount, exempt_real_estate_sales: Amount, levy_rate: LawRate, real_estate_levy_rate: LawRate
) -> Amount:
    """Tax at the levy rates that the exemption spares; each part rounded half up to the fen."""
    return levy_rate.of(exempt_sales) + real_estate_levy_rate.of(exempt_real_estate_sales)


@law(*LEVY, label="本期应纳税额", label_en="Tax of the period")
def tax_total(tax_at_levy_rate: Amount, tax_real_estate: Amount, tax_housing_rent: Amount) -> Amount:
    """All tax before reductions."""
    return tax_at_levy_rate + tax_real_estate + tax_housing_rent


@law(*REDUCED, label="减征额合计", label_en="Reductions in all")
def reduction_total(reduction: Amount, housing_reduction: Amount) -> Amount:
    """All reductions."""
    return reduction + housing_reduction


@law(*LEVY, label="应纳增值税", label_en="VAT payable")
def vat_payable(tax_total: Amount, reduction_total: Amount) -> Amount:
    """Tax less reductions; never below 0, because each part is taxed on at least 0."""
    return tax_total - reduction_total


@law(*LEVY, label="零申报", label_en="Nothing sold")
def is_zero(
    ordinary_sales: Amount, total_sales: Amount, taxable_sales_reduced: Amount, tax_total: Amount, exempt_tax: Amount
) -> YesNo:
    """Whether the return is nil: no sales, no exempt sales and no tax."""
    nothing = both(total_sales <= 0, total_sales >= 0, ordinary_sales <= 0, ordinary_sales >= 0)
    return both(nothing, taxable_sales_reduced <= 0, tax_total <= 0, exempt_tax <= 0)


@law(*LEVY, label="未能冲减的红字销售额", label_en="Red-letter sales not set off")
def unused_negative_sales(
    is_exempt: YesNo,
    is_real_estate_exempt: YesNo,
    net_ordinary_sales: Amount,
    real_estate_sales: Amount,
    real_estate_rent: Amount,
    housing_rent: Amount,
    net_sales_reduced: Amount,
    special_sales_full: Amount,
    net_real_estate_sales: Amount,
    net_housing_rent: Amount,
) -> Amount:
    """Negative sales that lowered nothing in this period, as a sum not below 0; to be settled with the tax office."""
    let = below_zero(real_estate_rent) + below_zero(housing_rent)
    exempt = where(is_exempt, below_zero(net_ordinary_sales) + let, 0)
    sold = where(is_real_estate_exempt, below_zero(real_estate_sales), 0)
    taxed = below_zero(net_sales_reduced) + below_zero(special_sales_full)
    estate = below_zero(net_real_estate_sales) + below_zero(net_housing_rent)
    return exempt + sold + taxed + estate


def below_zero(amount: Amount) -> Amount:
    """How far an amount lies below 0, as a sum not below 0."""
    return atleast(amount, 0) - amount


@law(*LEVY, label="有未能冲减的红字", label_en="Red-letter sales left over")
def has_negative_sales(unused_negative_sales: Amount) -> YesNo:
    """Whether negative sales are left over: the return may be filed, and the person is told."""
    return unused_negative_sales > 0


@law(*THRESHOLD, label="不动产口径影响结果", label_en="Reading on real estate decides")
def is_real_estate_test_uncertain(is_total_below: YesNo, is_rest_below: YesNo, is_real_estate_left_out: YesNo) -> YesNo:
    """Whether leaving real estate out of the test, unconfirmed from 2026, would change the result."""
    return both(is_rest_below, opposite(is_total_below), opposite(is_real_estate_left_out))
