"""What each route is asked with in the table of bad input: bodies, queries, and how a query is spoiled."""

from __future__ import annotations

from typing import Any

from journeys import law
from journeys.campaigns import CAMPAIGN_BODIES
from journeys.kiosks import BODIES as KIOSK_BODIES
from journeys.matters import CASE_BODIES, HALL, THEME
from journeys.partners import BODIES as PARTNER_BODIES
from journeys.place import DISTRICT, Shop
from journeys.steps import as_seen

LARGEST_BODY, LARGEST_UPLOAD, LARGEST_PIECE = 1_000_000, 20_010_000, 2 * 512 * 1024
GIVEN = {"role_code": "tax_clerk", "scopes": ["filing.read"], "valid_until": "2026-12-31"}
INCOME = {
    "kind": "none",
    "issued_on": "2026-08-12",
    "lines": [{"item": "餐费", "levy_rate": "0.01", "amount_fen": 100}],
}
DEVICE = {"name": "x", "channel": "h5"}
LAW = "/api/knowledge"
LAWS, MATTERS, HALLS = "/api/knowledge/laws", "/api/matters", "/api/appointments/halls"
DEAD = "/api/messaging/dead-letters"
_SERVICE = "/api/cases/cases/{case_id}/service"
SERVICE_BODIES: dict[str, Any] = {
    f"POST {_SERVICE}/phone": {"person_id": 1, "reason": "电话提醒查收文书"},
    f"POST {_SERVICE}/calls": {"person_id": 1, "outcome": "reached", "note": "", "version": 1},
    f"POST {_SERVICE}/papers": {"outcome": "posted", "on_day": "2026-10-16", "receipt_no": "EMS1", "note": "", "version": 1},
    "POST /api/identity/push-subscriptions/ending": {
        "endpoint": "https://push.example/send/abc", "p256dh": "B" + "a" * 86, "auth": "k" * 22,
    },
    "POST /api/identity/mail-codes": {"address": "nobody@example.com"},
    "POST /api/identity/mail-addresses": {"address": "nobody@example.com", "code": "000000"},
}  # fmt: skip
NOTICE_OF_TROUBLE = {
    "services": ["messages"], "title": "消息发送变慢", "title_en": "Messages are slow", "text": "正在处理，不影响办税。",
    "text_en": "Being worked on; filing is not touched.",
}  # fmt: skip
SAID_OF_TROUBLE = {"version": 1, "state": "watching", "text": "已恢复，观察中。", "text_en": "Back; being watched."}
CODES = {
    f"{MATTERS}/themes/{{code}}": THEME, f"{MATTERS}/catalogue/{{code}}": "FPBL-002", f"{LAW}/articles/{{code}}": "bonus_tax",
    "/api/channels/rooms/{code}/switch": "leisure",
}  # fmt: skip
"""What names neither a law nor a certificate."""
FOR_ALL = (
    f"{LAW}/laws/{{code}}",
    f"{LAW}/parameters/{{key}}",
    f"{LAW}/calculators/{{law}}",
    "/api/insight/laws/{code}/parameters",
    "/api/messaging/consents/{purpose}",
    *CODES,
    "/channels/{name}/callback",
    "/developers/{name}",
    "/open/v1/calculators/{law}",
    *(f"/api/channels/{{name}}/{what}" for what in ("versions", "switch", "rollback", "figures", "samples")),
    *(f"/api/channels/{{name}}/{what}" for what in ("scenes", "scenes/{scene}", "scenes/{scene}/picture", "menu")),
    "/api/channels/{name}/page-signature",
    "/api/channels/scene/{scene}",
    "/api/channels/alerts/{alert_id}/acknowledgement",
    "/api/channels/incidents/{incident_id}/notes",
    *(f"{HALLS}/{{office_code}}/{name}" for name in ("days", "slots", "order", "screen")),
)
"""Routes that name nothing of one person or office."""
TOO_LONG = {"code": "x" * 61, "key": "x" * 121, "law": "x" * 61, "office_code": "1" * 12, "name": "x" * 41, "scene": "0" * 21,
            "alert_id": "x" * 61}  # fmt: skip
