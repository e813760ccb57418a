"""The seven special additional deductions of a year, from children, months and shares; fen.

Fixed sums times people times months; a share of a couple is rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRates,
    LawTable,
    YesNo,
    atleast,
    atmost,
    both,
    either,
    law,
    times,
    where,
)

CHILD = ("国发〔2023〕13号 第二条", "国发〔2018〕41号 第五条")
COUPLE = "国发〔2018〕41号 第六条"
INFANT = ("国发〔2023〕13号 第一条", "国发〔2022〕8号 第一条", "国发〔2018〕41号 第二条")
ELDERLY = ("国发〔2023〕13号 第三条", "国发〔2018〕41号 第二十二条")
STUDIES = "国发〔2018〕41号 第八条"
MEDICAL = "国发〔2018〕41号 第十一条"
LOAN = "国发〔2018〕41号 第十四条"
RENT = "国发〔2018〕41号 第十七条"
EITHER_HOME = "国发〔2018〕41号 第二十条"
SEVEN = "国发〔2018〕41号 第二条"


@law(*CHILD, COUPLE, label="子女教育扣除", label_en="Education of children")
def child_education(
    children: Count,
    child_months: Count,
    child_share: Choice,
    child_education_month: Amount,
    share_of_couple: LawRates,
) -> Amount:
    """The fixed sum for each child and month, and the share of it that this parent deducts."""
    whole: Amount = times(times(child_education_month, children), child_months)
    return share_of_couple.of(whole, child_share)


@law(*INFANT, COUPLE, label="婴幼儿照护扣除", label_en="Care of infants")
def infant_care(
    infants: Count, infant_months: Count, infant_share: Choice, infant_care_month: Amount, share_of_couple: LawRates
) -> Amount:
    """The fixed sum for each infant and month, and the share of it that this parent deducts."""
    whole: Amount = times(times(infant_care_month, infants), infant_months)
    return share_of_couple.of(whole, infant_share)


@law(*ELDERLY, label="赡养老人分摊符合上限", label_en="Shares of the care of parents within their caps")
def is_elderly_valid(
    elderly: Choice,
    elderly_agreed: Amount,
    elderly_others: Amount,
    siblings: Count,
    elderly_month: Amount,
    elderly_share_cap: Amount,
) -> YesNo:
    """Whether nobody takes more than one share, and all together not more than the whole."""
    is_own_in_cap = elderly_agreed <= elderly_share_cap
    is_rest_in_cap = elderly_others <= times(elderly_share_cap, siblings)
    is_whole_in_cap = elderly_agreed + elderly_others <= elderly_month
    return either(elderly.is_in("none", "only_child"), both(is_own_in_cap, is_rest_in_cap, is_whole_in_cap))


@law(*ELDERLY, label="赡养老人每月扣除", label_en="Care of parents a month")
def elderly_monthly(elderly: Choice, elderly_agreed: Amount, is_elderly_valid: YesNo, elderly_month: Amount) -> Amount:
    """The whole for an only child; else the agreed share, or nothing when the shares break their caps."""
    shared = where(both(elderly.is_("shared"), is_elderly_valid), elderly_agreed, 0)
    return where(elderly.is_("only_child"), elderly_month, shared)


@law(*ELDERLY, label="赡养老人扣除", label_en="Care of parents")
def elderly_care(elderly_monthly: Amount, elderly_months: Count) -> Amount:
    """The monthly sum for the months of care."""
    year: Amount = times(elderly_monthly, elderly_months)
    return year


@law(STUDIES, label="继续教育扣除", label_en="Continuing education")
def continuing_education(
    degree_months: Count,
    degree_months_before: Count,
    has_certificate: YesNo,
    degree_month: Amount,
    degree_months_cap: Count,
    certificate_year: Amount,
) -> Amount:
    """Months of studies within the limit of one degree, and the sum of the year of a certificate."""
    months = atmost(degree_months, atleast(degree_months_cap - degree_months_before, 0))
    studies: Amount = times(degree_month, months)
    return studies + where(has_certificate, certificate_year, 0)


@law(LOAN, COUPLE, label="住房贷款利息扣除（可选）", label_en="Loan interest, if chosen")
def loan_interest(
    loan_months: Count,
    loan_months_before: Count,
    loan_share: Choice,
    loan_month: Amount,
    loan_months_cap: Count,
    share_of_couple: LawRates,
) -> Amount:
    """Months of interest within the limit, and the share of it that this person deducts."""
    months = atmost(loan_months, atleast(loan_months_cap - loan_months_before, 0))
    whole: Amount = times(loan_month, months)
    return share_of_couple.of(whole, loan_share)


@law(RENT, label="住房租金扣除（可选）", label_en="Rent, if chosen")
def rent(rent_months: Count, rent_place: Choice, rent_month: LawTable) -> Amount:
    """The fixed sum of the city for the months of rent."""
    year: Amount = times(rent_month.at(rent_place), rent_months)
    return year


@law(EITHER_HOME, label="房贷利息与租金只能选一项", label_en="Only one of loan interest and rent")
def has_housing_conflict(loan_interest: Amount, rent: Amount) -> YesNo:
    """Whether both are claimed in the year, which the law does not allow."""
    return both(loan_interest > 0, rent > 0)


@law(EITHER_HOME, label="住房扣除（较大的一项）", label_en="Housing (the larger of the two)")
def housing(loan_interest: Amount, rent: Amount) -> Amount:
    """Loan interest or rent, whichever is more."""
    return atleast(loan_interest, rent)


@law(MEDICAL, label="大病医疗扣除", label_en="Serious illness")
def medical(
    medical_self_paid: Amount,
    medical_spouse: Amount,
    medical_child: Amount,
    iit_year__medical_floor: Amount,
    iit_year__medical_cap: Amount,
) -> Amount:
    """For each person what was paid above the floor, up to the cap; deducted at the settlement only."""
    own, spouse, child = (
        atmost(atleast(paid - iit_year__medical_floor, 0), iit_year__medical_cap)
        for paid in (medical_self_paid, medical_spouse, medical_child)
    )
    return own + spouse + child


@law(SEVEN, label="可按月扣除的合计", label_en="Items deducted month by month")
def monthly_items(
    child_education: Amount, infant_care: Amount, elderly_care: Amount, continuing_education: Amount, housing: Amount
) -> Amount:
    """All items of the year but serious illness."""
    return child_education + infant_care + elderly_care + continuing_education + housing


@law(SEVEN, label="全年专项附加扣除", label_en="Additional deductions of the year")
def deduction(monthly_items: Amount, medical: Amount) -> Amount:
    """All items of the year."""
    return monthly_items + medical
