"""What a worker costs the employer in a month and what the worker takes home, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, YesNo, law, where

PAID = "社会保险法 第六十条"
UNION = "工会法 第四十三条"


@law(PAID, UNION, label="单位负担的费用", label_en="Employer's part")
def employer_part(
    social_insurance_employees__employer_total: Amount, union_fee__due: Amount, has_union_fee: YesNo
) -> Amount:
    """Social insurance and housing fund of the employer, and union fees where they are paid."""
    return social_insurance_employees__employer_total + where(has_union_fee, union_fee__due, 0)


@law(PAID, label="个人扣缴的费用", label_en="Employee's part")
def employee_part(social_insurance_employees__employee_total: Amount, income_tax: Amount) -> Amount:
    """Social insurance and housing fund of the employee, and income tax where it was given."""
    return social_insurance_employees__employee_total + income_tax


@law(PAID, label="单位用工成本", label_en="Cost to the employer")
def employer_cost(wage: Amount, employer_part: Amount) -> Amount:
    """Wage and the employer's part."""
    return wage + employer_part


@law(PAID, label="个人到手", label_en="Take-home pay")
def take_home(wage: Amount, employee_part: Amount) -> Amount:
    """Wage less the employee's part; may be negative for a very low wage, since bases have a floor."""
    return wage - employee_part


@law(PAID, label="成本与到手的差额", label_en="Between cost and take-home pay")
def wedge(employer_cost: Amount, take_home: Amount) -> Amount:
    """What is paid beyond what reaches the worker."""
    return employer_cost - take_home
