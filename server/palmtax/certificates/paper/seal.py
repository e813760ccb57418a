"""The round red electronic seal, marked as a demonstration because the office is invented."""

from __future__ import annotations

from math import cos, pi, sin, tau
from typing import Any

from reportlab.lib.colors import Color

from palmtax.certificates.paper import fonts

RED = Color(0.702, 0.149, 0.118, alpha=0.88)
RADIUS = 57.0
"""Points: 40 mm across, the usual size of an office's round seal."""


def draw_seal(canvas: Any, x: float, y: float, office: str) -> None:
    """Ring, name along the arc, star, 电子专用章, and 演示 DEMO across the foot."""
    canvas.saveState()
    canvas.setStrokeColor(RED)
    canvas.setFillColor(RED)
    canvas.setLineWidth(2.6)
    canvas.circle(x, y, RADIUS, stroke=1, fill=0)
    canvas.setLineWidth(0.6)
    canvas.circle(x, y, RADIUS - 3.6, stroke=1, fill=0)
    _star(canvas, x, y + 3, 15)
    _arc(canvas, x, y, fonts.drawable(office, fonts.TEXT))
    canvas.setFont(fonts.STRONG, 8.4)
    canvas.drawCentredString(x, y - 24, "电子专用章")
    canvas.setFont(fonts.STRONG, 7.6)
    canvas.drawCentredString(x, y - 36, "演示 DEMO")
    canvas.restoreState()


def _star(canvas: Any, x: float, y: float, radius: float) -> None:
    path = canvas.beginPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = pi / 2 + corner * tau / 10
        (path.moveTo if corner == 0 else path.lineTo)(x + reach * cos(angle), y + reach * sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _arc(canvas: Any, x: float, y: float, name: str) -> None:
    """The name clockwise over the top; the more characters, the wider the arc and the smaller they are."""
    shown = name if len(name) <= 24 else name[:23] + "…"
    count = max(len(shown), 1)
    size = 12.5 if count <= 10 else 11 if count <= 14 else 8.5
    spread = min(pi * 1.45, count * (size + 3.2) / (RADIUS - 13))
    font = fonts.STRONG if fonts.drawable(shown, fonts.STRONG) == shown else fonts.TEXT
    canvas.setFont(font, size)
    for place, character in enumerate(shown):
        turn = -spread / 2 + (place + 0.5) * spread / count
        canvas.saveState()
        canvas.translate(x + (RADIUS - 10) * sin(turn), y + (RADIUS - 10) * cos(turn))
        canvas.rotate(-turn * 180 / pi)
        canvas.drawCentredString(0, -size * 0.78, character)
        canvas.restoreState()
