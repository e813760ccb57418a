"""The same yearly pay as an employee and as a contractor: income tax of both and what is left; fen.

Tax by a scale, expenses and the single payment are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Count,
    LawRate,
    Scale,
    atleast,
    both,
    either,
    law,
    share,
    times,
    where,
)

TAXED = "个人所得税法 第六条"
SCALE = "个人所得税法 第三条"
SETTLED = "个人所得税法 第十一条"
PER_TIME = "国家税务总局公告2018年第61号 第八条"
WAIVED = (
    "财政部 税务总局公告2023年第32号 第一条",
    "财政部 税务总局公告2021年第42号 第三条",
    "财政部 税务总局公告2019年第94号 第一条",
)


@law(TAXED, label="雇员的应纳税所得额", label_en="Taxable income as an employee")
def employee_taxable(
    gross: Amount, social_insurance: Amount, additional_deductions: Amount, iit_annual__basic_deduction_year: Amount
) -> Amount:
    """Wages of the year less all deductions, never below 0."""
    return atleast(gross - iit_annual__basic_deduction_year - social_insurance - additional_deductions, 0)


@law(SCALE, label="雇员的个税", label_en="Tax as an employee")
def employee_tax(employee_taxable: Amount, iit_year__comprehensive_scale: Scale) -> Amount:
    """Tax of the year by the scale, rounded half up to the fen."""
    return iit_year__comprehensive_scale.tax(employee_taxable)


@law(TAXED, label="雇员到手", label_en="Left as an employee")
def employee_net(gross: Amount, social_insurance: Amount, employee_tax: Amount) -> Amount:
    """Wages less own insurance and tax."""
    return gross - social_insurance - employee_tax


@law(TAXED, label="劳务的应纳税所得额", label_en="Taxable income as a contractor")
def contractor_taxable(
    gross: Amount,
    own_insurance: Amount,
    additional_deductions: Amount,
    iit_year__expense_rate: LawRate,
    iit_annual__basic_deduction_year: Amount,
) -> Amount:
    """Labour income less 20% expenses and all deductions, never below 0."""
    income = gross - iit_year__expense_rate.of(gross)
    return atleast(income - iit_annual__basic_deduction_year - own_insurance - additional_deductions, 0)


@law(SCALE, label="劳务的全年应纳税额", label_en="Tax of the year as a contractor")
def contractor_annual_tax(contractor_taxable: Amount, iit_year__comprehensive_scale: Scale) -> Amount:
    """Tax of the year by the scale, rounded half up to the fen."""
    return iit_year__comprehensive_scale.tax(contractor_taxable)


@law(PER_TIME, label="每次劳务费", label_en="One payment")
def payment(gross: Amount, payments: Count) -> Amount:
    """The year spread evenly over the payments, rounded half up to the fen."""
    return share(gross, payments)


@law(PER_TIME, label="每次预扣", label_en="Withheld from one payment")
def withheld_per_payment(
    payment: Amount,
    iit_labour__small_limit: Amount,
    iit_labour__small_expense: Amount,
    iit_year__expense_rate: LawRate,
    iit_labour__labour_scale: Scale,
) -> Amount:
    """The method for labour income, rounded half up to the fen."""
    share_of_it = iit_year__expense_rate.of(payment)
    expenses = where(payment <= iit_labour__small_limit, iit_labour__small_expense, share_of_it)
    return iit_labour__labour_scale.tax(atleast(payment - expenses, 0))


@law(PER_TIME, label="劳务全年预扣", label_en="Withheld in the year as a contractor")
def contractor_withheld(withheld_per_payment: Amount, payments: Count) -> Amount:
    """What all payments together had withheld."""
    withheld: Amount = times(withheld_per_payment, payments)
    return withheld


@law(*WAIVED, SETTLED, label="劳务的个税", label_en="Tax as a contractor")
def contractor_tax(
    gross: Amount,
    contractor_annual_tax: Amount,
    contractor_withheld: Amount,
    iit_year__waiver_income: Amount,
    iit_year__waiver_balance: Amount,
) -> Amount:
    """Tax of the year; where a further balance is waived, what was withheld."""
    balance = contractor_annual_tax - contractor_withheld
    is_small = either(gross <= iit_year__waiver_income, balance <= iit_year__waiver_balance)
    return where(both(balance > 0, is_small), contractor_withheld, contractor_annual_tax)


@law(SETTLED, label="劳务汇算可退", label_en="Refund at the settlement as a contractor")
def contractor_refund(contractor_withheld: Amount, contractor_tax: Amount) -> Amount:
    """What was withheld too much and has to be asked back; 0 if nothing was."""
    return atleast(contractor_withheld - contractor_tax, 0)


@law(TAXED, label="劳务到手", label_en="Left as a contractor")
def contractor_net(gross: Amount, own_insurance: Amount, contractor_tax: Amount) -> Amount:
    """Labour income less own insurance and tax, after the settlement."""
    return gross - own_insurance - contractor_tax


@law(TAXED, label="做劳务比当雇员多到手（负数为少）", label_en="More left as a contractor (negative: less)")
def difference(contractor_net: Amount, employee_net: Amount) -> Amount:
    """What is left as a contractor less what is left as an employee."""
    return contractor_net - employee_net
