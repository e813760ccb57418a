"""The tax-paid certificate (税收完税证明) as one A4 page."""

from __future__ import annotations

import io
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from palmtax.base.clock import china_day
from palmtax.base.money import show_yuan
from palmtax.base.period import Period
from palmtax.certificates.model import Certificate, PaidItem, in_capitals
from palmtax.certificates.paper import fonts
from palmtax.certificates.paper.fonts import STRONG, TEXT, TITLE, drawable, width, wrapped
from palmtax.certificates.paper.ground import INK, LINE, PALE, PRIMARY, QUIET, draw_ground
from palmtax.certificates.paper.marks import (
    HIGH,
    INNER,
    LEFT,
    RIGHT,
    WIDE,
    draw_qr,
    write,
    write_pair,
    write_right,
    write_spread,
)
from palmtax.certificates.paper.seal import draw_seal

COLUMNS = (LEFT + 8, LEFT + 59 * mm, LEFT + 103 * mm, RIGHT - 8)
"""Left edges of tax, period and day; right edge of the amount."""
ROW, TIGHT_ROW, MANY = 30.0, 25.0, 6
"""Height of a row, points; tighter when there are more rows than `MANY`, so that the seal keeps clear of the total."""


def draw(certificate: Certificate, verify_url: str) -> bytes:
    """The PDF: fonts embedded, text selectable, title and language set; the same certificate gives the same bytes."""
    fonts.load()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang="zh-CN")
    canvas.setTitle(f"税收完税证明 {certificate.certificate_no}")
    canvas.setAuthor(certificate.office_name)
    canvas.setSubject("Tax payment certificate")
    canvas.setKeywords(f"{certificate.certificate_no}; {verify_url}")
    canvas.setCreator("掌税 PalmTax")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    draw_ground(canvas, 12 * mm, 12 * mm, WIDE - 24 * mm, HIGH - 24 * mm)
    y = _head(canvas, certificate)
    y = _holder(canvas, certificate, y)
    y = _table(canvas, certificate, y)
    _foot(canvas, certificate, verify_url, y)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _head(canvas: Any, certificate: Certificate) -> float:
    top = HIGH - 12 * mm - 34
    write(canvas, LEFT, top - 12, "掌税 PalmTax", 8.5, font=STRONG, color=PRIMARY)
    write_right(canvas, RIGHT, top - 12, f"No. {certificate.certificate_no}", 9, font=STRONG)
    write_spread(canvas, WIDE / 2, top - 66, "税收完税证明", TITLE, 30, 7, INK)
    write_spread(canvas, WIDE / 2, top - 86, "TAX PAYMENT CERTIFICATE", TEXT, 8.5, 2.6, QUIET)
    canvas.setStrokeColor(PRIMARY)
    canvas.setLineWidth(1.2)
    canvas.line(WIDE / 2 - 24, top - 99, WIDE / 2 + 24, top - 99)
    return float(top - 128)


def _holder(canvas: Any, certificate: Certificate, y: float) -> float:
    half = INNER * 0.62
    issued = f"{china_day(certificate.issued_at):%Y-%m-%d}"
    tall = write_pair(canvas, LEFT, y, "纳税人名称  Taxpayer", certificate.taxpayer_name, half - 16)
    write_pair(canvas, LEFT + half, y, "填发日期  Date of issue", issued, INNER - half)
    y -= max(tall, 38) + 8
    number = certificate.uscc or "—"
    tall = write_pair(
        canvas, LEFT, y, "统一社会信用代码（纳税人识别号）  Taxpayer identification number", number, half - 16
    )
    other = write_pair(canvas, LEFT + half, y, "税务机关  Tax authority", certificate.office_name, INNER - half)
    return float(y - max(tall, other, 34) - 10)


