"""A delivery moves as its machine says, and receipts in any order, once or twice, end the same."""

from __future__ import annotations

import itertools
import re

import pytest

from palmtax.messaging import tables
from palmtax.messaging.model.deliveries import ARRIVED, ENDED, MOVES, REASONS, STATES, after_receipt
from palmtax.messaging.model.planning import Planned

PROGRESS = ("handed", "delivered", "shown", "read", "acted")
ABOVE = {state: PROGRESS[PROGRESS.index(state) :] for state in PROGRESS}


def test_every_state_is_in_the_machine_and_in_the_table():
    check = next(str(c.sqltext) for c in tables.delivery.constraints if str(c.name).endswith("_state"))
    assert set(MOVES) == set(STATES) == set(re.findall(r"'(\w+)'", check))
    assert {state for to in MOVES.values() for state in to} == set(STATES)
    assert set(STATES) == {"wanted", "handing", "handed"} | ARRIVED | ENDED


def test_every_state_can_be_reached_and_only_suppression_is_for_ever():
    reached, edge = {"wanted"}, {"wanted"}
    while edge:
        edge = {to for state in edge for to in MOVES[state]} - reached
        reached |= edge
    assert reached == set(STATES)
    assert {state for state in ENDED if not MOVES[state]} == {"suppressed"}


@pytest.mark.parametrize(("current", "told"), list(itertools.product(STATES, STATES)))
def test_a_receipt_never_makes_a_move_that_there_is_not(current, told):
    following = after_receipt(current, told)
    assert following is None or following in MOVES[current]
    assert following is None or following == told
    if current in PROGRESS and following in PROGRESS:
        assert PROGRESS.index(following) > PROGRESS.index(current)


@pytest.mark.parametrize("said", list(itertools.permutations(("handed", "delivered", "read", "delivered", "handed"))))
def test_receipts_in_any_order_and_twice_end_at_the_furthest(said):
    state = "handing"
    for told in said:
        state = after_receipt(state, told) or state
    assert state == "read"


@pytest.mark.parametrize("said", list(itertools.permutations(("failed", "delivered", "failed", "handed"))))
def test_a_failure_never_undoes_an_arrival_whatever_comes_first(said):
    state = "handing"
    for told in said:
        state = after_receipt(state, told) or state
    assert state == "delivered"


def test_every_code_of_ours_has_its_words():
    assert {code for code in REASONS if not all(REASONS[code])} == set()
    assert Planned("sms", "dead", code="no_way").code in REASONS
