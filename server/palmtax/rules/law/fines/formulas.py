"""The range of a fine: from least to most, as amounts or as multiples of the tax, fen; the office decides within it."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawTable, YesNo, both, either, law, opposite, times, where

FIXED = (
    "税收征收管理法 第六十条",
    "税收征收管理法 第六十一条",
    "税收征收管理法 第六十二条",
    "税收征收管理法 第六十四条",
    "税收征收管理法 第七十条",
    "发票管理办法 第三十三条",
    "发票管理办法 第三十四条",
    "发票管理办法 第三十五条",
    "发票管理办法 第三十六条",
)
OF_TAX = (
    "税收征收管理法 第六十三条",
    "税收征收管理法 第六十四条",
    "税收征收管理法 第六十五条",
    "税收征收管理法 第六十六条",
    "税收征收管理法 第六十七条",
    "税收征收管理法 第六十八条",
    "税收征收管理法 第六十九条",
)
WAIVER = (
    "行政处罚法 第三十三条",
    "税收征收管理法 第六十二条",
    "国家税务总局公告2021年第6号 清单",
    "国家税务总局公告2021年第33号 清单",
)


@law(*FIXED, label="按情节严重处罚", label_en="Punished as serious")
def is_graver(breach: Choice, is_serious: YesNo, invoice_amount: Amount, false_invoice_limit: Amount) -> YesNo:
    """Serious cases, and false invoices of more than the limit."""
    return either(is_serious, both(breach.is_("false_invoices"), invoice_amount > false_invoice_limit))


@law(*WAIVER, label="首违不罚", label_en="Waived as a first offence")
def is_waived(
    breach: Choice,
    is_graver: YesNo,
    is_first_offence: YesNo,
    is_waiver_in_force: YesNo,
) -> YesNo:
    """A first, minor offence, corrected in time, of a kind that stands on a national list in force."""
    listed = breach.is_in("late_filing", "bookkeeping", "withholding_books", "invoice_rules")
    return both(is_first_offence, is_waiver_in_force, listed, opposite(is_graver))


@law(*FIXED, *OF_TAX, label="罚款下限", label_en="Least fine")
def least_fine(
    breach: Choice,
    tax: Amount,
    is_graver: YesNo,
    is_waived: YesNo,
    lowest: LawTable,
    lowest_if_serious: LawTable,
    lowest_multiple: LawTable,
) -> Amount:
    """The lower end, rounded half up to the fen; 0 when waived or when the law names only an upper end."""
    fixed = where(is_graver, lowest_if_serious.at(breach), lowest.at(breach))
    return where(opposite(is_waived), fixed + times(tax, lowest_multiple.at(breach)), 0)


@law(*FIXED, *OF_TAX, label="罚款上限", label_en="Most fine")
def most_fine(
    breach: Choice,
    tax: Amount,
    is_graver: YesNo,
    is_waived: YesNo,
    highest: LawTable,
    highest_if_serious: LawTable,
    highest_multiple: LawTable,
) -> Amount:
    """The upper end, rounded half up to the fen; 0 when waived."""
    fixed = where(is_graver, highest_if_serious.at(breach), highest.at(breach))
    return where(opposite(is_waived), fixed + times(tax, highest_multiple.at(breach)), 0)
