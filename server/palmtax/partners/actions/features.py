"""City features: handed in, checked by the kit, reviewed by two officers, listed, superseded, rolled back, off at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from palmtax import evidence, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.partners import errors
from palmtax.partners.actions.applications import SHORTEST_REASON
from palmtax.partners.events import FeatureSuspended
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.features import BadManifest, FeatureManifest, read_manifest
from palmtax.partners.model.versions import (
    CHECK_LASTS,
    MOST_FEATURES,
    FeatureFinding,
    FeatureState,
    FeatureVersion,
    nights_until_off,
)
from palmtax.partners.store import applications
from palmtax.partners.store import features as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

OFFICE_DIGITS = 11


def manifest_of(text: str) -> FeatureManifest:
    """The manifest as a value. Errors: partners.feature_bad, with every fault and its line."""
    try:
        return read_manifest(text)
    except BadManifest as bad:
        told = [str(one) for one in bad.faults][:50]
        raise errors.FeatureBad(count=len(bad.faults), first=told[0][:300], faults=told) from bad


async def hand_in(
    tx: Tx, *, actor: Actor | None, clock: Clock, application: PartnerApplication | None, text: str
) -> FeatureVersion:
    """A new feature, or a new version of one; what waited for review before has had its day, what is listed stays.

    By its developer, or by an officer (`actor`), also for an application. Errors: partners.feature_bad,
    partners.feature_code_taken, partners.too_many_features.
    """
    manifest, now = manifest_of(text), clock.now()
    owner = application.application_id if application else None
    if await store.owner_of(tx, manifest.code) is None:
        if owner is not None:
            await applications.locked(tx, owner)
            if await store.count_of(tx, owner) >= MOST_FEATURES:
                raise errors.TooManyFeatures(limit=MOST_FEATURES)
        await store.add_feature(tx, feature_id=uuid7(), code=manifest.code, application_id=owner, at=now)
    held = await store.owner_of(tx, manifest.code)
    if held is None or held[1] != owner:
        raise errors.FeatureCodeTaken(name=manifest.code)
    await store.hold(tx, held[0])
    before = await store.versions(tx, held[0], 1)
    await store.supersede(tx, held[0], ["draft", "checked", "review"], now)
    made = FeatureVersion(
        feature_id=held[0], code=manifest.code, application_id=owner, version=before[0].version + 1 if before else 1,
        state="draft", text=text, findings=(), checked_at=None, reviewed_by=None, state_reason="",
        made_by=actor.person_id if actor else None, made_at=now, changed_at=now,
    )  # fmt: skip
    await store.add_version(tx, made)
    await _record(tx, actor, clock, "partners.feature_handed_in", made, manifest)
    return made


async def newest(tx: Tx, *, feature_id: UUID, application_id: UUID | None = None) -> FeatureVersion:
    """The newest version of a feature; of this application when one is given. Errors: partners.feature_unknown."""
    found = await store.versions(tx, feature_id, 1)
    if not found or (application_id is not None and found[0].application_id != application_id):
        raise errors.FeatureUnknown()
    return found[0]


async def keep_findings(
    tx: Tx, *, actor: Actor | None, clock: Clock, of: FeatureVersion, findings: Sequence[FeatureFinding]
) -> FeatureVersion:
    """Write down what the kit found; a draft that passed is checked, a checked one that no longer passes a draft again.

    Errors: partners.feature_unknown, partners.feature_state_refused (another version came meanwhile).
    """
    await store.hold(tx, of.feature_id)
    known = await newest(tx, feature_id=of.feature_id)
    if known.version != of.version:
        raise errors.FeatureStateRefused(state="superseded")
    now = clock.now()
    checked = replace(known, findings=tuple(findings), checked_at=now, changed_at=now)
    if known.state in ("draft", "checked"):
        checked = replace(checked, state="checked" if checked.has_passed else "draft")
    await store.change(tx, checked)
    await _record(tx, actor, clock, "partners.feature_checked", checked)
    return checked


async def send_to_review(
    tx: Tx, *, actor: Actor | None, clock: Clock, feature_id: UUID, application_id: UUID | None = None
) -> FeatureVersion:
    """A checked version waits for two officers. Errors: partners.feature_unknown, partners.feature_state_refused."""
    known = await _held(tx, feature_id, "checked", application_id=application_id)
    return await _moved(tx, actor, clock, known, "review", "", act="partners.feature_sent")


async def approve(tx: Tx, *, actor: Actor, clock: Clock, feature_id: UUID) -> FeatureVersion:
    """The first officer finds it good; a second, of an office that covers its cities, lists it (also after a suspension).

    The version that was listed is superseded. Errors: partners.feature_unknown, partners.feature_state_refused,
    partners.second_officer_needed, partners.feature_office_wrong, partners.feature_fails.
    """
    known = await _held(tx, feature_id, "review", "suspended")
    await _must_be_fit(tx, clock, known)
    if known.reviewed_by is None:
        reviewed = replace(known, reviewed_by=actor.person_id, changed_at=clock.now())
        await store.change(tx, reviewed)
        await _record(tx, actor, clock, "partners.feature_reviewed", reviewed)
        return reviewed
    if known.reviewed_by == actor.person_id:
        raise errors.SecondOfficerNeeded()
    _must_cover(actor, read_manifest(known.text))
    await store.supersede(tx, feature_id, ["listed"], clock.now())
    return await _moved(tx, actor, clock, known, "listed", "", act="partners.feature_listed")


async def send_back(tx: Tx, *, actor: Actor, clock: Clock, feature_id: UUID, reason: str) -> FeatureVersion:
    """Back to its maker, with what is to be mended.

    Errors: partners.reason_missing, partners.feature_unknown, partners.feature_state_refused.
    """
    said = _said(reason)
    known = await _held(tx, feature_id, "review")
    return await _moved(tx, actor, clock, known, "draft", said, act="partners.feature_returned")


async def suspend(tx: Tx, *, actor: Actor, clock: Clock, feature_id: UUID, reason: str) -> FeatureVersion:
    """Off at once, by one officer: from the next request on nobody sees or opens it; what waits is not touched.

    Errors: partners.reason_missing, partners.feature_unknown, partners.feature_state_refused (nothing is listed).
    """
    said = _said(reason)
    known = await _listed(tx, feature_id)
    return await _moved(tx, actor, clock, known, "suspended", said, act="partners.feature_suspended")


async def roll_back(tx: Tx, *, actor: Actor, clock: Clock, feature_id: UUID, reason: str) -> FeatureVersion:
    """The version that was listed before is listed again, by one officer of an office that covers its cities.

    Errors: partners.reason_missing, partners.feature_unknown, partners.feature_state_refused, partners.feature_first,
    partners.feature_office_wrong.
    """
    said = _said(reason)
    now_listed = await _listed(tx, feature_id)
    older = [one for one in await store.versions(tx, feature_id) if one.version < now_listed.version]
    before = next((one for one in older if one.state == "superseded" and one.has_been_listed), None)
    if before is None:
        raise errors.FeatureFirst()
    _must_cover(actor, read_manifest(before.text))
    await store.supersede(tx, feature_id, ["listed"], clock.now())
    return await _moved(tx, actor, clock, before, "listed", said, act="partners.feature_rolled_back")


async def keep_night(
    tx: Tx, *, clock: Clock, of: FeatureVersion, findings: Sequence[FeatureFinding]
) -> FeatureVersion | None:
    """Write down what the nightly check of a listed version found; after too many failed nights in a row it is off.

    None when that version is no longer listed: nothing is changed then.
    """
    await store.hold(tx, of.feature_id)
    known = next((one for one in await store.versions(tx, of.feature_id) if one.version == of.version), None)
    if known is None or known.state != "listed":
        return None
    seen = replace(known, findings=tuple(findings), checked_at=clock.now())
    seen = replace(seen, failed_nights=0 if seen.has_passed else known.failed_nights + 1)
    await store.change(tx, seen)
    await _record(tx, None, clock, "partners.feature_checked", seen)
    if seen.failed_nights < nights_until_off(clock.today()):
        return seen
    failed = ", ".join(one.rule for one in findings if one.outcome == "fail")
    reason = (
        f"连续 {seen.failed_nights} 晚没有通过检查 / failed its check {seen.failed_nights} nights in a row: {failed}"
    )
    return await _moved(tx, None, clock, seen, "suspended", reason[:300], act="partners.feature_suspended")


async def _must_be_fit(tx: Tx, clock: Clock, known: FeatureVersion) -> None:
    if not known.has_passed or known.checked_at is None or known.checked_at < clock.now() - CHECK_LASTS:
        raise errors.FeatureFails(
            why="没有通过检查，或检查已超过 30 天", why_en="the check has not passed, or is older than 30 days"
        )
    if known.application_id is not None:
        one = await applications.find(tx, known.application_id)
        if one is None or one.state != "live":
            raise errors.FeatureFails(why="它的应用还没有正式上线", why_en="its application is not live")


def _must_cover(actor: Actor, manifest: FeatureManifest) -> None:
    """Whether the officer's office is that of every city, or above it."""
    office = (actor.hat.office_code if actor.hat else None) or ""
    outside = [one for one in manifest.cities if not registry.covers(office, one.ljust(OFFICE_DIGITS, "0"))]
    if outside:
        raise errors.FeatureOfficeWrong(cities=", ".join(outside)[:200])


