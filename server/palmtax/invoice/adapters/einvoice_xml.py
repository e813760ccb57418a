"""Digital invoices (数电票) as XML: root `EInvoice`, parts Header, EInvoiceData, TaxSupervisionInfo.

The element names are those of the published standard, its odd spellings included (`IssuItemInformation`, `ComTaxAm`,
`TotalAmWithoutTax`, `TotalTax-includedAmount`). Names are compared without their namespace: issuers differ in whether
they give one.
"""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from palmtax.base.money import show_yuan
from palmtax.invoice import errors
from palmtax.invoice.adapters.amounts import fen_of
from palmtax.invoice.model import (
    Direction,
    InvoiceKind,
    InvoiceLine,
    NewInvoice,
    invoice_no_of,
    levy_rate_of,
    original_no_in,
)

_SALE_OF_REAL_ESTATE, _LETTING_OF_REAL_ESTATE = "5", "304050202"
"""How classification codes (商品和服务税收分类编码) of real estate begin: sale, operating lease."""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _part(parent: Element | None, *path: str) -> Element | None:
    for step in path:
        parent = next((child for child in parent if _name(child) == step), None) if parent is not None else None
    return parent


def _text(parent: Element | None, *path: str) -> str:
    found = _part(parent, *path)
    return (found.text or "").strip() if found is not None else ""


def _needed(parent: Element | None, *path: str) -> str:
    text = _text(parent, *path)
    if not text:
        raise errors.ColumnMissing(column=path[-1])
    return text


def parse(content: bytes) -> Element:
    """The root `EInvoice`; FileUnsafe for a document type or entities, FileUnreadable, FileKindWrong."""
    try:
        root: Element = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as unsafe:
        raise errors.FileUnsafe(what="DTD / ENTITY") from unsafe
    except (ParseError, ValueError, LookupError) as broken:
        raise errors.FileUnreadable(what="XML") from broken
    if _name(root) != "EInvoice":
        raise errors.FileKindWrong(expected="数电票 XML（EInvoice）")
    return root


def number_in(root: Element) -> str | None:
    """The invoice number as it stands in the file, whatever else may be wrong with it."""
    return _text(root, "TaxSupervisionInfo", "InvoiceNumber") or _text(root, "Header", "EIid") or None


def read(content: bytes, own_uscc: str) -> NewInvoice:
    """One invoice; raises what is wrong with it. `own_uscc` decides whether it was issued or received."""
    return invoice_in(parse(content), own_uscc)


def invoice_in(root: Element, own_uscc: str) -> NewInvoice:
    """The invoice of a parsed `EInvoice`."""
    data = _part(root, "EInvoiceData")
    direction, counterparty = _sides(data, own_uscc)
    lines = tuple(_line(item) for item in (data if data is not None else ()) if _name(item) == "IssuItemInformation")
    if not lines:
        raise errors.ColumnMissing(column="IssuItemInformation")
    invoice = NewInvoice(
        invoice_no=_number(root),
        kind=_kind(root),
        direction=direction,
        issued_on=_day(
            _text(data, "BasicInformation", "RequestTime") or _needed(root, "TaxSupervisionInfo", "IssueTime")
        ),
        counterparty_name=counterparty[:100],
        lines=lines,
        is_real_estate=_is_real_estate(data),
        red_of_invoice_no=original_no_in(_text(data, "AdditionalInformation", "Remark")),
    )
    _compare_totals(data, invoice)
    return invoice


def _number(root: Element) -> str:
    supervised, header = _text(root, "TaxSupervisionInfo", "InvoiceNumber"), _text(root, "Header", "EIid")
    if not (supervised or header):
        raise errors.ColumnMissing(column="InvoiceNumber")
    if supervised and header and supervised != header:
        raise errors.NumberMalformed(given=f"{supervised} / {header}"[:60])
    return invoice_no_of(supervised or header)


def _sides(data: Element | None, own_uscc: str) -> tuple[Direction, str]:
    seller = _needed(data, "SellerInformation", "SellerIdNum").upper()
    buyer = _text(data, "BuyerInformation", "BuyerIdNum").upper()
    if seller == own_uscc:
        return "issued", _text(data, "BuyerInformation", "BuyerName")
    if buyer == own_uscc:
        return "received", _text(data, "SellerInformation", "SellerName")
    raise errors.SellerNotYou(own=own_uscc)


def _kind(root: Element) -> InvoiceKind:
    label = _part(root, "Header", "InherentLabel", "GeneralOrSpecialVAT")
    code, words = _text(label, "LabelCode"), _text(label, "LabelName")
    if code == "01" or "专用" in words:
        return "special"
    if code == "02" or "普通" in words:
        return "ordinary"
    raise errors.KindUnknown(given=(words or code)[:40])


def _line(item: Element) -> InvoiceLine:
    return InvoiceLine(
        item=_needed(item, "ItemName")[:100],
        levy_rate=levy_rate_of(_needed(item, "TaxRate")),
        amount_fen=fen_of(_needed(item, "Amount"), "Amount"),
        tax_fen=fen_of(_text(item, "ComTaxAm") or "0", "ComTaxAm"),
    )


def _day(text: str) -> date:
    plain = text.replace("/", "-")[:10]
    try:
        return date.fromisoformat(plain)
    except ValueError as wrong:
        raise errors.DateMalformed(given=text[:30]) from wrong


def _is_real_estate(data: Element | None) -> bool:
    special = _part(data, "SpecificInformation")
    if special is not None and any(
        "realestate" in _name(e).lower() or "realproperty" in _name(e).lower() for e in special.iter()
    ):
        return True
    codes = [
        _text(i, "TaxClassificationCode")
        for i in (data if data is not None else ())
        if _name(i) == "IssuItemInformation"
    ]
    return any(code.startswith((_SALE_OF_REAL_ESTATE, _LETTING_OF_REAL_ESTATE)) for code in codes)


def _compare_totals(data: Element | None, invoice: NewInvoice) -> None:
    expected = {
        "TotalAmWithoutTax": invoice.amount_fen,
        "TotalTaxAm": invoice.tax_fen,
        "TotalTax-includedAmount": invoice.amount_fen + invoice.tax_fen,
    }
    for column, right in expected.items():
        text = _text(data, "BasicInformation", column)
        if not text and column == "TotalTaxAm" and right == 0:
            continue
        given = fen_of(_needed(data, "BasicInformation", column), column)
        if given != right:
            raise errors.TotalMismatch(column=column, right=show_yuan(right), given=show_yuan(given))
