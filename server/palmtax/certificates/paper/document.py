"""The document of a matter (文书) as A4 pages: as many as its lines need, seal and QR code on the last one."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from palmtax.base.clock import china_day
from palmtax.base.money import show_yuan
from palmtax.certificates.model import Document, DocumentLine
from palmtax.certificates.paper import fonts
from palmtax.certificates.paper.fonts import STRONG, TEXT, TITLE, drawable, width, wrapped
from palmtax.certificates.paper.ground import INK, LINE, PRIMARY, QUIET, draw_ground
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

VALUE_AT = LEFT + INNER * 0.42
BOTTOM = 26 * mm
"""Lowest edge of a row on a page that is followed by another."""
LAST_BOTTOM = 12 * mm + 98 + 96
"""The same on the last page: above it stay the seal, the QR code and the notes."""
FLOOR = 12 * mm + 86


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table, or of the text when it has no label, cut into lines that fit."""

    label: tuple[str, ...]
    label_en: tuple[str, ...]
    value: tuple[str, ...]
    is_text: bool = False
    is_quiet: bool = False

    @property
    def high(self) -> float:
        """Points."""
        if self.is_text:
            return 11.5 if self.is_quiet else 16.5
        return max(len(self.label) * 13.5 + len(self.label_en) * 8.5, len(self.value) * 14.5) + 11


def draw_document(document: Document, verify_url: str) -> bytes:
    """The PDF: fonts embedded, text selectable; the same document gives the same bytes."""
    fonts.load()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang="zh-CN")
    canvas.setTitle(f"{document.title} {document.document_no}")
    canvas.setAuthor(document.office_name)
    canvas.setSubject(document.title_en)
    canvas.setKeywords(f"{document.document_no}; {verify_url}")
    canvas.setCreator("掌税 PalmTax")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    first_top = _first_top(document)
    pages = _pages([*_rows_of_text(document), *map(_row_of, document.lines)], first_top)
    for number, rows in enumerate(pages, start=1):
        draw_ground(canvas, 12 * mm, 12 * mm, WIDE - 24 * mm, HIGH - 24 * mm)
        y = _head(canvas, document) if number == 1 else _small_head(canvas, document)
        for row in rows:
            y = _draw_row(canvas, row, y)
        if number == len(pages):
            _foot(canvas, document, verify_url)
        if len(pages) > 1:
            canvas.setFillColor(QUIET)
            canvas.setFont(TEXT, 7.5)
            canvas.drawCentredString(
                WIDE / 2, 12 * mm + 10, f"第 {number} 页，共 {len(pages)} 页 · {number}/{len(pages)}"
            )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _rows_of_text(document: Document) -> list[_Row]:
    zh = [
        _Row((), (), (line,), is_text=True)
        for text in document.text.splitlines()
        for line in wrapped(drawable(text), TEXT, 11, INNER)
    ]
    en = [
        _Row((), (), (line,), is_text=True, is_quiet=True)
        for text in document.text_en.splitlines()
        for line in wrapped(drawable(text), TEXT, 8, INNER)
    ]
    return [*zh, *en]


def _row_of(line: DocumentLine) -> _Row:
    narrow = VALUE_AT - LEFT - 20
    return _Row(
        tuple(wrapped(drawable(line.label), TEXT, 10, narrow)),
        tuple(wrapped(drawable(line.label_en), TEXT, 6.8, narrow)),
        tuple(
            cut
            for part in shown(line).splitlines() or [""]
            for cut in wrapped(drawable(part), TEXT, 11, RIGHT - VALUE_AT - 8)
        ),
    )


def shown(line: DocumentLine) -> str:
    """The value as people read it: fen as yuan, yes and no in words, what a law counts in its own units, others as told.

    >>> shown(DocumentLine("额度", "Quota", 75000000, "fen")), shown(DocumentLine("是否", "Whether", True))
    ('750,000.00 元', '是 Yes')
    >>> shown(DocumentLine("税率", "Rate", 30000, "rate")), shown(DocumentLine("面积", "Area", 1400100, "quantity"))
    ('3%', '140.01')
    >>> shown(DocumentLine("人数", "People", 3, "人")), shown(DocumentLine("说明", "Note", ""))
    ('3 人', '—')
    """
    value, unit = line.value, line.unit
    if isinstance(value, bool) or unit == "yes_no":
        return "是 Yes" if value else "否 No"
    if isinstance(value, int) and unit in _COUNTED:
        return _COUNTED[unit](value)
    return f"{value} {unit}".rstrip() if value != "" else "—"


def _decimal(number: int, places: int) -> str:
    return f"{Decimal(number).scaleb(-places).normalize():f}"


_COUNTED: Mapping[str, Callable[[int], str]] = {
    "fen": lambda fen: f"{show_yuan(fen)} 元",
    "day": lambda ordinal: date.fromordinal(ordinal).isoformat() if ordinal > 0 else "—",
    "days": lambda days: f"{days} 天",
    "rate": lambda millionths: f"{_decimal(millionths, 4)}%",
    "quantity": lambda parts: _decimal(parts, 4),
    "count": str,
    "choice": str,
}


def _pages(rows: list[_Row], first_top: float) -> list[list[_Row]]:
    """Which rows stand on which page; the last page keeps room for its foot."""
    pages: list[list[_Row]] = [[]]
    y = first_top
    for row in rows:
        if y - row.high < BOTTOM and pages[-1]:
            pages.append([])
            y = _next_top()
        pages[-1].append(row)
        y -= row.high
    if y < LAST_BOTTOM:
        moved: list[_Row] = []
        while len(pages[-1]) > 1 and not moved:  # a row goes along, so that the seal never stands alone
            moved.insert(0, pages[-1].pop())
        pages.append(moved)
    return pages