QUERIES: dict[str, dict[str, Any]] = {
    "/api/certificates/proofs": {"served_no": "TZ1"},
    "/open/v1/invoices/sums": {"first_month": "2026-01", "last_month": "2026-10"},
    "/api/filing/affected": {"law": "vat_small_scale", "first_day": "2026-07-01"},
    "/api/insight/studies/{study_id}/groups": {"by": "city"}, "/api/channels/{name}/samples": {"code": "40001"},
    "/api/channels/{name}/page-signature": {"url": "http://127.0.0.1:8000/"},
    f"{HALLS}/{{office_code}}/days": {"topic": "invoice"},
    f"{HALLS}/{{office_code}}/slots": {"topic": "invoice", "day": "2026-10-16"},
    f"{HALLS}/{{office_code}}/order": {"topic": "invoice", "day": "2026-10-16"},
    f"{HALLS}/{{office_code}}/visits": {"day": "2026-10-16"},
    f"{MATTERS}/changes": {"since": "2026-10-15T00:00:00Z"}, f"{MATTERS}/uploads/{{upload_id}}/bytes": {"offset": 0},
}  # fmt: skip
"""What a route must be asked with."""
PAGES = ("/api/cases/taxpayers", "/api/invoice/invoices", "/api/filing/returns", "/api/filing/affected", "/api/payment/orders",
         "/api/payment/ledger", f"{LAW}/changes", "/api/insight/studies", "/api/insight/campaigns", "/api/cases/queue",
         "/api/complaints/desk/complaints",
         "/api/partners/desk/applications", "/api/partners/desk/features", "/open/v1/matters", "/open/v1/applications",
         f"{MATTERS}/applications", f"{MATTERS}/search", f"{MATTERS}/popular", "/api/messaging/messages",
         "/api/messaging/office/messages", "/api/messaging/services",
         DEAD)  # fmt: skip
LONG_QUERIES = {
    "/api/cases/taxpayers": {"q": "x" * 101}, "/api/invoice/invoices": {"q": "x" * 61}, LAWS: {"text": "x" * 61},
    f"{LAW}/calculators": {"query": "x" * 61}, f"{LAW}/articles": {"q": "x" * 61}, "/api/cases/queue": {"q": "x" * 101},
    "/api/cases/templates": {"code": "x" * 41}, "/api/complaints/complaints": {"no": "x" * 41}, HALLS: {"topic": "x" * 41},
    f"{MATTERS}/search": {"q": "x" * 81}, f"{MATTERS}/applications": {"q": "x" * 61},
    "/api/messaging/messages": {"topic": "x" * 41}, DEAD: {"code": "x" * 61},
}  # fmt: skip
ODD_QUERIES = {
    "/api/filing/calendar": {"year": "MMXXVI"}, LAWS: {"uncertain": "perhaps"},
    "/api/insight/studies/{study_id}/groups": {"by": "moon"}, HALLS: {"branch": "moon"}, f"{MATTERS}/export": {"group": "moon"},
    "/api/insight/campaigns": {"state": "perhaps"},
    f"{MATTERS}/changes": {"since": "yesterday"}, f"{MATTERS}/analytics": {"since": "soon"},
    "/api/complaints/desk/statistics": {"first": "soon"},
}  # fmt: skip
IN_BODY = ("POST /api/filing/returns", "POST /api/payment/orders", "POST /api/certificates", "POST /api/identity/hat",
           "POST /api/payment/transfers", f"POST {MATTERS}/uploads", f"POST {MATTERS}/decisions", "POST /api/cases/claims",
           "POST /api/cases/returns", "POST /api/cases/assignments", "POST /api/cases/handovers")  # fmt: skip
"""Requests that name in their body what they aim at."""


