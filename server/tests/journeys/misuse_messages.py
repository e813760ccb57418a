"""Attempts for the table of bad input around messages and addresses: consents, service, dead letters, bindings, merging."""

from __future__ import annotations

from typing import Any

from journeys.matters import owner_of
from journeys.messages import dead_letter
from journeys.stage import Stage, Try, again, said

DEAD = "/api/messaging/dead-letters"
ONE = f"{DEAD}/{{taxpayer_id}}/{{delivery_id}}"
NOTICE = "2026-11"


def _rescue_twice(rest: str, body: dict[str, Any]) -> Try:
    def work(s: Stage) -> str:
        shop = s.place.shop()
        number = dead_letter(s.place, shop)
        return again(s.devices["officer"], "POST", f"/messaging/dead-letters/{shop.taxpayer_id}/{number}/{rest}", body)

    return work


def _resend_all_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", "/messaging/dead-letters/resending", {"code": "code-of-nothing"})


def _consent_twice(s: Stage) -> str:
    given = {"is_given": True, "notice": NOTICE}
    return again(owner_of(s.place), "PUT", "/messaging/consents/survey", given, given | {"is_given": False})


def _agreement_twice(s: Stage) -> str:
    who = owner_of(s.place)
    s.place.prove(who)
    return again(who, "PUT", "/messaging/service-agreement", {"is_given": True}, {"is_given": False})


def _unbind_twice(s: Stage) -> str:
    who = owner_of(s.place)
    number = next(one["address_id"] for one in who.ok("GET", "/identity/addresses") if one["family"] != "phone")
    return again(who, "DELETE", f"/identity/addresses/{number}")


def _merge_twice(s: Stage) -> str:
    who, other = owner_of(s.place), s.place.person("林二号")
    s.place.by_sms(other)
    s.place.clock.move(seconds=70)
    s.place.prove(who)
    s.place.http.post("/api/identity/sms-codes", json={"phone": other.phone}).raise_for_status()
    told = {"phone": other.phone, "code": s.place.text_code(other.phone)}
    return again(who, "POST", "/identity/merges", told)


PUSH = {"endpoint": "https://push.example/send/abc", "p256dh": "B" + "a" * 86, "auth": "k" * 22}


def _subscribe_twice(s: Stage) -> str:
    return again(owner_of(s.place), "POST", "/identity/push-subscriptions", PUSH, PUSH | {"auth": "m" * 22})


def _switch_twice(s: Stage) -> str:
    told = {"is_on": False, "part": "TSJY-003", "reason": "平台维护"}
    return again(s.devices["officer"], "POST", "/channels/sms/switch", told)


def _roll_back_twice(s: Stage) -> str:
    desk = s.devices["officer"]
    desk("POST", "/channels/sms/rollback")
    return said(desk("POST", "/channels/sms/rollback"))


MESSAGES_TWICE: dict[str, Try] = {
    f"POST {ONE}/resending": _rescue_twice("resending", {}), f"POST {ONE}/giving-up": _rescue_twice("giving-up", {"reason": "已告知"}),
    f"POST {DEAD}/resending": _resend_all_twice, "PUT /api/messaging/consents/{purpose}": _consent_twice,
    "PUT /api/messaging/service-agreement": _agreement_twice,
    "DELETE /api/identity/addresses/{address_id}": _unbind_twice, "POST /api/identity/merges": _merge_twice,
    "POST /api/identity/push-subscriptions": _subscribe_twice,
    "POST /api/channels/{name}/switch": _switch_twice,
    "POST /api/channels/{name}/rollback": _roll_back_twice,
}  # fmt: skip


def _agree_to_an_old_notice(s: Stage) -> str:
    who = owner_of(s.place)
    return said(who("PUT", "/messaging/consents/survey", {"is_given": True, "notice": "2020-01"}))


def _resend_given_up(s: Stage) -> str:
    shop, desk = s.place.shop(), s.devices["officer"]
    path = f"/messaging/dead-letters/{shop.taxpayer_id}/{dead_letter(s.place, shop)}"
    desk.ok("POST", f"{path}/giving-up", {"reason": "已告知"})
    return said(desk("POST", f"{path}/resending", {}))


def _agree_unproved(s: Stage) -> str:
    return said(owner_of(s.place)("PUT", "/messaging/service-agreement", {"is_given": True}))


def _merge_unproved(s: Stage) -> str:
    return said(owner_of(s.place)("POST", "/identity/merges", {"phone": "15488888888", "code": "000000"}))


def _agree_to_ones_own(s: Stage) -> str:
    desk, path = s.devices["officer"], "/channels/sms/switch"
    desk.ok("POST", path, {"is_on": False, "part": "TSJY-002", "reason": "平台维护"})
    on = {"is_on": True, "part": "TSJY-002", "reason": "平台恢复"}
    desk.ok("POST", path, on)
    return said(desk("POST", path, on))


MESSAGES_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "PUT /api/messaging/consents/{purpose}": ("an older notice", _agree_to_an_old_notice),
    f"POST {ONE}/resending": ("after it was given up", _resend_given_up),
    "PUT /api/messaging/service-agreement": ("without a second proof", _agree_unproved),
    "POST /api/identity/merges": ("without a second proof", _merge_unproved),
    "POST /api/channels/{name}/switch": ("switched on by the officer who asked for it", _agree_to_ones_own),
}
