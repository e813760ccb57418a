"""A whole house for journeys: web server on loopback, worker, sandboxes of all partners, a clock that can be set."""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as of_day
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
import uvicorn

from demo.population.make import make as make_population
from palmtax import identity, registry
from palmtax.base.clock import CHINA, SystemClock
from palmtax.base.identifiers import make_resident_id, make_uscc, organisation_check
from palmtax.entry import migrations, outside
from palmtax.entry.domains import load_everything
from palmtax.entry.house import furnished
from palmtax.entry.shifted import ShiftedPay
from palmtax.entry.web import create_app
from palmtax.identity import NewHat, NewPerson
from palmtax.insight.model.study import InsightSettings
from palmtax.partners import resolve_caller
from palmtax.plumbing import worker
from palmtax.plumbing.database import Database
from palmtax.plumbing.edge import House
from palmtax.plumbing.files import DiskStore
from palmtax.plumbing.limits import Limiter
from palmtax.plumbing.outbox import CRONS, TaskContext
from palmtax.plumbing.postgres import Postgres
from palmtax.plumbing.settings import DatabaseSettings, Settings
from sandboxes.ground import Options
from sandboxes.running import Running, running

T = TypeVar("T")
CITY, DISTRICT, OTHER_DISTRICT = "19900000000", "19901010000", "19902020000"
OFFICES = {CITY: "云汀市税务局", DISTRICT: "云汀市松月区税务局", OTHER_DISTRICT: "云汀市临江区税务局"}
THURSDAY = date(2026, 10, 15)
"""Eleven days before 2026Q3 is due (Monday 2026-10-26, after the National Day roll)."""
LONG = 10.0
"""How long something that the worker does may take, seconds."""


class TownClock:
    """The machine's clock, put to any instant and then running on."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        """The instant in the house."""
        return SystemClock().now() + self.by

    def today(self) -> date:
        """The calendar day in China."""
        return self.now().astimezone(CHINA).date()

    def put(self, day: date, hour: int = 10) -> None:
        """It is now this hour of this day in China."""
        self.by = datetime.combine(day, of_day(hour), CHINA).astimezone(UTC) - SystemClock().now()

    def move(self, **by: float) -> None:
        """Time passes in the house; the partners stay in the present."""
        self.by += timedelta(**by)


class TownPay(ShiftedPay):
    """WeChat Pay, which lives in the present, as seen from the house's day."""

    def __init__(self, channel: Any, clock: TownClock) -> None:
        self._channel = channel
        self._clock = clock

    @property
    def _by(self) -> timedelta:
        return self._clock.by


class NoLimits(Limiter):
    """Lets everybody through: for attacks that come from one address."""

    def wait_seconds(self, rule: str, caller: str, now: float | None = None) -> float:
        """Always granted."""
        del rule, caller, now
        return 0.0


@dataclass(frozen=True)
class Shop:
    """A taxpayer and who owns it."""

    taxpayer_id: int
    name: str
    uscc: str
    owner: NewPerson


@dataclass
class Answer:
    """Reads an answer: its status and the code of a refusal."""

    raw: httpx.Response

    @property
    def said(self) -> tuple[int, str]:
        """Status and code."""
        return self.raw.status_code, self.raw.json().get("code", "") if self.raw.content else ""


