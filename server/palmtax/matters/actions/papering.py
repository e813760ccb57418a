"""What a person can take away: one application as PDF, lists as PDF or spreadsheet."""

from __future__ import annotations

import asyncio
import io

import xlsxwriter

from palmtax import certificates, registry
from palmtax.base.clock import CHINA, Clock
from palmtax.matters.model import answers, catalogue, states, types
from palmtax.matters.model.application import Application
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx

MOST = 1000
_FOOT = ("本页为填报内容的打印件，不作为证明使用", "A print of what was filled in; it proves nothing by itself")


def _chosen(language: str, zh: str, en: str) -> str:
    return en if language == "en" else zh


async def summary_pdf(tx: Tx, *, one: Application, language: str, clock: Clock) -> bytes:
    """What was written, with where each answer came from, and the files by name. Two round trips."""
    matter = catalogue.find_matter(one.matter_code)
    taxpayer = await registry.taxpayer(tx, one.taxpayer_id)
    given = answers.values(one.answers)
    zh, en = states.STATES[one.state]
    rows = [
        (_chosen(language, "办理人", "For"), taxpayer.name),
        (_chosen(language, "办件编号", "Number"), one.application_no),
        (_chosen(language, "状态", "State"), _chosen(language, zh, en)),
        (_chosen(language, "填报内容", "Answers"), ""),
    ]
    rows += [
        (_chosen(language, ask.label, ask.label_en), types.show(ask, given[ask.code], language))
        for ask in answers.shown(matter, given)
        if given.get(ask.code) is not None
    ]
    if one.files:
        rows.append((_chosen(language, "材料", "Papers"), ""))
    titles = {paper.code: _chosen(language, paper.title, paper.title_en) for paper in matter.papers}
    rows += [(titles.get(file.paper_code, file.paper_code), file.file_name) for file in one.files]
    printed = f"{clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}"
    title = _chosen(language, matter.title, matter.title_en)
    return await asyncio.to_thread(certificates.plain_pdf, title, printed, rows, _chosen(language, *_FOOT))


async def export(tx: Tx, *, taxpayer_id: int, group: str, form: str, language: str, clock: Clock) -> bytes:
    """The newest 1,000 applications of a group. One round trip."""
    found = await applications.of_taxpayer(
        tx, taxpayer_id=taxpayer_id, group=group, codes=None, text="", before=None, limit=MOST
    )
    head = (
        ("办件编号", "事项", "状态", "提交时间", "应办结日", "办结时间")
        if language != "en"
        else ("Number", "Matter", "State", "Submitted", "Due", "Ended")
    )
    rows = [_row(one, language) for one in found]
    if form == "xlsx":
        return await asyncio.to_thread(sheet, head, rows)
    lines = [(row[0], " · ".join(part for part in row[1:] if part)) for row in rows]
    printed = f"{clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}"
    title = _chosen(language, "我的办件", "My matters")
    return await asyncio.to_thread(certificates.plain_pdf, title, printed, lines, _chosen(language, *_FOOT))


def _row(one: Application, language: str) -> tuple[str, ...]:
    matter = catalogue.catalogue().get(one.matter_code)
    title = one.matter_code if matter is None else _chosen(language, matter.title, matter.title_en)
    return (
        one.application_no,
        title,
        _chosen(language, *states.STATES[one.state]),
        f"{one.submitted_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.submitted_at else "",
        one.due_on.isoformat() if one.due_on else "",
        f"{one.ended_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.ended_at else "",
    )


def sheet(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    """A spreadsheet of texts. Everything is written as text, so that no cell is ever taken for a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, name in enumerate(head):
            page.write_string(0, column, name, bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                page.write_string(line, column, value)
        page.freeze_panes(1, 0)
        page.autofit()
    return out.getvalue()
