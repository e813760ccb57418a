"""A small crash test in every run; the whole one (2,000 returns) is `make crash`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_nothing_is_lost_or_doubled_when_processes_are_killed() -> None:
    """Eighty returns are filed and paid while server, worker, sandboxes and database are killed by lot."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'server'}{os.pathsep}{ROOT / 'dev'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "crash.py"), "--returns", "80", "--every", "3", "--seed", "4"],
        capture_output=True, text=True, timeout=420, check=False, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "11 passed, 0 failed" in done.stdout
