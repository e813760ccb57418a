"""VAT of general taxpayers: output less input, simplified items beside it, reductions and prepayments; fen.

The lines follow the main form; each product is rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    Portion,
    YesNo,
    atmost,
    both,
    either,
    law,
    opposite,
    part,
    ratio,
    where,
)

RATE = (
    "增值税法 第十条",
    "财政部 税务总局 海关总署公告2019年第39号 第一条",
    "财税〔2018〕32号 第一条",
)
COMPUTED = ("增值税法 第十四条", "增值税暂行条例 第四条")
CREDIT = ("增值税法 第十六条", "增值税暂行条例 第八条")
BLOCKED = ("增值税法 第二十二条", "增值税暂行条例 第十条")
CARRIED = ("增值税法 第二十一条", "增值税暂行条例 第四条")
PRICE = ("增值税法 第十七条", "增值税暂行条例 第六条")
DEEMED = ("增值税法 第五条", "增值税暂行条例实施细则 第四条")
MIXED = ("增值税法 第十二条", "增值税暂行条例 第三条")


def rate_of(kind: Choice, standard_rate: LawRate, lower_rate: LawRate, service_rate: LawRate) -> Portion:
    """The rate that belongs to a kind of sale."""
    below = where(kind.is_("lower"), lower_rate.portion(), service_rate.portion())
    return where(kind.is_("standard"), standard_rate.portion(), below)


@law(*RATE, label="销项税额（13%）", label_en="Output tax at the standard rate")
def standard_output(standard_sales: Amount, standard_rate: LawRate) -> Amount:
    """Output tax at the standard rate, rounded half up to the fen."""
    return standard_rate.of(standard_sales)


@law(*RATE, label="销项税额（9%）", label_en="Output tax at the lower rate")
def lower_output(lower_sales: Amount, lower_rate: LawRate) -> Amount:
    """Output tax at the lower rate, rounded half up to the fen."""
    return lower_rate.of(lower_sales)


@law("增值税法 第十条", "财税〔2016〕36号 附件1第十五条", label="销项税额（6%）", label_en="Output tax on services")
def service_output(service_sales: Amount, service_rate: LawRate) -> Amount:
    """Output tax on services and intangibles, rounded half up to the fen."""
    return service_rate.of(service_sales)


@law(*DEEMED, label="视同销售的销项税额", label_en="Output tax on deemed sales")
def deemed_output(
    deemed_sales: Amount, deemed_rate_kind: Choice, standard_rate: LawRate, lower_rate: LawRate, service_rate: LawRate
) -> Amount:
    """Output tax on the market price of what counts as sold, rounded half up to the fen."""
    return rate_of(deemed_rate_kind, standard_rate, lower_rate, service_rate).of(deemed_sales)


@law(*MIXED, label="未分别核算适用的最高税率", label_en="Highest rate for mixed sales")
def mixed_rate(mixed_rate_kind: Choice, standard_rate: LawRate, lower_rate: LawRate, service_rate: LawRate) -> Portion:
    """The highest rate among sales that are not accounted for separately."""
    return rate_of(mixed_rate_kind, standard_rate, lower_rate, service_rate)


@law(*MIXED, label="未分别核算的销项税额", label_en="Output tax on mixed sales")
def mixed_output(mixed_sales: Amount, mixed_rate: Portion) -> Amount:
    """Output tax at the highest rate on all mixed sales, rounded half up to the fen."""
    return mixed_rate.of(mixed_sales)


@law(*COMPUTED, label="销项税额", label_en="Output tax")
def output(
    standard_output: Amount, lower_output: Amount, service_output: Amount, deemed_output: Amount, mixed_output: Amount
) -> Amount:
    """All output tax of the period; negative when red-letter invoices prevail."""
    return standard_output + lower_output + service_output + deemed_output + mixed_output


@law(*CREDIT, label="进项税额", label_en="Input tax")
def input_total(
    special_invoice_input: Amount, customs_input: Amount, withheld_input: Amount, computed_input: Amount
) -> Amount:
    """Input tax of all vouchers whose use was confirmed."""
    return special_invoice_input + customs_input + withheld_input + computed_input


@law(*PRICE, label="一般计税销售额", label_en="Sales under the general method")
def general_sales(
    standard_sales: Amount,
    lower_sales: Amount,
    service_sales: Amount,
    zero_sales: Amount,
    deemed_sales: Amount,
    mixed_sales: Amount,
) -> Amount:
    """Sales taxed at a rate, the zero rate included, without VAT."""
    return standard_sales + lower_sales + service_sales + zero_sales + deemed_sales + mixed_sales


@law(*PRICE, label="销售额合计", label_en="Total sales")
def total_sales(
    general_sales: Amount, simple_sales: Amount, simple_estate_sales: Amount, exempt_sales: Amount
) -> Amount:
    """All sales of the period without VAT."""
    return general_sales + simple_sales + simple_estate_sales + exempt_sales


@law(
    "增值税法实施条例 第二十三条",
    "增值税暂行条例实施细则 第二十六条",
    label="无法划分的进项中不得抵扣部分",
    label_en="Part of shared input without credit",
)
def shared_transfer_out(
    shared_input: Amount, simple_sales: Amount, simple_estate_sales: Amount, exempt_sales: Amount, total_sales: Amount
) -> Amount:
    """Shared input times simplified and exempt sales over all sales, rounded half up; at most the shared input."""
    without_credit = simple_sales + simple_estate_sales + exempt_sales
    return where(
        total_sales > 0,
        atmost(part(shared_input, atmost(without_credit, total_sales), total_sales), shared_input),
        0,
    )


@law(*BLOCKED, label="进项税额转出合计", label_en="Input tax taken out in all")
def transfer_out(input_transfer_out: Amount, shared_transfer_out: Amount) -> Amount:
    """Input tax that may not be credited."""
    return input_transfer_out + shared_transfer_out


@law(*CREDIT, *CARRIED, label="应抵扣税额合计", label_en="Deductible tax")
def deductible(input_total: Amount, carry_in: Amount, transfer_out: Amount, refunded_credit: Amount) -> Amount:
    """Input plus credit carried in, less what is taken out or was refunded; negative when more is taken out."""
    return input_total + carry_in - transfer_out - refunded_credit


@law(*COMPUTED, label="实际抵扣税额", label_en="Tax actually deducted")
def actual_deduction(output: Amount, deductible: Amount) -> Amount:
    """The smaller of output and deductible tax."""
    return atmost(output, deductible)


@law(*CARRIED, label="期末留抵税额", label_en="Credit carried out")
def carry_out(deductible: Amount, actual_deduction: Amount) -> Amount:
    """Deductible tax beyond the output, carried to the next period."""
    return deductible - actual_deduction


@law(*COMPUTED, label="一般计税应纳税额", label_en="Tax under the general method")
def general_tax(output: Amount, actual_deduction: Amount) -> Amount:
    """Output less what was deducted; never below 0."""
    return output - actual_deduction


@law(
    "增值税法 第十一条", "增值税暂行条例 第十二条", label="简易计税应纳税额", label_en="Tax under the simplified method"
)
def simplified_tax(
    simple_sales: Amount,
    simple_estate_sales: Amount,
    vat_small_scale__levy_rate: LawRate,
    estate_levy_rate: LawRate,
) -> Amount:
    """Simplified sales at their levy rates, each rounded half up; input tax is not set against it."""
    return vat_small_scale__levy_rate.of(simple_sales) + estate_levy_rate.of(simple_estate_sales)


@law(*COMPUTED, label="本期抵减的减征额", label_en="Reductions used")
def reductions_used(tax_reductions: Amount, general_tax: Amount, simplified_tax: Amount) -> Amount:
    """Reductions, up to the tax of the period."""
    return atmost(tax_reductions, general_tax + simplified_tax)


@law(*COMPUTED, label="结转的减征额", label_en="Reductions left")
def reductions_left(tax_reductions: Amount, reductions_used: Amount) -> Amount:
    """Reductions beyond the tax of the period, set against later tax."""
    return tax_reductions - reductions_used


@law(*COMPUTED, label="应纳税额合计", label_en="Tax of the period")
def total_tax(general_tax: Amount, simplified_tax: Amount, reductions_used: Amount) -> Amount:
    """General and simplified tax less reductions; never below 0."""
    return general_tax + simplified_tax - reductions_used


@law(*COMPUTED, label="本期抵减的预缴税额", label_en="Prepayments used")
def prepaid_used(prepaid: Amount, total_tax: Amount) -> Amount:
    """Prepayments, up to the tax of the period."""
    return atmost(prepaid, total_tax)


@law(*COMPUTED, label="结转的预缴税额", label_en="Prepayments left")
def prepaid_left(prepaid: Amount, prepaid_used: Amount) -> Amount:
    """Prepayments beyond the tax, set against later tax."""
    return prepaid - prepaid_used


@law(*COMPUTED, label="应补缴增值税", label_en="VAT payable")
def vat_payable(total_tax: Amount, prepaid_used: Amount) -> Amount:
    """Tax of the period less prepayments; never below 0."""
    return total_tax - prepaid_used


@law(*COMPUTED, label="税负率", label_en="VAT as a share of sales")
def burden(total_tax: Amount, total_sales: Amount) -> Portion:
    """Tax of the period over sales, rounded half up to four places; 0 without sales."""
    return where(total_sales > 0, ratio(total_tax, total_sales), 0)


@law(*COMPUTED, label="零申报", label_en="Nil return")
def is_zero(total_sales: Amount, input_total: Amount, output: Amount, total_tax: Amount) -> YesNo:
    """Whether there were neither sales, nor input, nor tax."""
    no_sales = both(total_sales <= 0, total_sales >= 0, output <= 0, output >= 0)
    return both(no_sales, input_total <= 0, input_total >= 0, total_tax <= 0)


@law("税收征收管理法实施细则 第三十二条", label="需要申报", label_en="A return is due")
def must_file(is_zero: YesNo, is_nil_return_due: YesNo) -> YesNo:
    """Whether a return is due: with sales or tax always, and without any as the rules say."""
    return either(opposite(is_zero), is_nil_return_due)
