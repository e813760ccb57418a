"""How fast the cores are from moment to moment: neighbours on a shared machine halve them for seconds, and no load average shows it.

python -m bench.pulse 1.5   one line a second of its own looking, for so many seconds

One process on each core does the same small sum twenty times a second and notes the processor time it took (waiting for the
core does not count). A speed is a share of the best that was seen. Two figures taken at different moments can then be
compared at equal speed; this costs each core about one part in a hundred.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

EVERY_SECONDS = 0.05
_ROUNDS = 6_000


def _beat() -> float:
    began, total = time.thread_time(), 0
    for number in range(_ROUNDS):
        total += number * number
    return time.thread_time() - began


def _look(core: int, pipe: Connection) -> None:
    os.sched_setaffinity(0, {core})
    found: list[tuple[float, float]] = []
    while not pipe.poll(EVERY_SECONDS):
        found.append((time.perf_counter(), _beat()))
    pipe.send(found)


@dataclass(slots=True)
class Pulse:
    """The beats of every core, as they were seen; readable when the block has ended."""

    beats: list[list[tuple[float, float]]] = field(default_factory=list)

    def speed(self, since: float, until: float) -> float:
        """The mean speed between two instants of `time.perf_counter()`, as a share of the best beat of the whole block."""
        best = min((took for core in self.beats for _, took in core), default=1.0)
        shares = [best / took for core in self.beats for at, took in core if since <= at <= until]
        if not shares:
            raise RuntimeError("no beat was seen in this time")
        return sum(shares) / len(shares)


@contextmanager
def felt() -> Iterator[Pulse]:
    """Feel the pulse of every core inside the block."""
    spawn = multiprocessing.get_context("spawn")
    pulse, looking = Pulse(), []
    for core in sorted(os.sched_getaffinity(0)):
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_look, args=(core, theirs), daemon=True)
        process.start()
        looking.append((process, ours))
    try:
        yield pulse
    finally:
        for process, pipe in looking:
            pipe.send("enough")
            pulse.beats.append(pipe.recv())
            process.join(5)


def main() -> None:
    """Show how the speed of this machine goes up and down."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with felt() as pulse:
        began = time.perf_counter()
        time.sleep(seconds)
    at = began
    while at + 1 <= began + seconds:
        sys.stdout.write(f"{at - began:4.0f} s  {pulse.speed(at, at + 1):.2f}\n")
        at += 1


if __name__ == "__main__":
    main()
