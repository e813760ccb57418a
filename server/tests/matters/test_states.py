"""The states of an application: every pair is tried, every act has a name, every state an age."""

from __future__ import annotations

import itertools
import re

import pytest

import house
from palmtax.base.errors import every_error
from palmtax.matters import events
from palmtax.matters.model import states
from palmtax.matters.model.acts import ACTS

ALL = list(states.STATES)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(ALL, ALL)))
def test_what_may_follow_what_is_closed(before, after):
    assert states.may_follow(before, after) == (after in states.MOVES[before])
    assert before != after or not states.may_follow(before, after)


def test_every_state_has_words_moves_and_a_greatest_age():
    assert set(states.STATES) == set(states.MOVES) == set(states.AGES)
    assert all(zh and en for zh, en in states.STATES.values())


def test_what_has_ended_stays_ended():
    for state in states.ENDED:
        assert states.MOVES[state] == frozenset()


def test_every_state_is_reached_and_every_open_one_left():
    reached = set().union(*states.MOVES.values())
    assert reached == set(ALL)
    assert all(states.MOVES[state] for state in states.OPEN | states.EDITABLE)


def test_open_states_alarm_or_end_by_themselves():
    assert {states.AGES[state].then for state in states.OPEN} <= {"alarm", "lapse"}


def test_every_act_that_is_written_has_a_name():
    written = set()
    for path in (house.PACKAGE / "matters").rglob("*.py"):
        written |= set(re.findall(r'"(matters\.(?:application|supplement)_[a-z]+)"', path.read_text("utf-8")))
    no_acts = {kind.code for kind in every_error()} | {events.ApplicationEnded.name}
    assert written - set(ACTS) - no_acts == set()
