"""Lights and weights from what happened lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from palmtax.channels.model.health import Lately, health, next_weight

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("lately", "light"),
    [
        (Lately(), "green"),
        (Lately(handed=100, last_handed_at=NOW), "green"),
        (Lately(last_dead_at=ago(1), dead_say="x", dead_say_en="x"), "red"),
        (Lately(handed=9, last_handed_at=ago(9), last_dead_at=ago(1)), "red"),
        (Lately(handed=9, last_handed_at=ago(1), last_dead_at=ago(9)), "green"),
        (Lately(last_dead_at=ago(121)), "green"),
        (Lately(unanswered=4), "green"),
        (Lately(unanswered=5), "red"),
        (Lately(handed=20, unanswered=5, last_handed_at=NOW), "amber"),
        (Lately(handed=96, unanswered=4, last_handed_at=NOW), "green"),
        (Lately(handed=5, refused=5, last_handed_at=NOW), "amber"),
    ],
)
def test_a_light_follows_what_happened(lately, light):
    assert health(lately, NOW).light == light


def test_a_slow_provider_loses_weight_and_gets_it_back_with_rest():
    weight, seen = 100, []
    for slow in (9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0):
        weight = next_weight(weight, delivered=20, slow=slow, share_percent=30)
        seen.append(weight)
    assert seen == [80, 60, 40, 20, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]


def test_too_few_receipts_say_nothing():
    assert next_weight(100, delivered=4, slow=4, share_percent=30) == 100
