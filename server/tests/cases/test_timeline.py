"""One timeline of all channels; the officers' own reading does not crowd it out."""

from __future__ import annotations

from cases.make import NORTH

from palmtax import evidence

TIMELINE = "/cases/taxpayers/9001/timeline"


async def record(database, clock, act, count=1):
    async with database.transaction() as tx:
        for n in range(count):
            await evidence.append(
                tx, actor=None, clock=clock, act=act, taxpayer_id=9001, subject_id=None, payload={"n": n},
                summary={"period": "2026Q3", "amount_fen": n},
            )  # fmt: skip


async def walk(who, **query):
    seen, cursor, pages = [], None, 0
    while True:
        page = await who.ok("GET", TIMELINE, params=query | ({"cursor": cursor} if cursor else {}))
        seen += page["entries"]
        pages += 1
        cursor = page["next_cursor"]
        if cursor is None:
            return seen, pages


async def test_pages_hold_every_act_once_newest_first(desk, database, clock):
    await record(database, clock, "filing.return_submitted", 120)
    who = await desk(NORTH)
    seen, pages = await walk(who)
    assert pages == 3
    assert [e["summary_en"] for e in seen] == [f"period 2026Q3 · ¥{n / 100:.2f}" for n in range(119, -1, -1)]


async def test_a_full_page_has_no_further_page_when_nothing_follows(desk, database, clock):
    await record(database, clock, "filing.return_submitted", 50)
    page = await (await desk(NORTH)).ok("GET", TIMELINE)
    assert (len(page["entries"]), page["next_cursor"]) == (50, None)


async def test_many_looks_of_officers_hide_nothing(desk, database, clock):
    """A file that was opened five hundred times still shows what the taxpayer did before."""
    await record(database, clock, "filing.return_submitted")
    await record(database, clock, "cases.file_opened", 500)
    await record(database, clock, "payment.settled")
    who = await desk(NORTH)
    seen, pages = await walk(who)
    assert ([e["act"] for e in seen], pages) == (["payment.settled", "filing.return_submitted"], 1)
    asked, _ = await walk(who, act="cases.")
    assert len(asked) == 500


async def test_opening_a_file_is_recorded_with_who_did_it(desk, database, clock):
    who = await desk(NORTH)
    await who.ok("GET", "/cases/taxpayers/9001")
    [entry] = (await who.ok("GET", TIMELINE, params={"act": "cases.file_opened"}))["entries"]
    assert (entry["channel"], entry["role_name"], entry["act_name_en"], entry["subject_id"]) == (
        "workbench", "办税厅工作人员", "File opened by an officer", None,
    )  # fmt: skip
    assert len(entry["digest_sm3"]) == 64
    # a look that is refused leaves no trace on the other's file
    await who.refused(404, "registry.taxpayer_unknown", "GET", "/cases/taxpayers/9003")
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from evidence_entry where taxpayer_id = 9003") == 0


async def test_acts_of_the_system_name_nobody(desk, database, clock):
    await record(database, clock, "payment.settled")
    [entry] = (await (await desk(NORTH)).ok("GET", TIMELINE))["entries"]
    assert [entry[k] for k in ("channel", "who_masked", "role_name", "role_name_en")] == ["system", "", "", ""]


async def test_the_timeline_is_filtered_by_channel_and_act(desk, database, clock):
    await record(database, clock, "payment.settled")
    who = await desk(NORTH)
    assert len((await who.ok("GET", TIMELINE, params={"channel": "system"}))["entries"]) == 1
    assert (await who.ok("GET", TIMELINE, params={"channel": "h5"}))["entries"] == []
    assert (await who.ok("GET", TIMELINE, params={"act": "filing."}))["entries"] == []
    assert len((await who.ok("GET", TIMELINE, params={"act": "payment."}))["entries"]) == 1
    await who.refused(422, "plumbing.malformed", "GET", TIMELINE, params={"cursor": "x"})
