"""Every act that is recorded has a name on the timeline, and every name belongs to an act."""

from __future__ import annotations

import ast
from typing import get_args

import pytest
from cases.recorded import CannotFollow, Reader, event_names, recorded_acts

from palmtax import registry
from palmtax.cases.model.acts import ACTS, QUIET_ACTS, act_of, summary_words
from palmtax.cases.schemas import TimelineEntry

SUBJECTS = set(get_args(TimelineEntry.model_fields["subject_kind"].annotation))


def test_every_recorded_act_has_a_name_and_every_name_is_recorded():
    found = recorded_acts()
    assert len(found) >= 10
    recorded = set().union(*found.values())
    assert recorded - set(ACTS) == set()
    assert set(ACTS) - recorded == set()


def test_the_reader_sees_acts_in_every_form_in_which_they_are_written():
    found = recorded_acts()
    assert found["identity/actions/tickets.py"] == {
        "identity.ticket_scanned", "identity.ticket_confirmed", "identity.ticket_refused",
    }  # fmt: skip
    assert {"payment.order_expired", "payment.order_cancelled"} <= found["payment/actions/orders.py"]
    assert found["filing/actions/submitting.py"] == {
        "filing.return_submitted", "filing.return_amended", "filing.return_voided",
    }  # fmt: skip
    assert event_names()["Settled"] == "payment.settled"


def test_an_act_that_cannot_be_followed_is_not_passed_over(tmp_path):
    path = tmp_path / "strange.py"
    path.write_text("async def f(tx):\n    await evidence.append(tx, act='a.' + 'b')\n")
    with pytest.raises(CannotFollow):
        Reader(path).acts()
    assert isinstance(ast.parse(path.read_text()), ast.Module)


def test_names_are_in_both_languages_and_subjects_are_of_the_wire():
    assert set(ACTS) >= QUIET_ACTS
    for code, act in ACTS.items():
        assert act.subject in SUBJECTS, code
        assert any("一" <= letter <= "鿿" for letter in act.zh), code
        assert act.en.isascii(), code
    assert len({act.zh for act in ACTS.values()}) == len(ACTS)
    assert act_of("later.thing_done").zh == "later.thing_done"


@pytest.mark.parametrize(
    ("summary", "zh", "en"),
    [
        ({"period": "2026Q3", "amount_fen": 349_800, "way": "wechat"}, "所属期 2026Q3 · ¥3,498.00 · 微信支付",
         "period 2026Q3 · ¥3,498.00 · WeChat Pay"),
        ({"period": "2026Q3", "return_no": "2026", "amount_fen": -5}, "所属期 2026Q3 · ¥-0.05 · 2026", "period 2026Q3 · ¥-0.05 · 2026"),
        ({"role_code": "agent", "valid_until": "2027-01-31"}, "至 2027-01-31", "until 2027-01-31"),
        ({"amount_fen": "x", "way": "barter", "strange": {}}, "", ""),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_the_few_values_of_an_entry_become_words(summary, zh, en):
    assert summary_words(summary) == (zh, en)


@pytest.mark.parametrize(
    ("office", "taxpayers", "expected"),
    [
        ("19900000000", "19902020000", True),
        ("19901010000", "19901010000", True),
        ("19901010000", "19901010100", True),
        ("19901010000", "19901020000", False),
        ("19901010100", "19901010000", False),
        ("19901000000", "19902000000", False),
        ("", "19901010000", False),
        ("19903100000", "19903110000", False),
        ("19903100000", "19903100500", True),
        ("19903000000", "19903110000", True),
    ],
)
def test_an_office_covers_itself_and_those_below_it(office, taxpayers, expected):
    assert registry.covers(office, taxpayers) is expected
