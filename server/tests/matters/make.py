"""A town for tests of matters: taxpayers of every category, people in every role, officers; and the walk through one matter."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from palmtax import identity, registry
from palmtax.base.actor import NATURAL_BASE, Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id, make_uscc, uuid7
from palmtax.base.money import yuan
from palmtax.identity.model.tokens import Device
from palmtax.identity.store import sessions
from palmtax.matters.actions.finishing import arguments
from palmtax.matters.model.matter import Call, Example, Matter
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.effects import EFFECTS, Act

OFFICE, PROVINCE = "19903050000", "19900000000"
FIRST, SECOND, SUPERVISOR = 901, 902, 903
_VAT = {"individual_business": "small_scale", "small_scale": "small_scale", "general": "general"}
_PHONE = "154000{:05d}"


async def make_offices(tx: Tx, clock: Clock) -> None:
    """A province, a district, and three officers of the district."""
    await registry.load_offices(
        tx,
        [
            registry.Office(PROVINCE, "云省税务局", "Yun Provincial Tax Service"),
            registry.Office(OFFICE, "云山区税务局", "Yunshan District Tax Bureau"),
        ],
    )
    roles = {FIRST: "case_officer", SECOND: "approver", SUPERVISOR: "decision_maker"}
    people = [
        identity.NewPerson(n, f"沈{n}", _PHONE.format(n), make_resident_id("990100", date(1980, 1, 1), n))
        for n in roles
    ]
    hats = [identity.NewHat(n, role, "云省税务局", office_code=PROVINCE) for n, role in roles.items()]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


@dataclass
class Person:
    """Somebody signed in under one hat."""

    client: httpx.AsyncClient
    token: str
    person_id: int
    taxpayer_id: int
    hat: Hat | None
    channel: str = "h5"

    async def __call__(self, method: str, path: str, body: Any = None, content: bytes | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "x-channel": self.channel}
        return await self.client.request(method, f"/api{path}", json=body, content=content, headers=headers)

    async def ok(self, method: str, path: str, body: Any = None, content: bytes | None = None) -> Any:
        """The answer, which must be a good one."""
        answer = await self(method, path, body, content)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:1500]}"
        return answer.json() if "json" in answer.headers["content-type"] else answer.content

    def actor(self) -> Actor:
        """The same person as doors know them."""
        return Actor(self.person_id, uuid7(), self.hat, "h5", "test-request", second_factor=True)


class Town:
    """Makes people as tests need them, each with a taxpayer of their own."""

    def __init__(self, client: httpx.AsyncClient, database: Database, clock: Clock) -> None:
        self.client, self.database, self.clock = client, database, clock
        self._next = 2000

    async def person(self, category: str, role: str, channel: str = "h5", **other: Any) -> Person:
        """Somebody new with a hat of this role for a new taxpayer of this category."""
        self._next += 1
        number = self._next
        name = f"林小{number}"
        resident = make_resident_id("990100", date(1990, 1, 1), number % 1000)
        async with self.database.transaction() as tx:
            if category == "natural_person":
                taxpayer_id = NATURAL_BASE + number
                hat = identity.NewHat(number, "self", name, hat_id=uuid7())
                await registry.ensure_natural_person(
                    tx, clock=self.clock, person_id=number, name_masked="林*", office_code=OFFICE
                )
                if role == "agent":
                    hat = identity.NewHat(number, "agent", name, taxpayer_id=taxpayer_id, hat_id=uuid7())
            else:
                taxpayer_id = 100_000 + number
                code = make_uscc("9", "2", "990100", f"MA{number:06d}")
                values: dict[str, Any] = {
                    "name": f"云山小店{number}", "uscc": code,
                    "kind": "individual_business" if category == "individual_business" else "enterprise",
                    "vat_kind": _VAT[category], "filing_period": "quarter", "place_kind": "city", "is_half_relief": True,
                    "industry": "餐饮", "address": "云山区一号", "office_code": OFFICE, "office_name": "云山区税务局",
                    "registered_on": date(2025, 5, 6), "status": "normal",
                }  # fmt: skip
                await registry.load_taxpayers(tx, [registry.Taxpayer(taxpayer_id=taxpayer_id, **(values | other))])
                hat = identity.NewHat(number, role, "云山小店", taxpayer_id=taxpayer_id, uscc=code, hat_id=uuid7())
            person = identity.NewPerson(number, name, _PHONE.format(number), resident)
            await identity.load_people(tx, clock=self.clock, people=[person], hats=[hat])
            signed = await self._signed(tx, number, channel)
            asking = Actor(number, signed.session_id, None, "h5", "test")
            await identity.put_on_hat(tx, actor=asking, clock=self.clock, hat_id=hat.hat_id)
            await sessions.set_second_factor(
                tx, person_id=number, session_id=signed.session_id, until=self.clock.now() + timedelta(days=1)
            )
        carried = Hat(hat.hat_id, identity.ROLES[role].kind, role, taxpayer_id, None, identity.ROLES[role].scopes)
        return Person(self.client, signed.access_token, number, taxpayer_id, carried, channel)

    async def officer(self, number: int = FIRST) -> Person:
        """An officer of the province, at the workbench."""
        async with self.database.transaction() as tx:
            signed = await self._signed(tx, number, "workbench")
        return Person(self.client, signed.access_token, number, 0, None, "workbench")

    async def _signed(self, tx: Tx, number: int, channel: str) -> identity.SignedIn:
        return await identity.open_session(
            tx, clock=self.clock, person_id=number, device=Device("phone", channel), way="sms", request_id="test"
        )

    async def given(self, who: Person, calls: tuple[Call, ...]) -> None:
        """What an example says must exist first."""
        for place, call in enumerate(calls):
            async with self.database.transaction() as tx:
                act = Act(
                    actor=who.actor(), clock=self.clock, taxpayer_id=who.taxpayer_id, application_id=uuid4(),
                    application_no=f"SXTEST{place}", matter_code="TEST-001", title="先前", title_en="Before", answers={},
                    computed=None, office_code=OFFICE, request_id="test",
                )  # fmt: skip
                await EFFECTS[call.do].handler(tx, act=act, **arguments(call, act))


def picture(colour: str = "white", size: tuple[int, int] = (640, 480)) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


async def upload(who: Person, application_id: str, paper: str, content: bytes, name: str = "合同.jpg") -> Any:
    """One file, in one piece."""
    ask = {"application_id": application_id, "paper_code": paper, "file_name": name, "size_bytes": len(content),
           "idempotency_key": f"key-{uuid4()}"}  # fmt: skip
    begun = await who.ok("POST", "/matters/uploads", ask)
    step, last = begun["chunk_bytes"], begun
    for offset in range(0, len(content), step):
        piece = content[offset : offset + step]
        last = await who.ok("PUT", f"/matters/uploads/{begun['upload_id']}/bytes?offset={offset}", content=piece)
    assert last["is_complete"]
    return last["paper"]


def asked(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The questions of an application by code."""
    return {ask["code"]: ask for section in shown["sections"] for ask in section["asks"]}


