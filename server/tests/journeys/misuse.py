"""Attempts for the table of bad input: acts done twice, and acts out of order."""

from __future__ import annotations

import json
from typing import Any

from journeys.asks import DEVICE, GIVEN, INCOME
from journeys.misuse_accounts import ACCOUNTS_OUT_OF_ORDER, ACCOUNTS_TWICE
from journeys.misuse_campaigns import CAMPAIGNS_OUT_OF_ORDER, CAMPAIGNS_TWICE
from journeys.misuse_chats import CHATS_OUT_OF_ORDER, CHATS_TWICE
from journeys.misuse_features import FEATURES_OUT_OF_ORDER, FEATURES_TWICE
from journeys.misuse_kiosk import KIOSK_OUT_OF_ORDER, KIOSK_TWICE
from journeys.misuse_law import LAW_OUT_OF_ORDER, LAW_TWICE
from journeys.misuse_matters import MATTERS_OUT_OF_ORDER, MATTERS_TWICE
from journeys.misuse_messages import MESSAGES_OUT_OF_ORDER, MESSAGES_TWICE
from journeys.misuse_monitoring import MONITORING_OUT_OF_ORDER, MONITORING_TWICE
from journeys.misuse_officers import OFFICERS_OUT_OF_ORDER, OFFICERS_TWICE
from journeys.misuse_partners import PARTNERS_OUT_OF_ORDER, PARTNERS_TWICE
from journeys.misuse_rooms import ROOMS_OUT_OF_ORDER, ROOMS_TWICE
from journeys.misuse_service import SERVICE_OUT_OF_ORDER, SERVICE_TWICE
from journeys.misuse_services import SERVICES_OUT_OF_ORDER, SERVICES_TWICE
from journeys.place import Device
from journeys.stage import Stage, Try, again, file_of, said
from journeys.steps import a_key, as_seen, cashier, correct, filed, order, submit

from palmtax.identity import NewHat

# twice ---------------------------------------------------------------------------------------------------------------


def _sms_twice(s: Stage) -> str:
    body = {"phone": s.place.person("甲乙").phone}
    s.place.http.post("/api/identity/sms-codes", json=body).raise_for_status()
    return said(s.place.http.post("/api/identity/sms-codes", json=body))


def _sign_in_twice(s: Stage) -> str:
    phone = s.place.person("甲乙").phone
    s.place.http.post("/api/identity/sms-codes", json={"phone": phone}).raise_for_status()
    body = {"phone": phone, "code": s.place.text_code(phone), "device": DEVICE}
    s.place.http.post("/api/identity/sessions/sms", json=body).raise_for_status()
    return said(s.place.http.post("/api/identity/sessions/sms", json=body))


def _wechat(s: Stage, *, with_phone: bool) -> dict[str, Any]:
    phone = s.place.person("甲乙").phone
    login = s.place.sandboxes.post("/wechat/sandbox/wx-login", json={"phone": phone}).json()
    body = {"login_code": login["code"], "device": DEVICE}
    if with_phone:
        body["phone_code"] = s.place.sandboxes.post(
            "/wechat/sandbox/phone-code", json={"openid": login["openid"]}
        ).json()["code"]
    return body


def _wechat_twice(s: Stage) -> str:
    body = _wechat(s, with_phone=True)
    s.place.http.post("/api/identity/sessions/wechat", json=body).raise_for_status()
    return said(s.place.http.post("/api/identity/sessions/wechat", json=body))


def _refresh_twice(s: Stage) -> str:
    body = {"refresh_token": s.clerk()[0].session["refresh_token"]}
    s.place.http.post("/api/identity/sessions/refresh", json=body).raise_for_status()
    return said(s.place.http.post("/api/identity/sessions/refresh", json=body))


def _end_twice(path: str) -> Try:
    def work(s: Stage) -> str:
        phone, _ = s.clerk()
        headers = {"authorization": f"Bearer {phone.session['access_token']}"}
        s.place.http.delete(path, headers=headers).raise_for_status()
        return said(s.place.http.delete(path, headers=headers))

    return work


def _device_twice(s: Stage) -> str:
    phone, person = s.clerk()
    other = s.place.by_sms(person)
    number = next(d["session_id"] for d in other.ok("GET", "/identity/sessions") if d["is_current"])
    return again(phone, "DELETE", f"/identity/sessions/{number}")


def _second_factor_twice(s: Stage) -> str:
    phone, person = s.clerk()
    phone.ok("POST", "/identity/sms-codes", {"phone": person.phone, "purpose": "second_factor"})
    return again(phone, "POST", "/identity/second-factor", {"code": s.place.text_code(person.phone)})


