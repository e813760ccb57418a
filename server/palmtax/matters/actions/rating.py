"""Rating an application that has ended (好差评)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from palmtax import complaints, evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions.drafting import state_refused
from palmtax.matters.actions.starting import moved, readable
from palmtax.matters.errors import AlreadyRated, VersionConflict
from palmtax.matters.model import catalogue
from palmtax.matters.model.application import Application
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together


async def rate(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    application_id: UUID,
    stars: int,
    tags: Sequence[str],
    text: str,
) -> Application:
    """One rating an application, one to five; a bad one opens a follow-up. Errors: matters.already_rated, matters.state_refused."""
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.stars is not None:
        raise AlreadyRated()
    if one.state not in ("approved", "refused"):
        raise state_refused(one)
    matter = catalogue.find_matter(one.matter_code)
    await complaints.rate_service(
        tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, subject_kind="application", subject_id=application_id,
        title=matter.title, title_en=matter.title_en, office_code=one.office_code, stars=stars, tags=list(tags), text=text,
    )  # fmt: skip
    changed = replace(one, stars=stars, version=one.version + 1, updated_at=clock.now())
    written = await together(
        tx,
        applications.update_part(changed, one.version),
        moved(one, "matters.application_rated", actor, clock.now()),
        evidence.part(
            actor=actor, clock=clock, act="matters.application_rated", taxpayer_id=taxpayer_id, subject_id=application_id,
            payload={"application_no": one.application_no, "stars": stars}, summary={"application_no": one.application_no},
        ),
    )  # fmt: skip
    if not written[0]:
        raise VersionConflict(current_version=one.version + 1)
    return changed
