"""Cold and warm start: `python -m palmtax serve` until /readyz says ready."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.house import lonely_port
from bench.table import Section, median, reached
from palmtax.entry.processes import REPOSITORY, say

WARM_AIM_SECONDS = 10.0
PATIENCE_SECONDS = 300
WARM_STARTS = 3


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 our own loopback address
            return bool(json.loads(answer.read())["ready"])
    except (urllib.error.URLError, OSError, ValueError, KeyError):
        return False


@contextmanager
def served(folder: Path, port: int, log: Path) -> Iterator[float]:
    """`palmtax serve` over this folder; the seconds from its start until it is ready. Ended by its id, softly."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PALMTAX_")}
    environment |= {"PALMTAX_SERVER_PORT": str(port), "PALMTAX_SERVER_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    began = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "palmtax", "serve", "--var", str(folder)], env=environment, stdout=out, stderr=out,
            stdin=subprocess.DEVNULL, cwd=REPOSITORY,
        )  # fmt: skip
    try:
        while not _ready(f"http://127.0.0.1:{port}/readyz"):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                raise RuntimeError(f"palmtax serve was not ready: {log.read_text(errors='replace')[-1500:]}")
            time.sleep(0.02)
        yield time.perf_counter() - began
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder below ./var, on the disk `make run` uses."""
    above = REPOSITORY / "var"
    above.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=above))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure() -> Section:
    """One cold start (no data folder) and three warm ones."""
    section = Section("start: python -m palmtax serve until /readyz")
    with scratch() as folder:
        port, log = lonely_port(), folder / "serve.log"
        with served(folder / "var", port, log) as cold:
            say(f"  cold {cold:.1f} s")
        warm = []
        for _ in range(WARM_STARTS):
            with served(folder / "var", port, log) as seconds:
                warm.append(seconds)
                say(f"  warm {seconds:.1f} s")
    section.add("cold: initdb, migrations, demo town of 300, services", f"{cold:.1f} s")
    shown = " · ".join(f"{one:.1f}" for one in warm)
    aim = f"≤ {WARM_AIM_SECONDS:.0f} s"
    section.add(
        "warm: everything there", f"{median(warm):.1f} s", f"of {shown}", aim, reached(median(warm) <= WARM_AIM_SECONDS)
    )
    section.notes.append("packages and front-end builds are not in these figures: `make run` does them once, before")
    return section
