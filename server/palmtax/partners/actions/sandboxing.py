"""The sandbox: invented taxpayers, and a person among them who agrees at once, so that a developer needs no phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from palmtax import identity, registry
from palmtax.base.clock import Clock
from palmtax.partners import errors
from palmtax.partners.actions.asking import checked_members
from palmtax.partners.actions.consenting import consent_with_code
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.oauth import leads_back
from palmtax.partners.store import consents
from palmtax.plumbing.database import Tx

AGREED_FOR = timedelta(days=30)


async def mark_invented(tx: Tx, *, taxpayer_id: int, person_id: int) -> None:
    """Make an invented taxpayer one of the sandbox; `person_id` holds a hat for it. Never a real one: its data is shown."""
    await consents.mark_invented(tx, taxpayer_id, person_id)


async def invented_taxpayers(tx: Tx) -> list[registry.Taxpayer]:
    """The taxpayers of the sandbox, in their order."""
    found = await registry.taxpayers(tx, [number for number, _ in await consents.invented(tx)])
    return sorted(found.values(), key=lambda one: one.taxpayer_id)


async def agree(
    tx: Tx,
    *,
    clock: Clock,
    application: PartnerApplication,
    taxpayer_id: int,
    members: Mapping[str, str],
    issuer: str,
    request_id: str,
) -> str:
    """What the browser would be sent back with, had the invented person agreed on the consent page: the same checks.

    Errors: partners.sandbox_apart (the application is live, or the taxpayer not invented), partners.request_wrong,
    partners.scope_too_wide, partners.response_type_unknown, partners.hat_unfit.
    """
    people = dict(await consents.invented(tx))
    if not application.is_sandboxed or taxpayer_id not in people:
        raise errors.SandboxApart()
    if members.get("redirect_uri") not in application.redirect_uris:
        raise errors.RequestWrong(what="redirect_uri")
    scopes = checked_members(application, members, issuer)
    actor = await identity.acting_for(
        tx, clock=clock, person_id=people[taxpayer_id], taxpayer_id=taxpayer_id, request_id=request_id
    )
    if actor is None:
        raise errors.SandboxApart()
    code = await consent_with_code(
        tx, actor=replace(actor, second_factor=True), clock=clock, application=application, scopes=scopes,
        until_at=clock.now() + AGREED_FOR, redirect_uri=members["redirect_uri"], challenge=members["code_challenge"],
    )  # fmt: skip
    return leads_back(members["redirect_uri"], {"code": code, "state": members["state"], "iss": issuer})
