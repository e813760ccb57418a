"""Attempts for the table of bad input around printing kiosks: pairing, confirming, printing, leaving."""

from __future__ import annotations

from uuid import uuid4

from journeys.kiosks import HALL, Machine, machine, named
from journeys.stage import Stage, Try, said

_KIOSKS, _VISIT, _PRINT = "/channels/kiosks", "/visit", "/visit/prints/{print_id}"


def _machine(s: Stage) -> Machine:
    return machine(s.place, s.devices["officer"])


def _entered(s: Stage) -> Machine:
    return _machine(s).enter(s.devices["owner"])


def _registered_twice(s: Stage) -> str:
    desk, body = s.devices["officer"], named()
    desk.ok("POST", HALL, body)
    return said(desk("POST", HALL, body))


def _of_desk(rest: str, body: dict[str, str] | None = None) -> Try:
    def attempt(s: Stage) -> str:
        path = f"{HALL}/{_machine(s).kiosk_id}/{rest}"
        s.devices["officer"].ok("POST", path, body)
        return said(s.devices["officer"]("POST", path, body))

    return attempt


def _paired_twice(s: Stage) -> str:
    code = {"code": s.devices["officer"].ok("POST", HALL, named())["pairing_code"]}
    s.place.http.post(f"/api{_KIOSKS}/pairing", json=code).raise_for_status()
    return said(s.place.http.post(f"/api{_KIOSKS}/pairing", json=code))


def _of_machine(method: str, path: str) -> Try:
    def attempt(s: Stage) -> str:
        one = _entered(s)
        one(method, path).raise_for_status()
        return said(one(method, path))

    return attempt


def _printed_twice(s: Stage) -> str:
    one = _entered(s)
    path, wanted = f"/visit/prints/{uuid4()}", one.paper()
    one("PUT", path, wanted).raise_for_status()
    return f"{said(one('PUT', path, wanted))}, then {said(one('PUT', path, wanted | {'copies': 2}))}"


def _told_twice(s: Stage) -> str:
    one = _entered(s)
    path = f"{one.printing()}/result"
    one("POST", path, {"result": "jammed"}).raise_for_status()
    return f"{said(one('POST', path, {'result': 'jammed'}))}, then {said(one('POST', path, {'result': 'done'}))}"


def _of_phone(method: str, rest: str = "") -> Try:
    def attempt(s: Stage) -> str:
        one, owner = _entered(s), s.devices["owner"]
        path = f"{_KIOSKS}/visits/{one.visit_id}{rest}"
        owner(method, path).raise_for_status()
        return said(owner(method, path))

    return attempt


_ROUTE = "/api/channels/kiosks"
KIOSK_TWICE: dict[str, Try] = {
    f"POST {_ROUTE}/halls/{{office_code}}": _registered_twice,
    f"POST {_ROUTE}/halls/{{office_code}}/{{kiosk_id}}/pairing": _of_desk("pairing"),
    f"POST {_ROUTE}/halls/{{office_code}}/{{kiosk_id}}/revocation": _of_desk("revocation", {"reason": "机器报废"}),
    f"POST {_ROUTE}/pairing": _paired_twice,
    f"POST {_ROUTE}/beat": _of_machine("POST", "/beat"),
    f"POST {_ROUTE}/visits": _of_machine("POST", "/visits"),
    f"POST {_ROUTE}/visit/stay": _of_machine("POST", "/visit/stay"),
    f"DELETE {_ROUTE}/visit": _of_machine("DELETE", _VISIT),
    f"PUT {_ROUTE}{_PRINT}": _printed_twice,
    f"POST {_ROUTE}{_PRINT}/result": _told_twice,
    f"POST {_ROUTE}/visits/{{visit_id}}/confirmation": _of_phone("POST", "/confirmation"),
    f"DELETE {_ROUTE}/visits/{{visit_id}}": _of_phone("DELETE"),
}


def _stays_unconfirmed(s: Stage) -> str:
    one = _machine(s)
    one.begin()
    return said(one("POST", "/visit/stay"))


def _prints_after_leaving(s: Stage) -> str:
    one = _entered(s)
    wanted = one.paper()
    one("DELETE", _VISIT)
    return said(one("PUT", f"/visit/prints/{uuid4()}", wanted))


def _told_unbegun(s: Stage) -> str:
    return said(_entered(s)("POST", f"/visit/prints/{uuid4()}/result", {"result": "done"}))


def _confirms_another_ones(s: Stage) -> str:
    one = _entered(s)
    return said(s.devices["stranger"]("POST", f"{_KIOSKS}/visits/{one.visit_id}/confirmation"))


def _revoked(s: Stage) -> Machine:
    one = _entered(s)
    s.devices["officer"].ok("POST", f"{HALL}/{one.kiosk_id}/revocation", {"reason": "机器报废"})
    return one


def _papers_of_revoked(s: Stage) -> str:
    return said(_revoked(s)("GET", "/visit/papers"))


def _code_for_revoked(s: Stage) -> str:
    return said(s.devices["officer"]("POST", f"{HALL}/{_revoked(s).kiosk_id}/pairing"))


KIOSK_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    f"POST {_ROUTE}/visit/stay": ("before a phone confirmed", _stays_unconfirmed),
    f"PUT {_ROUTE}{_PRINT}": ("after the person left", _prints_after_leaving),
    f"POST {_ROUTE}{_PRINT}/result": ("of a print that never began", _told_unbegun),
    f"POST {_ROUTE}/visits/{{visit_id}}/confirmation": ("after somebody else confirmed", _confirms_another_ones),
    f"GET {_ROUTE}/visit/papers": ("at a machine taken out of use a moment ago", _papers_of_revoked),
    f"POST {_ROUTE}/halls/{{office_code}}/{{kiosk_id}}/pairing": ("after it was taken out of use", _code_for_revoked),
}
