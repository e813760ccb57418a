"""Figures of channels for people: periods and what went before, spans of time, what is unusual, budgets; rolled up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from palmtax import messaging, registry
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.channels.model.figures import BOUNDS, Budget, Usual, budget, burn_tenths, percentile, usual
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.monitoring import Objective, objectives, prices
from palmtax.channels.store import figures as store
from palmtax.channels.store import journeys
from palmtax.channels.store.figures import Cut
from palmtax.plumbing.database import Tx

Period = Literal["hour", "today", "week", "month"]
DAYS: Mapping[Period, int] = {"today": 1, "week": 7, "month": 30}
SPANS: Mapping[Period, timedelta] = {
    "hour": timedelta(minutes=1), "today": timedelta(hours=1), "week": timedelta(hours=6), "month": timedelta(days=1),
}  # fmt: skip
OUR_FAULT = frozenset({"dead", "unanswered"})
"""A refusal of one message or person is no fault of the channel."""
CALLS = frozenset({"handed", "refused", "dead", "unanswered"})
FLOOR = 10
"""Fewer more or less than usual are never marked."""
COUNTED_AGAIN_HOURS = (0, 1, 2, 3, 6, 12, 24, 48, 96, 168)
"""How old an hour of messages is when it is counted once more: they are still being read."""
LONGEST_GAP = 72


@dataclass(frozen=True, slots=True)
class Sums:
    """What a period brought."""

    handed: int = 0
    refused: int = 0
    faults: int = 0
    callbacks: int = 0
    late_callbacks: int = 0
    p50: int | None = None
    p95: int | None = None
    p99: int | None = None
    waited_p99: int | None = None
    cost_fen: int = 0

    @property
    def calls(self) -> int:
        """Everything that was tried."""
        return self.handed + self.refused + self.faults


@dataclass(frozen=True, slots=True)
class Point:
    """One span of time in a chart; `mark` says what was unusual."""

    at: datetime
    handed: int
    failed: int
    mark: Literal["", "more", "less", "failing"] = ""
    middle: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An objective of a channel: its budget, and how fast it burns over each pair of windows, in tenths."""

    channel: str
    objective: Objective
    budget: Budget
    burns: tuple[tuple[int, int], ...]
    burning: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A channel's period, the one before, its course, and how the sums fall on matters, offices and codes."""

    now: Sums
    before: Sums
    points: tuple[Point, ...]
    has_history: bool
    matters: tuple[tuple[str, Sums], ...] = ()
    offices: tuple[tuple[str, Sums], ...] = ()
    codes: tuple[tuple[str, str, int, datetime], ...] = field(default=())


def bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """When a period began and when the one before it did: whole minutes for the hour, else whole days of China."""
    if period == "hour":
        since = now.replace(second=0, microsecond=0) - timedelta(hours=1)
        return since, since - timedelta(hours=1)
    midnight = day_begins(china_day(now))
    since = midnight - timedelta(days=DAYS[period] - 1)
    return since, since - timedelta(days=DAYS[period])


def sums(rows: Iterable[Mapping[str, Any]]) -> Sums:
    """One sum over rows by outcome, took, waited and, where the cost is asked for, channel and span of time."""
    took: dict[int, int] = {}
    waited: dict[int, int] = {}
    by: dict[str, int] = {}
    late = 0
    costs = []
    for row in rows:
        outcome, count = row["outcome"], row["count"]
        by[outcome] = by.get(outcome, 0) + count
        if outcome in CALLS:
            took[row["took"]] = took.get(row["took"], 0) + count
        if outcome == "handed":
            waited[row["waited"]] = waited.get(row["waited"], 0) + count
            costs.append((row["channel"], china_day(row["at"]), count))
        late += count if outcome == "untaken" or (outcome == "taken" and row["took"] > BOUNDS.index(5000)) else 0
    return Sums(
        handed=by.get("handed", 0), refused=by.get("refused", 0), faults=by.get("dead", 0) + by.get("unanswered", 0),
        callbacks=by.get("taken", 0) + by.get("untaken", 0), late_callbacks=late, p50=percentile(took, 500),
        p95=percentile(took, 950), p99=percentile(took, 990), waited_p99=percentile(waited, 990),
        cost_fen=prices().cost_fen(costs),
    )  # fmt: skip


_ROWS = ("channel", "at", "outcome", "took", "waited")


