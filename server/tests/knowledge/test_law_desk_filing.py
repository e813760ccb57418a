"""What a version does to returns: decisions of the past stay as they were, drafts get the number where it counts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from filing.make import NEIGHBOUR, OWNER, SHOP, STRANGER, a_key, begin, make_invoice, put_invoices, submit
from filing.make import sign_in as sign_in_owner
from knowledge.make_law_desk import APPROVER, DRAFTER, FAR, NOBODY, a_version, sign_in

from palmtax import filing, rules
from palmtax.filing.actions.showing import replayed

LOW = {"value": "100000", "first_day": "2026-07-01", "until": "2026-12-31", "confirm_retroactive": True}
HIGH = {**LOW, "value": "500000"}


@pytest.fixture
async def owner(bureau, client, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    clock.at = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)  # Thursday, in time
    return await sign_in_owner(client, database, clock, OWNER, SHOP)


async def agreed(client, database, clock, **other):
    """A version that two officers agreed on now."""
    drafter = await sign_in(client, database, clock, DRAFTER)
    approver = await sign_in(client, database, clock, APPROVER)
    body = a_version(published=clock.today().isoformat(), **other)
    change = await drafter.ok("POST", "/knowledge/changes", body)
    path = f"/knowledge/changes/{change['change_id']}"
    await drafter.ok("POST", f"{path}/send")
    return await approver.ok("POST", f"{path}/approve")


async def filed_by(owner, period="2026Q3"):
    answer = await submit(owner, await begin(owner, period))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def stored(database, return_id, *, without_lines=False):
    async with database.transaction() as tx:
        if without_lines:
            await tx.execute("update filing_return set lines = '[]' where return_id = $1", UUID(return_id))
        return await filing.readable_return(tx, taxpayer_id=SHOP, return_id=UUID(return_id))


async def test_a_return_replays_as_it_was_and_an_amendment_gets_the_new_number(owner, client, database, clock):
    filed = await filed_by(owner)
    path = f"/filing/returns/{filed['return_id']}"
    explained = await owner.ok("GET", f"{path}/explanation")
    version = rules.version("vat_small_scale_return")
    clock.move(minutes=3)
    await agreed(client, database, clock, **HIGH)
    assert rules.version("vat_small_scale_return") != version

    assert await owner.ok("GET", path) == filed
    assert await owner.ok("GET", f"{path}/explanation") == explained
    bare = await stored(database, filed["return_id"], without_lines=True)  # as taken over from another register
    assert bare.rule_version == version
    again = replayed(bare)
    assert int(again.outputs["payable"]) == filed["result"]["payable_fen"] == 424_000
    lines = (await owner.ok("GET", f"{path}/explanation"))["lines"]
    assert lines == explained["lines"]

    amendment = await owner.ok("POST", f"{path}/amendment")
    assert (amendment["result"]["payable_fen"], amendment["result"]["due_now_fen"]) == (0, 0)
    assert amendment["result"]["is_exempt"]


@pytest.mark.parametrize("days", [0, 1, 30])
async def test_a_return_without_lines_is_replayed_as_known_when_it_was_filed(owner, client, database, clock, days):
    """However soon after filing the number became known: even on the same day."""
    filed = await filed_by(owner)
    clock.move(days=days)
    await agreed(client, database, clock, **LOW, note="一")
    await agreed(client, database, clock, **HIGH, note="二")
    bare = await stored(database, filed["return_id"], without_lines=True)
    assert int(replayed(bare).outputs["payable"]) == 424_000
    assert int(rules.assess("vat_small_scale_return", on=bare.law_on, facts=bare.facts).outputs["payable"]) == 0


async def test_a_return_filed_after_the_approval_is_replayed_with_the_new_number(owner, client, database, clock):
    await agreed(client, database, clock, **HIGH)
    clock.move(minutes=1)
    filed = await filed_by(owner)
    assert filed["result"]["payable_fen"] == 0
    bare = await stored(database, filed["return_id"], without_lines=True)
    assert bare.rule_version == rules.version("vat_small_scale_return")
    assert int(replayed(bare).outputs["payable"]) == 0


async def test_a_draft_gets_the_number_where_it_counts_and_what_was_seen_is_asked_again(owner, client, database, clock):
    draft = await begin(owner)
    assert draft["result"]["payable_fen"] == 424_000
    await agreed(client, database, clock, **HIGH)
    fresh = await owner.ok("GET", f"/filing/drafts/{draft['draft_id']}")
    assert fresh["result"]["payable_fen"] == 0
    answer = await submit(owner, draft)  # the person saw the old amount
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.amount_changed")
    assert (await submit(owner, fresh)).status_code == 201
    await put_invoices(database, clock, SHOP, make_invoice(2, 40_000_000, on=datetime(2026, 5, 12, tzinfo=UTC).date()))
    before = await begin(owner, "2026Q2")
    assert before["result"]["vat_fen"] > 0, "a quarter before the first day keeps the old number"


async def affected(who, **asked):
    return await who.ok(
        "GET", "/filing/affected", params={"law": "vat_small_scale", "first_day": "2026-07-01", **asked}
    )


async def test_affected_lists_the_drafts_and_returns_of_those_days(owner, client, database, clock):
    filed = await filed_by(owner)
    neighbour = await sign_in_owner(client, database, clock, STRANGER, NEIGHBOUR)
    draft = await begin(neighbour)
    await begin(neighbour, "2026Q2")
    officer = await sign_in(client, database, clock, DRAFTER)
    told = await affected(officer, until="2026-09-30")
    assert (told["drafts"], told["returns"], told["paid"], told["is_complete"], told["next_cursor"]) == (
        1,
        1,
        0,
        True,
        None,
    )
    mine, theirs = told["items"]
    assert (mine["kind"], mine["id"], mine["period"], mine["payable_fen"]) == (
        "return",
        filed["return_id"],
        "2026Q3",
        424_000,
    )
    assert (mine["version"], mine["submitted_at"][:10]) == (rules.version("vat_small_scale_return"), "2026-10-15")
    assert "*" in mine["taxpayer_masked_no"]
    assert mine["taxpayer_name"]
    assert (theirs["kind"], theirs["id"], theirs["payable_fen"], theirs["version"]) == (
        "draft",
        draft["draft_id"],
        None,
        None,
    )
    assert (await affected(officer, first_day="2026-04-01", until="2026-06-30"))["drafts"] == 1
    assert (await affected(officer, first_day="2026-10-01"))["items"] == []
    assert (await affected(officer, first_day="2026-01-01"))["drafts"] == 2
    assert (await affected(officer, law="vat_small_scale_return"))["returns"] == 1
    assert (await affected(officer, law="iit_year"))["items"] == []
    first = await affected(officer, limit=1)
    second = await affected(officer, limit=1, cursor=first["next_cursor"])
    assert [one["id"] for one in first["items"] + second["items"]] == [mine["id"], theirs["id"]]
    assert second["next_cursor"] is None


async def test_affected_counts_only_what_counts(owner, client, database, clock):
    """A voided return is gone, its draft was used up; an amended one is listed once, as it is now."""
    filed = await filed_by(owner)
    officer = await sign_in(client, database, clock, DRAFTER)
    draft = await owner.ok("POST", f"/filing/returns/{filed['return_id']}/amendment")
    told = await affected(officer)
    assert (told["drafts"], told["returns"]) == (1, 1)
    correction = {"field": "ordinary_sales", "value_fen": 50_000_000, "reason": "漏报一笔"}
    changed = await owner.ok(
        "PATCH", f"/filing/drafts/{draft['draft_id']}", {"version": draft["version"], "corrections": [correction]}
    )
    newer = (await submit(owner, changed)).json()
    told = await affected(officer)
    assert (told["drafts"], told["returns"], [one["id"] for one in told["items"]]) == (0, 1, [newer["return_id"]])
    assert told["items"][0]["payable_fen"] == 530_000
    for one in (newer, filed):
        await owner.ok("POST", f"/filing/returns/{one['return_id']}/void", {"reason": "测试作废"}, key=a_key())
    told = await affected(officer)
    assert (told["drafts"], told["returns"], told["items"]) == (0, 0, [])


async def test_affected_knows_what_is_paid(owner, client, database, clock):
    filed = await filed_by(owner)
    officer = await sign_in(client, database, clock, DRAFTER)
    assert (await affected(officer))["paid"] == 0
    async with database.transaction() as tx:  # book the payment of everything that is open, as the ledger would
        number = UUID(filed["return_id"])
        entry = UUID(int=number.int + 1)
        await tx.execute(
            "insert into payment_entry (taxpayer_id, entry_id, kind, obligation_id, return_id, return_no, period, due_on,"
            " cause_key, booked_at) values ($1, $2, 'settlement', $3, $3, 'x', '2026Q3', '2026-10-26', 'test', $4)",
            SHOP, entry, number, clock.now(),
        )  # fmt: skip
        for place, charge in enumerate(filed["charges"], 1):
            await tx.execute(
                "insert into payment_line (taxpayer_id, entry_id, obligation_id, line_no, tax_type_code, debit_account,"
                " credit_account, amount_fen) values ($1, $2, $3, $4, $5, 'bank_clearing', 'receivable', $6)",
                SHOP, entry, number, place, charge["tax_type_code"], charge["amount_fen"],
            )  # fmt: skip
    assert (await affected(officer))["paid"] == 1


async def test_affected_shows_an_office_only_its_own_taxpayers(owner, client, database, clock):
    await filed_by(owner)
    far, nobody = await sign_in(client, database, clock, FAR), await sign_in(client, database, clock, NOBODY)
    told = await affected(far)
    assert (told["drafts"], told["returns"], told["paid"], told["items"]) == (0, 0, 0, [])
    asked = "/filing/affected?law=vat_small_scale&first_day=2026-07-01"
    await nobody.refused(403, "plumbing.not_allowed", "GET", asked)
    await owner.refused(403, "plumbing.not_allowed", "GET", asked)
    await far.refused(404, "rules.unknown_law", "GET", "/filing/affected?law=nothing&first_day=2026-07-01")
    await far.refused(422, "plumbing.malformed", "GET", "/filing/affected?law=vat_small_scale&first_day=x")
    for cursor in ("x", "AAAA", "é", "MDE5"):
        await far.refused(422, "filing.query_malformed", "GET", f"{asked}&cursor={cursor}")
