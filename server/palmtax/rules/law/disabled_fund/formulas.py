"""The fund for the employment of persons with disabilities: head-count gap × wage, by steps, fen.

Head counts have four decimals, as on the form; the fee and what is paid of it are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Count,
    LawRate,
    Portion,
    Quantity,
    YesNo,
    atleast,
    atmost,
    law,
    opposite,
    ratio,
    times,
    where,
)

REQUIRED = "残疾人就业条例 第八条"
OWED = "财税〔2015〕72号 第六条"
FORMULA = "财税〔2015〕72号 第八条"
CAP = "财税〔2018〕39号 第一条"
STEPS = ("财政部公告2023年第8号 第一条", "财政部公告2019年第98号 第三条")
EXEMPT = ("财政部公告2023年第8号 第二条", "财政部公告2019年第98号 第四条")


@law(REQUIRED, label="应安排残疾人人数", label_en="Persons with disabilities required")
def required_staff(average_staff: Quantity, required_rate: LawRate) -> Quantity:
    """1.5% of the staff, rounded half up to four decimals."""
    return required_rate.of(average_staff)


@law(OWED, FORMULA, label="少安排人数", label_en="Persons short")
def gap(required_staff: Quantity, disabled_staff: Quantity) -> Quantity:
    """How many are missing, four decimals, never below 0."""
    return atleast(required_staff - disabled_staff, 0)


@law(FORMULA, CAP, label="计费平均工资", label_en="Wage that counts")
def counted_wage(average_wage: Amount, local_average_wage: Amount, wage_cap_multiple: Count) -> Amount:
    """The unit's average wage, at most twice the local average where that was given."""
    cap: Amount = times(local_average_wage, wage_cap_multiple)
    return where(local_average_wage > 0, atmost(average_wage, cap), average_wage)


@law(FORMULA, label="应缴费额", label_en="Fee before reliefs")
def fee(counted_wage: Amount, gap: Quantity) -> Amount:
    """Wage times persons short, rounded half up to the fen."""
    found: Amount = times(counted_wage, gap)
    return found


@law(FORMULA, label="实际安排比例", label_en="Share of staff with disabilities")
def employment_ratio(disabled_staff: Quantity, average_staff: Quantity) -> Portion:
    """For reading, four decimals; the step itself compares heads exactly."""
    return ratio(disabled_staff, average_staff)


@law(*EXEMPT, FORMULA, label="小规模单位免征", label_en="Exempt for its size")
def is_exempt(average_staff: Quantity, exempt_staff: Quantity) -> YesNo:
    """Whether the staff is at most 30."""
    return average_staff <= exempt_staff


@law(*STEPS, FORMULA, label="安排比例达到分档界线", label_en="Share reaches the step")
def is_step_reached(disabled_staff: Quantity, average_staff: Quantity, step_rate: LawRate) -> YesNo:
    """Whether at least 1% of the staff are persons with disabilities."""
    return disabled_staff >= step_rate.of(average_staff)


@law(OWED, *STEPS, *EXEMPT, label="应缴残疾人就业保障金", label_en="To pay")
def due(
    is_exempt: YesNo, fee: Amount, is_step_reached: YesNo, pay_rate_upper: LawRate, pay_rate_lower: LawRate
) -> Amount:
    """Half of the fee where the step is reached, else 90%, rounded half up to the fen; nothing for small staff."""
    by_step = where(is_step_reached, pay_rate_upper.of(fee), pay_rate_lower.of(fee))
    return where(opposite(is_exempt), by_step, 0)


@law(*STEPS, *EXEMPT, FORMULA, label="减免额", label_en="Spared")
def relief(fee: Amount, due: Amount) -> Amount:
    """What the steps and the exemption spare."""
    return fee - due
