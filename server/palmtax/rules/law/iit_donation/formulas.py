"""How much of a donation is deducted, and the tax it saves; fen, cap and tax rounded half up to the fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, Scale, atleast, atmost, law, where

CAPPED = ("个人所得税法 第六条", "财政部 税务总局公告2019年第99号 第三条")
SCALE = "个人所得税法 第三条"


@law(*CAPPED, label="扣除限额", label_en="Cap of the deduction")
def cap(taxable_before: Amount, donation_cap_rate: LawRate) -> Amount:
    """The share of taxable income before the donation, rounded half up to the fen."""
    return donation_cap_rate.of(taxable_before)


@law(*CAPPED, label="准予扣除的捐赠", label_en="Donation that is deducted")
def deductible(donation: Amount, donation_in_full: Amount, cap: Amount, taxable_before: Amount) -> Amount:
    """Donations up to the cap and those deductible in full, together at most the taxable income."""
    return atmost(atmost(donation, cap) + donation_in_full, taxable_before)


@law(*CAPPED, label="不能扣除的捐赠", label_en="Donation that is not deducted")
def not_deductible(donation: Amount, donation_in_full: Amount, deductible: Amount) -> Amount:
    """What is above; it is not carried into another year."""
    return donation + donation_in_full - deductible


@law(*CAPPED, label="捐赠后的应纳税所得额", label_en="Taxable income after the donation")
def taxable_after(taxable_before: Amount, deductible: Amount) -> Amount:
    """Taxable income less the donation that is deducted."""
    return atleast(taxable_before - deductible, 0)


def _tax(income: Amount, kind: Choice, scale: Scale, business: Scale, rate: LawRate) -> Amount:
    classified = where(kind.is_("classified"), rate.of(income), business.tax(income))
    return where(kind.is_("comprehensive"), scale.tax(income), classified)


@law(SCALE, label="捐赠前的税额", label_en="Tax before the donation")
def tax_before(
    taxable_before: Amount,
    kind: Choice,
    iit_year__comprehensive_scale: Scale,
    iit_business__business_scale: Scale,
    iit_classified__classified_rate: LawRate,
) -> Amount:
    """Tax by the scale of the income it is deducted from, rounded half up to the fen."""
    scales = iit_year__comprehensive_scale, iit_business__business_scale, iit_classified__classified_rate
    return _tax(taxable_before, kind, *scales)


@law(SCALE, label="捐赠后的税额", label_en="Tax after the donation")
def tax_after(
    taxable_after: Amount,
    kind: Choice,
    iit_year__comprehensive_scale: Scale,
    iit_business__business_scale: Scale,
    iit_classified__classified_rate: LawRate,
) -> Amount:
    """The same tax on what is left, rounded half up to the fen."""
    scales = iit_year__comprehensive_scale, iit_business__business_scale, iit_classified__classified_rate
    return _tax(taxable_after, kind, *scales)


@law(*CAPPED, SCALE, label="捐赠少交的税", label_en="Tax saved")
def saving(tax_before: Amount, tax_after: Amount) -> Amount:
    """Tax before less tax after the donation."""
    return tax_before - tax_after
