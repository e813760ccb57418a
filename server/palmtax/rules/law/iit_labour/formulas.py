"""Tax that a payer withholds from one payment for labour, writing or royalties; fen, per time.

Expenses, the author's share and the tax are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, Scale, atleast, law, where

WITHHELD = "国家税务总局公告2018年第61号 第八条"
COUNTED = "个人所得税法 第六条"


@law(WITHHELD, label="减除费用", label_en="Expenses deducted")
def expenses(gross: Amount, small_limit: Amount, small_expense: Amount, iit_year__expense_rate: LawRate) -> Amount:
    """A fixed sum up to the limit, above it a share of the income, rounded half up to the fen."""
    return where(gross <= small_limit, small_expense, iit_year__expense_rate.of(gross))


@law(WITHHELD, COUNTED, label="预扣收入额", label_en="Income that is taxed")
def income_amount(gross: Amount, expenses: Amount, kind: Choice, author_share: LawRate) -> Amount:
    """Income less expenses, never below 0; of author income only its share, rounded half up to the fen."""
    net = atleast(gross - expenses, 0)
    return where(kind.is_("author"), author_share.of(net), net)


@law(WITHHELD, label="应预扣税额", label_en="Tax withheld")
def withheld(income_amount: Amount, kind: Choice, labour_scale: Scale, flat_rate: LawRate) -> Amount:
    """Labour income by its scale, author income and royalties at one rate; rounded half up to the fen."""
    return where(kind.is_("labour"), labour_scale.tax(income_amount), flat_rate.of(income_amount))


@law(WITHHELD, label="到手收入", label_en="Paid out")
def net_income(gross: Amount, withheld: Amount) -> Amount:
    """Income of this time less the tax withheld."""
    return gross - withheld


@law(COUNTED, label="汇算时计入的收入额", label_en="Income counted at the settlement")
def settled_income_amount(
    gross: Amount, kind: Choice, iit_year__expense_rate: LawRate, author_share: LawRate
) -> Amount:
    """At the settlement of the year 20% are deducted whatever the sum; author income counts with its share."""
    net = gross - iit_year__expense_rate.of(gross)
    return where(kind.is_("author"), author_share.of(net), net)
