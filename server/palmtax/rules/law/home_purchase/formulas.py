"""What a buyer of a home or another building pays: deed tax and stamp duty.

All amounts are fen. The price is meant without VAT, which the contract lists separately.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, YesNo, law, where

DEED = ("契税法 第三条", "契税暂行条例 第三条")
STAMP = "印花税法 税目税率表"
HOMES = "财税〔2008〕137号 第二条"
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(*DEED, label="契税", label_en="Deed tax")
def deed_due(deed_tax__due: Amount) -> Amount:
    """The deed tax after relief, fen."""
    return deed_tax__due


@law(STAMP, label="印花税应纳税额", label_en="Stamp duty before relief")
def stamp_tax(deed_tax__base: Amount, transfer_stamp_rate: LawRate) -> Amount:
    """Stamp duty on the transfer document, rounded half up to the fen."""
    return transfer_stamp_rate.of(deed_tax__base)


@law(HOMES, label="印花税免税额", label_en="Stamp duty exempted")
def stamp_exempted(deed_tax__is_home_of_individual: YesNo, stamp_tax: Amount) -> Amount:
    """All of it where an individual buys a home, fen."""
    return where(deed_tax__is_home_of_individual, stamp_tax, 0)


@law(*HALF, label="印花税减征额", label_en="Stamp duty relief")
def stamp_relief(
    is_small_taxpayer: YesNo, stamp_tax: Amount, stamp_exempted: Amount, surcharges__half_relief_rate: LawRate
) -> Amount:
    """The halving for small taxpayers, natural persons among them, rounded half up to the fen."""
    return where(is_small_taxpayer, surcharges__half_relief_rate.of(stamp_tax - stamp_exempted), 0)


@law(STAMP, label="应缴印花税", label_en="Stamp duty due")
def stamp_due(stamp_tax: Amount, stamp_exempted: Amount, stamp_relief: Amount) -> Amount:
    """Stamp duty less what is exempt and reduced, fen."""
    return stamp_tax - stamp_exempted - stamp_relief


@law(*DEED, STAMP, label="买方税费合计", label_en="Taxes of the buyer")
def taxes(deed_due: Amount, stamp_due: Amount) -> Amount:
    """Deed tax and stamp duty, fen."""
    return deed_due + stamp_due


@law(*DEED, STAMP, label="房价与税费合计", label_en="Price and taxes")
def cost_in_all(deed_tax__base: Amount, taxes: Amount) -> Amount:
    """What the purchase costs in all, fen."""
    return deed_tax__base + taxes
