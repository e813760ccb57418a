"""Printing kiosks: paired once, opened by a phone for minutes, printing what the person holds and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from channels.kiosks import KIOSK, Machine, issue
from channels.make import changed
from complaints.make import KEYS
from filing.make import CLERK, NEIGHBOUR, OFFICE, OWNER, SHOP, STRANGER, VIEWER, Caller, sign_in

from palmtax import identity, registry
from palmtax.base.identifiers import make_resident_id, uuid7
from palmtax.channels.model.kiosks import rule_on
from palmtax.identity.model.tokens import Device

HEAD, FAR_HEAD, HALL_CLERK = 701, 702, 703
FAR = "14404010000"
HALL = f"/channels/kiosks/halls/{OFFICE}"
PEOPLE = {HEAD: ("approver", OFFICE), FAR_HEAD: ("approver", FAR), HALL_CLERK: ("hall_clerk", OFFICE)}


@pytest.fixture
async def hall(town, channels_process, database, clock):
    """The hall's head, its clerk, and the head of another hall."""
    async with database.transaction() as tx:
        await registry.load_offices(tx, [registry.Office(FAR, "临岸区税务局", "Lin'an District Tax Bureau")])
        await identity.load_people(
            tx,
            clock=clock,
            people=[
                identity.NewPerson(one, f"官{one}", f"1540000{one:04d}", make_resident_id("990100", clock.today(), one))
                for one in PEOPLE
            ],
            hats=[identity.NewHat(one, role, "税务局", office_code=office) for one, (role, office) in PEOPLE.items()],
        )


@pytest.fixture
def head(hall, client, database, clock):
    """Signs an officer in."""

    async def enter(person_id: int = HEAD) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return enter


@pytest.fixture
async def machine(head, client) -> Machine:
    """A paired machine."""
    made = await (await head()).ok("POST", HALL, KIOSK)
    return await Machine(client, made["kiosk"]["kiosk_id"]).pair(made["pairing_code"])


@pytest.fixture
async def owner(town, client, database, clock) -> Caller:
    return await sign_in(client, database, clock, OWNER, SHOP)


async def stored(rows, table, order="1"):
    return await rows(f"select * from {table} order by {order}")


# the machine ---------------------------------------------------------------------------------------------------------


async def test_a_machine_is_registered_paired_and_seen(head, client, rows, clock):
    desk = await head()
    made = await desk.ok("POST", HALL, KIOSK)
    assert (made["kiosk"]["state"], made["page_url"].endswith("/workbench/kiosk")) == ("new", True)
    code = made["pairing_code"].replace("-", " ").lower()
    machine = await Machine(client).pair(code)
    assert await machine.ok("POST", "/beat") == {**KIOSK, "paper": "ok", "closed": "", "closed_en": ""}
    (listed,) = await desk.ok("GET", HALL)
    assert (listed["state"], listed["pairing_expires_at"]) == ("online", None)
    clock.move(minutes=3)
    assert (await desk.ok("GET", HALL))[0]["state"] == "silent"
    await machine.ok("POST", "/beat")
    assert (await (await head(HALL_CLERK)).ok("GET", HALL))[0]["state"] == "online"
    (row,) = await stored(rows, "channels_kiosk")
    assert machine.secret.encode() not in bytes(row["secret_hash"])
    acts = [one["act"] for one in await rows("select act from evidence_entry where act like 'channels.%' order by 1")]
    assert acts == ["channels.kiosk_paired", "channels.kiosk_registered"]


async def test_a_pairing_code_is_good_once_and_for_minutes(head, client, clock, rows):
    desk = await head()
    made = await desk.ok("POST", HALL, KIOSK)
    first = await Machine(client).pair(made["pairing_code"])
    wrong = (409, "channels.pairing_code_wrong", "POST", "/pairing")
    await Machine(client).refused(*wrong, {"code": made["pairing_code"]})
    await Machine(client).refused(*wrong, {"code": "AAAA2222"})
    again = await desk.ok("POST", f"{HALL}/{made['kiosk']['kiosk_id']}/pairing")
    clock.move(minutes=10)
    await Machine(client).refused(*wrong, {"code": again["pairing_code"]})
    await first.ok("POST", "/beat")
    (row,) = await stored(rows, "channels_kiosk")
    assert row["pairing_hash"] is not None


