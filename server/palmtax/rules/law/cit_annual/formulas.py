"""Corporate income tax of the year: from the profit of the books to the balance, fen.

Every limit is rounded half up to the fen; oldest carry-overs are used first and lapse first.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    LawRates,
    Portion,
    YesNo,
    atleast,
    atmost,
    either,
    law,
    opposite,
    part,
    where,
)

INCOME = "企业所得税法 第五条"
NOT_DEDUCTIBLE = "企业所得税法 第十条"
ENTERTAINMENT = "企业所得税法实施条例 第四十三条"
ADVERTISING = (
    "企业所得税法实施条例 第四十四条",
    "财政部 税务总局公告2025年第16号 第一条",
    "财政部 税务总局公告2020年第43号 第一条",
    "财税〔2017〕41号 第一条",
)
WELFARE = "企业所得税法实施条例 第四十条"
UNION = "企业所得税法实施条例 第四十一条"
EDUCATION = ("企业所得税法实施条例 第四十二条", "财税〔2018〕51号 第一条")
DONATION = ("企业所得税法 第九条", "企业所得税法实施条例 第五十三条", "财税〔2018〕15号 第四条")
RESEARCH = (
    "企业所得税法 第三十条",
    "财政部 税务总局公告2023年第7号 第一条",
    "财政部 税务总局公告2023年第44号 第一条",
    "财政部 税务总局公告2021年第6号 第一条",
    "财政部 税务总局公告2021年第13号 第一条",
    "财税〔2018〕99号 第一条",
)
EQUIPMENT = (
    "企业所得税法 第三十二条",
    "财政部 税务总局公告2023年第37号 第一条",
    "财政部 税务总局公告2021年第6号 第一条",
    "财税〔2018〕54号 第一条",
)
LOSSES = ("企业所得税法 第十八条", "财税〔2018〕76号 第一条")
RATES = ("企业所得税法 第四条", "企业所得税法 第二十八条")
WEST = ("财政部 税务总局公告2020年第23号 第一条", "财税〔2011〕58号 第二条")
CREDIT = ("企业所得税法 第二十三条", "企业所得税法实施条例 第七十八条")
SETTLED = "企业所得税法 第五十四条"


@law(ENTERTAINMENT, label="业务招待费可扣除额", label_en="Entertainment that counts")
def entertainment_allowed(
    entertainment_spent: Amount, revenue: Amount, entertainment_share: LawRate, entertainment_revenue_rate: LawRate
) -> Amount:
    """The smaller of 60% of what was spent and 5 per mille of revenue."""
    return atmost(entertainment_share.of(entertainment_spent), entertainment_revenue_rate.of(revenue))


@law(*ADVERTISING, label="广告费扣除限额", label_en="Limit of advertising")
def advertising_limit(revenue: Amount, advertising_kind: Choice, advertising_rate: LawRates) -> Amount:
    """The share of revenue that belongs to the industry; nothing for tobacco."""
    return advertising_rate.of(revenue, advertising_kind)


@law(*ADVERTISING, label="广告费可扣除额", label_en="Advertising that counts")
def advertising_allowed(
    advertising_spent: Amount, advertising_brought_forward: Amount, advertising_limit: Amount
) -> Amount:
    """This year's and earlier advertising, up to the limit."""
    return atmost(advertising_spent + advertising_brought_forward, advertising_limit)


@law(*ADVERTISING, label="结转以后年度的广告费", label_en="Advertising carried forward")
def advertising_carried(
    advertising_spent: Amount,
    advertising_brought_forward: Amount,
    advertising_allowed: Amount,
    advertising_kind: Choice,
) -> Amount:
    """What is over the limit, for later years without end; tobacco advertising is lost."""
    left = advertising_spent + advertising_brought_forward - advertising_allowed
    return where(opposite(advertising_kind.is_("tobacco")), left, 0)


@law(WELFARE, label="职工福利费可扣除额", label_en="Staff welfare that counts")
def welfare_allowed(welfare_spent: Amount, payroll: Amount, welfare_rate: LawRate) -> Amount:
    """Up to 14% of the payroll."""
    return atmost(welfare_spent, welfare_rate.of(payroll))


@law(UNION, label="工会经费可扣除额", label_en="Union fees that count")
def union_fee_allowed(union_fee_spent: Amount, payroll: Amount, union_fee_rate: LawRate) -> Amount:
    """Up to 2% of the payroll."""
    return atmost(union_fee_spent, union_fee_rate.of(payroll))


