"""Requests for a consent and consents on the wire, as the person sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from palmtax import evidence
from palmtax.base.clock import Clock
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Consent
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.schemas.developers import ScopeCode
from palmtax.plumbing.wire import Wire


class PartnerScopeOut(Wire):
    """A scope in the words a person reads."""

    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    is_held: bool = Field(True, description="the hat worn has this right itself")
    is_act: bool = Field(description="the person proves themselves a second time before they agree")


class ConsentAskOut(Wire):
    """Who asks, for what, and the ticket that answers."""

    request_id: UUID
    ticket: str = Field(description="goes back with the answer; only the newest page can answer")
    is_read: bool = Field(
        description="whether officers have read what it says of itself; if not, its five texts are empty but for invented taxpayers"
    )
    name: str
    name_en: str
    organisation: str
    purpose: str
    purpose_en: str
    leads_to: str = Field(description="host that the browser goes back to")
    is_trial: bool = Field(description="not approved yet: may act for invented taxpayers only")
    fits: bool = Field(description="whether the hat worn may answer at all")
    scopes: list[PartnerScopeOut]
    expires_at: datetime


class ConsentApprovalIn(Wire):
    """Yes, to these, for so many days."""

    ticket: str = Field(max_length=60)
    scopes: list[ScopeCode] = Field(min_length=1, max_length=30)
    days: int = Field(ge=1, le=365)


class ConsentRefusalIn(Wire):
    """No."""

    ticket: str = Field(max_length=60)


class ConsentAnsweredOut(Wire):
    """Where the browser goes now."""

    redirect_to: str


class PartnerConsentOut(Wire):
    """What somebody allowed an application."""

    consent_id: UUID
    name: str
    name_en: str
    organisation: str
    purpose: str
    purpose_en: str
    hat_title: str = Field(description="for whom; empty when it is a hat of somebody else")
    is_mine: bool
    is_trial: bool
    state: Literal["open", "over", "ended"]
    end_reason: str | None
    scopes: list[PartnerScopeOut]
    given_at: datetime
    until_at: datetime
    ended_at: datetime | None


class ConsentReadingOut(Wire):
    """Something that happened under a consent."""

    at: datetime
    act: str
    what: str
    what_name: str
    what_name_en: str


def shape_scopes(codes: tuple[str, ...], held: frozenset[str] | None = None) -> list[PartnerScopeOut]:
    """Scopes in words; `held`: what the hat itself may do."""
    known = partner_scopes()
    return [
        PartnerScopeOut(
            code=code, title=known[code].title, title_en=known[code].title_en, say=known[code].say,
            say_en=known[code].say_en, is_held=held is None or known[code].needs in held, is_act=known[code].is_act,
        )
        for code in codes
        if code in known
    ]  # fmt: skip


def shape_consent(
    one: Consent, application: PartnerApplication, *, clock: Clock, person_id: int, titles: dict[UUID, str]
) -> PartnerConsentOut:
    """A consent for the wire."""
    state: Literal["open", "over", "ended"] = "ended" if one.ended_at else "open" if one.lives(clock.now()) else "over"
    return PartnerConsentOut(
        consent_id=one.consent_id, name=application.name, name_en=application.name_en,
        organisation=application.organisation, purpose=application.purpose, purpose_en=application.purpose_en,
        hat_title=titles.get(one.hat_id, ""), is_mine=one.person_id == person_id, is_trial=one.is_sandbox, state=state,
        end_reason=one.end_reason, scopes=shape_scopes(one.scopes), given_at=one.given_at, until_at=one.until_at,
        ended_at=one.ended_at,
    )  # fmt: skip


_ACTS = {
    "partners.consent_given": ("同意授权", "Consent given"),
    "partners.consent_ended": ("授权结束", "Consent ended"),
    "partners.token_reused": ("凭证被重复使用，已全部作废", "A token was used twice; all of them ended"),
    "partners.token_revoked": ("应用交还了凭证", "The application gave a token back"),
    "partners.embed_asked": ("请求打开掌税页面", "Asked to open a page of PalmTax"),
    "partners.embed_opened": ("在它的页面里打开了掌税", "PalmTax was opened inside its page"),
    "partners.embed_left": ("离开了它页面里的掌税", "PalmTax inside its page was left"),
    "partners.draft_prepared": ("预填了事项草稿", "Prepared a draft"),
}


def shape_reading(entry: evidence.Entry) -> ConsentReadingOut:
    """A record for the wire."""
    what = str(entry.summary.get("what", ""))
    scope = partner_scopes().get(what)
    words = (scope.title, scope.title_en) if scope else _ACTS.get(entry.act, (entry.act, entry.act))
    return ConsentReadingOut(at=entry.at, act=entry.act, what=what, what_name=words[0], what_name_en=words[1])
