"""One token for each name among all processes: fetched once, sealed, renewed in time, never stormed for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from palmtax import privacy
from palmtax.plumbing import tokens
from palmtax.plumbing.database import Database
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.settings import DatabaseSettings
from palmtax.plumbing.tokens import TokenKeeper, token_states

NAME = "wechat_oa:wx1"


@dataclass
class Platform:
    """Gives tokens that live `seconds`; may be told to refuse, to be away, or to wait until it is let go."""

    seconds: int = 7200
    fault: Exception | None = None
    gate: asyncio.Event | None = None
    asked: int = 0
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self) -> tuple[str, int]:
        self.asked += 1
        number = self.asked
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return f"token-{number}", self.seconds


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def keeper(database: Database, platform: Platform) -> Callable[[], TokenKeeper]:
    """A keeper as another process has it: nothing shared with the others but the database."""
    return lambda: TokenKeeper(database, NAME, platform)


async def set_row(database: Database, **seconds: float | None) -> None:
    """Move instants of the row: so many seconds from now, none for null."""
    async with database.transaction() as tx:
        for column, value in seconds.items():
            await tx.execute(f"update plumbing_token set {column} = now() + make_interval(secs => $1)", value)


async def test_many_processes_fetch_one_token(keeper, platform):
    found = await asyncio.gather(*(keeper().get() for _ in range(12)), *(one.get() for one in [keeper()] * 12))
    assert set(found) == {"token-1"}
    assert platform.asked == 1


async def test_a_fresh_token_costs_no_round_trip(postgres, template, keeper, platform, database):
    one = keeper()
    await one.get()
    await database.close()
    away = one._database
    one._database = Database("postgresql://nobody@127.0.0.1:9/nothing", DatabaseSettings())
    assert await one.get() == "token-1"
    one._database = away


async def test_the_token_lies_sealed(keeper, database):
    token = await keeper().get()
    async with database.statement() as tx:
        row = await tx.fetchrow("select * from plumbing_token")
    assert token not in str(dict(row.items()))
    assert privacy.unseal(row["secret_sealed"], "plumbing.token") == token
    with pytest.raises(privacy.BrokenSeal):
        privacy.unseal(row["secret_sealed"], "identity.token")


async def test_it_is_renewed_before_it_ends_while_the_old_one_serves(keeper, platform, database):
    await keeper().get()
    await set_row(database, renew_at=-1, expires_at=250)
    platform.gate, platform.entered = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(keeper().get())
    await platform.entered.wait()
    assert [await keeper().get() for _ in range(5)] == ["token-1"] * 5, "the others do not wait"
    platform.gate.set()
    assert await first == "token-2"
    assert await keeper().get() == "token-2"
    assert platform.asked == 2


async def test_without_a_living_token_others_wait_for_the_one_who_fetches(keeper, platform):
    platform.gate = asyncio.Event()
    waiting = [asyncio.create_task(keeper().get()) for _ in range(6)]
    await platform.entered.wait()
    platform.gate.set()
    assert await asyncio.gather(*waiting) == ["token-1"] * 6
    assert platform.asked == 1


async def test_a_dropped_token_is_replaced_once_for_all(keeper, platform):
    mine, others = keeper(), keeper()
    old = await mine.get()
    assert await others.get() == old
    await mine.drop(old)
    assert await mine.get() == "token-2"
    await others.drop(old)
    assert await others.get() == "token-2", "the drop of a token already replaced changes nothing"
    assert platform.asked == 2


async def test_a_killed_refresher_is_followed_after_its_lease(keeper, platform, database):
    platform.gate = asyncio.Event()
    killed = asyncio.create_task(keeper().get())
    await platform.entered.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    platform.gate = None
    waiting = asyncio.create_task(keeper().get())
    async with database.statement() as tx:
        assert await tx.fetchval("select refresher is not null from plumbing_token")
    assert platform.asked == 1
    await set_row(database, next_try_at=0)
    assert await waiting == "token-2"


async def test_a_platform_that_refuses_is_not_stormed_and_the_fault_can_be_read(keeper, platform, database):
    platform.fault = OutsideRefused("40125", "bad secret")
    with pytest.raises(OutsideRefused):
        await keeper().get()
    for _ in range(10):
        with pytest.raises(OutsideUnavailable) as away:
            await keeper().get()
        assert "40125" in away.value.text
    assert platform.asked == 1
    async with database.statement() as tx:
        (state,) = await token_states(tx)
    assert (state.name, state.is_alive, state.failures, state.last_error) == (NAME, False, 1, "40125 bad secret")
    assert state.last_error_at is not None
    await set_row(database, next_try_at=0)
    platform.fault = None
    assert await keeper().get() == "token-2"
    async with database.statement() as tx:
        (state,) = await token_states(tx)
    assert (state.is_alive, state.failures, state.last_error) == (True, 0, "")


async def test_while_the_platform_is_away_the_old_token_serves(keeper, platform, database):
    await keeper().get()
    await set_row(database, renew_at=-1, expires_at=250)
    platform.fault = OutsideUnavailable("http_500")
    assert [await keeper().get() for _ in range(5)] == ["token-1"] * 5
    assert platform.asked == 2
    await set_row(database, expires_at=0)
    with pytest.raises(OutsideUnavailable):
        await keeper().get()
    assert platform.asked == 2


async def test_the_pause_after_faults_grows_to_a_minute(keeper, platform, database):
    platform.fault = OutsideUnavailable("http_500")
    pauses = []
    for _ in range(9):
        with pytest.raises(OutsideUnavailable):
            await keeper().get()
        async with database.statement() as tx:
            pauses.append(
                await tx.fetchval(
                    "select round(extract(epoch from next_try_at - last_error_at))::int from plumbing_token"
                )
            )
        await set_row(database, next_try_at=0)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_tokens_refused_young_again_and_again_cost_a_pause(keeper, platform):
    one = keeper()
    for _ in range(2):
        await one.drop(await one.get())
    with pytest.raises(OutsideUnavailable) as away:
        await one.get()
    assert "refused too often" in away.value.text
    assert platform.asked == 2


async def test_a_short_life_is_used_in_half(keeper, platform, database):
    platform.seconds = 200
    await keeper().get()
    async with database.statement() as tx:
        left = await tx.fetchval("select round(extract(epoch from renew_at - fetched_at))::int from plumbing_token")
    assert left == 100


async def test_an_answer_that_comes_too_late_is_given_up(keeper, platform, database, monkeypatch):
    monkeypatch.setattr(tokens, "LEASE_SECONDS", 0.2)
    platform.gate = asyncio.Event()
    with pytest.raises(OutsideUnavailable):
        await keeper().get()
    async with database.statement() as tx:
        assert await tx.fetchval("select last_error from plumbing_token") == "timeout"
