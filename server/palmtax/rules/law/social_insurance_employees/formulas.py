"""Social insurance of one employee for a month: base by branch within the local limits, both parts, fen.

Each contribution is rounded half up to the fen by itself.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRates, LawTable, Portion, YesNo, atleast, atmost, both, law

PENSION = "社会保险法 第十二条"
MEDICAL = "社会保险法 第二十三条"
INJURY = "社会保险法 第三十五条"
UNEMPLOYMENT = "社会保险法 第四十四条"
MATERNITY = "社会保险法 第五十三条"
HOUSING = "住房公积金管理条例 第十六条"
WITHHELD = "社会保险法 第六十条"
LIMITS = "国办发〔2019〕13号 第三条"


def within(wage: Amount, region: Choice, lowest: LawTable, highest: LawTable) -> Amount:
    """The wage, at least the lowest and at most the highest base of the place."""
    floor: Amount = lowest.at(region)
    ceiling: Amount = highest.at(region)
    return atmost(atleast(wage, floor), ceiling)


@law(PENSION, LIMITS, label="养老缴费基数", label_en="Pension base")
def pension_base(wage: Amount, region: Choice, pension_lowest_base: LawTable, pension_highest_base: LawTable) -> Amount:
    """The wage within the limits of the pension branch."""
    return within(wage, region, pension_lowest_base, pension_highest_base)


@law(MEDICAL, label="医疗缴费基数", label_en="Medical base")
def medical_base(wage: Amount, region: Choice, medical_lowest_base: LawTable, medical_highest_base: LawTable) -> Amount:
    """The wage within the limits of the medical branch; maternity has the same."""
    return within(wage, region, medical_lowest_base, medical_highest_base)


@law(UNEMPLOYMENT, label="失业、工伤缴费基数", label_en="Unemployment and work-injury base")
def unemployment_base(
    wage: Amount, region: Choice, unemployment_lowest_base: LawTable, unemployment_highest_base: LawTable
) -> Amount:
    """The wage within the limits of the unemployment branch; work injury has the same."""
    return within(wage, region, unemployment_lowest_base, unemployment_highest_base)


@law(HOUSING, label="公积金缴存基数", label_en="Housing fund base")
def housing_base(wage: Amount, region: Choice, housing_lowest_base: LawTable, housing_highest_base: LawTable) -> Amount:
    """The wage within the limits of the housing fund."""
    return within(wage, region, housing_lowest_base, housing_highest_base)


@law(PENSION, label="养老（单位）", label_en="Pension, employer")
def pension_employer(pension_base: Amount, region: Choice, pension_employer_rate: LawRates) -> Amount:
    """The employer's pension contribution."""
    return pension_employer_rate.of(pension_base, region)


@law(PENSION, label="养老（个人）", label_en="Pension, employee")
def pension_employee(pension_base: Amount, region: Choice, pension_employee_rate: LawRates) -> Amount:
    """The employee's pension contribution."""
    return pension_employee_rate.of(pension_base, region)


@law(MEDICAL, label="医疗（单位）", label_en="Medical, employer")
def medical_employer(medical_base: Amount, region: Choice, medical_employer_rate: LawRates) -> Amount:
    """The employer's medical contribution."""
    return medical_employer_rate.of(medical_base, region)


@law(MEDICAL, label="医疗（个人）", label_en="Medical, employee")
def medical_employee(medical_base: Amount, region: Choice, medical_employee_rate: LawRates) -> Amount:
    """The employee's medical contribution."""
    return medical_employee_rate.of(medical_base, region)


@law(MATERNITY, label="生育（单位）", label_en="Maternity, employer")
def maternity_employer(medical_base: Amount, region: Choice, maternity_employer_rate: LawRates) -> Amount:
    """The employer's maternity contribution; 0 where the medical rate includes it."""
    return maternity_employer_rate.of(medical_base, region)


@law(UNEMPLOYMENT, label="失业（单位）", label_en="Unemployment, employer")
def unemployment_employer(unemployment_base: Amount, region: Choice, unemployment_employer_rate: LawRates) -> Amount:
    """The employer's unemployment contribution."""
    return unemployment_employer_rate.of(unemployment_base, region)


@law(UNEMPLOYMENT, label="失业（个人）", label_en="Unemployment, employee")
def unemployment_employee(unemployment_base: Amount, region: Choice, unemployment_employee_rate: LawRates) -> Amount:
    """The employee's unemployment contribution."""
    return unemployment_employee_rate.of(unemployment_base, region)


@law(INJURY, "工伤保险条例 第八条", label="工伤（单位）", label_en="Work injury, employer")
def injury_employer(unemployment_base: Amount, injury_rate: Portion) -> Amount:
    """The employer's work-injury contribution at the rate of its notice."""
    return injury_rate.of(unemployment_base)


@law("工伤保险条例 第八条", label="工伤费率在本地幅度内", label_en="Work-injury rate within the local range")
def is_injury_rate_in_range(
    injury_rate: Portion, region: Choice, injury_lowest_rate: LawRates, injury_highest_rate: LawRates
) -> YesNo:
    """Whether the rate lies within the local range, its ends included; the employer's notice counts all the same."""
    return both(injury_rate >= injury_lowest_rate.at(region), injury_rate <= injury_highest_rate.at(region))


@law(HOUSING, label="公积金（单位）", label_en="Housing fund, employer")
def housing_employer(housing_base: Amount, housing_fund_rate: Portion) -> Amount:
    """The employer's part of the housing fund."""
    return housing_fund_rate.of(housing_base)


@law(HOUSING, label="公积金（个人）", label_en="Housing fund, employee")
def housing_employee(housing_base: Amount, housing_fund_rate: Portion) -> Amount:
    """The employee's part of the housing fund, the same as the employer's."""
    return housing_fund_rate.of(housing_base)


@law(WITHHELD, label="单位缴纳合计", label_en="Employer in all")
def employer_total(
    pension_employer: Amount,
    medical_employer: Amount,
    maternity_employer: Amount,
    unemployment_employer: Amount,
    injury_employer: Amount,
    housing_employer: Amount,
) -> Amount:
    """What the employer adds to the wage."""
    health = medical_employer + maternity_employer + injury_employer
    return pension_employer + health + unemployment_employer + housing_employer


@law(WITHHELD, label="个人缴纳合计", label_en="Employee in all")
def employee_total(
    pension_employee: Amount, medical_employee: Amount, unemployment_employee: Amount, housing_employee: Amount
) -> Amount:
    """What is withheld from the wage."""
    return pension_employee + medical_employee + unemployment_employee + housing_employee


@law(WITHHELD, label="应缴合计", label_en="Both parts")
def all_total(employer_total: Amount, employee_total: Amount) -> Amount:
    """What is paid for the employee in all."""
    return employer_total + employee_total