async def test_of_two_machines_with_one_code_one_is_paired(head, client):
    made = await (await head()).ok("POST", HALL, KIOSK)
    tries = await asyncio.gather(
        *(Machine(client)("POST", "/pairing", {"code": made["pairing_code"]}) for _ in range(6))
    )
    assert sorted(one.status_code for one in tries) == [200, 409, 409, 409, 409, 409]


async def test_another_machine_with_a_new_code_puts_the_old_one_out(head, machine, client):
    code = (await (await head()).ok("POST", f"{HALL}/{machine.kiosk_id}/pairing"))["pairing_code"]
    await machine.ok("POST", "/beat")
    newer = await Machine(client).pair(code)
    await machine.refused(401, "channels.kiosk_not_paired", "POST", "/beat")
    await newer.ok("POST", "/beat")


async def test_another_hall_and_lesser_officers_may_not(head, machine, owner, rows):
    far, clerk = await head(FAR_HEAD), await head(HALL_CLERK)
    before = await stored(rows, "channels_kiosk")
    for method, path, body in (
        ("GET", HALL, None), ("POST", HALL, KIOSK | {"name": "2 号"}), ("POST", f"{HALL}/{machine.kiosk_id}/pairing", None),
        ("POST", f"{HALL}/{machine.kiosk_id}/revocation", {"reason": "试试"}),
    ):  # fmt: skip
        await far.refused(404, "channels.kiosk_unknown", method, path, body)
        await owner.refused(403, "plumbing.not_allowed", method, path, body)
        if method == "POST":
            await clerk.refused(403, "plumbing.not_allowed", method, path, body)
    away = f"/channels/kiosks/halls/{FAR}/{machine.kiosk_id}"
    await far.refused(404, "channels.kiosk_unknown", "POST", f"{away}/revocation", {"reason": "试试"})
    assert await stored(rows, "channels_kiosk") == before


async def test_two_machines_of_a_hall_have_two_names(head, machine):
    desk = await head()
    await desk.refused(409, "channels.kiosk_name_taken", "POST", HALL, KIOSK | {"name": " 1 号终端 "})
    await desk.refused(422, "plumbing.malformed", "POST", HALL, KIOSK | {"name": "   "})
    await desk.ok("POST", f"{HALL}/{machine.kiosk_id}/revocation", {"reason": "机器报废"})
    assert (await desk.ok("POST", HALL, KIOSK))["kiosk"]["state"] == "new"


async def test_a_revoked_machine_is_out_at_once_with_whoever_stands_there(head, machine, owner, database, clock):
    await issue(database, clock)
    await machine.enter(owner)
    await machine.ok("GET", "/visit/papers")
    desk = await head()
    gone = await desk.ok("POST", f"{HALL}/{machine.kiosk_id}/revocation", {"reason": "机器被盗"})
    assert (gone["state"], gone["revoked_reason"]) == ("revoked", "机器被盗")
    for method, path in (("POST", "/beat"), ("POST", "/visits"), ("GET", "/visit"), ("GET", "/visit/papers")):
        await machine.refused(401, "channels.kiosk_not_paired", method, path)
    assert await desk.ok("POST", f"{HALL}/{machine.kiosk_id}/revocation", {"reason": "再一次"}) == gone
    await desk.refused(409, "channels.kiosk_revoked", "POST", f"{HALL}/{machine.kiosk_id}/pairing")


@pytest.mark.parametrize("secret", ["", "x", "14403050000.zz.x", f"{OFFICE}.{'0' * 32}.guess", "税.务.局", "a" * 120])
async def test_a_guessed_secret_is_no_machine(machine, secret):
    guess = Machine(machine.client, secret=secret)
    await guess.refused(401, "channels.kiosk_not_paired", "POST", "/visits")


