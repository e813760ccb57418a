"""The fields of the small-scale return: words, where each is prefilled from, and which invoices lie behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import urlencode

from palmtax.invoice import InvoiceSum

TAX = "vat_small_scale"
LAW = "vat_small_scale_return"
Group = Literal["sales", "relief", "tax", "surcharges"]


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field that is prefilled and may be corrected; its code is the name of the fact in the law."""

    code: str
    group: Group
    label: str
    label_en: str
    term: str
    term_en: str
    takes: Callable[[InvoiceSum], bool] | None = None
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ComputedField:
    """A field that follows from the law; `output` is the name of the result."""

    code: str
    group: Group
    output: str
    label: str
    label_en: str
    term: str
    term_en: str


def _rates(*rates: str) -> tuple[tuple[str, str], ...]:
    return (("levy_rate", ",".join(rates)),)


_NOT_HOUSING = _rates("0", "0.01", "0.03", "0.05")


def _ordinary(row: InvoiceSum) -> bool:
    return row.kind in ("ordinary", "none") and not row.is_real_estate and row.levy_rate in ("0", "0.01", "0.03")


def _special(rate: str) -> Callable[[InvoiceSum], bool]:
    return lambda row: row.kind == "special" and not row.is_real_estate and row.levy_rate == rate


def _rent(*, special: bool) -> Callable[[InvoiceSum], bool]:
    return lambda row: (
        row.is_real_estate and row.levy_rate != "0.015" and (row.kind == "special") is special and is_known(row)
    )


def _housing(*, special: bool) -> Callable[[InvoiceSum], bool]:
    return lambda row: row.levy_rate == "0.015" and (row.kind == "special") is special


def is_known(row: InvoiceSum) -> bool:
    """Whether a small-scale taxpayer can have issued at this rate; the others are not for this return."""
    if row.is_real_estate:
        return row.levy_rate in ("0", "0.01", "0.015", "0.03", "0.05")
    return row.levy_rate in ("0.01", "0.03", "0.015") or (row.levy_rate == "0" and row.kind != "special")


ASKED: tuple[AskedField, ...] = (
    AskedField(
        "ordinary_sales", "sales", "普通发票和未开票的销售额", "Sales with ordinary invoices or none",
        "适用3%征收率、未开具专用发票的不含税销售额",
        "Sales at the 3% levy rate without special invoices, excluding VAT",
        _ordinary, (("special", "false"), ("is_real_estate", "false"), *_rates("0", "0.01", "0.03")),
    ),
    AskedField(
        "special_sales_reduced", "sales", "专用发票销售额（1%）", "Special invoices at 1%",
        "放弃免税、享受减按1%的专用发票不含税销售额", "Special-invoice sales, exemption waived, reduction kept",
        _special("0.01"), (("kind", "special"), ("levy_rate", "0.01"), ("is_real_estate", "false")),
    ),
    AskedField(
        "special_sales_full", "sales", "专用发票销售额（3%）", "Special invoices at 3%",
        "放弃免税和减征的专用发票不含税销售额", "Special-invoice sales, exemption and reduction waived",
        _special("0.03"), (("kind", "special"), ("levy_rate", "0.03"), ("is_real_estate", "false")),
    ),
    AskedField(
        "ordinary_sales_with_vat", "sales", "含税记账的未开票收入", "Takings recorded with VAT",
        "未开票含税收入（按减按征收率换算）", "Un-invoiced takings including VAT, converted at the reduced rate",
    ),
    AskedField(
        "real_estate_rent", "sales", "不动产租金", "Rent of real estate",
        "出租不动产、转让土地使用权不含税销售额（未开专用发票）",
        "Real estate let without special invoices, excluding VAT",
        _rent(special=False), (("special", "false"), ("is_real_estate", "true"), *_NOT_HOUSING),
    ),
    AskedField(
        "real_estate_special_rent", "sales", "不动产租金（专用发票）", "Rent of real estate (special invoices)",
        "出租不动产、转让土地使用权不含税销售额（专用发票）", "Real estate let with special invoices, excluding VAT",
        _rent(special=True), (("kind", "special"), ("is_real_estate", "true"), *_NOT_HOUSING),
    ),
    AskedField(
        "housing_rent", "sales", "住房租金（个人、个体户）", "Rent of housing (individuals)",
        "个人出租住房不含税销售额（未开专用发票）",
        "Housing let by individuals without special invoices, excluding VAT",
        _housing(special=False), (("special", "false"), ("levy_rate", "0.015")),
    ),
    AskedField(
        "housing_special_rent", "sales", "住房租金（专用发票）", "Rent of housing (special invoices)",
        "个人出租住房不含税销售额（专用发票）", "Housing let by individuals with special invoices, excluding VAT",
        _housing(special=True), (("kind", "special"), ("levy_rate", "0.015")),
    ),
    AskedField(
        "real_estate_sales", "sales", "卖房卖地的销售额", "Real estate sold",
        "销售不动产不含税销售额（未开专用发票）", "Real estate sold without special invoices, excluding VAT",
    ),
    AskedField(
        "real_estate_special_sales", "sales", "卖房卖地的销售额（专用发票）", "Real estate sold (special invoices)",
        "销售不动产不含税销售额（专用发票）", "Real estate sold with special invoices, excluding VAT",
    ),
    AskedField(
        "net_basis_deduction", "relief", "可从销售额中扣除的金额", "Amounts deducted from sales",
        "差额征税扣除额", "Deduction under net-basis taxation",
    ),
)  # fmt: skip