@dataclass
class Device:
    """Somebody's phone or screen; it renews its own session as the front ends do."""

    place: Place
    person: NewPerson
    channel: str
    session: dict[str, Any]
    has_renewed: int = 0

    def __call__(self, method: str, path: str, body: Any = None, *, key: str = "", **more: Any) -> httpx.Response:
        """Ask, and once more with a fresh token when the old one has ended."""
        answer = self._send(method, path, body, key, **more)
        if answer.status_code == 401 and answer.json()["code"] == "plumbing.sign_in_needed" and self._renew():
            answer = self._send(method, path, body, key, **more)
        return answer

    def _send(self, method: str, path: str, body: Any, key: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.session['access_token']}", "x-channel": self.channel}
        headers |= more.pop("headers", {}) | ({"idempotency-key": key} if key else {})
        return self.place.http.request(method, f"/api{path}", json=body, headers=headers, **more)

    def _renew(self) -> bool:
        answer = self.place.http.post(
            "/api/identity/sessions/refresh", json={"refresh_token": self.session["refresh_token"]}
        )
        if answer.status_code == 200:
            self.session = answer.json()
            self.has_renewed += 1
        return answer.status_code == 200

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer, which must be a success."""
        answer = self(method, path, body, **more)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def refused(self, status: int, code: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The refusal, which must be this one, with words in both languages."""
        answer = self(method, path, body, **more)
        assert (answer.status_code, answer.json().get("code")) == (status, code), (method, path, answer.text)
        told = answer.json()
        assert set(told) == {"code", "text", "hint", "fields", "trace_id"}
        assert told["text"]
        assert told["hint"]
        assert told["trace_id"] == answer.headers["x-request-id"]
        return told

    def wear(self, role_code: str, taxpayer_id: int | None = None) -> Any:
        """Put on the hat of a role (for a taxpayer)."""
        me = self.ok("GET", "/identity/me")
        fits = [
            hat["hat_id"]
            for hat in me["hats"]
            if hat["role_code"] == role_code and taxpayer_id in (None, hat["taxpayer_id"])
        ]
        return self.ok("POST", "/identity/hat", {"hat_id": fits[0]})


