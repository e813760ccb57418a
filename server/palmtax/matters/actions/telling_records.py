"""What is told of a taxpayer's affairs: violations, proofs, credit, authorisations, visits, complaints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from palmtax import appointments, certificates, complaints, identity, registry
from palmtax.base.clock import china_day
from palmtax.matters.actions.telling_affairs import MOST, URGENT, Asking, Found, row_of, to_file_row
from palmtax.matters.schemas.affairs import AffairRow, RowState

_BOOKINGS: dict[str, tuple[RowState, str, str]] = {
    "booked": ("going", "已约上", "Booked"),
    "waiting": ("going", "候补中", "On the waiting list"),
    "checked_in": ("going", "已签到", "Checked in"),
    "served": ("good", "已办理", "Served"),
    "cancelled": ("over", "已取消", "Cancelled"),
    "missed": ("over", "未到场", "Missed"),
    "lapsed": ("over", "候补结束", "Waiting ended"),
}
_AUTHORISED: dict[str, tuple[RowState, str, str]] = {
    "waiting": ("going", "等待接受", "Waiting to be accepted"),
    "active": ("good", "有效", "In force"),
    "revoked": ("over", "已解除", "Revoked"),
    "denied": ("over", "已否认", "Denied"),
    "ended": ("over", "已到期", "Ended"),
}
_ANSWERED_BY: dict[str, tuple[str, tuple[str, ...]]] = {
    "penalty_decision": ("decision_no", ("fine_payment",)),
    "correction_order": ("notice_no", ("correction_answer", "penalty_settled")),
    "risk_notice": ("notice_no", ("risk_feedback",)),
}
"""What the bureau sent and wants answered: the member that is its number, and the records that answer it."""
_DEALT_WITH = {"penalty_decision": "FLJJ-002", "correction_order": "FLJJ-008", "risk_notice": "FLJJ-010"}
"""The matter in which each of them is answered."""
_OFFENCES = "offence"
_COMPLAINTS: dict[str, RowState] = {
    "filed": "going", "accepted": "going", "investigating": "going", "answered": "wants", "refused": "over",
    "closed": "good", "withdrawn": "over",
}  # fmt: skip


async def violations(asking: Asking) -> Found:
    """Offences on record, what the bureau sent and wants answered, returns that are late. One round trip; six for returns, once."""
    answers = sorted({kind for _, kinds in _ANSWERED_BY.values() for kind in kinds})
    kept = await registry.records(
        asking.tx, asking.taxpayer_id, [*_ANSWERED_BY, *answers, _OFFENCES], clock=asking.clock
    )
    sent = [one for one in kept if one.kind in _ANSWERED_BY]
    offences = [one for one in kept if one.kind == _OFFENCES]
    late: list[Any] = []
    if asking.actor.may("filing.read"):
        late = [one for one in await asking.obligations() if one.state == "overdue"]
    rows = [to_file_row(one) for one in late]
    rows += sorted((_sent_row(one, kept) for one in sent), key=lambda row: URGENT[row.state])
    rows += [_offence_row(one) for one in offences]
    wants = sum(row.state in ("wants", "late") for row in rows)
    if wants:
        return Found(len(rows), wants, f"有 {wants} 项要您处理。", f"{wants} want you to do something.", rows)
    return Found(len(rows), 0, f"共 {len(rows)} 项，都已处理。", f"{len(rows)} in all, every one settled.", rows)


def _sent_row(one: registry.Record, kept: Sequence[registry.Record]) -> AffairRow:
    member, kinds = _ANSWERED_BY[one.kind]
    number = str(one.data.get(member) or "")
    is_answered = bool(number) and any(other.kind in kinds and other.data.get(member) == number for other in kept)
    kind = registry.record_kind(one.kind)
    fine = one.data.get("fine")
    return row_of(
        (f"{kind.title} {number}".strip(), f"{kind.title_en} {number}".strip()),
        ("good", "已处理", "Answered") if is_answered else ("wants", "要您处理", "Wants your answer"),
        day=one.valid_from,
        fen=fine if isinstance(fine, int) else None,
        go="/matters/mine/index?group=done" if is_answered else f"/matters/detail/index?code={_DEALT_WITH[one.kind]}",
    )


def _offence_row(one: registry.Record) -> AffairRow:
    what, state = str(one.data.get("what") or ""), str(one.data.get("state") or "")
    kind = registry.record_kind(one.kind)
    # what happened and how it stands are the bureau's own words; they are kept in Chinese only
    return row_of(
        (what or kind.title, what or kind.title_en),
        ("over", state or "已登记", state or "On record"),
        day=one.valid_from,
        go="/matters/detail/index?code=CXFW-005",
    )


async def proofs(asking: Asking) -> Found:
    """Tax-paid certificates and result documents. Two round trips."""
    proofs = await certificates.certificates_of(asking.tx, asking.taxpayer_id, limit=MOST)
    papers = await certificates.documents_of(asking.tx, asking.taxpayer_id, limit=MOST)
    good: tuple[RowState, str, str] = ("good", "有效", "Valid")
    rows = [
        (
            one.issued_at,
            row_of(
                (f"税收完税证明 {one.certificate_no}", f"Tax-paid certificate {one.certificate_no}"),
                good if one.state == "valid" else ("over", "已被替换", "Replaced"),
                day=china_day(one.issued_at),
                fen=one.total_fen,
                go="/certificates/list/index",
            ),
        )
        for one in proofs
    ] + [
        (
            one.issued_at,
            row_of(
                (one.title, one.title_en),
                good if one.state == "valid" else ("over", "已失效", "Withdrawn"),
                day=china_day(one.issued_at),
                go=f"/matters/application/index?id={one.application_id}",
            ),
        )
        for one in papers
    ]
    newest = [row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]
    note = f"完税证明 {len(proofs)} 份，结果文书 {len(papers)} 份。"
    return Found(len(rows), 0, note, f"{len(proofs)} tax-paid, {len(papers)} result documents.", newest)


async def credit(asking: Asking) -> Found:
    """The ratings, the newest year first. One round trip."""
    found = await registry.records(asking.tx, asking.taxpayer_id, ["credit_rating"], clock=asking.clock)
    found = sorted(found, key=lambda one: str(one.data.get("year") or ""), reverse=True)
    rows = [
        row_of(
            (f"{one.data.get('year')} 年度", f"Year {one.data.get('year')}"),
            ("good", "评价结果", "Rated"),
            day=one.valid_from,
            value=(f"{one.data.get('level')} 级", f"Grade {one.data.get('level')}"),
            go="/matters/detail/index?code=XYPJ-001",
        )
        for one in found
    ]
    note, note_en = "", ""
    if found:
        last = found[0].data
        points = last.get("points")
        note = f"最近一次：{last.get('year')} 年度 {last.get('level')} 级" + (f"，{points} 分" if points else "") + "。"
        note_en = (
            f"Last: {last.get('year')}, grade {last.get('level')}" + (f", {points} points" if points else "") + "."
        )
    return Found(len(found), 0, note, note_en, rows)


async def authorised(asking: Asking) -> Found:
    """Those given to me, and those of my taxpayer where I may authorise. Four round trips."""
    today = asking.clock.today()
    found = await identity.authorisations(asking.tx, actor=asking.actor)
    rows = []
    for one, is_mine in found:
        state = one.state_on(today)
        role, role_en = identity.role_name(one.role_code)
        title = (f"{one.taxpayer_name} 授权给我", f"{one.taxpayer_name} authorised me")
        if not is_mine:
            title = (f"授权给 {one.name_masked}", f"Given to {one.name_masked}")
        waits_for_me = is_mine and state == "waiting"
        rows.append(
            row_of(
                title,
                ("wants", "等您接受", "Waits for you") if waits_for_me else _AUTHORISED[state],
                day=one.valid_from,
                value=(role, role_en),
                go="/account/authorisations/index",
            )
        )
    rows.sort(key=lambda row: URGENT[row.state])
    wants = sum(row.state == "wants" for row in rows)
    active = sum(one.state_on(today) == "active" for one, _ in found)
    note, note_en = f"有效的 {active} 项", f"{active} in force"
    if wants:
        note, note_en = f"{note}，{wants} 项等您接受", f"{note_en}, {wants} waiting for you to accept"
    return Found(len(rows), wants, f"{note}。", f"{note_en}.", rows)


async def visits(asking: Asking) -> Found:
    """Bookings and places on waiting lists. One round trip, and more for each place that waits."""
    today = asking.clock.today()
    booked = await appointments.bookings_of(asking.tx, taxpayer_id=asking.taxpayer_id, clock=asking.clock)
    found = [one.booking for one in booked]
    topics = appointments.topics()
    rows = []
    for one in found:
        topic = topics.get(one.topic)
        is_today = one.state == "booked" and one.day == today
        rows.append(
            row_of(
                (topic.title, topic.title_en) if topic else (one.topic, one.topic),
                ("wants", "今天到厅", "Today") if is_today else _BOOKINGS[one.state],
                day=one.day,
                value=(one.time, one.time),
                go="/appointments/mine/index",
            )
        )
    rows.sort(key=lambda row: URGENT[row.state])
    ahead = sum(one.state in ("booked", "waiting") for one in found)
    wants = sum(row.state == "wants" for row in rows)
    return Found(len(rows), wants, f"还没到的预约 {ahead} 个。", f"{ahead} still to come.", rows)


async def complained(asking: Asking) -> Found:
    """The complaints that this person may see. One round trip."""
    found = await complaints.complaints_of(asking.tx, actor=asking.actor, taxpayer_id=asking.taxpayer_id)
    kinds = complaints.categories()
    rows = [
        row_of(
            (kinds[one.category].title, kinds[one.category].title_en),
            (_COMPLAINTS[one.state], *complaints.STATES[one.state]),
            day=china_day(one.filed_at),
            value=(one.complaint_no, one.complaint_no),
            go=f"/complaints/list/index?id={one.complaint_id}",
        )
        for one in found
    ]
    rows.sort(key=lambda row: URGENT[row.state])
    going = sum(row.state == "going" for row in rows)
    answered = sum(row.state == "wants" for row in rows)
    note, note_en = f"正在办理 {going} 件", f"{going} being handled"
    if answered:
        note, note_en = f"{note}，{answered} 件已答复，等您看", f"{note_en}, {answered} answered and waiting for you"
    return Found(len(rows), answered, f"{note}。", f"{note_en}.", rows)
