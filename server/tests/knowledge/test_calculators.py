"""The public calculators: open to anybody, complete, exact, and honest about what is still missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from palmtax import knowledge, rules
from palmtax.base.errors import PalmtaxError
from palmtax.base.rate import Rate
from palmtax.knowledge.model.calculators import GROUPS, every_calculator, everyday_words, find_calculator

DAY = date(2026, 11, 23)
EVERY = [view.code for view in every_calculator()]
each = pytest.mark.parametrize("law", EVERY)


def answer(fact):
    """Something a person could say to a question that nothing is known about."""
    if fact.options:
        single = fact.options[0].code
    elif fact.unit == "yes_no":
        single = True
    elif fact.unit == "day":
        single = max(fact.lo, "2026-01-15")
    elif fact.unit in ("count", "days"):
        single = int(fact.typical or max(int(fact.lo), 1))
    else:
        single = fact.typical or {"fen": "1000", "quantity": "100", "rate": "10%"}[fact.unit]
    return [single] * {"month": 12, "quarter": 4}[fact.each] if fact.each else single


def complete(law, day=DAY):
    """Ask and answer until there is a result; gives the answers and the calculation."""
    asked = {fact.code: fact for fact in knowledge.calculator(law, on=day).facts}
    given = {}
    found = knowledge.calculate(law, on=day, facts=given)
    while found.missing:
        assert found.result is None
        given[found.missing[0]] = answer(asked[found.missing[0]])
        assert len(given) <= len(asked), "asks for what it knows already"
        found = knowledge.calculate(law, on=day, facts=given)
    return given, found


def test_every_law_with_a_calculator_is_on_the_shelf_once():
    shelf = knowledge.shelf()
    listed = [card.law for group in shelf.groups for card in group.calculators]
    assert sorted(listed) == sorted(code for code in rules.every_law() if rules.law(code).calculator)
    assert shelf.total == len(listed) == len(set(listed))
    assert [group.name for group in shelf.groups] == [name for name in GROUPS if name in {g.name for g in shelf.groups}]
    assert len(listed) > 30


@each
def test_a_calculator_shows_everything_it_names(law):
    shown = knowledge.calculator(law, on=DAY, language="en")
    codes = [fact.code for fact in shown.facts]
    assert set(rules.law(law).calculator.asks) & set(codes), "nothing is asked first"
    assert [fact.is_asked_first for fact in shown.facts] == sorted(
        [fact.is_asked_first for fact in shown.facts], reverse=True
    )
    assert shown.statutes
    assert all(citation.title and citation.paraphrase for citation in shown.statutes)
    for fact in shown.facts:
        assert fact.label
        assert fact.label_en
        if fact.slider:
            knowledge.calculate(law, on=DAY, facts={fact.code: fact.slider.lo})
            knowledge.calculate(law, on=DAY, facts={fact.code: fact.slider.hi})


@each
def test_asking_one_by_one_leads_to_an_explained_result(law):
    given, found = complete(law)
    result = found.result
    assert result is not None
    assert found.version == rules.version(law)
    assert result.headline.code in {line.code for line in result.lines} or result.headline.value == 0
    assert all(line.citations for line in result.lines)
    again = knowledge.calculate(law, on=DAY, facts=given)
    assert again == found
    if result.picture:
        parts = sum(part.value_fen for part in result.picture.slices)
        assert parts + result.picture.rest_fen == result.picture.whole_fen
        assert sum(part.permille for part in result.picture.slices) + result.picture.rest_permille <= 1000
    if result.compare:
        values = [choice.value_fen for choice in result.compare.choices]
        assert result.compare.saved_fen == max(values) - min(values)
        best = {choice.code for choice in result.compare.choices if choice.is_best}
        assert bool(best) == (min(values) < max(values))


@each
def test_the_result_is_that_of_the_rule_itself(law):
    """What was never asked changes nothing: two very different fillings of the open places give the same headline."""
    given, found = complete(law)
    view = find_calculator(law)
    read = rules.read_plain(law, given)
    still_open = [part for part in view.parts if part.default is None and view.owners[part.code] not in given]
    for pick in (0, -1):
        filled = dict(read)
        for part in still_open:
            if part.options:
                filled[part.code] = part.options[pick].code
            elif part.unit == "yes_no":
                filled[part.code] = pick == 0
            else:
                bound = part.lo if pick == 0 else part.hi
                filled[part.code] = date.fromordinal(bound) if part.unit == "day" else bound
        filled = {code: value for code, value in filled.items() if view.owners.get(code, code) in view.read_on(DAY)}
        outputs = rules.assess(law, on=DAY, facts=filled).outputs
        assert outputs[view.about.headline] == found.result.headline.value


def test_the_bonus_compares_both_ways_and_names_the_better_one():
    facts = {"bonus": "36000", "annual_income": "150000", "deductions": "30000"}
    result = knowledge.calculate("iit_bonus", on=DAY, facts=facts).result
    assert (result.headline.value, result.headline.text) == (108_000, "1,080.00")
    separate, merged = result.compare.choices
    assert (separate.name, separate.value_fen, separate.is_best) == ("单独计税", 108_000, True)
    assert (merged.value_fen, merged.is_best) == (360_000, False)
    assert result.compare.saved_fen == 252_000
    assert (separate.permille, merged.permille) == (300, 1000)


def test_a_number_that_the_law_desk_put_in_force_counts_at_once():
    facts = {"unpaid_tax": "100000", "due_on": "2026-10-01", "paid_on": "2026-10-11"}
    key = "late_fee.daily_rate"
    before = knowledge.calculate("late_fee", on=DAY, facts=facts)
    newest = rules.parameter(key).values[-1]
    later = replace(newest, first_day=date(2026, 11, 1), value=Rate("1‰"), published=date(2026, 10, 1))
    try:
        rules.enact({key: (later,)})
        after = knowledge.calculate("late_fee", on=DAY, facts=facts)
    finally:
        rules.enact({})
    assert after.result.headline.value == 2 * before.result.headline.value > 0
    assert after.version != before.version
    assert knowledge.calculate("late_fee", on=DAY, facts=facts) == before


def test_whole_numbers_for_money_are_fen_and_text_is_yuan():
    as_text = knowledge.calculate(
        "iit_bonus", on=DAY, facts={"bonus": "36000", "annual_income": "1", "deductions": "0"}
    )
    as_fen = knowledge.calculate("iit_bonus", on=DAY, facts={"bonus": 3_600_000, "annual_income": 100, "deductions": 0})
    assert as_text.result == as_fen.result


def test_a_row_may_be_a_list_or_months_by_name():
    wages = [f"{10_000 + 500 * month}" for month in range(12)]
    rest = {"social_insurance": ["0"] * 12, "additional_deductions": ["0"] * 12}
    listed = knowledge.calculate("iit_wage", on=DAY, facts={"wage": wages, **rest})
    named = {f"wage_{month:02d}": wage for month, wage in enumerate(wages, 1)}
    assert knowledge.calculate("iit_wage", on=DAY, facts={**named, **rest}).result == listed.result
    assert len(listed.result.months.columns) == 12
    assert max(column.permille for column in listed.result.months.columns) == 1000


@pytest.mark.parametrize(
    ("law", "facts", "code", "named"),
    [
        ("iit_bonus", {"bonus": "abc"}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": "1.005"}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": 1.5}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": float("nan")}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": 10**30}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": "-1"}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": True}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": {"yuan": 1}}, "rules.fact_refused", "bonus"),
        ("iit_bonus", {"bonus": ["1"]}, "rules.fact_refused", "bonus"),
        ("iit_wage", {"wage": ["1"] * 13}, "rules.fact_refused", "wage"),
        ("iit_wage", {"wage": ["1", "x"]}, "rules.fact_refused", "wage"),
        ("iit_bonus", {"bonis": "1"}, "knowledge.fact_unknown", "bonis"),
        ("free_money", {}, "knowledge.calculator_unknown", "free_money"),
        ("../etc", {}, "knowledge.calculator_unknown", "../etc"),
    ],
)
def test_a_refusal_names_the_fact_and_the_way_to_mend_it(law, facts, code, named):
    with pytest.raises(PalmtaxError) as refused:
        knowledge.calculate(law, on=DAY, facts=facts)
    assert refused.value.code == code
    assert named in str(refused.value.values)
    assert all(refused.value.words(language)[1] for language in ("zh", "en"))


def test_a_day_without_law_is_refused_by_name():
    with pytest.raises(rules.ParameterNotInForce):
        knowledge.calculate(
            "iit_bonus", on=date(2031, 1, 1), facts={"bonus": "1", "annual_income": "1", "deductions": "1"}
        )


@pytest.mark.parametrize(
    ("said", "law"),
    [
        ("年终奖", "iit_bonus"),
        ("买房", "deed_tax"),
        ("车", "vehicle_purchase_tax"),
        ("残保金", "disabled_fund"),
        ("CAR", "vehicle_purchase_tax"),
    ],
)
def test_everyday_words_find_it(said, law):
    assert law in [card.law for group in knowledge.shelf(said).groups for card in group.calculators]


def test_words_that_nobody_says_find_nothing():
    assert knowledge.shelf("飞碟") == knowledge.CalculatorList(groups=[], total=0)


def test_every_everyday_word_finds_something():
    assert [word for word in everyday_words() if knowledge.shelf(word).total == 0] == []


def test_a_calculator_is_that_of_the_law_as_it_is_now():
    """A version put in force makes the law anew; no view of the old one is kept, and none is made twice."""
    key, before = "iit_year.basic_deduction_month", find_calculator("iit_year")
    assert find_calculator("iit_year") is before
    version = before.law.version
    number = rules.parameter(key)
    newest = max(number.values, key=lambda value: value.first_day)
    rules.enact({key: [replace(newest, first_day=DAY, published=DAY)]})
    try:
        after = find_calculator("iit_year")
        assert after is not before
        assert after.law is rules.law("iit_year")
        assert after.law.version == rules.version("iit_year") != version
        assert len(after.law.parameters["basic_deduction_month"].values) == len(number.values) + 1
        assert [view.law for view in every_calculator()] == [rules.law(view.code) for view in every_calculator()]
    finally:
        rules.enact({})
    assert find_calculator("iit_year").law.version == version


async def test_anybody_may_ask_over_http_and_nothing_needs_a_database(client):
    listed = await client.get("/api/knowledge/calculators", params={"query": "年终奖"})
    assert listed.status_code == 200
    assert "iit_bonus" in json.dumps(listed.json())
    shown = await client.get("/api/knowledge/calculators/iit_bonus", headers={"accept-language": "en"})
    assert shown.json()["on"] == "2026-11-23"
    assert "law" in shown.json()["statutes"][0]["title"].lower() or shown.json()["statutes"][0]["title"].isascii()
    body = {"facts": {"bonus": "36000.50"}}
    found = await client.post("/api/knowledge/calculators/iit_bonus", json=body)
    assert found.status_code == 200
    assert found.json()["missing"] == ["annual_income"]
    assert found.json()["result"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"facts": {"bonus": NaN}}', 422, "rules.fact_refused"),
        ('{"facts": {"bonus": 1e400}}', 422, "rules.fact_refused"),
        ('{"facts": {"bonus": null}}', 200, None),
        ('{"facts": {"BONUS": "1"}}', 422, "plumbing.malformed"),
        ('{"facts": [1]}', 422, "plumbing.malformed"),
        ('{"on": "2026-02-30", "facts": {}}', 422, "plumbing.malformed"),
        ('{"name": "张三", "facts": {}}', 422, "plumbing.malformed"),
    ],
)
async def test_hostile_bodies_are_refused(client, body, status, code):
    headers = {"content-type": "application/json"}
    found = await client.post("/api/knowledge/calculators/iit_bonus", content=body, headers=headers)
    assert (found.status_code, found.json().get("code")) == (status, code)


async def test_a_calculator_nobody_wrote_is_404(client):
    found = await client.get("/api/knowledge/calculators/free_money", headers={"accept-language": "en"})
    assert (found.status_code, found.json()["code"]) == (404, "knowledge.calculator_unknown")
    assert "free_money" in found.json()["text"]


async def test_there_is_a_limit_for_each_address(client):
    answers = [(await client.get("/api/knowledge/calculators/nothing_here")).status_code for _ in range(122)]
    assert answers[:120] == [404] * 120
    assert answers[-1] == 429
