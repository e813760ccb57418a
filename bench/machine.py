"""The machine the figures come from."""

from __future__ import annotations

import os
import platform
import subprocess
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


def described() -> list[str]:
    """Cores, processor, memory, versions, and how busy it was before we began."""
    parts = (
        f"{postgres_version()} (embedded, durable: fsync on, WAL on the same disk)",
        f"Python {platform.python_version()}",
        f"Node {_said('node', '--version')}",
        _said("chromium", "--version").split(" built")[0],
    )
    busy = busy_share()
    warning = " (others were working on this machine: absolutes are too low, ratios still hold)" if busy > 0.3 else ""
    return [
        f"{os.cpu_count()} cores, {_cpu()}, {_memory_gb():.0f} GB, {platform.system()} {platform.release()}",
        ", ".join(parts),
        f"load before the start: {busy:.2f} per core{warning}",
    ]
