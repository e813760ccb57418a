"""An application on an officer's desk: the same picture as the taxpayer's, with its case; papers opened leave a trace."""

from __future__ import annotations

from uuid import UUID

from palmtax import cases, evidence, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import showing, uploading
from palmtax.matters.errors import PaperUnknown
from palmtax.matters.model import catalogue
from palmtax.matters.model.application import Application, File
from palmtax.matters.schemas.applications import ApplicationOut
from palmtax.matters.schemas.asks import masked
from palmtax.matters.schemas.officers import ApplicationDesk
from palmtax.plumbing.database import Tx


async def desk_out(tx: Tx, *, one: Application, actor: Actor, clock: Clock, public_url: str) -> ApplicationDesk:
    """The application whole, its case, and what a yes will do. About a dozen round trips."""
    matter = catalogue.find_matter(one.matter_code)
    case = await cases.readable_case(
        tx, actor=actor, taxpayer_id=one.taxpayer_id, subject_id=one.application_id, clock=clock
    )
    taxpayer = await registry.taxpayer(tx, one.taxpayer_id)
    shown = await showing.application_out(tx, one=one, actor=actor, clock=clock, public_url=public_url)
    citations = "；".join(f"{c.cite}{c.article}" for c in matter.law)
    return ApplicationDesk(
        application=_masked(shown),
        case=await cases.case_row(tx, actor=actor, clock=clock, case=case),
        taxpayer_name=taxpayer.name,
        uscc=taxpayer.uscc,
        reasons_no=list(matter.reasons_no),
        reasons_no_en=list(matter.reasons_no_en),
        effects=[call.do for call in matter.on_yes],
        needs_two=matter.decision.needs_two,
        rules_text=citations,
        rules_text_en=citations,
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
        await evidence.append(
            tx, actor=actor, clock=clock, act="matters.paper_opened", taxpayer_id=one.taxpayer_id, subject_id=paper_id,
            payload={"application_no": one.application_no, "content": file.content_name},
        )  # fmt: skip
    return file
