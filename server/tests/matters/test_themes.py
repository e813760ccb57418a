"""Themes: each example leads to its steps, what is shared fits, a step that fails stops only what depends on it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from matters.make import FIRST, asked, picture, submitted, upload

from palmtax.matters import listeners
from palmtax.matters.actions import journeys
from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.model.searching import Index
from palmtax.matters.model.themes import themes
from palmtax.plumbing.worker import drain

THEMES = themes()
every = pytest.mark.parametrize("code", THEMES)


def test_there_are_a_dozen_and_more():
    assert len(THEMES) >= 12


@every
def test_an_example_leads_to_its_steps(code):
    for example in THEMES[code].examples:
        steps = THEMES[code].steps_for(dict(example.answers), example.who)
        assert [step.matter for step in steps] == list(example.steps), example.name


@every
def test_no_step_waits_for_one_that_never_comes(code):
    """When everything that may begin is approved, everything that is needed has begun."""
    for example in THEMES[code].examples:
        wanted = THEMES[code].steps_for(dict(example.answers), example.who)
        states = dict[str, str]()
        for _ in wanted:
            states |= {step.matter: "approved" for step in wanted if not journeys.blockers(step, wanted, {}, states)}
        assert set(states) == {step.matter for step in wanted}, example.name


@every
def test_nobody_agrees_to_something_by_the_way(code):
    """What wants a person's word (`agree`) is never answered by the intake, so that no such matter goes in by itself."""
    known = catalogue()
    for step in THEMES[code].steps:
        assert not {name for name in step.share if known[step.matter].by_code[name].type == "agree"}, step.matter


def a_beginning(code):
    return {"theme_code": code, "idempotency_key": f"key-{uuid4()}"}


async def begun(town, code, example, role=None):
    who = await town.person(example.who, role or ("self" if example.who == "natural_person" else "legal_rep"))
    one = await who.ok("POST", "/matters/journeys", a_beginning(code))
    here = f"/matters/journeys/{one['journey_id']}"
    one = await who.ok("PATCH", here, {"version": one["version"], "answers": dict(example.answers)})
    return who, here, one


async def handed_in(who, here, one):
    ask = {"version": one["version"], "idempotency_key": f"key-{uuid4()}"}
    sent = await who.ok("POST", f"{here}/submission", ask)
    again = await who.ok("POST", f"{here}/submission", ask)
    assert again["version"] == sent["version"]
    return sent


@every
async def test_each_example_begins_its_matters_with_the_shared_answers(code, town):
    theme = THEMES[code]
    for example in theme.examples:
        who, here, one = await begun(town, code, example)
        assert one["problems"] == []
        one = await handed_in(who, here, one)
        states = {step["matter_code"]: step["state"] for step in one["steps"]}
        assert list(states) == list(example.steps)
        assert not {"ready"} & set(states.values()), "what can begin has begun"
        for step in one["steps"]:
            if step["state"] == "waiting":
                assert step["why"]
            if step["application_id"]:
                shown = await who.ok("GET", f"/matters/applications/{step['application_id']}")
                shares = next(s for s in theme.steps if s.matter == step["matter_code"]).share
                asks = asked(shown)
                for name, source in shares.items():
                    if source in example.answers and asks[name]["is_shown"] and not asks[name]["is_locked"]:
                        assert asks[name]["value"] is not None, (step["matter_code"], name)


async def states(who, here):
    return {step["matter_code"]: step["state"] for step in (await who.ok("GET", here))["steps"]}


async def step_of(who, here, code):
    return next(step for step in (await who.ok("GET", here))["steps"] if step["matter_code"] == code)


async def done(who, here, code):
    """What the theme does not know is filled in from the matter's own example, and the matter handed in."""
    mine = f"/matters/applications/{(await step_of(who, here, code))['application_id']}"
    shown = await who.ok("GET", mine)
    example = next(each for each in catalogue()[code].examples)
    known = asked(shown)
    answers = {k: v for k, v in example.answers.items() if not known[k]["is_locked"] and known[k]["value"] is None}
    shown = await who.ok("PATCH", mine, {"version": shown["version"], "answers": answers})
    for paper in shown["papers"]:
        if paper["is_needed"] and not paper["is_optional"]:
            await upload(who, shown["application_id"], paper["code"], picture())
    return await submitted(who, await who.ok("GET", mine))


