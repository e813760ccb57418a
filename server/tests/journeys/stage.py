"""The stage for the table of bad input: people, things to aim at, a good request for each route and how to spoil it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from journeys import campaigns, kiosks, law, matters, messages, partners
from journeys.asks import (
    CODES,
    FOR_ALL,
    GIVEN,
    IN_BODY,
    LARGEST_BODY,
    LARGEST_PIECE,
    LARGEST_UPLOAD,
    LAW,
    LONG_QUERIES,
    NOTICE_OF_TROUBLE,
    ODD_QUERIES,
    PAGES,
    QUERIES,
    TOO_LONG,
    bodies_of,
)
from journeys.place import Device, Place, Shop
from journeys.steps import a_key, begin, filed, paid, sell

from palmtax.identity import NewPerson

STREAMS = ("/api/matters/live",)


def said(answer: httpx.Response) -> str:
    """Status and code, as they stand in the table."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    code = body.get("code", "") if answer.status_code >= 400 else ""
    inside = ", each refused: " + ", ".join(refused) if (refused := _refused_in(body)) else ""
    return f"{answer.status_code} {code.removeprefix('plumbing.')}".strip() + inside


def _refused_in(body: dict[str, Any]) -> list[str]:
    """The codes of those of many that were refused by themselves."""
    rows = [body.get("refused"), body.get("rows")]
    each = [one for found in rows if isinstance(found, list) for one in found if isinstance(one, dict)]
    return sorted({one["code"] for one in each if one.get("code") and not one.get("is_ok")})


@dataclass(frozen=True)
class Ask:
    """One request; `is_aimed` when it names something of one person or taxpayer."""

    method: str
    path: str
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    files: Any = None
    is_aimed: bool = False
    template: str = ""
    raw: bytes | None = None


