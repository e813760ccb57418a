"""A kiosk in the town's hall as its page and a phone use it, and the papers of the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from filing.make import SHOP, Caller
from messaging.make import make_act

from palmtax import certificates
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing.database import Database
from palmtax.plumbing.effects import Line

KIOSK = {"name": "1 号终端", "name_en": "Kiosk 1", "place": "一楼入口右侧", "place_en": "Ground floor, right"}


@dataclass
class Machine:
    """A machine, its secret, and the secret of the visit on its screen."""

    client: httpx.AsyncClient
    kiosk_id: str = ""
    secret: str = ""
    visit: str = ""
    visit_id: str = ""
    number: str = ""

    async def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """What its page asks."""
        headers = {"X-Kiosk": self.secret.encode(), "X-Kiosk-Visit": self.visit.encode()}
        return await self.client.request(method, f"/api/channels/kiosks{path}", json=body, headers=headers)

    async def ok(self, method: str, path: str, body: Any = None) -> Any:
        """The answer, which must be a success."""
        answer = await self(method, path, body)
        assert answer.status_code < 300, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def refused(self, status: int, code: str, method: str, path: str, body: Any = None) -> None:
        """The refusal, which must be this one."""
        answer = await self(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text

    async def pair(self, code: str) -> Machine:
        """Pair with a code."""
        self.secret = (await self.ok("POST", "/pairing", {"code": code}))["secret"]
        return self

    async def begin(self) -> Machine:
        """A new code on the screen."""
        made = await self.ok("POST", "/visits")
        self.visit, self.visit_id, self.number = made["secret"], made["visit_id"], made["number"]
        return self

    async def enter(self, phone: Caller) -> Machine:
        """A phone confirms a new code."""
        await self.begin()
        await phone.ok("POST", f"/channels/kiosks/visits/{self.visit_id}/confirmation")
        return self

    async def start(self, paper: Any, copies: int = 1, number: Any = None) -> httpx.Response:
        """A paper goes to the printer."""
        wanted = {"source": paper["source"], "paper_id": paper["paper_id"], "copies": copies}
        return await self("PUT", f"/visit/prints/{number or uuid7()}", wanted)


async def issue(database: Database, clock: Clock, taxpayer_id: int = SHOP, title: str = "税务事项通知书") -> Any:
    """A document that told a decision."""
    async with database.transaction() as tx:
        return await certificates.issue_document(
            tx, act=make_act(clock, taxpayer_id=taxpayer_id), title=title, title_en="Notice", kind="notice",
            lines=(Line("月度总额度", "Monthly quota", 75_000_000, "fen"),),
        )  # fmt: skip
