"""Figures of channels for Prometheus: read from the rows, so that they are those of all processes together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from palmtax import messaging
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.channels.actions import measuring
from palmtax.channels.actions.knowing import Known, read_known
from palmtax.channels.model.monitoring import objectives, services
from palmtax.channels.model.routing import is_on
from palmtax.channels.store import alerts, figures, journeys
from palmtax.channels.store.figures import Cut
from palmtax.plumbing import metrics
from palmtax.plumbing.database import Tx
from palmtax.plumbing.tokens import token_states

LATELY, HOUR = timedelta(minutes=5), timedelta(hours=1)
KINDS = ("red", "amber", "budget", "dead_letters", "queue", "service")


async def expose(tx: Tx, *, clock: Clock) -> None:
    """Bring every gauge of channels and messages up to date. About fourteen round trips."""
    now, known = clock.now(), await read_known(tx)
    await _traffic(tx, known, now)
    for one in await measuring.held(tx, clock=clock, channels=known.channels.values()):
        labels = one.channel, one.objective.code
        metrics.BUDGET_LEFT.labels(*labels).set(one.budget.left_per_mille / 1000)
        for rule, (fast, _) in zip(objectives().burns, one.burns, strict=True):
            metrics.BUDGET_BURN.labels(*labels, f"{rule.long_minutes}m").set(fast / 10)
    await _journeys(tx, known, now)
    opened = [one.kind for one in await alerts.open_alerts(tx)]
    for kind in KINDS:
        metrics.ALERTS_OPEN.labels(kind).set(opened.count(kind))
    await _messages(tx, now)


async def _traffic(tx: Tx, known: Known, now: datetime) -> None:
    lately = {
        (row["channel"], row["outcome"]): row["count"]
        for row in await figures.by(tx, Cut(now - LATELY, now), ("channel", "outcome"), from_minutes=True)
    }
    rows = await figures.by(tx, Cut(now - HOUR, now), ("channel", "at", "outcome", "took", "waited"), from_minutes=True)
    midnight = day_begins(china_day(now))
    today = await figures.by(tx, Cut(midnight, now), ("channel", "at", "outcome", "took", "waited"))
    for name, channel in known.channels.items():
        metrics.CHANNEL_ON.labels(name).set(is_on(channel, known.standings[name]))
        for outcome in sorted(measuring.CALLS):
            metrics.CHANNEL_MESSAGES.labels(name, outcome).set(lately.get((name, outcome), 0))
        for outcome in ("taken", "untaken"):
            metrics.CHANNEL_CALLBACKS.labels(name, outcome).set(lately.get((name, outcome), 0))
        _spans(name, measuring.sums(row for row in rows if row["channel"] == name))
        day = measuring.sums(row for row in today if row["channel"] == name)
        metrics.CHANNEL_COST.labels(name).set(day.cost_fen)
        if channel.manifest.limits.day:
            metrics.CHANNEL_QUOTA.labels(name).set(max(0, channel.manifest.limits.day - day.calls))


def _spans(name: str, hour: measuring.Sums) -> None:
    spans: Mapping[tuple[str, str], int | None] = {
        ("call", "0.5"): hour.p50, ("call", "0.95"): hour.p95, ("call", "0.99"): hour.p99,
        ("wait", "0.99"): hour.waited_p99,
    }  # fmt: skip
    for (what, quantile), milliseconds in spans.items():
        metrics.CHANNEL_SPAN.labels(name, what, quantile).set((milliseconds or 0) / 1000)


async def _journeys(tx: Tx, known: Known, now: datetime) -> None:
    """Subjects are those of the manifests and of `kinds/services.yaml`: what a folder once held is not shown for ever."""
    subjects = {*(one.subject for one in services().services), *known.channels}
    for subject, last in (await journeys.last_two(tx, now - timedelta(days=2))).items():
        if subject in subjects:
            metrics.JOURNEY_GOOD.labels(subject).set(last[0].is_good)
            metrics.JOURNEY_AGE.labels(subject).set((now - last[0].began_at).total_seconds())


async def _messages(tx: Tx, now: datetime) -> None:
    waiting = {one.way: one for one in await messaging.waiting(tx, now)}
    for way in ("inbox", *messaging.sending().ways):
        one = waiting.get(way)
        metrics.MESSAGES_WAITING.labels(way).set(one.count if one else 0)
        metrics.MESSAGES_OLDEST.labels(way).set(max(0.0, (now - one.oldest_at).total_seconds()) if one else 0)
    metrics.MESSAGES_DEAD.set(await messaging.dead_since(tx, now - HOUR))
    for token in await token_states(tx):
        metrics.TOKEN_SECONDS.labels(token.name).set(token.seconds_left)
