"""Tax on interest, dividends, sales of property, leases, prizes and other chance income; fen, per time or month.

Shares, expenses and tax are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    LawRates,
    YesNo,
    atleast,
    atmost,
    both,
    either,
    law,
    nothing,
    where,
)

TAXED = "个人所得税法 第六条"
RATE = "个人所得税法 第三条"
HOUSING = "财税〔2008〕24号 第二条"
DIVIDEND = "财税〔2015〕101号 第一条"
REPAIRS = "国税发〔1994〕89号 六"
SALE = "个人所得税法实施条例 第十六条"
EXEMPT = (
    "财税字〔1998〕12号 正文",
    "财税〔2007〕34号 第一条",
    "财税〔2008〕132号 第一条",
    "财税字〔1998〕61号 正文",
)


@law(*EXEMPT, label="免税", label_en="Exempt")
def is_exempt(kind: Choice, income: Amount, lottery_exempt_limit: Amount, invoice_prize_limit: Amount) -> YesNo:
    """Savings interest and listed shares always; lottery and invoice prizes up to their limits."""
    is_small_lottery = both(kind.is_("lottery"), income <= lottery_exempt_limit)
    is_small_prize = both(kind.is_("invoice_prize"), income <= invoice_prize_limit)
    return either(kind.is_in("savings_interest", "listed_shares"), is_small_lottery, is_small_prize)


@law(SALE, TAXED, label="财产转让所得", label_en="Gain of the sale")
def gain(income: Amount, cost: Amount, fees: Amount) -> Amount:
    """Income less original cost and reasonable expenses; never below 0."""
    return atleast(income - cost - fees, 0)


@law(TAXED, REPAIRS, label="租金减税费和修缮费", label_en="Rent less taxes and repairs")
def rent_after_costs(income: Amount, fees: Amount, repairs: Amount, repairs_cap: Amount) -> Amount:
    """Rent of the month less taxes paid on it and repairs up to the cap; never below 0."""
    return atleast(income - fees - atmost(repairs, repairs_cap), 0)


@law(TAXED, label="租赁所得", label_en="Taxable rent")
def taxable_rent(
    income: Amount,
    rent_after_costs: Amount,
    lease_small_limit: Amount,
    lease_small_expense: Amount,
    lease_expense_rate: LawRate,
) -> Amount:
    """A fixed sum off rents up to the limit, a share off higher ones; the limit looks at the rent itself."""
    expenses = where(income <= lease_small_limit, lease_small_expense, lease_expense_rate.of(rent_after_costs))
    return atleast(rent_after_costs - expenses, 0)


@law(TAXED, DIVIDEND, label="计入的股息", label_en="Dividends that count")
def taxable_dividend(income: Amount, holding: Choice, dividend_share: LawRates) -> Amount:
    """Dividends in full, or of listed companies by the time the shares were held."""
    return dividend_share.of(income, holding)


@law(TAXED, label="应纳税所得额", label_en="Taxable income")
def taxable_income(
    kind: Choice, income: Amount, gain: Amount, taxable_rent: Amount, taxable_dividend: Amount, is_exempt: YesNo
) -> Amount:
    """By kind; interest and prizes are taxed on the whole income; 0 where exempt."""
    rest = where(kind.is_("dividend"), taxable_dividend, income)
    leased = where(kind.is_in("lease_housing", "lease_other"), taxable_rent, rest)
    found = where(kind.is_("property_transfer"), gain, leased)
    return where(is_exempt, nothing(found), found)


@law(RATE, HOUSING, label="应纳税额", label_en="Tax")
def tax(kind: Choice, taxable_income: Amount, classified_rate: LawRate, housing_rent_rate: LawRate) -> Amount:
    """20%, housing let by individuals 10%; rounded half up to the fen."""
    is_housing = kind.is_("lease_housing")
    return where(is_housing, housing_rent_rate.of(taxable_income), classified_rate.of(taxable_income))


@law(RATE, label="税后收入", label_en="Income after tax")
def net_income(income: Amount, tax: Amount) -> Amount:
    """Income less this tax."""
    return income - tax