async def decided(town, application_id, outcome, reason):
    officer = await town.officer(FIRST)
    desk = await officer.ok("GET", f"/matters/cases/{application_id}")
    ask = {"outcome": outcome, "reason": reason, "case_version": desk["case"]["version"]}
    await officer.ok("POST", f"/matters/cases/{application_id}/opinion", ask)


async def told(who):
    """What the inbox says about the theme: templates in order, and the words."""
    page = await who.ok("GET", "/messaging/messages")
    return [one["title"] + "\n" + one["body"] for one in page["messages"]]


async def test_a_second_hand_home_with_one_matter_failing_half_way(town, task_context):
    """An officer says no to the price: what needs it stops and says so, the rest goes on, and by itself to its result."""
    example = {
        "side": "buyer", "address": "云山区花城大道一号 301", "contract_no": "WQ-2026-0001", "region": "440305",
        "sends_to_registry": True, "disputes_price": True,
    }  # fmt: skip
    who = await town.person("natural_person", "self")
    one = await who.ok("POST", "/matters/journeys", a_beginning("second_hand_home"))
    here = f"/matters/journeys/{one['journey_id']}"
    one = await who.ok("PATCH", here, {"version": one["version"], "answers": example})
    await handed_in(who, here, one)
    now = await states(who, here)
    assert now == {"HDGL-004": "draft", "XXBG-019": "draft", "SBNS-024": "waiting", "ZMBL-006": "waiting"}

    price = await done(who, here, "HDGL-004")
    await drain(task_context)
    assert (await states(who, here))["HDGL-004"] == "submitted"
    await decided(town, price["application_id"], "no", "评估价格有据")
    await done(who, here, "XXBG-019")
    await drain(task_context)
    now = await states(who, here)
    assert now == {"HDGL-004": "refused", "XXBG-019": "approved", "SBNS-024": "stopped", "ZMBL-006": "stopped"}
    price_step, stopped = await step_of(who, here, "HDGL-004"), await step_of(who, here, "SBNS-024")
    assert (price_step["why"], price_step["may_leave_out"], stopped["may_leave_out"]) == ("评估价格有据", True, False)
    assert "存量房计税价格争议" in stopped["why"]
    assert "不办它" in stopped["hint"]
    assert any("有几步停下了" in words and "契税申报、契税完税" in words for words in await told(who))

    for _ in range(2):  # again changes nothing
        await who.ok("POST", f"{here}/omission", {"matter_code": "HDGL-004"})
    now = await states(who, here)
    assert now == {"HDGL-004": "left_out", "XXBG-019": "approved", "SBNS-024": "draft", "ZMBL-006": "waiting"}
    needed = await who("POST", f"{here}/omission", {"matter_code": "SBNS-024"})
    assert needed.json()["code"] == "matters.state_refused"

    await done(who, here, "SBNS-024")
    assert (await states(who, here))["ZMBL-006"] == "ready", "nobody has opened the theme"
    await drain(task_context)
    assert (await states(who, here))["ZMBL-006"] == "approved"
    assert (await who.ok("GET", here))["state"] == "done"
    words = await told(who)
    assert sum("往下走了一步" in one and "已为您提交：契税完税" in one for one in words) == 1
    assert sum("全部办好了" in one and "3 件事" in one for one in words) == 1


async def test_news_that_comes_twice_begins_a_step_once(town, task_context, database):
    """At least once: the same news again, and two at the same moment, change nothing."""
    who = await town.person("natural_person", "self")
    one = await who.ok("POST", "/matters/journeys", a_beginning("second_hand_home"))
    here = f"/matters/journeys/{one['journey_id']}"
    example = THEMES["second_hand_home"].examples[0]
    one = await who.ok("PATCH", here, {"version": one["version"], "answers": dict(example.answers)})
    await handed_in(who, here, one)
    deed = await done(who, here, "SBNS-024")
    news = {"taxpayer_id": who.taxpayer_id, "application_id": deed["application_id"]}
    await asyncio.gather(*(listeners.application_ended(task_context, news) for _ in range(4)))
    await drain(task_context)
    async with database.statement() as tx:
        begun = "select matter_code, count(*) from matters_application where taxpayer_id = $1 group by 1"
        assert {r[0]: r[1] for r in await tx.fetch(begun, who.taxpayer_id)} == dict.fromkeys(example.steps, 1)
    assert sum("往下走了一步" in words for words in await told(who)) == 1


