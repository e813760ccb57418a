"""The fonts that lie beside the code (fonts/, SIL OFL 1.1), and what to do when they lack a character."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parents[1] / "fonts"
TEXT, STRONG, TITLE = "palm-text", "palm-strong", "palm-title"
MISSING = "□"
"""Stands where no font has the character: seen by everybody, never left out."""


@cache
def load() -> None:
    """Make the fonts known to the drawing library; once in a process."""
    for name in (TEXT, STRONG, TITLE):
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))


@cache
def characters(font: str) -> frozenset[int]:
    """The code points that a font can draw."""
    load()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def drawable(text: str, font: str = TEXT) -> str:
    """The text with a box for each character the font lacks; line breaks and controls become spaces."""
    known = characters(font)
    return "".join(c if ord(c) in known else " " if not c.isprintable() else MISSING for c in text)


def width(text: str, font: str, size: float) -> float:
    """How wide a text is, points."""
    load()
    return float(pdfmetrics.stringWidth(text, font, size))


def wrapped(text: str, font: str, size: float, most: float) -> list[str]:
    """The text in lines no wider than `most` points; breaks between Chinese characters, keeps Latin words together."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece, font, size) > most:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while width(line, font, size) > most and len(line) > 1:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or width(line[:n], font, size) <= most)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines or [""]


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        joins = found and character.isascii() and character != " " and found[-1][-1].isascii() and found[-1][-1] != " "
        closes = found and character in "，。；：、）》”！？"
        if joins or closes:
            found[-1] += character
        else:
            found.append(character)
    return found
