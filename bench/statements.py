"""The statements one request really sends, caught at the connection, and the same ones as a pgbench script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import orjson

from bench.people import Opened
from palmtax.plumbing.database import Database

BILLION = 10**9
_PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement on the wire: text, values, seconds until its answer."""

    sql: str
    args: tuple[Any, ...]
    seconds: float


class ListeningDatabase(Database):
    """A pool whose every statement is written down; used by one request at a time."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self.sent: list[Sent] = []
        self._heard: set[int] = set()

    async def pool(self) -> asyncpg.Pool:
        """The pool; its first connection (the only one that requests in a row use) tells what it sends."""
        pool = await super().pool()
        if not self._heard:
            async with pool.acquire() as connection:
                self._heard.add(id(pool))
                connection.add_query_logger(self._note)
        return pool

    def _note(self, record: asyncpg.connection.LoggedQuery) -> None:
        self.sent.append(Sent(record.query, tuple(record.args or ()), record.elapsed))


def uuid_of(number: int) -> UUID:
    """The id whose digits are this number: what `lpad(…, 32, '0')::uuid` makes of it."""
    return UUID(f"{number:032d}")


def draft_number(round_no: int, taxpayer_id: int) -> int:
    """The number of the draft that pgbench submits for a taxpayer in a round."""
    return round_no * 100 * BILLION + taxpayer_id


class Handed(Protocol):
    """What a caught request handed in: whose, which draft, for what period."""

    @property
    def who(self) -> Opened:
        """The business and its owner."""
        ...

    @property
    def draft_id(self) -> UUID:
        """The draft."""
        ...

    @property
    def period(self) -> str:
        """The period, which the script exchanges for its own."""
        ...


@dataclass(slots=True)
class Script:
    """A pgbench script for one kind of request, and the fixed values it needs."""

    prefix: str
    round_no: int
    period: str
    sample: Handed
    other: Handed
    names: dict[str, str] = field(default_factory=dict)
    roles: dict[Any, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def _role(self, value: Any) -> str:
        """A pgbench variable that is new in every transaction and the same wherever this value stands."""
        if value == self.sample.draft_id:
            return "u0"
        return f"u{self.roles.setdefault(value, len(self.roles) + 1)}"

    def _fixed(self, value: Any, kind: str) -> str:
        if value is None:
            return f"null::{kind}"
        text = as_text(self.period if value == self.sample.period else value, kind)
        if not text:
            return f"''::{kind}"  # a variable of pgbench cannot be empty
        name = f"{self.prefix}{len(self.names)}"
        self.names[name] = text
        return f":{name}"

    def expression(self, mine: Any, others: Any, kind: str) -> str:
        """What stands in the script for a value: variable where it belongs to the taxpayer or the request, else fixed."""
        if isinstance(mine, list) and kind.endswith("[]") and mine and mine != others:
            inner = [self.expression(a, b, kind[:-2]) for a, b in zip(mine, others, strict=True)]
            return f"array[{', '.join(inner)}]::{kind}"
        if mine == self.sample.who.taxpayer_id and others == self.other.who.taxpayer_id:
            return ":t"
        if mine == self.sample.who.person_id and others == self.other.who.person_id:
            return ":p"
        if mine == others:
            return self._fixed(mine, kind)
        if isinstance(mine, str) and kind == "text":
            return f"lpad(:{self._role(mine)}::text, {len(mine)}, '0')"
        if kind == "uuid":
            return f"lpad(:{self._role(UUID(str(mine)))}::text, 32, '0')::uuid"
        if isinstance(mine, bytes) and len(mine) == 32:
            return "decode(lpad(:t::text, 64, '0'), 'hex')"
        return self._fixed(mine, kind)

    def add(self, sql: str, mine: Sequence[Any], others: Sequence[Any], kinds: Sequence[str]) -> None:
        """One more statement."""
        expressions = [self.expression(a, b, k) for a, b, k in zip(mine, others, kinds, strict=True)]
        self.lines.append(_PLACE.sub(lambda found: expressions[int(found.group(1)) - 1], sql).strip() + ";")

    def text(self) -> str:
        """The file: every client walks its own block of taxpayers, one after the other, as the HTTP clients do."""
        base = self.round_no * 100 * BILLION
        head = [
            "\\set i :i + 1",
            "\\set t :first + :client_id * :each + :i",
            "\\set p :t + :offset",
            f"\\set u0 {base} + :t",
            *(f"\\set u{role} {base + role * BILLION} + :t" for role in self.roles.values()),
        ]
        return "\n".join([*head, *self.lines]) + "\n"


def as_text(value: Any, kind: str) -> str:
    """A value as PostgreSQL reads it."""
    if kind in ("json", "jsonb"):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "{" + ",".join(as_text(part, kind.removesuffix("[]")) for part in value) + "}"
    return str(value)


async def kinds_of(connection: asyncpg.Connection, sql: str) -> list[str]:
    """The types the server wants for `$1…`."""
    prepared = await connection.prepare(sql)
    return [
        f"{found.name.removesuffix('[]')}[]" if found.kind == "array" else found.name
        for found in prepared.get_parameters()
    ]


async def script_of(
    connection: asyncpg.Connection, prefix: str, round_no: int, period: str, mine: tuple[Handed, list[Sent]],
    others: tuple[Handed, list[Sent]],
) -> Script:  # fmt: skip
    """The script that sends what both requests sent, for another period; they must have sent the same statements."""
    if [sent.sql for sent in mine[1]] != [sent.sql for sent in others[1]]:
        raise RuntimeError(
            "two requests of one kind sent different statements: compare bench/statements.py with the action"
        )
    script = Script(prefix, round_no, period, mine[0], others[0])
    for one, other in zip(mine[1], others[1], strict=True):
        script.add(one.sql, one.args, other.args, await kinds_of(connection, one.sql))
    return script
