"""What phones received, by the sandboxes' own record, beside what the database says: message by message."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import asyncpg

from bench.chaos_house import GROUPS

UNHEARD = frozenset({"silent"})
"""Codes of a way that was given up although the message may have arrived there: the next way may say it again. A receipt
that comes after that takes the code away again, so the times are looked at too."""
_SUBJECT = re.compile(r"id(?:=|%3D)([0-9a-f-]{36})")
_REFERENCE = re.compile(r"<([0-9a-f]{32})@")
_ARRIVED = ("handed", "delivered", "shown", "read", "acted")


@dataclass(slots=True)
class Seen:
    """What stands on phones: by subject or by delivery, and how often by channel."""

    by_subject: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_delivery: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    repeated_letters: int = 0


def seen(state: Path, mini_app_id: str) -> Seen:
    """Read the sandboxes' state file; a letter of the same Message-ID is one letter for who receives it."""
    found, letters = Seen(), set()
    base = sqlite3.connect(f"file:{state}?mode=ro", uri=True)
    for app, content in base.execute("select app, content from chat where server = 'wechat' and is_ours = 1"):
        told = json.loads(content)
        subject = _SUBJECT.search(f"{told.get('url', '')} {told.get('page', '')}")
        if subject:
            found.by_subject[subject[1]]["wechat_mini" if app == mini_app_id else "wechat_oa"] += 1
    for (text,) in base.execute("select text from push_message where problem = ''"):
        subject = _SUBJECT.search(text)
        if subject:
            found.by_subject[subject[1]]["web_push"] += 1
    for message_id, context in base.execute("select message_id, context from sms_message"):
        found.by_delivery[context]["sms2" if "^" in message_id else "sms"] += 1
    for (raw,) in base.execute("select raw from mail"):
        number = _REFERENCE.search(str(BytesHeaderParser().parsebytes(raw)["Message-ID"]))
        if number and number[1] in letters:
            found.repeated_letters += 1
        elif number:
            letters.add(number[1])
            found.by_delivery[number[1]]["email"] += 1
    base.close()
    return found


@dataclass(slots=True)
class Verdict:
    """The table, and everything that does not hold."""

    unsure: set[Any] = field(default_factory=set)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)

    def blame(self, what: str, sample: Any) -> None:
        """Something that must not be."""
        self.wrong[what] += 1
        self.samples.setdefault(what, str(sample)[:600])


async def verdict(dsn: str, told: dict[str, tuple[str, str]], state: Path, mini_app_id: str) -> Verdict:
    """Compare; `told` holds the group and subject of every message whose telling was acknowledged, by its key."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select m.key, d.delivery_id, d.way, d.state, d.channel, d.code, d.reason, d.reason_en, d.tries, d.created_at, d.changed_at"
        " from messaging_message m left join messaging_delivery d on d.taxpayer_id = m.taxpayer_id"
        " and d.message_id = m.message_id and d.way <> 'inbox' where m.key like 'chaos:%' order by d.created_at"
    )
    unsure = await connection.fetch(
        "select distinct delivery_id from channels_call where state in ('calling', 'unanswered', 'unknown')"
    )
    failed = await connection.fetch("select entrypoint, count(*) n from pgqueuer where status = 'failed' group by 1")
    await connection.close()
    found, made = seen(state, mini_app_id), Verdict(unsure={row["delivery_id"] for row in unsure})
    by_key: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_key[row["key"]] += [row] if row["delivery_id"] is not None else []
    for key, (group, subject) in told.items():
        _judge(made, group, by_key.get(key, []), found, subject)
    for row in failed:
        made.wrong[f"jobs that failed for good: {row['entrypoint']}"] += row["n"]
    made.counts["email"]["letters again under one Message-ID"] = found.repeated_letters
    return made


def _judge(made: Verdict, group: str, rows: list[Any], found: Seen, subject: str) -> None:
    """One message: where it arrived, what we say of it, and whether both agree."""
    arrived = Counter(found.by_subject.get(subject, ()))
    for row in rows:
        arrived.update(found.by_delivery.get(row["delivery_id"].hex, ()))
    count, said = made.counts[group], [dict(row) for row in rows]
    count["told"] += 1
    states = {row["state"] for row in rows}
    dead = [row for row in rows if row["state"] == "dead"]
    unheard = any(row["code"] in UNHEARD or row["delivery_id"] in made.unsure for row in rows) or any(
        one["changed_at"] > other["created_at"] for one, other in itertools.pairwise(rows)
    )
    if not rows:
        made.blame("nothing was planned", subject)
    if states & {"wanted", "handing"}:
        made.blame("not finished", said)
    if any(copies > 1 for copies in arrived.values()):
        made.blame("the same delivery arrived twice", (dict(arrived), said))
    _count_arrivals(made, count, arrived, dead, rows, unheard=unheard)
    if states & set(_ARRIVED) and not arrived:
        made.blame("said to be with the platform, and on no phone", said)
    if not states & {"dead", *_ARRIVED, "wanted", "handing"} and rows:
        made.blame("ended without a word", said)
    if any(not (row["code"] and row["reason"] and row["reason_en"]) for row in dead):
        made.blame("dead without a reason", said)
    for row in dead:
        made.reasons[(row["code"], row["reason"])] += 1


def _count_arrivals(
    made: Verdict, count: Counter[str], arrived: Counter[str], dead: list[Any], rows: list[Any], *, unheard: bool
) -> None:
    if len(arrived) > 1:
        count["by two ways, first unheard"] += 1
        if not unheard:
            made.blame(
                "arrived by two ways although the first was heard of", ([dict(row) for row in rows], dict(arrived))
            )
    elif arrived:
        count["arrived once"] += 1
    if dead:
        count["dead letters"] += 1
        if arrived:
            count["of them arrived, unheard"] += 1
            if not unheard:
                made.blame("a dead letter that arrived and was heard of", [dict(row) for row in rows])
    if not arrived and not dead:
        made.blame("missing: on no phone and not among the dead letters", [dict(row) for row in rows])


COLUMNS = ("told", "arrived once", "by two ways, first unheard", "dead letters", "of them arrived, unheard")


def table(made: Verdict) -> str:
    """For people."""
    lines = ["  " + f"{'first channel':14}" + "".join(f"{name:>28}" for name in COLUMNS)]
    total: Counter[str] = Counter()
    for group in GROUPS:
        total.update(made.counts[group])
        lines.append("  " + f"{group:14}" + "".join(f"{made.counts[group][name]:>28}" for name in COLUMNS))
    lines.append("  " + f"{'all':14}" + "".join(f"{total[name]:>28}" for name in COLUMNS))
    again = made.counts["email"]["letters again under one Message-ID"]
    lines.append(
        f"  arrived twice by one way: {made.wrong['the same delivery arrived twice']} · letters again under one"
        f" Message-ID, which the receiving side drops: {again}"
    )
    lines += [f"  dead ×{count}: {code} {reason}" for (code, reason), count in made.reasons.most_common()]
    return "\n".join(lines)
