"""The CSV that e-commerce platforms export: one row is one invoice, column names differ from platform to platform."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from palmtax.base.errors import PalmtaxError
from palmtax.base.money import show_yuan
from palmtax.base.rate import Rate
from palmtax.invoice import errors
from palmtax.invoice.adapters.amounts import fen_of
from palmtax.invoice.model import (
    InvoiceKind,
    InvoiceLine,
    NewInvoice,
    ReadRow,
    invoice_no_of,
    levy_rate_of,
    original_no_in,
)

MOST_ROWS = 200_000
ALIASES: dict[str, tuple[str, ...]] = {
    "invoice_no": ("发票号码", "数电票号码", "数电发票号码", "电子发票号码", "发票号", "invoice_no", "invoice number"),
    "issued_on": ("开票日期", "开票时间", "日期", "issued_on", "issue date", "invoice date"),
    "kind": ("发票类型", "发票种类", "票种", "类型", "kind", "invoice type"),
    "buyer": ("购买方名称", "购方名称", "发票抬头", "买家抬头", "抬头", "客户名称", "buyer", "buyer_name"),
    "item": ("货物或应税劳务名称", "货物名称", "商品名称", "项目名称", "品名", "开票内容", "item"),
    "amount": ("金额", "不含税金额", "合计金额", "金额（不含税）", "金额(不含税)", "amount", "amount excl. tax"),
    "levy_rate": ("税率", "征收率", "税率/征收率", "levy_rate", "rate", "tax rate"),
    "tax": ("税额", "合计税额", "tax", "tax amount"),
    "total": ("价税合计", "含税金额", "开票金额", "total", "amount incl. tax"),
    "seller": ("销售方识别号", "销方识别号", "销方税号", "销售方纳税人识别号", "seller", "seller_id"),
    "original": (
        "被红冲发票号码",
        "被红冲蓝字发票号码",
        "被红冲蓝字数电票号码",
        "原发票号码",
        "蓝字发票号码",
        "original_no",
    ),
    "real_estate": ("不动产", "是否不动产", "real_estate"),
    "remark": ("备注", "remark"),
}
_COLUMN = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
_ZH = {field: aliases[0] for field, aliases in ALIASES.items()}
_SPECIAL = ("专用", "专票", "special")
_ORDINARY = ("普通", "普票", "ordinary")
_NONE = ("未开票", "无票", "none")


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark) or GB 18030; FileUnreadable otherwise."""
    if b"\x00" in content:
        raise errors.FileKindWrong(expected=" CSV ")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise errors.FileUnreadable(what="UTF-8 / GB18030")


def rows(content: bytes, own_uscc: str) -> Iterator[ReadRow]:
    """Each row read or refused; row 1 is the first below the header. FileEmpty, HeaderUnknown, TooManyRows."""
    csv.field_size_limit(100_000)
    reader = csv.reader(io.StringIO(decoded(content), newline=""), strict=True)
    try:
        header = next((cells for cells in reader if any(c.strip() for c in cells)), None)
        if header is None:
            raise errors.FileEmpty()
        columns = _columns(header)
        row_no = 0
        for cells in reader:
            if not any(c.strip() for c in cells):
                continue
            row_no += 1
            if row_no > MOST_ROWS:
                raise errors.TooManyRows(limit=MOST_ROWS)
            yield _row(row_no, {field: cells[at].strip() for field, at in columns.items() if at < len(cells)}, own_uscc)
    except csv.Error as broken:
        raise errors.FileUnreadable(what=f"CSV, {reader.line_num}") from broken
    if row_no == 0:
        raise errors.FileEmpty()


def _columns(header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, name in enumerate(header):
        field = _COLUMN.get(name.strip().strip("*＊").strip().lower())
        if field is not None:
            columns.setdefault(field, place)
    missing = [f for f in ("invoice_no", "issued_on", "levy_rate") if f not in columns]
    if "amount" not in columns and "total" not in columns:
        missing.append("amount")
    if missing:
        raise errors.HeaderUnknown(columns="、".join(_ZH[f] for f in missing))
    return columns


def _row(row_no: int, cells: dict[str, str], own_uscc: str) -> ReadRow:
    shown = cells.get("invoice_no", "")[:40] or None
    try:
        return ReadRow(row_no, shown, _invoice(cells, own_uscc), None)
    except PalmtaxError as refusal:
        return ReadRow(row_no, shown, None, refusal)


def _invoice(cells: dict[str, str], own_uscc: str) -> NewInvoice:
    def needed(field: str) -> str:
        if not cells.get(field):
            raise errors.ColumnMissing(column=_ZH[field])
        return cells[field]

    seller = cells.get("seller", "").upper()
    if seller and seller != own_uscc:
        raise errors.SellerNotYou(own=own_uscc)
    invoice_no = invoice_no_of(needed("invoice_no"))
    rate = levy_rate_of(needed("levy_rate"))
    original = cells.get("original") or original_no_in(cells.get("remark", ""))
    return NewInvoice(
        invoice_no=invoice_no,
        kind=_kind(cells.get("kind", "")),
        direction="issued",
        issued_on=_day(needed("issued_on")),
        counterparty_name=_plain(cells.get("buyer", "")),
        lines=(_line(cells, rate),),
        is_real_estate=cells.get("real_estate", "").lower() in {"是", "y", "yes", "true", "1"},
        red_of_invoice_no=invoice_no_of(original) if original else None,
    )


def _line(cells: dict[str, str], rate: str) -> InvoiceLine:
    total = fen_of(cells["total"], _ZH["total"]) if cells.get("total") else None
    if cells.get("amount"):
        amount = fen_of(cells["amount"], _ZH["amount"])
    elif total is not None:
        amount = Rate(rate).net_of(total)
    else:
        raise errors.ColumnMissing(column=_ZH["amount"])
    if cells.get("tax"):
        tax = fen_of(cells["tax"], _ZH["tax"])
    elif total is not None:
        tax = total - amount
    else:
        tax = Rate(rate).of(amount)
    if total is not None and amount + tax != total:
        raise errors.TotalMismatch(column=_ZH["total"], right=show_yuan(amount + tax), given=show_yuan(total))
    return InvoiceLine(_plain(cells.get("item", "")) or "商品", rate, amount, tax)


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:100]


def _kind(text: str) -> InvoiceKind:
    lower = text.lower()
    if not lower or any(word in lower for word in _ORDINARY):
        return "ordinary"
    if any(word in lower for word in _SPECIAL):
        return "special"
    if any(word in lower for word in _NONE):
        return "none"
    raise errors.KindUnknown(given=text[:40])


def _day(text: str) -> date:
    plain = (
        text.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").replace("日", "").split(" ")[0]
    )
    pieces = plain.split("T")[0].split("-")
    if len(pieces) == 1 and len(plain) == 8 and plain.isascii() and plain.isdigit():
        pieces = [plain[:4], plain[4:6], plain[6:]]
    try:
        year, month, day = (int(piece) for piece in pieces)
        return date(year, month, day)
    except ValueError as wrong:
        raise errors.DateMalformed(given=text[:30]) from wrong
