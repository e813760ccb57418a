"""What the developer of an application is written when something of it ends, once for each time; and the nightly look."""

from __future__ import annotations

import dataclasses

import pytest
from channels.conftest import SECOND_KEYS
from complaints.make import KEYS
from partners.features import HEADERS, PAGE, handed_in, listed

from palmtax.partners.adapters import feature_kit
from palmtax.partners.adapters.feature_page import read_page
from palmtax.partners.tasks import check_features
from palmtax.plumbing.outbound import OutsideRefused
from palmtax.plumbing.worker import drain


class Post:
    """Takes letters, or knows no such mailbox."""

    def __init__(self):
        self.letters, self.is_refusing = [], False

    async def send(self, address, title, body, reference):
        if self.is_refusing:
            raise OutsideRefused("550")
        self.letters.append((address, title, body, reference))


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def context(task_context, post):
    return dataclasses.replace(task_context, outside={**task_context.outside, "mail": post})


@pytest.fixture
def page(monkeypatch):
    shown = {"page": PAGE}

    async def see(url, *, may_loopback):
        return read_page(url, 200, HEADERS, shown["page"].encode(), 0.1)

    monkeypatch.setattr(feature_kit, "see", see)
    return shown


@pytest.fixture
async def feature(page, live, desk):
    number = await handed_in(live)
    await listed(number, await desk(KEYS), await desk(SECOND_KEYS))
    return number


async def _suspended(live, desk):
    path = f"/partners/desk/applications/{live.application_id}/suspension"
    await (await desk(KEYS)).ok("POST", path, {"reason": "疑似泄露资料"})


async def test_who_is_suspended_is_written_to_once_with_the_reason(live, desk, context, post):
    await drain(context)
    post.letters.clear()
    await _suspended(live, desk)
    await drain(context)
    await drain(context)
    ((_, title, body, _),) = post.letters
    assert "application suspended" in title
    assert "疑似泄露资料" in body
    assert live.client_id in body


async def test_a_mailbox_that_is_not_there_holds_nothing_up(live, desk, context, post, rows):
    post.is_refusing = True
    await _suspended(live, desk)
    await drain(context)
    assert await rows("select 1 from pgqueuer where status <> 'picked'") == []


async def _state(rows, number):
    return (await rows("select state, failed_nights from partners_feature_version where feature_id = $1", number))[0]


async def test_a_page_that_fails_three_nights_in_a_row_is_off_and_its_developer_knows(
    feature, page, context, post, rows, clock
):
    await drain(context)
    post.letters.clear()
    page["page"] = "<html><body>sold</body></html>"
    for night in (1, 2):
        await check_features(context, {})
        assert await _state(rows, feature) == {"state": "listed", "failed_nights": night}
        clock.move(days=1)
    await check_features(context, {})
    assert (await _state(rows, feature))["state"] == "suspended"
    await drain(context)
    ((_, title, body, _),) = post.letters
    assert "feature is off" in title
    assert "3 nights" in body


async def test_a_good_night_in_between_begins_anew(feature, page, context, rows, clock):
    for shown, nights in (("<html></html>", 1), (PAGE, 0), ("<html></html>", 1)):
        page["page"] = shown
        await check_features(context, {})
        assert await _state(rows, feature) == {"state": "listed", "failed_nights": nights}
        clock.move(days=1)