@law(*EDUCATION, label="职工教育经费可扣除额", label_en="Staff education that counts")
def education_allowed(
    education_spent: Amount, education_brought_forward: Amount, payroll: Amount, education_rate: LawRate
) -> Amount:
    """This year's and earlier costs, up to 8% of the payroll."""
    return atmost(education_spent + education_brought_forward, education_rate.of(payroll))


@law(*EDUCATION, label="结转以后年度的职工教育经费", label_en="Staff education carried forward")
def education_carried(education_spent: Amount, education_brought_forward: Amount, education_allowed: Amount) -> Amount:
    """What is over the limit, for later years."""
    return education_spent + education_brought_forward - education_allowed


@law(*DONATION, label="公益性捐赠扣除限额", label_en="Limit of donations")
def donation_limit(profit: Amount, donation_rate: LawRate) -> Amount:
    """12% of the profit of the books; nothing in a year of loss."""
    return donation_rate.of(atleast(profit, 0))


@law(*DONATION, label="公益性捐赠可扣除额", label_en="Donations that count")
def donation_allowed(
    donation_spent: Amount, donation_third_year: Amount, donation_brought_forward: Amount, donation_limit: Amount
) -> Amount:
    """Earlier donations first, then this year's, up to the limit."""
    return atmost(donation_third_year + donation_brought_forward + donation_spent, donation_limit)


@law(*DONATION, label="结转以后三年的捐赠", label_en="Donations carried forward")
def donation_carried(
    donation_spent: Amount,
    donation_third_year: Amount,
    donation_brought_forward: Amount,
    donation_limit: Amount,
    donation_allowed: Amount,
) -> Amount:
    """What is over the limit; donations of three years ago that are still unused lapse."""
    lapsed = atleast(donation_third_year - donation_limit, 0)
    return donation_third_year + donation_brought_forward + donation_spent - donation_allowed - lapsed


@law(NOT_DEDUCTIBLE, label="不得扣除的支出", label_en="Costs that do not count")
def nondeductible(
    fines_and_late_fees: Amount, sponsorship: Amount, provisions: Amount, other_nondeductible: Amount
) -> Amount:
    """Fines, late fees, sponsorship, unapproved provisions and the rest."""
    return fines_and_late_fees + sponsorship + provisions + other_nondeductible


@law(*EQUIPMENT, label="设备一次性扣除调减额", label_en="Equipment deducted at once")
def equipment_deduction(
    equipment_cost: Amount,
    equipment_dearest_item: Amount,
    equipment_unit_limit: Amount,
    equipment_depreciation: Amount,
) -> Amount:
    """Cost less the depreciation already booked; nothing when one item is dearer than the limit."""
    rest = atleast(equipment_cost - equipment_depreciation, 0)
    return where(equipment_dearest_item <= equipment_unit_limit, rest, 0)


@law(*RESEARCH, label="研发费用加计比例", label_en="Addition to R&D costs")
def rd_share(rd_kind: Choice, rd_rate: LawRates, rd_extra_rate: LawRates) -> Portion:
    """The addition for all, and the extra points of favoured industries."""
    return rd_rate.at(rd_kind) + rd_extra_rate.at(rd_kind)


@law(*RESEARCH, label="研发费用加计扣除额", label_en="R&D super deduction")
def rd_deduction(rd_spent: Amount, rd_amortised: Amount, rd_share: Portion) -> Amount:
    """The addition to R&D costs of the year and to the amortisation of capitalised R&D, rounded half up."""
    return rd_share.of(rd_spent + rd_amortised)


@law(INCOME, ENTERTAINMENT, *ADVERTISING, label="业务招待费、广告费调整", label_en="Entertainment and advertising")
def selling_adjustment(
    entertainment_spent: Amount, entertainment_allowed: Amount, advertising_spent: Amount, advertising_allowed: Amount
) -> Amount:
    """What was spent less what counts; negative when earlier advertising is used."""
    return entertainment_spent - entertainment_allowed + advertising_spent - advertising_allowed