@dataclass
class Stage:
    """People, and things of the owner that others aim at."""

    place: Place
    shop: Shop
    devices: dict[str, Device]
    known: dict[str, Any]
    bodies: dict[str, Any]

    @classmethod
    def of(cls, place: Place) -> Stage:
        """An owner with a filed and paid quarter, a stranger with a shop, officers of two districts."""
        shop, owner, made = filed(place)
        settled = paid(place, owner, made)
        paper = owner.ok("POST", "/certificates", {"order_id": settled["order_id"]})
        draft = owner.ok("POST", f"/filing/returns/{made['return_id']}/amendment")
        desks = matters.officers(place)
        desk = desks["officer"]
        ticket = place.http.post("/api/identity/sign-in-tickets").json()
        owner.ok("POST", f"/identity/sign-in-tickets/{ticket['ticket_id']}/scan")
        handed = owner(
            "POST", "/invoice/imports", files={"file": ("a.csv", b"x")}, data={"kind": "platform_csv"}
        ).json()
        devices = {
            "owner": owner, "stranger": place.by_wechat(place.shop("云汀市隔壁店").owner), **desks, **law.officers(place),
        }  # fmt: skip
        me = owner.ok("GET", "/identity/me")
        known = {
            "taxpayer_id": shop.taxpayer_id, "return_id": made["return_id"], "order_id": settled["order_id"],
            "certificate_id": paper["certificate_id"], "code": paper["verify_code"], "draft_id": draft["draft_id"],
            "view_id": desk.ok("POST", "/cases/views", {"name": "欠税"})["view_id"], "ticket_id": ticket["ticket_id"],
            "invoice_id": owner.ok("GET", "/invoice/invoices")["invoices"][0]["invoice_id"], "import_id": handed["import_id"],
            "session_id": owner.ok("GET", "/identity/sessions")[0]["session_id"], "hat_id": me["hat"]["hat_id"],
            "authorisation_id": owner.ok("GET", "/identity/authorisations")[0]["authorisation_id"],
            "poll_secret": ticket["poll_secret"], **law.ground(place, devices),
            **matters.ground(place, owner, desks, shop.taxpayer_id),
            "delivery_id": messages.dead_letter(place, shop), "purpose": "survey", "name": "sms", "document_no": "TSTZ2026112300000007",
            "scene": "0" * 20,
            "proof_id": "019ab000-0000-7000-8000-0000000000ff",
            **campaigns.ground(desk), **kiosks.ground(place, owner, desk),
            **partners.ground(place, owner, shop.taxpayer_id, shop.owner.person_id),
            "alert_id": str(messages.an_alert(place)),
            "incident_id": desk.ok("POST", "/channels/incidents", NOTICE_OF_TROUBLE)["incident_id"],
            "address_id": next(a["address_id"] for a in owner.ok("GET", "/identity/addresses") if a["family"] != "phone"),
        }  # fmt: skip
        for name in ("owner", "stranger"):
            place.prove(devices[name])
        place.idle()
        return cls(place, shop, devices, known, bodies_of(known, shop, draft))

    def request(self, method: str, template: str) -> Ask:
        """A well-formed request of a route, aimed at the owner's things."""
        name = f"{method} {template}"
        body = self.bodies.get(name)
        query = {"poll_secret": self.known["poll_secret"]} if template.endswith("/sign-in-tickets/{ticket_id}") else {}
        aims = "{" in template and "{code}" not in template and template not in FOR_ALL
        is_read_by_all = name == f"GET {LAW}/changes/{{change_id}}"
        path = template.format(**self._aims_of(template)) if "{" in template else template
        is_import = name == "POST /api/invoice/imports"
        return Ask(method, path, body, query | QUERIES.get(template, {}), file_of(b"x") if is_import else None,
                   (aims and not is_read_by_all) or name in IN_BODY, template,
                   matters.picture() if template.endswith("/bytes") else None)  # fmt: skip

    def _aims_of(self, template: str) -> dict[str, Any]:
        """What the places of a path are filled with; an officer decides on what another one sent."""
        own = {"code": self.known["law_code"]} if "/laws/" in template else {}
        if template in CODES:
            own["code"] = CODES[template]
        if template.startswith("/developers"):
            own["name"] = "portal.css"
        if template.startswith("/api/partners/desk"):
            own["application_id"] = self.known["partner_id"]
        if template.endswith(("/approve", "/return")):
            own["change_id"] = self.known["sent_id"]
        return self.known | own

    def send(self, ask: Ask, who: str) -> httpx.Response:
        """Send a request as somebody; with a fresh idempotency key."""
        headers = {"idempotency-key": a_key()}
        if who != "nobody":
            device = self.devices[who]
            device.ok("GET", "/identity/me")  # renews the session when it has ended
            headers["authorization"] = f"Bearer {device.session['access_token']}"
        if ask.raw is not None:
            headers["content-type"] = "application/json"
            return self.place.http.request(
                ask.method, ask.path, params=ask.query or None, content=ask.raw, headers=headers
            )
        if ask.template in STREAMS:
            return self._head_of(ask, headers)
        data = {"kind": "platform_csv"} if ask.files else None
        return self.place.http.request(
            ask.method, ask.path, json=ask.body, params=ask.query or None, files=ask.files, data=data, headers=headers
        )

    def _head_of(self, ask: Ask, headers: dict[str, str]) -> httpx.Response:
        """The first words of a stream that stays open, as if it had ended there."""
        with self.place.http.stream(ask.method, ask.path, params=ask.query or None, headers=headers) as answer:
            first = answer.read() if answer.status_code >= 400 else next(answer.iter_bytes())
        return httpx.Response(answer.status_code, content=first)

    def wronged(self, ask: Ask) -> Ask:
        """The request as a stranger can make it: without the secret that only one screen has."""
        return replace(ask, query={"poll_secret": "x" * 32}) if "poll_secret" in ask.query else ask

    def spoiled(self, ask: Ask) -> Ask | None:
        """The request malformed: a member too many, else a word for an identifier, else a limit of zero."""
        if ask.body is not None:
            return replace(ask, body=ask.body | {"a_member_too_many": 1})
        if ask.files:
            return replace(ask, files={"another": ("a.csv", b"x")})
        if ask.template == "/api/payment/wechat/notify":
            return replace(ask, raw=b'{"id":')
        if "{" in ask.template:
            return replace(ask, path=ask.template.replace("{taxpayer_id}", "x").replace("{code}", "%00").format(
                **dict.fromkeys(self.known, "not-an-identifier")))  # fmt: skip
        if ask.template in PAGES:
            return replace(ask, query=ask.query | {"limit": 0})
        return replace(ask, query=ODD_QUERIES[ask.template]) if ask.template in ODD_QUERIES else None

    def swollen(self, ask: Ask) -> Ask | None:
        """The request with one byte too many."""
        if ask.files:
            return replace(ask, files=file_of(b"x" * LARGEST_UPLOAD))
        if ask.raw is not None:
            return replace(ask, raw=b"x" * (LARGEST_PIECE + 1))
        if ask.body is not None or ask.template == "/api/payment/wechat/notify":
            start = json.dumps(ask.body or {})[:-1] + (', "x": "' if ask.body else '"x": "')
            return replace(ask, raw=(start + "x" * (LARGEST_BODY - len(start) - 1) + '"}').encode())
        if ask.template in LONG_QUERIES:
            return replace(ask, query=LONG_QUERIES[ask.template])
        if ask.template in FOR_ALL:
            return replace(ask, path=ask.template.format(**TOO_LONG))
        return replace(ask, path=ask.template.format(code="x" * 65)) if "{code}" in ask.template else None

    # what acts done twice and out of order need of their own

    def clerk(self) -> tuple[Device, NewPerson]:
        """A person without any hat, signed in."""
        person = self.place.person("赵小办")
        self.place.settle([], [person], [])
        return self.place.by_wechat(person), person

    def given(self) -> tuple[Device, Device, str]:
        """A boss with the second proof, a clerk, and an authorisation that waits."""
        shop = self.place.shop()
        boss = self.place.by_wechat(shop.owner)
        phone, person = self.clerk()
        self.place.prove(boss)
        made = boss.ok("POST", "/identity/authorisations", {"phone": person.phone, "name": person.name, **GIVEN})
        return boss, phone, made["authorisation_id"]

    def begun(self) -> tuple[Device, Any]:
        """A shop with a draft."""
        phone = self.place.by_wechat(self.place.shop().owner)
        sell(phone, 40_000_000)
        return phone, begin(phone)

    def ticket(self) -> tuple[Device, str, Any]:
        """An officer's phone, the path of a ticket that nobody has scanned, and the ticket."""
        made = self.place.http.post("/api/identity/sign-in-tickets").json()
        return self.place.by_wechat(self.place.officer()), f"/identity/sign-in-tickets/{made['ticket_id']}", made


Try = Callable[[Stage], str]


def again(who: Device, method: str, path: str, body: Any = None, other: Any = None) -> str:
    """The same request twice under one key; then the key with another content."""
    key = a_key()
    first = who(method, path, body, key=key)
    assert first.status_code < 300, (path, first.text)
    text = said(who(method, path, body, key=key))
    return f"{text}, then {said(who(method, path, other, key=key))}" if other is not None else text


def file_of(content: bytes) -> Any:
    return {"file": ("a.csv", content, "text/csv")}
