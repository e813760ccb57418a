"""Which channel carries a message: switches, lights, hours, regions, gray release, weights, fallbacks."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from channels.make import changed, channels
from hypothesis import given
from hypothesis import strategies as st

from palmtax.channels.model.manifest import Gray, Opening
from palmtax.channels.model.routing import Asked, Standing, _minus_log, is_gray_for, opens_in, route

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday 12:00 in China
ALL = channels()
WECHAT = frozenset({"wechat_oa", "wechat_mini", "wecom"})


def asked(way="wechat", families=WECHAT, **more):
    values = {
        "person_id": 71,
        "office_code": "14403050000",
        "template": "application_approved",
        "matter": "",
        "seed": "s",
    }
    return Asked(way=way, families=frozenset(families), **(values | more))


def names(found):
    return [one.name for one in found.channels]


def test_the_smallest_order_goes_first():
    found = route(ALL.values(), {}, asked(), NOON)
    assert names(found) == ["wechat_oa", "wechat_mini", "wecom"]
    assert found.refused == {"wechat_oa_linan": "region"}


def test_a_red_channel_is_passed_over_and_its_fallback_goes_first():
    channels_ = {**ALL, "wechat_oa": changed(ALL["wechat_oa"], fallback=("wecom", "wechat_mini"))}
    found = route(channels_.values(), {"wechat_oa": Standing(light="red")}, asked(), NOON)
    assert names(found) == ["wecom", "wechat_mini"]
    assert found.refused["wechat_oa"] == "red"


@pytest.mark.parametrize(
    ("switches", "first"),
    [({"": False}, "wechat_mini"), ({"application_approved": False}, "wechat_mini"), ({"TSJY-001": False}, "wechat_mini"),
     ({"other": False}, "wechat_oa"), ({"": True}, "wechat_oa")],
)  # fmt: skip
def test_a_kill_switch_stops_a_channel_or_one_matter_in_it(switches, first):
    found = route(ALL.values(), {"wechat_oa": Standing(switches=switches)}, asked(matter="TSJY-001"), NOON)
    assert names(found)[0] == first


def test_officers_word_goes_before_the_manifest():
    on = {"wechat_oa_linan": Standing(switches={"": True})}
    there = asked(office_code="14404010000")
    assert names(route(ALL.values(), on, there, NOON))[0] == "wechat_oa_linan"
    assert "wechat_oa_linan" not in names(route(ALL.values(), on, asked(), NOON))
    assert route(ALL.values(), on, asked(), NOON).refused["wechat_oa_linan"] == "region"


def test_outside_its_hours_a_message_waits_until_it_opens():
    night = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 23:00 in China
    found = route(ALL.values(), {}, asked(way="sms", families={"phone"}), night)
    assert (names(found), found.opens_in) == ([], timedelta(hours=9))
    assert found.refused == {"sms": "closed", "sms2": "closed"}


def test_a_channel_closed_on_a_weekend_opens_on_monday():
    channel = changed(ALL["sms"], opening=Opening(days=(1, 2, 3, 4, 5), start=time(9), end=time(17)))
    assert opens_in(channel, datetime(2026, 11, 28, 2, 0, tzinfo=UTC)) == timedelta(days=1, hours=23)  # Saturday 10:00
    assert opens_in(channel, NOON) == timedelta(0)


def test_gray_release_is_stable_grows_and_takes_offices_and_people():
    def who(percent):
        channel = changed(ALL["wechat_oa"], gray=Gray(percent=percent))
        return {person for person in range(2000) if is_gray_for(channel, person, "14403")}

    ten, half = who(10), who(50)
    assert ten < half < who(100)
    assert (150 < len(ten) < 250, 900 < len(half) < 1100, who(0)) == (True, True, set())
    named = changed(ALL["wechat_oa"], gray=Gray(percent=0, offices=("1440401",), people=(9,)))
    assert [is_gray_for(named, 9, ""), is_gray_for(named, 8, "14404010000"), is_gray_for(named, 8, "1")] == [
        True,
        True,
        False,
    ]


def test_two_providers_share_by_weight_and_the_same_try_always_draws_the_same():
    def first(seed, standings=None):
        return names(route(ALL.values(), standings or {}, asked("sms", {"phone"}, seed=seed), NOON))[0]

    drawn = Counter(first(str(seed)) for seed in range(3000))
    assert 0.55 < drawn["sms"] / 3000 < 0.65
    assert {first("x") for _ in range(5)} == {first("x")}
    slow = {"sms": Standing(weight=10)}
    assert Counter(first(str(seed), slow) for seed in range(3000))["sms"] < 600
    assert Counter(first(str(seed), {"sms": Standing(weight=0)}) for seed in range(50))["sms"] == 0


@given(st.integers(1, 1 << 48), st.integers(1, 1 << 48))
def test_the_logarithm_of_the_draw_only_falls(one, other):
    low, high = sorted((one, other))
    assert _minus_log(low, 1 << 48) >= _minus_log(high, 1 << 48) >= 0


def test_no_channel_of_the_way_says_so():
    assert route([ALL["email"]], {}, asked(), NOON) == route([], {}, asked(), NOON)


def test_officers_have_ways_of_their_own_and_taxpayers_do_not_use_them():
    here = {name: ALL[name] for name in ("gov_wechat", "wecom", "wechat_oa")}
    families = frozenset({"gov_wechat", "wecom", "wechat_oa"})
    asked = {way: Asked(way, 7, "", "officer_task", "", families, "x") for way in ("gov", "wecom", "wechat")}
    found = {way: [one.name for one in route(here.values(), {}, ask, NOON).channels] for way, ask in asked.items()}
    assert (found["gov"], found["wecom"]) == (["gov_wechat"], ["wecom"])
    assert "gov_wechat" not in found["wechat"]