async def test_without_the_hat_the_house_does_nothing_for_anybody(town, task_context, database):
    """Whoever began it acts for the taxpayer no more: the next step waits until somebody who may opens the theme."""
    who = await town.person("natural_person", "self")
    one = await who.ok("POST", "/matters/journeys", a_beginning("second_hand_home"))
    here = f"/matters/journeys/{one['journey_id']}"
    answers = dict(THEMES["second_hand_home"].examples[0].answers)
    await handed_in(who, here, await who.ok("PATCH", here, {"version": one["version"], "answers": answers}))
    await done(who, here, "SBNS-024")
    async with database.transaction() as tx:
        await tx.execute("update identity_hat set revoked_at = now() where person_id = $1", who.person_id)
    await drain(task_context)
    async with database.transaction() as tx:
        await tx.execute("update identity_hat set revoked_at = null where person_id = $1", who.person_id)
    assert (await states(who, here))["ZMBL-006"] == "ready"
    one = await who.ok("POST", f"{here}/continuation")
    assert {step["matter_code"]: step["state"] for step in one["steps"]}["ZMBL-006"] == "approved"


async def test_a_step_is_begun_anew_and_the_rest_waits_for_it(town, task_context):
    who = await town.person("natural_person", "self")
    one = await who.ok("POST", "/matters/journeys", a_beginning("second_hand_home"))
    here = f"/matters/journeys/{one['journey_id']}"
    answers = dict(next(e for e in THEMES["second_hand_home"].examples if e.answers["disputes_price"]).answers)
    await handed_in(who, here, await who.ok("PATCH", here, {"version": one["version"], "answers": answers}))
    price = await done(who, here, "HDGL-004")
    await who.ok("POST", f"/matters/applications/{price['application_id']}/withdrawal", {"reason": ""})
    await drain(task_context)
    assert (await states(who, here))["SBNS-025"] == "stopped"
    assert (await states(who, here))["TDS-008"] == "stopped", "also what comes after what stopped"
    one = await who.ok("POST", f"{here}/retry", {"matter_code": "HDGL-004"})
    now = {step["matter_code"]: step["state"] for step in one["steps"]}
    assert (now["HDGL-004"], now["SBNS-025"], now["TDS-008"]) == ("draft", "waiting", "waiting")


async def test_a_theme_is_begun_once_under_one_key(town):
    who = await town.person("natural_person", "self")
    ask = a_beginning("second_hand_home")
    begun_at_once = await asyncio.gather(*(who.ok("POST", "/matters/journeys", ask) for _ in range(5)))
    assert len({one["journey_id"] for one in begun_at_once}) == 1
    assert len(await who.ok("GET", "/matters/journeys")) == 1
    other = await who("POST", "/matters/journeys", ask | {"theme_code": "rent_out_home"})
    assert (other.status_code, other.json()["code"]) == (409, "matters.key_reused")
    none = await who("POST", "/matters/journeys", {"theme_code": "second_hand_home"})
    assert none.status_code == 422


async def test_the_intake_is_checked_and_kept(town):
    who = await town.person("small_scale", "legal_rep")
    one = await who.ok("POST", "/matters/journeys", a_beginning("open_business"))
    here = f"/matters/journeys/{one['journey_id']}"
    bad = await who("PATCH", here, {"version": one["version"], "answers": {"phone": "12"}})
    assert (bad.status_code, bad.json()["code"]) == (422, "matters.answer_refused")
    early = await who("POST", f"{here}/submission", {"version": one["version"], "idempotency_key": "key-1234567"})
    assert early.json()["code"] == "matters.incomplete"
    other = await town.person("small_scale", "legal_rep")
    assert (await other("GET", here)).json()["code"] == "matters.journey_unknown"
    person = await town.person("natural_person", "self")
    wrong = await person("POST", "/matters/journeys", a_beginning("open_business"))
    assert wrong.json()["code"] == "matters.wrong_hat"


def test_index_is_a_value_of_its_entries():
    assert Index([]).find("开店") == []
