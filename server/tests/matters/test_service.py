"""A decision's notice is served electronically where the taxpayer agreed, in the transaction of the decision; else it stays."""

from __future__ import annotations

import pytest
from matters.make import FIRST, OFFICE, SECOND, submitted
from matters.test_applications import completed

from palmtax import certificates
from palmtax.matters.actions import finishing
from palmtax.messaging.errors import NoAgreement


async def handed_in(town, *words):
    """Somebody's application, after saying so about electronic service."""
    who = await town.person("small_scale", "legal_rep")
    for is_given in words:
        await who.ok("PUT", "/messaging/service-agreement", {"is_given": is_given})
        town.clock.move(seconds=1)
    return who, await submitted(who, await completed(who))


async def decide(town, sent, outcome="yes"):
    here = f"/matters/cases/{sent['application_id']}"
    first, second = await town.officer(FIRST), await town.officer(SECOND)
    desk = await first.ok("GET", here)
    ask = {"outcome": outcome, "reason": "材料不符", "case_version": desk["case"]["version"]}
    desk = await first.ok("POST", f"{here}/opinion", ask)
    confirmed = {"is_agreed": True, "case_version": desk["case"]["version"]}
    return await second("POST", f"{here}/confirmation", confirmed)


async def services(database):
    async with database.statement() as tx:
        return await tx.fetch("select * from messaging_service")


async def test_decided_and_agreed_it_is_served_as_it_is_kept(town, database):
    who, sent = await handed_in(town, True)
    assert (await decide(town, sent)).status_code == 200
    [one] = await services(database)
    assert (one["taxpayer_id"], one["kind"], one["title"], one["office_code"]) == (
        who.taxpayer_id, "notice", "税务事项通知书（发票额度调整）", OFFICE,
    )  # fmt: skip
    async with database.statement() as tx:
        [document] = await certificates.documents_of(tx, who.taxpayer_id)
        code = await tx.fetchval("select matter_code from messaging_message where template = 'document_served'")
    assert (one["document_no"], one["digest"]) == (document.document_no, certificates.document_digest(document))
    assert code == "FPBL-002", "a channel can be off for this matter"
    shown = await who.ok("GET", f"/messaging/messages/{one['message_id']}/service")
    assert (shown["document_id"], shown["asks"]) == (str(document.document_id), "read")
    listed = await who.ok("GET", "/messaging/services")
    assert [one["document_no"] for one in listed["services"]] == [document.document_no]
    assert [one["template"] for one in (await who.ok("GET", "/messaging/messages"))["messages"]][:2] == [
        "document_served", "application_approved",
    ]  # fmt: skip
    signed = await who("POST", f"/messaging/services/{one['document_no']}/signature")
    assert signed.json()["code"] == "messaging.not_to_sign"


@pytest.mark.parametrize("words", [(), (True, False)])
async def test_without_an_agreement_the_result_stays_as_it_was(town, database, words):
    who, sent = await handed_in(town, *words)
    assert (await decide(town, sent)).status_code == 200
    assert await services(database) == []
    done = await who.ok("GET", f"/matters/applications/{sent['application_id']}")
    assert (done["state"], bool(done["document"]["document_no"])) == ("approved", True)


async def test_refused_nothing_is_served(town, database):
    _, sent = await handed_in(town, True)
    await decide(town, sent, "no")
    assert await services(database) == []


async def test_when_serving_is_refused_nothing_at_all_is_decided(town, database, monkeypatch):
    who, sent = await handed_in(town, True)

    async def refused(tx, **given):
        raise NoAgreement()

    monkeypatch.setattr(finishing.messaging, "serve_when_agreed", refused)
    assert (await decide(town, sent)).json()["code"] == "matters.decision_refused"
    assert await services(database) == []
    after = await who.ok("GET", f"/matters/applications/{sent['application_id']}")
    assert (after["state"], after["document"]) == ("in_review", None)