def _next_top() -> float:
    return float(HIGH - 12 * mm - 62)


def _title_lines(document: Document) -> tuple[str, float, list[str]]:
    """Font, size and lines of the title: the title face where it has every character, else the text face."""
    font = TITLE if drawable(document.title, TITLE) == document.title else TEXT
    size = 26.0 if width(document.title, font, 26) + 4 * len(document.title) <= INNER else 19.0
    return font, size, wrapped(drawable(document.title, font), font, size, INNER - 20)


def _first_top(document: Document) -> float:
    _, size, lines = _title_lines(document)
    most = INNER * 0.62 - 16
    names = wrapped(drawable(document.addressee), TEXT, 12.5, most)
    offices = wrapped(drawable(document.office_name), TEXT, 12.5, INNER * 0.38)
    return float(
        HIGH - 12 * mm - 88 - len(lines) * size * 1.3 - max(len(names), 1) * 17 - max(len(offices), 1) * 17 - 72
    )


def _head(canvas: Any, document: Document) -> float:
    top = HIGH - 12 * mm - 34
    write(canvas, LEFT, top - 12, "掌税 PalmTax", 8.5, font=STRONG, color=PRIMARY)
    write_right(canvas, RIGHT, top - 12, f"No. {document.document_no}", 9, font=STRONG)
    font, size, lines = _title_lines(document)
    y = top - 34 - size
    for line in lines:
        write_spread(canvas, WIDE / 2, y, line, font, size, 3 if size > 20 else 1, INK)
        y -= size * 1.3
    most = wrapped(drawable(document.title_en), TEXT, 8.5, INNER - 20)
    write_spread(canvas, WIDE / 2, y + size * 0.35, most[0], TEXT, 8.5, 0.8, QUIET)
    canvas.setStrokeColor(PRIMARY)
    canvas.setLineWidth(1.2)
    canvas.line(WIDE / 2 - 24, y - 2, WIDE / 2 + 24, y - 2)
    _holder(canvas, document, y - 28)
    below = _first_top(document)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.9)
    canvas.line(LEFT, below + 6, RIGHT, below + 6)
    return below


def _holder(canvas: Any, document: Document, y: float) -> None:
    half = INNER * 0.62
    issued = f"{china_day(document.issued_at):%Y-%m-%d}"
    tall = write_pair(canvas, LEFT, y, "纳税人名称  Addressee", document.addressee, half - 16)
    write_pair(canvas, LEFT + half, y, "日期  Date", issued, INNER - half)
    y -= max(tall, 34) + 6
    write_pair(canvas, LEFT, y, "统一社会信用代码  Taxpayer no.", document.uscc or "—", half - 16)
    write_pair(canvas, LEFT + half, y, "税务机关  Tax authority", document.office_name, INNER - half)


def _small_head(canvas: Any, document: Document) -> float:
    top = HIGH - 12 * mm - 34
    write(canvas, LEFT, top - 8, wrapped(drawable(document.title), TEXT, 9, INNER * 0.6)[0], 9)
    write_right(canvas, RIGHT, top - 8, f"No. {document.document_no}", 9, font=STRONG)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, top - 16, RIGHT, top - 16)
    return _next_top()


def _draw_row(canvas: Any, row: _Row, y: float) -> float:
    if row.is_text:
        if row.is_quiet:
            write(canvas, LEFT, y - 8, row.value[0], 8, color=QUIET)
        else:
            write(canvas, LEFT, y - 11, row.value[0], 11)
        return y - row.high
    at = y - 16
    for part in row.label:
        write(canvas, LEFT + 4, at, part, 10)
        at -= 13.5
    at += 3.5
    for part in row.label_en:
        write(canvas, LEFT + 4, at, part, 6.8, color=QUIET)
        at -= 8.5
    for number, part in enumerate(row.value):
        write(canvas, VALUE_AT, y - 17 - number * 14.5, part, 11)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, y - row.high, RIGHT, y - row.high)
    return y - row.high


def _foot(canvas: Any, document: Document, verify_url: str) -> None:
    draw_seal(canvas, RIGHT - 62, FLOOR + 76, document.office_name)
    size = 27 * mm
    draw_qr(canvas, verify_url, LEFT, FLOOR + 6, size)
    x = LEFT + size + 14
    write(canvas, x, FLOOR + 66, "扫码查验真伪", 10.5, font=STRONG)
    write(canvas, x, FLOOR + 53, "Scan to verify this document", 7.2, color=QUIET)
    write(canvas, x, FLOOR + 33, "查验码  Verification code", 7.2, color=QUIET)
    write(canvas, x, FLOOR + 20, document.verify_code, 9.5, font=STRONG)
    of = "文书编号  Document" if document.kind == "service" else "办件编号  Application"
    write(canvas, x, FLOOR + 7, f"{of}  {document.application_no}", 7.2, color=QUIET)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, FLOOR - 8, RIGHT, FLOOR - 8)
    notes = [
        "1. 本文书为电子文书，手写、涂改无效；以查验结果为准。 Electronic; void if altered by hand: check it first.",
        "2. 演示系统开具，税务机关与纳税人均为虚构，不具有法律效力。",
        "    Issued by a demonstration system; authority and taxpayer are invented and it has no legal effect.",
    ]
    every = "".join([document.title, document.addressee, document.text, *(str(line.value) for line in document.lines)])
    if fonts.MISSING in drawable(every.replace("\n", " ")):
        notes.append("3. “□”为字库暂缺的字。 A box stands for a character that the font lacks.")
    for number, note in enumerate(notes):
        write(canvas, LEFT, FLOOR - 20 - number * 10.4, note, 6.9, color=QUIET)
