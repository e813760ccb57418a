"""Studies through the API: ask, watch, read, open cases; refusals are in words and change nothing."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from insight.make import CLERK, DEDUCTION, ENTERPRISES, PERSONS, READER, STRANGER, THRESHOLD, asked

from palmtax import rules
from palmtax.plumbing.limits import Limiter
from palmtax.plumbing.settings import Settings
from palmtax.plumbing.worker import drain

BOTH = {"laws": ["iit_year", "vat_small_scale_return"], "changes": {**THRESHOLD, **DEDUCTION}}


async def acts(database):
    async with database.transaction() as tx:
        rows = await tx.fetch("select act from evidence_entry where act like 'insight.%' order by at, entry_id")
    return [row["act"] for row in rows]


async def test_a_study_from_the_question_to_one_taxpayers_two_explanations(desk, task_context, database):
    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked(**BOTH))
    assert (made["state"], made["percent"], made["result"], made["groups_total"]) == ("queued", 0, None, 5)
    assert made["changes"][0]["before"] == "300000"
    assert made["changes"][0]["after"] == "450000"
    path = f"/insight/studies/{made['study_id']}"
    await leader.refused(409, "insight.study_not_done", "GET", f"{path}/rows")
    await drain(task_context)

    done = await leader.ok("GET", path)
    assert (done["state"], done["percent"], done["groups_done"], done["is_population_same"]) == ("done", 100, 5, True)
    result = done["result"]
    iit, vat = result["laws"]
    assert result["delta_fen"] == iit["delta_fen"] + vat["delta_fen"] == done["revenue_delta_fen"] < 0
    assert iit["rows"] == PERSONS
    for law in (iit, vat):
        assert law["after_fen"] - law["before_fen"] == law["delta_fen"] == law["loss_fen"] - law["gain_fen"]
        assert law["winners"] + law["losers"] + law["unchanged"] == law["rows"]
        assert law["losers"] == 0
        for groups in ("deciles", "industries", "cities", "bands"):
            for name in ("rows", "before_fen", "after_fen", "delta_fen", "winners", "unchanged"):
                assert sum(group[name] for group in law[groups]) == law[name], (groups, name)
        assert sum(bar["rows"] for bar in law["histogram"]) == law["rows"]
        assert law["version_after"] == law["version_before"] + "+what-if"
    assert [group["rows"] for group in iit["deciles"]] == pytest.approx([PERSONS // 10] * 10, abs=20)
    assert len(iit["cities"]) == 21
    assert vat["cliffs_after"][0]["at_fen"] <= 45_000_000 <= vat["cliffs_after"][0]["to_fen"]
    assert len(iit["curve"]) == 240
    assert len(vat["sample"]) > 10

    winner = vat["sample"][0]
    case = await leader.ok("GET", f"{path}/rows/{winner['row']}?law={winner['law']}")
    assert (case["before_fen"], case["after_fen"]) == (winner["before_fen"], winner["after_fen"])
    payable = next(line for line in case["lines"] if line["code"] == "payable")
    assert (payable["before"]["value"], payable["after"]["value"], payable["differs"]) == (
        winner["before_fen"],
        0,
        True,
    )
    assert payable["before"]["citations"]
    assert any(not line["differs"] for line in case["lines"])
    person = await leader.ok("GET", f"{path}/rows/{iit['sample'][0]['row']}?law=iit_year")
    assert len(next(fact for fact in person["facts"] if fact["code"] == "wage")["values"]) == 12
    assert await acts(database) == ["insight.study_started", "insight.study_finished"]


async def test_rows_are_found_by_what_changes_for_them(desk, task_context):
    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked())
    await drain(task_context)
    path = f"/insight/studies/{made['study_id']}/rows"
    total = (await leader.ok("GET", path.removesuffix("/rows")))["result"]["laws"][0]
    seen, cursor = [], ""
    while True:
        page = await leader.ok("GET", f"{path}?change=winner&limit=97{cursor}")
        seen += page["rows"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len({row["row"] for row in seen}) == total["winners"]
    assert sum(row["delta_fen"] for row in seen) == total["delta_fen"]
    city = seen[0]["city"]
    some = await leader.ok("GET", f"{path}?change=winner&city={city}&limit=100")
    assert {row["city"] for row in some["rows"]} == {city}
    assert len(some["rows"]) == min(100, sum(row["city"] == city for row in seen))
    gain = await leader.ok("GET", f"{path}?order=gain&limit=5")
    assert [row["delta_fen"] for row in gain["rows"]] == sorted(row["delta_fen"] for row in seen)[:5]
    assert (await leader.ok("GET", f"{path}?order=loss"))["rows"] == []
    await leader.refused(422, "insight.study_malformed", "GET", f"{path}?city=atlantis")
    await leader.refused(422, "insight.study_malformed", "GET", f"{path}?cursor=-1")
    await leader.refused(404, "insight.row_unknown", "GET", f"{path}/{ENTERPRISES}")
    await leader.refused(404, "insight.law_not_studied", "GET", f"{path}?law=iit_year")


async def test_two_directions_make_a_heat_map(desk, task_context):
    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked(**BOTH))
    await drain(task_context)
    path = f"/insight/studies/{made['study_id']}"
    law = (await leader.ok("GET", path))["result"]["laws"][0]
    heat = await leader.ok("GET", f"{path}/groups?by=city&by=decile&law=iit_year")
    assert heat["by"] == ["decile", "city"]
    assert len(heat["groups"]) == 210
    assert sum(group["delta_fen"] for group in heat["groups"]) == law["delta_fen"]
    one = await leader.ok("GET", f"{path}/groups?by=city&law=iit_year")
    assert one["groups"] == law["cities"]
    await leader.refused(422, "plumbing.malformed", "GET", f"{path}/groups?by=name")


async def test_a_later_day_of_the_law_is_a_change(desk, task_context):
    """The deduction of 3,500 yuan ended on 2018-09-30; a study may compare any two days of the law."""
    leader = await desk()
    law = rules.law("vat_small_scale_return")
    days = [day for day in law.turning_days if day.year >= 2023]
    body = asked(on="2022-12-31", after_on=days[0].isoformat(), changes={}, name="新旧规定比较")
    made = await leader.ok("POST", "/insight/studies", body)
    assert made["after_on"] == days[0].isoformat()
    await drain(task_context)
    done = await leader.ok("GET", f"/insight/studies/{made['study_id']}")
    assert done["state"] == "done"
    assert done["result"]["laws"][0]["version_after"] == done["result"]["laws"][0]["version_before"]


async def test_the_list_is_the_offices_own_newest_first(desk, clock):
    leader, stranger = await desk(), await desk(STRANGER)
    ids = []
    for n in range(3):
        clock.move(seconds=1)
        ids.append((await leader.ok("POST", "/insight/studies", asked(name=f"第{n}次")))["study_id"])
    page = await leader.ok("GET", "/insight/studies?limit=2")
    assert [line["study_id"] for line in page["studies"]] == [ids[2], ids[1]]
    rest = await leader.ok("GET", f"/insight/studies?limit=2&cursor={page['next_cursor']}")
    assert ([line["study_id"] for line in rest["studies"]], rest["next_cursor"]) == ([ids[0]], None)
    assert page["studies"][0]["created_by_masked"].startswith("沈")
    assert (await leader.ok("GET", "/insight/studies?state=done"))["studies"] == []
    assert (await stranger.ok("GET", "/insight/studies"))["studies"] == []
    await stranger.refused(404, "insight.study_unknown", "GET", f"/insight/studies/{ids[0]}")
    await stranger.refused(404, "insight.study_unknown", "POST", f"/insight/studies/{ids[0]}/cancel")


async def test_the_same_key_gives_the_same_study(desk, database):
    leader = await desk()
    first = await leader.ok("POST", "/insight/studies", asked(), key="study-0001")
    again = await leader.ok("POST", "/insight/studies", asked(), key="study-0001")
    assert first == again
    assert await acts(database) == ["insight.study_started"]


async def test_a_study_that_waits_can_be_cancelled_once(desk, task_context, database):
    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked())
    path = f"/insight/studies/{made['study_id']}"
    assert (await leader.ok("POST", f"{path}/cancel"))["state"] == "cancelled"
    await leader.refused(409, "insight.study_over", "POST", f"{path}/cancel")
    await drain(task_context)
    assert (await leader.ok("GET", path))["state"] == "cancelled"
    assert await acts(database) == ["insight.study_started", "insight.study_cancelled"]


async def test_too_many_at_a_time_are_refused(desk):
    leader = await desk()
    for _ in range(5):
        await leader.ok("POST", "/insight/studies", asked())
    await leader.refused(409, "insight.too_many_studies", "POST", "/insight/studies", asked())


REFUSED = [
    ({"changes": {}}, 409, "insight.nothing_changed"),
    ({"changes": {"vat_small_scale.quarter_threshold": "300000"}}, 409, "insight.nothing_changed"),
    ({"changes": {"stamp_duty.no_such": "1%"}}, 422, "insight.parameter_unknown"),
    ({"changes": {"vat_small_scale.quarter_threshold": "much"}}, 422, "insight.parameter_refused"),
    ({"changes": {"vat_small_scale.quarter_threshold": "9" * 41}}, 422, "plumbing.malformed"),
    ({"changes": {"vat_small_scale.quarter_threshold": True}}, 422, "insight.parameter_refused"),
    ({"changes": {"vat_small_scale.quarter_threshold": 1.5}}, 422, "plumbing.malformed"),
    ({"changes": {"vat_small_scale.quarter_threshold": [{"x": "1"}]}}, 422, "plumbing.malformed"),
    ({"laws": ["iit_year"], "changes": {"iit_year.comprehensive_scale": [{"rate": "3%"}, {"rate": "5%"}]}}, 422,
     "insight.parameter_refused"),
    ({"laws": ["iit_year"], "changes": {"iit_year.comprehensive_scale": []}}, 422, "insight.parameter_refused"),
    ({"laws": ["stamp_duty"]}, 404, "insight.law_not_studied"),
    ({"laws": ["vat_small_scale_return"] * 2}, 422, "insight.study_malformed"),
    ({"laws": []}, 422, "plumbing.malformed"),
    ({"on": "1995-01-01"}, 409, "rules.parameter_not_in_force"),
    ({"on": "2026-13-01"}, 422, "plumbing.malformed"),
    ({"name": "a\x00b"}, 422, "plumbing.malformed"),
    ({"surprise": 1}, 422, "plumbing.malformed"),
]  # fmt: skip


async def test_a_question_that_cannot_be_answered_is_refused_in_words(desk, database, house):
    leader = await desk()
    for other, status, code in REFUSED:
        await leader.refused(status, code, "POST", "/insight/studies", asked(**other))
        english = await leader("POST", "/insight/studies", asked(**other), headers={"accept-language": "en"})
        assert english.json()["code"] == code
        assert english.json()["hint"]
        house.limiter = Limiter()
    assert (await leader.ok("GET", "/insight/studies"))["studies"] == []
    assert await acts(database) == []


async def test_parameters_are_shown_in_plain_form_and_go_back_as_they_are(desk):
    leader = await desk()
    found = await leader.ok("GET", "/insight/laws/iit_year/parameters?on=2026-09-30")
    by_key = {one["key"]: one for one in found["parameters"]}
    assert by_key["iit_year.basic_deduction_month"]["value"] == "5000"
    scale = by_key["iit_year.comprehensive_scale"]["value"]
    assert scale[0] == {"up_to": "36000", "rate": "3%", "less": "0"}
    assert scale[-1] == {"rate": "45%", "less": "181920"}
    changes = {key: one["value"] for key, one in by_key.items()}
    await leader.refused(
        409, "insight.nothing_changed", "POST", "/insight/studies", asked(laws=["iit_year"], changes=changes)
    )
    vat = await leader.ok("GET", "/insight/laws/vat_small_scale_return/parameters?on=2026-09-30")
    table = next(one for one in vat["parameters"] if one["kind"] == "rates")
    assert {option["code"] for option in table["options"]} == set(table["value"])
    assert all(option["label"] for option in table["options"])
    ended = await leader.ok("GET", "/insight/laws/vat_small_scale_return/parameters?on=2035-01-01")
    assert any(not one["in_force"] and one["value"] is None for one in ended["parameters"])


async def test_what_there_is_to_study(desk, house):
    leader = await desk()
    there = await leader.ok("GET", "/insight/population")
    assert (there["exists"], there["persons"], len(there["cities"]), there["is_invented"]) == (True, PERSONS, 21, True)
    laws = await leader.ok("GET", "/insight/laws")
    assert {"iit_year", "vat_small_scale_return", "vat_general", "cit_annual"} == {law["code"] for law in laws}
    house.settings = Settings({"PALMTAX_INSIGHT_POPULATION_FOLDER": "/nowhere/at/all"})
    gone = await leader.ok("GET", "/insight/population")
    assert not gone["exists"]
    assert "palmtax demo --population" in gone["how_to_make"]
    assert [law["rows"] for law in await leader.ok("GET", "/insight/laws")] == [0, 0, 0, 0]
    await leader.refused(409, "insight.population_missing", "POST", "/insight/studies", asked())


async def test_a_population_made_anew_closes_the_cases_and_keeps_the_totals(desk, task_context, house, tmp_path):
    from demo.population.make import make

    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked())
    waiting = await leader.ok("POST", "/insight/studies", asked(name="后来的"))
    other = make(tmp_path / "p", persons_count=10, enterprises_count=50, seed=9)
    await drain(task_context, limit=1)
    house.settings = Settings(
        {"PALMTAX_INSIGHT_POPULATION_FOLDER": str(tmp_path / "p"), "PALMTAX_INSIGHT_PROCESSES": "0"}
    )
    await drain(replace(task_context, settings=house.settings))
    path = f"/insight/studies/{made['study_id']}"
    done = await leader.ok("GET", path)
    assert (done["state"], done["is_population_same"]) == ("done", False)
    assert done["population"]["fingerprint"] != other["fingerprint"]
    assert done["result"]["laws"][0]["rows"] > 5000
    await leader.refused(409, "insight.population_changed", "GET", f"{path}/rows")
    failed = await leader.ok("GET", f"/insight/studies/{waiting['study_id']}")
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "insight.population_changed")


async def test_who_may_do_what(desk, client):
    reader, clerk = await desk(READER), await desk(CLERK)
    await reader.ok("GET", "/insight/studies")
    await reader.refused(403, "plumbing.not_allowed", "POST", "/insight/studies", asked())
    for path in ("/insight/population", "/insight/laws", "/insight/studies", "/insight/laws/iit_year/parameters"):
        await clerk.refused(403, "plumbing.not_allowed", "GET", path)
        answer: httpx.Response = await client.get(f"/api{path}")
        assert answer.status_code == 401
