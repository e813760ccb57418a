"""Tax withheld from wages by the cumulative method, with first jobs, small wages and student interns.

All amounts are fen; rows run from January to December. Tax by a scale, and the expenses of interns, are rounded half
up to the fen. Months are counted in money: the basic deduction by a month is that from January, less what belongs to
the months before the first wage here.
"""

from __future__ import annotations

from collections.abc import Generator

from palmtax.rules.language import (
    Amount,
    Count,
    LawRate,
    Row,
    Scale,
    YesNo,
    atleast,
    atmost,
    both,
    law,
    nothing,
    opposite,
    running,
    times,
    total,
    where,
)

WITHHELD = "国家税务总局公告2018年第61号 第六条"
PER_TIME = "国家税务总局公告2018年第61号 第八条"
FIRST_JOB = "国家税务总局公告2020年第13号 第一条"
INTERN = "国家税务总局公告2020年第13号 第二条"
AT_ONCE = "国家税务总局公告2020年第19号 第一条"
SCALE = "个人所得税法 第三条"
COUNTED = "个人所得税法 第六条"


@law(COUNTED, PER_TIME, label="本月计入的收入", label_en="Income counted in the month")
def counted_income(
    wage: Row, exempt_income: Row, is_student_intern: YesNo, iit_year__expense_rate: LawRate
) -> list[Amount]:
    """Wage less exempt income, not below 0; of interns less 20% expenses, rounded half up to the fen."""
    taxed = [atleast(paid - exempt, 0) for paid, exempt in zip(wage, exempt_income, strict=True)]
    return [where(is_student_intern, income - iit_year__expense_rate.of(income), income) for income in taxed]


@law(WITHHELD, label="累计收入", label_en="Cumulative income")
def cumulative_income(counted_income: Row) -> list[Amount]:
    """Income counted from January to the month."""
    return running(counted_income)


@law(WITHHELD, AT_ONCE, label="一次扣足全年减除费用", label_en="Whole basic deduction at once")
def is_whole_year(
    is_prior_year_whole: YesNo,
    prior_year_wage: Amount,
    whole_year_limit: Amount,
    is_whole_year_at_once: YesNo,
    is_student_intern: YesNo,
) -> YesNo:
    """Whether last year's wage here, declared in every month, was at most the limit."""
    is_small = prior_year_wage <= whole_year_limit
    return both(is_whole_year_at_once, is_prior_year_whole, is_small, opposite(is_student_intern))


@law(WITHHELD, FIRST_JOB, label="减除费用从一月算起", label_en="Basic deduction counts from January")
def is_from_january(is_first_job: YesNo, is_first_job_counted: YesNo, is_student_intern: YesNo) -> YesNo:
    """Whether the months of the year before the first job count too."""
    return both(is_first_job, is_first_job_counted, opposite(is_student_intern))


@law(WITHHELD, label="从一月累计的减除费用", label_en="Basic deduction counted from January")
def deduction_from_january(wage: Row, iit_year__basic_deduction_month: Amount) -> Generator[Amount, Amount, None]:
    """The monthly deduction for every month of the year so far."""
    before = nothing(iit_year__basic_deduction_month)
    for _ in wage:
        before = yield before + iit_year__basic_deduction_month


@law(WITHHELD, FIRST_JOB, label="任职前月份不计的减除费用", label_en="Basic deduction of the months before the job")
def deduction_before_job(start_month: Count, is_from_january: YesNo, iit_year__basic_deduction_month: Amount) -> Amount:
    """The monthly deduction of the months before the first wage here; 0 where they count too."""
    before: Amount = times(iit_year__basic_deduction_month, start_month) - iit_year__basic_deduction_month
    return where(is_from_january, nothing(before), before)


@law(WITHHELD, FIRST_JOB, AT_ONCE, label="累计减除费用", label_en="Cumulative basic deduction")
def cumulative_basic_deduction(
    deduction_from_january: Row,
    deduction_before_job: Amount,
    start_month: Count,
    end_month: Count,
    is_whole_year: YesNo,
    iit_year__basic_deduction_month: Amount,
    iit_annual__basic_deduction_year: Amount,
) -> list[Amount]:
    """The deduction of the months of employment so far, or from January, or that of the year at once."""
    by_start: Amount = times(iit_year__basic_deduction_month, start_month)
    by_end: Amount = times(iit_year__basic_deduction_month, end_month)
    found = []
    for by_now in deduction_from_january:
        counted = atleast(atmost(by_now, by_end) - deduction_before_job, 0)
        so_far = where(by_now < by_start, nothing(counted), counted)
        found.append(where(is_whole_year, iit_annual__basic_deduction_year, so_far))
    return found


