"""Which way a message goes, and when: by wish, need, reach, cost, quiet hours and caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from palmtax import messaging
from palmtax.base.identifiers import uuid7
from palmtax.messaging.model.messages import at_first, choices
from palmtax.messaging.model.planning import Person, Planned, Recent, for_whom, next_allowed, plan
from palmtax.messaging.model.sending import Quiet, sending

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # Monday, 12:00 in China
NIGHT = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 22:00
MORNING = datetime(2026, 11, 24, 0, tzinfo=UTC)  # Tuesday, 08:00
WISH = messaging.find_template("application_submitted")
MUST = messaging.find_template("supplement_asked")
URGENT = messaging.find_template("appointment_moved_up")
ALL = frozenset(sending().ways)
INBOX = Planned("inbox", "delivered")


def person(ways=ALL, wished=("wechat", "push"), consents=(), recent=(), **wish):
    choice = replace(at_first(), ways=("inbox", *wished), **wish)
    return Person(1, choice, frozenset(ways), frozenset(consents), list(recent), NOON - timedelta(hours=12))


def before(hours=1.0, *, way="wechat", purpose="service", is_same=False, is_alike=True, is_waiting=False, merged=0):
    at = NOON - timedelta(hours=hours)
    return Recent(uuid7(), way, purpose, at, is_alike, is_same, is_waiting, True, merged)


def planned(template, who, now=NOON):
    return plan(template, who, sending(), now=now)


@pytest.mark.parametrize(("ways", "wished", "expected"), [
    (ALL, ("wechat", "push"), ("push", "wechat")),
    (ALL, ("sms", "email", "wechat"), ("wechat", "email", "sms")),
    (["phone"], ("wechat",), ()),
    (["sms"], ("wechat",), ()),
    (["sms"], ("sms",), ("sms",)),
    (ALL, (), ()),
])  # fmt: skip
def test_by_wish_the_cheapest_way_that_reaches_the_person(ways, wished, expected):
    found = planned(WISH, person(ways, wished))
    assert found[0] == INBOX
    assert [(one.way, *one.then_ways) for one in found[1:]] == ([expected] if expected else [])
    assert [one.next_at for one in found[1:]] == [NOON] * bool(expected)


def test_what_the_law_needs_goes_by_ways_that_nobody_wished_after_those_they_did():
    assert planned(MUST, person(wished=("email",)))[1:] == [Planned("email", "wanted", ("push", "wechat", "sms"), NOON)]
    assert planned(MUST, person(["sms"], ()))[1:] == [Planned("sms", "wanted", (), NOON)]


def test_what_must_arrive_and_cannot_is_a_dead_letter_with_its_reason():
    assert planned(MUST, person([]))[1:] == [Planned("sms", "dead", code="no_way")]
    assert planned(WISH, person([])) == [INBOX]


def test_a_topic_that_somebody_left_out_stays_out():
    topics = tuple(code for code in choices("topics") if code != WISH.topic)
    assert planned(WISH, person(topics=topics)) == [INBOX]


@pytest.mark.parametrize(
    ("at", "expected"), [(NOON, NOON), (NIGHT, MORNING), (MORNING - timedelta(seconds=1), MORNING)]
)
def test_nobody_is_disturbed_at_night(at, expected):
    assert planned(WISH, person(), at)[1].next_at == expected
    assert planned(URGENT, person(), at)[1].next_at == at, "what cannot wait does not wait"


def test_a_persons_own_quiet_hours_are_kept_too():
    lunch = person(quiet=Quiet(time(12), time(13, 30)))
    assert planned(WISH, lunch)[1].next_at == NOON + timedelta(minutes=90)
    long_night = person(quiet=Quiet(time(8), time(9)))
    assert planned(WISH, long_night, NIGHT)[1].next_at == MORNING + timedelta(hours=1), "one after the other"


def test_hours_that_leave_no_gap_end_the_search():
    whole = replace(at_first(), quiet=Quiet(time(8), time(21)))
    assert next_allowed(WISH, whole, NOON) > NOON
    short = replace(WISH, expires=timedelta(hours=5))
    assert planned(short, person(), NIGHT)[1:] == [Planned("push", "expired", ("wechat",)[:0], code="expired")]
    assert planned(replace(short, reach="must"), person(), NIGHT)[1].state == "dead"


def test_enough_is_enough_for_a_day_but_not_for_what_the_law_needs():
    cap = sending().caps_per_day["service"]
    full = [before(hour / 10, is_alike=False) for hour in range(cap)]
    assert planned(WISH, person(recent=full[1:]))[1].state == "wanted"
    assert planned(WISH, person(recent=full))[1:] == [Planned("push", "suppressed", code="cap")]
    assert planned(MUST, person(recent=full))[1].state == "wanted"
    yesterday = [before(13, is_alike=False)] * cap
    assert planned(WISH, person(recent=yesterday))[1].state == "wanted", "a new day of China"
    others = [before(purpose="promotion", is_alike=False)] * cap
    assert planned(WISH, person(recent=others))[1].state == "wanted", "each purpose has its own"


def test_without_consent_no_promotion_leaves_the_house():
    promotion = replace(WISH, purpose="promotion")
    assert planned(promotion, person())[1:] == [Planned("push", "suppressed", code="no_consent")]
    assert planned(promotion, person(consents=["promotion"]))[1].state == "wanted"
    assert planned(promotion, person(consents=["survey"]))[1].code == "no_consent"


def test_the_same_is_not_said_again_within_its_window():
    template = replace(WISH, repeat=timedelta(hours=24))
    assert planned(template, person(recent=[before(23, is_same=True)]))[1].code == "repeated"
    assert planned(template, person(recent=[before(25, is_same=True)]))[1].state == "wanted"
    assert planned(template, person(recent=[before(1, is_same=False)]))[1].state == "wanted", "about something else"
    assert planned(WISH, person(recent=[before(0.1, is_same=True)]))[1].state == "wanted", "it has no window"


def test_alike_messages_that_wait_for_the_morning_go_as_one():
    waiting = before(1, way="push", is_waiting=True, merged=2)
    (_, found) = planned(WISH, person(recent=[waiting]), NIGHT)
    assert (found.merged, found.replaces, found.next_at) == (3, waiting.delivery_id, MORNING)
    (_, other) = planned(WISH, person(recent=[replace(waiting, is_alike=False)]), NIGHT)
    assert (other.merged, other.replaces) == (0, None)


def test_leads_are_told_outside_and_others_in_the_inbox():
    leads = replace(WISH, audience="leads")
    assert [for_whom(leads, [role]) for role in ("legal_rep", "self", "invoice_clerk")] == [True, True, False]
    assert for_whom(WISH, ["invoice_clerk"])


def test_every_way_a_person_can_wish_for_is_known_to_sending():
    assert set(choices("ways")) == {"inbox", *sending().ways}
    assert list(sending().caps_per_day) == ["service", *sending().consents]
    assert [way.cost_fen for way in sending().ways.values()] == sorted(way.cost_fen for way in sending().ways.values())
