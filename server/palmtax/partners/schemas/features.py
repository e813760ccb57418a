"""City features on the wire: as people meet them, as developers and officers handle them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.base.clock import Clock
from palmtax.partners.actions.opening import Feature, Opened
from palmtax.partners.model.features import LARGEST_MANIFEST, FeatureManifest, Kind, read_manifest
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.model.versions import FeatureVersion, Outcome
from palmtax.plumbing.wire import Wire

OfficeCode = Annotated[str, Field(pattern=r"^1[0-9]{10}$")]
FeatureStateName = Literal["draft", "checked", "review", "listed", "superseded", "suspended"]


class FeatureOut(Wire):
    """A card on the home screen."""

    feature_id: UUID
    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    organisation: str
    organisation_en: str
    kind: Kind
    place: str = Field(description="the page of the app that it opens; empty for a partner's page")
    is_open: bool
    opens: str = Field(description="hours, Beijing time")


class FeatureDataOut(Wire):
    """Data that a partner's page asks for, in plain words, and why."""

    code: str
    say: str
    say_en: str
    why: str
    why_en: str


class FeatureOpenedOut(Wire):
    """What opening comes to: a page of ours, a partner's page, or first the person's word on what it asks for."""

    state: Literal["ours", "page", "consent"]
    place: str
    url: str = Field(description="a partner's page, with a pass when the person agreed: once, in 60 seconds")
    origin: str
    frame: str = Field(description="our page that frames it")
    title: str
    title_en: str
    organisation: str
    organisation_en: str
    phone: str
    asks: list[FeatureDataOut]


class FeatureManifestIn(Wire):
    """A manifest, as text."""

    manifest: str = Field(min_length=1, max_length=LARGEST_MANIFEST)


class DeskFeatureIn(FeatureManifestIn):
    """A manifest that an officer hands in: the tax office's own, or for an application."""

    client_id: str = Field("", max_length=60)


class FeatureFindingOut(Wire):
    """What one rule of the conformance kit found."""

    rule: str
    line: str
    outcome: Outcome
    why: str


class FeatureRowOut(Wire):
    """The newest version of a feature in a list."""

    feature_id: UUID
    code: str
    title: str
    title_en: str
    organisation: str
    kind: Kind
    cities: list[str]
    version: int
    state: FeatureStateName
    is_reviewed: bool = Field(description="one officer found it good; another must confirm")
    is_reviewed_by_me: bool
    changed_at: datetime


class FeaturePage(Wire):
    """Features, those that changed last first."""

    features: list[FeatureRowOut]
    cursor: str | None


class FeatureVersionOut(Wire):
    """One version in the history of a feature."""

    version: int
    state: FeatureStateName
    state_reason: str
    may_go_back: bool
    changed_at: datetime


class FeatureWholeOut(Wire):
    """A feature whole: its newest version, what the kit found, what was before."""

    row: FeatureRowOut
    manifest: str
    page: str
    percent: int
    asks: list[FeatureDataOut]
    findings: list[FeatureFindingOut]
    checked_at: datetime | None
    state_reason: str
    is_by_developer: bool
    listed_version: int | None
    versions: list[FeatureVersionOut]


def _asks(manifest: FeatureManifest) -> list[FeatureDataOut]:
    said = partner_scopes()
    return [
        FeatureDataOut(
            code=one.scope, say=said[one.scope].say, say_en=said[one.scope].say_en, why=one.why, why_en=one.why_en
        )
        for one in manifest.data
    ]


def shape_feature(one: Feature, clock: Clock) -> FeatureOut:
    """A card for the wire."""
    is_about = one.manifest
    return FeatureOut(
        feature_id=one.feature_id, code=is_about.code, title=is_about.title, title_en=is_about.title_en,
        say=is_about.say, say_en=is_about.say_en, organisation=is_about.contact.organisation,
        organisation_en=is_about.contact.organisation_en, kind=is_about.entry.kind, place=one.place,
        is_open=is_about.is_open(clock.now()), opens=f"{is_about.hours.start:%H:%M}–{is_about.hours.end:%H:%M}",
    )  # fmt: skip


def shape_opened(one: Opened) -> FeatureOpenedOut:
    """What opening comes to, for the wire."""
    about, place = one.feature.manifest, one.feature.place
    state: Literal["ours", "page", "consent"] = "ours" if place else "consent" if one.needs else "page"
    return FeatureOpenedOut(
        state=state, place=place, url=one.url, origin=about.origin,
        frame=f"/api/partners/features/{one.feature.feature_id}/frame" if one.url else "",
        title=about.title, title_en=about.title_en, organisation=about.contact.organisation,
        organisation_en=about.contact.organisation_en, phone=about.contact.phone, asks=_asks(about) if one.needs else [],
    )  # fmt: skip


def shape_feature_row(one: FeatureVersion, *, me: int | None) -> FeatureRowOut:
    """A row for the wire."""
    about = read_manifest(one.text)
    return FeatureRowOut(
        feature_id=one.feature_id, code=one.code, title=about.title, title_en=about.title_en,
        organisation=about.contact.organisation, kind=about.entry.kind, cities=list(about.cities), version=one.version,
        state=one.state, is_reviewed=one.reviewed_by is not None,
        is_reviewed_by_me=me is not None and one.reviewed_by == me, changed_at=one.changed_at,
    )  # fmt: skip


def shape_feature_whole(found: list[FeatureVersion], *, me: int | None) -> FeatureWholeOut:
    """A feature with its versions, newest first, for the wire."""
    one, about = found[0], read_manifest(found[0].text)
    listed = next((old.version for old in found if old.state == "listed"), None)
    return FeatureWholeOut(
        row=shape_feature_row(one, me=me), manifest=one.text, page=about.entry.page, percent=about.gray.percent,
        asks=_asks(about),
        findings=[FeatureFindingOut(rule=f.rule, line=f.line, outcome=f.outcome, why=f.why) for f in one.findings],
        checked_at=one.checked_at, state_reason=one.state_reason, is_by_developer=one.made_by is None,
        listed_version=listed,
        versions=[
            FeatureVersionOut(
                version=old.version, state=old.state, state_reason=old.state_reason, changed_at=old.changed_at,
                may_go_back=bool(listed and old.version < listed and old.has_been_listed and old.state == "superseded"),
            )
            for old in found
        ],
    )  # fmt: skip
