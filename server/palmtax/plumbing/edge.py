"""The HTTP edge: who may call a route, one transaction per request, refusals as problems with codes."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import asyncpg
import httpx
import structlog
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from palmtax.base.actor import Actor, Channel
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.plumbing import faults
from palmtax.plumbing.database import CONNECTION_LOST, Database, Tx
from palmtax.plumbing.files import FileStore
from palmtax.plumbing.limits import Limiter
from palmtax.plumbing.metrics import REFUSALS, REQUEST_SECONDS, REQUESTS
from palmtax.plumbing.settings import ServerSettings, Settings
from palmtax.plumbing.waiting.door import Door
from palmtax.plumbing.wire import Problem

log = structlog.get_logger()
CHANNELS: frozenset[str] = frozenset({"miniprogram", "h5", "app", "workbench", "api"})
Who = Literal["hat", "officer", "person", "anyone", "application"]
ResolveActor = Callable[..., Awaitable[Actor | None]]


@dataclass(slots=True)
class House:
    """What a running process has: made once by `entry`, reached by every request through `app.state.house`."""

    settings: Settings
    database: Database
    clock: Clock
    files: FileStore
    outside: dict[str, Any] = field(default_factory=dict)
    probes: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    resolve_actor: ResolveActor | None = None
    limiter: Limiter = field(default_factory=Limiter)
    door: Door | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """What one request may use."""

    house: House
    request: Request
    actor_or_none: Actor | None
    language: str
    request_id: str

    @property
    def actor(self) -> Actor:
        """The actor; SignInNeeded when the route is open to anyone and nobody signed in."""
        if self.actor_or_none is None:
            raise faults.SignInNeeded()
        return self.actor_or_none

    @property
    def taxpayer_id(self) -> int:
        """The taxpayer acted for; HatNeeded when none is chosen."""
        if self.actor.taxpayer_id is None:
            raise faults.HatNeeded()
        return self.actor.taxpayer_id

    def held(self, name: str) -> str | None:
        """The one value that a screen in a partner's page is held to; none in the app itself."""
        visit = self.actor_or_none.visit if self.actor_or_none else None
        return visit.held(name) if visit else None

    def hold(self, name: str, value: object) -> None:
        """Keep such a screen to its one thing where the path does not name it; OutsideScreen for anything else.

        A path is looked at before the route begins; a value of a body, or of what was found, only the route knows.
        """
        held = self.held(name)
        if held is not None and held != str(value):
            raise self.outside_screen()

    def outside_screen(self) -> faults.OutsideScreen:
        """The refusal of what does not belong to the screen, with the name of whose page it stands in."""
        visit = self.actor.visit
        return faults.OutsideScreen(application=visit.application if visit else "")

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.house.clock

    @property
    def files(self) -> FileStore:
        """The file store."""
        return self.house.files

    @property
    def outside(self) -> dict[str, Any]:
        """Clients of partners by name."""
        return self.house.outside

    @property
    def settings(self) -> Settings:
        """All settings."""
        return self.house.settings

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One transaction; committed when the block ends, before the answer is sent."""
        async with self.house.database.transaction() as tx:
            yield tx

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Tx]:
        """No BEGIN: each statement is its own transaction."""
        async with self.house.database.statement() as tx:
            yield tx


@dataclass(frozen=True, slots=True)
class Authority:
    """A route's declaration: who may call it, what it records, how often."""

    who: Who
    scope: str | None
    records: str | None
    second_factor: bool
    rate: str | None

    async def __call__(self, request: Request) -> Edge:
        """Check the caller; the refusals are 401, 403 and 429."""
        house: House = request.app.state.house
        request_id = request.state.request_id
        actor = await self._actor(house, request, request_id)
        caller = f"person:{actor.person_id}" if actor else f"address:{_address(request)}"
        if self.rate is not None:
            wait = house.limiter.wait_seconds(self.rate, f"{_route_name(request)} {caller}")
            if wait > 0:
                raise faults.TooOften(wait_seconds=int(wait) + 1)
        self._check(actor, f"{request.method} {_route_name(request)}", request.path_params)
        if actor is not None:
            structlog.contextvars.bind_contextvars(
                person_id=actor.person_id, taxpayer_id=actor.taxpayer_id, channel=actor.channel
            )
        return Edge(house, request, actor, language_of(request), request_id)

    async def _actor(self, house: House, request: Request, request_id: str) -> Actor | None:
        given = request.headers.getlist("authorization")
        if len(given) != 1:  # of two, whoever stands before us may have looked at the other
            return None
        scheme, _, token = given[0].partition(" ")
        if scheme.lower() != "bearer" or not token or house.resolve_actor is None or len(token) > 300:
            return None
        async with house.database.statement() as tx:
            return await house.resolve_actor(
                tx, access_token=token, channel=channel_of(request), request_id=request_id, now=house.clock.now()
            )

    def _check(self, actor: Actor | None, route: str, places: Mapping[str, str]) -> None:
        if actor is not None and actor.visit is not None and not actor.visit.covers(route, places):
            raise faults.OutsideScreen(application=actor.visit.application)
        if self.who == "anyone":
            return
        if actor is None:
            raise faults.SignInNeeded()
        if self.who == "person":
            return
        if actor.hat is None:
            raise faults.HatNeeded()
        if (self.who == "officer") != actor.is_officer or (self.scope and not actor.may(self.scope)):
            raise faults.NotAllowed(scope=self.scope or self.who)
        if self.second_factor and not actor.second_factor:
            raise faults.SecondFactorNeeded()


