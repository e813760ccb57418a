"""The attack on the OpenAPI document: every operation, well-formed and malformed, as a taxpayer, an officer and nobody."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from journeys import law
from journeys.place import Device, Place, Shop
from journeys.poison import POISONS, bodies, places, poisoned
from journeys.steps import begin, correct, filed, order, paid
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from palmtax import identity
from palmtax.identity.model.tokens import Device as Signed
from palmtax.identity.store import sessions

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
WHO = ("taxpayer", "officer", "nobody")
OFFICERS = (
    "/api/cases/", "/api/knowledge/", "/api/insight/", "/api/matters/cases/", "/api/matters/decisions",
    "/api/complaints/desk/", "/api/appointments/halls/",
)  # fmt: skip
NOTHING_THERE = "00000000-0000-7000-8000-000000000000"
"""An identifier that nothing has: poison in a body must be met before anything is looked for."""


@dataclass
class Finding:
    """An answer that breaks a promise of the document."""

    operation: str
    who: str
    what: str
    how: str


@dataclass
class World:
    """Somebody to be and something to aim at: real numbers, so that the attack gets past the door."""

    place: Place
    shop: Shop
    owner: Device
    officer: Any
    known: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place) -> World:
        """A shop with a filed and paid quarter, a second one with an open draft, a view, an import, an authorisation."""
        shop, phone, made = filed(place)
        settled = paid(place, phone, made)
        paper = phone.ok("POST", "/certificates", {"order_id": settled["order_id"]})
        other, phone2, unpaid = filed(place, 50_000_000)
        waiting = order(phone2, unpaid)
        draft = correct(phone, phone.ok("POST", f"/filing/returns/{made['return_id']}/amendment"), 41_000_000)
        desk = law.desk(place, law.EVERYTHING)
        officer, others = desk.person, law.officers(place)
        view = desk.ok("POST", "/cases/views", {"name": "x"})
        ticket = place.http.post("/api/identity/sign-in-tickets").json()
        invoice = phone.ok("GET", "/invoice/invoices")["invoices"][0]
        handed = phone(
            "POST", "/invoice/imports", files={"file": ("a.csv", b"x", "text/csv")}, data={"kind": "platform_csv"}
        )
        ids = {
            "taxpayer_id": [shop.taxpayer_id, other.taxpayer_id, 0, 2**63 - 1, 2**63, -1],
            "return_id": [made["return_id"], unpaid["return_id"]], "order_id": [settled["order_id"], waiting["order_id"]],
            "draft_id": [draft["draft_id"], begin(phone, "2026Q4")["draft_id"]],
            "certificate_id": [paper["certificate_id"]], "code": [paper["verify_code"]], "view_id": [view["view_id"]],
            "ticket_id": [ticket["ticket_id"]], "poll_secret": [ticket["poll_secret"]],
            "invoice_id": [invoice["invoice_id"]], "import_id": [handed.json()["import_id"]],
            "session_id": [s["session_id"] for s in phone.ok("GET", "/identity/sessions")],
            "hat_id": [h["hat_id"] for h in phone.ok("GET", "/identity/me")["hats"]],
            "authorisation_id": [a["authorisation_id"] for a in phone.ok("GET", "/identity/authorisations")],
            "phone": [shop.owner.phone], "version": [1, 2, draft["version"]],
        }  # fmt: skip
        _add_law(ids, desk, others, law.ground(place, {"lawmaker": desk, "other lawmaker": others["other lawmaker"]}))
        return cls(place, shop, phone, officer, ids)

    def token(self, who: str) -> str:
        """A fresh session with the second proof given."""
        if who == "nobody":
            return ""
        person, channel = (self.shop.owner, "h5") if who == "taxpayer" else (self.officer, "workbench")

        async def open_one() -> str:
            clock = self.place.clock
            async with self.place.house.database.transaction() as tx:
                signed = await identity.open_session(
                    tx,
                    clock=clock,
                    person_id=person.person_id,
                    device=Signed("attack", channel),
                    way="sms",
                    request_id="x",
                )
                await sessions.set_second_factor(
                    tx, person_id=person.person_id, session_id=signed.session_id, until=signed.access_expires_at
                )
                return signed.access_token

        return self.place.run(open_one())


def _add_law(ids: dict[str, list[Any]], desk: Device, others: dict[str, Device], ground: dict[str, Any]) -> None:
    """Versions in every state, a study with rows, codes of laws, numbers and values of the right form."""
    scheduled = law.agreed(others["lawmaker"], others["approver"])
    ids["change_id"] = [ground["change_id"], ground["sent_id"], scheduled["change_id"]]
    ids["change_id"] += [law.sent(desk)["change_id"], law.drafted(others["lawmaker"])["change_id"]]
    ids["study_id"], ids["row"] = [ground["study_id"]], [ground["row"], 0, 199, 200, 2**63 - 1, -1]
    ids["code"] += ["iit_year", "vat_small_scale_return", "late_fee"]
    ids["law"] = ["late_fee", "vat_small_scale_return", "iit_bonus", "iit_year", "deed_tax"]
    ids["key"] = [law.KEY, *law.THRESHOLD, "iit_year.comprehensive_scale", "urban_maintenance.rates"]
    ids["value"], ids["article"] = ["6000", "3%", 5, True], [law.ARTICLE]
    ids["laws"], ids["changes"] = (
        [["vat_small_scale_return"], ["iit_year", "vat_small_scale_return"]],
        [law.THRESHOLD, {}],
    )
    ids["facts"] = [law.FACTS, {}, {"bonus": "36000.50"}]
    ids["on"] = ["2026-09-30", "2019-01-01", "0001-01-01", "9999-12-31"]
    ids["after_on"] = [None, "2027-01-01", "2099-12-31"]
    ids["first_day"], ids["published"] = ["2027-01-01", "2199-12-31", "1949-10-01"], ["2026-10-10"]


def aim(container: Any, known: dict[str, list[Any]], draw: random.Random) -> None:
    """Put real numbers where the document asks for such."""
    if isinstance(container, dict) or hasattr(container, "keys"):
        for key in list(container.keys()):
            if key in known and draw.random() < 0.7:
                container[key] = draw.choice(known[key])


def operations(place: Place) -> dict[str, list[Any]]:
    """Every operation of the document that the house itself publishes, by domain; what takes something away comes last."""
    document = place.http.get("/api/openapi.json").json()
    found: dict[str, list[Any]] = {}
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = result.ok()
        found.setdefault(operation.path.split("/")[2], []).append(operation)
    for group in found.values():
        group.sort(key=lambda one: (takes_away(one), one.method != "get"))
    return found


def takes_away(operation: Any) -> bool:
    """Whether the operation may end what the others of its domain are aimed at."""
    return operation.method == "delete" or operation.path.endswith(
        ("/deny", "/revoke", "/void", "/hat", "/approve", "/withdraw", "/return", "/send")
    )


def attack(
    world: World, operation: Any, who: str, *, examples: int, seeded: int, tell: Callable[[Finding], None]
) -> int:
    """Send so many cases of one operation; tells what breaks the document. Returns how many were answered."""
    strategy = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    draw, label = random.Random(seeded), f"{operation.method.upper()} {operation.path}"
    token, sent, seen = world.token(who), 0, set()

    def one(case: Any) -> None:
        nonlocal token, sent
        for container in (case.path_parameters, case.query, case.body):
            aim(container, world.known, draw)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if case.headers and "idempotency-key" in case.headers and draw.random() < 0.7:
            headers["idempotency-key"] = f"attack-{draw.randrange(10**9)}"
        answer = case.call(base_url=world.place.url, headers=headers)
        sent += 1
        if answer.status_code == 401 and token:
            token = world.token(who)
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except (FailureGroup, Failure) as broken:
            for each in getattr(broken, "exceptions", [broken]):
                kind = (type(each).__name__, answer.status_code)
                if kind not in seen:
                    seen.add(kind)
                    text = f"{answer.status_code} {type(each).__name__}: {str(each)[:300]} | {answer.content[:300]!r}"
                    tell(Finding(label, who, text, case.as_curl_command()[:600]))

    run = given(case=strategy)(one)
    run = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )(seed(seeded)(run))  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what schemathesis thinks of its own dependencies is not our subject
        run()
    return sent


def poison(world: World, *, of_each: int = 1000) -> int:
    """Put poison in place of every value of every JSON body, so many sorts in each place; AssertionError at a 5xx."""
    document = world.place.http.get("/api/openapi.json").json()
    tokens, names, count = {who: world.token(who) for who in WHO[:2]}, list(POISONS), 0
    for method, path, body in bodies(document):
        address = re.sub(r"\{(\w+)\}", lambda found: str(world.known.get(found[1], [NOTHING_THERE])[0]), path)
        is_officers = path.startswith(OFFICERS) or path.endswith("/transfers")
        who = "officer" if is_officers else "taxpayer"
        for way in places(body):
            for name in [names[(count + n) % len(names)] for n in range(min(of_each, len(names)))]:
                headers = {
                    "authorization": f"Bearer {tokens[who]}", "content-type": "application/json",
                    "idempotency-key": "a-key-of-mine",
                }  # fmt: skip
                content = poisoned(body, way, POISONS[name])
                answer = world.place.http.request(method, address, content=content, headers=headers)
                assert answer.status_code < 500, (method, path, way, name, answer.text)
                if answer.status_code >= 400:
                    assert set(answer.json()) == {"code", "text", "hint", "fields", "trace_id"}, (
                        method,
                        path,
                        way,
                        name,
                    )
                if answer.status_code == 401:
                    tokens[who] = world.token(who)
                count += 1
    return count
