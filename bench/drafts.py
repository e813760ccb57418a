"""Fresh drafts for the load: begun in bulk with filing's own statements, each worked out so that it can be confirmed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from bench.people import Opened
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.base.period import Period
from palmtax.filing.actions.loading import load
from palmtax.filing.model.fields import TAX
from palmtax.filing.model.obligations import window
from palmtax.filing.store import drafts
from palmtax.plumbing.database import Database

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that can be submitted: whose, which, the sum to confirm (fen), which taxes it charges."""

    who: Opened
    draft_id: UUID
    period: str
    due_now_fen: int
    charged: tuple[str, ...]

    def body(self) -> bytes:
        """The request's JSON."""
        asked = {"draft_id": str(self.draft_id), "version": 1, "confirmed_due_now_fen": self.due_now_fen}
        return json.dumps(asked, separators=(",", ":")).encode()

    def headers(self) -> dict[str, str]:
        """The request's headers, as the phone sends them."""
        return {
            "authorization": f"Bearer {self.who.access_token}",
            "content-type": "application/json",
            "idempotency-key": f"bench-{self.period}-{self.draft_id}",
            "x-channel": "h5",
            "accept-language": "zh",
        }

    def request(self) -> str:
        """The whole request as it goes over the wire."""
        body = self.body().decode()
        lines = [f"{name}: {value}" for name, value in self.headers().items()]
        head = ["POST /api/filing/returns HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}", *lines]
        return "\r\n".join(head) + "\r\n\r\n" + body


async def _each(people: Sequence[Opened], work: Callable[[Opened], Awaitable[None]]) -> None:
    queue = iter(people)

    async def one() -> None:
        for who in queue:
            await work(who)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


async def begin(
    database: Database,
    people: Sequence[Opened],
    period: str,
    clock: Clock,
    *,
    number: Callable[[Opened], UUID] | None = None,
) -> dict[int, UUID]:
    """A draft of the period for everybody; taxpayer → draft. `number` chooses the draft's id (default: a new one)."""
    made: dict[int, UUID] = {}
    span = window(Period.parse(period))

    async def one(who: Opened) -> None:
        async with database.statement() as tx:
            made[who.taxpayer_id] = await drafts.begin(
                tx, who.taxpayer_id, number(who) if number else uuid7(), tax_type_code=TAX, period=period, sequence=1,
                amends_return_id=None, window=span, corrections={}, channel="h5", by=who.person_id, at=clock.now(),
            )  # fmt: skip

    await _each(people, one)
    return made


async def worked_out(
    database: Database, people: Sequence[Opened], made: dict[int, UUID], period: str, clock: Clock
) -> list[Ready]:
    """Each draft with the sum the person would see and confirm; those with something to mend are left out."""
    found: list[Ready] = []

    async def one(who: Opened) -> None:
        async with database.statement() as tx:
            loaded, _ = await load(tx, taxpayer_id=who.taxpayer_id, draft_id=made[who.taxpayer_id], clock=clock)
        if loaded is None or any(problem.is_blocking for problem in loaded.working.problems):
            return
        charged = tuple(sorted(tax for tax, amount in loaded.working.charges.items() if amount))
        found.append(Ready(who, made[who.taxpayer_id], period, loaded.working.result.due_now_fen, charged))

    await _each(people, one)
    return sorted(found, key=lambda ready: ready.who.taxpayer_id)
