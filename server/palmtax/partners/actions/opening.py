"""A person meets city features: which there are in a city, what opening one needs, the pass into a partner's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from palmtax import evidence, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.partners import errors
from palmtax.partners.actions.asking import checked_members
from palmtax.partners.actions.consenting import code_of_consent, give_consent
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Consent
from palmtax.partners.model.features import FeatureManifest, Kind, read_manifest
from palmtax.partners.model.oauth import leads_back
from palmtax.partners.model.passing import PASS_LASTS, PASS_NAME, KeptPass, entered, new_pass
from palmtax.partners.store import applications, consents
from palmtax.partners.store import features as store
from palmtax.plumbing import faults
from palmtax.plumbing.database import Tx

CONSENT_DAYS = timedelta(days=90)
_PLACES: Mapping[Kind, tuple[str, str]] = {
    "matter": ("/matters/detail/index", "code"),
    "theme": ("/matters/theme/index", "code"),
    "calculator": ("/calculators/detail/index", "law"),
}
"""Pages of the app, and the name by which each takes its code."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A listed feature."""

    feature_id: UUID
    application_id: UUID | None
    manifest: FeatureManifest

    @property
    def place(self) -> str:
        """The page of the app that it opens; empty for a partner's."""
        kind = self.manifest.entry.kind
        if kind == "page":
            return ""
        path, name = _PLACES[kind]
        return f"{path}?{urlencode({name: getattr(self.manifest.entry, kind)})}"


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a feature comes to: a page of ours, a partner's page, or first the person's word on `needs`."""

    feature: Feature
    url: str = ""
    needs: tuple[str, ...] = ()


async def features_of(tx: Tx, *, actor: Actor, office_code: str = "") -> list[Feature]:
    """The features of a city that have come to this person, by code: of the office, else of the taxpayer's own."""
    office = office_code or await _own_office(tx, actor)
    if not office:
        return []
    found = [Feature(one.feature_id, one.application_id, read_manifest(one.text)) for one in await store.listed(tx)]
    return [
        one for one in found
        if one.manifest.is_for(office) and one.manifest.is_released_to(actor.person_id, office)
    ]  # fmt: skip


async def _own_office(tx: Tx, actor: Actor) -> str:
    if actor.taxpayer_id is None:
        return ""
    found = await registry.taxpayers(tx, [actor.taxpayer_id])
    return found[actor.taxpayer_id].office_code if actor.taxpayer_id in found else ""


async def listed_feature(tx: Tx, *, feature_id: UUID) -> Feature:
    """One that is listed. Errors: partners.feature_unknown."""
    one = await store.listed_one(tx, feature_id)
    if one is None:
        raise errors.FeatureUnknown()
    return Feature(one.feature_id, one.application_id, read_manifest(one.text))


async def open_feature(tx: Tx, *, actor: Actor, clock: Clock, feature_id: UUID, issuer: str) -> Opened:
    """Open a feature: a page that asks for data gets a pass when the person agreed before; else what it needs is told.

    Errors: partners.feature_unknown, partners.feature_closed, plumbing.hat_needed.
    """
    feature = await _open_now(tx, clock, feature_id)
    manifest = feature.manifest
    if manifest.entry.kind != "page" or feature.application_id is None:
        return Opened(feature)
    if not manifest.scopes:
        return Opened(feature, manifest.entry.page)
    consent = await _living(tx, actor, clock, feature.application_id, frozenset(manifest.scopes))
    if consent is None:
        return Opened(feature, needs=manifest.scopes)
    value = new_pass()
    kept = KeptPass(
        feature.application_id, consent.taxpayer_id, consent.consent_id, feature_id, manifest.scopes,
        clock.now() + PASS_LASTS,
    )  # fmt: skip
    await store.add_pass(tx, value, kept)
    await evidence.append(
        tx, actor=actor, clock=clock, act="partners.feature_opened", taxpayer_id=consent.taxpayer_id,
        subject_id=consent.consent_id, payload={"feature": manifest.code, "scopes": list(manifest.scopes)},
        summary={"feature": manifest.title},
    )  # fmt: skip
    return Opened(feature, entered(manifest.entry.page, issuer, value))


async def agree_to_feature(tx: Tx, *, actor: Actor, clock: Clock, feature_id: UUID) -> None:
    """The person agrees, for ninety days, to all that the page asks for.

    What they allowed the application before stays in it, and then none of it lasts longer than that did. Errors:
    partners.feature_unknown, partners.feature_closed, partners.hat_unfit, partners.sandbox_apart, plumbing.hat_needed.
    """
    feature = await _open_now(tx, clock, feature_id)
    application = await applications.find(tx, feature.application_id) if feature.application_id else None
    if application is None or not feature.manifest.scopes:
        raise errors.FeatureUnknown()
    now = clock.now()
    before = [one for one in await _open_consents(tx, actor, application.application_id) if one.lives(now)]
    scopes = {*feature.manifest.scopes, *(code for one in before for code in one.scopes)}
    await give_consent(
        tx, actor=actor, clock=clock, application=application,
        scopes=[code for code in application.scopes if code in scopes],
        until_at=min([now + CONSENT_DAYS, *(one.until_at for one in before)]),
    )  # fmt: skip


async def enter_silently(
    tx: Tx, *, clock: Clock, application: PartnerApplication, redirect_uri: str, members: Mapping[str, str], issuer: str
) -> str:
    """The browser of a person on the way into a feature: back with a code, nobody is asked again; where to go now.

    Errors: as `asking.ask`, partners.pass_not_taken (also when the consent or the feature ended meanwhile).
    """
    asked = checked_members(application, members, issuer)
    kept = await store.spend_pass(tx, members[PASS_NAME], application.application_id, clock.now())
    consent = await consents.find(tx, kept.taxpayer_id, kept.consent_id) if kept else None
    if kept is None or consent is None or not consent.lives(clock.now()):
        raise errors.PassNotTaken()
    if await store.listed_one(tx, kept.feature_id) is None:
        raise errors.PassNotTaken()
    wide = [code for code in asked if code not in kept.scopes or code not in consent.scopes]
    if wide:
        raise errors.ScopeTooWide(scopes=", ".join(wide)[:200])
    code = await code_of_consent(
        tx, clock=clock, consent=consent, scopes=asked, redirect_uri=redirect_uri, challenge=members["code_challenge"]
    )
    return leads_back(redirect_uri, {"code": code, "state": members["state"], "iss": issuer})


async def _open_now(tx: Tx, clock: Clock, feature_id: UUID) -> Feature:
    feature = await listed_feature(tx, feature_id=feature_id)
    hours = feature.manifest.hours
    if not feature.manifest.is_open(clock.now()):
        raise errors.FeatureClosed(start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}")
    return feature


async def _open_consents(tx: Tx, actor: Actor, application_id: UUID) -> list[Consent]:
    if actor.hat is None or actor.taxpayer_id is None or actor.is_officer:
        raise faults.HatNeeded()
    found = await consents.open_ones(
        tx, taxpayer_id=actor.taxpayer_id, person_id=actor.person_id, application_id=application_id
    )
    return [one for one in found if one.hat_id == actor.hat.hat_id]


async def _living(tx: Tx, actor: Actor, clock: Clock, application_id: UUID, wanted: frozenset[str]) -> Consent | None:
    """The person's consent under this hat that carries all the page asks for now."""
    found = await _open_consents(tx, actor, application_id)
    return next((one for one in found if one.lives(clock.now()) and wanted <= set(one.scopes)), None)
