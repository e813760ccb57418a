"""The door actions of matters itself: what a taxpayer has under way, and the papers that came of it."""

from __future__ import annotations

from palmtax import certificates
from palmtax.matters.model import catalogue, states
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect

SHOWN = 20


@effect("matters.show_applications")
async def show_applications(tx: Tx, *, act: Act, state: str | None = None) -> Done:
    """The newest applications of a group (`open`, `done`, `drafts`), and how many of each there are. Two round trips."""
    counts = await applications.counts(tx, act.taxpayer_id)
    group = state if state in applications.GROUPS else "open"
    found = await applications.of_taxpayer(
        tx, taxpayer_id=act.taxpayer_id, group=group, codes=None, text="", before=None, limit=SHOWN
    )
    known = catalogue.catalogue()
    lines = [
        Line(
            known[one.matter_code].title if one.matter_code in known else one.matter_code,
            known[one.matter_code].title_en if one.matter_code in known else one.matter_code,
            f"{states.STATES[one.state][0]} · {one.application_no}",
            value_en=f"{states.STATES[one.state][1]} · {one.application_no}",
        )
        for one in found
        if one.application_id != act.application_id
    ]
    return Done({name: counts[name] for name in ("open", "drafts", "done")}, tuple(lines))


@effect("matters.show_documents")
async def show_documents(tx: Tx, *, act: Act) -> Done:
    """The newest result documents. One round trip."""
    found = await certificates.documents_of(tx, act.taxpayer_id)
    lines = [Line(one.title, one.title_en, one.document_no) for one in found[:SHOWN]]
    return Done({"documents": len(found)}, tuple(lines))
