"""A bank with our screens in its page: its server (registered on trial by itself) and the page that frames them.

Only what the open platform tells every developer is used: `/oauth/register`, an invented taxpayer's consent, tokens,
`/open/v1`. The house it talks to is the one below `--callback-base`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from sandboxes.control import PAGES
from sandboxes.ground import Json, Refusal, Sandbox, read_object

SCOPES = "embed embed.pay returns.due applications.read"
KEPT = "partner:client"
ANSWER_SECONDS = 10
SPARE_SECONDS = 60
"""A token that ends within a minute is not used any more."""
NO_HOUSE = "没有接到掌税：启动时请给 --callback-base · no house: start with --callback-base"


@dataclass
class Bank:
    """The partner's server. Its registration is kept in the state file; tokens are not, people agree anew."""

    sandbox: Sandbox
    tokens: dict[int, tuple[str, float]] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One asks for a token at a time: a second consent of the same person ends the first one's tokens and visits."""

    @property
    def origin(self) -> str:
        """Of its page, exactly as it is registered: loopback by number."""
        return self.sandbox.options.public_url.replace("//localhost", "//127.0.0.1").rstrip("/")

    @property
    def back(self) -> str:
        """Where a browser would come back to; here the code is in the answer."""
        return f"{self.origin}/partner/sandbox/back"

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        """What the house answers; a refusal in its own words."""
        base = self.sandbox.options.callback_base
        if not base:
            raise Refusal({"error": NO_HOUSE}, 503)
        try:
            async with httpx.AsyncClient(base_url=base, timeout=ANSWER_SECONDS, trust_env=False) as http:
                answer = await http.request(method, path, **more)
                told: Any = answer.json() if answer.content else {}
        except (httpx.HTTPError, ValueError) as failure:
            raise Refusal({"error": f"掌税没有应答 · no answer: {type(failure).__name__}"}, 502) from None
        if answer.is_error:
            words = [told.get(name, "") for name in ("text", "hint", "error_description_zh", "error_description")]
            code = told.get("code", "")
            raise Refusal({"error": "。".join(filter(None, words)), "code": code}, answer.status_code)
        return told

    async def client(self) -> tuple[str, str]:
        """Id and secret, from the first registration on."""
        if kept := self.sandbox.state.setting(KEPT):
            one = json.loads(kept)
            return one["client_id"], one["client_secret"]
        one = await self.ask(
            "POST", "/oauth/register",
            json={
                "name": "云汀银行（沙箱）", "name_en": "Yunting Bank (sandbox)", "organisation": "云汀银行股份有限公司",
                "email": "open@bank.example", "purpose": "在手机银行里办税", "purpose_en": "Tax matters in the bank's app",
                "redirect_uris": [self.back], "frame_origins": [self.origin], "scopes": SCOPES.split(),
            },
        )  # fmt: skip
        self.sandbox.state.set(KEPT, json.dumps(one))
        return one["client_id"], one["client_secret"]

    async def developer(self, method: str, path: str, **more: Any) -> Any:
        """As its developer; a house that has forgotten the application (a fresh town) is asked for a new one, once."""
        client = await self.client()
        try:
            return await self.ask(method, path, auth=client, **more)
        except Refusal as refusal:
            if refusal.content.get("code") != "partners.client_not_believed":
                raise
        self.sandbox.state.set(KEPT, "")
        self.tokens.clear()
        return await self.ask(method, path, auth=await self.client(), **more)

    async def token(self, taxpayer_id: int) -> str:
        """A token of the invented person, who agrees at once; the same one while it lasts."""
        async with self.turn:
            return await self._token(taxpayer_id)

    async def _token(self, taxpayer_id: int) -> str:
        token, until = self.tokens.get(taxpayer_id, ("", 0.0))
        if until > self.sandbox.now():
            return token
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        wish = {
            "taxpayer_id": taxpayer_id, "redirect_uri": self.back, "scope": SCOPES, "state": secrets.token_urlsafe(12),
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        to = (await self.developer("POST", "/api/partners/developer/sandbox/consents", json=wish))["redirect_to"]
        form = {
            "grant_type": "authorization_code", "code": parse_qs(urlsplit(to).query)["code"][0],
            "redirect_uri": self.back, "code_verifier": verifier,
        }  # fmt: skip
        given = await self.developer("POST", "/oauth/token", data=form)
        self.tokens[taxpayer_id] = given["access_token"], self.sandbox.now() + given["expires_in"] - SPARE_SECONDS
        return str(given["access_token"])

    async def open(self, method: str, path: str, taxpayer_id: int, **more: Any) -> Any:
        """A call to `/open/v1`; a token that works no longer (taken back, the house began anew) is had again, once."""
        for is_last in (False, True):
            token = await self.token(taxpayer_id)
            headers = {"authorization": f"Bearer {token}"}
            try:
                return await self.ask(method, f"/open/v1{path}", headers=headers, **more)
            except Refusal as refusal:
                if is_last or refusal.content.get("code") != "partners.token_not_taken":
                    raise
            if self.tokens.get(taxpayer_id, ("",))[0] == token:
                del self.tokens[taxpayer_id]
        raise AssertionError


def _number(given: Any) -> int:
    if isinstance(given, bool) or not str(given).isdecimal() or not 0 < int(given) < 2**53:
        raise Refusal({"error": "taxpayer_id"}, 422)
    return int(given)


def _uuid(given: Any) -> str | None:
    try:
        return str(UUID(str(given))) if given else None
    except ValueError:
        raise Refusal({"error": "subject"}, 422) from None


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /partner."""
    bank = Bank(sandbox)

    async def page(_: Request) -> Response:
        return FileResponse(PAGES / "partner.html", media_type="text/html")

    async def taxpayers(_: Request) -> Response:
        found = await bank.developer("GET", "/api/partners/developer/sandbox/taxpayers")
        return Json({"taxpayers": found, "origin": bank.origin})

    async def things(request: Request) -> Response:
        """What of the taxpayer's may be paid or followed: the subjects of the screens `pay` and `progress`."""
        number = _number(request.query_params.get("taxpayer_id"))
        due = (await bank.open("GET", "/returns/due", number))["returns"]
        going = (await bank.open("GET", "/applications", number))["applications"]
        return Json({
            "pay": [
                {"subject": one["return_id"], "title": f"{one['tax_name']} {one['period']}"}
                for one in due if one["state"] == "unpaid" and one["return_id"]
            ],
            "progress": [{"subject": one["application_id"], "title": one["title"]} for one in going],
        })  # fmt: skip

    async def embed(request: Request) -> Response:
        """An address for the frame: what `POST /open/v1/embeds` gives."""
        asked = await read_object(request) or {}
        number, screen, subject = (
            _number(asked.get("taxpayer_id")),
            str(asked.get("screen")),
            _uuid(asked.get("subject")),
        )
        if screen == "pay":
            made = await bank.open("POST", "/embeds/payment", number, json={"return_id": subject})
        else:
            made = await bank.open("POST", "/embeds", number, json={"screen": screen, "subject": subject})
        return Json(made, 201)

    def said(work: Any) -> Any:
        async def answer(request: Request) -> Response:
            try:
                return await work(request)  # type: ignore[no-any-return]
            except Refusal as refusal:
                return Json(refusal.content, refusal.status)

        return answer

    return [
        Route("/sandbox/", page),
        Route("/sandbox/taxpayers", said(taxpayers)),
        Route("/sandbox/things", said(things)),
        Route("/sandbox/embeds", said(embed), methods=["POST"]),
    ]