@law(INCOME, WELFARE, UNION, *EDUCATION, label="职工福利、工会、教育经费调整", label_en="Staff costs")
def staff_adjustment(
    welfare_spent: Amount,
    welfare_allowed: Amount,
    union_fee_spent: Amount,
    union_fee_allowed: Amount,
    education_spent: Amount,
    education_allowed: Amount,
) -> Amount:
    """What was spent less what counts; negative when earlier education costs are used."""
    welfare = welfare_spent - welfare_allowed
    return welfare + union_fee_spent - union_fee_allowed + education_spent - education_allowed


@law(INCOME, *DONATION, label="捐赠调整", label_en="Donations")
def donation_adjustment(donation_spent: Amount, donation_allowed: Amount) -> Amount:
    """What was given less what counts; negative when earlier donations are used."""
    return donation_spent - donation_allowed


@law(INCOME, "企业所得税法 第七条", "企业所得税法 第二十六条", label="纳税调整后所得", label_en="Adjusted profit")
def adjusted_profit(
    profit: Amount,
    selling_adjustment: Amount,
    staff_adjustment: Amount,
    donation_adjustment: Amount,
    nondeductible: Amount,
    equipment_added_back: Amount,
    equipment_deduction: Amount,
    untaxed_income: Amount,
    exempt_income: Amount,
    rd_deduction: Amount,
) -> Amount:
    """Profit with all adjustments, before earlier losses; negative for a loss of the year."""
    added = selling_adjustment + staff_adjustment + donation_adjustment + nondeductible + equipment_added_back
    return profit + added - equipment_deduction - untaxed_income - exempt_income - rd_deduction


@law(*LOSSES, label="亏损结转年限", label_en="Years that losses may be carried")
def loss_years(
    is_high_tech: YesNo, is_technology_sme: YesNo, loss_years_high_tech: Count, loss_years_ordinary: Count
) -> Count:
    """Ten for high-tech enterprises and technology SMEs, else five."""
    return where(either(is_high_tech, is_technology_sme), loss_years_high_tech, loss_years_ordinary)


@law(*LOSSES, label="最后一年可用的亏损", label_en="Losses in their last year")
def oldest_loss(
    loss_years: Count, loss_years_ordinary: Count, loss_10_years_ago: Amount, loss_5_years_ago: Amount
) -> Amount:
    """The loss that lapses after this year: of ten or of five years ago."""
    return where(loss_years > loss_years_ordinary, loss_10_years_ago, loss_5_years_ago)


@law(*LOSSES, label="可弥补的以前年度亏损", label_en="Losses that may be used")
def losses_usable(
    loss_1_year_ago: Amount,
    loss_2_years_ago: Amount,
    loss_3_years_ago: Amount,
    loss_4_years_ago: Amount,
    loss_5_years_ago: Amount,
    loss_6_to_9_years_ago: Amount,
    loss_10_years_ago: Amount,
    loss_years: Count,
    loss_years_ordinary: Count,
) -> Amount:
    """Losses within the years that count."""
    five = loss_1_year_ago + loss_2_years_ago + loss_3_years_ago + loss_4_years_ago + loss_5_years_ago
    return five + where(loss_years > loss_years_ordinary, loss_6_to_9_years_ago + loss_10_years_ago, 0)


@law(*LOSSES, label="弥补以前年度亏损", label_en="Losses used")
def loss_used(losses_usable: Amount, adjusted_profit: Amount) -> Amount:
    """At most the adjusted profit, never below 0."""
    return atmost(losses_usable, atleast(adjusted_profit, 0))


@law(*LOSSES, label="结转以后年度的亏损", label_en="Losses carried forward")
def losses_carried(losses_usable: Amount, loss_used: Amount, oldest_loss: Amount, adjusted_profit: Amount) -> Amount:
    """Unused losses without those that lapse, and the loss of this year."""
    of_this_year = atleast(adjusted_profit, 0) - adjusted_profit
    return losses_usable - loss_used - atleast(oldest_loss - loss_used, 0) + of_this_year


@law(INCOME, label="应纳税所得额", label_en="Taxable income")
def taxable_income(adjusted_profit: Amount, loss_used: Amount) -> Amount:
    """What is taxed, never below 0."""
    return atleast(adjusted_profit - loss_used, 0)


@law(*RATES, label="按小型微利企业计税", label_en="Taxed as a small low-profit enterprise")
def is_small(cit_small__is_small: YesNo) -> YesNo:
    """Whether the year passes the small low-profit test."""
    return cit_small__is_small


