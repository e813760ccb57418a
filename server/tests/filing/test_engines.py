"""The form for one PostgreSQL (one statement) and the form for a sharded one (several) mean the same."""

from __future__ import annotations

from uuid import UUID

import pytest
from filing.make import OWNER, SHOP, a_key, begin, make_invoice, put_invoices

from palmtax import filing, identity, payment
from palmtax.base.actor import Actor, Hat
from palmtax.base.identifiers import uuid7
from palmtax.filing.actions.loading import readable_draft
from palmtax.filing.actions.submitting import submit_return, void_return
from palmtax.filing.errors import AlreadyFiled
from palmtax.filing.schemas import SubmitIn


def an_owner() -> Actor:
    hat = Hat(uuid7(), "enterprise", "legal_rep", SHOP, None, frozenset(identity.SCOPES))
    return Actor(OWNER, uuid7(), hat, "h5", "request-1")


@pytest.mark.parametrize("engine", ["postgres", "citus"])
async def test_submitting_and_voiding_in_either_form(owner, database, clock, engine):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    number = UUID((await begin(owner))["draft_id"])
    actor, key = an_owner(), a_key()
    async with database.transaction() as tx:
        loaded = await readable_draft(tx, taxpayer_id=SHOP, draft_id=number, clock=clock, engine=engine)
        asked = SubmitIn(draft_id=number, version=1, confirmed_due_now_fen=loaded.working.result.due_now_fen)
        given = {"actor": actor, "clock": clock, "taxpayer_id": SHOP, "asked": asked, "engine": engine}
        filed, fresh = await submit_return(tx, idempotency_key=key, **given)
        assert fresh is not None
        again, known = await submit_return(tx, idempotency_key=key, **given)
        assert (again.return_id, known) == (filed.return_id, None)
        with pytest.raises(AlreadyFiled):
            await submit_return(tx, idempotency_key=a_key(), **given)
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 424_000
        shown = await filing.return_out(tx, again, clock=clock)
        assert (shown.state, shown.payment_state, shown.result.payable_fen) == ("accepted", "unpaid", 424_000)
        void, is_new = await void_return(
            tx, actor=actor, clock=clock, taxpayer_id=SHOP, return_id=filed.return_id, idempotency_key=a_key(),
            reason="测试作废", engine=engine,
        )  # fmt: skip
        assert (is_new, void.history.state_of(void.return_id)) == (True, "void")
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 0
        assert await payment.unbalanced(tx) == []
        kinds = await tx.fetch("select kind from filing_return order by sequence")
        assert [row["kind"] for row in kinds] == ["original", "void"]


async def test_the_answer_given_at_once_is_the_answer_given_later(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    draft = await begin(owner)
    body = {
        "draft_id": draft["draft_id"], "version": 1, "confirmed_due_now_fen": draft["result"]["due_now_fen"],
    }  # fmt: skip
    filed = await owner.ok("POST", "/filing/returns", body, key=a_key())
    assert filed["result"]["late_fee_fen"] > 0
    assert await owner.ok("GET", f"/filing/returns/{filed['return_id']}") == filed
