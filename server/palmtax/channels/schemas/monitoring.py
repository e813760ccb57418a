"""Shapes of 渠道监控 on the wire: figures, journeys, budgets, alerts, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.channels.actions.measuring import Held, Measured, Point, Sums
from palmtax.channels.model.monitoring import objectives
from palmtax.channels.schemas.status import IncidentOut
from palmtax.channels.store.alerts import Alert
from palmtax.channels.store.journeys import Journey
from palmtax.plumbing.wire import Wire

PeriodIn = Literal["hour", "today", "week", "month"]


class SumsOut(Wire):
    """What a period brought; spans in milliseconds, none where nothing happened."""

    handed: int
    refused: int
    faults: int = Field(description="unanswered, or the platform refused us altogether")
    callbacks: int
    late_callbacks: int
    p50: int | None
    p95: int | None
    p99: int | None
    waited_p99: int | None = Field(description="from due to handed over")
    cost_fen: int


class FunnelOut(Wire):
    """How far the messages of a period came, by now."""

    channel: str
    told: int
    handed: int
    delivered: int
    read: int
    acted: int
    lost: int


class EntryOut(Wire):
    """Matters by the entry that people came through."""

    entry: str
    begun: int
    handed_in: int
    decided: int
    approved: int
    rated: int
    stars_tenths: int | None


class WaitingOut(Wire):
    """What is due by one way and not handed over."""

    way: str
    count: int
    oldest_seconds: int


class StandingOut(Wire):
    """What else is known of a channel now: its token, what may still be sent today."""

    channel: str
    token_seconds_left: int | None
    quota_left: int | None
    quota: int | None


class PairOut(Wire):
    """A channel's period and the one before it."""

    channel: str
    now: SumsOut
    before: SumsOut


class OverviewOut(Wire):
    """Every channel in a period."""

    period: PeriodIn
    since: datetime
    channels: list[PairOut]
    funnel: list[FunnelOut]
    waiting: list[WaitingOut]
    standings: list[StandingOut]
    dead_letters: int = Field(description="that died in the last hour")


class PointOut(Wire):
    """A span of time; `mark` when it is unusual, against `middle`."""

    at: datetime
    handed: int
    failed: int
    mark: Literal["", "more", "less", "failing"]
    middle: int | None


class PartOut(Wire):
    """The share of a matter (or template) or office."""

    code: str
    title: str
    title_en: str
    sums: SumsOut


class CodeOut(Wire):
    """A code that calls ended with, in words."""

    outcome: str
    code: str
    say: str
    say_en: str
    means: str
    count: int
    last_at: datetime


class FiguresOut(Wire):
    """One channel's period in all its parts."""

    period: PeriodIn
    since: datetime
    now: SumsOut
    before: SumsOut
    points: list[PointOut]
    has_history: bool = Field(description="three weeks of history, without which nothing is marked as unusual")
    matters: list[PartOut]
    offices: list[PartOut]
    codes: list[CodeOut]


class SampleOut(Wire):
    """One call that ended with a code; whose it was is not shown."""

    began_at: datetime
    milliseconds: int | None
    state: str
    number: int = Field(description="of the try")
    reference: str = Field(description="the last characters of the delivery's number, to find it in logs")


class StepOut(Wire):
    """One step of a journey."""

    name: str
    code: str
    milliseconds: int


class JourneyOut(Wire):
    """One synthetic journey."""

    began_at: datetime
    is_good: bool
    milliseconds: int
    steps: list[StepOut]


class SubjectOut(Wire):
    """The journeys of a channel or service in the last 24 hours, oldest first."""

    subject: str
    title: str
    title_en: str
    every_seconds: int
    journeys: list[JourneyOut]


class JourneysOut(Wire):
    """Every journey of the last 24 hours."""

    subjects: list[SubjectOut]


class BurnOut(Wire):
    """How fast a budget goes over two windows, in tenths; 10 spends it exactly in its period."""

    long_minutes: int
    short_minutes: int
    long_tenths: int
    short_tenths: int
    limit_tenths: int
    is_burning: bool


class BudgetOut(Wire):
    """An objective of a channel."""

    channel: str
    code: str
    title: str
    title_en: str
    target: int = Field(description="ten-thousandths")
    good: int
    total: int
    left_per_mille: int = Field(description="of the error budget; below 0 when it is overspent")
    burns: list[BurnOut]


class BudgetsOut(Wire):
    """Every objective that has figures."""

    period_days: int
    budgets: list[BudgetOut]


class AlertOut(Wire):
    """A trouble that officers were told of."""

    alert_id: UUID
    kind: str
    subject: str
    title: str
    title_en: str
    level: Literal["page", "ticket"]
    say: str
    say_en: str
    opened_at: datetime
    closed_at: datetime | None
    acknowledged_by: str | None = Field(description="masked name")
    acknowledged_at: datetime | None