def bodies_of(known: dict[str, Any], shop: Shop, draft: Any) -> dict[str, Any]:
    """The body of each request that has one."""
    correction = {"field": "ordinary_sales", "value_fen": 41_000_000, "reason": "漏报"}
    return {
        "POST /api/channels/{name}/switch": {"is_on": False, "part": "TSJY-001", "reason": "平台维护"},
        "POST /api/channels/rooms/{code}/switch": {"mode": "auto", "reason": "恢复自动"},
        "POST /api/channels/incidents": NOTICE_OF_TROUBLE,
        "POST /api/channels/incidents/{incident_id}/notes": SAID_OF_TROUBLE,
        "POST /api/identity/sms-codes": {"phone": "15488888888"},
        "POST /api/identity/sessions/sms": {"phone": "15488888888", "code": "000000", "device": DEVICE},
        "POST /api/identity/sessions/wechat": {"login_code": "nobody", "device": DEVICE},
        "POST /api/identity/sessions/refresh": {"refresh_token": "x" * 40},
        "POST /api/identity/hat": {"hat_id": known["hat_id"]},
        "POST /api/identity/second-factor": {"code": "000000"},
        "POST /api/identity/real-name": {"name": "林小满", "resident_id": "990100198505050013"},
        "POST /api/identity/sign-in-tickets/{ticket_id}/answer": {"accept": True},
        "POST /api/identity/authorisations": {"phone": "15488888888", "name": "某人", **GIVEN},
        "POST /api/invoice/invoices": INCOME,
        "POST /api/filing/drafts": {"tax_type_code": "vat_small_scale", "period": "2026Q3"},
        "PATCH /api/filing/drafts/{draft_id}": {"version": draft["version"], "corrections": [correction]},
        "POST /api/filing/returns": as_seen(draft),
        "POST /api/filing/returns/{return_id}/void": {"reason": "重复申报"},
        "POST /api/payment/orders": {"return_id": known["return_id"]},
        "POST /api/payment/orders/{order_id}/wechat": {"trade": "jsapi"},
        "POST /api/payment/transfers": {
            "taxpayer_id": shop.taxpayer_id, "order_id": known["order_id"], "amount_fen": 424_000, "bank_reference": "BANK-1",
            "received_on": "2026-10-15",
        },
        "POST /api/certificates": {"order_id": known["order_id"]},
        "POST /api/cases/views": {"name": "另一个"},
        "PUT /api/cases/views/{view_id}": {"name": "欠税"},
        "POST /api/knowledge/calculators/{law}": {"facts": law.FACTS},
        "POST /api/knowledge/changes": law.version(), "PUT /api/knowledge/changes/{change_id}": law.edition(),
        "POST /api/knowledge/changes/{change_id}/send": {}, "POST /api/knowledge/changes/{change_id}/approve": {},
        "POST /api/knowledge/changes/{change_id}/return": {"reason": "依据不符"},
        "POST /api/knowledge/changes/{change_id}/withdraw": {"reason": "不再需要"},
        "POST /api/insight/studies": law.question(), **CAMPAIGN_BODIES,
        **matter_bodies(known), **PARTNER_BODIES, **KIOSK_BODIES,
    }  # fmt: skip


