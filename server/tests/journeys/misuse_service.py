"""Attempts for the table of bad input around served documents: calls and papers of officers, signatures, codes by e-mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from journeys.matters import owner_of
from journeys.misuse_messages import PUSH
from journeys.place import DISTRICT, Place, Shop
from journeys.stage import Stage, Try, again, said

from palmtax import cases, evidence, messaging
from palmtax.base.actor import Actor, Hat
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions import planning, serving

CASE = "/api/cases/cases/{case_id}/service"
SIGNATURE = "/api/messaging/services/{document_no}/signature"
MAIL = "owner@palmtax.example"


def served(place: Place, shop: Shop, step: str = "phone", kind: str = "notice") -> tuple[UUID, str, int]:
    """A document that nobody has read, at this step: its case, its number, and its owner."""

    async def make() -> tuple[UUID, str]:
        hat = Hat(uuid7(), "enterprise", "legal_rep", shop.taxpayer_id, None, frozenset())
        lead = Actor(shop.owner.person_id, uuid7(), hat, "h5", "test")
        number = f"TZ{uuid7().hex}"
        async with place.house.database.transaction() as tx:
            await serving.decide_agreement(
                tx, actor=lead, clock=place.clock, taxpayer_id=shop.taxpayer_id, is_given=True
            )
            found = await messaging.serve_document(
                tx, actor=lead, clock=place.clock, taxpayer_id=shop.taxpayer_id, document_no=number, kind=kind,
                title="税务事项通知书", title_en="Notice", digest=evidence.digest_of({"no": number}).hex(),
                office_code=DISTRICT,
            )  # fmt: skip
            await planning.plan_message(
                tx, clock=place.clock, taxpayer_id=shop.taxpayer_id, message_id=found.message_id
            )
            await tx.execute("update messaging_service set step = $2 where document_no = $1", number, step)
            made = cases.new_case(
                clock=place.clock, kind="service", subject_id=found.message_id, taxpayer_id=shop.taxpayer_id, code=step,
                title="电话提醒", title_en="Call", office_code=DISTRICT, skill="hall", needs_two=False,
                due_on=place.clock.today(),
            )  # fmt: skip
            return await cases.open_case(tx, made, clock=place.clock), number

    case_id, number = place.run(make())
    return case_id, number, shop.owner.person_id


def _at(step: str, rest: str, body: dict[str, Any]) -> Try:
    def work(s: Stage) -> str:
        case_id, _, person_id = served(s.place, s.place.shop(), step)
        named = body if step == "paper" else body | {"person_id": person_id}
        day = {"on_day": s.place.clock.today().isoformat()} if step == "paper" else {}
        return again(s.devices["officer"], "POST", f"/cases/cases/{case_id}/service/{rest}", named | day)

    return work


def _sign_twice(s: Stage) -> str:
    shop = s.place.shop()
    _, number, _ = served(s.place, shop, "entered", "order_to_correct")
    return again(s.place.by_wechat(shop.owner), "POST", f"/messaging/services/{number}/signature")


def _end_push_twice(s: Stage) -> str:
    return again(owner_of(s.place), "POST", "/identity/push-subscriptions/ending", PUSH, PUSH | {"auth": "m" * 22})


def _ask_mail_twice(s: Stage) -> str:
    return said(owner_of(s.place)("POST", "/identity/mail-codes", {"address": MAIL}))


def _bind_mail_twice(s: Stage) -> str:
    return said(owner_of(s.place)("POST", "/identity/mail-addresses", {"address": MAIL, "code": "000000"}))


CALL = {"outcome": "not_reached", "note": "", "version": 1}
PAPER = {"outcome": "posted", "receipt_no": "EMS1234567", "note": "", "version": 1}

SERVICE_TWICE: dict[str, Try] = {
    f"POST {CASE}/phone": _at("phone", "phone", {"reason": "电话提醒查收文书"}),
    f"POST {CASE}/calls": _at("phone", "calls", CALL),
    f"POST {CASE}/papers": _at("paper", "papers", PAPER),
    f"POST {SIGNATURE}": _sign_twice,
    "POST /api/identity/push-subscriptions/ending": _end_push_twice,
    "POST /api/identity/mail-codes": _ask_mail_twice,
    "POST /api/identity/mail-addresses": _bind_mail_twice,
}


def _paper_before_its_step(s: Stage) -> str:
    case_id, _, _ = served(s.place, s.place.shop(), "phone")
    body = PAPER | {"on_day": s.place.clock.today().isoformat()}
    return said(s.devices["officer"]("POST", f"/cases/cases/{case_id}/service/papers", body))


def _call_after_paper(s: Stage) -> str:
    case_id, _, person_id = served(s.place, s.place.shop(), "paper")
    return said(s.devices["officer"]("POST", f"/cases/cases/{case_id}/service/calls", CALL | {"person_id": person_id}))


def _sign_what_asks_for_none(s: Stage) -> str:
    shop = s.place.shop()
    _, number, _ = served(s.place, shop, "entered")
    return said(s.place.by_wechat(shop.owner)("POST", f"/messaging/services/{number}/signature"))


SERVICE_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    f"POST {CASE}/papers": ("before paper is due", _paper_before_its_step),
    f"POST {CASE}/calls": ("when paper is due already", _call_after_paper),
    f"POST {SIGNATURE}": ("of a document that asks for none", _sign_what_asks_for_none),
    "POST /api/identity/mail-addresses": ("without having asked for a code", _bind_mail_twice),
}
