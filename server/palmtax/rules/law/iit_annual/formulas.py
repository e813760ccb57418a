"""Settlement of comprehensive income from the sums of the year: tax, difference, refund, waiver or payment; fen.

Tax by the scale, expenses and the author's share are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    LawRate,
    Scale,
    YesNo,
    atleast,
    atmost,
    both,
    either,
    law,
    nothing,
    opposite,
    where,
)

TAXED = "个人所得税法 第六条"
SCALE = "个人所得税法 第三条"
SETTLED = "个人所得税法 第十一条"
WAIVED = (
    "财政部 税务总局公告2023年第32号 第一条",
    "财政部 税务总局公告2021年第42号 第三条",
    "财政部 税务总局公告2019年第94号 第一条",
)


@law("个人所得税法 第二条", label="综合所得收入", label_en="Income of the year")
def total_income(wage: Amount, labour: Amount, author: Amount, royalty: Amount, bonus_merged: Amount) -> Amount:
    """Wages, labour, author income and royalties before any deduction, with a merged bonus; the waiver looks at it."""
    return wage + labour + author + royalty + bonus_merged


@law(TAXED, label="劳务报酬收入额", label_en="Labour income that counts")
def labour_income_amount(labour: Amount, iit_year__expense_rate: LawRate) -> Amount:
    """Labour income less 20% expenses."""
    return labour - iit_year__expense_rate.of(labour)


@law(TAXED, label="稿酬收入额", label_en="Author income that counts")
def author_income_amount(author: Amount, iit_year__expense_rate: LawRate, iit_labour__author_share: LawRate) -> Amount:
    """Author income less 20% expenses, and of that 70%."""
    return iit_labour__author_share.of(author - iit_year__expense_rate.of(author))


@law(TAXED, label="特许权使用费收入额", label_en="Royalties that count")
def royalty_income_amount(royalty: Amount, iit_year__expense_rate: LawRate) -> Amount:
    """Royalties less 20% expenses."""
    return royalty - iit_year__expense_rate.of(royalty)


@law(TAXED, label="综合所得收入额", label_en="Comprehensive income")
def comprehensive_income(
    wage: Amount,
    bonus_merged: Amount,
    labour_income_amount: Amount,
    author_income_amount: Amount,
    royalty_income_amount: Amount,
    exempt_income: Amount,
) -> Amount:
    """What counts of all four kinds, less exempt income; never below 0."""
    services = labour_income_amount + author_income_amount + royalty_income_amount
    return atleast(wage + bonus_merged + services - exempt_income, 0)


@law("国发〔2018〕41号 第十一条", label="大病医疗扣除", label_en="Medical deduction")
def medical_deduction(
    medical_self_paid: Amount, iit_year__medical_floor: Amount, iit_year__medical_cap: Amount
) -> Amount:
    """Self-paid expenses above the floor, up to the cap."""
    return atmost(atleast(medical_self_paid - iit_year__medical_floor, 0), iit_year__medical_cap)


@law(TAXED, label="扣除合计", label_en="Deductions together")
def total_deductions(
    special_deductions: Amount,
    additional_deductions: Amount,
    medical_deduction: Amount,
    other_deductions: Amount,
    donations: Amount,
    basic_deduction_year: Amount,
) -> Amount:
    """Basic, special, additional, medical and other deductions, and donations."""
    additional = additional_deductions + medical_deduction
    return basic_deduction_year + special_deductions + additional + other_deductions + donations


@law(TAXED, label="全年应纳税所得额", label_en="Taxable income of the year")
def taxable_income(comprehensive_income: Amount, total_deductions: Amount) -> Amount:
    """Comprehensive income less all deductions; never below 0."""
    return atleast(comprehensive_income - total_deductions, 0)


@law(SCALE, label="全年应纳税额", label_en="Tax of the year")
def annual_tax(taxable_income: Amount, tax_relief: Amount, iit_year__comprehensive_scale: Scale) -> Amount:
    """Tax by the scale, rounded half up to the fen, less reliefs; never below 0."""
    return atleast(iit_year__comprehensive_scale.tax(taxable_income) - tax_relief, 0)


@law(SETTLED, label="应纳税额减已预缴税额", label_en="Tax of the year less tax prepaid")
def difference(annual_tax: Amount, prepaid: Amount) -> Amount:
    """What is still due, or negative what comes back."""
    return annual_tax - prepaid


@law(SETTLED, label="可退税", label_en="Entitled to a refund")
def is_refund(difference: Amount) -> YesNo:
    """Whether more was prepaid than is due."""
    return difference < 0


@law(*WAIVED, SETTLED, label="免予补税", label_en="Balance waived")
def is_exempt(
    difference: Amount,
    total_income: Amount,
    is_withheld_lawfully: YesNo,
    iit_year__waiver_income: Amount,
    iit_year__waiver_balance: Amount,
) -> YesNo:
    """Whether a balance is due but waived: small income or a small balance, and tax was withheld as required."""
    is_small = either(total_income <= iit_year__waiver_income, difference <= iit_year__waiver_balance)
    return both(difference > 0, is_small, is_withheld_lawfully)


@law(SETTLED, label="须补税", label_en="Balance to pay")
def is_to_pay(difference: Amount, is_exempt: YesNo) -> YesNo:
    """Whether a balance is due and not waived."""
    return both(difference > 0, opposite(is_exempt))


@law(*WAIVED, SETTLED, label="汇算应补税额（负数为应退）", label_en="Balance due (negative: refund)")
def balance(difference: Amount, is_exempt: YesNo) -> Amount:
    """The difference, or 0 where it is waived."""
    return where(is_exempt, nothing(difference), difference)


@law(SETTLED, label="应退税额", label_en="Refund")
def refund(balance: Amount) -> Amount:
    """What comes back; 0 if nothing does."""
    return atleast(nothing(balance) - balance, 0)


@law(SETTLED, label="应补税额", label_en="To pay")
def to_pay(balance: Amount) -> Amount:
    """What has to be paid; 0 if nothing does."""
    return atleast(balance, 0)