def _declared(who: Who, scope: str | None, records: str | None, second_factor: bool, rate: str | None) -> Any:
    return Depends(Authority(who, scope, records, second_factor, rate))


def may(scope: str, *, records: str | None = None, second_factor: bool = False, rate: str | None = None) -> Any:
    """A hat for a taxpayer that carries the scope."""
    return _declared("hat", scope, records, second_factor, rate)


def may_officer(scope: str, *, records: str | None = None, second_factor: bool = False, rate: str | None = None) -> Any:
    """An officer's hat that carries the scope."""
    return _declared("officer", scope, records, second_factor, rate)


def may_person(*, records: str | None = None, rate: str | None = None) -> Any:
    """Anybody signed in, whatever the hat."""
    return _declared("person", None, records, False, rate)


def may_anyone(*, records: str | None = None, rate: str = "60/minute") -> Any:
    """The public; always with a limit."""
    return _declared("anyone", None, records, False, rate)


class Router(APIRouter):
    """An APIRouter whose routes document our problems."""

    def __init__(self, *, prefix: str, tags: list[Any]) -> None:
        super().__init__(prefix=prefix, tags=tags, responses={"4XX": {"model": Problem}, "5XX": {"model": Problem}})
        self._begins = prefix.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a route of ours is meant; outside our prefix none is, which saves trying them one by one."""
        if not scope["path"].removeprefix(scope.get("root_path", "")).startswith(self._begins):
            return Match.NONE, {}
        return super().matches(scope)


def language_of(request: Request) -> str:
    """`en` when the client prefers English, else `zh`."""
    return "en" if request.headers.get("accept-language", "zh").strip().lower().startswith("en") else "zh"


def channel_of(request: Request) -> Channel:
    """The channel the client says it is; `api` when it says nothing we know."""
    named = request.headers.get("x-channel", "api")
    return named if named in CHANNELS else "api"  # type: ignore[return-value]  # checked against the same words


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _route_name(request: Request) -> str:
    route = request.scope.get("route")
    return getattr(route, "path", "unrouted")


def problem(request: Request, refusal: PalmtaxError) -> JSONResponse:
    """The refusal as JSON in the caller's language."""
    text, hint = refusal.words(language_of(request))
    REFUSALS.labels(refusal.code).inc()
    request_id = getattr(request.state, "request_id", "")
    body = {"code": refusal.code, "text": text, "hint": hint, "fields": refusal.values, "trace_id": request_id}
    headers = {}
    if refusal.status in (429, 503):
        headers["retry-after"] = str(refusal.values.get("wait_seconds", 2))
    if refusal.status == 401:
        headers["www-authenticate"] = "Bearer"
    headers |= getattr(request.state, "answer_headers", {})
    return JSONResponse(_jsonable(body), status_code=refusal.status, headers=headers)


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(v) for v in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _malformed(_request: Request, wrong: RequestValidationError) -> faults.Malformed:
    places = [{"at": ".".join(str(p) for p in e["loc"]), "what": str(e["msg"])[:200]} for e in wrong.errors()[:20]]
    first = f"{places[0]['at']}: {places[0]['what']}" if places else "body"
    return faults.Malformed(count=len(wrong.errors()), first=first, places=places)


