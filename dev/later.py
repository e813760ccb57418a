"""The same house on a later day: a copy of its database, served with a clock that is so many days ahead.

What the calendar does to people's affairs is seen at once, and nothing of the house itself changes. Before it opens, the
named work of the clock is done once, as the worker would do it within ten minutes:

    python dev/later.py <folder of the house> --sandboxes 18903 --days 20 --tick complaints.move_on_late

Prints its address when it answers; ends, and drops the copy, when asked to or when its standard input closes. A running
system has no such door: this is a program beside it, for a house with the embedded database, and it needs its password.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import asyncpg

from palmtax.entry import standing
from palmtax.entry.domains import load_work
from palmtax.entry.house import context_of, house_of
from palmtax.entry.processes import Town, free_port_pair, say
from palmtax.plumbing.outbox import CRONS
from palmtax.plumbing.postgres import Postgres, programs
from palmtax.plumbing.settings import ServerSettings, Settings


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="the same house on a later day")
    parser.add_argument("folder", type=Path, help="the folder of the running house (palmtax serve --var)")
    parser.add_argument("--sandboxes", type=int, required=True, help="port of its sandboxes")
    parser.add_argument("--days", type=int, required=True, help="so many days later than the house")
    parser.add_argument("--tick", action="append", default=[], help="work of the clock that is done first; again: more")
    return parser.parse_args()


async def _run(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _copy(source: str, target: str) -> None:
    """Everything, with who may do what."""
    with subprocess.Popen([programs() / "pg_dump", source], stdout=subprocess.PIPE) as dump:
        subprocess.run(
            [programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", target],
            stdin=dump.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    if dump.returncode:
        raise SystemExit("pg_dump failed")


def _environment(folder: Path, port: int, days: int) -> None:
    """The later house reads the keys and files of the house."""
    note = json.loads((folder / "town.json").read_text())
    os.environ |= {
        "PALMTAX_SERVER_PORT": str(port),
        "PALMTAX_SERVER_SHIFT_DAYS": str(note["shift_days"] + days),
        "PALMTAX_FILES_FOLDER": str(folder / "files"),
        "PALMTAX_PRIVACY_KEY_FILE": str(folder / "keys" / "privacy.key"),
    }


async def _tick(names: list[str]) -> None:
    load_work()
    house = house_of(Settings(), "palmtax-later")
    for name in names:
        await CRONS[name][1](context_of(house), {})
    await house.database.close()


def _until_asked() -> None:
    """Until a signal comes, or whoever started us has gone."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        sys.stdin.read()
    except KeyboardInterrupt:
        return


def main() -> None:
    """Copy, move the clock, serve."""
    given = _arguments()
    folder: Path = given.folder.resolve()
    source = Postgres(folder / "postgres", port=int((folder / "postgres" / "port").read_text()))
    port = free_port_pair(900)
    name = f"later_{port}"
    asyncio.run(_run(source.dsn("postgres"), f"create database {name}"))
    _copy(source.dsn(), source.dsn(name))
    _environment(folder, port, given.days)
    town = Town(Settings(), folder, sandbox_port=given.sandboxes)
    town.app_dsn = os.environ["PALMTAX_DATABASE_URL"] = source.app_dsn(standing.APP, name)
    try:
        asyncio.run(_tick(given.tick))
        town.start_services()
        say(town.settings.of(ServerSettings).public_url)
        _until_asked()
    finally:
        town.stop()
        asyncio.run(_run(source.dsn("postgres"), f"drop database {name} with (force)"))


if __name__ == "__main__":
    main()