def _real_name_twice(s: Stage) -> str:
    person = s.place.person("赵小办")
    phone = s.place.by_sms(person)
    return again(phone, "POST", "/identity/real-name", {"name": person.name, "resident_id": person.resident_id})


def _hat_twice(s: Stage) -> str:
    return again(s.devices["owner"], "POST", "/identity/hat", {"hat_id": s.known["hat_id"]})


def _scan_twice(s: Stage) -> str:
    phone, path, _ = s.ticket()
    return again(phone, "POST", f"{path}/scan")


def _answer_twice(s: Stage) -> str:
    phone, path, _ = s.ticket()
    phone.ok("POST", f"{path}/scan")
    return again(phone, "POST", f"{path}/answer", {"accept": True})


def _authorise_twice(s: Stage) -> str:
    boss = s.place.by_wechat(s.place.shop().owner)
    _, person = s.clerk()
    s.place.prove(boss)
    return again(boss, "POST", "/identity/authorisations", {"phone": person.phone, "name": person.name, **GIVEN})


def _settle_twice(act: str) -> Try:
    def work(s: Stage) -> str:
        boss, phone, number = s.given()
        return again(boss if act == "revoke" else phone, "POST", f"/identity/authorisations/{number}/{act}")

    return work


def _invoice_twice(s: Stage) -> str:
    phone = s.place.by_wechat(s.place.shop().owner)
    return again(phone, "POST", "/invoice/invoices", INCOME, INCOME | {"issued_on": "2026-08-13"})


def _import_twice(s: Stage) -> str:
    phone = s.place.by_wechat(s.place.shop().owner)
    for _ in range(2):
        answer = phone("POST", "/invoice/imports", files=file_of(b"x"), data={"kind": "platform_csv"})
    return said(answer)


def _draft_twice(s: Stage) -> str:
    phone, _ = s.begun()
    return again(phone, "POST", "/filing/drafts", {"tax_type_code": "vat_small_scale", "period": "2026Q3"})


def _correct_twice(s: Stage) -> str:
    phone, draft = s.begun()
    body = {"version": 1, "corrections": [{"field": "ordinary_sales", "value_fen": 1, "reason": "x"}]}
    return again(phone, "PATCH", f"/filing/drafts/{draft['draft_id']}", body)


def _discard_twice(s: Stage) -> str:
    phone, draft = s.begun()
    return again(phone, "DELETE", f"/filing/drafts/{draft['draft_id']}")


def _submit_twice(s: Stage) -> str:
    phone, draft = s.begun()
    return again(phone, "POST", "/filing/returns", as_seen(draft), as_seen(draft) | {"confirmed_due_now_fen": 1})


def _amend_twice(s: Stage) -> str:
    _, phone, made = filed(s.place)
    return again(phone, "POST", f"/filing/returns/{made['return_id']}/amendment")


def _void_twice(s: Stage) -> str:
    _, phone, made = filed(s.place)
    return again(
        phone, "POST", f"/filing/returns/{made['return_id']}/void", {"reason": "重复申报"}, {"reason": "另一个"}
    )


def _order_twice(s: Stage) -> str:
    _, phone, made = filed(s.place)
    return again(phone, "POST", "/payment/orders", {"return_id": made["return_id"]})


def _pay_twice(s: Stage) -> str:
    _, phone, made = filed(s.place)
    return again(phone, "POST", f"/payment/orders/{order(phone, made)['order_id']}/wechat", {"trade": "jsapi"})


def _query_twice(s: Stage) -> str:
    _, phone, made = filed(s.place)
    ordered = order(phone, made)
    cashier(phone, ordered)
    return again(phone, "POST", f"/payment/orders/{ordered['order_id']}/query")


def _transfer(s: Stage) -> tuple[Device, dict[str, Any]]:
    shop, phone, made = filed(s.place)
    return s.devices["officer"], {
        "taxpayer_id": shop.taxpayer_id, "order_id": order(phone, made)["order_id"], "amount_fen": 424_000,
        "bank_reference": "BANK-1", "received_on": "2026-10-15",
    }  # fmt: skip


def _transfer_twice(s: Stage) -> str:
    desk, body = _transfer(s)
    return again(desk, "POST", "/payment/transfers", body, body | {"bank_reference": "BANK-2"})


def _certificate_twice(s: Stage) -> str:
    return again(s.devices["owner"], "POST", "/certificates", {"order_id": s.known["order_id"]})


