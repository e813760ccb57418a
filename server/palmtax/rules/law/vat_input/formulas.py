"""Input tax of one voucher: as shown on it, or computed from its face; fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, YesNo, atleast, both, law, nothing, opposite, where

CREDIT = ("增值税法 第十六条", "增值税暂行条例 第八条")
BLOCKED = ("增值税法 第二十二条", "增值税暂行条例 第十条")
LONG_TERM = ("增值税法实施条例 第二十五条", "财税〔2016〕36号 附件1第二十七条")


@law(*CREDIT, label="农产品计算抵扣", label_en="Computed on farm products")
def farm_input(voucher: Choice, face: Amount, farm_rate: LawRate, farm_processing_rate: LawRate) -> Amount:
    """Purchase price times the deduction rate, rounded half up to the fen."""
    processed = where(voucher.is_("farm_processing"), farm_processing_rate.of(face), 0)
    return where(voucher.is_("farm"), farm_rate.of(face), processed)


@law(*CREDIT, label="客票、通行费不含税金额", label_en="Fare or toll without VAT")
def net_fare(
    voucher: Choice, face: Amount, air_rail_rate: LawRate, road_water_rate: LawRate, bridge_rate: LawRate
) -> Amount:
    """The face divided by one plus the rate, rounded half up to the fen; 0 for other vouchers."""
    bridge = where(voucher.is_("bridge"), bridge_rate.net_of(face), 0)
    road = where(voucher.is_("road_water"), road_water_rate.net_of(face), bridge)
    return where(voucher.is_("air_rail"), air_rail_rate.net_of(face), road)


@law(*CREDIT, label="客票、通行费计算抵扣", label_en="Computed on fares and tolls")
def fare_input(
    voucher: Choice, net_fare: Amount, air_rail_rate: LawRate, road_water_rate: LawRate, bridge_rate: LawRate
) -> Amount:
    """The rate of the fare or toll without VAT, rounded half up to the fen."""
    bridge = where(voucher.is_("bridge"), bridge_rate.of(net_fare), 0)
    road = where(voucher.is_("road_water"), road_water_rate.of(net_fare), bridge)
    return where(voucher.is_("air_rail"), air_rail_rate.of(net_fare), road)


@law(*CREDIT, label="计算抵扣税额", label_en="Computed credit")
def computed_input(farm_input: Amount, fare_input: Amount) -> Amount:
    """Credit computed from the face."""
    return farm_input + fare_input


@law(*CREDIT, label="凭票面税额抵扣", label_en="Credit as shown")
def shown_input(voucher: Choice, tax_shown: Amount) -> Amount:
    """The tax shown, for vouchers that show it."""
    shows = voucher.is_in("special_invoice", "customs", "withholding", "vehicle", "toll", "ticket_invoice")
    return where(shows, tax_shown, 0)


@law(*BLOCKED, label="可抵扣进项税额", label_en="Input tax that may be credited")
def input_vat(is_blocked: YesNo, computed_input: Amount, shown_input: Amount) -> Amount:
    """What may be credited; nothing for blocked uses."""
    credit = computed_input + shown_input
    return where(is_blocked, nothing(credit), credit)


@law(*CREDIT, label="计入成本的金额", label_en="What counts as cost")
def cost(face: Amount, input_vat: Amount) -> Amount:
    """The face less the credit; never below 0."""
    return atleast(face - input_vat, 0)


@law(*LONG_TERM, label="进项以后逐年调整", label_en="Credit is adjusted every year")
def is_adjusted_yearly(
    mixed_asset_value: Amount, is_blocked: YesNo, long_term_asset_limit: Amount, is_long_term_adjusted: YesNo
) -> YesNo:
    """Whether a mixed-use asset is dearer than the limit, so that its credit is only provisional."""
    return both(is_long_term_adjusted, mixed_asset_value > long_term_asset_limit, opposite(is_blocked))
