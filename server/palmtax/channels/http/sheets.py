"""Figures of channels to take away: a spreadsheet with numbers, or text with commas. Pure."""

from __future__ import annotations

import io
from collections.abc import Mapping

import xlsxwriter

from palmtax.channels.actions.measuring import Sums

_HEAD = {
    "zh": (
        "渠道", "名称", "交给平台", "被拒", "失败", "上期交给平台", "上期失败", "P50 毫秒", "P95 毫秒", "P99 毫秒", "等待 P99 毫秒",
        "回调", "迟答回调", "费用（分）",
    ),
    "en": (
        "Channel", "Name", "Handed over", "Refused", "Failed", "Handed over before", "Failed before", "P50 ms", "P95 ms",
        "P99 ms", "Wait P99 ms", "Callbacks", "Late callbacks", "Cost (fen)",
    ),
}  # fmt: skip
Found = Mapping[str, tuple[Sums, Sums]]
Titles = Mapping[str, tuple[str, str]]


def _rows(found: Found, titles: Titles, language: str) -> list[tuple[str | int | None, ...]]:
    place = 1 if language == "en" else 0
    return [
        (
            name, titles.get(name, (name, name))[place], now.handed, now.refused, now.faults, before.handed,
            before.faults, now.p50, now.p95, now.p99, now.waited_p99, now.callbacks, now.late_callbacks, now.cost_fen,
        )
        for name, (now, before) in found.items()
    ]  # fmt: skip


def sheet(found: Found, titles: Titles, language: str) -> bytes:
    """The spreadsheet; texts are written as texts, so that no cell is ever taken for a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        for column, name in enumerate(_HEAD[language]):
            page.write_string(0, column, name, bold)
        for line, row in enumerate(_rows(found, titles, language), 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(line, column, value)
                else:
                    page.write_string(line, column, value or "")
        page.freeze_panes(1, 2)
        page.autofit()
    return out.getvalue()


def csv(found: Found, titles: Titles, language: str) -> bytes:
    """Text with commas, marked as UTF-8 for spreadsheet programs; a text that looks like a formula gets an apostrophe."""
    lines = [_HEAD[language], *_rows(found, titles, language)]
    return ("\ufeff" + "\r\n".join(",".join(_cell(value) for value in line) for line in lines) + "\r\n").encode()


def _cell(value: str | int | None) -> str:
    r"""One cell.

    >>> _cell("=1+1"), _cell('a"b'), _cell(7), _cell(None)
    ('"\\'=1+1"', '"a""b"', '7', '')
    """
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    safe = f"'{value}" if value.startswith(("=", "+", "-", "@", "\t")) else value
    return '"' + safe.replace('"', '""') + '"'