def _view_twice(method: str) -> Try:
    def work(s: Stage) -> str:
        desk, body = s.place.by_sms(s.place.officer(), "workbench"), {"name": "x"}
        if method == "POST":
            return again(desk, "POST", "/cases/views", body)
        number = desk.ok("POST", "/cases/views", body)["view_id"]
        return again(desk, method, f"/cases/views/{number}", body if method == "PUT" else None)

    return work


_ME, _TICKET, _AUTH = "/api/identity", "/api/identity/sign-in-tickets/{ticket_id}", "/api/identity/authorisations"
_DRAFT, _RETURN, _ORDER = (
    "/api/filing/drafts/{draft_id}",
    "/api/filing/returns/{return_id}",
    "/api/payment/orders/{order_id}",
)
TWICE: dict[str, Try] = {
    f"POST {_ME}/sms-codes": _sms_twice, f"POST {_ME}/sessions/sms": _sign_in_twice, f"POST {_ME}/sessions/wechat": _wechat_twice,
    f"POST {_ME}/sessions/refresh": _refresh_twice, f"DELETE {_ME}/sessions/current": _end_twice("/api/identity/sessions/current"),
    f"DELETE {_ME}/sessions": _end_twice("/api/identity/sessions"), f"DELETE {_ME}/sessions/{{session_id}}": _device_twice,
    f"POST {_ME}/hat": _hat_twice, f"POST {_ME}/second-factor": _second_factor_twice, f"POST {_ME}/real-name": _real_name_twice,
    f"POST {_TICKET}/scan": _scan_twice, f"POST {_TICKET}/answer": _answer_twice, f"POST {_AUTH}": _authorise_twice,
    f"POST {_AUTH}/{{authorisation_id}}/accept": _settle_twice("accept"), f"POST {_AUTH}/{{authorisation_id}}/deny": _settle_twice("deny"),
    f"POST {_AUTH}/{{authorisation_id}}/revoke": _settle_twice("revoke"), "POST /api/invoice/invoices": _invoice_twice,
    "POST /api/invoice/imports": _import_twice, "POST /api/filing/drafts": _draft_twice, f"PATCH {_DRAFT}": _correct_twice,
    f"DELETE {_DRAFT}": _discard_twice, "POST /api/filing/returns": _submit_twice, f"POST {_RETURN}/amendment": _amend_twice,
    f"POST {_RETURN}/void": _void_twice, "POST /api/payment/orders": _order_twice, f"POST {_ORDER}/wechat": _pay_twice,
    f"POST {_ORDER}/query": _query_twice, "POST /api/payment/transfers": _transfer_twice, "POST /api/certificates": _certificate_twice,
    "POST /api/cases/views": _view_twice("POST"), "PUT /api/cases/views/{view_id}": _view_twice("PUT"),
    "DELETE /api/cases/views/{view_id}": _view_twice("DELETE"), **LAW_TWICE, **MATTERS_TWICE,
    **SERVICES_TWICE, **ACCOUNTS_TWICE, **MESSAGES_TWICE, **PARTNERS_TWICE, **FEATURES_TWICE,
    **MONITORING_TWICE, **ROOMS_TWICE, **OFFICERS_TWICE, **CAMPAIGNS_TWICE,
    **CHATS_TWICE,
    **KIOSK_TWICE,
    **SERVICE_TWICE,
}  # fmt: skip


# out of order --------------------------------------------------------------------------------------------------------


def _post(s: Stage, path: str, body: Any) -> str:
    return said(s.place.http.post(f"/api{path}", json=body))


def _sign_in_unasked(s: Stage) -> str:
    return _post(s, "/identity/sessions/sms", {"phone": "15499999999", "code": "123456", "device": DEVICE})


def _renew_after_sign_out(s: Stage) -> str:
    phone, _ = s.clerk()
    token = phone.session["refresh_token"]
    phone.ok("DELETE", "/identity/sessions/current")
    return _post(s, "/identity/sessions/refresh", {"refresh_token": token})


def _revoked_hat(s: Stage) -> str:
    boss, phone, number = s.given()
    phone.ok("POST", f"/identity/authorisations/{number}/accept")
    boss.ok("POST", f"/identity/authorisations/{number}/revoke")
    return said(phone("POST", "/identity/hat", {"hat_id": number}))


def _other_name(s: Stage) -> str:
    phone, person = s.clerk()
    return said(phone("POST", "/identity/real-name", {"name": "另一人", "resident_id": person.resident_id}))


def _scan_late(s: Stage) -> str:
    phone, path, _ = s.ticket()
    s.place.clock.move(minutes=2, seconds=1)
    text = said(phone("POST", f"{path}/scan"))
    s.place.clock.move(minutes=-2, seconds=-1)
    return text


