"""Invented people, hats and partners for tests of identity, and for tests that need somebody signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from palmtax import identity
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id
from palmtax.identity.adapters import RealNameAnswer, WeChatIdentity
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SHOP, OTHER_SHOP = 1001, 1002
BOSS, FINANCE, CLERK, OTHER_BOSS, OFFICER = 11, 12, 13, 21, 31
PHONES = {
    BOSS: "13800000011",
    FINANCE: "13800000012",
    CLERK: "13800000013",
    OTHER_BOSS: "13800000021",
    OFFICER: "13800000031",
}
NAMES = {BOSS: "王大福", FINANCE: "李会计", CLERK: "赵小办", OTHER_BOSS: "孙二娘", OFFICER: "周厅员"}
SHOP_NAME, OTHER_NAME = "广州市越秀区福满楼小吃店", "深圳市二娘百货有限公司"
OFFICE = "14401040000"
PHONE_DEVICE = {"name": "Test phone", "channel": "miniprogram"}


def resident_id(number: int) -> str:
    """An impossible but well-formed identity number (division 990000)."""
    return make_resident_id("990000", date(1990, 1, 1), number)


def people() -> list[identity.NewPerson]:
    """The boss and others, all real-name checked."""
    return [identity.NewPerson(one, NAMES[one], phone, resident_id(one)) for one, phone in PHONES.items()]


def hats() -> list[identity.NewHat]:
    """What the register knows: two legal representatives, a finance lead, an officer; everybody's own hat."""
    return [
        identity.NewHat(BOSS, "legal_rep", SHOP_NAME, taxpayer_id=SHOP, uscc="91350100M000100Y43"),
        identity.NewHat(FINANCE, "finance_lead", SHOP_NAME, taxpayer_id=SHOP, uscc="91350100M000100Y43"),
        identity.NewHat(OTHER_BOSS, "legal_rep", OTHER_NAME, taxpayer_id=OTHER_SHOP, uscc="9144030071526726XG"),
        identity.NewHat(OFFICER, "hall_clerk", "国家税务总局广州市越秀区税务局", office_code=OFFICE),
        *(identity.NewHat(one, "self", NAMES[one]) for one in PHONES),
    ]


async def make_people(tx: Tx, clock: Clock) -> None:
    """Load them."""
    await identity.load_people(tx, clock=clock, people=people(), hats=hats())


@dataclass
class FakeSms:
    """A gateway that keeps what it would have sent."""

    sent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    fault: Exception | None = None

    async def send(self, phone: str, template: str, variables: Any, request_id: str) -> str:
        assert request_id
        if self.fault is not None:
            raise self.fault
        self.sent.append((phone, template, dict(variables)))
        return f"serial-{len(self.sent)}"

    @property
    def code(self) -> str:
        """The code sent last."""
        return self.sent[-1][2]["code"]


@dataclass
class FakeWeChat:
    """A platform whose codes work once."""

    app_id: str = "wx0000000000000001"
    logins: dict[str, WeChatIdentity] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    is_away: bool = False

    async def sign_in(self, js_code: str) -> WeChatIdentity:
        if self.is_away:
            raise OutsideUnavailable("transport")
        if js_code not in self.logins:
            raise OutsideRefused("40029")
        return self.logins.pop(js_code)

    async def phone_number(self, phone_code: str) -> str:
        if phone_code not in self.phones:
            raise OutsideRefused("40029")
        return self.phones.pop(phone_code)


@dataclass
class FakeRegister:
    """A register that knows some people."""

    known: dict[str, str] = field(default_factory=dict)
    is_away: bool = False
    asked: int = 0

    async def check(self, name: str, resident_id: str) -> RealNameAnswer:
        self.asked += 1
        if self.is_away:
            raise OutsideUnavailable("transport")
        if resident_id not in self.known:
            return "not_found"
        return "match" if self.known[resident_id] == name else "no_match"


@dataclass
class Somebody:
    """A signed-in client: calls carry the token."""

    client: httpx.AsyncClient
    session: dict[str, Any]

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {"authorization": f"Bearer {self.session['access_token']}", **headers}
        return await self.client.request(method, f"/api/identity{path}", json=body, headers=sent)

    async def hat(self, role_code: str) -> str:
        """The id of the first hat with this role."""
        me = (await self("GET", "/me")).json()
        return next(hat["hat_id"] for hat in me["hats"] if hat["role_code"] == role_code)


async def sign_in(
    client: httpx.AsyncClient, sms: FakeSms, phone: str, device: dict[str, str] | None = None
) -> Somebody:
    """Sign in by SMS, as a person would."""
    asked = await client.post("/api/identity/sms-codes", json={"phone": phone})
    assert asked.status_code == 200, asked.text
    answer = await client.post(
        "/api/identity/sessions/sms", json={"phone": phone, "code": sms.code, "device": device or PHONE_DEVICE}
    )
    assert answer.status_code == 200, answer.text
    return Somebody(client, answer.json())


async def prove(who: Somebody, sms: FakeSms, phone: str) -> None:
    """Give the second proof."""
    asked = await who("POST", "/sms-codes", {"phone": phone, "purpose": "second_factor"})
    assert asked.status_code == 200, asked.text
    proved = await who("POST", "/second-factor", {"code": sms.code})
    assert proved.status_code == 200, proved.text


TABLES = [
    "person",
    "phone",
    "resident",
    "address",
    "union",
    "person_address",
    "hat",
    "session",
    "refresh",
    "sms_code",
    "sign_in_ticket",
    "authorisation",
    "authorisation_phone",
]


async def picture(database: Database, *, without: str = "") -> dict[str, str]:
    """What every table of identity and the evidence hold, to compare before and after a refusal."""
    names = [f"identity_{name}" for name in TABLES if name not in without.split()] + ["evidence_entry", "pgqueuer"]
    async with database.statement() as tx:
        return {
            name: await tx.fetchval(f"select coalesce(string_agg(t::text, '|' order by t::text), '') from {name} t")
            for name in names
        }


async def acts(database: Database) -> list[str]:
    """The acts in evidence, in order."""
    async with database.statement() as tx:
        return [row["act"] for row in await tx.fetch("select act from evidence_entry order by entry_id")]
