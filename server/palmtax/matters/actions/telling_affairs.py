"""What is told of a taxpayer's affairs: applications, returns, money, invoices. Each by the door that owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from palmtax import filing, invoice, payment
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, china_day
from palmtax.base.money import show_yuan
from palmtax.base.period import Period
from palmtax.matters.model import catalogue, states
from palmtax.matters.model.application import Application
from palmtax.matters.schemas.affairs import AffairRow, RowState
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx

MOST = 1000
"""Rows of one section that can be taken away."""
_OPEN_READ = 100
"""Open applications read, so that one that was sent back is not lost behind newer ones."""
_TO_FILE: dict[str, tuple[RowState, str, str]] = {
    "overdue": ("late", "逾期未申报", "Overdue"),
    "open": ("wants", "待申报", "To file"),
    "draft": ("wants", "没填完", "Begun"),
}
_FILED: dict[str, tuple[RowState, str, str]] = {
    "accepted": ("good", "已申报", "Filed"),
    "superseded": ("over", "已被更正", "Amended since"),
    "void": ("over", "已作废", "Void"),
}
_ORDERS: dict[str, tuple[RowState, str, str]] = {
    "created": ("going", "待支付", "Waiting for payment"),
    "paying": ("going", "银行处理中", "At the bank"),
    "paid": ("good", "已缴", "Paid"),
    "expired": ("over", "已过期", "Expired"),
    "cancelled": ("over", "已撤销", "Cancelled"),
}
_APPLICATIONS: dict[str, RowState] = {
    "draft": "wants", "submitted": "going", "in_review": "going", "supplement": "wants", "approved": "good",
    "refused": "over", "withdrawn": "over", "lapsed": "over", "discarded": "over",
}  # fmt: skip
URGENT: Mapping[RowState, int] = {"late": 0, "wants": 1, "going": 2, "good": 3, "over": 3}


@dataclass(slots=True)
class Asking:
    """Who asks, and how many rows are wanted; what several sections need is read once."""

    tx: Tx
    actor: Actor
    clock: Clock
    taxpayer_id: int
    most: int
    owed: list[Any] | None = None
    states: dict[str, int] | None = None

    async def obligations(self) -> list[Any]:
        """What is to be filed. Six round trips the first time."""
        if self.owed is None:
            self.owed = await filing.obligations(self.tx, taxpayer_id=self.taxpayer_id, clock=self.clock)
        return [one for one in self.owed if one.state in _TO_FILE]

    async def counts(self) -> dict[str, int]:
        """Applications by state. One round trip the first time."""
        if self.states is None:
            self.states = await applications.state_counts(self.tx, self.taxpayer_id)
        return self.states

    async def of_group(self, group: str, limit: int) -> list[Application]:
        """Applications of a group, newest first. One round trip."""
        return await applications.of_taxpayer(
            self.tx, taxpayer_id=self.taxpayer_id, group=group, codes=None, text="", before=None, limit=limit
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a section has to say, in both languages."""

    count: int
    attention: int
    note: str
    note_en: str
    rows: Sequence[AffairRow]


def row_of(
    title: tuple[str, str], state: tuple[RowState, str, str], *, go: str, day: date | None = None,
    value: tuple[str, str] = ("", ""), fen: int | None = None,
) -> AffairRow:  # fmt: skip
    """One thing of a section; words by language, the state as kind and words."""
    return AffairRow(
        title=title[0],
        title_en=title[1],
        value=value[0] if fen is None else fen,
        value_en=value[1],
        unit="" if fen is None else "fen",
        day=day,
        state=state[0],
        state_name=state[1],
        state_name_en=state[2],
        go=go,
    )


