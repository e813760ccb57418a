"""Messages that reached nobody: seen by those who may, sent again, or given up with a reason; all provable."""

from __future__ import annotations

import asyncio

import pytest
from filing.make import OFFICE, OWNER, SHOP, Caller
from messaging.make import bind, deliveries, do, news, run_plans, take, tell

from palmtax import identity, messaging
from palmtax.base.identifiers import make_resident_id, uuid7
from palmtax.identity.model.tokens import Device

KEEPER, HANDLER = 901, 902
PATH = "/messaging/dead-letters"


@pytest.fixture
async def desk(town, client, database, clock):
    """Signs an officer in: the keeper of the system, or one who handles cases."""
    people = {KEEPER: "system_admin", HANDLER: "case_officer"}
    async with database.transaction() as tx:
        await identity.load_people(
            tx,
            clock=clock,
            people=[
                identity.NewPerson(
                    one, f"税务{one}", f"1550000{one:04d}", make_resident_id("990100", clock.today(), one)
                )
                for one in people
            ],
            hats=[identity.NewHat(one, role, "云山区税务局", office_code=OFFICE) for one, role in people.items()],
        )

    async def enter(person_id: int = KEEPER) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return enter


async def die(database, clock, task_context, number=1, code="43004", **more):
    """A message that nobody could deliver; its delivery."""
    await tell(database, clock, number, template="supplement_asked", for_person_id=OWNER, **more)
    await run_plans(task_context)
    (row,) = await deliveries(database, state="wanted")
    await take(database, clock, row["delivery_id"])
    await do(
        database,
        messaging.not_handed_over,
        clock,
        SHOP,
        row["delivery_id"],
        "sms",
        code,
        "空号",
        "no such number",
        True,
    )
    await news(database)
    return row["delivery_id"]


async def acts(database):
    async with database.statement() as tx:
        return [r["act"] for r in await tx.fetch("select act from evidence_entry where act like 'messaging.%'")]


async def test_they_are_seen_masked_and_without_what_was_said(desk, database, clock, task_context):
    first = await die(database, clock, task_context, 1)
    second = await die(database, clock, task_context, 2, "29" )  # fmt: skip
    page = await (await desk()).ok("GET", PATH)
    assert [one["delivery_id"] for one in page["letters"]] == [str(second), str(first)]
    letter = page["letters"][1]
    assert (letter["person"], letter["title"], letter["tries"], letter["code"], letter["reason"], letter["is_must"]) == (
        "陈*满", "请补正：增值税发票总额度调整", 1, "43004", "空号", True,
    )  # fmt: skip
    assert "陈小满" not in str(page)
    assert "合同" not in str(page), "the body is the taxpayer's"
    assert [(one["code"], one["count"]) for one in page["counts"]] == [("29", 1), ("43004", 1)]
    narrow = await (await desk()).ok("GET", PATH, params={"code": "29", "limit": 1})
    assert [one["code"] for one in narrow["letters"]] == ["29"]


async def test_pages_of_dead_letters_leave_none_out(desk, database, clock, task_context):
    ids = [str(await die(database, clock, task_context, number)) for number in range(5)][::-1]
    who, seen, cursor = await desk(), [], None
    while True:
        page = await who.ok("GET", PATH, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [one["delivery_id"] for one in page["letters"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids


async def test_sent_again_it_has_new_patience_and_a_new_deadline(desk, database, clock, task_context):
    dead = await die(database, clock, task_context)
    clock.move(days=30)
    await (await desk()).ok("POST", f"{PATH}/{SHOP}/{dead}/resending", {})
    (row,) = await deliveries(database, delivery_id=dead)
    assert (row["state"], row["tries"], row["next_at"]) == ("wanted", 0, clock.now())
    assert row["deadline_at"] > clock.now()
    assert [one["delivery_id"] for one in await news(database)] == [str(dead)]
    assert (await take(database, clock, dead)).tries == 1
    assert await acts(database) == ["messaging.delivery_resent"]


async def test_sent_by_another_way_the_old_one_is_closed(desk, database, clock, task_context):
    dead = await die(database, clock, task_context)
    shown = await (await desk()).ok("POST", f"{PATH}/{SHOP}/{dead}/resending", {"way": "email"})
    assert (shown["way"], shown["delivery_id"] != str(dead)) == ("email", True)
    assert {row["way"]: row["state"] for row in await deliveries(database)} == {
        "inbox": "delivered", "sms": "suppressed", "email": "wanted",
    }  # fmt: skip
    assert [one["way"] for one in await news(database)] == ["email"]


async def test_given_up_with_a_reason_it_rests(desk, database, clock, task_context):
    dead = await die(database, clock, task_context)
    who = await desk()
    await who.refused(422, "plumbing.malformed", "POST", f"{PATH}/{SHOP}/{dead}/giving-up", {"reason": ""})
    await who.ok("POST", f"{PATH}/{SHOP}/{dead}/giving-up", {"reason": "已电话告知"})
    (row,) = await deliveries(database, delivery_id=dead)
    assert (row["state"], row["code"], row["reason"]) == ("suppressed", "given_up", "已电话告知")
    assert (await who.ok("GET", PATH))["letters"] == []
    assert await acts(database) == ["messaging.delivery_given_up"]
    await who.refused(409, "messaging.delivery_not_dead", "POST", f"{PATH}/{SHOP}/{dead}/resending", {})
    await who.refused(404, "messaging.delivery_unknown", "POST", f"{PATH}/{SHOP}/{uuid7()}/resending", {})
    await who.refused(404, "messaging.delivery_unknown", "POST", f"{PATH}/{SHOP + 1}/{dead}/resending", {})
    assert await deliveries(database, delivery_id=dead) == [row]


async def test_after_a_fault_all_of_its_kind_are_sent_again_once(desk, database, clock, task_context):
    spent = [await die(database, clock, task_context, number, "45009") for number in range(5)]
    other = await die(database, clock, task_context, 9, "43004")
    who = await desk()
    answers = await asyncio.gather(
        *(who.ok("POST", f"{PATH}/resending", {"code": "45009", "limit": 3}) for _ in range(4))
    )
    rest = [await who.ok("POST", f"{PATH}/resending", {"code": "45009", "limit": 3}) for _ in range(2)]
    assert sum(one["count"] for one in (*answers, *rest)) == 5
    told = [one["delivery_id"] for one in await news(database)]
    assert sorted(told) == sorted(str(one) for one in spent)
    assert [one["delivery_id"] for one in await deliveries(database, state="dead")] == [other]
    assert (await acts(database)).count("messaging.delivery_resent") == 5


async def test_only_those_who_keep_the_system_may(desk, caller, database, clock, task_context):
    await bind(database, clock, OWNER)
    dead = uuid7()
    handler, owner = await desk(HANDLER), await caller()
    for who in (handler, owner):
        for method, path, body in (
            ("GET", PATH, None), ("POST", f"{PATH}/{SHOP}/{dead}/resending", {}),
            ("POST", f"{PATH}/{SHOP}/{dead}/giving-up", {"reason": "xx"}), ("POST", f"{PATH}/resending", {"code": "x"}),
        ):  # fmt: skip
            await who.refused(403, "plumbing.not_allowed", method, path, body)
    assert await acts(database) == []
