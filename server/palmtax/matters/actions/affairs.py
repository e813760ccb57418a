"""My affairs: what every domain holds of a taxpayer, in one place; nothing is kept here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from palmtax import certificates
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock
from palmtax.base.money import show_yuan
from palmtax.matters.actions import telling_affairs as telling
from palmtax.matters.actions import telling_records as records
from palmtax.matters.actions.hats import standing
from palmtax.matters.actions.papering import sheet
from palmtax.matters.schemas.affairs import AffairRow, AffairSection, AffairsOut, SectionCode
from palmtax.plumbing.database import Tx

SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Section:
    """A section: who may see it, what it is called, where it leads, who tells about it."""

    code: SectionCode
    scope: str
    title: str
    title_en: str
    empty: str
    empty_en: str
    go: str
    find: Callable[[telling.Asking], Awaitable[telling.Found]]


_SECTIONS = (
    _Section(
        "progress",
        "matters.use",
        "办理进度",
        "In progress",
        "没有正在办的事。",
        "Nothing is in progress.",
        "/matters/mine/index",
        telling.progress,
    ),
    _Section(
        "results",
        "matters.use",
        "办理结果",
        "Results",
        "还没有办完的事。",
        "Nothing has been decided yet.",
        "/matters/mine/index?group=done",
        telling.results,
    ),
    _Section(
        "returns",
        "filing.read",
        "申报",
        "Returns",
        "没有要申报的，也没有申报过。",
        "Nothing to file, and nothing filed.",
        "/filing/history/index",
        telling.returns,
    ),
    _Section(
        "payments",
        "payment.read",
        "缴款",
        "Payments",
        "没有待缴的款，也没有缴过。",
        "Nothing to pay, and nothing paid.",
        "/filing/history/index",
        telling.payments,
    ),
    _Section(
        "invoices",
        "invoice.read",
        "发票",
        "Invoices",
        "今年没有开出或收到发票。",
        "No invoices issued or received this year.",
        "/invoices/list/index",
        telling.invoices,
    ),
    _Section(
        "violations",
        "registry.read",
        "违法违章",
        "Violations",
        "没有违法记录。",
        "No violations on record.",
        "/matters/shelf/index?group=FLJJ",
        records.violations,
    ),
    _Section(
        "certificates",
        "certificates.read",
        "证明和文书",
        "Certificates",
        "还没有证明或文书。",
        "No certificates or documents yet.",
        "/certificates/list/index",
        records.proofs,
    ),
    _Section(
        "credit",
        "registry.read",
        "纳税信用",
        "Credit rating",
        "税务局还没有给出信用评价。",
        "The bureau has given no rating yet.",
        "/matters/detail/index?code=XYPJ-001",
        records.credit,
    ),
    _Section(
        "authorisations",
        "matters.use",
        "授权",
        "Authorisations",
        "没有授权。",
        "No authorisations.",
        "/account/authorisations/index",
        records.authorised,
    ),
    _Section(
        "appointments",
        "appointments.book",
        "预约",
        "Appointments",
        "没有预约。",
        "No appointments.",
        "/appointments/mine/index",
        records.visits,
    ),
    _Section(
        "complaints",
        "complaints.file",
        "投诉",
        "Complaints",
        "没有投诉。",
        "No complaints.",
        "/complaints/list/index",
        records.complained,
    ),
)


async def affairs(tx: Tx, *, actor: Actor, clock: Clock, most: int = SHOWN, only: str | None = None) -> AffairsOut:
    """Every section that this hat may see.

    About 30 round trips: who asks 1 or 2, progress 3, results 1, returns 9, payments 2, invoices 3, violations 1 (the
    returns are read once for both), certificates 2, credit 1, authorisations 4, appointments 1 and more for each place on
    a waiting list, complaints 1. The doors that answer here offer no parts, so nothing can be joined (`together`).
    Errors: plumbing.hat_needed.
    """
    who = await standing(tx, actor=actor, clock=clock)
    asking = telling.Asking(tx, actor, clock, who.taxpayer_id, most)
    wanted = [one for one in _SECTIONS if actor.may(one.scope) and only in (None, one.code)]
    sections = [_told(one, await one.find(asking), most) for one in wanted]
    # a late return stands in returns and in violations, and is one thing to do
    told = {one.code for one in sections}
    twice = sum(one.state == "overdue" for one in asking.owed or ()) if {"returns", "violations"} <= told else 0
    attention = sum(one.attention for one in sections) - twice
    return AffairsOut(as_of=clock.today(), attention=attention, sections=sections)


def _told(section: _Section, found: telling.Found, most: int) -> AffairSection:
    is_empty = not found.count and not found.rows
    return AffairSection(
        code=section.code,
        title=section.title,
        title_en=section.title_en,
        count=found.count,
        attention=found.attention,
        note="" if is_empty else found.note,
        note_en="" if is_empty else found.note_en,
        empty=section.empty,
        empty_en=section.empty_en,
        latest=list(found.rows[:most]),
        go=section.go,
    )


async def export(
    tx: Tx, *, actor: Actor, clock: Clock, form: str, language: str, only: str | None, wants_only: bool
) -> bytes:
    """The sections as a spreadsheet or PDF, the newest 1,000 rows of each; the round trips of `affairs`."""
    found = await affairs(tx, actor=actor, clock=clock, most=telling.MOST, only=only)
    is_en = language == "en"
    head = (
        ("Section", "What", "Amount or value", "State", "Day")
        if is_en
        else ("栏目", "事项", "金额或内容", "状态", "日期")
    )
    rows: list[tuple[str, ...]] = []
    for section in found.sections:
        title = section.title_en if is_en else section.title
        kept = [row for row in section.latest if not wants_only or row.state in ("late", "wants")]
        rows += [(title, *_cells(row, is_en)) for row in kept]
        if not section.count and not wants_only:
            rows.append((title, section.empty_en if is_en else section.empty, "", "", ""))
    if form == "xlsx":
        return await asyncio.to_thread(sheet, head, rows)
    lines = [(row[0], " · ".join(part for part in row[1:] if part)) for row in rows]
    printed = f"{clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}"
    foot = (
        "A print of what the bureau holds; it proves nothing by itself"
        if is_en
        else "本页为查询结果的打印件，不作为证明使用"
    )
    return await asyncio.to_thread(certificates.plain_pdf, "My affairs" if is_en else "我的事", printed, lines, foot)


def _cells(row: AffairRow, is_en: bool) -> tuple[str, ...]:
    value = f"¥{show_yuan(row.value)}" if isinstance(row.value, int) else row.value_en if is_en else row.value
    return (
        row.title_en if is_en else row.title,
        value,
        row.state_name_en if is_en else row.state_name,
        row.day.isoformat() if row.day else "",
    )
