"""Stamp duty on contracts, transfer documents, business books and securities trades.

All amounts are fen. The tax of each item is rounded half up to the fen, then the reliefs, each by itself. Several items
in one document are taxed each at its own rate when their sums are listed, else the whole sum at the highest rate.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    LawRates,
    Portion,
    YesNo,
    atleast,
    both,
    either,
    law,
    opposite,
    where,
)

BASE = "印花税法 第五条"
TAX = "印花税法 第八条"
ITEMS = "印花税法 第九条"
BOOKS = "印花税法 第十一条"
EXEMPT = "印花税法 第十二条"
TABLE = "印花税法 税目税率表"
SELLER = "印花税法 第三条"
HOMES = ("财税〔2008〕137号 第二条", "财税〔2008〕24号 二（二）")
SMALL_LOANS = ("财政部 税务总局公告2023年第13号 第二条", "财政部 税务总局公告2021年第6号 附件1")
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(BASE, BOOKS, label="计税依据", label_en="Base")
def base(
    item: Choice, amount: Amount, is_vat_listed: YesNo, vat_amount: Amount, capital_taxed_before: Amount
) -> Amount:
    """The sum of the first item: less VAT that is listed; of business books only the increase, fen."""
    without_vat = atleast(amount - where(is_vat_listed, vat_amount, 0), 0)
    increase = atleast(amount - capital_taxed_before, 0)
    return where(item.is_("business_books"), increase, without_vat)


@law(TABLE, ITEMS, label="适用税率", label_en="Rate")
def rate(
    item: Choice,
    has_second_item: YesNo,
    second_item: Choice,
    has_third_item: YesNo,
    third_item: Choice,
    is_listed_separately: YesNo,
    item_rates: LawRates,
) -> Portion:
    """The rate of the first item; the highest of all when the sums are not listed separately."""
    own = item_rates.at(item)
    second = where(has_second_item, item_rates.at(second_item), own)
    third = where(has_third_item, item_rates.at(third_item), own)
    return where(is_listed_separately, own, atleast(atleast(own, second), third))


@law(TAX, label="第一个事项税额", label_en="Tax of the first item")
def first_tax(base: Amount, rate: Portion) -> Amount:
    """Base times rate, rounded half up to the fen."""
    return rate.of(base)


@law(ITEMS, label="第二个事项税额", label_en="Tax of the second item")
def second_tax(
    has_second_item: YesNo,
    second_item: Choice,
    second_amount: Amount,
    is_listed_separately: YesNo,
    item_rates: LawRates,
) -> Amount:
    """The second item at its own rate where its sum is listed, rounded half up to the fen."""
    return where(both(has_second_item, is_listed_separately), item_rates.of(second_amount, second_item), 0)


@law(ITEMS, label="第三个事项税额", label_en="Tax of the third item")
def third_tax(
    has_third_item: YesNo,
    third_item: Choice,
    third_amount: Amount,
    is_listed_separately: YesNo,
    item_rates: LawRates,
) -> Amount:
    """The third item at its own rate where its sum is listed, rounded half up to the fen."""
    return where(both(has_third_item, is_listed_separately), item_rates.of(third_amount, third_item), 0)


@law(TAX, ITEMS, label="应纳税额", label_en="Tax before relief")
def tax(first_tax: Amount, second_tax: Amount, third_tax: Amount) -> Amount:
    """The items together, fen."""
    return first_tax + second_tax + third_tax


@law(EXEMPT, label="副本、使领馆或军队的凭证", label_en="Copy, embassy or armed forces")
def is_exempt_party(exemption: Choice) -> YesNo:
    """Whether the whole document is exempt, whatever its items."""
    return exemption.is_in("copy", "embassy", "military")


@law(SELLER, label="证券买方", label_en="Buyer of securities")
def is_exempt_buyer(item: Choice, is_securities_buyer: YesNo) -> YesNo:
    """Whether it is a securities trade and this the buyer, who never pays."""
    return both(item.is_("securities"), is_securities_buyer)


@law(EXEMPT, *SMALL_LOANS, label="免税借款", label_en="Exempt loan")
def is_exempt_loan(item: Choice, exemption: Choice, is_small_loan_exempt: YesNo) -> YesNo:
    """Whether it is a soft loan, or one to a small firm while that relief counts."""
    is_small = both(exemption.is_("small_loan"), is_small_loan_exempt)
    return both(item.is_("loan"), either(exemption.is_("soft_loan"), is_small))


@law(EXEMPT, label="免税购销", label_en="Exempt trade")
def is_exempt_trade(item: Choice, exemption: Choice) -> YesNo:
    """Whether it is a sale that bears no tax: medical purchases, between persons, farm trade, online orders."""
    is_farm = both(exemption.is_("farm_trade"), item.is_in("sale", "property_insurance"))
    is_online = both(exemption.is_("online_order"), opposite(item.is_in("business_books", "securities")))
    return either(both(exemption.is_in("medical_purchase", "between_persons"), item.is_("sale")), is_farm, is_online)


@law(EXEMPT, *HOMES, label="免税房产或赠与书据", label_en="Exempt home or gift")
def is_exempt_property(item: Choice, exemption: Choice) -> YesNo:
    """Whether it is a gift to a public body, or an individual's home sold, bought, let or rented."""
    is_gift = both(exemption.is_("gift"), item.is_in("land_house_transfer", "equity_transfer", "rights_transfer"))
    is_home_traded = both(exemption.is_("home_trade"), item.is_("land_house_transfer"))
    return either(is_gift, is_home_traded, both(exemption.is_("home_rent"), item.is_("lease")))


