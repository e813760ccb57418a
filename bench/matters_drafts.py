"""Drafts of matters that only have to be handed in: whole, checked by the application's own reading, written by COPY."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from bench.people import Opened
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.identity import ROLES
from palmtax.matters.actions import sources
from palmtax.matters.model import answers, catalogue
from palmtax.matters.model.answers import Answer
from palmtax.matters.model.application import Application, application_number
from palmtax.matters.model.matter import Matter
from palmtax.matters.store.rows import COLUMNS, values_of
from palmtax.plumbing.database import Database

ROLE = "legal_rep"
GIVEN: dict[str, dict[str, Any]] = {
    "XXBG-009": {
        "action": "opened", "bank": "中国工商银行", "branch": "示例支行", "account_no": "6222000000000000018",
        "account_kind": "basic", "currency": "cny", "happened_on": "2026-10-12", "is_for_tax": True,
    },
    "FPBL-002": {
        "direction": "raise", "requested_quota": 500_000_000, "reason": "season", "expected_invoices": 180_000_000,
    },
}  # fmt: skip
"""What people answer, as the wire carries it: amounts in fen."""
EACH_ITS_OWN = frozenset({"invoice.quota_used_fen"})
"""What differs from business to business and need not be answered; the name differs too, and is read with the rows."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that can be handed in."""

    who: Opened
    draft_id: UUID
    period: str = "no period"
    """Scripts of pgbench exchange it; an application has none."""

    def path(self) -> str:
        """Where it is."""
        return f"/api/matters/applications/{self.draft_id}"

    def body(self) -> bytes:
        """The submission's JSON."""
        asked = {"version": 1, "idempotency_key": f"bench-{self.draft_id}", "is_confirmed": True}
        return json.dumps(asked, separators=(",", ":")).encode()

    def headers(self) -> dict[str, str]:
        """The request's headers, as the phone sends them."""
        return {
            "authorization": f"Bearer {self.who.access_token}",
            "content-type": "application/json",
            "x-channel": "h5",
            "accept-language": "zh",
        }

    def request(self) -> str:
        """The whole submission as it goes over the wire."""
        body = self.body().decode()
        lines = [f"{name}: {value}" for name, value in self.headers().items()]
        head = [f"POST {self.path()}/submission HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}", *lines]
        return "\r\n".join(head) + "\r\n\r\n" + body


def _fresh(_who: Opened) -> UUID:
    return uuid7()


async def begin(
    database: Database, people: Sequence[Opened], code: str, clock: Clock, number: Callable[[Opened], UUID] = _fresh
) -> list[Prepared]:
    """A draft of the matter for everybody, filled; what the bureau holds is read for the first and true for all of the town.

    `number` chooses an application's identifier. RuntimeError when the first one could not be handed in.
    """
    matter = catalogue.find_matter(code)
    pool = await database.pool()
    async with pool.acquire() as connection:
        rows = await connection.fetch("select taxpayer_id, name, office_code from registry_taxpayer")
        known = {row["taxpayer_id"]: row for row in rows}
        held = await _held(connection, people[0], matter, clock)
        made = [_filled(who, number(who), known[who.taxpayer_id], matter, held, clock) for who in people]
        await connection.copy_records_to_table(
            "matters_application", columns=list(COLUMNS), records=[values_of(one) for one in made]
        )
    return [Prepared(who, one.application_id) for who, one in zip(people, made, strict=True)]


async def _held(connection: asyncpg.Connection, who: Opened, matter: Matter, clock: Clock) -> dict[str, Any]:
    """What the sources say of a business of this town, but for its own name."""
    hat = Hat(uuid7(), "enterprise", ROLE, who.taxpayer_id, None, ROLES[ROLE].scopes)
    actor = Actor(who.person_id, uuid7(), hat, "h5", "bench")
    names = [name for name in matter.sources if name not in EACH_ITS_OWN]
    return await sources.held(connection, actor=actor, clock=clock, taxpayer_id=who.taxpayer_id, names=names)


def _filled(who: Opened, number: UUID, row: Any, matter: Matter, held: dict[str, Any], clock: Clock) -> Application:
    now = clock.now()
    own = held | {name: row["name"] for name in held if name == "registry.name"}
    filled = sources.prefilled(matter, own, channel="h5", at=now)
    filled |= {code: Answer(value, answers.PERSON, "h5", now) for code, value in GIVEN[matter.code].items()}
    return Application(
        taxpayer_id=who.taxpayer_id, application_id=number, application_no=application_number(number, clock.today()),
        matter_code=matter.code, catalogue_version=catalogue.version(), state="draft", version=1, category="small_scale",
        role_code=ROLE, office_code=row["office_code"], answers=filled, started_by=who.person_id, started_channel="h5",
        last_channel="h5", started_at=now, updated_at=now,
    )  # fmt: skip