@dataclass
class Place:
    """What a journey may use."""

    url: str
    sandboxes: Running
    house: House
    clock: TownClock
    loop: asyncio.AbstractEventLoop
    http: httpx.Client
    app_id: str
    counter: Iterator[int] = field(default_factory=lambda: iter(range(1, 100_000)))

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 30) -> T:
        """Do something in the house's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def fetch(self, sql: str, *args: Any) -> list[Any]:
        """Look into the database."""

        async def look() -> list[Any]:
            async with self.house.database.statement() as tx:
                return list(await tx.fetch(sql, *args))

        return self.run(look())

    def tick(self, name: str) -> None:
        """The minute strikes: run what the schedule would start."""
        self.run(CRONS[name][1](self.context, {}))

    @property
    def context(self) -> TaskContext:
        """What tasks get."""
        house = self.house
        return TaskContext(house.database, house.clock, house.settings, house.files, house.outside, "journey")

    def until(self, what: Callable[[], T], seconds: float = LONG) -> T:
        """Wait for something true; the last thing seen is in the failure."""
        deadline = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)
        return found

    def idle(self, seconds: float = LONG) -> None:
        """Wait until the worker has done everything that is due now."""
        due = "select count(*) n from pgqueuer where status in ('queued', 'picked') and execute_after <= now()"
        self.until(lambda: self.fetch(due)[0]["n"] == 0, seconds)

    def dead_letters(self) -> list[str]:
        """Jobs that the worker gave up."""
        return [row["entrypoint"] for row in self.fetch("select entrypoint from pgqueuer where status = 'failed'")]

    def person(self, name: str) -> NewPerson:
        """An invented person, known to WeChat and to the real-name register, not yet to the house."""
        number = next(self.counter)
        made = NewPerson(
            600_000 + number, name, f"154{number:08d}", make_resident_id("990100", date(1985, 5, 5), number % 1000)
        )
        told = {"person": f"{name}{number}", "phone": made.phone, "nickname": name}
        self.sandboxes.post("/wechat/sandbox/users", json=told).raise_for_status()
        known = {"name": name, "resident_id": made.resident_id}
        self.sandboxes.post("/real-name/sandbox/people", json=known).raise_for_status()
        return made

    def shop(self, name: str = "云汀市松月面馆", *, role_code: str = "legal_rep", **other: Any) -> Shop:
        """A small-scale shop in the city that files by the quarter, its owner in the register and in the house."""
        owner = self.person("林小满")
        number = next(self.counter)
        body = f"{number:08d}"
        values: dict[str, Any] = {
            "name": name, "uscc": make_uscc("9", "2", "990100", body + organisation_check(body)),
            "kind": "individual_business", "vat_kind": "small_scale", "filing_period": "quarter", "place_kind": "city",
            "is_half_relief": True, "industry": "餐饮", "address": "云汀市松月区一号", "office_code": DISTRICT,
            "office_name": OFFICES[DISTRICT], "registered_on": date(2026, 7, 1), "status": "normal",
        }  # fmt: skip
        taxpayer = registry.Taxpayer(taxpayer_id=700_000 + number, **(values | other))
        hat = NewHat(owner.person_id, role_code, taxpayer.name, taxpayer.taxpayer_id, uscc=taxpayer.uscc)
        self.settle([taxpayer], [owner], [hat])
        return Shop(taxpayer.taxpayer_id, taxpayer.name, taxpayer.uscc or "", owner)

    def officer(
        self, role_code: str = "hall_clerk", office_code: str = DISTRICT, scopes: frozenset[str] | None = None
    ) -> NewPerson:
        """An officer of an office, with the rights of the role unless others are named."""
        made = self.person("沈知秋")
        hat = NewHat(made.person_id, role_code, OFFICES[office_code], office_code=office_code, scopes=scopes)
        self.settle([], [made], [hat])
        return made

    def settle(self, taxpayers: list[Any], people: list[NewPerson], hats: list[NewHat]) -> None:
        """Load people, taxpayers and hats as the register would."""

        async def load() -> None:
            async with self.house.database.transaction() as tx:
                await registry.load_taxpayers(tx, taxpayers)
                await identity.load_people(tx, clock=self.clock, people=people, hats=hats)

        self.run(load())

    def text_code(self, phone: str) -> str:
        """The code of the newest message on a phone."""
        told = self.sandboxes.get("/sms/sandbox/inbox", params={"phone": phone}).json()["messages"]
        return str(told[0]["variables"][0])

    def by_sms(self, person: NewPerson, channel: str = "h5", name: str = "浏览器") -> Device:
        """Sign in with a code from the SMS."""
        self.http.post("/api/identity/sms-codes", json={"phone": person.phone}).raise_for_status()
        body = {
            "phone": person.phone, "code": self.text_code(person.phone), "device": {"name": name, "channel": channel},
        }  # fmt: skip
        answer = self.http.post("/api/identity/sessions/sms", json=body)
        assert answer.status_code == 200, answer.text
        return Device(self, person, channel, answer.json())

    def by_wechat(self, person: NewPerson, name: str = "微信") -> Device:
        """Sign in inside WeChat; the phone button is pressed."""
        code = self.sandboxes.post("/wechat/sandbox/wx-login", json={"phone": person.phone}).json()
        phone = self.sandboxes.post("/wechat/sandbox/phone-code", json={"openid": code["openid"]}).json()
        body = {
            "login_code": code["code"], "phone_code": phone["code"],
            "device": {"name": name, "channel": "miniprogram"},
        }  # fmt: skip
        answer = self.http.post("/api/identity/sessions/wechat", json=body)
        assert answer.status_code == 200, answer.text
        return Device(self, person, "miniprogram", answer.json())

    def prove(self, who: Device) -> None:
        """Give the second proof by SMS."""
        who.ok("POST", "/identity/sms-codes", {"phone": who.person.phone, "purpose": "second_factor"})
        who.ok("POST", "/identity/second-factor", {"code": self.text_code(who.person.phone)})

    def populate(self) -> Path:
        """The invented province of studies, a few rows; made once."""
        folder: Path = self.house.settings.of(InsightSettings).population_folder
        if not (folder / "population.json").exists():
            make_population(folder, persons_count=300, enterprises_count=200, seed=7, group_rows=8192, processes=1)
        return folder

    def fault(self, server: str, kind: str, **more: Any) -> None:
        """Plan a fault of a partner."""
        self.sandboxes.post("/sandbox/faults", json={"server": server, "kind": kind, **more}).raise_for_status()


@contextmanager
def opened(
    dsn: str, folder: Path, *, has_worker: bool = True, limiter: Limiter | None = None, keeps_law: bool = False
) -> Iterator[Place]:
    """A house over an empty database that has all tables; everything ends with the block.

    `keeps_law`: it looks every few seconds which versions of the law its database holds, as a real one does. The law is
    one in the whole process, so two houses side by side would take it from each other.
    """
    options = Options(
        folder / "sandboxes", sms_gap_seconds=0, sms_hourly=10_000, sms_daily=10_000, real_name_daily=1000,
        notice_pace=0.02, notice_delay_seconds=0.05, refund_seconds=0.3,
    )  # fmt: skip
    load_everything()
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named TCP: asyncio then sends at once
    with running(options) as sandboxes, tcp as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = _settings(url, sandboxes, folder)
        database = Database(dsn, DatabaseSettings(pool_size=12))
        partners, probes = outside.clients(settings, database)
        clock = TownClock()
        partners["pay"] = TownPay(partners["pay"], clock)
        house = furnished(House(
            settings=settings, database=database, clock=clock,
            files=DiskStore(folder / "files"), outside=partners, probes=probes,
            resolve_actor=resolve_caller, limiter=limiter or Limiter(),
        ))  # fmt: skip
        app_id = sandboxes.credentials["wechat"]["app_id"]
        with (
            _serving(house, listener, has_worker=has_worker, keeps_law=keeps_law) as loop,
            httpx.Client(base_url=url, trust_env=False, timeout=30) as http,
        ):
            place = Place(url, sandboxes, house, clock, loop, http, app_id)
            place.clock.put(THURSDAY)
            place.run(_offices(house.database))
            yield place


def _settings(url: str, sandboxes: Running, folder: Path) -> Settings:
    mail = sandboxes.get("/email/sandbox/server").json()
    return Settings(
        {
            "PALMTAX_SERVER_PUBLIC_URL": url,
            "PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(sandboxes.folder / "credentials.json"),
            "PALMTAX_OUTSIDE_WECHAT_URL": f"{sandboxes.url}/wechat",
            "PALMTAX_OUTSIDE_SMS_URL": f"{sandboxes.url}/sms",
            "PALMTAX_OUTSIDE_REAL_NAME_URL": f"{sandboxes.url}/real-name",
            "PALMTAX_OUTSIDE_PAY_URL": f"{sandboxes.url}/pay",
            "PALMTAX_CHANNELS_SANDBOX_URL": sandboxes.url,
            "PALMTAX_CHANNELS_SANDBOX_SMTP_URL": f"smtp://127.0.0.1:{mail['port']}",
            "PALMTAX_INSIGHT_POPULATION_FOLDER": str(folder / "population"),
            "PALMTAX_INSIGHT_PROCESSES": "0",
        }
    )


async def _offices(database: Database) -> None:
    async with database.transaction() as tx:
        await registry.load_offices(tx, [registry.Office(code, name, name) for code, name in OFFICES.items()])


@contextmanager
def _serving(
    house: House, listener: socket.socket, *, has_worker: bool, keeps_law: bool
) -> Iterator[asyncio.AbstractEventLoop]:
    """Web server and worker in one loop of their own thread; the law is kept current by the server's lifespan."""
    config = uvicorn.Config(
        create_app(house), log_config=None, access_log=False, timeout_graceful_shutdown=2,
        lifespan="on" if keeps_law else "off",
    )  # fmt: skip
    server = uvicorn.Server(config)
    stop, ready = asyncio.Event(), concurrent.futures.Future[asyncio.AbstractEventLoop]()

    async def live() -> None:
        context = TaskContext(house.database, house.clock, house.settings, house.files, house.outside, "")
        work = asyncio.create_task(worker.serve(context, shutdown=stop)) if has_worker else None
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not serving.done():  # noqa: ASYNC110 uvicorn offers no event for it
            await asyncio.sleep(0.01)
        ready.set_result(asyncio.get_running_loop())
        await serving
        stop.set()
        if work is not None:
            await asyncio.wait([work], timeout=5)
        for client in house.probes.values():
            await client.aclose()
        await house.database.close()

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    try:
        yield ready.result(20)
    finally:
        server.should_exit = True
        thread.join(15)


def fresh_database(postgres: Any, template: str, name: str) -> str:
    """The address of a new database made from the template."""

    async def make() -> None:
        admin = await asyncpg.connect(postgres.dsn("postgres"))
        await admin.execute(f'create database "{name}" template "{template}" strategy file_copy')
        await admin.close()
        made = await asyncpg.connect(postgres.dsn(name))
        await made.execute("create table alembic_version (version_num text primary key)")
        await made.execute("insert into alembic_version values ($1)", migrations.newest())
        await made.close()

    asyncio.run(make())
    return str(postgres.dsn(name))


@contextmanager
def alone(*, has_worker: bool = True, limiter: Limiter | None = None) -> Iterator[Place]:
    """A house with its own PostgreSQL in a temporary folder: for tools outside the tests."""
    with tempfile.TemporaryDirectory(prefix="palmtax-attack-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        try:
            migrations.upgrade(server.dsn("postgres"))
            with opened(server.dsn("postgres"), folder, has_worker=has_worker, limiter=limiter) as place:
                yield place
        finally:
            server.stop()
