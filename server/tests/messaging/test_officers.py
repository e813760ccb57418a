"""What officers are told: once each, as they wish, in office hours unless it is an alert, by the next way when one fails."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from filing.make import OFFICE, OWNER, SHOP
from messaging.make import bind, deliveries, make_actor, run_plans

from palmtax import identity, messaging
from palmtax.base.actor import NATURAL_BASE
from palmtax.base.identifiers import make_resident_id, uuid7
from palmtax.messaging.actions import inbox as inbox_of
from palmtax.messaging.actions import officers as office
from palmtax.messaging.errors import ChoiceUnknown, MessageUnknown

GU, FANG = 411, 412
SATURDAY, EVENING = datetime(2026, 11, 28, 3, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)
"""In China: Saturday at 11:00; Monday at 20:00."""


@pytest.fixture
async def staff(town, database, clock):
    """Two officers, whom government WeChat knows."""
    async with database.transaction() as tx:
        await identity.load_people(
            tx,
            clock=clock,
            people=[
                identity.NewPerson(one, "顾平川", f"1540000{one:04d}", make_resident_id("990100", clock.today(), one))
                for one in (GU, FANG)
            ],
            hats=[identity.NewHat(one, "case_officer", "税务局", office_code=OFFICE) for one in (GU, FANG)],
        )
    for one in (GU, FANG):
        await bind(database, clock, one, "gov_wechat")


@pytest.fixture
def tell(database, clock, task_context):
    """Tells officers of a task, by the template's samples, and plans it."""

    async def do(people=(GU,), key="k", template="officer_task", **more):
        values = messaging.find_template(template).samples()
        async with database.transaction() as tx:
            told = await messaging.tell_officers(
                tx, clock=clock, person_ids=people, template=template, variables=values, key=key, **more
            )
        await run_plans(task_context)
        return told

    return do


def officer(person_id=GU):
    return make_actor(person_id, None, office_code=OFFICE)


async def wish(database, clock, **chosen):
    asked = {"topics": ["task", "reminder"], "ways": ["gov"]} | chosen
    async with database.transaction() as tx:
        return await office.set_office_wish(tx, actor=officer(), clock=clock, **asked)


async def ways(database, person_id=GU):
    return [(row["way"], row["state"]) for row in await deliveries(database, person_id=person_id)]


async def test_each_is_told_once_in_the_bell_and_in_government_wechat(staff, tell, database):
    assert await tell((GU, FANG, GU)) == [GU, FANG]
    assert await tell((GU, FANG)) == []
    for one in (GU, FANG):
        assert await ways(database, one) == [("inbox", "delivered"), ("gov", "wanted")]


async def test_nobody_is_told_by_a_template_of_taxpayers_or_led_elsewhere(staff, tell, database):
    with pytest.raises(ValueError, match="officers are told"):
        await tell(template="application_approved")
    for link in ("https://evil.example/", "/pages/home", "//workbench/"):
        with pytest.raises(ValueError, match="officers are told"):
            await tell(link=link)
    assert await tell(()) == []
    assert await deliveries(database) == []


@pytest.mark.parametrize(
    ("at", "due"),
    [(SATURDAY, datetime(2026, 11, 30, 0, 30, tzinfo=UTC)), (EVENING, datetime(2026, 11, 24, 0, 30, tzinfo=UTC))],
    ids=["a day of rest", "the evening"],
)
async def test_outside_office_hours_it_waits_for_the_next_working_morning(at, due, staff, tell, database, clock):
    clock.at = at
    await tell()
    _, gov = await deliveries(database)
    assert (gov["state"], gov["next_at"]) == ("wanted", due)


async def test_who_is_on_duty_hears_at_any_time(staff, tell, database, clock):
    clock.at = SATURDAY
    await wish(database, clock, is_any_time=True)
    await tell()
    _, gov = await deliveries(database)
    assert gov["next_at"] == SATURDAY


async def test_topics_and_ways_are_as_wished_and_what_is_always_stays(staff, tell, database, clock):
    kept = await wish(database, clock, topics=[], ways=["email"])
    assert (kept.topics, kept.ways) == (("task", "alert"), ("inbox", "email"))
    await tell(template="officer_morning")
    assert await ways(database) == [("inbox", "delivered")]
    with pytest.raises(ChoiceUnknown):
        await wish(database, clock, ways=["sms"])
    assert (await wish(database, clock, language="en")).language == "en"