def _matter_row(one: Application) -> AffairRow:
    matter = catalogue.catalogue().get(one.matter_code)
    title = (matter.title, matter.title_en) if matter else (one.matter_code, one.matter_code)
    page = "fill" if one.state == "draft" else "application"
    day = one.until_on if one.state == "supplement" else one.due_on if one.state in ("submitted", "in_review") else None
    return row_of(
        title,
        (_APPLICATIONS[one.state], *states.STATES[one.state]),
        day=day or china_day(one.ended_at or one.updated_at),
        go=f"/matters/{page}/index?id={one.application_id}",
    )


async def progress(asking: Asking) -> Found:
    """What was begun, handed in or sent back. Three round trips."""
    counts = await asking.counts()
    found = await asking.of_group("open", max(asking.most, _OPEN_READ)) + await asking.of_group("drafts", asking.most)
    back, drafts = counts.get("supplement", 0), counts.get("draft", 0)
    going = counts.get("submitted", 0) + counts.get("in_review", 0)
    told = [
        (back, f"{back} 件等您补正", f"{back} need more from you"),
        (going, f"{going} 件办理中", f"{going} in progress"),
        (drafts, f"{drafts} 件没填完", f"{drafts} not finished"),
    ]
    note = "，".join(zh for count, zh, _ in told if count)
    note_en = ", ".join(en for count, _, en in told if count)
    rows = sorted(
        (_matter_row(one) for one in found), key=lambda row: (row.state != "wants", row.go.startswith("/matters/f"))
    )
    return Found(back + going + drafts, back + drafts, f"{note}。", f"{note_en}.", rows)


async def results(asking: Asking) -> Found:
    """What was decided. One round trip after `progress`, else two."""
    counts = await asking.counts()
    done, refused = counts.get("approved", 0), counts.get("refused", 0)
    count = done + refused + counts.get("withdrawn", 0) + counts.get("lapsed", 0)
    rows = [_matter_row(one) for one in await asking.of_group("done", asking.most)]
    note = f"办好了 {done} 件" + (f"，没有通过 {refused} 件" if refused else "")
    note_en = f"{done} done" + (f", {refused} refused" if refused else "")
    return Found(count, 0, f"{note}。", f"{note_en}.", rows)


def named(tax: str, period: str) -> tuple[str, str]:
    """A tax and its period in words, Chinese and English."""
    zh, en = payment.tax_name(tax)
    try:
        span = Period.parse(period)
    except ValueError:
        # what is declared once, or for a year, has no period of the calendar
        return f"{zh} {period}".strip(), f"{en} {period}".strip()
    return f"{zh} {span.label()}", f"{en} {span.label('en')}"


def to_file_row(one: Any) -> AffairRow:
    """A period that is to be filed."""
    return row_of(
        named(one.tax_type_code, one.period),
        _TO_FILE[one.state],
        day=one.due_on,
        fen=one.estimate_fen,
        go=f"/filing/return/index?tax={one.tax_type_code}&period={one.period}",
    )


async def returns(asking: Asking) -> Found:
    """What is to be filed, then what was. Nine round trips."""
    to_file = await asking.obligations()
    filed, _ = await filing.returns_of(asking.tx, asking.taxpayer_id, limit=asking.most)
    declared = await filing.declarations_of(asking.tx, asking.taxpayer_id, limit=asking.most)
    count = await filing.filed_count(asking.tx, asking.taxpayer_id)
    rows = [
        (
            one.filed_at,
            row_of(
                named(one.tax_type_code, one.period),
                _FILED[one.history.state_of(one.return_id)],
                day=china_day(one.filed_at),
                fen=sum(one.taxes.values()),
                go=f"/filing/detail/index?id={one.return_id}",
            ),
        )
        for one in filed
    ] + [
        (
            one.filed_at,
            row_of(
                named(one.law, one.period),
                _FILED["accepted"],
                day=china_day(one.filed_at),
                fen=one.payable_fen,
                go=f"/matters/application/index?id={one.application_id}",
            ),
        )
        for one in declared
    ]
    newest = [row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]
    waits = len(to_file)
    note, note_en = f"已申报 {count} 份", f"{count} filed"
    if waits:
        late = sum(one.state == "overdue" for one in to_file)
        note = f"还有 {waits} 期待申报" + (f"，其中 {late} 期已逾期" if late else "")
        note_en = f"{waits} to file" + (f", {late} of them overdue" if late else "")
    return Found(count + waits, waits, f"{note}。", f"{note_en}.", [*map(to_file_row, to_file), *newest])