# the visit -----------------------------------------------------------------------------------------------------------


async def test_a_phone_sees_which_machine_and_opens_it_under_its_hat(machine, owner, rows):
    await machine.begin()
    for code in (machine.visit_id, machine.number):
        seen = await owner.ok("GET", f"/channels/kiosks/visits/{code}")
        assert seen == {
            **KIOSK, "visit_id": machine.visit_id, "state": "waiting", "number": machine.number, "hall": "云山区税务局",
            "hall_en": "Yunshan District Tax Bureau",
        }  # fmt: skip
    assert (await machine.ok("GET", "/visit"))["state"] == "waiting"
    await machine.refused(401, "channels.visit_over", "GET", "/visit/papers")
    await owner.ok("POST", f"/channels/kiosks/visits/{machine.visit_id}/confirmation")
    opened = await machine.ok("GET", "/visit")
    assert (opened["state"], opened["idle_seconds"], opened["seconds"]) == ("open", 180, 600)
    assert opened["title"]
    entry = (await rows("select * from evidence_entry where act = 'channels.visit_confirmed'"))[0]
    assert (entry["taxpayer_id"], entry["person_id"]) == (SHOP, OWNER)
    assert await rows("select 1 from identity_session where channel = 'kiosk'") == []


async def test_a_code_on_the_screen_is_renewed_and_an_old_one_opens_nothing(machine, owner, clock):
    await machine.begin()
    clock.move(seconds=120)
    taken = (409, "channels.visit_taken")
    await owner.refused(*taken, "POST", f"/channels/kiosks/visits/{machine.visit_id}/confirmation")
    await owner.refused(404, "channels.visit_unknown", "GET", f"/channels/kiosks/visits/{machine.number}")
    assert (await machine.ok("GET", "/visit"))["why"] == "expired"
    await owner.refused(404, "channels.visit_unknown", "GET", f"/channels/kiosks/visits/{uuid7()}")


async def test_of_two_phones_the_first_has_the_machine(machine, owner, client, database, clock, rows):
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    await machine.begin()
    path = f"/channels/kiosks/visits/{machine.visit_id}/confirmation"
    answers = await asyncio.gather(*(one("POST", path) for one in (owner, stranger) * 3))
    good = {one.status_code for one in answers}
    assert good <= {200, 404, 409}
    assert 200 in good
    (visit,) = await stored(rows, "channels_visit")
    other = stranger if visit["person_id"] == OWNER else owner
    await other.refused(404, "channels.visit_unknown", "GET", f"/channels/kiosks/visits/{machine.visit_id}")
    await other.refused(404, "channels.visit_unknown", "DELETE", f"/channels/kiosks/visits/{machine.visit_id}")
    assert len(await rows("select 1 from evidence_entry where act = 'channels.visit_confirmed'")) == 1


async def test_three_idle_minutes_end_it_and_ten_minutes_end_it_anyway(machine, owner, clock, database):
    await issue(database, clock)
    await machine.enter(owner)
    clock.move(seconds=179)
    assert (await machine.ok("POST", "/visit/stay"))["idle_seconds"] == 180
    for _ in range(2):
        clock.move(seconds=170)
        await machine.ok("POST", "/visit/stay")
    clock.move(seconds=80)
    left = await machine.ok("POST", "/visit/stay")
    assert (left["idle_seconds"], left["seconds"]) == (1, 1)
    clock.move(seconds=2)
    await machine.refused(401, "channels.visit_over", "POST", "/visit/stay")
    await machine.refused(401, "channels.visit_over", "GET", "/visit/papers")
    ended = await machine.ok("GET", "/visit")
    assert (ended["state"], ended["why"], ended["title"]) == ("ended", "over", "")
    await machine.enter(owner)
    clock.move(seconds=181)
    await machine.refused(401, "channels.visit_over", "GET", "/visit/papers")
    assert (await machine.ok("GET", "/visit"))["why"] == "idle"


