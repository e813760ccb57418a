"""Officers who decide, and cases of every kind for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from cases.make import CITY, EAST, NORTH, NORTH_HALL

from palmtax import cases, identity
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Database, Tx

ANNA, BO, CHEF, HALL, EASTER, CITY_CHEF, CLERK = 951, 952, 953, 954, 955, 956, 957
STAFF = {
    ANNA: ("case_officer", NORTH), BO: ("case_officer", NORTH), CHEF: ("approver", NORTH),
    HALL: ("case_officer", NORTH_HALL), EASTER: ("case_officer", EAST), CITY_CHEF: ("approver", CITY),
    CLERK: ("hall_clerk", NORTH),
}  # fmt: skip
SHOP, HALL_SHOP, EAST_SHOP = 9001, 9002, 9003


async def make_staff(tx: Tx, clock: Clock) -> None:
    """The officers of STAFF."""
    people = [
        identity.NewPerson(n, f"顾{n}", f"15500000{n:03d}", make_resident_id("990101", date(1981, 1, 1), n))
        for n in STAFF
    ]
    hats = [identity.NewHat(n, role, "税务局", office_code=office) for n, (role, office) in STAFF.items()]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


def actor(person_id: int) -> Actor:
    """The officer at the workbench."""
    role, office = STAFF[person_id]
    hat = Hat(uuid4(), "officer", role, None, office, identity.ROLES[role].scopes)
    return Actor(person_id, uuid4(), hat, "workbench", "test-request")


async def make_case(tx: Tx, clock: Clock, **other: Any) -> cases.Case:
    """A matter of a shop of NORTH, due in three working days, unless said otherwise."""
    values: dict[str, Any] = {
        "kind": "matter", "subject_id": uuid4(), "taxpayer_id": SHOP, "code": "FPBL-002", "title": "数电发票额度调整",
        "title_en": "Invoice quota", "office_code": NORTH, "skill": "invoice", "needs_two": False,
        "due_on": clock.today() + timedelta(days=3),
    }  # fmt: skip
    case_id = await cases.open_case(tx, cases.new_case(clock=clock, **(values | other)), clock=clock)
    return await one(tx, case_id)


async def one(tx: Tx, case_id: UUID) -> cases.Case:
    """The case as it is now."""
    [found] = await store.find(tx, [case_id])
    return found


async def opened(database: Database, clock: Clock, **other: Any) -> cases.Case:
    """A case that is committed."""
    async with database.transaction() as tx:
        return await make_case(tx, clock, **other)


async def now(database: Database, case: cases.Case) -> cases.Case:
    """The same case as it is now."""
    async with database.statement() as tx:
        return await one(tx, case.case_id)


async def acts(database: Database, case: cases.Case) -> list[str]:
    """What evidence holds of a case, in order."""
    async with database.statement() as tx:
        rows = await tx.fetch(
            "select act from evidence_entry where taxpayer_id = $1 and subject_id = $2 order by entry_id",
            case.taxpayer_id, case.case_id,
        )  # fmt: skip
    return [row["act"].removeprefix("cases.") for row in rows]
