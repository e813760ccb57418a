"""Queries of campaigns; each is one round trip and stays on the shard of the office, but for the list of live ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.insight.model.audience import read_audience
from palmtax.insight.model.campaign import MOVES, Campaign, Plan, Stage, State, stages_stored
from palmtax.plumbing.database import Tx

_OWN = tuple(one.name for one in fields(Campaign) if one.name != "plan")
_PLAN = tuple(one.name for one in fields(Plan))
_COLUMNS = ", ".join((*_OWN, *_PLAN))
_AS_IS = frozenset(_OWN) - {"office_code", "campaign_id", "version", "state"}


def _campaign(row: Any) -> Campaign:
    raw = dict(row.items())
    given: dict[str, Any] = {name: raw.pop(name) for name in _PLAN}
    given["audience"] = read_audience(given["audience"])
    given["stages"] = tuple(Stage(**one) for one in given["stages"])
    raw["editors"], raw["draw_key"] = tuple(raw["editors"]), bytes(raw["draw_key"])
    return Campaign(plan=Plan(**given), **raw)


def _plan_values(plan: Plan) -> dict[str, Any]:
    values = {name: getattr(plan, name) for name in _PLAN}
    return values | {
        "audience": plan.audience.stored(),
        "stages": stages_stored(plan.stages),
        "words": dict(plan.words),
    }


async def insert(tx: Tx, campaign: Campaign) -> None:
    """Keep a new draft."""
    values = {name: getattr(campaign, name) for name in _OWN} | _plan_values(campaign.plan)
    values["editors"] = list(campaign.editors)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await tx.execute(f"insert into insight_campaign ({', '.join(values)}) values ({places})", *values.values())


async def readable_campaign(tx: Tx, office_code: str, campaign_id: UUID) -> Campaign | None:
    """A campaign of this office."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from insight_campaign where office_code = $1 and campaign_id = $2", office_code, campaign_id
    )
    return _campaign(row) if row else None


async def locked(tx: Tx, office_code: str, campaign_id: UUID, *, is_patient: bool = True) -> Campaign | None:
    """The campaign, held until the end of the transaction; none when there is none, or others hold it and we do not wait."""
    # lint: statements: the row lies on the shard of the office, which leads its key
    hold = "for update" if is_patient else "for update skip locked"
    # lint: statements: as above
    row = await tx.fetchrow(
        f"select {_COLUMNS} from insight_campaign where office_code = $1 and campaign_id = $2 {hold}",
        office_code,
        campaign_id,
    )
    return _campaign(row) if row else None


async def change(
    tx: Tx, campaign: Campaign, *, now: datetime, state: State | None = None, plan: Plan | None = None, **values: Any
) -> None:
    """Change a campaign that is held; RuntimeError when the state does not follow."""
    if state is not None and state not in MOVES[campaign.state]:
        raise RuntimeError(f"a campaign in {campaign.state} does not become {state}")
    if not set(values) <= _AS_IS:
        raise RuntimeError(f"no such columns: {sorted(set(values) - _AS_IS)}")
    given: Mapping[str, Any] = {
        **values,
        **(_plan_values(plan) if plan else {}),
        **({"state": state} if state else {}),
        "changed_at": now,
    }
    sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, 3))
    await tx.execute(
        f"update insight_campaign set version = version + 1, {sets} where office_code = $1 and campaign_id = $2",
        campaign.office_code,
        campaign.campaign_id,
        *(list(value) if isinstance(value, tuple) else value for value in given.values()),
    )


async def newest(
    tx: Tx, office_code: str, *, state: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Campaign]:
    """Campaigns of an office, newest first."""
    at, number = before or (None, None)
    rows = await tx.fetch(
        f"select {_COLUMNS} from insight_campaign where office_code = $1 and ($2::text is null or state = $2)"
        " and ($3::timestamptz is null or (created_at, campaign_id) < ($3, $4::uuid))"
        " order by created_at desc, campaign_id desc limit $5",
        office_code,
        state,
        at,
        number,
        limit,
    )
    return [_campaign(row) for row in rows]


async def live(tx: Tx, *, looked_before: datetime) -> list[tuple[str, UUID]]:
    """Campaigns that are watched and that nobody looked at since (reads all shards)."""
    rows = await tx.fetch(
        "select office_code, campaign_id from insight_campaign where watch_until_at is not null"
        " and coalesce(tallied_at, decided_at) < $1 order by campaign_id",
        looked_before,
    )
    return [(row["office_code"], row["campaign_id"]) for row in rows]
