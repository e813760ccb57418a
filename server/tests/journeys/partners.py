"""An application of a partner, for what others aim at: registered, agreed to by an owner, with a webhook address."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from journeys.place import Device, Place

from palmtax import partners

BACK, STATE = "https://bank.example/back", "state-of-the-client"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
PARTICULARS = {
    "name": "云汀记账", "name_en": "Yunting Books", "organisation": "云汀软件有限公司", "email": "dev@books.example",
    "purpose": "提醒申报日期", "purpose_en": "Reminds of filing days", "redirect_uris": [BACK],
    "scopes": ["matters.find", "calculators.use", "returns.due", "applications.draft"],
}  # fmt: skip
MANIFEST = """code: refund-points
title: 退税点查询
title_en: Refund points
say: 查本市离境退税商店
say_en: Shops with tax refund in this city
cities: ["199"]
entry: {calculator: vat_small_scale}
contact: {organisation: 云汀市税务局, organisation_en: Yunting Tax Bureau, phone: "12366"}
accessibility: {level: AA, statement: 支持放大和读屏, statement_en: Works enlarged and with screen readers}
"""
NOBODY = "019ab000-0000-7000-8000-0000000000ff"
HOOK = {"url": "https://bank.example/hook", "events": ["consent.ended"]}
CHANGES = {name: PARTICULARS[name] for name in ("redirect_uris", "scopes", "purpose", "purpose_en", "email")}


def wish(client_id: str) -> dict[str, str]:
    """The query of a request for a consent."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    return {
        "response_type": "code", "client_id": client_id, "redirect_uri": BACK, "scope": "returns.due applications.draft",
        "state": STATE, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip


@dataclass(frozen=True)
class Partner:
    """An application from its developer's side."""

    place: Place
    client_id: str
    secret: str
    application_id: str

    def __call__(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        """What its developer does."""
        return self.place.http.request(
            method, f"/api/partners/developer{path}", json=body, auth=(self.client_id, self.secret)
        )

    def form(self, path: str, **form: str) -> httpx.Response:
        """A form at `/oauth`."""
        return self.place.http.post(f"/oauth/{path}", data=form, auth=(self.client_id, self.secret))

    def asked(self) -> str:
        """A browser comes with its wish; the number of the request."""
        answer = self.place.http.get("/oauth/authorize", params=wish(self.client_id), follow_redirects=False)
        return dict(parse_qsl(answer.headers["location"].partition("?")[2]))["request"]

    def agreed(self, owner: Device) -> str:
        """The owner agrees; the code."""
        number = self.asked()
        page = owner.ok("GET", f"/partners/asks/{number}")
        body = {"ticket": page["ticket"], "scopes": ["returns.due", "applications.draft"], "days": 30}
        to = owner.ok("POST", f"/partners/asks/{number}/approval", body)["redirect_to"]
        return dict(parse_qsl(urlsplit(to).query))["code"]

    def tokens(self, owner: Device) -> dict[str, Any]:
        """Tokens that act for the owner."""
        return self.form(
            "token", grant_type="authorization_code", code=self.agreed(owner), redirect_uri=BACK, code_verifier=VERIFIER
        ).json()  # fmt: skip

    def sandboxed(self, scope: str) -> dict[str, str]:
        """What its calls carry for an invented taxpayer who agreed at once."""
        body = {name: value for name, value in wish(self.client_id).items() if name != "client_id"}
        number = self("GET", "/sandbox/taxpayers").json()[0]["taxpayer_id"]
        to = self("POST", "/sandbox/consents", body | {"taxpayer_id": number, "scope": scope}).json()["redirect_to"]
        code = dict(parse_qsl(urlsplit(to).query))["code"]
        made = self.form(
            "token", grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=VERIFIER
        ).json()
        return {"authorization": f"Bearer {made['access_token']}"}

    def feature(self, code: str = "refund-points") -> str:
        """A feature, checked and waiting for review."""
        text = MANIFEST.replace("refund-points", code)
        number = str(self("POST", "/features", {"manifest": text}).json()["row"]["feature_id"])
        for step in ("check", "review"):
            self("POST", f"/features/{number}/{step}")
        return number

    def endpoint(self) -> str:
        """A webhook address."""
        made: dict[str, Any] = self("POST", "/endpoints", HOOK).json()
        return str(made["endpoint"]["endpoint_id"])


def registered(place: Place, **other: Any) -> Partner:
    """A new application."""
    made = place.http.post("/oauth/register", json=PARTICULARS | other).json()
    return Partner(place, made["client_id"], made["client_secret"], made["application_id"])


def invented(place: Place, taxpayer_id: int, person_id: int) -> None:
    """The taxpayer is one of the sandbox."""

    async def mark() -> None:
        async with place.house.database.transaction() as tx:
            await partners.mark_invented(tx, taxpayer_id=taxpayer_id, person_id=person_id)

    place.run(mark())


def ground(place: Place, owner: Device, taxpayer_id: int, person_id: int) -> dict[str, Any]:
    """Things of the owner and of a partner that others aim at."""
    invented(place, taxpayer_id, person_id)
    one = registered(place)
    one.tokens(owner)
    consent = owner.ok("GET", "/partners/consents")[0]
    return {
        "partner_id": one.application_id, "consent_id": consent["consent_id"], "request_id": one.asked(),
        "endpoint_id": one.endpoint(), "feature_id": one.feature(), "law": "late_fee",
    }  # fmt: skip


BODIES: dict[str, Any] = {
    "POST /oauth/register": PARTICULARS,
    "POST /api/partners/asks/{request_id}/approval": {"ticket": "t", "scopes": ["returns.due"], "days": 1},
    "POST /api/partners/asks/{request_id}/refusal": {"ticket": "t"},
    "PUT /api/partners/developer": CHANGES,
    "POST /api/partners/developer/sandbox/consents": {"taxpayer_id": 1} | {
        name: value for name, value in wish("").items() if name != "client_id"
    },
    "POST /api/partners/developer/endpoints": HOOK,
    "POST /api/partners/desk/applications": PARTICULARS,
    "POST /api/partners/desk/applications/{application_id}/return": {"reason": "用途写得不清楚"},
    "POST /api/partners/desk/applications/{application_id}/suspension": {"reason": "疑似泄露资料"},
    "POST /api/partners/developer/features": {"manifest": MANIFEST},
    "POST /api/partners/desk/features": {"manifest": MANIFEST},
    "POST /api/partners/desk/features/{feature_id}/return": {"reason": "请写清楚用途"},
    "POST /api/partners/desk/features/{feature_id}/suspension": {"reason": "页面出错了"},
    "POST /api/partners/desk/features/{feature_id}/rollback": {"reason": "新版有错"},
    "POST /open/v1/calculators/{law}": {"facts": {"unpaid_tax": "100", "days_late": 3}},
    "POST /open/v1/embeds": {"screen": "certificates"},
    "POST /open/v1/embeds/payment": {"return_id": NOBODY},
    "POST /api/partners/embeds/opening": {"client_id": "pa_nobody", "ticket": "pte_" + "x" * 43},
    "POST /open/v1/applications": {"matter_code": "FPBL-002", "answers": {}},
}  # fmt: skip
