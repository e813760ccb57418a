"""My affairs: every domain in one place, only what the hat may see, nothing invented, and all of it to take away."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import orjson
import pytest
from matters.make import filled, submitted

from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.model.matter import Call

ALL = [
    "progress", "results", "returns", "payments", "invoices", "violations", "certificates", "credit", "authorisations",
    "appointments", "complaints",
]  # fmt: skip
_MOBILE = Path(__file__).parents[3] / "web/apps/mobile/src/pages.json"


async def affairs(who):
    """The sections by code."""
    found = await who.ok("GET", "/matters/affairs")
    return {one["code"]: one for one in found["sections"]}, found


def example_given(code: str) -> tuple[Call, ...]:
    """What the first example of a matter that needs something says must be there."""
    return next(one.given for one in catalogue()[code].examples if one.given)


@pytest.fixture
async def owner(town):
    return await town.person("small_scale", "legal_rep")


async def test_what_the_bureau_does_not_hold_is_said_so(owner):
    by_code, found = await affairs(owner)
    assert list(by_code) == ALL
    assert found["as_of"] == "2026-11-23"
    for code in ("violations", "credit", "certificates", "invoices", "complaints", "appointments"):
        section = by_code[code]
        assert (section["latest"], section["note"]) == ([], "") or code == "violations"
        assert section["empty"]
        assert section["empty_en"]


async def test_overdue_returns_want_the_person_in_returns_and_in_violations(owner):
    by_code, found = await affairs(owner)
    late = [row for row in by_code["returns"]["latest"] if row["state"] == "late"]
    assert late
    assert by_code["returns"]["note"] == (
        f"还有 {by_code['returns']['attention']} 期待申报，其中 {by_code['violations']['attention']} 期已逾期。"
    )
    assert by_code["violations"]["latest"][0] == late[0]
    # told in two sections, counted once
    every = sum(one["attention"] for one in by_code.values())
    assert found["attention"] == every - by_code["violations"]["attention"] == by_code["returns"]["attention"]


async def test_a_fine_and_an_order_want_an_answer_until_they_have_it(town):
    who = await town.person("small_scale", "legal_rep", registered_on=date(2026, 11, 1))
    pay = catalogue()["FLJJ-002"]
    await town.given(who, example_given("FLJJ-008"))
    sent = await filled(town, who, pay, pay.examples[0])
    violations = (await affairs(who))[0]["violations"]
    assert violations["attention"] == 2
    assert violations["note"] == "有 2 项要您处理。"
    fine = next(row for row in violations["latest"] if row["unit"] == "fen")
    assert (fine["value"], fine["state"], fine["go"]) == (50000, "wants", "/matters/detail/index?code=FLJJ-002")
    assert (await submitted(who, sent))["state"] == "approved"
    by_code, _ = await affairs(who)
    assert by_code["violations"]["attention"] == 1
    assert {row["state"] for row in by_code["violations"]["latest"]} == {"wants", "good"}
    assert by_code["results"]["count"] == 1
    assert by_code["certificates"]["latest"][0]["title"] == "罚款缴纳登记回执"
    # the fine is now a charge, and a charge is to be paid
    payments = by_code["payments"]
    assert payments["attention"] == 1
    assert payments["latest"][0]["value"] == 50000
    assert "还有 1 项待缴，共 ¥500.00" in payments["note"]
    assert "1 to pay, ¥500.00 in all" in payments["note_en"]


async def test_the_rating_is_the_newest_and_its_grade_is_told(town, owner):
    await town.given(owner, example_given("XYPJ-001"))
    credit = (await affairs(owner))[0]["credit"]
    assert (credit["count"], credit["note"]) == (1, "最近一次：2025 年度 B 级，86 分。")
    assert (credit["latest"][0]["value"], credit["latest"][0]["value_en"]) == ("B 级", "Grade B")


async def test_drafts_are_progress_and_lead_to_where_they_are_filled_in(owner):
    begun = await owner.ok("POST", "/matters/applications", {"matter_code": "FPBL-002", "fresh": True})
    progress = (await affairs(owner))[0]["progress"]
    assert (progress["count"], progress["attention"], progress["note"]) == (1, 1, "1 件没填完。")
    assert progress["latest"][0]["go"] == f"/matters/fill/index?id={begun['application_id']}"


async def test_invoices_of_this_year_are_counted_and_summed_with_vat(owner):
    line = {"item": "餐饮服务", "amount_fen": 10000, "tax_fen": 100, "levy_rate": "0.01"}
    given = {
        "kind": "ordinary",
        "invoice_no": "26440000000000000009",
        "issued_on": "2026-11-02",
        "counterparty_name": "知味观",
        "lines": [line],
    }
    headers = {"authorization": f"Bearer {owner.token}", "x-channel": "h5", "idempotency-key": "affairs-one"}
    made = await owner.client.post("/api/invoice/invoices", json=given, headers=headers)
    assert made.status_code in (200, 201), made.text
    invoices = (await affairs(owner))[0]["invoices"]
    assert invoices["note"] == "今年开出 1 张，价税合计 ¥101.00；收到 0 张。"
    [row] = invoices["latest"]
    assert (row["title"], row["value"], row["unit"], row["day"]) == ("知味观", 10100, "fen", "2026-11-02")
    assert row["go"] == f"/invoices/detail/index?id={made.json()['invoice_id']}"


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        ("invoice_clerk", {"returns", "payments", "certificates"}),
        ("social_insurance_clerk", {"returns", "payments", "certificates", "invoices"}),
    ],
)
async def test_a_section_that_the_hat_may_not_see_is_left_out(town, role, missing):
    who = await town.person("small_scale", role)
    by_code, _ = await affairs(who)
    assert set(by_code) == set(ALL) - missing
    assert by_code["violations"]["attention"] == 0, "overdue returns are told to who may see returns"
    content = await who.ok("GET", "/matters/affairs/export?format=xlsx&section=payments")
    assert "缴款" not in _texts(content)


async def test_somebody_else_sees_nothing_of_it(town, owner):
    await town.given(owner, example_given("XYPJ-001"))
    other = await town.person("small_scale", "legal_rep")
    assert (await affairs(other))[0]["credit"]["count"] == 0


def _texts(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if "sharedStrings" in name)


async def test_it_can_be_taken_away_whole_or_in_part(town, owner):
    await town.given(owner, example_given("XYPJ-001"))
    whole = _texts(await owner.ok("GET", "/matters/affairs/export?format=xlsx"))
    assert "B 级" in whole
    assert "没有投诉。" in whole
    part = _texts(await owner.ok("GET", "/matters/affairs/export?format=xlsx&section=credit"))
    assert "B 级" in part
    assert "没有投诉。" not in part
    wants = _texts(await owner.ok("GET", "/matters/affairs/export?format=xlsx&wants=true"))
    assert "逾期未申报" in wants
    assert "B 级" not in wants
    assert (await owner.ok("GET", "/matters/affairs/export?format=pdf")).startswith(b"%PDF")
    assert (await owner("GET", "/matters/affairs/export?section=secrets")).status_code == 422


async def test_every_way_on_is_a_screen_of_the_phone(town, owner):
    known = orjson.loads(re.sub(rb"^\s*//.*$", b"", _MOBILE.read_bytes(), flags=re.MULTILINE))
    paths = {f"/{one['path']}" for one in known["pages"]}
    paths |= {f"/{area['root']}/{one['path']}" for area in known["subPackages"] for one in area["pages"]}
    await town.given(owner, (*example_given("XYPJ-001"), *example_given("FLJJ-008"), *example_given("CXFW-005")))
    await owner.ok("POST", "/matters/applications", {"matter_code": "FPBL-002", "fresh": True})
    by_code, _ = await affairs(owner)
    ways = [one["go"] for one in by_code.values()] + [row["go"] for one in by_code.values() for row in one["latest"]]
    assert {way.partition("?")[0] for way in ways} <= paths