def _said(reason: str) -> str:
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise errors.ReasonMissing()
    return said


async def _held(tx: Tx, feature_id: UUID, *states: FeatureState, application_id: UUID | None = None) -> FeatureVersion:
    await store.hold(tx, feature_id)
    known = await newest(tx, feature_id=feature_id, application_id=application_id)
    if known.state not in states:
        raise errors.FeatureStateRefused(state=known.state)
    return known


async def _listed(tx: Tx, feature_id: UUID) -> FeatureVersion:
    await store.hold(tx, feature_id)
    known = await newest(tx, feature_id=feature_id)
    found = next((one for one in await store.versions(tx, feature_id) if one.state == "listed"), None)
    if found is None:
        raise errors.FeatureStateRefused(state=known.state)
    return found


async def _moved(
    tx: Tx, actor: Actor | None, clock: Clock, known: FeatureVersion, state: FeatureState, reason: str, *, act: str
) -> FeatureVersion:
    was_listed = known.has_been_listed or state == "listed"
    moved = replace(
        known, state=state, state_reason=reason, reviewed_by=None, changed_at=clock.now(), has_been_listed=was_listed,
        failed_nights=0,
    )  # fmt: skip
    await store.change(tx, moved)
    await _record(tx, actor, clock, act, moved)
    if state == "suspended":
        news = FeatureSuspended(moved.feature_id, moved.version, moved.application_id)
        await outbox.emit(tx, news, actor.request_id if actor else "")
    return moved


async def _record(
    tx: Tx, actor: Actor | None, clock: Clock, act: str, one: FeatureVersion, manifest: FeatureManifest | None = None
) -> None:
    shown = manifest or read_manifest(one.text)
    failed = [found.rule for found in one.findings if found.outcome == "fail"]
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=one.feature_id,
        payload={
            "code": one.code, "version": one.version, "state": one.state, "reason": one.state_reason, "text": one.text,
            "failed": failed,
        },
        summary={"feature": shown.title, "version": one.version, "state": one.state},
    )  # fmt: skip
