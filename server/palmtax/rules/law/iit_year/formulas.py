"""Individual income tax of a year of wages: cumulative withholding by month, then the settlement of the year.

All amounts are fen. Tax by the scale, and the share of labour income that counts, are rounded half up to the fen;
everything else is sums. Rows run from January to December.
"""

from __future__ import annotations

from collections.abc import Generator

from palmtax.rules.language import (
    Amount,
    LawRate,
    Row,
    Scale,
    atleast,
    atmost,
    both,
    either,
    law,
    nothing,
    running,
    total,
    where,
)

WITHHELD = "国家税务总局公告2018年第61号 第六条"
TAXED = "个人所得税法 第六条"
SCALE = "个人所得税法 第三条"
SETTLED = "个人所得税法 第十一条"
WAIVED = (
    "财政部 税务总局公告2023年第32号 第一条",
    "财政部 税务总局公告2021年第42号 第三条",
    "财政部 税务总局公告2019年第94号 第一条",
)


@law(WITHHELD, label="累计收入", label_en="Cumulative income")
def cumulative_income(wage: Row) -> list[Amount]:
    """Wages from January to the month."""
    return running(wage)


@law(WITHHELD, label="累计减除费用和扣除", label_en="Cumulative deductions")
def cumulative_deductions(
    social_insurance: Row, additional_deductions: Row, basic_deduction_month: Amount
) -> Generator[Amount, Amount, None]:
    """Deductions of the months before, and basic deduction, own insurance and additional deductions of this one."""
    before = nothing(basic_deduction_month)
    for insured, claimed in zip(social_insurance, additional_deductions, strict=True):
        before = yield before + insured + claimed + basic_deduction_month


@law(WITHHELD, label="累计应纳税所得额", label_en="Cumulative taxable income")
def cumulative_taxable_income(cumulative_income: Row, cumulative_deductions: Row) -> list[Amount]:
    """Income less deductions so far; never below 0."""
    months = zip(cumulative_income, cumulative_deductions, strict=True)
    return [atleast(income - deductions, 0) for income, deductions in months]


@law(WITHHELD, SCALE, label="累计应纳税额", label_en="Cumulative tax")
def cumulative_tax(cumulative_taxable_income: Row, comprehensive_scale: Scale) -> list[Amount]:
    """Tax on the taxable income so far by the yearly scale, rounded half up to the fen."""
    return [comprehensive_scale.tax(income) for income in cumulative_taxable_income]


@law(WITHHELD, label="本月预扣税额", label_en="Withheld in the month")
def withheld(cumulative_tax: Row) -> Generator[Amount, Amount, None]:
    """Tax so far less what was withheld before; a negative result is not paid back within the year."""
    before = nothing(cumulative_tax.first)
    for tax in cumulative_tax:
        this = yield atleast(tax - before, 0)
        before = before + this


@law("国发〔2018〕41号 第十一条", label="大病医疗扣除", label_en="Medical deduction")
def medical_deduction(medical_self_paid: Amount, medical_floor: Amount, medical_cap: Amount) -> Amount:
    """Self-paid expenses above the floor, up to the cap."""
    return atmost(atleast(medical_self_paid - medical_floor, 0), medical_cap)


@law(TAXED, label="综合所得收入额", label_en="Comprehensive income")
def comprehensive_income(cumulative_income: Row, labour_income: Amount, expense_rate: LawRate) -> Amount:
    """Wages of the year, and labour income less its expenses (rounded half up to the fen)."""
    wages: Amount = cumulative_income.last
    return wages + labour_income - expense_rate.of(labour_income)


@law(TAXED, label="全年应纳税所得额", label_en="Taxable income of the year")
def annual_taxable_income(
    comprehensive_income: Amount, cumulative_deductions: Row, medical_deduction: Amount
) -> Amount:
    """Comprehensive income less all deductions of the year; never below 0."""
    deductions: Amount = cumulative_deductions.last
    return atleast(comprehensive_income - deductions - medical_deduction, 0)


@law(SCALE, label="全年应纳税额", label_en="Tax of the year")
def annual_tax(annual_taxable_income: Amount, comprehensive_scale: Scale) -> Amount:
    """Tax on the year by the scale of comprehensive income, rounded half up to the fen."""
    return comprehensive_scale.tax(annual_taxable_income)


@law(SETTLED, label="全年税额减已预扣税额", label_en="Tax of the year less tax withheld")
def balance_before_waiver(annual_tax: Amount, withheld: Row, labour_withheld: Amount) -> Amount:
    """What is still due, or negative what comes back."""
    from_wages: Amount = total(withheld)
    return annual_tax - from_wages - labour_withheld


@law(*WAIVED, SETTLED, label="汇算应补税额（负数为应退）", label_en="Balance due (negative: refund)")
def balance(
    balance_before_waiver: Amount,
    cumulative_income: Row,
    labour_income: Amount,
    waiver_income: Amount,
    waiver_balance: Amount,
) -> Amount:
    """The balance; nothing further is due with small income or a small balance. Refunds stay."""
    wages: Amount = cumulative_income.last
    is_small_income = wages + labour_income <= waiver_income
    is_small_balance = balance_before_waiver <= waiver_balance
    is_waived = both(balance_before_waiver > 0, either(is_small_income, is_small_balance))
    return where(is_waived, nothing(balance_before_waiver), balance_before_waiver)
