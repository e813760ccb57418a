"""Everything on one machine: database, sandboxes, web server and worker as children, watched and restarted."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from palmtax.entry import standing
from palmtax.plumbing.postgres import Postgres, PostgresFault, die_with_parent
from palmtax.plumbing.settings import DatabaseSettings, ServerSettings, Settings

REPOSITORY = Path(__file__).resolve().parents[3]
ANSWER_SECONDS = 120
"""A loaded machine takes its time; a process that has ended is noticed at once."""


class StartFault(Exception):
    """Why the house could not be started, in one clear sentence (Chinese, then English)."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass(slots=True)
class Child:
    """A process of ours: started, watched, restarted with growing waits, stopped."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    not_before: float = 0.0
    started: float = 0.0

    def start(self) -> None:
        """Start it; its output goes to its log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, *self.arguments],
                env=self.environment,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                cwd=REPOSITORY,
                preexec_fn=die_with_parent,  # noqa: PLW1509 PDEATHSIG has no other way
            )
        self.started = time.monotonic()

    def watch(self) -> None:
        """Start it again when it died; after quick deaths wait up to 3 s."""
        if self.process is None or self.process.poll() is None:
            return
        if self.not_before == 0.0:
            quick = time.monotonic() - self.started < 3
            self.failures = self.failures + 1 if quick else 0
            self.not_before = time.monotonic() + min(0.05 * 2**self.failures, 3.0)
        if time.monotonic() >= self.not_before:
            self.not_before = 0.0
            say(f"  {self.name} 已退出，正在重新启动 / ended, starting again（{self.log}）")
            self.start()

    def stop(self, seconds: float = 8) -> None:
        """Ask it to end; kill it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@dataclass(slots=True)
class Town:
    """All processes of one house."""

    settings: Settings
    var: Path
    with_sandboxes: bool = True
    sandbox_arguments: list[str] = field(default_factory=list)
    postgres: Postgres | None = None
    children: list[Child] = field(default_factory=list)
    dsn: str = ""
    app_dsn: str = ""
    sandbox_port: int = 0
    smtp_port: int = 0

    def start_database(self) -> None:
        """Start the embedded PostgreSQL, or take the one that PALMTAX_DATABASE_URL names; make and migrate the database."""
        settings = self.settings.of(DatabaseSettings)
        if settings.url:
            self.dsn = settings.url
        else:
            self.postgres = Postgres(self.var / "postgres", port=settings.port)
            try:
                self.postgres.start()
            except PostgresFault as fault:
                raise StartFault(str(fault)) from fault
            self.dsn = self.postgres.dsn()
        self.app_dsn = self.dsn if self.postgres is None else self.postgres.app_dsn(standing.APP)
        if asyncio.run(standing.is_up_to_date(self.dsn, self.app_dsn)):
            return
        if self.postgres is not None:
            asyncio.run(_make_database(self.postgres.dsn("postgres"), "palmtax"))
        importlib.import_module("palmtax.entry.migrations").upgrade(self.dsn)
        if self.postgres is not None:
            roles = importlib.import_module("palmtax.entry.roles")
            asyncio.run(roles.grant(self.dsn, self.postgres.app_password))

    def start_services(self) -> None:
        """Start web server and worker (and the sandboxes, if they are not yet); returns when the web server answers."""
        server = self.settings.of(ServerSettings)
        environment = _environment() | {"PALMTAX_DATABASE_URL": self.app_dsn}
        if self.with_sandboxes:
            self.start_sandboxes()
            environment |= self._sandbox_settings()
        for name in ("web", "worker"):
            child = Child(name, ["-m", "palmtax", name], environment, self.var / "log" / f"{name}.log")
            child.start()
            self.children.append(child)
        wait_for(f"http://{server.host}:{server.port}/healthz", ANSWER_SECONDS, self.children[-2])
        if self.with_sandboxes:
            wait_for(f"{self.sandbox_url}/sandbox/healthz", ANSWER_SECONDS, self.children[0])

    @property
    def sandbox_url(self) -> str:
        """Where the sandboxes answer."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    def start_sandboxes(self) -> None:
        """Start the sandboxes and do not wait: they need nothing of us, the others may start meanwhile."""
        if self.sandbox_port:
            return
        server = self.settings.of(ServerSettings)
        self.sandbox_port, self.smtp_port = server.port + 900, server.port + 901
        arguments = [
            "-m",
            "sandboxes",
            "--port",
            str(self.sandbox_port),
            "--state",
            str(self.var / "sandboxes"),
            "--smtp-port",
            str(self.smtp_port),
            "--callback-base",
            f"http://{server.host}:{server.port}",
            *self.sandbox_arguments,
        ]
        child = Child("sandboxes", arguments, _environment(), self.var / "log" / "sandboxes.log")
        child.start()
        self.children.append(child)

    def _sandbox_settings(self) -> dict[str, str]:
        """What web and worker must know of the sandboxes; at the very first start these make the credentials, so wait."""
        url, credentials = self.sandbox_url, self.var / "sandboxes" / "credentials.json"
        if not credentials.exists():
            wait_for(f"{url}/sandbox/healthz", ANSWER_SECONDS, self.children[0])
        return {
            "PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(credentials),
            "PALMTAX_OUTSIDE_WECHAT_URL": f"{url}/wechat",
            "PALMTAX_OUTSIDE_SMS_URL": f"{url}/sms",
            "PALMTAX_OUTSIDE_REAL_NAME_URL": f"{url}/real-name",
            "PALMTAX_OUTSIDE_PAY_URL": f"{url}/pay",
            "PALMTAX_CHANNELS_SANDBOX_URL": url,
            "PALMTAX_CHANNELS_SANDBOX_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}" if self.smtp_port else "",
        }

    def credentials_app_id(self) -> str:
        """The mini program's app id in the sandboxes."""
        return str(json.loads((self.var / "sandboxes" / "credentials.json").read_text())["wechat"]["app_id"])

    def watch(self, stop: Callable[[], bool]) -> None:
        """Keep everything running until `stop` says so."""
        while not stop():
            if self.postgres is not None and not self.postgres.alive():
                self._start_database_again()
            for child in self.children:
                child.watch()
            time.sleep(0.2)

    def _start_database_again(self) -> None:
        """A start may fail too (killed during its recovery): the next look tries again."""
        say("  数据库已退出，正在重新启动 / PostgreSQL ended, starting again")
        if self.postgres is None:
            return
        try:
            self.postgres.start()
        except PostgresFault as fault:
            say(f"  {fault}")
            time.sleep(0.5)

    def stop(self) -> None:
        """End every process, the database last."""
        for child in reversed(self.children):
            child.stop()
        if self.postgres is not None:
            self.postgres.stop()


