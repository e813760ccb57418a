"""Troubles that those on duty are told of: one message when one begins, one when it is over, taken on by a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from palmtax import evidence, identity, messaging
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.channels.actions import measuring
from palmtax.channels.actions.knowing import Known
from palmtax.channels.errors import AlertUnknown
from palmtax.channels.model.monitoring import Level, alert_rules, objectives, services
from palmtax.channels.model.routing import is_on
from palmtax.channels.store import alerts as store
from palmtax.channels.store import journeys, standings
from palmtax.channels.store.alerts import Alert
from palmtax.plumbing.database import Tx

OVER_AFTER = timedelta(minutes=3)
"""A trouble that nobody has seen for so long is over; what flickers is one trouble."""
PAGE = "/workbench/channels"
EVERY_OFFICE = ("0", "9" * 12)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now."""

    kind: str
    subject: str
    level: Level
    title: str
    title_en: str
    say: str
    say_en: str


async def look(tx: Tx, *, clock: Clock, known: Known) -> None:
    """Open what is wrong and not yet told, close what is over. About eight round trips, and a few for each change."""
    now = clock.now()
    wrong = {(one.kind, one.subject): one for one in await troubles(tx, clock=clock, known=known)}
    opened = {(one.kind, one.subject): one for one in await store.open_alerts(tx)}
    for key, trouble in wrong.items():
        if key in opened:
            await store.seen(tx, opened[key].alert_id, say=trouble.say, say_en=trouble.say_en, at=now)
            continue
        alert = Alert(
            uuid7(),
            trouble.kind,
            trouble.subject,
            trouble.level,
            trouble.say,
            trouble.say_en,
            now,
            now,
            None,
            None,
            None,
        )
        if await store.open_one(tx, alert):
            await _tell(tx, clock, alert, "channel_alert", known)
    for key, alert in opened.items():
        if key not in wrong and now - alert.seen_at >= OVER_AFTER and await store.close(tx, alert.alert_id, now):
            await _tell(tx, clock, alert, "channel_alert_over", known)


async def troubles(tx: Tx, *, clock: Clock, known: Known) -> list[Trouble]:
    """Everything that is wrong now. Seven round trips."""
    now, rules = clock.now(), alert_rules()
    stored = await standings.standings(tx)
    found = list(_lights(known, stored, now))
    working = [one for name, one in known.channels.items() if is_on(one, known.standings[name])]
    found += _burning(await measuring.held(tx, clock=clock, channels=working))
    found += _services(await journeys.last_two(tx, now - timedelta(days=1)))
    dead = await messaging.dead_since(tx, now - timedelta(minutes=rules.dead_letters.minutes))
    if dead >= rules.dead_letters.count:
        found.append(
            Trouble(
                "dead_letters", "messages", "page", "消息", "Messages",
                f"最近 {rules.dead_letters.minutes} 分钟有 {dead} 条消息没能送达",
                f"{dead} messages died in the last {rules.dead_letters.minutes} minutes",
            )
        )  # fmt: skip
    for one in await messaging.waiting(tx, now):
        seconds = int((now - one.oldest_at).total_seconds())
        if seconds >= rules.queue_seconds:
            found.append(
                Trouble(
                    "queue", one.way, "page", f"消息队列（{one.way}）", f"Message queue ({one.way})",
                    f"{one.count} 条消息在等，最久的等了 {seconds // 60} 分钟",
                    f"{one.count} messages wait, the oldest for {seconds // 60} minutes",
                )
            )  # fmt: skip
    return found


def _lights(known: Known, stored: dict[str, standings.Standing], now: datetime) -> Iterable[Trouble]:
    patience = timedelta(minutes=alert_rules().amber_minutes)
    for name, channel in known.channels.items():
        one = stored.get(name)
        if one is None or not is_on(channel, known.standings[name]):
            continue
        if one.light == "red" or (one.light == "amber" and now - one.changed_at >= patience):
            level: Level = "page" if one.light == "red" else "ticket"
            manifest = channel.manifest
            yield Trouble(one.light, name, level, manifest.title, manifest.title_en, one.say, one.say_en)


def _burning(held: Iterable[measuring.Held]) -> Iterable[Trouble]:
    for one in held:
        levels = [rule.level for rule, burns in zip(objectives().burns, one.burning, strict=True) if burns]
        if not levels:
            continue
        left = one.budget.left_per_mille // 10
        yield Trouble(
            "budget", f"{one.channel}:{one.objective.code}", levels[0], one.objective.title, one.objective.title_en,
            f"{one.objective.title}：误差预算消耗过快，还剩 {left}%",
            f"{one.objective.title_en}: the error budget burns too fast, {left}% is left",
        )  # fmt: skip


def _services(travelled: dict[str, list[journeys.Journey]]) -> Iterable[Trouble]:
    for service in services().services:
        last = travelled.get(service.subject, [])
        if len(last) < 2 or any(one.is_good for one in last):
            continue
        failed = last[0].failed_step or {"name": "", "code": ""}
        step = next((one for one in service.steps if one.name == failed["name"]), service.steps[0])
        yield Trouble(
            "service", service.subject, "page", service.title, service.title_en,
            f"自检连续两次没有通过：{step.title}（{failed['code']}）",
            f"two synthetic journeys failed in a row: {step.title_en} ({failed['code']})",
        )  # fmt: skip


async def on_duty(tx: Tx, clock: Clock) -> list[int]:
    """Those who are told: everybody who wears one of the roles of `kinds/alerts.yaml` today. One round trip."""
    officers = await identity.officers(tx, first_code=EVERY_OFFICE[0], last_code=EVERY_OFFICE[1], today=clock.today())
    return sorted({one.person_id for one in officers if one.role_code in alert_rules().told})


async def _tell(tx: Tx, clock: Clock, alert: Alert, template: str, known: Known) -> None:
    title, title_en = titles(alert, known)
    await messaging.tell_officers(
        tx, clock=clock, person_ids=await on_duty(tx, clock), template=template,
        variables={"what": title, "what_en": title_en, "why": alert.say, "why_en": alert.say_en},
        key=f"{template}:{alert.alert_id}", subject_kind="channels_alert", subject_id=alert.alert_id, link=PAGE,
    )  # fmt: skip


def titles(alert: Alert, known: Known) -> tuple[str, str]:
    """Whose trouble it is, in words of both languages."""
    name = alert.subject.partition(":")[0]
    if name in known.channels:
        return known.channels[name].manifest.title, known.channels[name].manifest.title_en
    service = services().service(alert.subject.partition(":")[2])
    return (service.title, service.title_en) if service else ("消息", "Messages")


async def acknowledge(tx: Tx, *, actor: Actor, clock: Clock, alert_id: UUID) -> Alert:
    """An officer takes a trouble on; the first one counts. Errors: channels.alert_unknown."""
    alert = await store.acknowledge(tx, alert_id, actor.person_id, clock.now())
    if alert is None:
        raise AlertUnknown()
    told = {"kind": alert.kind, "subject": alert.subject}
    await evidence.append(
        tx, actor=actor, clock=clock, act="channels.alert_acknowledged", taxpayer_id=0, subject_id=alert_id,
        payload=told, summary=told,
    )  # fmt: skip
    return alert