def _http(request: Request, wrong: HTTPException) -> PalmtaxError:
    if wrong.status_code == 405:
        return faults.MethodRefused(method=request.method)
    if wrong.status_code == 404:
        return faults.NotFound()
    if wrong.status_code == 413:
        return faults.TooLarge(limit_bytes=int(wrong.detail) if str(wrong.detail).isdigit() else 0)
    return faults.Malformed(count=1, first=str(wrong.detail), places=[])


def refusal_of(error: BaseException) -> PalmtaxError | None:
    """The refusal that an exception of the ground means; none when it is a bug."""
    if isinstance(error, PalmtaxError):
        return error
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.LockNotAvailableError):
        return faults.Busy()
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError):
        return faults.Malformed(count=1, first=str(error)[:100], places=[])
    if isinstance(error, (asyncpg.QueryCanceledError, *CONNECTION_LOST)):
        return faults.DatabaseAway()
    return None


def add_refusals(app: FastAPI) -> None:
    """Teach the application to answer every exception with a problem."""

    async def answer(request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, RequestValidationError):
            return problem(request, _malformed(request, error))
        if isinstance(error, HTTPException):
            return problem(request, _http(request, error))
        known = refusal_of(error)
        if known is None:
            log.error("plumbing.fault_met", exc_info=error, route=_route_name(request))
            known = faults.OurFault()
        elif known.status >= 500:
            log.warning("plumbing.database_lost", kind=type(error).__name__, route=_route_name(request))
        return problem(request, known)

    lost: tuple[type[Exception], ...] = (asyncpg.PostgresError, *CONNECTION_LOST)
    for kind in (PalmtaxError, RequestValidationError, HTTPException, UnicodeEncodeError, *lost):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, answer)


class Envelope:
    """The outermost layer: request id, body limit, metrics, one log line per request."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, watched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if 8 <= len(given) <= 64 and given.replace("-", "").isalnum() else secrets.token_hex(12)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            limit = self._limit(headers)
            length = headers.get(b"content-length", b"0")
            if not length.isdigit() or int(length) > limit:
                await problem(Request(scope), faults.TooLarge(limit_bytes=limit))(scope, receive, watched)
            else:
                await self.app(scope, _counted(receive, limit), watched)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "static")
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            REQUEST_SECONDS.labels(route).observe(seconds)
            if scope["path"].startswith("/api/"):
                log.info(
                    "plumbing.request_answered",
                    method=scope["method"],
                    route=route,
                    status=status,
                    milliseconds=round(seconds * 1000, 1),
                )

    def _limit(self, headers: dict[bytes, bytes]) -> int:
        upload = headers.get(b"content-type", b"").startswith(b"multipart/")
        return self.settings.largest_upload_bytes + 10_000 if upload else self.settings.largest_body_bytes


def _counted(receive: Receive, limit: int) -> Receive:
    """Refuse a body that turns out larger than it said (chunked)."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, str(limit))
        return message

    return counted
