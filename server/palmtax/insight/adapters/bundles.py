"""Bundles: several row groups of one law told to a worker at a time, which adds them up before it answers."""

from __future__ import annotations

from collections import deque

from palmtax.insight.actions.computing import Job

MOST_GROUPS = 48
"""Groups of a bundle at most: about a third of a second of one core, so that progress is seen and a cancelled study stops soon.
With 16, a Ray cluster spent 7 % of the processors on itself; with 48, nothing that could be measured."""


def next_bundle(waiting: deque[Job], workers: int) -> list[Job]:
    """Take the next bundle; towards the end they become small, so that all workers end together."""
    size = max(1, min(MOST_GROUPS, len(waiting) // (4 * workers)))
    found = [waiting.popleft()]
    while waiting and len(found) < size and waiting[0].law == found[0].law:
        found.append(waiting.popleft())
    return found
