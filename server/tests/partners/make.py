"""A developer with an application, a browser that brings a person to the consent page, tokens."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from filing.make import Caller

BACK = "https://bank.example/back"
LOCAL_BACK = "http://127.0.0.1:9000/back"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
STATE = "state-of-the-client-0001"
ISSUER = "http://127.0.0.1:8000"
ALL = (
    "matters.find", "calculators.use", "taxpayer.read", "returns.due", "invoices.sums", "applications.read",
    "applications.draft", "certificates.read",
)  # fmt: skip
OF_PEOPLE = ALL[2:]


def particulars(**other: Any) -> dict[str, Any]:
    """What a developer says of an application."""
    values = {
        "name": "云汀记账", "name_en": "Yunting Books", "organisation": "云汀软件有限公司", "uscc": None,
        "email": "dev@books.example", "purpose": "在记账软件里提醒申报日期",
        "purpose_en": "Reminds of filing days in a bookkeeping program",
        "redirect_uris": [BACK], "scopes": list(ALL),
    }  # fmt: skip
    return values | other


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def members_of(address: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(address).query))


@dataclass
class Application:
    """An application from its developer's side."""

    client: httpx.AsyncClient
    client_id: str
    secret: str
    application_id: str

    def wish(self, **other: str) -> dict[str, str]:
        """The query of a request for a consent."""
        values = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": BACK, "scope": "returns.due taxpayer.read",
            "state": STATE, "code_challenge": challenge(), "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in (values | other).items() if value != ""}

    async def authorise(self, **other: str) -> httpx.Response:
        """What a browser gets that is sent to us."""
        return await self.client.get("/oauth/authorize", params=self.wish(**other))

    async def post(self, path: str, form: dict[str, str], **more: Any) -> httpx.Response:
        """A form, with id and secret by HTTP Basic unless said otherwise."""
        more.setdefault("auth", (self.client_id, self.secret))
        return await self.client.post(f"/oauth/{path}", data=form, **more)

    async def by_code(self, code: str, **other: str) -> httpx.Response:
        """Tokens for a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return await self.post("token", {n: v for n, v in (form | other).items() if v != ""})

    async def by_refresh(self, token: str, **other: str) -> httpx.Response:
        """Tokens for a refresh token."""
        return await self.post("token", {"grant_type": "refresh_token", "refresh_token": token, **other})

    async def own_token(self, scope: str = "") -> str:
        """A token in its own name."""
        answer = await self.post("token", {"grant_type": "client_credentials", "scope": scope})
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def developer(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        """What its developer does."""
        return await self.client.request(
            method, f"/api/partners/developer{path}", json=body, auth=(self.client_id, self.secret)
        )

    async def read(self, token: str, path: str, **more: Any) -> httpx.Response:
        """A call to the open surface."""
        return await self.client.get(f"/open/v1{path}", headers={"authorization": f"Bearer {token}"}, **more)


async def registered(client: httpx.AsyncClient, **other: Any) -> Application:
    """A new application in the sandbox."""
    answer = await client.post("/oauth/register", json=particulars(**other))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Application(client, made["client_id"], made["client_secret"], made["application_id"])


@dataclass
class Visit:
    """A browser that an application sent to the consent page."""

    request_id: str
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends along."""
        return {"cookie": f"palmtax_ask={self.cookie}"} if self.cookie else {}

    async def page(self, who: Caller) -> Any:
        """The consent page's data."""
        return await who.ok("GET", f"/partners/asks/{self.request_id}", headers=self.headers)

    async def agree(self, who: Caller, *, scopes: list[str] | None = None, days: int = 90) -> str:
        """Look, agree; the address the browser goes back to."""
        page = await self.page(who)
        body = {"ticket": page["ticket"], "scopes": scopes or [s["code"] for s in page["scopes"]], "days": days}
        done = await who.ok("POST", f"/partners/asks/{self.request_id}/approval", body, headers=self.headers)
        return done["redirect_to"]


async def visit(one: Application, **other: str) -> Visit:
    """A browser comes with an application's wish."""
    answer = await one.authorise(**other)
    assert answer.status_code == 303, answer.text
    lead, _, query = answer.headers["location"].partition("?")
    assert lead == f"{ISSUER}/#/consents/ask/index", answer.headers["location"]
    one.client.cookies.clear()
    return Visit(dict(parse_qsl(query))["request"], answer.cookies["palmtax_ask"])


async def tokens_of(one: Application, who: Caller, *, scope: str = " ".join(OF_PEOPLE)) -> dict[str, Any]:
    """The whole way: request, consent, code, tokens."""
    back = members_of(await (await visit(one, scope=scope)).agree(who))
    answer = await one.by_code(back["code"])
    assert answer.status_code == 200, answer.text
    return answer.json()
