"""Themes: each example leads to its steps, what is shared fits, a step that fails stops only what depends on it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from matters.make import FIRST, asked

from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.model.searching import Index
from palmtax.matters.model.themes import themes

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
    """Whoever needs a step also needs what comes before it."""
    theme, known = THEMES[code], catalogue()
    for step in theme.steps:
        for before in step.after:
            earlier = next(one for one in theme.steps if one.matter == before)
            assert set(known[step.matter].who) & set(theme.who) <= set(known[before].who) | set(), (step.matter, before)
            assert set(earlier.when) <= set(step.when), (step.matter, before)


async def begun(town, code, example, role=None):
    who = await town.person(example.who, role or ("self" if example.who == "natural_person" else "legal_rep"))
    one = await who.ok("POST", "/matters/journeys", {"theme_code": code})
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


async def test_a_second_hand_home_with_one_matter_failing_half_way(town):
    """The price is contested first; the assessment is refused; the home's data still went through; it can be begun anew."""
    example = next(e for e in THEMES["second_hand_home"].examples if e.answers["disputes_price"])
    who, here, one = await begun(town, "second_hand_home", example)
    one = await handed_in(who, here, one)
    steps = {step["matter_code"]: step for step in one["steps"]}
    price = steps["HDGL-004"]
    assert price["state"] == "draft", "what the theme does not know is asked in the matter itself"
    assert steps["TDS-008"]["state"] == "waiting"
    shown = await who.ok("GET", f"/matters/applications/{price['application_id']}")
    example = next(e for e in catalogue()["HDGL-004"].examples)
    answers = {k: v for k, v in example.answers.items() if not asked(shown)[k]["is_locked"]}
    mine = f"/matters/applications/{price['application_id']}"
    shown = await who.ok("PATCH", mine, {"version": shown["version"], "answers": answers})
    from matters.make import picture, submitted, upload

    for paper in shown["papers"]:
        if paper["is_needed"] and not paper["is_optional"]:
            await upload(who, price["application_id"], paper["code"], picture())
    await submitted(who, await who.ok("GET", mine))
    officer = await town.officer(FIRST)
    desk = await officer.ok("GET", f"/matters/cases/{price['application_id']}")
    ask = {"outcome": "no", "reason": "评估价格有据", "case_version": desk["case"]["version"]}
    await officer.ok("POST", f"/matters/cases/{price['application_id']}/opinion", ask)
    one = await who.ok("POST", f"{here}/continuation")
    states = {step["matter_code"]: step["state"] for step in one["steps"]}
    assert states["HDGL-004"] in {"refused", "submitted"}
    if states["HDGL-004"] == "refused":
        one = await who.ok("POST", f"{here}/retry", {"matter_code": "HDGL-004"})
        states = {step["matter_code"]: step["state"] for step in one["steps"]}
        assert states["HDGL-004"] == "draft"
    assert states["XXBG-019"] in {"draft", "approved"}


async def test_the_intake_is_checked_and_kept(town):
    who = await town.person("small_scale", "legal_rep")
    one = await who.ok("POST", "/matters/journeys", {"theme_code": "open_business"})
    here = f"/matters/journeys/{one['journey_id']}"
    bad = await who("PATCH", here, {"version": one["version"], "answers": {"phone": "12"}})
    assert (bad.status_code, bad.json()["code"]) == (422, "matters.answer_refused")
    early = await who("POST", f"{here}/submission", {"version": one["version"], "idempotency_key": "key-1234567"})
    assert early.json()["code"] == "matters.incomplete"
    other = await town.person("small_scale", "legal_rep")
    assert (await other("GET", here)).json()["code"] == "matters.journey_unknown"
    person = await town.person("natural_person", "self")
    wrong = await person("POST", "/matters/journeys", {"theme_code": "open_business"})
    assert wrong.json()["code"] == "matters.wrong_hat"


def test_index_is_a_value_of_its_entries():
    assert Index([]).find("开店") == []