@law(WITHHELD, INTERN, label="累计专项扣除、附加扣除和其他扣除", label_en="Cumulative claims")
def cumulative_claims(
    social_insurance: Row, additional_deductions: Row, other_deductions: Row, is_student_intern: YesNo
) -> Generator[Amount, Amount, None]:
    """Insurance, additional and other deductions from January to the month; none for interns."""
    before: Amount = nothing(social_insurance.first)
    months = zip(social_insurance, additional_deductions, other_deductions, strict=True)
    for insured, additional, other in months:
        before = yield before + where(is_student_intern, nothing(before), insured + additional + other)


@law(WITHHELD, INTERN, label="累计扣除", label_en="Cumulative deductions")
def cumulative_deductions(cumulative_basic_deduction: Row, cumulative_claims: Row) -> list[Amount]:
    """Basic deduction and claims from January to the month."""
    return [basic + claims for basic, claims in zip(cumulative_basic_deduction, cumulative_claims, strict=True)]


@law(WITHHELD, label="累计应纳税所得额", label_en="Cumulative taxable income")
def cumulative_taxable_income(cumulative_income: Row, cumulative_deductions: Row) -> list[Amount]:
    """Income less deductions so far; never below 0."""
    months = zip(cumulative_income, cumulative_deductions, strict=True)
    return [atleast(income - deductions, 0) for income, deductions in months]


@law(WITHHELD, SCALE, label="累计应纳税额", label_en="Cumulative tax")
def cumulative_tax(
    cumulative_taxable_income: Row, tax_relief: Row, iit_year__comprehensive_scale: Scale
) -> list[Amount]:
    """Tax so far by the yearly scale, rounded half up to the fen, less reliefs so far."""
    months = zip(cumulative_taxable_income, running(tax_relief), strict=True)
    return [iit_year__comprehensive_scale.tax(income) - relief for income, relief in months]


@law(PER_TIME, label="按次预扣的税额（实习学生旧办法）", label_en="Tax per time (interns, older method)")
def per_time_tax(
    wage: Row,
    is_student_intern: YesNo,
    iit_year__expense_rate: LawRate,
    iit_labour__small_limit: Amount,
    iit_labour__small_expense: Amount,
    iit_labour__labour_scale: Scale,
) -> list[Amount]:
    """What the ordinary method for labour income takes from an intern each month, rounded half up to the fen."""
    found = []
    for paid in wage:
        expenses = where(paid <= iit_labour__small_limit, iit_labour__small_expense, iit_year__expense_rate.of(paid))
        tax = iit_labour__labour_scale.tax(atleast(paid - expenses, 0))
        found.append(where(is_student_intern, tax, 0))
    return found


@law(WITHHELD, INTERN, label="本月预扣税额", label_en="Withheld in the month")
def withheld(
    cumulative_tax: Row, per_time_tax: Row, is_student_intern: YesNo, is_intern_cumulative: YesNo
) -> Generator[Amount, Amount, None]:
    """Tax so far less what was withheld before, not below 0; interns before the cumulative method: per time."""
    is_per_time = both(is_student_intern, opposite(is_intern_cumulative))
    before: Amount = nothing(cumulative_tax.first)
    for tax, per_time in zip(cumulative_tax, per_time_tax, strict=True):
        this = yield where(is_per_time, per_time, atleast(tax - before, 0))
        before = before + this


@law(WITHHELD, label="全年预扣税额", label_en="Withheld in the year")
def withheld_total(withheld: Row) -> Amount:
    """The months together."""
    year: Amount = total(withheld)
    return year


@law(WITHHELD, label="全年累计应纳税所得额", label_en="Taxable income at the end of the year")
def annual_taxable_income(cumulative_taxable_income: Row) -> Amount:
    """What is taxed by December."""
    december: Amount = cumulative_taxable_income.last
    return december


@law(WITHHELD, label="全年到手", label_en="Paid out in the year")
def net_total(wage: Row, social_insurance: Row, withheld_total: Amount) -> Amount:
    """Wages of the year less own social insurance and the tax withheld; negative only when more was kept than paid."""
    paid: Amount = total(wage)
    insured: Amount = total(social_insurance)
    return paid - insured - withheld_total