@law(EXEMPT, *HOMES, *SMALL_LOANS, SELLER, label="免税凭证", label_en="Exempt document")
def is_exempt(
    is_exempt_party: YesNo,
    is_exempt_buyer: YesNo,
    is_exempt_loan: YesNo,
    is_exempt_trade: YesNo,
    is_exempt_property: YesNo,
) -> YesNo:
    """Whether the exempt case chosen suits the first item."""
    return either(is_exempt_party, is_exempt_buyer, is_exempt_loan, is_exempt_trade, is_exempt_property)


@law(EXEMPT, label="免税情形与税目不符", label_en="Exempt case does not suit the item")
def is_exemption_unsuited(exemption: Choice, is_exempt: YesNo) -> YesNo:
    """Whether an exempt case was chosen that the law does not know for this item; the tax then stays."""
    return both(opposite(exemption.is_("none")), opposite(is_exempt))


@law(EXEMPT, *HOMES, *SMALL_LOANS, SELLER, label="免税额", label_en="Exempted")
def exempted(
    is_exempt_party: YesNo,
    is_exempt: YesNo,
    tax: Amount,
    first_tax: Amount,
    has_second_item: YesNo,
    has_third_item: YesNo,
    is_listed_separately: YesNo,
) -> Amount:
    """The whole tax of an exempt document; else that of the first item alone, where its sum stands by itself, fen."""
    is_apart = either(is_listed_separately, opposite(either(has_second_item, has_third_item)))
    return where(is_exempt_party, tax, where(both(is_exempt, is_apart), first_tax, 0))


@law(TABLE, SELLER, label="证券交易应纳税额", label_en="Tax on securities trades")
def securities_tax(
    item: Choice,
    second_item: Choice,
    third_item: Choice,
    is_exempt: YesNo,
    is_exempt_party: YesNo,
    first_tax: Amount,
    second_tax: Amount,
    third_tax: Amount,
) -> Amount:
    """The part of the tax that falls on securities and is not exempt, fen."""
    first = where(both(item.is_("securities"), opposite(is_exempt)), first_tax, 0)
    second = where(both(second_item.is_("securities"), opposite(is_exempt_party)), second_tax, 0)
    third = where(both(third_item.is_("securities"), opposite(is_exempt_party)), third_tax, 0)
    return first + second + third


@law("财政部 税务总局公告2023年第39号 正文", TABLE, label="证券交易减征额", label_en="Securities relief")
def securities_relief(securities_tax: Amount, securities_cut: LawRate) -> Amount:
    """The cut for securities trades, rounded half up to the fen."""
    return securities_cut.of(securities_tax)


@law(*HALF, label="六税两费减征额", label_en="Six-tax-two-fee relief")
def half_relief(
    is_half_relief: YesNo,
    tax: Amount,
    exempted: Amount,
    securities_tax: Amount,
    surcharges__half_relief_rate: LawRate,
) -> Amount:
    """The halving for small taxpayers of what is left, securities apart, rounded half up to the fen."""
    return where(is_half_relief, surcharges__half_relief_rate.of(tax - exempted - securities_tax), 0)


@law(TAX, label="应缴印花税", label_en="Stamp duty due")
def due(tax: Amount, exempted: Amount, securities_relief: Amount, half_relief: Amount) -> Amount:
    """Tax less what is exempt and reduced, fen."""
    return tax - exempted - securities_relief - half_relief