async def filled(town: Town, who: Person, matter: Matter, example: Example) -> Any:
    """A draft of the matter with the example's answers and papers; nothing may be missing or wrong."""
    await town.given(who, example.given)
    shown = await who.ok("POST", "/matters/applications", {"matter_code": matter.code, "fresh": True})
    here = f"/matters/applications/{shown['application_id']}"
    known = asked(shown)
    answers = {code: value for code, value in example.answers.items() if not known[code]["is_locked"]}
    shown = await who.ok("PATCH", here, {"version": shown["version"], "answers": answers})
    for paper in shown["papers"]:
        wanted = paper["is_needed"] and (not paper["is_optional"] or paper["code"] in example.papers)
        if wanted:
            await upload(who, shown["application_id"], paper["code"], picture())
    shown = await who.ok("POST", f"{here}/check")
    assert shown["problems"] == [], shown["problems"]
    return shown


async def submitted(who: Person, shown: Mapping[str, Any]) -> Any:
    """The draft handed in."""
    here = f"/matters/applications/{shown['application_id']}"
    ask = {"version": shown["version"], "idempotency_key": f"key-{uuid4()}", "is_confirmed": True}
    sent = await who.ok("POST", f"{here}/submission", ask)
    again = await who.ok("POST", f"{here}/submission", ask)
    assert again["version"] == sent["version"], "the same key hands in once"
    return sent


async def decided(town: Town, who: Person, matter: Matter, example: Example, sent: Mapping[str, Any]) -> Any:
    """What the officers of the example say, and the application afterwards."""
    number = sent["application_id"]
    here = f"/matters/cases/{number}"
    first = await town.officer(FIRST)
    desk = await first.ok("GET", here)
    if example.decision == "supplement_then_yes":
        ask = {"text": "请补充说明", "asks": [], "papers": [], "days": 10, "case_version": desk["case"]["version"]}
        await first.ok("POST", f"{here}/supplement", ask)
        waiting = await who.ok("GET", f"/matters/applications/{number}")
        assert waiting["state"] == "supplement"
        await submitted(who, waiting)
        desk = await first.ok("GET", here)
    outcome = "no" if example.decision == "no" else "yes"
    reason = matter.reasons_no[0] if outcome == "no" else "同意"
    ask = {"outcome": outcome, "reason": reason, "case_version": desk["case"]["version"]}
    desk = await first.ok("POST", f"{here}/opinion", ask)
    if matter.decision.needs_two:
        assert desk["application"]["state"] == "in_review"
        second = await town.officer(SECOND)
        ask = {"is_agreed": True, "reason": "", "case_version": desk["case"]["version"]}
        await second.ok("POST", f"{here}/confirmation", ask)
    return await who.ok("GET", f"/matters/applications/{number}")


def expected(example: Example) -> dict[str, Any]:
    """What must come out, in the wire's units."""
    return {
        name: yuan(value) if name.endswith("_fen") and isinstance(value, (str, int)) else value
        for name, value in example.expect.items()
    }
