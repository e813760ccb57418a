"""An application on an officer's desk: the same picture as the taxpayer's, with its case; papers opened leave a trace."""

from __future__ import annotations

from uuid import UUID

from palmtax import cases, evidence, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import showing, sources, uploading
from palmtax.matters.actions.consequences import consequences
from palmtax.matters.errors import PaperUnknown
from palmtax.matters.model import answers, catalogue, computing, states
from palmtax.matters.model.application import Application, File
from palmtax.matters.model.citing import cited
from palmtax.matters.model.matter import Matter
from palmtax.matters.schemas.applications import ApplicationOut, NeedOut
from palmtax.matters.schemas.asks import masked
from palmtax.matters.schemas.officers import ApplicationDesk
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Computed

NOTHING: tuple[object, ...] = (None, "", 0, [])
"""What a source says that holds nothing."""


async def desk_out(tx: Tx, *, one: Application, actor: Actor, clock: Clock, public_url: str) -> ApplicationDesk:
    """The application whole, its case, and what a yes will do. About a dozen round trips."""
    matter = catalogue.find_matter(one.matter_code)
    case = await cases.readable_case(
        tx, actor=actor, taxpayer_id=one.taxpayer_id, subject_id=one.application_id, clock=clock
    )
    taxpayer = await registry.taxpayer(tx, one.taxpayer_id)
    shown = await showing.application_out(tx, one=one, actor=actor, clock=clock, public_url=public_url)
    given = answers.current(matter, answers.values(one.answers))
    computed, _ = computing.compute(matter, given, (one.submitted_at or clock.now()).date())
    if one.state in states.OPEN - states.EDITABLE:
        shown = await _as_to_be_decided(tx, shown, one, matter, computed, actor, clock)
    document = None if matter.is_secret(given) else matter.document
    law = [cited(citation) for citation in matter.law]
    return ApplicationDesk(
        application=_masked(shown),
        case=await cases.case_row(tx, actor=actor, clock=clock, case=case),
        taxpayer_name=taxpayer.name,
        uscc=taxpayer.uscc,
        reasons_no=list(matter.reasons_no),
        reasons_no_en=list(matter.reasons_no_en),
        effects=consequences(matter, one, computed),
        document_title=document.title if document else "",
        document_title_en=document.title_en if document else "",
        needs_two=matter.decision.needs_two,
        law=[zh for zh, _ in law],
        law_en=[en for _, en in law],
    )


async def _as_to_be_decided(
    tx: Tx, shown: ApplicationOut, one: Application, matter: Matter, computed: Computed | None, actor: Actor,
    clock: Clock,
) -> ApplicationOut:  # fmt: skip
    """With what the officer weighs: whether the conditions still hold, which papers are on file, what the law gives."""
    names = [*(need.read for need in matter.needs), *(paper.on_file for paper in matter.papers)]
    held = await sources.held(tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, names=names)
    kept = {paper.code for paper in matter.papers if held.get(paper.on_file) not in NOTHING}
    return shown.model_copy(
        update={
            "needs": [
                NeedOut(text=need.say, text_en=need.say_en, go=need.go, holds=sources.holds(need, held.get(need.read)))
                for need in matter.needs
            ],
            "papers": [
                paper.model_copy(update={"is_on_file": True, "is_needed": False}) if paper.code in kept else paper
                for paper in shown.papers
            ],
            "computed": showing.computed_out(matter, computed),
        }
    )


def _masked(shown: ApplicationOut) -> ApplicationOut:
    """Identity, phone and account numbers as officers see them: masked until there is a reason to open one."""
    sections = [
        section.model_copy(update={"asks": [masked(ask) for ask in section.asks]}) for section in shown.sections
    ]
    return shown.model_copy(update={"sections": sections, "may": []})


async def open_paper(tx: Tx, *, actor: Actor, clock: Clock, one: Application, paper_id: UUID, is_small: bool) -> File:
    """A paper of the application; opening it whole is evidence. Errors: matters.paper_unknown."""
    file = await uploading.read_file(tx, taxpayer_id=one.taxpayer_id, paper_id=paper_id)
    if file.application_id != one.application_id:
        raise PaperUnknown()
    if not is_small:
        named = next(
            (paper for paper in catalogue.find_matter(one.matter_code).papers if paper.code == file.paper_code), None
        )
        await evidence.append(
            tx, actor=actor, clock=clock, act="matters.paper_opened", taxpayer_id=one.taxpayer_id,
            subject_id=one.application_id, summary={"title": named.title, "title_en": named.title_en} if named else {},
            payload={"application_no": one.application_no, "paper_id": paper_id, "content": file.content_name},
        )  # fmt: skip
    return file