def _answer_unscanned(s: Stage) -> str:
    phone, path, _ = s.ticket()
    return said(phone("POST", f"{path}/answer", {"accept": True}))


def _look_after_collecting(s: Stage) -> str:
    phone, path, ticket = s.ticket()
    phone.ok("POST", f"{path}/scan")
    phone.ok("POST", f"{path}/answer", {"accept": True})
    secret = {"poll_secret": ticket["poll_secret"]}
    assert s.place.http.get(f"/api{path}", params=secret).json()["session"]
    answer = s.place.http.get(f"/api{path}", params=secret)
    return f"{said(answer)}, session {json.dumps(answer.json()['session'])}"


def _authorise_unproved(s: Stage) -> str:
    boss, (_, person) = s.place.by_wechat(s.place.shop().owner), s.clerk()
    return said(boss("POST", "/identity/authorisations", {"phone": person.phone, "name": person.name, **GIVEN}))


def _settled_before(first: str, act: str) -> Try:
    def work(s: Stage) -> str:
        boss, phone, number = s.given()
        for one in (first, act):
            answer = (boss if one == "revoke" else phone)("POST", f"/identity/authorisations/{number}/{one}")
        return said(answer)

    return work


def _keyless(path: str, body: Any) -> Try:
    def work(s: Stage) -> str:
        return said(s.devices["owner"]("POST", path, body))

    return work


def _xml_that_is_none(s: Stage) -> str:
    phone = s.place.by_wechat(s.place.shop().owner)
    return said(
        phone("POST", "/invoice/imports", files=file_of("发票号码,开票日期\n".encode()), data={"kind": "einvoice_xml"})
    )


def _too_early(s: Stage) -> str:
    phone, _ = s.begun()
    return said(phone("POST", "/filing/drafts", {"tax_type_code": "vat_small_scale", "period": "2027Q1"}))


def _after_filing(method: str) -> Try:
    def work(s: Stage) -> str:
        phone, draft = s.begun()
        submit(phone, draft)
        body = {"version": 1, "corrections": [{"field": "ordinary_sales", "value_fen": 1, "reason": "x"}]}
        return said(phone(method, f"/filing/drafts/{draft['draft_id']}", body if method == "PATCH" else None))

    return work


def _submit_discarded(s: Stage) -> str:
    phone, draft = s.begun()
    phone.ok("DELETE", f"/filing/drafts/{draft['draft_id']}")
    return said(phone("POST", "/filing/returns", as_seen(draft), key=a_key()))


def _amend_superseded(s: Stage) -> str:
    _, phone, made = filed(s.place)
    draft = phone.ok("POST", f"/filing/returns/{made['return_id']}/amendment")
    submit(phone, correct(phone, draft, 41_000_000))
    return said(phone("POST", f"/filing/returns/{made['return_id']}/amendment"))


def _void_paid(s: Stage) -> str:
    return said(
        s.devices["owner"]("POST", f"/filing/returns/{s.known['return_id']}/void", {"reason": "重复申报"}, key=a_key())
    )


def _order_paid(s: Stage) -> str:
    return said(s.devices["owner"]("POST", "/payment/orders", {"return_id": s.known["return_id"]}))


def _pay_paid(s: Stage) -> str:
    return said(s.devices["owner"]("POST", f"/payment/orders/{s.known['order_id']}/wechat", {"trade": "jsapi"}))


def _query_before_cashier(s: Stage) -> str:
    _, phone, made = filed(s.place)
    answer = phone("POST", f"/payment/orders/{order(phone, made)['order_id']}/query")
    return f"{said(answer)}, {answer.json()['state']}"


def _transfer_for_paid(s: Stage) -> str:
    desk, body = _transfer(s)
    desk.ok("POST", "/payment/transfers", body, key=a_key())
    return said(desk("POST", "/payment/transfers", body | {"bank_reference": "BANK-9"}, key=a_key()))


def _certify_unpaid(s: Stage) -> str:
    _, phone, made = filed(s.place)
    return said(phone("POST", "/certificates", {"order_id": order(phone, made)["order_id"]}))


def _change_dropped_view(s: Stage) -> str:
    desk = s.place.by_sms(s.place.officer(), "workbench")
    number = desk.ok("POST", "/cases/views", {"name": "x"})["view_id"]
    desk.ok("DELETE", f"/cases/views/{number}")
    return said(desk("PUT", f"/cases/views/{number}", {"name": "y"}))


def _read_after_hat_is_gone(s: Stage) -> str:
    boss, phone, number = s.given()
    phone.ok("POST", f"/identity/authorisations/{number}/accept")
    phone.ok("POST", "/identity/hat", {"hat_id": number})
    phone.ok("GET", "/filing/home")
    boss.ok("POST", f"/identity/authorisations/{number}/revoke")
    return said(phone("GET", "/filing/home"))