async def test_when_one_way_fails_for_good_the_next_has_it_then_the_dead_letters(staff, tell, database, clock):
    await bind(database, clock, GU, "wecom")
    await tell()
    for way, following in (("gov", ("wecom", "wanted")), ("wecom", ("wecom", "dead"))):
        [row] = [one for one in await deliveries(database, person_id=GU) if one["way"] == way]
        async with database.transaction() as tx:
            [taken] = await messaging.take_deliveries(tx, clock, [(row["taxpayer_id"], row["delivery_id"])])
            assert taken.way == way
            await messaging.not_handed_over(
                tx, clock, row["taxpayer_id"], row["delivery_id"], way, "81013", "无效", "invalid", is_final=True
            )
        assert following in await ways(database)


async def test_who_is_no_officer_any_more_is_told_nothing(staff, tell, database, clock, task_context):
    await tell()
    _, gov = await deliveries(database)
    async with database.transaction() as tx:
        await tx.execute("update identity_hat set revoked_at = $2 where person_id = $1", GU, clock.now())
    clock.move(minutes=11)
    async with database.transaction() as tx:
        assert await messaging.take_deliveries(tx, clock, [(gov["taxpayer_id"], gov["delivery_id"])]) == []
    assert ("gov", "dead") in await ways(database)
    await tell(key="later")
    assert len(await deliveries(database)) == 2


async def test_the_bell_is_ones_own_and_the_taxpayers_inbox_does_not_show_it(staff, tell, database, clock):
    for number in range(3):
        await tell(key=f"k{number}", link="/workbench/board")
    async with database.transaction() as tx:
        page, following, unread = await office.office_inbox(tx, actor=officer(), is_unread=False, before=None, limit=2)
        rest, end, _ = await office.office_inbox(tx, actor=officer(), is_unread=False, before=following, limit=2)
        assert (len(page), len(rest), end, unread) == (2, 1, None, 3)
        assert {link for _, link in page} == {"/workbench/board"}
        assert await office.unread_count(tx, actor=officer(FANG)) == 0
        number = page[0][0].message_id
        own = make_actor(GU, NATURAL_BASE + GU)
        listed, _, count = await inbox_of.inbox(
            tx, actor=own, taxpayer_id=NATURAL_BASE + GU, topic=None, is_unread=False, before=None, limit=9
        )
        assert (listed, count) == ([], 0)
        with pytest.raises(MessageUnknown):
            await inbox_of.readable_message(tx, actor=own, taxpayer_id=NATURAL_BASE + GU, message_id=number)
        with pytest.raises(MessageUnknown):
            await office.read_office_message(tx, actor=officer(FANG), clock=clock, message_id=number)


async def test_what_was_read_in_the_bell_is_not_sent_any_more(staff, tell, database, clock):
    clock.at = EVENING
    for number in range(3):
        await tell(key=f"k{number}", subject_kind="thing", subject_id=uuid7())
    async with database.transaction() as tx:
        [(first, _), *_], _, _ = await office.office_inbox(tx, actor=officer(), is_unread=True, before=None, limit=5)
        for _ in range(2):
            await office.read_office_message(tx, actor=officer(), clock=clock, message_id=first.message_id)
        assert await office.unread_count(tx, actor=officer()) == 2
        assert await office.read_whole_inbox(tx, actor=officer(), clock=clock) == 2
        assert await office.read_whole_inbox(tx, actor=officer(), clock=clock) == 0
    assert "wanted" not in [state for _, state in await ways(database)]


async def test_a_taxpayers_message_does_not_go_to_an_office_chat(staff, database, clock, task_context):
    await bind(database, clock, OWNER, "gov_wechat")
    template = messaging.find_template("supplement_asked")
    async with database.transaction() as tx:
        await messaging.tell(
            tx, clock=clock, taxpayer_id=SHOP, template=template.slug, values=template.samples(), key="k"
        )
    await run_plans(task_context)
    assert "gov" not in {row["way"] for row in await deliveries(database, person_id=OWNER)}
