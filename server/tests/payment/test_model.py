"""The arithmetic of money: lines, set-off, late fees, expiry, numbers. No database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax.base.clock import china_day
from palmtax.base.identifiers import uuid7
from palmtax.payment.model import (
    ChargeItem,
    OrderItem,
    charge_lines,
    due_items,
    expires_at,
    order_number,
    overpaid_lines,
    settlement_lines,
    state_of,
    trade_number,
)

TAXES = ("vat_small_scale", "urban_construction", "education_surcharge", "local_education_surcharge")
MONEY = st.integers(-(10**13), 10**13)
ITEMS = st.lists(st.builds(ChargeItem, st.sampled_from(TAXES), MONEY), max_size=6)
DUE = date(2026, 10, 26)  # Monday


def receivable(lines):
    found = Counter()
    for line in lines:
        found[line.tax_type_code] += line.amount_fen * (
            (line.debit_account == "receivable") - (line.credit_account == "receivable")
        )
    return {code: fen for code, fen in found.items() if fen}


@given(st.lists(ITEMS, min_size=1, max_size=5), st.integers(0, 900))
def test_what_is_due_is_what_is_open_and_paying_it_leaves_nothing(returns, days):
    lines = [line for items in returns for line in charge_lines(items)]
    assert all(line.amount_fen > 0 and line.debit_account != line.credit_account for line in lines)
    opened = receivable(lines)
    assert sum(opened.values()) == sum(item.amount_fen for items in returns for item in items)
    due = due_items(opened, DUE, DUE + timedelta(days=days))
    assert sum(item.amount_fen for item in due) == max(sum(opened.values()), 0)
    paid = settlement_lines([OrderItem(i.tax_type_code, i.amount_fen, i.late_fee_fen) for i in due], "wechat")
    left = receivable([*lines, *paid])
    assert left.get("late_fee", 0) == 0
    assert sum(left.values()) == min(sum(opened.values()), 0)
    back = overpaid_lines(left)
    assert sum(line.amount_fen for line in back) == max(-sum(opened.values()), 0)
    assert sum(receivable([*lines, *paid, *back]).values()) == 0
    assert due_items(receivable([*lines, *paid, *back]), DUE, DUE + timedelta(days=days)) == ()


@given(st.integers(1, 10**12), st.integers(0, 2_000))
def test_late_fee_is_half_a_thousandth_a_day_half_up_and_nothing_below_one_yuan(fen, days):
    (item,) = due_items({"vat_small_scale": fen}, DUE, DUE + timedelta(days=days))
    exact = Fraction(fen * days * 5, 10_000)
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    assert item.late_fee_fen == (rounded if rounded >= 100 else 0)


@pytest.mark.parametrize(
    ("tax_fen", "due_on", "paid_on", "fee_fen"),
    [
        (1_000_000, date(2026, 4, 20), date(2026, 5, 5), 7_500),
        (320_000, date(2026, 7, 15), date(2026, 7, 16), 160),
        (100_000, date(2026, 7, 15), date(2026, 7, 16), 0),
        (5_000_000, date(2025, 12, 15), date(2026, 11, 23), 857_500),
        (5_000_000, date(2026, 11, 23), date(2026, 11, 23), 0),
    ],
)
def test_published_examples_of_late_fees(tax_fen, due_on, paid_on, fee_fen):
    assert due_items({"vat_small_scale": tax_fen}, due_on, paid_on)[0].late_fee_fen == fee_fen


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(5, 115))  # noqa: DTZ001 given UTC beside
def test_an_order_never_outlives_its_beijing_day(now, minutes):
    end = expires_at(now, minutes)
    assert china_day(end) == china_day(now)
    assert now - timedelta(seconds=1) < end <= now + timedelta(minutes=minutes)


@given(st.integers(0, 99))
def test_numbers_for_the_channel_are_letters_and_digits_of_at_most_32(attempt):
    number = trade_number(order_number(uuid7(), date(2026, 11, 23)), attempt)
    assert number.isascii()
    assert number.isalnum()
    assert 6 <= len(number) <= 32


@pytest.mark.parametrize(
    ("charged", "opened", "refunding", "order", "state"),
    [
        (0, 0, 0, None, "nothing_due"), (5, 5, 0, None, "unpaid"), (5, 5, 0, "created", "unpaid"),
        (5, 5, 0, "paying", "paying"),
        (5, 0, 0, "paid", "paid"), (5, -1, 0, "paid", "refund_due"), (5, 0, 1, "paid", "refund_due"),
        (0, 0, 0, "paid", "nothing_due"),
    ],
)  # fmt: skip
def test_one_word_for_each_standing(charged, opened, refunding, order, state):
    assert state_of(charged, opened, refunding, order) == state