async def test_who_leaves_leaves_nothing_behind(machine, owner, client, database, clock, rows):
    await issue(database, clock)
    await machine.enter(owner)
    await machine.ok("DELETE", "/visit")
    await machine.ok("DELETE", "/visit")
    await machine.refused(401, "channels.visit_over", "GET", "/visit/papers")
    await owner.refused(409, "channels.visit_taken", "POST", f"/channels/kiosks/visits/{machine.visit_id}/confirmation")
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    await machine.enter(stranger)
    assert await machine.ok("GET", "/visit/papers") == []
    await stranger.ok("DELETE", f"/channels/kiosks/visits/{machine.visit_id}")
    assert (await machine.ok("GET", "/visit"))["why"] == "phone"
    assert {one["title"] for one in await stored(rows, "channels_visit")} == {""}


async def test_the_visit_of_one_machine_is_worth_nothing_at_another(head, machine, owner, client):
    made = await (await head()).ok("POST", HALL, KIOSK | {"name": "2 号终端"})
    other = await Machine(client).pair(made["pairing_code"])
    await machine.enter(owner)
    thief = replace(other, visit=machine.visit)
    await thief.refused(401, "channels.visit_over", "GET", "/visit/papers")
    for visit in ("", "x", f"{machine.visit_id}.guess", f"{machine.visit_id}."):
        await replace(machine, visit=visit).refused(401, "channels.visit_over", "GET", "/visit/papers")


async def test_what_the_machine_holds_opens_nothing_else_of_the_house(machine, owner, client):
    await machine.enter(owner)
    for token in (machine.visit, machine.secret, machine.visit.partition(".")[2], f"{OWNER:x}.{machine.visit[37:]}"):
        thief = Caller(client, token, "kiosk")
        for method, path, body in (
            ("GET", "/identity/me", None), ("GET", "/filing/returns", None), ("GET", "/certificates", None),
            ("POST", "/filing/returns", {}), ("POST", "/payment/orders", {"return_id": str(uuid7())}),
            ("POST", "/identity/hat", {"hat_id": str(uuid7())}), ("DELETE", "/identity/sessions", None),
        ):  # fmt: skip
            assert (await thief(method, path, body)).status_code == 401, (method, path)


async def test_a_hat_that_may_not_read_papers_opens_nothing(machine, client, database, clock):
    viewer = await sign_in(client, database, clock, VIEWER, SHOP)
    await machine.begin()
    await viewer.ok("GET", f"/channels/kiosks/visits/{machine.number}")
    path = f"/channels/kiosks/visits/{machine.visit_id}/confirmation"
    await viewer.refused(403, "plumbing.not_allowed", "POST", path)
    assert (await machine.ok("GET", "/visit"))["state"] == "waiting"


async def test_a_hat_taken_away_ends_the_reading_at_once(machine, client, database, clock):
    clerk = await sign_in(client, database, clock, CLERK, SHOP)
    await issue(database, clock)
    await machine.enter(clerk)
    assert len(await machine.ok("GET", "/visit/papers")) == 1
    async with database.transaction() as tx:
        await tx.execute("update identity_hat set revoked_at = now() where person_id = $1", CLERK)
    await machine.refused(401, "channels.visit_over", "GET", "/visit/papers")


async def test_an_officer_may_not_print_as_an_officer(head, machine):
    await machine.begin()
    path = f"/channels/kiosks/visits/{machine.visit_id}/confirmation"
    await (await head()).refused(403, "plumbing.not_allowed", "POST", path)


# printing ------------------------------------------------------------------------------------------------------------


