"""pgbench of the same PostgreSQL, run on scripts made from what our server sends."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.people import Opened
from bench.statements import Script
from palmtax.plumbing.postgres import programs

_TPS = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")
_DONE = re.compile(r"number of transactions actually processed: (\d+)")


@dataclass(frozen=True, slots=True)
class Measured:
    """Transactions a second, how many, each one's seconds."""

    rate: float
    count: int
    latencies: list[float]


@dataclass(frozen=True, slots=True)
class Walk:
    """Client n files for the businesses `first + n × each + used …`; a business's owner is `offset` away."""

    first: int
    offset: int
    each: int
    used: int = 0


def walk_of(asked: Sequence[Opened], clients: int) -> Walk:
    """Which businesses each client goes through; RuntimeError when the town's numbers have gaps."""
    first = asked[0]
    for place, who in enumerate(asked):
        if (who.taxpayer_id, who.person_id) != (first.taxpayer_id + place, first.person_id + place):
            raise RuntimeError("the town's numbers have gaps: pgbench cannot walk them")
    return Walk(first.taxpayer_id, first.person_id - first.taxpayer_id, len(asked) // clients)


def measure(
    dsn: str, folder: Path, scripts: list[tuple[Script, int]], *, clients: int, walk: Walk, each: int
) -> Measured:
    """Run so many transactions on each client (`-M prepared`, one thread); RuntimeError with its words when it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("log*"):
        old.unlink()
    command = [str(programs() / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-t", str(each)]
    command += ["--log", f"--log-prefix={folder / 'log'}"]
    names = {"i": "-1", "first": str(walk.first + walk.used), "offset": str(walk.offset), "each": str(walk.each)}
    for number, (script, weight) in enumerate(scripts):
        path = folder / f"kind{number}.sql"
        path.write_text(script.text(), encoding="utf-8")
        command += ["-f", f"{path}@{weight}"]
        names |= script.names
    command += [part for name, value in names.items() for part in ("-D", f"{name}={value}")]
    # The same session settings as our pool's, so that the server does the same work.
    options = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s -c timezone=UTC"
    done = subprocess.run(
        [*command, dsn], capture_output=True, text=True, check=False, cwd=folder, timeout=120,
        env=os.environ | {"PGOPTIONS": options},
    )  # fmt: skip
    rate, count = _TPS.search(done.stdout), _DONE.search(done.stdout)
    if done.returncode or rate is None or count is None or int(count.group(1)) != clients * each:
        raise RuntimeError(f"pgbench: {done.stdout[-500:]} {done.stderr[-1500:]}")
    latencies = [int(line.split()[2]) / 1e6 for log in folder.glob("log*") for line in log.read_text().splitlines()]
    return Measured(float(rate.group(1)), int(count.group(1)), latencies)