COMPUTED: tuple[ComputedField, ...] = (
    ComputedField(
        "exempt_tax", "relief", "vat_small_scale.exempt_tax", "免掉的增值税", "VAT exempted",
        "本期免税额", "Tax exempted",
    ),
    ComputedField(
        "reduction_total", "relief", "vat_small_scale.reduction_total", "少缴的增值税", "VAT reduced",
        "本期应纳税额减征额", "Reduction of tax",
    ),
    ComputedField(
        "surcharges_saved", "relief", "surcharges.surcharges_saved", "附加税费减免", "Surcharges spared",
        "附加税费免征、减征额", "Surcharges exempted and halved",
    ),
    ComputedField("vat_payable", "tax", "vat_payable", "增值税", "VAT", "本期应补缴增值税", "VAT to pay"),
    ComputedField(
        "urban_maintenance_tax", "surcharges", "urban_maintenance_tax", "城市维护建设税", "Urban maintenance tax",
        "城市维护建设税应补缴额", "Urban maintenance tax to pay",
    ),
    ComputedField(
        "education_surcharge", "surcharges", "education_surcharge", "教育费附加", "Education surcharge",
        "教育费附加应补缴额", "Education surcharge to pay",
    ),
    ComputedField(
        "local_education_surcharge", "surcharges", "local_education_surcharge", "地方教育附加",
        "Local education surcharge", "地方教育附加应补缴额", "Local education surcharge to pay",
    ),
)  # fmt: skip

TAX_OF_OUTPUT: dict[str, str] = {
    "vat_payable": "vat_small_scale",
    "urban_maintenance_tax": "urban_construction",
    "education_surcharge": "education_surcharge",
    "local_education_surcharge": "local_education_surcharge",
}
"""Which tax a result charges: name of the result to tax type code."""

ASKED_BY_CODE = {field.code: field for field in ASKED}
COMPUTED_BY_CODE = {field.code: field for field in COMPUTED}


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the pool says of a field: amount without VAT, fen, and the number of invoices."""

    value_fen: int
    count: int


def prefills(sums: Sequence[InvoiceSum]) -> dict[str, Prefill]:
    """The prefilled value of every field that can be corrected; every known sum lands in exactly one field."""
    found = {}
    for field in ASKED:
        rows = [row for row in sums if field.takes is not None and field.takes(row)]
        found[field.code] = Prefill(sum(row.amount_fen for row in rows), sum(row.count for row in rows))
    return found


@lru_cache(maxsize=1024)
def invoice_query(field: AskedField, period: str) -> str | None:
    """The query behind a value, for `/api/invoice/invoices`; its sum is the prefilled value."""
    return urlencode((("period", period), *field.query)) if field.takes is not None else None
