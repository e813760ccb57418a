"""The ledger under long random histories and many hands at once: every fen balances at every moment."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import asyncpg
import pytest
from payment.make import DUE_ON, TAXPAYER, FakeChannel, charge, make_officer, make_payer, make_taxpayer, taxes

from palmtax import payment
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.payment import tasks
from palmtax.payment.actions import cashier, channel
from palmtax.payment.actions.transfers import Arrival, register_transfer
from palmtax.plumbing.together import together
from palmtax.plumbing.worker import drain

STEPS = 80


class Town:
    """One taxpayer, several returns, and hands that do anything in any order."""

    def __init__(self, seed, database, clock, bank, context):
        self.dice = random.Random(seed)
        self.database, self.clock, self.channel, self.context = database, clock, bank, context
        self.returns, self.orders, self.given = [], [], 0

    async def file(self):
        async with self.database.transaction() as tx:
            items = taxes(self.dice.randint(0, 500_000), self.dice.randint(0, 9_999))
            self.returns.append(await charge(tx, items, booked_at=self.clock.now(), due_on=DUE_ON))

    async def amend(self):
        if self.returns:
            root = self.dice.choice(self.returns)
            async with self.database.transaction() as tx:
                now = (await payment.standing(tx, TAXPAYER, [root], clock=self.clock))[root]
                change = self.dice.randint(-now.charged_fen, 200_000)
                await charge(tx, taxes(change), booked_at=self.clock.now(), relates_to=root, due_on=DUE_ON)

    async def order(self):
        if self.returns:
            order = await channel.order_payment(
                self.database.transaction, self.channel, actor=make_payer(), clock=self.clock, taxpayer_id=TAXPAYER,
                return_id=self.dice.choice(self.returns), minutes=115,
            )  # fmt: skip
            self.orders.append(order.order_id)

    async def open_cashier(self):
        if self.orders:
            await cashier.pay_by_wechat(
                self.database.transaction, self.channel, None, actor=make_payer(person_id=self.dice.choice([11, 12])),
                clock=self.clock, taxpayer_id=TAXPAYER, order_id=self.dice.choice(self.orders), trade="h5",
                login_code=None, payer_ip="127.0.0.1",
            )  # fmt: skip

    async def pay(self):
        waiting = [t for t in self.channel.trades.values() if t.state == "NOTPAY"]
        if waiting:
            trade = self.channel.pay(self.dice.choice(waiting).out_trade_no)
            if self.dice.random() < 0.6:  # the other notices are lost
                await self.notify(trade)

    async def notify(self, trade):
        self.given += 1
        body = self.channel.notice(trade, notice_id=trade.out_trade_no, nonce=str(self.given))
        await channel.take_notice(self.database.transaction, self.channel, clock=self.clock, headers={}, body=body)

    async def notify_again(self):
        paid = [t for t in self.channel.trades.values() if t.is_paid]
        if paid:
            await self.notify(self.dice.choice(paid))

    async def transfer(self):
        if self.orders:
            async with self.database.transaction() as tx:
                order = await payment.readable_order(tx, taxpayer_id=TAXPAYER, order_id=self.dice.choice(self.orders))
                arrival = Arrival(TAXPAYER, order.order_id, order.amount_fen, f"REF{uuid7().hex}", self.clock.today())
                await register_transfer(
                    tx, actor=make_officer(), clock=self.clock, arrival=arrival, idempotency_key=uuid7().hex
                )

    async def pay_twice(self):
        """Somebody pays on the phone while the money of a transfer is already on the account."""
        await self.order()
        if self.orders:
            async with self.database.transaction() as tx:
                order = await payment.readable_order(tx, taxpayer_id=TAXPAYER, order_id=self.orders[-1])
            await self.open_cashier()
            await self.transfer()
            if order.out_trade_no in self.channel.trades and self.channel.trades[order.out_trade_no].state == "NOTPAY":
                await self.notify(self.channel.pay(order.out_trade_no))

    async def wait(self):
        self.clock.move(minutes=self.dice.choice([1, 20, 200, 1_500]))
        await tasks.expire_orders(self.context, {})
        await tasks.ask_about_refunds(self.context, {})

    async def work(self):
        await drain(self.context)

    async def stumble(self):
        self.channel.is_away = not self.channel.is_away

    async def step(self):
        acts = [
            self.file, self.amend, self.amend, self.order, self.order, self.open_cashier, self.open_cashier,
            self.pay, self.pay, self.notify_again, self.pay_twice, self.transfer, self.wait, self.work, self.stumble,
        ]  # fmt: skip
        try:
            await self.dice.choice(acts)()
        except PalmtaxError:
            return  # a refusal: nothing happened


@pytest.mark.parametrize("seed", range(6))
async def test_every_fen_balances_after_every_step_of_a_random_history(seed, database, clock, task_context, outside):
    bank = outside["pay"] = FakeChannel(clock)
    town = Town(seed, database, clock, bank, task_context)
    async with database.transaction() as tx:
        await make_taxpayer(tx)
    for _ in range(STEPS):
        await town.step()
        async with database.transaction() as tx:
            assert await payment.unbalanced(tx) == []
    # the storm is over: everything heals, and what the channel holds is what we booked
    bank.is_away = False
    for _ in range(4):
        clock.move(days=1)
        await tasks.expire_orders(task_context, {})
        await tasks.ask_about_refunds(task_context, {})
        await drain(task_context)
    async with database.transaction() as tx:
        assert await payment.unbalanced(tx) == []
        assert await tx.fetchval("select count(*) from payment_order where state in ('created', 'paying')") == 0
        booked = await tx.fetchval(
            "select coalesce(sum(amount_fen), 0)::bigint from payment_line where debit_account = 'wechat_clearing'"
        )
        gone = await tx.fetchval(
            "select coalesce(sum(amount_fen), 0)::bigint from payment_line where credit_account = 'wechat_clearing'"
        )
        standings = await payment.standing(tx, TAXPAYER, town.returns, clock=clock)
    seen = [t for t in bank.trades.values() if t.is_paid]
    assert booked == sum(t.total_fen for t in seen)
    assert gone == sum(r.refund_fen for r in bank.refunds.values())
    assert [s for s in standings.values() if s.open_fen < 0] == []


async def test_an_entry_is_booked_whole_or_not_at_all(database, clock):
    items = taxes(100)
    async with database.transaction() as tx:
        await charge(tx, items, booked_at=clock.now())
    parts = payment.charge_parts(
        taxpayer_id=TAXPAYER, return_id=uuid7(), return_no="R", period="2026Q3", due_on=DUE_ON, items=items,
        booked_at=clock.now(), entry_id=uuid7(),
    )  # fmt: skip
    async with database.statement() as tx:
        await together(tx, *parts)
        with pytest.raises(asyncpg.UniqueViolationError):
            await together(tx, *parts)
    async with database.transaction() as tx:
        assert await payment.owed(tx, [TAXPAYER]) == {TAXPAYER: 200}
        assert await payment.unbalanced(tx) == []


@pytest.mark.parametrize("sides", [("receivable", "receivable"), ("receivable", "pocket")])
async def test_lines_that_make_no_sense_are_refused_by_the_table(tx, clock, sides):
    await charge(tx, taxes(100), booked_at=clock.now())
    with pytest.raises(asyncpg.CheckViolationError):
        await tx.execute(
            "insert into payment_line select taxpayer_id, entry_id, 9, obligation_id, 'vat_small_scale', $1, $2, 5"
            " from payment_entry",
            *sides,
        )


def test_nothing_to_book_is_no_part_and_a_reduction_tells_the_news(clock):
    def parts(items):
        return payment.charge_parts(
            taxpayer_id=1, return_id=uuid7(), return_no="R", period="2026Q3", due_on=DUE_ON, items=items,
            booked_at=clock.now(), entry_id=uuid7(),
        )  # fmt: skip

    assert parts(taxes(0)) == []
    assert [p.name for p in parts(taxes(5, 7))] == ["entry", "line"]
    assert [p.name for p in parts(taxes(5, -7))] == ["entry", "line", "outbox"]


async def test_no_statement_changes_or_removes_what_was_booked():
    from pathlib import Path

    text = " ".join(p.read_text() for p in Path(payment.__file__).parent.rglob("*.py")).lower()
    for table in ("payment_entry", "payment_line", "payment_notice", "payment_transfer"):
        assert f"update {table}" not in text
        assert f"delete from {table}" not in text


async def test_random_hands_at_once_keep_the_balance(database, clock, task_context, outside):
    bank = outside["pay"] = FakeChannel(clock)
    async with database.transaction() as tx:
        await make_taxpayer(tx)
    towns = [Town(100 + n, database, clock, bank, task_context) for n in range(4)]
    await towns[0].file()
    for town in towns[1:]:
        town.returns = towns[0].returns
        town.orders = towns[0].orders

    async def hand(town):
        for _ in range(25):
            try:
                await town.step()
            except (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError) as locked:
                raise AssertionError("locks are taken in one order") from locked

    await asyncio.gather(*(hand(town) for town in towns))
    clock.move(hours=24)
    bank.is_away = False
    for _ in range(3):
        clock.at += timedelta(hours=1)
        await tasks.expire_orders(task_context, {})
        await tasks.ask_about_refunds(task_context, {})
        await drain(task_context)
    async with database.transaction() as tx:
        assert await payment.unbalanced(tx) == []
        assert await tx.fetchval("select count(*) from payment_order where state in ('created', 'paying')") == 0