async def test_a_paper_is_shown_printed_and_recorded(machine, owner, database, clock, rows):
    made = await issue(database, clock)
    await machine.enter(owner)
    (paper,) = await machine.ok("GET", "/visit/papers")
    assert (paper["no"], paper["kind"], paper["left"]) == (made.document_no, "notice", 3)
    pdf = await machine("GET", f"/visit/papers/document/{paper['paper_id']}/pdf")
    assert (pdf.content[:5], pdf.headers["cache-control"]) == (b"%PDF-", "private, no-store")
    started = (await machine.start(paper, 2)).json()
    done = await machine.ok("POST", f"/visit/prints/{started['print_id']}/result", {"result": "done"})
    assert (done["result"], done["printed"]) == ("done", 2)
    assert (await machine.ok("GET", "/visit/papers"))[0]["left"] == 1
    (told,) = await owner.ok("GET", "/channels/kiosks/prints")
    assert (told["one"]["paper_no"], told["name"], told["one"]["printed"]) == (made.document_no, "1 号终端", 2)
    entries = await rows(
        "select act, channel, person_id, taxpayer_id, subject_id, session_id from evidence_entry"
        " where act like 'channels.print%' order by act desc"
    )
    print_id, visit_id = UUID(started["print_id"]), UUID(machine.visit_id)
    assert [tuple(one.values()) for one in entries] == [
        (act, "kiosk", OWNER, SHOP, print_id, visit_id) for act in ("channels.print_started", "channels.print_reported")
    ]


async def test_another_ones_paper_is_not_there(machine, owner, client, database, clock, rows):
    made = await issue(database, clock)
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    await machine.enter(stranger)
    theirs = {"source": "document", "paper_id": str(made.document_id)}
    unknown = (404, "certificates.document_unknown")
    await machine.refused(*unknown, "GET", f"/visit/papers/document/{made.document_id}/pdf")
    await machine.refused(*unknown, "PUT", f"/visit/prints/{uuid7()}", theirs | {"copies": 1})
    await machine.refused(
        404, "certificates.unknown", "PUT", f"/visit/prints/{uuid7()}", theirs | {"source": "certificate", "copies": 1}
    )
    assert await stranger.ok("GET", "/channels/kiosks/prints") == []
    assert await rows("select 1 from channels_print union all select 1 from channels_print_day") == []


async def test_a_withdrawn_paper_is_not_printed(machine, owner, database, clock):
    made = await issue(database, clock)
    await machine.enter(owner)
    async with database.transaction() as tx:
        await tx.execute("update certificates_document set state = 'withdrawn' where taxpayer_id = $1", SHOP)
    assert await machine.ok("GET", "/visit/papers") == []
    await machine.refused(
        404, "channels.print_paper_unknown", "GET", f"/visit/papers/document/{made.document_id}/pdf"
    )  # fmt: skip


