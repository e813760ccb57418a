"""The door of one process: lets people in, or gives them a place. Decides from what it remembers; never asks anybody."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
import structlog

from palmtax.plumbing.metrics import WAITING_ERROR, WAITING_FAULTS
from palmtax.plumbing.settings import WaitingSettings
from palmtax.plumbing.waiting.line import SECOND, Estimate, Line
from palmtax.plumbing.waiting.pace import Pace
from palmtax.plumbing.waiting.places import Signer, Token
from palmtax.plumbing.waiting.rooms import Rooms, is_own_room, own_room
from palmtax.plumbing.waiting.slots import Slots
from palmtax.plumbing.waiting.store import Switch
from palmtax.plumbing.waiting.telling import KEPT_SECONDS, Words

log = structlog.get_logger()
POLL_PATH = "/api/waiting/place"
BEGUN_SECONDS = 10 * 60
"""Who was served so lately is in the middle of something."""
REMEMBERED = 100_000
_SESSIONS, _BURST, _A_SECOND = 3, 40.0, 15.0
"""One pass serves one person: so many sessions (renewed ones), so many requests at once and a second."""
_MOST_TOKENS = 4
_TRIP_SECONDS = 0.5
AGAIN_SECONDS = 2
"""Who is in the middle of something and finds the queue full tries again after so long."""


class Asked(NamedTuple):
    """What the door looks at of a request."""

    method: str
    path: str
    tokens: str = ""
    bearer: bytes = b""
    is_english: bool = False
    matter: str = ""


class Wait(NamedTuple):
    """Not yet: the answer."""

    body: bytes
    seconds: int
    status: int = 503


class LetIn(NamedTuple):
    """Come in: the rank among those who wait for a slot (none: needs no slot), and a pass when it was given just now.

    `session` is remembered once the request has a slot: who was told “busy” has begun nothing.
    """

    rank: int | None
    admission: str = ""
    session: int = 0
    is_new: bool = False


_FREE = LetIn(None)


@dataclass(slots=True)
class _Use:
    sessions: set[int] = field(default_factory=set)
    tokens: float = _BURST
    at: float = 0.0


class Door:
    """Rooms, lines and slots of a process; the keeper (`keeping`) brings them up to date once a second."""

    def __init__(
        self,
        settings: WaitingSettings,
        rooms: Rooms,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.rooms, self.wall, self.steady = settings, rooms, wall, steady
        self.words = Words(rooms)
        self.lines = {code: Line(code) for code in rooms.rooms}
        self.ranks = {code: room.rank for code, room in rooms.rooms.items()}
        self.slots = Slots(settings.smallest_slots, settings.largest_slots)
        self.calm, self.crowded = Pace(), Pace()
        self.switches: dict[str, Switch] = {}
        self.own: frozenset[str] = frozenset()
        self.signer: Signer | None = None
        self.is_shedding = self.is_crowded = False
        self.full_since_us = 0
        self.given: dict[tuple[str, int], tuple[int, int]] = {}  # room and second: how many, and when the first of them
        self.came_in = self.told = self.admitted = self.faults = 0
        self._begun: dict[int, float] = {}
        self._passed: dict[int, float] = {}  # who was counted when the line let them in is no newcomer in an open room
        self._uses: dict[str, _Use] = {}

    @property
    def pace(self) -> Pace:
        """The pace of a calm day, or that of a crowd: which it is now."""
        return self.crowded if self.is_crowded else self.calm

    def crowds_pace(self) -> Pace:
        """The pace that people who begin to wait are told of."""
        if not self.is_crowded and not self.crowded.has_learned:
            self.crowded.begin_crowd(self.calm)
        return self.crowded

    def reckon(self) -> None:
        """After lines have begun or ended. A room with a pace of its own is no crowd: the house has time."""
        waiting = [line.room for line in self.lines.values() if line.is_waiting]
        is_crowded = any(self._mode(room) == "auto" and not is_own_room(room) for room in waiting)
        if is_crowded:
            self.crowds_pace()
        self.is_shedding, self.is_crowded = bool(waiting), is_crowded

    def now_us(self) -> int:
        """The instant, microseconds since 1970."""
        return int(self.wall() * SECOND)

    def line(self, code: str) -> Line:
        """The line of a room; a matter's own begins when it is asked for."""
        if code not in self.lines:
            self.lines[code] = Line(code)
            self.ranks[code] = self.rooms.room(code).rank
        return self.lines[code]

    def ask(self, asked: Asked) -> LetIn | Wait:
        """Whether a request may come in. Whatever goes wrong here lets it in."""
        try:
            return self._poll(asked) if asked.path == POLL_PATH else self._decide(asked, self._room_of(asked))
        except Exception as fault:  # noqa: BLE001 — whatever it is, people come in
            self.failed(fault)
            return _FREE

    def ask_quickly(self, asked: Asked) -> LetIn | Wait | None:
        """The same while people wait in the request's room; none when they do not, or something is wrong: the long way."""
        try:
            if asked.path == POLL_PATH:
                return self._poll(asked)
            code = self._room_of(asked)
            if code is None or not self.lines[code].is_waiting:
                return None
            return self._decide(asked, code)
        except Exception as fault:  # noqa: BLE001 — as above; the long way is asked again
            self.failed(fault)
            return None

    def _room_of(self, asked: Asked) -> str | None:
        code = self.rooms.of(asked.method, asked.path)
        return own_room(asked.matter) if code is not None and asked.matter in self.own else code

    def failed(self, fault: Exception) -> None:
        """The waiting room is at fault; told once in a while."""
        WAITING_FAULTS.inc()
        self.faults += 1
        if self.faults % 1000 == 1:
            log.error("plumbing.waiting_failed", exc_info=fault, faults=self.faults)

    def _decide(self, asked: Asked, code: str | None) -> LetIn | Wait:
        if code is None or not self.settings.is_on:
            return _FREE
        rank, line = self.ranks[code], self.lines[code]
        session = hash(asked.bearer) if asked.bearer else 0
        if not line.is_waiting or self.signer is None:
            is_known = self._has_begun(session) or session in self._passed
            return LetIn(rank, session=session, is_new=not is_known)
        # Who was served elsewhere has not stood in the line of a room with a pace of its own.
        is_slowed = code.startswith("matter:") or self._mode(code) == "own_rate"
        if not is_slowed and self._has_begun(session):
            return LetIn(rank, session=session)
        return self._by_token(asked, code, session, self.signer)

    def _by_token(self, asked: Asked, code: str, session: int, signer: Signer) -> LetIn | Wait:
        now, rank = self.now_us(), self.ranks[code]
        place: Token | None = None
        for token in self._tokens(asked, signer, now):
            if token.kind == "pass" and (token.room == code or not code.startswith("matter:")):
                if self._may_use(token.nonce, session):
                    self._remember(session, self._passed)
                    return LetIn(rank)
            elif token.kind == "place" and token.room == code and place is None:
                place = token
        if place is not None and self.lines[code].is_turn_of(place.at_us):
            if self._is_kept(place, now) and self._may_use(place.nonce, session):
                self._remember(session, self._passed)
                return LetIn(rank, self._admit(signer, place, now))
            place = None
        return self._wait(asked, code, place, signer, now)

    def _tokens(self, asked: Asked, signer: Signer, now: int) -> list[Token]:
        if not asked.tokens:
            return []
        read = (signer.read(one.strip(), now) for one in asked.tokens.split(",", _MOST_TOKENS)[:_MOST_TOKENS])
        return [token for token in read if token is not None]

    def _is_kept(self, place: Token, now: int) -> bool:
        return now - self.lines[place.room].passed_at(place.at_us) <= KEPT_SECONDS * SECOND

    def _admit(self, signer: Signer, place: Token, now: int) -> str:
        self.admitted += 1
        waited = (now - place.at_us) / SECOND
        self.lines[place.room].came_in(waited, place.promised_seconds)
        if place.promised_seconds > 0:
            WAITING_ERROR.observe(abs(waited - place.promised_seconds) / place.promised_seconds)
        return signer.admit(place, now)

    def has_slot(self, found: LetIn) -> None:
        """The request is worked on from now: its session is in the middle of something."""
        self.came_in += found.is_new
        self._remember(found.session, self._begun)

    def begin_lines(self) -> bool:
        """No slot and no room to wait for one: people get places instead. False when that cannot be."""
        if self.signer is None or not self.settings.is_on:
            return False
        if not all(line.is_waiting for line in self.lines.values()):
            self.shut()
        return True

    def _may_use(self, nonce: str, session: int) -> bool:
        """Whether this pass serves this request: one person's worth, not a crowd's."""
        now = self.steady()
        use = self._uses.pop(nonce, None) or _Use(at=now)
        use.tokens = min(_BURST, use.tokens + (now - use.at) * _A_SECOND)
        use.at = now
        self._uses[nonce] = use
        if len(self._uses) > REMEMBERED:
            del self._uses[next(iter(self._uses))]
        if session and session not in use.sessions:
            if len(use.sessions) >= _SESSIONS:
                return False
            use.sessions.add(session)
        if use.tokens < 1:
            return False
        use.tokens -= 1
        return True

    def _has_begun(self, session: int) -> bool:
        seen = self._begun.get(session) if session else None
        return seen is not None and self.steady() - seen < BEGUN_SECONDS

    def _remember(self, session: int, memory: dict[int, float]) -> None:
        if session:
            memory.pop(session, None)
            memory[session] = self.steady()
            if len(memory) > REMEMBERED:
                del memory[next(iter(memory))]

    def _wait(self, asked: Asked, code: str, place: Token | None, signer: Signer, now: int) -> Wait:
        line = self.lines[code]
        self.told += 1
        estimate = line.estimate(line.ahead(place.at_us) if place else line.waiting())
        if place is None:
            line.came(now)
            key = (code, now // SECOND)
            count, first = self.given.get(key, (0, now))
            self.given[key] = count + 1, first
            place = Token("place", code, now, secrets.token_hex(6), int(estimate.seconds))
        return self._tell(asked, place, signer, estimate)

    def _poll(self, asked: Asked) -> Wait:
        signer, now = self.signer, self.now_us()
        places = [t for t in self._tokens(asked, signer, now) if t.kind == "place"] if signer else []
        if signer is None or not places:
            return Wait(b'{"state":"none"}', 0, 200)
        place = min(places, key=self._ahead_seconds) if len(places) > 1 else places[0]
        line = self.line(place.room)
        if not line.is_waiting:
            return Wait(b'{"state":"open"}', 0, 200)
        if line.is_turn_of(place.at_us):
            if not self._is_kept(place, now):
                return Wait(b'{"state":"none"}', 0, 200)
            body = {"state": "admitted", "room": place.room, "pass": self._admit(signer, place, now)}
            return Wait(orjson.dumps(body), 0, 200)
        self.told += 1
        return self._tell(asked, place, signer, line.estimate(line.ahead(place.at_us)), status=200)

    def _tell(self, asked: Asked, place: Token, signer: Signer, estimate: Estimate, *, status: int = 503) -> Wait:
        body, poll = self.words.told(place.room, signer.sign(place), estimate, is_english=asked.is_english)
        return Wait(body, int(poll) + 1, status)

    def _ahead_seconds(self, place: Token) -> float:
        line = self.line(place.room)
        return line.estimate(line.ahead(place.at_us)).seconds

    def shut(self) -> None:
        """Too much waits for a slot: from now on who comes anew gets a place."""
        now = self.now_us()
        self.full_since_us = now
        self.close(now, now)
        self.reckon()

    def close(self, since_us: int, now_us: int) -> None:
        """Who came from an instant on stands in line, in every room that officers left to itself."""
        for line in self.lines.values():
            if not line.is_waiting and self._mode(line.room) == "auto":
                line.begin(since_us, max(self.crowds_pace().people, 0.1))
                line.rebuild(now_us)

    def look_at_queue(self) -> None:
        """Called when a request finds no free slot."""
        trip = max(4 * self.slots.smallest, 2 * self.slots.limit, int(self.pace.requests * _TRIP_SECONDS))
        if self.slots.queued >= trip:
            self.begin_lines()

    def _mode(self, code: str) -> str:
        switch = self.switches.get(code)
        return switch.mode if switch else "auto"

    def open_up(self) -> None:
        """Let everybody in: the figures cannot be trusted."""
        for line in self.lines.values():
            line.is_waiting = False
        self.is_shedding = self.is_crowded = False
        self.full_since_us = 0

    def adopt(self, switches: Sequence[Switch]) -> None:
        """Take over what officers decided."""
        self.switches = {one.room: one for one in switches}
        rates = {one.room for one in switches if one.mode == "own_rate"}
        self.own = frozenset(code.partition(":")[2] for code in rates if code.startswith("matter:"))
        for code in rates:
            self.line(code)
