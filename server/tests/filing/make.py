"""Makes what tests of filing and invoices need: taxpayers, signed-in people, invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx

from palmtax import identity, registry
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id, make_uscc
from palmtax.identity.model.tokens import Device
from palmtax.invoice.model import InvoiceLine, NewInvoice, right_tax_fen
from palmtax.invoice.store import pool
from palmtax.plumbing.database import Database, Tx

SHOP, NEIGHBOUR, GENERAL, MONTHLY, VILLAGE = 5001, 5002, 5003, 5004, 5005
OWNER, CLERK, VIEWER, STRANGER = 71, 72, 73, 74
OFFICE = "14403050000"
NAMES = {OWNER: "陈小满", CLERK: "林会计", VIEWER: "吴出纳", STRANGER: "郑邻居"}


def uscc(taxpayer_id: int) -> str:
    """The code of an invented taxpayer."""
    return make_uscc("9", "2", "440305", f"MA{taxpayer_id:06d}")


def make_taxpayer(taxpayer_id: int, **other: Any) -> registry.Taxpayer:
    """A small-scale shop in the city that files by the quarter, unless said otherwise."""
    values: dict[str, Any] = {
        "name": f"小满面馆{taxpayer_id}", "uscc": uscc(taxpayer_id), "kind": "individual_business",
        "vat_kind": "small_scale", "filing_period": "quarter", "place_kind": "city", "is_half_relief": True,
        "industry": "餐饮", "address": "云山区一号", "office_code": OFFICE, "office_name": "云山区税务局",
        "registered_on": date(2026, 5, 6), "status": "normal",
    }  # fmt: skip
    return registry.Taxpayer(taxpayer_id=taxpayer_id, **(values | other))


async def make_town(tx: Tx, clock: Clock) -> None:
    """Five taxpayers and four people."""
    await registry.load_offices(tx, [registry.Office(OFFICE, "云山区税务局", "Yunshan District Tax Bureau")])
    town = [
        make_taxpayer(SHOP), make_taxpayer(NEIGHBOUR), make_taxpayer(GENERAL, vat_kind="general"),
        make_taxpayer(MONTHLY, filing_period="month", registered_on=date(2026, 9, 1)),
        make_taxpayer(VILLAGE, place_kind="other", is_half_relief=False, registered_on=date(2025, 1, 1)),
    ]  # fmt: skip
    await registry.load_taxpayers(tx, town)
    people = [
        identity.NewPerson(one, name, f"138000000{one}", make_resident_id("990000", date(1990, 1, 1), one))
        for one, name in NAMES.items()
    ]
    hats = [
        identity.NewHat(OWNER, "legal_rep", taxpayer.name, taxpayer_id=taxpayer.taxpayer_id, uscc=taxpayer.uscc)
        for taxpayer in town
        if taxpayer.taxpayer_id != NEIGHBOUR
    ]
    hats += [
        identity.NewHat(CLERK, "finance_lead", town[0].name, taxpayer_id=SHOP, uscc=town[0].uscc),
        identity.NewHat(VIEWER, "invoice_clerk", town[0].name, taxpayer_id=SHOP, uscc=town[0].uscc),
        identity.NewHat(STRANGER, "legal_rep", town[1].name, taxpayer_id=NEIGHBOUR, uscc=town[1].uscc),
    ]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


@dataclass
class Caller:
    """A signed-in person under one hat, on one channel."""

    client: httpx.AsyncClient
    token: str
    channel: str

    async def __call__(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "x-channel": self.channel, **more.pop("headers", {})}
        if key is not None:
            headers["idempotency-key"] = key
        return await self.client.request(method, f"/api{path}", json=body, headers=headers, **more)

    async def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer, which must be a success."""
        answer = await self(method, path, body, **more)
        assert answer.status_code < 300, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def refused(self, status: int, code: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The refusal, which must be this one and in words."""
        answer = await self(method, path, body, **more)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert answer.json()["text"]
        assert code.startswith("plumbing.") or "{" not in answer.json()["text"] + answer.json()["hint"]
        return answer.json()


async def sign_in(
    client: httpx.AsyncClient,
    database: Database,
    clock: Clock,
    person_id: int,
    taxpayer_id: int,
    channel: str = "miniprogram",
) -> Caller:
    """A person with the hat for this taxpayer on."""
    async with database.transaction() as tx:
        signed = await identity.open_session(
            tx, clock=clock, person_id=person_id, device=Device("phone", channel), way="sms", request_id="test"
        )
        caller = Caller(client, signed.access_token, channel)
    me = (await caller("GET", "/identity/me")).json()
    hat = next(h for h in me["hats"] if h.get("taxpayer_id") == taxpayer_id)
    await caller.ok("POST", "/identity/hat", {"hat_id": hat["hat_id"]})
    return caller


def make_invoice(
    number: int,
    amount_fen: int,
    *,
    rate: str = "0.01",
    kind: str = "ordinary",
    on: date = date(2026, 8, 12),
    real_estate: bool = False,
    red_of: str | None = None,
) -> NewInvoice:
    """An issued invoice of one line."""
    line = InvoiceLine("*餐饮服务*餐费", rate, amount_fen, 0)
    line = InvoiceLine(line.item, rate, amount_fen, right_tax_fen(line))
    return NewInvoice(
        f"26440000{number:012d}",
        kind,
        "issued",
        on,
        "云山学校",
        (line,),
        real_estate,
        red_of,  # type: ignore[arg-type]
    )


async def put_invoices(database: Database, clock: Clock, taxpayer_id: int, *invoices: NewInvoice) -> dict[str, UUID]:
    """Put invoices into the pool."""
    async with database.transaction() as tx:
        return await pool.insert(
            tx, taxpayer_id, [(None, one) for one in invoices], pool.Provenance("pool", clock.now())
        )


def a_key() -> str:
    """A fresh idempotency key."""
    return uuid4().hex


TABLES = (
    "filing_draft",
    "filing_return",
    "invoice_invoice",
    "payment_entry",
    "payment_line",
    "evidence_entry",
    "pgqueuer",
)


async def picture(database: Database) -> dict[str, str]:
    """Everything filing can change, to compare before and after a refusal."""
    async with database.statement() as tx:
        return {
            name: await tx.fetchval(f"select coalesce(string_agg(t::text, '|' order by t::text), '') from {name} t")
            for name in TABLES
        }


async def submit(who: Caller, draft: dict[str, Any], key: str | None = None) -> httpx.Response:
    """Submit what the draft shows."""
    body = {
        "draft_id": draft["draft_id"], "version": draft["version"],
        "confirmed_due_now_fen": draft["result"]["due_now_fen"],
    }  # fmt: skip
    return await who("POST", "/filing/returns", body, key=key or a_key())


async def begin(who: Caller, period: str = "2026Q3") -> Any:
    """The draft of a period."""
    return await who.ok("POST", "/filing/drafts", {"tax_type_code": "vat_small_scale", "period": period})
