"""`/open/v1`: what applications call. Each route declares the scope that its token must carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Body, Path, Query

from palmtax import knowledge
from palmtax.partners.actions import embedding, serving
from palmtax.partners.http.authority import PartnerEdge, issuer_of, may_application
from palmtax.partners.model.screens import embed_url
from palmtax.partners.schemas import open as wire
from palmtax.plumbing.edge import Router

router = Router(prefix="/open/v1", tags=["open"])
Month = Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]
LawCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]


@router.get("/matters")
async def search_matters(
    q: Annotated[str, Query(max_length=80, description="everyday words: “开票额度”, “sell a home”")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    edge: PartnerEdge = may_application("matters.find"),
) -> wire.OpenMatters:
    """Find matters."""
    async with edge.statement() as tx:
        return await serving.found_matters(tx, clock=edge.clock, text=q, limit=limit)


@router.get("/calculators")
async def list_open_calculators(
    q: Annotated[str, Query(max_length=60)] = "", edge: PartnerEdge = may_application("calculators.use")
) -> knowledge.CalculatorList:
    """The calculators in their groups."""
    del edge
    return knowledge.shelf(q)


@router.get("/calculators/{law}")
async def read_open_calculator(
    law: LawCode, on: date | None = None, edge: PartnerEdge = may_application("calculators.use")
) -> knowledge.CalculatorOut:
    """What a calculator asks and shows."""
    return knowledge.calculator(law, on=on or edge.clock.today(), language=edge.language)


@router.post("/calculators/{law}")
async def use_open_calculator(
    law: LawCode,
    given: Annotated[knowledge.CalculationIn, Body()],
    edge: PartnerEdge = may_application("calculators.use"),
) -> knowledge.CalculationOut:
    """Compute; nothing is kept."""
    return knowledge.calculate(law, on=given.on or edge.clock.today(), facts=given.facts, language=edge.language)


@router.get("/taxpayer")
async def read_open_taxpayer(edge: PartnerEdge = may_application("taxpayer.read")) -> wire.OpenTaxpayer:
    """For whom the token acts."""
    async with edge.transaction() as tx:
        return await serving.taxpayer(tx, clock=edge.clock, partner=edge.partner)


@router.get("/returns/due")
async def list_returns_due(edge: PartnerEdge = may_application("returns.due")) -> wire.OpenReturnsDue:
    """Returns that are owed and where they stand."""
    async with edge.transaction() as tx:
        return await serving.returns_due(tx, clock=edge.clock, partner=edge.partner)


@router.get("/invoices/sums")
async def read_invoice_sums(
    first_month: Month, last_month: Month, edge: PartnerEdge = may_application("invoices.sums")
) -> wire.OpenInvoiceSums:
    """What was issued, month by month, 24 months at most."""
    first, last = date.fromisoformat(f"{first_month}-01"), date.fromisoformat(f"{last_month}-28")
    async with edge.transaction() as tx:
        return await serving.invoice_sums(tx, clock=edge.clock, partner=edge.partner, first_day=first, last_day=last)


@router.get("/applications")
async def list_open_applications(
    group: Literal["open", "done"] = "open",
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: PartnerEdge = may_application("applications.read"),
) -> wire.OpenApplications:
    """Applications and how far they are."""
    async with edge.transaction() as tx:
        return await serving.applications_of(
            tx, clock=edge.clock, partner=edge.partner, group=group, cursor=cursor, limit=limit
        )


@router.post("/applications", status_code=201)
async def prepare_open_draft(
    given: wire.OpenDraftIn,
    edge: PartnerEdge = may_application("applications.draft", records="partners.draft_prepared"),
) -> wire.OpenDraftOut:
    """Prepare a draft; the person looks at it and hands it in, or does not."""
    async with edge.transaction() as tx:
        return await serving.prepare_draft(
            tx, clock=edge.clock, partner=edge.partner, given=given, issuer=issuer_of(edge.house)
        )


@router.get("/certificates")
async def list_open_certificates(edge: PartnerEdge = may_application("certificates.read")) -> wire.OpenCertificates:
    """Certificates and the codes by which anybody can check them."""
    async with edge.transaction() as tx:
        return await serving.certificates_of(tx, clock=edge.clock, partner=edge.partner, issuer=issuer_of(edge.house))


@router.post("/embeds", status_code=201)
async def embed_screen(
    given: wire.OpenEmbedIn, edge: PartnerEdge = may_application("embed", records="partners.embed_asked")
) -> wire.OpenEmbed:
    """A one-time address of one of our screens, to frame in a page of yours."""
    return await _embedded(edge, given.screen, given.subject, "embed")


@router.post("/embeds/payment", status_code=201)
async def embed_payment(
    given: wire.OpenEmbedPaymentIn, edge: PartnerEdge = may_application("embed.pay", records="partners.embed_asked")
) -> wire.OpenEmbed:
    """A one-time address of the payment page of a return."""
    return await _embedded(edge, "pay", given.return_id, "embed.pay")


async def _embedded(edge: PartnerEdge, screen: str, subject: UUID | None, scope: str) -> wire.OpenEmbed:
    async with edge.transaction() as tx:
        made = await embedding.ask_for_screen(
            tx, clock=edge.clock, partner=edge.partner, screen_code=screen, subject=subject, scope=scope
        )
    url = embed_url(issuer_of(edge.house), edge.application.client_id, made.visit_id, made.value)
    return wire.OpenEmbed(visit_id=made.visit_id, url=url, expires_at=made.expires_at)
