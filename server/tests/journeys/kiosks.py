"""A printing kiosk of the district's hall, as its page calls the house; and what others aim at."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from journeys.place import DISTRICT, Device, Place

HALL = f"/channels/kiosks/halls/{DISTRICT}"
_numbers = itertools.count(1)


def named() -> dict[str, str]:
    """A machine with a name of its own."""
    number = next(_numbers)
    return {
        "name": f"{number} 号终端", "name_en": f"Kiosk {number}", "place": "一楼大厅入口右侧", "place_en": "Ground floor, right",
    }  # fmt: skip


@dataclass
class Machine:
    """A paired kiosk: its secret, and the secret of the visit on its screen."""

    place: Place
    kiosk_id: str
    secret: str
    visit: str = ""
    visit_id: str = ""

    def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """What its page asks."""
        headers = {"X-Kiosk": self.secret, "X-Kiosk-Visit": self.visit}
        return self.place.http.request(method, f"/api/channels/kiosks{path}", json=body, headers=headers)

    def begin(self) -> dict[str, Any]:
        """A new code on the screen."""
        made: dict[str, Any] = self("POST", "/visits").json()
        self.visit, self.visit_id = made["secret"], made["visit_id"]
        return made

    def enter(self, phone: Device) -> Machine:
        """Somebody confirms the code on their phone."""
        self.begin()
        phone.ok("POST", f"/channels/kiosks/visits/{self.visit_id}/confirmation")
        return self

    def paper(self) -> dict[str, Any]:
        """What to ask to print the newest paper once."""
        first = self("GET", "/visit/papers").json()[0]
        return {"source": first["source"], "paper_id": first["paper_id"], "copies": 1}

    def printing(self) -> str:
        """The path of a print that has begun."""
        path = f"/visit/prints/{uuid4()}"
        self("PUT", path, self.paper())
        return path


def machine(place: Place, desk: Device) -> Machine:
    """A kiosk that an officer registered and paired."""
    made = desk.ok("POST", HALL, named())
    answer = place.http.post("/api/channels/kiosks/pairing", json={"code": made["pairing_code"]})
    return Machine(place, made["kiosk"]["kiosk_id"], answer.json()["secret"])


def ground(place: Place, owner: Device, desk: Device) -> dict[str, Any]:
    """A machine at which the owner stands."""
    one = machine(place, desk).enter(owner)
    return {
        "kiosk_id": one.kiosk_id, "visit_id": one.visit_id, "visit_code": one.visit_id, "source": "certificate",
        "print_id": str(uuid4()),
    }  # fmt: skip


BODIES: dict[str, Any] = {
    "POST /api/channels/kiosks/halls/{office_code}": named() | {"name": "东侧终端"},
    "POST /api/channels/kiosks/halls/{office_code}/{kiosk_id}/revocation": {"reason": "机器报废"},
    "POST /api/channels/kiosks/pairing": {"code": "AAAA-2222"},
    "PUT /api/channels/kiosks/visit/prints/{print_id}": {"source": "certificate", "paper_id": str(uuid4()), "copies": 1},
    "POST /api/channels/kiosks/visit/prints/{print_id}/result": {"result": "done"},
}  # fmt: skip
