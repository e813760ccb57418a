"""An application as it goes over the wire: every question with its answer, origin and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from palmtax import certificates, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import sources
from palmtax.matters.actions.submitting import Checked, look
from palmtax.matters.model import answers, catalogue, computing, states, wizard
from palmtax.matters.model.acts import act_words
from palmtax.matters.model.application import Application, Move
from palmtax.matters.model.matter import Matter
from palmtax.matters.schemas import applications as wire
from palmtax.matters.schemas import asks as shapes
from palmtax.matters.schemas.catalogue import SectionOut
from palmtax.matters.store import applications
from palmtax.matters.store.rows import move_of_json
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Computed
from palmtax.plumbing.together import together


async def application_out(
    tx: Tx, *, one: Application, actor: Actor, clock: Clock, public_url: str = "", with_problems: bool = False
) -> wire.ApplicationOut:
    """The application whole. A round trip or two for each domain its matter reads, and one of its own."""
    matter = catalogue.find_matter(one.matter_code)
    is_editable = one.state in states.EDITABLE
    if is_editable:
        checked = await look(tx, one=one, matter=matter, actor=actor, clock=clock)
    else:
        checked = Checked([], None, {}, ())
    moves, office, document = await _beside(tx, one)
    given = answers.values(one.answers)
    asked = [problem for problem in checked.problems if with_problems or given.get(problem.at) is not None]
    answered, total = wizard.progress(matter, given, clock.today())
    zh, en = states.STATES[one.state]
    return wire.ApplicationOut(
        application_id=one.application_id,
        application_no=one.application_no,
        matter=_short(matter, one),
        state=one.state,
        state_name=zh,
        state_name_en=en,
        version=one.version,
        category=one.category,
        role_code=one.role_code,
        office_code=one.office_code,
        office_name=office,
        started_at=one.started_at,
        updated_at=one.updated_at,
        submitted_at=one.submitted_at,
        due_on=one.due_on,
        ended_at=one.ended_at,
        started_channel=one.started_channel,
        last_channel=one.last_channel,
        sections=_sections(matter, one, {problem.at: problem for problem in asked}),
        next=wizard.next_ask(matter, given, clock.today()) if is_editable else None,
        progress=wire.Progress(answered=answered, total=total),
        problems=[wire.ProblemAt(at=p.at, text=p.text, text_en=p.text_en) for p in asked],
        needs=[
            wire.NeedOut(text=n.say, text_en=n.say_en, go=n.go, holds=sources.holds(n, checked.held.get(n.read)))
            for n in (matter.needs if is_editable else ())
        ],
        papers=_papers(matter, one, checked.on_file),
        computed=computed_out(matter, checked.computed),
        decision=_decision(one),
        supplement=wire.SupplementOut.model_validate(one.supplement) if one.supplement else None,
        outcome=_outcome(one),
        document=_document(document, public_url),
        timeline=[_move(move) for move in moves],
        rating=wire.ApplicationRating(stars=one.stars) if one.stars else None,
        may=states.may(one.state, is_rated=one.stars is not None),
        journey_id=one.journey_id,
    )


async def _beside(tx: Tx, one: Application) -> tuple[list[Move], str, certificates.Document | None]:
    """What three domains keep about an application: its moves, the name of its office, its document. One round trip."""
    parts = [applications.moves_part(one.taxpayer_id, one.application_id), registry.office_part(one.office_code)]
    if one.document_id is not None:
        parts.append(certificates.document_part(taxpayer_id=one.taxpayer_id, document_id=one.document_id))
    moves, office, *document = await together(tx, *parts)
    return (
        [move_of_json(move) for move in moves],
        registry.office_name_of_part(office, one.office_code),
        certificates.document_of_part(document[0]) if document else None,
    )


def _short(matter: Matter, one: Application) -> wire.MatterShort:
    return wire.MatterShort(
        code=matter.code,
        title=matter.title,
        title_en=matter.title_en,
        say=matter.say,
        say_en=matter.say_en,
        screens=matter.screens,
        promise=shapes.promise_out(matter.promise),
        fee_fen=matter.fee_fen,
        is_current=one.catalogue_version == catalogue.version(),
    )


def _sections(matter: Matter, one: Application, wrong: dict[str, Any]) -> list[SectionOut]:
    shown = {ask.code for ask in answers.shown(matter, answers.values(one.answers))}
    return shapes.sections_out(
        [
            (
                ask,
                shapes.ask_out(
                    ask, is_shown=ask.code in shown, answer=one.answers.get(ask.code), problem=wrong.get(ask.code)
                ),
            )
            for ask in matter.asks
        ]
    )


def _papers(matter: Matter, one: Application, on_file: Sequence[str]) -> list[wire.PaperOut]:
    given = answers.current(matter, answers.values(one.answers))
    files: dict[str, list[wire.FileOut]] = {}
    for f in one.files:
        files.setdefault(f.paper_code, []).append(
            wire.FileOut(
                paper_id=f.paper_id, name=f.file_name, size_bytes=f.size_bytes, pages=f.pages, media_type=f.media_type,
                has_thumbnail=f.thumbnail_name is not None, added_at=f.added_at,
            )
        )  # fmt: skip
    found = []
    for paper in matter.papers:
        is_wanted = all(condition.holds(given) for condition in paper.when)
        is_held = paper.code in on_file
        found.append(
            wire.PaperOut(
                code=paper.code, title=paper.title, title_en=paper.title_en, why=paper.why, why_en=paper.why_en,
                is_needed=is_wanted and not is_held, is_optional=paper.is_optional, is_on_file=is_held,
                at_most=paper.at_most, files=files.get(paper.code, []),
            )
        )  # fmt: skip
    return found


def computed_out(matter: Matter, found: Computed | None) -> wire.ComputedOut | None:
    """What the law gives, results first; none where no law computes the matter."""
    if found is None:
        return None
    results = [wire.ComputedResult.model_validate(line) for line in computing.result_lines(matter, found)]
    told = [wire.ComputedLine.model_validate(line) for line in computing.every_line(found)]
    return wire.ComputedOut(law=found.law, law_on=found.law_on, version=found.version, results=results, lines=told)


def _decision(one: Application) -> wire.DecisionOut | None:
    if one.decision is None:
        return None
    return wire.DecisionOut(
        outcome=one.decision["outcome"],
        reason=one.decision["reason"],
        by_office=one.decision["by_office"],
        is_instant=one.decision["is_instant"],
        decided_at=one.ended_at,
    )


def _outcome(one: Application) -> wire.OutcomeOut | None:
    if one.outcome is None:
        return None
    lines = [wire.LineOut.model_validate(line) for line in one.outcome["lines"]]
    return wire.OutcomeOut(values=one.outcome["values"], lines=lines)


def _document(found: certificates.Document | None, public_url: str) -> wire.ApplicationDocument | None:
    if found is None:
        return None
    return wire.ApplicationDocument(
        document_id=found.document_id,
        document_no=found.document_no,
        title=found.title,
        title_en=found.title_en,
        verify_url=certificates.verify_url(public_url, found.verify_code),
    )


def _move(move: Move) -> wire.ApplicationMove:
    zh, en = act_words(move.act)
    who, who_en = (
        ("税务机关", "Tax office") if move.is_officer else ("本人", "You") if move.person_id else ("系统", "System")
    )
    return wire.ApplicationMove(
        at=move.at,
        act=move.act,
        act_name=zh,
        act_name_en=en,
        who=who,
        who_en=who_en,
        channel=move.channel,
        note=move.note,
    )


def card(one: Application) -> wire.ApplicationCard:
    """An application in a list."""
    matter = catalogue.catalogue().get(one.matter_code)
    zh, en = states.STATES[one.state]
    return wire.ApplicationCard(
        application_id=one.application_id, application_no=one.application_no, matter_code=one.matter_code,
        title=matter.title if matter else one.matter_code, title_en=matter.title_en if matter else one.matter_code,
        state=one.state, state_name=zh, state_name_en=en, updated_at=one.updated_at, submitted_at=one.submitted_at,
        due_on=one.due_on, until_on=one.until_on, last_channel=one.last_channel, journey_id=one.journey_id,
        is_rated=one.stars is not None,
    )  # fmt: skip