def matter_bodies(known: dict[str, Any]) -> dict[str, Any]:
    """Bodies for matters, cases, halls, complaints and messages."""
    own, desk, case = f"{MATTERS}/applications", f"{MATTERS}/cases/{{application_id}}", "/api/cases"
    journey, complaint = f"{MATTERS}/journeys", "/api/complaints/desk/complaints/{complaint_id}"
    ids, booking = {"case_ids": [known["case_id"]]}, "/api/appointments/bookings"
    sent, keyed = {"case_version": 1}, {"version": 1, "idempotency_key": "key-of-nothing"}
    return {
        f"POST {own}": {"matter_code": "FPBL-002", "fresh": True},
        f"PATCH {own}/{{application_id}}": {"version": 1, "answers": {}},
        f"POST {own}/{{application_id}}/submission": keyed | {"is_confirmed": True},
        f"POST {own}/{{application_id}}/withdrawal": {"reason": "不需要了"},
        f"POST {own}/{{application_id}}/rating": {"stars": 5},
        f"POST {MATTERS}/uploads": {"application_id": known["application_id"], "paper_code": "contract", "file_name": "a.jpg",
                                    "size_bytes": 5, "idempotency_key": "key-of-nothing"},
        f"POST {journey}": {"theme_code": THEME, "idempotency_key": "key-of-nothing"},
        f"POST {journey}/{{journey_id}}/omission": {"matter_code": "XXBG-012"},
        f"PATCH {journey}/{{journey_id}}": {"version": 1, "answers": {}},
        f"POST {journey}/{{journey_id}}/submission": keyed, f"POST {journey}/{{journey_id}}/retry": {"matter_code": "XXBG-012"},
        f"POST {desk}/opinion": sent | {"outcome": "yes"}, f"POST {desk}/confirmation": sent | {"is_agreed": True},
        f"POST {desk}/supplement": sent | {"text": "请补充合同"},
        f"POST {MATTERS}/decisions": {"application_ids": [known["application_id"]], "outcome": "yes", "reason": "同意"},
        f"POST {case}/claims": ids, f"POST {case}/returns": ids,
        f"POST {case}/assignments": ids | {"person_id": known["person_id"]},
        f"POST {case}/handovers": {"case_id": known["case_id"], "office_code": DISTRICT, "reason": "不归本局"},
        **{f"{name.split(' ')[0]} {case}/{name.split(' ')[1]}": body for name, body in CASE_BODIES.items()},
        f"POST {case}/absences": {"from_on": "2026-12-01", "until_on": "2026-12-02", "substitute_id": known["person_id"]},
        f"POST {booking}": HALL, f"POST {booking}/{{booking_id}}/move": {"day": "2026-10-16", "time": "10:00"},
        f"POST {booking}/{{booking_id}}/cancellation": {"reason": "没空"},
        "POST /api/appointments/tickets": {"office_code": DISTRICT, "topic": "invoice"},
        f"POST {HALLS}/{{office_code}}/calls": {"window_no": 1, "desks": ["invoice"]},
        f"PUT {HALLS}/{{office_code}}/plan": {"windows": {"invoice": 4}},
        f"POST {HALLS}/{{office_code}}/tickets/{{queue_ticket_id}}/ending": {"how": "served"},
        "POST /api/complaints/complaints/{complaint_id}/satisfaction": {"is_satisfied": True},
        "POST /api/complaints/complaints/{complaint_id}/withdrawal": {"reason": "算了"},
        f"POST {complaint}/extension": {"days": 3, "reason": "还在核实"},
        f"POST {complaint}/extension/decision": {"is_agreed": True},
        f"POST {complaint}/investigation": {"colleague_ids": [known["person_id"]]},
        "POST /api/complaints/desk/ratings/{taxpayer_id}/{rating_id}/contact": {"note": "已致电"},
        "POST /api/complaints/desk/reports/{report_id}/informant": {"note": "回复检举人"},
        "PUT /api/messaging/preferences": {"topics": [], "ways": []},
        "PUT /api/messaging/consents/{purpose}": {"is_given": True, "notice": "2026-11"},
        "PUT /api/messaging/service-agreement": {"is_given": True},
        f"POST {DEAD}/resending": {"code": "code-of-nothing"}, f"POST {DEAD}/{{taxpayer_id}}/{{delivery_id}}/resending": {},
        f"POST {DEAD}/{{taxpayer_id}}/{{delivery_id}}/giving-up": {"reason": "已电话告知"},
        "POST /api/identity/push-subscriptions": {
            "endpoint": "https://push.example/send/abc", "p256dh": "B" + "a" * 86, "auth": "k" * 22,
        },
        "POST /api/identity/merges": {"phone": "15488888888", "code": "000000"},
        **SERVICE_BODIES,
        "POST /api/identity/chat-oauth": {"chat": "gov_wechat", "page": "/board"},
        "POST /api/identity/sessions/chat-oauth": {"state": "x" * 32, "code": "nobody"},
        "POST /api/identity/chat-oauth/binding": {"state": "x" * 32, "code": "nobody"},
        "PUT /api/messaging/office/wishes": {"topics": [], "ways": []},
        "POST /api/identity/oauth": {"account": "wechat_oa", "place": "/pages/home/index"},
        "POST /api/identity/sessions/oauth": {"state": "x" * 32, "code": "nobody", "device": DEVICE},
        "POST /api/identity/oauth/binding": {"state": "x" * 32},
        "POST /api/channels/{name}/scenes": {
            "kind": "follow", "place": "/appointments/offices/index", "title": "预约", "title_en": "Book a visit", "days": 7,
        },
    }  # fmt: skip
