"""What partners are served: the doors of the domains below, through fewer fields, each reading recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from palmtax import certificates, evidence, filing, identity, invoice, matters, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import mask_name
from palmtax.partners import errors
from palmtax.partners.actions.resolving import record_reading
from palmtax.partners.model.consent import Consent, Partner
from palmtax.partners.schemas import open as wire
from palmtax.plumbing.database import Tx

MOST_MONTHS = 24


def _person(partner: Partner) -> tuple[Actor, Consent]:
    """The person behind the partner. Errors: partners.token_not_taken (a token in the application's own name)."""
    if partner.actor is None or partner.consent is None:
        raise errors.TokenNotTaken()
    return partner.actor, partner.consent


async def found_matters(tx: Tx, *, clock: Clock, text: str, limit: int) -> wire.OpenMatters:
    """Matters by everyday words; public."""
    found = await matters.search(tx, actor=None, clock=clock, text=text, limit=50)
    return wire.OpenMatters(
        matters=[
            wire.OpenMatter(code=one.code, title=one.title, title_en=one.title_en, say=one.say, say_en=one.say_en)
            for one in found.hits
            if one.kind == "matter"
        ][:limit]
    )


async def taxpayer(tx: Tx, *, clock: Clock, partner: Partner) -> wire.OpenTaxpayer:
    """Who the taxpayer is; a natural person's name is masked. Errors: partners.token_not_taken."""
    actor, consent = _person(partner)
    is_self = actor.hat is not None and actor.hat.kind == "self"
    if is_self:
        known = (await identity.people(tx, [actor.person_id])).get(actor.person_id)
        name, uscc, status = mask_name(known.name) if known and known.name else "", None, "normal"
    else:
        one = await registry.taxpayer(tx, consent.taxpayer_id)
        name, uscc, status = one.name, one.uscc, one.status
    await record_reading(tx, clock=clock, partner=partner, what="taxpayer.read")
    role_code = actor.hat.role_code if actor.hat else ""
    role, role_en = identity.role_name(role_code)
    return wire.OpenTaxpayer(
        consent_id=consent.consent_id, name=name, uscc=uscc, kind="natural_person" if is_self else "business",
        status=status, role_code=role_code, role=role, role_en=role_en, until=consent.until_at,
    )  # fmt: skip


async def returns_due(tx: Tx, *, clock: Clock, partner: Partner) -> wire.OpenReturnsDue:
    """Returns that are owed, filed or not. Errors: partners.token_not_taken."""
    _, consent = _person(partner)
    try:
        owed = await filing.obligations(tx, taxpayer_id=consent.taxpayer_id, clock=clock)
    except registry.TaxpayerUnknown:  # a natural person whom the register does not know owes none here
        owed = []
    await record_reading(tx, clock=clock, partner=partner, what="returns.due")
    return wire.OpenReturnsDue(
        returns=[
            wire.OpenReturnDue(
                tax_name=one.tax_name, tax_name_en=one.tax_name_en, period=one.period, due_on=one.due_on,
                days_left=one.days_left, state=one.state, return_id=one.return_id,
            )
            for one in owed
        ]
    )  # fmt: skip


async def invoice_sums(
    tx: Tx, *, clock: Clock, partner: Partner, first_day: date, last_day: date
) -> wire.OpenInvoiceSums:
    """What was issued, month by month. Errors: partners.token_not_taken, partners.request_wrong (months)."""
    _, consent = _person(partner)
    span = (last_day.year - first_day.year) * 12 + last_day.month - first_day.month
    if not 0 <= span < MOST_MONTHS:
        raise errors.RequestWrong(what="first_month, last_month")
    found = await invoice.month_sums(tx, consent.taxpayer_id, first_day, last_day)
    await record_reading(tx, clock=clock, partner=partner, what="invoices.sums")
    months: dict[str, list[int]] = {}
    for one in found:
        sums = months.setdefault(f"{one.month:%Y-%m}", [0, 0, 0])
        for place, number in enumerate((one.count, one.amount_fen, one.tax_fen)):
            sums[place] += number
    return wire.OpenInvoiceSums(
        months=[
            wire.OpenMonth(month=month, count=count, amount_fen=amount_fen, tax_fen=tax_fen)
            for month, (count, amount_fen, tax_fen) in sorted(months.items())
        ]
    )


async def applications_of(
    tx: Tx, *, clock: Clock, partner: Partner, group: str, cursor: str | None, limit: int
) -> wire.OpenApplications:
    """Applications with their progress. Errors: partners.token_not_taken."""
    _, consent = _person(partner)
    page = await matters.applications_of(
        tx, taxpayer_id=consent.taxpayer_id, group=group, text="", cursor=cursor, limit=limit
    )
    await record_reading(tx, clock=clock, partner=partner, what="applications.read")
    return wire.OpenApplications(
        applications=[
            wire.OpenApplication(
                application_id=one.application_id, application_no=one.application_no, matter_code=one.matter_code,
                title=one.title, title_en=one.title_en, state=one.state, state_name=one.state_name,
                state_name_en=one.state_name_en, submitted_at=one.submitted_at, due_on=one.due_on,
                updated_at=one.updated_at,
            )
            for one in page.applications
        ],
        next_cursor=page.next_cursor,
    )  # fmt: skip


async def prepare_draft(
    tx: Tx, *, clock: Clock, partner: Partner, given: wire.OpenDraftIn, issuer: str
) -> wire.OpenDraftOut:
    """A fresh draft with answers from the application; the person alone hands it in. Their own drafts stay untouched.

    Errors: partners.token_not_taken, matters.matter_unknown, matters.wrong_hat, matters.too_many_drafts,
    matters.answer_refused.
    """
    actor, consent = _person(partner)
    one = await matters.start_application(tx, actor=actor, clock=clock, matter_code=given.matter_code, is_fresh=True)
    if given.answers:
        one = await matters.save_answers(
            tx, actor=actor, clock=clock, taxpayer_id=consent.taxpayer_id, application_id=one.application_id,
            version=one.version, changes=given.answers, spent_ms={}, office_code=None,
        )  # fmt: skip
    await evidence.append(
        tx, actor=actor, clock=clock, act="partners.draft_prepared", taxpayer_id=consent.taxpayer_id,
        subject_id=consent.consent_id,
        payload={
            "client_id": partner.application.client_id, "application_id": str(one.application_id),
            "answers": given.answers,
        },
        summary={"application": partner.application.name, "what": "applications.draft"},
    )  # fmt: skip
    return wire.OpenDraftOut(
        application_id=one.application_id, application_no=one.application_no,
        confirm_url=confirm_url(issuer, one.application_id),
    )  # fmt: skip


def confirm_url(issuer: str, application_id: UUID) -> str:
    """Where the person looks at a draft and hands it in."""
    return f"{issuer}/#/matters/fill/index?id={application_id}"


async def certificates_of(tx: Tx, *, clock: Clock, partner: Partner, issuer: str) -> wire.OpenCertificates:
    """Certificates with their verification codes. Errors: partners.token_not_taken."""
    _, consent = _person(partner)
    found = await certificates.certificates_of(tx, consent.taxpayer_id)
    await record_reading(tx, clock=clock, partner=partner, what="certificates.read")
    return wire.OpenCertificates(
        certificates=[
            wire.OpenCertificate(
                certificate_no=one.certificate_no, state=one.state, total_fen=one.total_fen, paid_on=one.paid_on,
                verify_code=one.verify_code, verify_url=certificates.verify_url(issuer, one.verify_code),
            )
            for one in found
        ]
    )  # fmt: skip
