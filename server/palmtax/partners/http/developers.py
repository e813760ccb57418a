"""What a developer does with client id and secret: look, change, ask for review, rotate secrets, try the sandbox."""

from __future__ import annotations

from datetime import timedelta

from palmtax.partners.actions import applications, sandboxing
from palmtax.partners.http.authority import PartnerEdge, issuer_of, may_developer
from palmtax.partners.model.application import OLD_SECRET_LASTS, PartnerApplication
from palmtax.partners.schemas.consents import ConsentAnsweredOut
from palmtax.partners.schemas.developers import ClientSecretOut, EditIn, OwnApplicationOut, shape_own
from palmtax.partners.schemas.sandbox import AgreeIn, InventedOut
from palmtax.partners.store import applications as application_store
from palmtax.partners.store import consents, usage
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Router

router = Router(prefix="/api/partners/developer", tags=["partners"])
SHOWN_DAYS = timedelta(days=14)


async def _own(tx: Tx, edge: PartnerEdge, one: PartnerApplication) -> OwnApplicationOut:
    number, now = one.application_id, edge.clock.now()
    return shape_own(
        one,
        secrets=await application_store.secrets_that_work(tx, number, now),
        consents=(await consents.counts(tx, [number], now)).get(number, 0),
        found=await usage.lately(tx, number, edge.clock.today() - SHOWN_DAYS),
    )


@router.get("")
async def read_own_application(edge: PartnerEdge = may_developer()) -> OwnApplicationOut:
    """The application with its state, what officers said, and how much it called."""
    async with edge.statement() as tx:
        return await _own(tx, edge, edge.application)


@router.put("")
async def edit_own_application(
    given: EditIn, edge: PartnerEdge = may_developer(records="partners.application_edited")
) -> OwnApplicationOut:
    """Change addresses, scopes and purpose while in the sandbox."""
    async with edge.transaction() as tx:
        changed = await applications.edit(
            tx, clock=edge.clock, application_id=edge.application.application_id,
            redirect_uris=tuple(dict.fromkeys(given.redirect_uris)), scopes=tuple(dict.fromkeys(given.scopes)),
            frame_origins=tuple(dict.fromkeys(given.frame_origins)),
            purpose=given.purpose.strip(), purpose_en=given.purpose_en.strip(), email=given.email,
        )  # fmt: skip
        return await _own(tx, edge, changed)


@router.post("/review")
async def ask_for_review(edge: PartnerEdge = may_developer(records="partners.application_sent")) -> OwnApplicationOut:
    """Ask to go live; two officers look at it."""
    async with edge.transaction() as tx:
        moved = await applications.send_to_review(
            tx, actor=None, clock=edge.clock, application_id=edge.application.application_id
        )
        return await _own(tx, edge, moved)


@router.post("/secrets")
async def rotate_own_secret(
    edge: PartnerEdge = may_developer(records="partners.secret_rotated", rate="10/hour"),
) -> ClientSecretOut:
    """A new secret, shown once; the one before works seven days more."""
    async with edge.transaction() as tx:
        _, secret = await applications.rotate_secret(
            tx, actor=None, clock=edge.clock, application_id=edge.application.application_id
        )
    return ClientSecretOut(client_secret=secret, old_secret_until=edge.clock.now() + OLD_SECRET_LASTS)


@router.delete("/secrets", status_code=204)
async def drop_own_old_secrets(edge: PartnerEdge = may_developer(records="partners.old_secrets_dropped")) -> None:
    """Only the newest secret works from now on."""
    async with edge.transaction() as tx:
        await applications.drop_old_secrets(
            tx, actor=None, clock=edge.clock, application_id=edge.application.application_id
        )


@router.get("/sandbox/taxpayers")
async def list_invented_taxpayers(edge: PartnerEdge = may_developer()) -> list[InventedOut]:
    """The invented taxpayers that an application on trial may act for."""
    async with edge.statement() as tx:
        found = await sandboxing.invented_taxpayers(tx)
    return [InventedOut(taxpayer_id=one.taxpayer_id, name=one.name, uscc=one.uscc) for one in found]


@router.post("/sandbox/consents")
async def agree_in_sandbox(
    given: AgreeIn, edge: PartnerEdge = may_developer(records="partners.consent_given", rate="60/minute")
) -> ConsentAnsweredOut:
    """An invented person agrees at once; the answer is what a browser would be sent back with."""
    members = given.model_dump(exclude={"taxpayer_id"})
    async with edge.transaction() as tx:
        to = await sandboxing.agree(
            tx, clock=edge.clock, application=edge.application, taxpayer_id=given.taxpayer_id, members=members,
            issuer=issuer_of(edge.house), request_id=edge.request_id,
        )  # fmt: skip
    return ConsentAnsweredOut(redirect_to=to)