def _environment() -> dict[str, str]:
    """What every child gets."""
    path = f"{REPOSITORY / 'server'}{os.pathsep}{REPOSITORY / 'dev'}"
    return os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": path}


async def _make_database(admin_dsn: str, name: str) -> None:
    connection = await asyncpg.connect(admin_dsn)
    try:
        if not await connection.fetchval("select true from pg_database where datname = $1", name):
            await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()


def port_is_free(host: str, port: int) -> bool:
    """Whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def wait_for(url: str, seconds: float, child: Child) -> None:
    """Wait until an address answers; StartFault when its process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child.process is not None and child.process.poll() is not None:
            tail = child.log.read_text(errors="replace").strip().splitlines()[-1:]
            raise StartFault(f"{child.name} 没有启动：{' '.join(tail)}（see {child.log}）")
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 our own loopback address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise StartFault(f"{child.name} 在 {seconds:.0f} 秒内没有应答（did not answer; see {child.log}）")


def free_port_pair(apart: int) -> int:
    """A port that is free together with the one `apart` above it (server and sandboxes)."""
    for _ in range(200):
        port = 18000 + secrets.randbelow(12000)
        if port_is_free("127.0.0.1", port) and port_is_free("127.0.0.1", port + apart):
            return port
    raise StartFault("没有空闲端口（no free port）")
