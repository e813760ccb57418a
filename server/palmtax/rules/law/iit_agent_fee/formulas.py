"""The fee paid to those who withhold individual income tax; fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, law


@law("个人所得税法 第十七条", label="应付手续费", label_en="Fee")
def fee(withheld: Amount, fee_rate: LawRate) -> Amount:
    """2% of the tax withheld and paid in, rounded half up to the fen."""
    return fee_rate.of(withheld)
