"""Where a case may go: every other office, the nearest first, found as people type; and only for who may see the case."""

from __future__ import annotations

import pytest
from cases.cases_make import ANNA, CLERK, EASTER, opened
from cases.make import CITY, EAST, NAMES, NORTH, NORTH_HALL, OTHER_CITY, PROVINCE


async def codes(officer, case, words=""):
    found = await officer.ok("GET", f"/cases/cases/{case.case_id}/offices?q={words}")
    return [one["office_code"] for one in found]


async def test_all_but_its_own_the_nearest_first(officer, database, clock):
    case, anna = await opened(database, clock), await officer(ANNA)
    assert await codes(anna, case) == [NORTH_HALL, EAST, CITY, PROVINCE, OTHER_CITY]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("东湖", [EAST]),
        ("donghu", [EAST]),
        ("DHQ", [EAST]),
        ("临岸市", [OTHER_CITY]),
        ("1990400", [OTHER_CITY]),
        (EAST, [EAST]),
        ("１９９０４", [OTHER_CITY]),
        ("bei 第五", [NORTH_HALL]),
        ("没有这个局", []),
        ("100%25", []),
    ],
)
async def test_found_by_name_pinyin_initials_and_code(officer, database, clock, words, found):
    assert await codes(await officer(ANNA), await opened(database, clock), words) == found


async def test_only_for_who_may_see_the_case_and_decide(officer, database, clock):
    case = await opened(database, clock)
    path = f"/cases/cases/{case.case_id}/offices"
    for kept in (path, f"/cases/cases/{case.case_id}/audit"):
        await (await officer(EASTER)).refused(404, "cases.case_unknown", "GET", kept)
    await (await officer(CLERK)).refused(403, "plumbing.not_allowed", "GET", path)


async def test_what_is_found_is_taken(officer, database, clock):
    case, anna = await opened(database, clock), await officer(ANNA)
    [code] = await codes(anna, case, "dhqswj")
    body = {"case_id": str(case.case_id), "office_code": code, "reason": "迁到东湖"}
    assert await anna.ok("POST", "/cases/handovers", body) == {"done": [str(case.case_id)], "refused": []}
    easter = await officer(EASTER)
    assert NORTH in await codes(easter, case)
    history = (await easter.ok("GET", f"/cases/cases/{case.case_id}"))["history"]
    assert (history[-1]["act"], history[-1]["office_code"], NAMES[code]) == ("hand_over", EAST, "东湖区税务局")