async def test_no_more_copies_a_day_than_the_rule_lets(machine, owner, client, database, clock, rows):
    await issue(database, clock)
    await machine.enter(owner)
    (paper,) = await machine.ok("GET", "/visit/papers")
    assert (await machine.start(paper, 4)).json()["code"] == "channels.print_too_many"
    answers = await asyncio.gather(*(machine.start(paper) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] * 3 + [409] * 5
    over = next(one.json() for one in answers if one.status_code == 409)
    assert (over["code"], over["fields"]) == ("channels.print_too_many", {"limit": 3, "left": 0})
    assert [one["copies"] for one in await stored(rows, "channels_print_day")] == [3]
    assert len(await stored(rows, "channels_print")) == 3
    clock.move(hours=24)
    await machine.enter(await sign_in(client, database, clock, OWNER, SHOP))
    assert (await machine.start(paper, 3)).status_code == 200


async def test_the_same_print_asked_twice_is_one(machine, owner, database, clock, rows):
    await issue(database, clock)
    await machine.enter(owner)
    (paper,) = await machine.ok("GET", "/visit/papers")
    number = uuid7()
    answers = await asyncio.gather(*(machine.start(paper, 1, number) for _ in range(6)))
    assert {one.status_code for one in answers} == {200}
    assert [one["copies"] for one in await stored(rows, "channels_print_day")] == [1]
    assert (await machine.start(paper, 2, number)).json()["code"] == "channels.print_over"
    assert len(await rows("select 1 from evidence_entry where act = 'channels.print_started'")) == 1


async def test_a_result_told_by_two_at_once_counts_once(machine, owner, database, clock, rows, head):
    await issue(database, clock)
    await machine.enter(owner)
    (paper,) = await machine.ok("GET", "/visit/papers")
    started = (await machine.start(paper, 3)).json()
    path = f"/visit/prints/{started['print_id']}/result"
    jam = {"result": "jammed", "printed": 1}
    answers = await asyncio.gather(*(machine("POST", path, jam) for _ in range(6)))
    assert {one.status_code for one in answers} == {200}
    assert {one.json()["printed"] for one in answers} == {1}
    assert [one["copies"] for one in await stored(rows, "channels_print_day")] == [1]
    await machine.refused(409, "channels.print_over", "POST", path, {"result": "done"})
    assert (await (await head()).ok("GET", HALL))[0]["paper"] == "jam"
    assert (await machine.ok("GET", "/visit/papers"))[0]["left"] == 2
    assert len(await rows("select 1 from evidence_entry where act = 'channels.print_reported'")) == 1


async def test_a_result_is_told_by_the_visit_that_printed(machine, owner, database, clock, client):
    await issue(database, clock)
    await machine.enter(owner)
    (paper,) = await machine.ok("GET", "/visit/papers")
    started = (await machine.start(paper)).json()
    path = f"/visit/prints/{started['print_id']}/result"
    await machine.refused(404, "channels.print_unknown", "POST", path, {"result": "jammed", "printed": 2})
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    await machine.enter(stranger)
    await machine.refused(404, "channels.print_unknown", "POST", path, {"result": "done"})
    await machine.enter(owner)
    await machine.refused(404, "channels.print_unknown", "POST", path, {"result": "done"})


# the channel ---------------------------------------------------------------------------------------------------------


async def test_a_channel_switched_off_closes_every_machine_at_once(desk, machine, owner):
    await machine.enter(owner)
    keys = await desk(KEYS)
    await keys.ok("POST", "/channels/kiosk/switch", {"is_on": False, "reason": "打印服务器维护"})
    assert (await machine.ok("POST", "/beat"))["closed_en"] == "the channel is switched off"
    await machine.refused(409, "channels.kiosk_closed", "GET", "/visit/papers")
    await machine.refused(409, "channels.kiosk_closed", "POST", "/visits")


async def test_hours_and_regions_of_the_channel_count(machine, channels_process, clock, owner):
    await machine.begin()
    memory = channels_process.memory
    known = memory._known
    for manifest, why in (({"regions": ("14404",)}, "本地区未开通"), ({"is_on": False}, "渠道已停用")):
        closed = {**known.channels, "kiosk": changed(known.channel("kiosk"), **manifest)}
        memory._known = replace(known, channels=closed)
        assert (await machine.ok("POST", "/beat"))["closed"] == why
        await machine.refused(409, "channels.kiosk_closed", "POST", "/visits")
        path = f"/channels/kiosks/visits/{machine.visit_id}/confirmation"
        await owner.refused(409, "channels.kiosk_closed", "POST", path)
    memory._known = known
    assert (await machine.ok("GET", "/visit"))["state"] == "waiting"


async def test_old_visits_are_forgotten_and_prints_stay(machine, owner, database, clock, rows, task_context):
    from palmtax.channels.tasks import forget

    await issue(database, clock)
    await machine.enter(owner)
    await machine.start((await machine.ok("GET", "/visit/papers"))[0])
    clock.move(days=8)
    await forget(task_context, {})
    assert [len(await stored(rows, one)) for one in ("channels_visit", "channels_visit_number", "channels_print")] == [
        0, 0, 1,
    ]  # fmt: skip


def test_the_rule_of_a_day_has_a_source():
    assert rule_on(date(2026, 12, 1)).source
    assert rule_on(date(2020, 1, 1)).copies_a_day == 3