async def payments(asking: Asking) -> Found:
    """What is open, then what was paid. Two round trips."""
    today = asking.clock.today()
    items = await payment.open_items(asking.tx, asking.taxpayer_id)
    orders = await payment.orders_of(asking.tx, asking.taxpayer_id, limit=MOST)
    by_obligation: dict[Any, list[payment.OpenItem]] = {}
    for item in items:
        by_obligation.setdefault(item.obligation_id, []).append(item)
    rows = []
    for obligation_id, of_one in by_obligation.items():
        open_fen = sum(item.open for item in of_one)
        if open_fen <= 0:
            continue
        first = max(of_one, key=lambda item: item.open)
        zh, en = named(first.tax_type_code, first.period)
        is_more = len(of_one) > 1
        is_late = min(item.due_on for item in of_one) < today
        rows.append(
            row_of(
                (f"{zh} 等" if is_more else zh, f"{en} and more" if is_more else en),
                ("late", "已逾期", "Overdue") if is_late else ("wants", "待缴款", "To pay"),
                day=first.due_on,
                fen=open_fen,
                go=f"/payment/pay/index?return_id={obligation_id}",
            )
        )
    waits, owed = len(rows), payment.owed_of(items)
    done = [one for one in orders if not one.is_open]
    paid = [one for one in done if one.state == "paid"]
    rows += [
        row_of(
            (f"缴款单 {one.order_no}", f"Payment order {one.order_no}"),
            _ORDERS[one.state],
            day=china_day(one.paid_at or one.created_at),
            fen=one.amount_fen,
            go=f"/payment/pay/index?return_id={one.return_id}" if one.state == "paid" else "/filing/history/index",
        )
        for one in done
    ]
    if not waits:
        return Found(len(done), 0, f"没有待缴的款。已缴 {len(paid)} 笔。", f"Nothing to pay. {len(paid)} paid.", rows)
    late_fen = payment.late_fee_of(items, today)
    more, more_en = "", ""
    if late_fen:
        more = f"，今天缴另加滞纳金 ¥{show_yuan(late_fen)}"
        more_en = f", and ¥{show_yuan(late_fen)} late fee if paid today"
    note = f"还有 {waits} 项待缴，共 ¥{show_yuan(owed)}{more}。"
    return Found(waits + len(done), waits, note, f"{waits} to pay, ¥{show_yuan(owed)} in all{more_en}.", rows)


async def invoices(asking: Asking) -> Found:
    """The pool of this year. Three round trips."""
    today = asking.clock.today()
    found = await invoice.glance(asking.tx, asking.taxpayer_id, date(today.year, 1, 1), today, asking.most)
    rows = [
        row_of(
            (one.counterparty_name or f"发票 {one.invoice_no}", one.counterparty_name or f"Invoice {one.invoice_no}"),
            ("over", "已作废", "Void")
            if one.is_void
            else ("over", "红字", "Red")
            if one.is_red
            else ("good", "已开", "Issued"),
            day=one.issued_on,
            fen=one.total_fen,
            go=f"/invoices/detail/index?id={one.invoice_id}",
        )
        for one in found.newest
    ]
    total = show_yuan(found.issued_fen)
    note = f"今年开出 {found.issued} 张，价税合计 ¥{total}；收到 {found.received} 张。"
    note_en = f"This year {found.issued} issued, ¥{total} with VAT; {found.received} received."
    return Found(found.issued + found.received, 0, note, note_en, rows)
