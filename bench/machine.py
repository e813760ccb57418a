"""The machine the figures come from."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from pathlib import Path

from palmtax.plumbing.postgres import programs


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "none"


def postgres_version() -> str:
    """The embedded PostgreSQL's own words."""
    return _said(str(programs() / "postgres"), "--version")


def busy_share() -> float:
    """How many others wanted the processors during the last minute, per core; over .3 the figures suffer."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def _busy_and_all() -> tuple[int, int]:
    numbers = [int(part) for part in Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]]
    return sum(numbers) - numbers[3] - numbers[4], sum(numbers)


def _own_jiffies() -> int:
    """Processor time of this process and all below it (also of those that ended)."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        number = int(path.parent.name)
        parents[number], used[number] = int(fields[1]), sum(int(part) for part in fields[11:15])
    ours, waiting = 0, [os.getpid()]
    while waiting:
        number = waiting.pop()
        ours += used.get(number, 0)
        waiting += [child for child, parent in parents.items() if parent == number]
    return ours


class Watch:
    """How much of the machine others used between its making and `others()`."""

    def __init__(self) -> None:
        self.own = _own_jiffies()
        self.busy, self.every = _busy_and_all()

    def used(self) -> float:
        """Processor seconds of ours since: this process, servers, database, clients."""
        return (_own_jiffies() - self.own) / 100

    def others(self) -> float:
        """The share of all processors that went to processes that are not ours."""
        own, (busy, every) = _own_jiffies(), _busy_and_all()
        return max((busy - self.busy) - (own - self.own), 0) / max(every - self.every, 1)


def quiet_moment(*, patience_seconds: float = 15.0, at_most: float = 0.15) -> None:
    """Wait until the others leave the processors alone, but not for ever."""
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until:
        watch = Watch()
        time.sleep(0.5)
        if watch.others() <= at_most:
            return


def described() -> list[str]:
    """Cores, processor, memory, versions, and how busy it was before we began."""
    parts = (
        f"{postgres_version()} (embedded, durable: fsync on, WAL on the same disk)",
        f"Python {platform.python_version()}",
        f"Node {_said('node', '--version')}",
        _said("chromium", "--version").split(" built")[0],
    )
    busy = busy_share()
    warning = " (others were working on this machine: measure again when it is quiet)" if busy > 0.3 else ""
    return [
        f"{os.cpu_count()} cores, {_cpu()}, {_memory_gb():.0f} GB, {platform.system()} {platform.release()}",
        ", ".join(parts),
        f"load before the start: {busy:.2f} per core{warning}",
    ]