def _agent_of_gone(s: Stage) -> str:
    person = s.place.person("章会计")
    hat = NewHat(person.person_id, "agent", s.shop.name, s.shop.taxpayer_id, uscc=s.shop.uscc)
    s.place.settle([], [person], [hat])
    phone = s.place.by_wechat(person)
    phone.wear("agent")
    phone.ok("POST", f"/identity/authorisations/{hat.hat_id}/deny")
    return said(phone("GET", "/registry/taxpayer"))


OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    f"POST {_ME}/sms-codes": ("a second proof asked for before signing in",
                              lambda s: _post(s, "/identity/sms-codes", {"phone": "15400000001", "purpose": "second_factor"})),
    f"POST {_ME}/sessions/sms": ("a code that was never asked for",
                                 _sign_in_unasked),
    f"POST {_ME}/sessions/wechat": ("a WeChat user seen for the first time, without the phone button",
                                    lambda s: _post(s, "/identity/sessions/wechat", _wechat(s, with_phone=False))),
    f"POST {_ME}/sessions/refresh": ("after signing out", _renew_after_sign_out),
    f"POST {_ME}/hat": ("the hat of an authorisation that was revoked", _revoked_hat),
    f"POST {_ME}/second-factor": ("a code that was never asked for",
                                  lambda s: said(s.clerk()[0]("POST", "/identity/second-factor", {"code": "123456"}))),
    f"POST {_ME}/real-name": ("another name after the check", _other_name),
    f"GET {_TICKET}": ("after the session was collected", _look_after_collecting),
    f"POST {_TICKET}/scan": ("after its two minutes", _scan_late),
    f"POST {_TICKET}/answer": ("before it was scanned", _answer_unscanned),
    f"POST {_AUTH}": ("without the second proof", _authorise_unproved),
    f"POST {_AUTH}/{{authorisation_id}}/accept": ("after it was revoked", _settled_before("revoke", "accept")),
    f"POST {_AUTH}/{{authorisation_id}}/deny": ("after it was revoked", _settled_before("revoke", "deny")),
    f"POST {_AUTH}/{{authorisation_id}}/revoke": ("after it was denied", _settled_before("deny", "revoke")),
    "GET /api/filing/home": ("with a hat that was revoked a moment ago", _read_after_hat_is_gone),
    "GET /api/registry/taxpayer": ("after denying one's link to the taxpayer", _agent_of_gone),
    "POST /api/invoice/invoices": ("without an idempotency key", _keyless("/invoice/invoices", INCOME)),
    "POST /api/invoice/imports": ("a table announced as XML", _xml_that_is_none),
    "POST /api/filing/drafts": ("a quarter that has not begun", _too_early),
    f"PATCH {_DRAFT}": ("after it was submitted", _after_filing("PATCH")),
    f"DELETE {_DRAFT}": ("after it was submitted", _after_filing("DELETE")),
    "POST /api/filing/returns": ("after the draft was discarded", _submit_discarded),
    f"POST {_RETURN}/amendment": ("of a return that was already amended", _amend_superseded),
    f"POST {_RETURN}/void": ("of a paid return", _void_paid),
    "POST /api/payment/orders": ("of a paid return", _order_paid),
    f"POST {_ORDER}/wechat": ("of a paid order", _pay_paid),
    f"POST {_ORDER}/query": ("before a cashier was opened", _query_before_cashier),
    "POST /api/payment/transfers": ("for a paid order", _transfer_for_paid),
    "POST /api/certificates": ("of an unpaid order", _certify_unpaid),
    "PUT /api/cases/views/{view_id}": ("after it was dropped", _change_dropped_view), **LAW_OUT_OF_ORDER,
    **MATTERS_OUT_OF_ORDER, **SERVICES_OUT_OF_ORDER, **ACCOUNTS_OUT_OF_ORDER, **MESSAGES_OUT_OF_ORDER, **PARTNERS_OUT_OF_ORDER,
    **FEATURES_OUT_OF_ORDER,
    **MONITORING_OUT_OF_ORDER, **ROOMS_OUT_OF_ORDER,
    **OFFICERS_OUT_OF_ORDER,
    **CAMPAIGNS_OUT_OF_ORDER,
    **CHATS_OUT_OF_ORDER,
    **KIOSK_OUT_OF_ORDER,
    **SERVICE_OUT_OF_ORDER,
}  # fmt: skip
"""What was tried in words, and the attempt."""