@law(*RATES, *WEST, label="非小型微利企业的适用税率", label_en="Rate unless small")
def rate(
    is_high_tech: YesNo,
    is_western: YesNo,
    high_tech_rate: LawRate,
    western_rate: LawRate,
    cit_small__standard_rate: LawRate,
) -> Portion:
    """15% for high-tech and western enterprises, else 25%; a small enterprise has its own lines."""
    western = where(is_western, western_rate.portion(), cit_small__standard_rate.portion())
    return where(is_high_tech, high_tech_rate.portion(), western)


@law(*RATES, *WEST, label="应纳税额", label_en="Tax before credits")
def tax_before_credit(
    is_small: YesNo,
    is_high_tech: YesNo,
    is_western: YesNo,
    taxable_income: Amount,
    cit_small__tax: Amount,
    high_tech_rate: LawRate,
    western_rate: LawRate,
) -> Amount:
    """The small tax where the test is passed, else the rate on all of the income, rounded half up to the fen."""
    western = where(is_western, western_rate.of(taxable_income), cit_small__tax)
    high = where(is_high_tech, high_tech_rate.of(taxable_income), western)
    return where(is_small, cit_small__tax, high)


@law(*RATES, *WEST, label="本年减免所得税额", label_en="Spared by lower rates")
def relief(cit_small__standard_tax: Amount, tax_before_credit: Amount) -> Amount:
    """What lower rates spare against the standard rate."""
    return cit_small__standard_tax - tax_before_credit


@law(*CREDIT, label="计入应税的境外所得", label_en="Income from abroad that is taxed")
def foreign_taxed(foreign_income: Amount, taxable_income: Amount) -> Amount:
    """Income from abroad, at most the taxable income."""
    return atmost(foreign_income, taxable_income)


@law(*CREDIT, label="小型微利企业抵免限额", label_en="Limit of the credit of a small enterprise")
def small_credit_limit(
    is_small: YesNo,
    tax_before_credit: Amount,
    foreign_taxed: Amount,
    taxable_income: Amount,
    cit_small__income_limit: Amount,
) -> Amount:
    """Tax × income from abroad ÷ taxable income; no sum of a small enterprise is above the income limit."""
    tax, abroad = atmost(tax_before_credit, cit_small__income_limit), atmost(foreign_taxed, cit_small__income_limit)
    return where(is_small, part(tax, abroad, atmost(taxable_income, cit_small__income_limit)), 0)


@law(*CREDIT, label="境外所得抵免限额", label_en="Limit of the foreign tax credit")
def foreign_credit_limit(
    is_small: YesNo,
    is_high_tech: YesNo,
    is_western: YesNo,
    small_credit_limit: Amount,
    foreign_taxed: Amount,
    high_tech_rate: LawRate,
    western_rate: LawRate,
    cit_small__standard_rate: LawRate,
) -> Amount:
    """The part of the tax that falls on income from abroad, all countries together, rounded half up to the fen."""
    western = where(is_western, western_rate.of(foreign_taxed), cit_small__standard_rate.of(foreign_taxed))
    high = where(is_high_tech, high_tech_rate.of(foreign_taxed), western)
    return where(is_small, small_credit_limit, high)


@law(*CREDIT, label="境外所得税抵免额", label_en="Foreign tax credit")
def foreign_credit(foreign_tax_paid: Amount, foreign_credit_limit: Amount) -> Amount:
    """Tax paid abroad, up to the limit; the rest may be used within five years."""
    return atmost(foreign_tax_paid, foreign_credit_limit)


@law(*RATES, label="实际应纳所得税额", label_en="Corporate income tax of the year")
def tax(tax_before_credit: Amount, foreign_credit: Amount) -> Amount:
    """The tax of the year."""
    return tax_before_credit - foreign_credit


@law(SETTLED, label="应补（退）税额", label_en="Balance")
def balance(tax: Amount, prepaid: Amount) -> Amount:
    """Tax less prepayments; negative when something is paid back."""
    return tax - prepaid


@law(SETTLED, label="应补税额", label_en="To pay")
def to_pay(balance: Amount) -> Amount:
    """The balance where it is owed."""
    return atleast(balance, 0)


@law(SETTLED, label="应退税额", label_en="To be paid back")
def to_refund(tax: Amount, prepaid: Amount) -> Amount:
    """The balance where it is paid back."""
    return atleast(prepaid - tax, 0)
