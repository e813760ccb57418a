"""A process of the house in which pauses are short: `python -m bench.chaos_hurry web|worker`.

The code is the product's own. Only numbers change: pauses between tries, leases and waits are divided, and it is ten in the
morning in China, so that a run of minutes meets what otherwise takes hours. A lease stays longer than a job may take.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from palmtax.base.clock import CHINA, SystemClock
from palmtax.channels import tasks as channel_tasks
from palmtax.channels.actions import settling
from palmtax.entry import house, service
from palmtax.entry.domains import load_everything
from palmtax.messaging.model import sending
from palmtax.messaging.store import deliveries
from palmtax.plumbing.outbox import TASKS
from palmtax.plumbing.settings import Settings

AHEAD, SENDING = "CHAOS_AHEAD_SECONDS", "CHAOS_SENDING_FILE"
LEASE_SECONDS, JOB_SECONDS, DEAD_WAIT_SECONDS = 30, 20, 2
RETRIES = [1, 2, 4, 8, 12]
EARLY_SECONDS = (1, 1, 2, 2, 4, 4)
CARRY = "messaging.delivery_wanted>channels.carry"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The machine's clock, moved by seconds."""

    seconds: int

    def now(self) -> datetime:
        """The instant in the house, UTC."""
        return SystemClock().now() + timedelta(seconds=self.seconds)

    def today(self) -> date:
        """The calendar day in China, in the house."""
        return self.now().astimezone(CHINA).date()


def seconds_to_ten() -> int:
    """How far it is to the next ten o'clock in China."""
    here = SystemClock().now().astimezone(CHINA)
    ten = here.replace(hour=10, minute=0, second=0, microsecond=0)
    return int(((ten if ten > here else ten + timedelta(days=1)) - here).total_seconds())


def sending_file(folder: Path) -> Path:
    """The product's `sending.yaml` with short pauses and without caps, which are not what is looked at."""
    text = Path(sending._FILE).read_text(encoding="utf-8")
    lines = [
        f"retries_seconds: {RETRIES}" if line.startswith("retries_seconds") else line
        for line in text.replace("service: 8", "service: 100000").splitlines()
    ]
    made = folder / "sending.yaml"
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def hurry() -> None:
    """Change the numbers in this process, as the environment says."""
    load_everything()
    clock = Ahead(int(os.environ[AHEAD]))
    house.clock_for = lambda _days: clock
    sending._FILE = Path(os.environ[SENDING])
    sending.sending.cache_clear()
    deliveries.LEASE = timedelta(seconds=LEASE_SECONDS)
    settling.DEAD_WAIT_SECONDS = DEAD_WAIT_SECONDS
    channel_tasks.EARLY_SECONDS = EARLY_SECONDS
    TASKS[CARRY] = replace(TASKS[CARRY], seconds=JOB_SECONDS)


if __name__ == "__main__":
    hurry()
    {"web": service.serve_web, "worker": service.work}[sys.argv[1]](Settings())
