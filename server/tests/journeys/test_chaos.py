"""A small chaos run in every run; the whole one (50,000 pushes) is `make chaos`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_each_message_arrives_once_or_is_dead_with_a_reason_while_everything_is_killed() -> None:
    """Two hundred pushes over six channels; worker, database, sandboxes and server are killed once each."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("server", "dev", "."))}
    done = subprocess.run(
        [sys.executable, "-m", "bench.chaos", "--size", "200", "--workers", "2", "--every", "1.5", "--receipts", "8",
         "--seed", "4"],
        capture_output=True, text=True, timeout=600, check=False, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "the promise holds" in done.stdout
    assert "arrived once" in done.stdout
