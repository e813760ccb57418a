"""The embedded PostgreSQL: made once, started again, survives a kill, refuses strangers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from palmtax.plumbing.postgres import Postgres


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A durable server in a folder of its own."""
    with TemporaryDirectory(prefix="palmtax-pg-") as folder:
        Path(folder).chmod(0o755)
        made = Postgres(Path(folder))
        made.start()
        yield made
        made.stop()


async def test_what_was_committed_survives_a_kill(server: Postgres) -> None:
    """SIGKILL to the server: after the next start every committed row is there, at the same address."""
    connection = await asyncpg.connect(server.dsn("postgres"))
    await connection.execute("create table kept (n int)")
    await connection.execute("insert into kept select generate_series(1, 100)")
    assert server.process is not None
    port = server.port
    server.process.kill()
    server.process.wait(5)
    connection.terminate()
    server.start()
    assert server.port == port
    again = await asyncpg.connect(server.dsn("postgres"))
    assert await again.fetchval("select count(*) from kept") == 100
    await again.close()


async def test_a_wrong_password_is_refused(server: Postgres) -> None:
    """No trust authentication, not even from this machine."""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.dsn("postgres").replace(server.password, "wrong"))


async def test_a_server_left_behind_is_ended_first(server: Postgres) -> None:
    """A second start over a running server of the same folder takes over instead of failing."""
    assert server.process is not None
    first = server.process
    second = Postgres(server.folder)
    second.start()
    assert first.wait(5) == 0
    assert second.process is not None
    assert (server.data / "postmaster.pid").read_text().split()[0] == str(second.process.pid)
    second.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an ordinary user to change to")
async def test_root_hands_it_to_an_ordinary_user(server: Postgres) -> None:
    """PostgreSQL never runs as root."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()  # noqa: ASYNC240  # a test
    assert "\nUid:\t0" not in status
    os.kill(server.process.pid, signal.SIGHUP)
