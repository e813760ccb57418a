"""The table of bad input is what a running house answers now, and no route is missing from it."""

from __future__ import annotations

import pytest
from journeys.place import NoLimits

import bad_input


def test_every_route_is_in_the_table():
    assert bad_input.routes_in(bad_input.PAGE.read_text(encoding="utf-8")) == set(bad_input.every_route())


def test_every_act_was_tried_twice():
    acts = {name for name in bad_input.every_route() if not name.startswith("GET ")}
    single = {
        "POST /api/payment/wechat/notify", "POST /api/identity/sign-in-tickets",
        "POST /channels/{name}/callback",  # only a platform can sign one: server/tests/channels/test_callbacks.py
    }  # fmt: skip
    assert acts - single == set(bad_input.TWICE)
    assert set(bad_input.OUT_OF_ORDER) <= set(bad_input.every_route())


# Open to everybody, and yet not to this question; 201 is the registration of a partner's own client.
OPEN = (
    "201",
    "400 partners.",
    "403 channels.callback_not_taken",
    "404 channels.scene_unknown",
    "404 partners.feature_unknown",
    "409 channels.pairing_code_wrong",
    "409 identity.",
    "409 partners.ticket_not_taken",
    "422 channels.page_not_ours",
)


def test_no_answer_in_the_table_is_our_fault():
    lines = [line for line in bad_input.PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(lines) > 60
    answers = [cell.strip() for line in lines for cell in line.split("|")[2:-1]]
    assert [a for a in answers if a != bad_input.NOTHING and not a.startswith(("2", "4"))] == []
    for line in lines:
        nobody = line.split("|")[2].strip()
        assert nobody.startswith(("401 ", "200", *OPEN)), line


@pytest.mark.slow
def test_the_table_is_what_the_house_answers_now(place):
    place.house.limiter = NoLimits()
    assert bad_input.page(place) == bad_input.PAGE.read_text(encoding="utf-8"), "run dev/bad_input.py"
