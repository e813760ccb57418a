"""Makes what tests of the law desk need: officers of several rights, versions on their way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from filing.make import Caller
from filing.make import make_town as make_shops

from palmtax import identity, registry
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id
from palmtax.identity.model.tokens import Device
from palmtax.plumbing.database import Database, Tx

PROVINCE, ELSEWHERE = "14400000000", "14404000000"
DRAFTER, APPROVER, SECOND, BOTH, READER, FAR, NOBODY = range(601, 608)
READ = frozenset({"law.read"})
SCOPES = {
    DRAFTER: READ | {"law.draft"},
    APPROVER: READ | {"law.approve"},
    SECOND: READ | {"law.approve"},
    BOTH: READ | {"law.draft", "law.approve"},
    READER: READ,
    FAR: READ,
    NOBODY: frozenset({"cases.read"}),
}
KEY = "vat_small_scale.quarter_threshold"
ARTICLE = "财政部 税务总局公告2026年第10号 起征点标准"
TABLES = ("knowledge_law_change", "knowledge_law_act", "evidence_entry", "pgqueuer")


async def make_officers(tx: Tx, clock: Clock) -> None:
    """The shops of the filing tests, and officers of the province and of another city."""
    await make_shops(tx, clock)
    await registry.load_offices(
        tx, [registry.Office(PROVINCE, "云省税务局", "Yun"), registry.Office(ELSEWHERE, "云汀市税务局", "Yunting")]
    )
    people = [
        identity.NewPerson(n, f"颜{n}", f"15400000{n:03d}", make_resident_id("990100", date(1980, 1, 1), n))
        for n in SCOPES
    ]
    hats = [
        identity.NewHat(
            n, "law_drafter", "云省税务局", office_code=ELSEWHERE if n == FAR else PROVINCE, scopes=frozenset(scopes)
        )
        for n, scopes in SCOPES.items()
    ]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


async def sign_in(client: Any, database: Database, clock: Clock, person_id: int, *, proved: bool = True) -> Caller:
    """An officer at the workbench, with a fresh second proof unless said otherwise."""
    async with database.transaction() as tx:
        signed = await identity.open_session(
            tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
        )
        if proved:
            await tx.execute(
                "update identity_session set second_factor_until = $2 where person_id = $1",
                person_id, clock.now() + timedelta(minutes=10),
            )  # fmt: skip
    return Caller(client, signed.access_token, "workbench")


def a_version(**other: Any) -> dict[str, Any]:
    """The small-scale threshold of a quarter at 450,000 yuan from 2027, as a drafter types it."""
    body = {
        "key": KEY, "value": "450000", "first_day": "2027-01-01", "until": "2027-12-31", "article": ARTICLE,
        "published": "2026-11-20", "source": "税务总局公告（试）", "confidence": "own", "note": "演示",
    }  # fmt: skip
    return {**body, **other}


def edited(**other: Any) -> dict[str, Any]:
    """The same without the key, for a change of the draft."""
    return {name: value for name, value in a_version(**other).items() if name != "key"}


async def picture(database: Database) -> dict[str, str]:
    """Everything the desk can change, to compare before and after a refusal."""
    async with database.statement() as tx:
        return {
            name: await tx.fetchval(f"select coalesce(string_agg(t::text, '|' order by t::text), '') from {name} t")
            for name in TABLES
        }
