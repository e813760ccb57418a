"""Poison in every value of a question, and in every kind of number of the law: refused in words, or a study that ends."""

from __future__ import annotations

import json
import re

import pytest
from insight.make import DAY, asked
from journeys.place import NoLimits
from journeys.poison import POISONS, places, poisoned

from palmtax import rules
from palmtax.insight.model.kinds import every_kind
from palmtax.plumbing.worker import drain

NUMBERS = ["0", "0%", "100%", "1/3", "1/999999999999", "0.000000000001", "-1", "+1", " 1", "1 ", "1_000", "1,000", "1e9", "1e400000",
           "9" * 15, "9" * 40, "0" * 40, "٣", "½", "0x10", "1/0", "0/0", "1/-1", "--1", ".", "%", "1.", ".5", "nan", "inf", "2026-02-29",
           "0001-01-01", "9999-12-31", "below", "at_most", "", "\x00", "💥"]  # fmt: skip
PLAIN = [0, 1, -1, 2**53, -(2**53), 2**53 + 1, 10**30, True, False, None, 1.5, [], {}, [{}], {"": ""}]


def hostile(value):
    """The value with something else in each of its places."""
    for other in (*NUMBERS, *PLAIN):
        yield other
        if isinstance(value, dict):
            first = next(iter(value))
            yield {**value, first: other}
            yield {**value, "an option too many": other}
        if isinstance(value, list):
            for name in ("up_to", "rate", "less"):
                yield [{**value[0], name: other}, *value[1:]]
            yield [value[0], {**value[-1], "up_to": other}]
    if isinstance(value, dict):
        yield dict(list(value.items())[1:])
    if isinstance(value, list):
        yield list(reversed(value))
        yield value[:1] * 41
        yield [value[-1]] * 2


def size(value):
    """How extreme a value is: its longest number."""
    return max((len(str(part)) for part in re.findall(r"[0-9]+", json.dumps(value))), default=0)


async def answered(who, content):
    """Status; a study that was begun is ended at once."""
    headers = {"authorization": f"Bearer {who.token}", "content-type": "application/json"}
    answer = await who.client.post("/api/insight/studies", content=content, headers=headers)
    told = answer.json()
    assert answer.status_code < 500, (content[:300], answer.text)
    if answer.status_code == 201:
        await who.ok("POST", f"/insight/studies/{told['study_id']}/cancel")
        return 201
    assert set(told) == {"code", "text", "hint", "fields", "trace_id"}
    assert len(answer.text) < 5000
    return answer.status_code


async def test_poison_in_every_value_of_a_question(desk, house, task_context):
    house.limiter = NoLimits()
    who, body, tried = await desk(), asked(after_on="2026-10-01"), 0
    for place in places(body):
        for text in POISONS.values():
            await answered(who, poisoned(body, place, text))
            tried += 1
    await drain(task_context)
    assert tried > 150


@pytest.mark.slow
async def test_hostile_numbers_of_every_kind(desk, house, task_context, database):
    house.limiter = NoLimits()
    who, kinds, seen, taken = await desk(), {}, {}, {}
    for law in every_kind():
        found = await who.ok("GET", f"/insight/laws/{law}/parameters?on={DAY}")
        for one in found["parameters"]:
            if one["in_force"]:
                kinds.setdefault(one["kind"], (law, one["key"], one["value"]))
    for law, key, value in kinds.values():
        for other in hostile(value):
            question = asked(laws=[law], changes={key: other})
            status = await answered(who, json.dumps(question).encode())
            seen[status] = seen.get(status, 0) + 1
            if status == 201 and size(other) >= size(taken.get(key, question)["changes"][key]):
                taken[key] = question
    assert set(seen) == {201, 409, 422}
    assert seen[201] > 50
    await drain(task_context)
    for question in taken.values():  # the most extreme that is taken is also computed
        made = await who.ok("POST", "/insight/studies", question)
        await drain(task_context)
        ended = await who.ok("GET", f"/insight/studies/{made['study_id']}")
        assert (ended["state"] == "done") != bool(ended["problem"]), question
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from pgqueuer where status = 'failed'") == 0
    assert rules.enacted() == {}
