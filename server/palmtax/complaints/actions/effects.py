"""What matters may do here: file, suggest, report, rate, show."""

from __future__ import annotations

from palmtax.base.clock import china_day
from palmtax.complaints.actions import complaints, ratings, reports, suggestions
from palmtax.complaints.errors import ComplaintUnknown
from palmtax.complaints.model.complaint import STATES, Complaint
from palmtax.complaints.model.kinds import levels
from palmtax.complaints.model.rating import subject_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect


def _lines(one: Complaint) -> tuple[Line, ...]:
    return (
        Line("投诉编号", "Complaint number", one.complaint_no),
        Line("投诉内容", "About", one.title),
        Line("进度", "How it stands", STATES[one.state][0]),
        Line("办理期限", "To be done by", one.next_due_on.isoformat(), "date"),
    )


@effect("complaints.file")
async def file(tx: Tx, *, act: Act, category: str, about: str, facts: str, is_real_name: bool = True) -> Done:
    """纳税服务投诉: decided on within a working day; the same application again gives the same complaint."""
    made = await complaints.file_complaint(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        office_code=act.office_code,
        category=category,
        about=about,
        facts=facts,
        is_real_name=is_real_name,
        application_id=act.application_id,
    )
    values = {"complaint_no": made.complaint_no, "accept_by": made.accept_by_on.isoformat(), "state": made.state}
    return Done({**values}, _lines(made))


@effect("complaints.suggest")
async def suggest(tx: Tx, *, act: Act, text: str, kind: str = "suggestion") -> Done:
    """意见建议、表扬: kept with a number."""
    made = await suggestions.suggest(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        office_code=act.office_code,
        text=text,
        kind=kind,
        application_id=act.application_id,
    )
    return Done(
        {"suggestion_no": made.suggestion_no, "due_on": made.due_on.isoformat()},
        (Line("登记编号", "Number", made.suggestion_no),),
    )


@effect("complaints.report_violation")
async def report_violation(tx: Tx, *, act: Act, who: str, facts: str, naming: str = "named") -> Done:
    """税收违法行为检举: the number is all that the application keeps; who reports stays sealed."""
    made = await reports.report_violation(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        office_code=act.office_code,
        who=who,
        facts=facts,
        is_named=naming != "anonymous",
        application_id=act.application_id,
    )
    return Done(
        {"report_no": made.report_no, "due_on": made.due_on.isoformat()},
        (
            Line("检举编号", "Number of the report", made.report_no),
            Line("受理期限", "To be sorted by", made.due_on.isoformat(), "date"),
        ),
    )


@effect("complaints.rate")
async def rate(tx: Tx, *, act: Act, subject: str, stars: int, text: str = "") -> Done:
    """好差评 of a service named by its number or in words; one or two stars are followed up."""
    made = await ratings.rate_service(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        subject_kind="service",
        subject_id=subject_of(subject),
        title=subject.strip()[:60],
        title_en=subject.strip()[:60],
        office_code=act.office_code,
        stars=stars,
        text=text,
        application_id=act.application_id,
    )
    level = levels()[made.stars]
    lines = [Line("评价", "Rating", level.title)]
    if made.contact_by_on:
        lines.append(Line("工作人员联系您的期限", "Somebody calls you by", made.contact_by_on.isoformat(), "date"))
    return Done({"stars": made.stars, "is_followed_up": made.contact_by_on is not None}, tuple(lines))


@effect("complaints.show")
async def show(tx: Tx, *, act: Act, complaint_no: str | None = None) -> Done:
    """投诉进度: one complaint by its number, or all of the taxpayer's. Errors: complaints.complaint_unknown."""
    found = await complaints.complaints_of(
        tx, actor=act.actor, taxpayer_id=act.taxpayer_id, complaint_no=complaint_no, limit=20
    )
    if complaint_no and complaint_no.strip() and not found:
        raise ComplaintUnknown()
    lines: list[Line] = []
    for one in found:
        lines += _lines(one)
        if one.answer:
            lines.append(Line("答复", "Answer", one.answer))
        lines.append(Line("投诉日期", "Filed on", china_day(one.filed_at).isoformat(), "date"))
    return Done({"count": len(found)}, tuple(lines))
