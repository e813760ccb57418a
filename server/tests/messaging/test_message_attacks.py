"""Attacks through messages: their links, and the ways to say no to them; `docs/security.md` lists them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from channels.make import process
from filing.make import CLERK, NEIGHBOUR, OWNER, STRANGER
from messaging.make import bind, deliveries, run_plans, set_wish, take, tell

from palmtax.base.identifiers import uuid7
from palmtax.channels.adapters.smtp import letter
from palmtax.channels.model.outgoing import Outgoing
from palmtax.channels.model.places import entered
from palmtax.messaging.model.campaigning import SUBJECT
from palmtax.messaging.model.sending import sending
from palmtax.plumbing.wire import Place

pytestmark = pytest.mark.usefixtures("town")
OURS = re.compile(next(one.pattern for one in Place.__metadata__[0].metadata if hasattr(one, "pattern")))
HOSTILE = 'x](https://evil.example)<a href="https://evil.example">\r\nBcc: evil@evil.example\r\n\r\n{link}%s${x}'


async def campaign(database, clock):
    """A message of a campaign to the shop's owner, who agreed."""
    return await tell(
        database, clock, template="campaign_policy", subject_kind=SUBJECT, subject_id=uuid7(), for_person_id=OWNER
    )


async def consents(database):
    async with database.statement() as tx:
        return await tx.fetchval("select coalesce(string_agg(t::text, '|'), '') from messaging_consent t")


async def complaints(database):
    async with database.statement() as tx:
        return await tx.fetchval("select count(*) from messaging_complaint")


def test_every_message_leads_to_a_page_of_ours():
    for kind in (*sending().links, "unknown", "https://evil.example", ""):
        link = sending().link(kind, uuid7(), uuid7())
        assert OURS.fullmatch(link), link
        assert OURS.fullmatch(entered(link, "71", via="wechat_oa")), link


async def test_words_of_a_message_change_neither_its_link_nor_its_letter(database, clock, task_context):
    await bind(database, clock, OWNER, "email", "owner@example.com")
    await set_wish(database, clock, ways=("email",))
    await tell(database, clock, template="application_approved", values={"title": HOSTILE, "title_en": HOSTILE})
    await run_plans(task_context)
    (row,) = await deliveries(database, way="email", person_id=OWNER)
    taken = await take(database, clock, row["delivery_id"])
    assert OURS.fullmatch(taken.link)
    out = Outgoing(
        reference=row["delivery_id"].hex, address="owner@example.com", language="zh", template=taken.template,
        title=taken.title, body=taken.body, short=taken.short, link=f"{process().ports.link}/#{taken.link}",
    )  # fmt: skip
    made = letter("notice@palmtax.example", out, datetime.now(UTC))
    assert (made["To"], made["Bcc"]) == ("owner@example.com", None)
    assert made.get_content_type() == "text/plain"
    assert made.get_content().rstrip().endswith(f"/#{taken.link}")


@pytest.mark.parametrize("act", ["unsubscription", "complaint"])
async def test_only_the_reader_says_no_to_a_message(act, caller, client, database, clock):
    owner, neighbour = await caller(), await caller(STRANGER, NEIGHBOUR)
    await owner.ok("PUT", "/messaging/consents/promotion", {"is_given": True, "notice": "2026-11"})
    message = await campaign(database, clock)
    path, before = f"/messaging/messages/{message}/{act}", await consents(database)
    told = {"words": "没有要过"} if act == "complaint" else None
    assert (await client.post(f"/api{path}", json=told)).status_code == 401
    await neighbour.refused(404, "messaging.message_unknown", "POST", path, told)
    clerk = await caller(CLERK)
    await clerk.refused(404, "messaging.message_unknown", "POST", path, told)
    await owner.refused(404, "messaging.message_unknown", "POST", path.replace(str(message), str(uuid7())), told)
    assert await consents(database) == before
    assert await complaints(database) == 0


@pytest.mark.parametrize("act", ["unsubscription", "complaint"])
async def test_who_only_follows_a_link_has_said_nothing(act, caller, client, database, clock):
    """Scanners of mail and previews of chats open every address they see."""
    owner = await caller()
    await owner.ok("PUT", "/messaging/consents/promotion", {"is_given": True, "notice": "2026-11"})
    path, before = f"/messaging/messages/{await campaign(database, clock)}/{act}", await consents(database)
    for method in ("GET", "HEAD"):
        assert (await owner(method, path)).status_code in (404, 405)
        assert (await client.request(method, f"/api{path}")).status_code in (401, 404, 405)
    assert await consents(database) == before


async def test_what_is_no_campaign_cannot_be_said_no_to(caller, database, clock):
    owner, message = await caller(), await tell(database, clock)
    before = await consents(database)
    await owner.refused(409, "messaging.not_a_campaign", "POST", f"/messaging/messages/{message}/unsubscription")
    assert await consents(database) == before
    assert await complaints(database) == 0


async def test_how_a_message_came_is_told_to_its_reader_only(caller, client, database, clock):
    message = await tell(database, clock, for_person_id=OWNER)
    path = f"/messaging/messages/{message}/deliveries"
    assert (await client.get(f"/api{path}")).status_code == 401
    await (await caller(STRANGER, NEIGHBOUR)).refused(404, "messaging.message_unknown", "GET", path)
    await (await caller(CLERK)).refused(404, "messaging.message_unknown", "GET", path)
    assert isinstance(await (await caller()).ok("GET", path), list)
