"""Routes of 渠道监控: figures of a period, one channel in detail, journeys, budgets, alerts; lists to take away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response

from palmtax import identity, matters, messaging, registry
from palmtax.channels.actions import alerting, looking, measuring
from palmtax.channels.actions.knowing import Known
from palmtax.channels.adapters.process import process_of
from palmtax.channels.adapters.transports import token_name
from palmtax.channels.http.callbacks import Name
from palmtax.channels.http.sheets import csv, sheet
from palmtax.channels.model.monitoring import objectives, services
from palmtax.channels.schemas.monitoring import (
    AlertOut,
    AlertsOut,
    BudgetsOut,
    CodeOut,
    EntryOut,
    FiguresOut,
    FunnelOut,
    JourneysOut,
    OverviewOut,
    PairOut,
    PeriodIn,
    SampleOut,
    StandingOut,
    SubjectOut,
    WaitingOut,
    shape_alert,
    shape_budget,
    shape_figures,
    shape_journey,
    shape_sums,
)
from palmtax.channels.store import alerts as alert_store
from palmtax.channels.store import figures, journeys
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/channels", tags=["channels"])
Period = Annotated[PeriodIn, Query(description="the last hour, or whole days of China up to now")]
Matter = Annotated[str, Query(max_length=60, description="code of a matter, or name of a template")]
Office = Annotated[str, Query(max_length=11, pattern=r"^\d*$", description="code of an office; those below count too")]
ALERTS_BACK, HOUR, DAY = timedelta(days=7), timedelta(hours=1), timedelta(hours=24)
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_SHEET: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in _TYPES.values()}}}


async def _known(edge: Edge) -> Known:
    return await process_of(edge.house).memory.known(edge.house.database, edge.clock)


@router.get("/figures")
async def read_overview(
    period: Period = "hour", matter: Matter = "", office: Office = "",
    edge: Edge = may_officer("channels.read", rate="240/minute"),
) -> OverviewOut:  # fmt: skip
    """Every channel in a period and the one before it, how far messages came, what waits, tokens and quotas."""
    known, process, now = await _known(edge), process_of(edge.house), edge.clock.now()
    names = {name: token_name(process.ports, one) for name, one in known.channels.items()}
    since, _ = measuring.bounds(period, now)
    async with edge.transaction() as tx:
        found = await measuring.overview(tx, clock=edge.clock, period=period, matter=matter, office=office)
        funnel = await figures.funnel(tx, since, now)
        waiting = await messaging.waiting(tx, now)
        dead = await messaging.dead_since(tx, now - HOUR)
        standings = await looking.standings(tx, clock=edge.clock, channels=known.channels.values(), token_names=names)
    return OverviewOut(
        period=period, since=since, dead_letters=dead,
        channels=[PairOut(channel=name, now=shape_sums(a), before=shape_sums(b)) for name, (a, b) in found.items()],
        funnel=[FunnelOut(**row) for row in funnel],
        waiting=[
            WaitingOut(way=one.way, count=one.count, oldest_seconds=max(0, int((now - one.oldest_at).total_seconds())))
            for one in waiting
        ],
        standings=[
            StandingOut(
                channel=one.channel, token_seconds_left=one.token_seconds_left, quota_left=one.quota_left,
                quota=one.quota,
            )
            for one in standings
        ],
    )  # fmt: skip


@router.get("/entries")
async def list_entries(
    period: Period = "today", office: Office = "", edge: Edge = may_officer("channels.read", rate="60/minute")
) -> list[EntryOut]:
    """Matters by the entry that people came through: begun, handed in, decided, how content they were."""
    since, _ = measuring.bounds(period, edge.clock.now())
    async with edge.statement() as tx:
        branch = registry.office_branch(office) if office else ""
        found = await matters.by_entry(tx, since=since, until=edge.clock.now(), office=branch)
    return [
        EntryOut(
            entry=one.entry, begun=one.begun, handed_in=one.handed_in, decided=one.decided, approved=one.approved,
            rated=one.rated, stars_tenths=one.stars * 10 // one.rated if one.rated else None,
        )
        for one in found
    ]  # fmt: skip


@router.get("/figures/export", response_class=Response, responses=_SHEET)
async def export_figures(
    period: Period = "today", matter: Matter = "", office: Office = "",
    form: Annotated[Literal["xlsx", "csv"], Query(alias="format")] = "xlsx",
    edge: Edge = may_officer("channels.read", rate="20/minute"),
) -> Response:  # fmt: skip
    """The same as a spreadsheet or as text with commas."""
    known = await _known(edge)
    async with edge.transaction() as tx:
        found = await measuring.overview(tx, clock=edge.clock, period=period, matter=matter, office=office)
    titles = {name: (one.manifest.title, one.manifest.title_en) for name, one in known.channels.items()}
    content = await asyncio.to_thread(sheet if form == "xlsx" else csv, found, titles, edge.language)
    headers = {
        "content-disposition": f'attachment; filename="channels-{edge.clock.today():%Y%m%d}.{form}"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=_TYPES[form], headers=headers)


@router.get("/journeys")
async def list_synthetic_journeys(edge: Edge = may_officer("channels.read")) -> JourneysOut:
    """Every synthetic journey of the last 24 hours, by channel and service."""
    known = await _known(edge)
    async with edge.statement() as tx:
        made = await journeys.since(tx, edge.clock.now() - DAY)
    kinds = [(one.subject, one.title, one.title_en, services().every_seconds) for one in services().services]
    for name, channel in known.channels.items():
        if channel.manifest.journeys.steps:
            manifest = channel.manifest
            kinds.append((name, manifest.title, manifest.title_en, manifest.journeys.every_seconds))
    return JourneysOut(
        subjects=[
            SubjectOut(
                subject=subject, title=title, title_en=title_en, every_seconds=every,
                journeys=[shape_journey(one) for one in made if one.subject == subject],
            )
            for subject, title, title_en, every in kinds
        ]
    )  # fmt: skip


@router.get("/budgets")
async def list_budgets(edge: Edge = may_officer("channels.read")) -> BudgetsOut:
    """Every objective: what is left of its error budget, and how fast it burns."""
    known = await _known(edge)
    async with edge.transaction() as tx:
        found = await measuring.held(tx, clock=edge.clock, channels=known.channels.values())
    return BudgetsOut(period_days=objectives().period_days, budgets=[shape_budget(one) for one in found])


@router.get("/alerts")
async def list_alerts(edge: Edge = may_officer("channels.read")) -> AlertsOut:
    """Troubles that are there now, and those of the last week."""
    known = await _known(edge)
    async with edge.transaction() as tx:
        found = await alert_store.since(tx, edge.clock.now() - ALERTS_BACK)
        people = await identity.people(tx, [one.acknowledged_by for one in found if one.acknowledged_by is not None])
    return AlertsOut(
        alerts=[
            shape_alert(
                one,
                alerting.titles(one, known),
                people[one.acknowledged_by].name_masked if one.acknowledged_by in people else None,
            )
            for one in found
        ]
    )


@router.post("/alerts/{alert_id}/acknowledgement")
async def acknowledge_alert(
    alert_id: UUID, edge: Edge = may_officer("channels.switch", records="channels.alert_acknowledged")
) -> AlertOut:
    """Take a trouble on; the first one counts."""
    known = await _known(edge)
    async with edge.transaction() as tx:
        one = await alerting.acknowledge(tx, actor=edge.actor, clock=edge.clock, alert_id=alert_id)
        people = await identity.people(tx, [one.acknowledged_by] if one.acknowledged_by is not None else [])
    by = people.get(one.acknowledged_by or 0)
    return shape_alert(one, alerting.titles(one, known), by.name_masked if by else None)


@router.get("/{name}/figures")
async def read_figures(
    name: Name, period: Period = "today", matter: Matter = "", office: Office = "",
    edge: Edge = may_officer("channels.read", rate="240/minute"),
) -> FiguresOut:  # fmt: skip
    """One channel's period: its course with what is unusual, shares of matters and offices, codes in words."""
    channel = (await _known(edge)).channel(name)
    async with edge.transaction() as tx:
        found = await measuring.measured(
            tx, clock=edge.clock, channel=name, period=period, matter=matter, office=office
        )
        named = await looking.names(tx, found)
    codes = []
    for outcome, code, count, last_at in sorted(found.codes, key=lambda one: -one[2]):
        meaning = channel.meaning(code)
        codes.append(
            CodeOut(
                outcome=outcome, code=code, say=meaning.say, say_en=meaning.say_en, means=meaning.means, count=count,
                last_at=last_at,
            )
        )  # fmt: skip
    since, _ = measuring.bounds(period, edge.clock.now())
    return shape_figures(period, since, found, codes=codes, named=named)


@router.get("/{name}/samples")
async def list_samples(
    name: Name,
    code: Annotated[str, Query(max_length=80)],
    period: Period = "today",
    edge: Edge = may_officer("channels.read"),
) -> list[SampleOut]:
    """The newest calls that ended with a code; whose they were is not shown."""
    (await _known(edge)).channel(name)
    since, _ = measuring.bounds(period, edge.clock.now())
    async with edge.statement() as tx:
        found = await looking.samples(tx, channel=name, code=code, since=since)
    return [
        SampleOut(
            began_at=one.began_at, milliseconds=one.milliseconds, state=one.state, number=one.number,
            reference=one.reference,
        )
        for one in found
    ]  # fmt: skip