async def overview(
    tx: Tx, *, clock: Clock, period: Period, matter: str = "", office: str = ""
) -> dict[str, tuple[Sums, Sums]]:
    """Every channel's period and the one before it, of a matter or office where one is named. Two round trips."""
    now = clock.now()
    since, earlier = bounds(period, now)
    branch = registry.office_branch(office) if office else ""
    spans = ((since, now), (earlier, earlier + (now - since)))
    found: list[dict[str, list[dict[str, Any]]]] = []
    for first, last in spans:
        by: dict[str, list[dict[str, Any]]] = {}
        for row in await store.by(tx, Cut(first, last, "", matter, branch), _ROWS, from_minutes=period == "hour"):
            by.setdefault(row["channel"], []).append(row)
        found.append(by)
    return {
        name: (sums(found[0].get(name, ())), sums(found[1].get(name, ()))) for name in sorted({*found[0], *found[1]})
    }


async def measured(
    tx: Tx, *, clock: Clock, channel: str, period: Period, matter: str = "", office: str = ""
) -> Measured:
    """One channel's period in all its parts. Seven round trips."""
    now = clock.now()
    since, earlier = bounds(period, now)
    branch = registry.office_branch(office) if office else ""
    is_hour = period == "hour"
    cut = Cut(since, now, channel, matter, branch)
    before = Cut(earlier, earlier + (now - since), channel, matter, branch)
    rows = await store.by(tx, cut, (*_ROWS, "matter", "office_code"), from_minutes=is_hour)
    course = await store.by_span(tx, cut, SPANS[period], ("outcome",), from_minutes=is_hour)
    codes = await store.by(tx, cut, ("outcome", "code"), from_minutes=is_hour)
    marks, has_history = await _marks(tx, channel, period, since, now)
    return Measured(
        now=sums(rows),
        before=sums(await store.by(tx, before, _ROWS, from_minutes=is_hour)),
        points=_points(course, SPANS[period], since, now, marks if not (matter or office) else {}),
        has_history=has_history,
        matters=_parts(rows, "matter"),
        offices=_parts(rows, "office_code"),
        codes=tuple(
            (row["outcome"], row["code"], row["count"], row["last_at"])
            for row in codes
            if row["outcome"] in CALLS and row["outcome"] != "handed"
        ),
    )


def _parts(rows: Sequence[Mapping[str, Any]], column: str) -> tuple[tuple[str, Sums], ...]:
    """The sums of each matter or office, most calls first."""
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by.setdefault(row[column], []).append(row)
    made = [(name, sums(found)) for name, found in by.items() if name]
    return tuple(sorted(made, key=lambda one: (-one[1].calls, one[0])))[:50]


def _points(
    rows: Sequence[Mapping[str, Any]],
    span: timedelta,
    since: datetime,
    until: datetime,
    marks: Mapping[datetime, Point],
) -> tuple[Point, ...]:
    """Every span of the period, those in which nothing happened too."""
    handed: dict[datetime, int] = {}
    failed: dict[datetime, int] = {}
    for row in rows:
        if row["outcome"] in CALLS:
            into = handed if row["outcome"] == "handed" else failed
            into[row["at"]] = into.get(row["at"], 0) + row["count"]
    made, at = [], since
    while at < until:
        mark = marks.get(at)
        made.append(
            Point(at, handed.get(at, 0), failed.get(at, 0), mark.mark if mark else "", mark.middle if mark else None)
        )
        at += span
    return tuple(made)


async def _marks(
    tx: Tx, channel: str, period: Period, since: datetime, now: datetime
) -> tuple[dict[datetime, Point], bool]:
    """The unusual hours of today, and whether there is enough history to say so; other periods show no hours."""
    began = (await store.began_at(tx)).get(channel)
    has_history = began is not None and began <= now - timedelta(weeks=3)
    if period != "today" or not has_history or began is None:
        return {}, has_history
    hours = [since + timedelta(hours=one) for one in range(int((now - since) / timedelta(hours=1)))]
    asked = {
        hour - timedelta(weeks=week) + timedelta(hours=beside)
        for hour in hours
        for week in range(5)
        for beside in (-1, 0, 1)
    }
    known = await store.hours(tx, channel, sorted(asked))
    found = {}
    for hour in hours:
        weeks = [
            [at for beside in (-1, 0, 1) if (at := hour - timedelta(weeks=week) + timedelta(hours=beside)) >= began]
            for week in range(1, 5)
        ]
        point = _mark(hour, known, weeks)
        if point is not None:
            found[hour] = point
    return found, has_history


