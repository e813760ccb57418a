"""A plain paper without a seal: a title and rows of label and value, over as many pages as it takes. Proves nothing by itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from palmtax.certificates.paper import fonts
from palmtax.certificates.paper.marks import write, write_right

_WIDE, _HIGH = A4
_LEFT, _RIGHT, _TOP, _BOTTOM = 20 * mm, _WIDE - 20 * mm, _HIGH - 22 * mm, 20 * mm
_LABEL = 52 * mm
_SIZE, _STEP = 9.5, 5.4 * mm


def draw_plain(title: str, under: str, rows: Sequence[tuple[str, str]], foot: str) -> bytes:
    """The paper as PDF. A row whose value is empty is a heading; long values are wrapped, pages numbered."""
    fonts.load()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    y = _head(canvas, title, under)
    page = 1
    for label, value in rows:
        lines = fonts.wrapped(value, fonts.TEXT, _SIZE, _RIGHT - _LEFT - _LABEL) if value else [""]
        labels = fonts.wrapped(label, fonts.TEXT, _SIZE, _LABEL - 4 * mm if value else _RIGHT - _LEFT)
        high = max(len(lines), len(labels)) * _STEP + 1.6 * mm
        if y - high < _BOTTOM:
            _foot(canvas, foot, page)
            canvas.showPage()
            page += 1
            y = _TOP
        for place, part in enumerate(labels):
            write(canvas, _LEFT, y - place * _STEP, part, _SIZE if value else _SIZE + 1)
        for place, part in enumerate(lines):
            write(canvas, _LEFT + _LABEL, y - place * _STEP, part, _SIZE)
        y -= high
    _foot(canvas, foot, page)
    canvas.save()
    return out.getvalue()


def _head(canvas: Any, title: str, under: str) -> float:
    y = _TOP
    for part in fonts.wrapped(title, fonts.TEXT, 15, _RIGHT - _LEFT):
        write(canvas, _LEFT, y, part, 15)
        y -= 8 * mm
    write(canvas, _LEFT, y, under, 9)
    return float(y - 9 * mm)


def _foot(canvas: Any, foot: str, page: int) -> None:
    write(canvas, _LEFT, _BOTTOM - 8 * mm, foot, 8)
    write_right(canvas, _RIGHT, _BOTTOM - 8 * mm, str(page), 8)
