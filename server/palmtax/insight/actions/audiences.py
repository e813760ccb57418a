"""Audiences: what a choice of conditions comes to now, and audiences kept under a name, version by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax import evidence, messaging, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock
from palmtax.base.identifiers import uuid7
from palmtax.insight.actions.asking import NO_TAXPAYER, office_of
from palmtax.insight.errors import AudienceMalformed, CampaignChanged, SegmentUnknown
from palmtax.insight.model.audience import Audience
from palmtax.insight.store import segments, tags
from palmtax.plumbing.database import Tx

MOST_LISTED = 100


@dataclass(slots=True)
class Preview:
    """How many an audience holds now, and what would come of telling them.

    `told` could be told; `left_out` by reason (no_reader, no_consent, cap); `waits` until their quiet hours are over.
    """

    members: int = 0
    told: int = 0
    waits: int = 0
    left_out: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("no_reader", "no_consent", "cap"), 0))
    by_office: dict[str, int] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)
    by_way: dict[str, int] = field(default_factory=dict)
    quiet_until: datetime | None = None

    def add(self, cell: Mapping[str, Any]) -> None:
        """Count a cell in; the first reason that holds is the one that counts."""
        count = cell["members"]
        self.members += count
        for counted, key in ((self.by_office, cell["office_code"]), (self.by_kind, cell["kind"])):
            counted[key] = counted.get(key, 0) + count
        reason = (
            "no_reader" if cell["is_unread"]
            else "no_consent" if not cell["is_agreed"]
            else "cap" if cell["is_capped"]
            else ""
        )  # fmt: skip
        if reason:
            self.left_out[reason] += count
            return
        self.told += count
        self.waits += count if cell["is_quiet"] and cell["way"] != "inbox" else 0
        self.by_way[cell["way"]] = self.by_way.get(cell["way"], 0) + count

    def stored(self) -> dict[str, Any]:
        """As it is kept with a campaign."""
        return {
            "members": self.members,
            "told": self.told,
            "waits": self.waits,
            "left_out": self.left_out,
            "by_way": self.by_way,
            "by_kind": self.by_kind,
            "by_office": self.by_office,
        }


async def preview(tx: Tx, *, actor: Actor, clock: Clock, audience: Audience, purpose: str) -> Preview:
    """Count an audience of the officer's office as its tags stand now. One round trip.

    Errors: insight.audience_malformed, insight.tag_not_for_this.
    """
    frame = next((one for one in messaging.frames().values() if one.purpose == purpose), None)
    if frame is None:
        raise AudienceMalformed(what="purpose")
    audience.check(purpose)
    now, found = clock.now(), Preview()
    local = now.astimezone(CHINA).time()
    for cell in await tags.cells(
        tx, audience, office_code=office_of(actor), today=clock.today(), purpose=purpose, now=local
    ):
        found.add(cell)
    if frame.quiet and frame.quiet.is_quiet(now):
        found.waits, found.quiet_until = found.told - found.by_way.get("inbox", 0), frame.quiet.over(now)
    return found


async def save_segment(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    name: str,
    audience: Audience,
    purpose: str,
    segment_id: UUID | None = None,
    version: int = 0,
) -> segments.Segment:
    """Keep an audience under a name, or a new version after `version`; evidence `insight.segment_saved`.

    Errors: insight.audience_malformed, insight.tag_not_for_this, insight.segment_unknown, insight.campaign_changed.
    """
    audience.check(purpose)
    office = office_of(actor)
    if segment_id is not None and (await find_segment(tx, actor=actor, segment_id=segment_id)).version != version:
        raise CampaignChanged()
    made = segments.Segment(
        office, segment_id or uuid7(), version + 1, name.strip(), audience, purpose, actor.person_id, clock.now()
    )
    if not await segments.insert(tx, made):
        raise CampaignChanged()
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="insight.segment_saved",
        taxpayer_id=NO_TAXPAYER,
        subject_id=made.segment_id,
        payload={"name": made.name, "version": made.version, "audience": audience.stored(), "purpose": purpose},
    )
    return made


async def find_segment(tx: Tx, *, actor: Actor, segment_id: UUID, version: int | None = None) -> segments.Segment:
    """A version of an audience of the officer's office, the last one unless named. Errors: insight.segment_unknown."""
    for one in await segments.versions(tx, office_of(actor), segment_id):
        if version in (None, one.version):
            return one
    raise SegmentUnknown()


async def list_segments(tx: Tx, *, actor: Actor) -> list[segments.Segment]:
    """The audiences of the officer's office, the newest first."""
    return await segments.newest(tx, office_of(actor), MOST_LISTED)


async def offices_below(tx: Tx, *, actor: Actor) -> list[registry.Office]:
    """The officer's own office and all below it."""
    branch = registry.office_branch(office_of(actor))
    return [one for one in await registry.offices(tx) if one.code.startswith(branch)]
