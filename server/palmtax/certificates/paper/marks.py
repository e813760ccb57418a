"""Marks on paper: text in its place, a label over its value, the QR code."""

from __future__ import annotations

from typing import Any

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from palmtax.certificates.paper.fonts import TEXT, drawable, width, wrapped
from palmtax.certificates.paper.ground import INK, LINE, QUIET

WIDE, HIGH = A4
LEFT, RIGHT = 24 * mm, WIDE - 24 * mm
INNER = RIGHT - LEFT


def write(canvas: Any, x: float, y: float, text: str, size: float, *, font: str = TEXT, color: Any = INK) -> None:
    """A text from a place to the right."""
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    canvas.drawString(x, y, drawable(text, font))


def write_right(canvas: Any, x: float, y: float, text: str, size: float, *, font: str = TEXT, color: Any = INK) -> None:
    """A text that ends at a place."""
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    canvas.drawRightString(x, y, drawable(text, font))


def write_spread(canvas: Any, x: float, y: float, text: str, font: str, size: float, gap: float, color: Any) -> None:
    """A centred line with space between its characters."""
    whole = width(text, font, size) + gap * (len(text) - 1)
    canvas.setFillColor(color)
    at = canvas.beginText(x - whole / 2, y)
    at.setFont(font, size)
    at.setCharSpace(gap)
    at.textOut(text)
    at.setCharSpace(0)
    canvas.drawText(at)


def write_pair(canvas: Any, x: float, y: float, label: str, value: str, most: float) -> float:
    """A small label over its value; returns how much height it took."""
    write(canvas, x, y, label, 7.6, color=QUIET)
    size = 12.5
    lines = wrapped(drawable(value), TEXT, size, most)
    if len(lines) > 2:
        size = 10.5
        lines = wrapped(drawable(value), TEXT, size, most)
    for number, line in enumerate(lines):
        write(canvas, x, y - 17 - number * size * 1.35, line, size)
    return 17 + len(lines) * size * 1.35


def draw_qr(canvas: Any, url: str, x: float, y: float, size: float) -> None:
    """The QR code as one path of squares, black on white with its quiet zone."""
    modules = [list(row) for row in segno.make(url, error="m", micro=False).matrix]
    cell = size / (len(modules) + 4)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.roundRect(x, y, size, size, 3, stroke=1, fill=1)
    canvas.setFillColorRGB(0.08, 0.13, 0.24)
    path = canvas.beginPath()
    for row, cells in enumerate(modules):
        for column, is_dark in enumerate(cells):
            if is_dark:
                path.rect(x + (column + 2) * cell, y + size - (row + 3) * cell, cell, cell)
    canvas.drawPath(path, stroke=0, fill=1)
