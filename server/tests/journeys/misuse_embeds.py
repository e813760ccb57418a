"""Attempts for the table of bad input around our screens in partners' pages: asking, opening, leaving."""

from __future__ import annotations

from urllib.parse import urlsplit

from journeys.matters import owner_of
from journeys.partners import BODIES, Partner, invented, registered
from journeys.stage import Stage, Try, said

OPENING, OWN = "POST /api/partners/embeds/opening", "DELETE /api/partners/embeds/own"


def _bank(s: Stage) -> Partner:
    """An application that may open our screens for an invented taxpayer."""
    me = owner_of(s.place).ok("GET", "/identity/me")
    invented(s.place, me["hat"]["taxpayer_id"], me["person"]["person_id"])
    return registered(s.place, scopes=["embed", "embed.pay"])


def _asked_twice(path: str, scope: str) -> Try:
    def attempt(s: Stage) -> str:
        headers, body = _bank(s).sandboxed(scope), BODIES[f"POST {path}"]
        s.place.http.post(path, json=body, headers=headers)
        return said(s.place.http.post(path, json=body, headers=headers))

    return attempt


def _ticket(s: Stage, one: Partner) -> dict[str, str]:
    made = s.place.http.post("/open/v1/embeds", json={"screen": "certificates"}, headers=one.sandboxed("embed")).json()
    return {"client_id": one.client_id, "ticket": urlsplit(made["url"]).fragment}


def _opened_twice(s: Stage) -> str:
    given = _ticket(s, _bank(s))
    s.place.http.post("/api/partners/embeds/opening", json=given).raise_for_status()
    return said(s.place.http.post("/api/partners/embeds/opening", json=given))


def _opened_after_suspension(s: Stage) -> str:
    one = _bank(s)
    given = _ticket(s, one)
    path = f"/partners/desk/applications/{one.application_id}/suspension"
    s.devices["officer"].ok("POST", path, {"reason": "疑似泄露资料"})
    return said(s.place.http.post("/api/partners/embeds/opening", json=given))


def _left_twice(s: Stage) -> str:
    given = _ticket(s, _bank(s))
    token = s.place.http.post("/api/partners/embeds/opening", json=given).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    s.place.http.delete("/api/partners/embeds/own", headers=headers).raise_for_status()
    return said(s.place.http.delete("/api/partners/embeds/own", headers=headers))


EMBEDS_TWICE: dict[str, Try] = {
    "POST /open/v1/embeds": _asked_twice("/open/v1/embeds", "embed"),
    "POST /open/v1/embeds/payment": _asked_twice("/open/v1/embeds/payment", "embed.pay"),
    OPENING: _opened_twice,
    OWN: _left_twice,
}
EMBEDS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    OPENING: ("after the application was suspended", _opened_after_suspension),
    OWN: ("by an ordinary session", lambda s: said(s.devices["owner"]("DELETE", "/partners/embeds/own"))),
}
