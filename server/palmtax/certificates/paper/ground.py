"""The calm background of the paper: a frame and fine wave lines that a copier blurs."""

from __future__ import annotations

from math import cos, pi, sin, tau
from typing import Any

from reportlab.lib.colors import Color, HexColor

INK, QUIET, PRIMARY, SEAL = HexColor("#14213D"), HexColor("#5B6577"), HexColor("#1B4FD8"), HexColor("#B3261E")
LINE, PALE = HexColor("#C9D3E6"), HexColor("#F4F7FC")
_WAVE = Color(0.105, 0.310, 0.847, alpha=0.10)
_ROSE = Color(0.105, 0.310, 0.847, alpha=0.075)


def draw_ground(canvas: Any, left: float, bottom: float, wide: float, high: float) -> None:
    """Frame, a guilloche band along the top and the bottom, and a large rosette in the middle."""
    canvas.saveState()
    _rosette(canvas, left + wide / 2, bottom + high * 0.50, min(wide, high) * 0.40)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(1.1)
    canvas.rect(left, bottom, wide, high)
    canvas.setLineWidth(0.35)
    canvas.rect(left + 4, bottom + 4, wide - 8, high - 8)
    canvas.setStrokeColor(_WAVE)
    canvas.setLineWidth(0.3)
    for y in (bottom + 16, bottom + high - 16):
        _band(canvas, left + 6, y, wide - 12, 8.5)
    canvas.restoreState()


def _band(canvas: Any, x: float, y: float, wide: float, swing: float) -> None:
    for number in range(14):
        phase = number * pi / 14
        path = canvas.beginPath()
        steps = 260
        for step in range(steps + 1):
            at = step / steps
            height = swing * sin(at * tau * 17 + phase) * cos(at * tau * 2.5 + phase * 2)
            (path.moveTo if step == 0 else path.lineTo)(x + at * wide, y + height)
        canvas.drawPath(path, stroke=1, fill=0)


def _rosette(canvas: Any, x: float, y: float, radius: float) -> None:
    """Three rings of woven petals, the outer ones wide and faint."""
    canvas.setStrokeColor(_ROSE)
    canvas.setLineWidth(0.28)
    for inner, swing, petals, strands in ((0.84, 0.15, 24, 8), (0.56, 0.12, 16, 6), (0.33, 0.09, 12, 6)):
        for strand in range(strands):
            phase = strand * tau / strands
            path = canvas.beginPath()
            steps = petals * 18
            for step in range(steps + 1):
                angle = step / steps * tau
                reach = radius * (inner + swing * sin(petals * angle + phase) * cos(petals / 4 * angle - phase / 2))
                place = (x + reach * cos(angle), y + reach * sin(angle))
                (path.moveTo if step == 0 else path.lineTo)(*place)
            canvas.drawPath(path, stroke=1, fill=0)