class AlertsOut(Wire):
    """Troubles that are there, and those of the last week."""

    alerts: list[AlertOut]


class ChoiceOut(Wire):
    """A service or channel that a notice can be about."""

    code: str
    title: str
    title_en: str


class NoticesOut(Wire):
    """Notices of the last ninety days, and what they can be about."""

    incidents: list[IncidentOut]
    choices: list[ChoiceOut]


Words = Annotated[str, Field(min_length=4, max_length=600)]
Title = Annotated[str, Field(min_length=4, max_length=60)]


class WindowIn(Wire):
    """When maintenance begins and ends."""

    starts_at: datetime
    ends_at: datetime


class IncidentIn(Wire):
    """Tell the public of an incident; with a window, of planned maintenance."""

    services: list[Annotated[str, Field(max_length=40)]] = Field(min_length=1, max_length=30)
    title: Title
    title_en: Title
    text: Words
    text_en: Words
    window: WindowIn | None = None


class IncidentNoteIn(Wire):
    """Say more about it; `version` as it was read."""

    version: int = Field(ge=1)
    state: Literal["open", "watching", "closed", "cancelled"]
    text: Words
    text_en: Words


class IncidentMadeOut(Wire):
    """The number of a new notice."""

    incident_id: UUID


class DiffOut(Wire):
    """What a roll-back would change: lines as `diff -u` writes them, manifest and codes."""

    version: int = Field(description="the version that would come back")
    lines: list[str]


def shape_sums(one: Sums) -> SumsOut:
    """Sums for the wire."""
    return SumsOut(
        handed=one.handed, refused=one.refused, faults=one.faults, callbacks=one.callbacks,
        late_callbacks=one.late_callbacks, p50=one.p50, p95=one.p95, p99=one.p99, waited_p99=one.waited_p99,
        cost_fen=one.cost_fen,
    )  # fmt: skip


def shape_point(one: Point) -> PointOut:
    """A span of time for the wire."""
    return PointOut(at=one.at, handed=one.handed, failed=one.failed, mark=one.mark, middle=one.middle)


def shape_parts(found: Sequence[tuple[str, Sums]], named: Mapping[str, tuple[str, str]]) -> list[PartOut]:
    """Shares for the wire, with their names."""
    return [
        PartOut(
            code=code, title=named.get(code, (code, code))[0], title_en=named.get(code, (code, code))[1],
            sums=shape_sums(one),
        )
        for code, one in found
    ]  # fmt: skip


def shape_figures(
    period: PeriodIn, since: datetime, one: Measured, *, codes: list[CodeOut], named: Mapping[str, tuple[str, str]]
) -> FiguresOut:
    """One channel's period for the wire."""
    return FiguresOut(
        period=period, since=since, now=shape_sums(one.now), before=shape_sums(one.before),
        points=[shape_point(point) for point in one.points], has_history=one.has_history,
        matters=shape_parts(one.matters, named), offices=shape_parts(one.offices, named), codes=codes,
    )  # fmt: skip


def shape_journey(one: Journey) -> JourneyOut:
    """A journey for the wire."""
    return JourneyOut(
        began_at=one.began_at, is_good=one.is_good, milliseconds=one.milliseconds,
        steps=[StepOut(**step) for step in one.steps],
    )  # fmt: skip


def shape_budget(one: Held) -> BudgetOut:
    """An objective for the wire."""
    rules = objectives().burns
    return BudgetOut(
        channel=one.channel, code=one.objective.code, title=one.objective.title, title_en=one.objective.title_en,
        target=one.objective.target, good=one.budget.good, total=one.budget.total,
        left_per_mille=one.budget.left_per_mille,
        burns=[
            BurnOut(
                long_minutes=rule.long_minutes, short_minutes=rule.short_minutes, long_tenths=fast[0],
                short_tenths=fast[1], limit_tenths=rule.times_tenths, is_burning=burning,
            )
            for rule, fast, burning in zip(rules, one.burns, one.burning, strict=True)
        ],
    )  # fmt: skip


def shape_alert(one: Alert, titles: tuple[str, str], by: str | None) -> AlertOut:
    """A trouble for the wire."""
    return AlertOut(
        alert_id=one.alert_id, kind=one.kind, subject=one.subject, title=titles[0], title_en=titles[1], level=one.level,
        say=one.say, say_en=one.say_en, opened_at=one.opened_at, closed_at=one.closed_at, acknowledged_by=by,
        acknowledged_at=one.acknowledged_at,
    )  # fmt: skip
