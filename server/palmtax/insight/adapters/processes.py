"""Processes of this machine: each computes whole row groups that it maps into memory itself; nothing large is sent."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from palmtax.insight.actions.computing import Done, Job, compute, compute_apart
from palmtax.insight.adapters.bundles import next_bundle
from palmtax.insight.model.study import InsightSettings
from palmtax.plumbing.postgres import PR_SET_PDEATHSIG

AHEAD = 2
"""Bundles told to each process at a time, so that none is idle."""


def end_with_parent() -> None:
    """In a child: be ended by the kernel when the process that started it ends, however it ends; it holds nothing to lose."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:  # it ended before we could ask
        os._exit(1)


@dataclass(frozen=True, slots=True)
class Processes:
    """Local processes; 0 means here, in the calling thread."""

    count: int

    def run(self, jobs: Sequence[Any]) -> Generator[Done, None, None]:
        """The results as they come; the processes end with the generator, and with whoever started them."""
        if self.count == 0 or len(jobs) < 2:
            yield from map(compute, jobs)
            return
        spawning = multiprocessing.get_context("spawn")
        count = min(self.count, len(jobs))
        with ProcessPoolExecutor(count, mp_context=spawning, initializer=end_with_parent) as pool:
            try:
                yield from _flow(pool, deque(jobs), count)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _flow(pool: ProcessPoolExecutor, waiting: deque[Job], count: int) -> Iterator[Done]:
    going: set[Future[Done]] = set()
    while waiting or going:
        while waiting and len(going) < count * AHEAD:
            going.add(pool.submit(compute_apart, next_bundle(waiting, count)))
        over, going = wait(going, return_when=FIRST_COMPLETED)
        for job in over:
            yield job.result()


def make(settings: InsightSettings) -> Processes:
    """The runner of this machine."""
    return Processes(settings.processes)