def _table(canvas: Any, certificate: Certificate, y: float) -> float:
    canvas.setFillColor(PALE)
    canvas.rect(LEFT, y - 30, INNER, 30, stroke=0, fill=1)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.9)
    canvas.line(LEFT, y, RIGHT, y)
    heads = (
        ("税（费）种", "Tax or fee"),
        ("税款所属期", "Tax period"),
        ("入（退）库日期", "Paid on"),
        ("实缴（退）金额", "Amount, CNY"),
    )
    for column, (label, label_en) in enumerate(heads):
        place = write_right if column == 3 else write
        place(canvas, COLUMNS[column], y - 13, label, 9, font=TEXT)
        place(canvas, COLUMNS[column], y - 24, label_en, 6.8, color=QUIET)
    y -= 30
    for item in certificate.items:
        y = _row(canvas, certificate, item, y)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.9)
    canvas.line(LEFT, y, RIGHT, y)
    return _total(canvas, certificate, y)


def _row(canvas: Any, certificate: Certificate, item: PaidItem, y: float) -> float:
    period = Period.parse(item.period)
    high = ROW if len(certificate.items) <= MANY else TIGHT_ROW
    middle = y - high / 2 - 4
    write(canvas, COLUMNS[0], middle + 5.5, item.tax_name, 10)
    write(canvas, COLUMNS[0], middle - 4.5, item.tax_name_en, 6.4, color=QUIET)
    write(canvas, COLUMNS[1], middle, f"{period.first_day:%Y-%m-%d} 至 {period.last_day:%Y-%m-%d}", 9)
    write(canvas, COLUMNS[2], middle, f"{certificate.paid_on:%Y-%m-%d}", 9)
    write_right(canvas, COLUMNS[3], middle, show_yuan(item.amount_fen), 10.5)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, y - high, RIGHT, y - high)
    return y - high


def _total(canvas: Any, certificate: Certificate, y: float) -> float:
    digits = f"￥{show_yuan(certificate.total_fen)}"
    most = INNER - 8 - 78 - 8 - 18 - width(digits, STRONG, 14)
    capitals = wrapped(in_capitals(certificate.total_fen), TEXT, 11.5, most)
    write(canvas, COLUMNS[0], y - 17, "金额合计（大写）", 8.6, color=QUIET)
    for number, line in enumerate(capitals):
        write(canvas, COLUMNS[0] + 78, y - 18 - number * 15, line, 11.5)
    write_right(canvas, COLUMNS[3], y - 19, digits, 14, font=STRONG)
    return y - 18 - len(capitals) * 15


def _foot(canvas: Any, certificate: Certificate, verify_url: str, y: float) -> None:
    floor = 12 * mm + 98
    draw_seal(canvas, RIGHT - 62, max(min(y - 84, 330), floor + 60), certificate.office_name)
    size = 27 * mm
    draw_qr(canvas, verify_url, LEFT, floor + 6, size)
    x = LEFT + size + 14
    write(canvas, x, floor + 66, "扫码查验真伪", 10.5, font=STRONG)
    write(canvas, x, floor + 53, "Scan to verify this certificate", 7.2, color=QUIET)
    write(canvas, x, floor + 33, "查验码  Verification code", 7.2, color=QUIET)
    write(canvas, x, floor + 20, certificate.verify_code, 9.5, font=STRONG)
    write(canvas, x, floor + 7, f"缴款单号  Payment order  {certificate.order_no}", 7.2, color=QUIET)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, floor - 8, RIGHT, floor - 8)
    notes = [
        "1. 本证明为电子证明，手写、涂改无效；所列税款已缴入国库。申报更正或退税后本证明即被替代，请以查验结果为准。",
        "    Electronic; void if altered by hand. Superseded once the return is amended or refunded: check first.",
        "2. 演示系统开具，税务机关与纳税人均为虚构，不具有法律效力。",
        "    Issued by a demonstration system; authority and taxpayer are invented and it has no legal effect.",
    ]
    if fonts.MISSING in drawable(certificate.taxpayer_name):
        notes.append("3. “□”为字库暂缺的字。 A box stands for a character that the font lacks.")
    for number, note in enumerate(notes):
        write(canvas, LEFT, floor - 20 - number * 10.4, note, 6.9, color=QUIET)
