"""A door with a clock that is moved by hand, and people who come to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from palmtax.plumbing.settings import WaitingSettings
from palmtax.plumbing.waiting.door import POLL_PATH, Asked, Door, LetIn, Wait
from palmtax.plumbing.waiting.leading import Leader
from palmtax.plumbing.waiting.line import SECOND
from palmtax.plumbing.waiting.pace import Measured
from palmtax.plumbing.waiting.places import Signer
from palmtax.plumbing.waiting.rooms import Rooms

START = 1_800_000_000.0
ROOMS: dict[str, Any] = {
    "rooms": [
        {
            "code": "begun",
            "zh": "办到一半",
            "en": "under way",
            "routes": ["POST /api/filing/returns"],
            "needs_two_officers": True,
        },
        {
            "code": "filing",
            "zh": "申报",
            "en": "filing",
            "rank_last_days": 1,
            "routes": ["* /api/filing"],
            "needs_two_officers": True,
        },
        {"code": "matters", "zh": "事项", "en": "matters", "routes": ["* /api/matters"]},
        {"code": "leisure", "zh": "计算器", "en": "calculators", "routes": ["* /api/knowledge"]},
    ],
    "otherwise": "matters",
    "never": ["* /api/identity", "GET /api/matters/live"],
}
OFFICERS = [
    (frozenset({"GET"}), "/api/filing/desk/{taxpayer_id}"),
    (frozenset({"GET"}), "/api/matters/cases/{application_id}"),
]
HOME = {"filing": "/api/filing/home", "matters": "/api/matters/catalogue", "leisure": "/api/knowledge/calculators"}


def told(wait: Wait) -> dict[str, Any]:
    """What an answer says."""
    found: dict[str, Any] = json.loads(wait.body)
    return found


@dataclass
class Town:
    """One process: its door, its time, and a leader that looks once a second."""

    now: float = START
    settings: WaitingSettings = field(default_factory=WaitingSettings)
    is_last_days: bool = False

    def __post_init__(self) -> None:
        self.door = Door(self.settings, Rooms(ROOMS, OFFICERS), wall=lambda: self.now, steady=lambda: self.now)
        self.door.signer = Signer(b"k" * 32)
        self.leader = Leader()
        self.served = 0

    def ask(
        self, path: str = "/api/filing/home", token: str = "", bearer: bytes = b"", method: str = "GET", **more: Any
    ) -> LetIn | Wait:
        """A request; let in, it has a slot."""
        found = self.door.ask(Asked(method, path, token, bearer, **more))
        if isinstance(found, LetIn) and found.rank is not None:
            self.door.has_slot(found)
        return found

    def place(self, room: str = "filing", bearer: bytes = b"") -> str:
        """The place that a newcomer gets."""
        self.now += 0.002
        answer = self.ask(HOME[room], bearer=bearer)
        assert isinstance(answer, Wait), answer
        return str(told(answer)["fields"]["place"])

    def crowd(self, count: int = 300, room: str = "filing") -> None:
        """So many newcomers, one after the other."""
        for _ in range(count):
            self.place(room)

    def poll(self, token: str) -> dict[str, Any]:
        """Asking whether it is my turn."""
        answer = self.ask(POLL_PATH, token)
        assert isinstance(answer, Wait)
        return told(answer)

    def look(
        self, *, served: int = 0, queued: int = 0, is_full: bool = False, busy: float = 0.5, seconds: float = 1.0
    ) -> None:
        """A second goes by and the leader looks."""
        self.now += seconds
        seen = Measured(seconds or 1.0, served, 0, queued, is_full, busy)
        self.leader.lead(self.door, seen, 0, int(self.now * SECOND), is_last_days=self.is_last_days)

    def shut(self, people: float = 10.0) -> None:
        """Too many come; `people` a second can be served."""
        self.door.pace.seconds = 100.0
        self.door.pace.requests, self.door.pace.each, self.door.pace.people = people * 4, 4.0, people
        self.door.shut()