def _mark(
    hour: datetime, known: Mapping[datetime, tuple[int, int]], weeks: Sequence[Sequence[datetime]]
) -> Point | None:
    """What is unusual about an hour, against the same hour of earlier weeks and its neighbours; none when nothing is."""
    calls, failed = known.get(hour, (0, 0))
    traffic: Usual | None = usual([[known.get(at, (0, 0))[0] for at in week] for week in weeks], FLOOR)
    failures = usual([[known.get(at, (0, 0))[1] for at in week] for week in weeks], FLOOR)
    if traffic is None or failures is None:
        return None
    if failed - failures.middle > failures.reach:
        return Point(hour, calls - failed, failed, "failing", failures.middle)
    if abs(calls - traffic.middle) > traffic.reach:
        return Point(hour, calls - failed, failed, "more" if calls > traffic.middle else "less", traffic.middle)
    return None


async def held(tx: Tx, *, clock: Clock, channels: Iterable[Channel]) -> list[Held]:
    """Every objective in force with its budget and how fast it burns. Two round trips."""
    rules, now = objectives(), clock.now()
    minutes = [
        rules.period_days * 1440,
        *(one for burn in rules.burns for one in (burn.long_minutes, burn.short_minutes)),
    ]
    rows = await store.windows(tx, now, minutes)
    travelled = await journeys.windows(tx, now, [now - timedelta(minutes=one) for one in minutes])
    made = []
    for channel in channels:
        own = [row for row in rows if row["channel"] == channel.name]
        for objective in rules.objectives:
            if not objective.is_in_force(china_day(now)) or (
                objective.channels and channel.name not in objective.channels
            ):
                continue
            counts = (
                travelled.get(channel.name, [(0, 0)] * len(minutes))
                if objective.of == "journeys"
                else _counted(own, objective, len(minutes))
            )
            if counts[0][1]:
                made.append(_held(channel.name, objective, counts))
    return made


def _counted(rows: Sequence[Mapping[str, Any]], objective: Objective, windows: int) -> list[tuple[int, int]]:
    """Good ones and all of an objective in each window."""
    good, total = [0] * windows, [0] * windows
    for row in rows:
        is_good = _is_good(row, objective)
        if is_good is None:
            continue
        for place, count in enumerate(row["within"]):
            total[place] += count
            good[place] += count if is_good else 0
    return list(zip(good, total, strict=True))


def _is_good(row: Mapping[str, Any], objective: Objective) -> bool | None:
    """Whether a row is as promised; none where the objective does not count it."""
    outcome = row["outcome"]
    if objective.of == "calls":
        return outcome == "handed" if outcome == "handed" or outcome in OUR_FAULT else None
    limit = BOUNDS.index(objective.within_ms)
    if objective.of == "waits":
        return row["waited"] <= limit if outcome == "handed" else None
    return outcome == "taken" and row["took"] <= limit if outcome in ("taken", "untaken") else None


def _held(channel: str, objective: Objective, counts: Sequence[tuple[int, int]]) -> Held:
    rules = objectives()
    pairs = [(counts[place], counts[place + 1]) for place in range(1, len(counts), 2)]
    burns = [(burn_tenths(*long, objective.target), burn_tenths(*short, objective.target)) for long, short in pairs]
    burning = [
        min(fast) >= burn.times_tenths and long[1] >= rules.fewest
        for fast, burn, (long, _) in zip(burns, rules.burns, pairs, strict=True)
    ]
    return Held(channel, objective, budget(*counts[0], objective.target), tuple(burns), tuple(burning))


async def roll_up(tx: Tx, *, clock: Clock) -> int:
    """Roll the hours that are over up; gives how many rows were made. Twice does no harm. One round trip."""
    return await store.roll_up(tx, clock.now())


async def funnel_hours(tx: Tx, *, clock: Clock) -> list[datetime]:
    """The hours of messages to count now: those since the last count, and older ones once more. One round trip."""
    this = clock.now().replace(minute=0, second=0, microsecond=0)
    last = await store.last_funnel(tx)
    missed = min(LONGEST_GAP, int((this - last) / timedelta(hours=1))) if last else LONGEST_GAP
    return [this - timedelta(hours=one) for one in sorted({*range(missed + 1), *COUNTED_AGAIN_HOURS})]


async def count_funnel(tx: Tx, hour_at: datetime) -> None:
    """Count how far the messages of an hour have come. Two round trips."""
    await store.put_funnel(tx, hour_at, await messaging.progress(tx, hour_at, hour_at + timedelta(hours=1)))
