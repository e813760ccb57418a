"""A crowd for a rush: people with nothing but themselves, signed in; added to a running house, their tokens on stdout.

    python -m demo.crowd VAR COUNT

Every crowd is of new people, so that a walk can be gone again on the same house. Through COPY, for a code by SMS is given
to ten people a minute and address; loaded only where they are wanted, so that no other start of the town waits for them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import asyncpg

from demo import identities, names, sessions
from palmtax import identity
from palmtax.base.clock import CHINA, FixedClock, SystemClock
from palmtax.base.identifiers import uuid7
from palmtax.identity.model.tokens import new_token
from palmtax.plumbing.database import Database
from palmtax.plumbing.postgres import Postgres

FIRST_PERSON, FIRST_NUMBER = 800_001, 40_000
"""Far from the people of the town, whatever its size."""
ROOM = 20_000
"""How many people all crowds of a house may have."""


async def _load(dsn: str, count: int, shift_days: int) -> list[dict[str, str]]:
    draw, now = Random(count), SystemClock().now() + timedelta(days=shift_days)
    connection = await asyncpg.connect(dsn)
    there = await connection.fetchval(
        "select count(*) from identity_person where person_id >= $1 and person_id < $2",
        FIRST_PERSON, FIRST_PERSON + ROOM,
    )  # fmt: skip
    people = [
        identity.NewPerson(
            FIRST_PERSON + number, names.person_name(draw), identities.phone(FIRST_NUMBER + number),
            identities.resident_id(FIRST_NUMBER + number),
        )
        for number in range(there, there + count)
    ]  # fmt: skip
    hats = [identity.NewHat(one.person_id, "self", "", hat_id=uuid7()) for one in people]
    database = Database(dsn)
    async with database.transaction() as tx:
        await identity.load_people(tx, clock=FixedClock(now.astimezone(CHINA)), people=people, hats=hats)
    await database.close()
    tokens = [new_token(one.person_id) for one in people]
    signed = [(h.person_id, uuid7(), token, h.hat_id) for h, token in zip(hats, tokens, strict=True)]
    await sessions.copy_sessions(connection, signed, channel="h5", way="sms", now=now)
    await connection.close()
    return [{"phone": p.phone, "name": p.name, "token": token} for p, token in zip(people, tokens, strict=True)]


def main(var: Path, count: int) -> None:
    """Add the crowd to the house that runs in this folder."""
    os.environ["PALMTAX_PRIVACY_KEY_FILE"] = str(var / "keys" / "privacy.key")
    database = Postgres(var / "postgres", port=int((var / "postgres" / "port").read_text()))
    shift_days = json.loads((var / "town.json").read_text())["shift_days"]
    sys.stdout.write(json.dumps(asyncio.run(_load(database.dsn(), count, shift_days)), ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
