"""A Ray cluster: actors that each read their own row groups; the groups of an actor that dies are done again by another.

Ray is an optional extra (`requirements-scale.in`). A cluster started here listens on the loopback only, without dashboard and
without usage statistics; one that is there already is used as it is.
"""

from __future__ import annotations

import importlib
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from palmtax.insight.actions.computing import Done, Job, compute
from palmtax.insight.model.study import TRIES, InsightSettings

log = structlog.get_logger()
LOOPBACK = "127.0.0.1"
ALONE = {
    # Without this Ray takes the machine's own address for 127.0.0.1 and listens to the world. It must be set before Ray is loaded.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}


class Worker:
    """The actor: computes the groups it is told."""

    def compute(self, job: Job) -> Done:
        """One row group."""
        return compute(job)


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many actors of a cluster; `address` empty: one of our own on this machine."""

    actors: int
    address: str = ""

    def run(self, jobs: Sequence[Any]) -> Generator[Done, None, None]:
        """The results as they come; each group once, whatever dies."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ.update({} if self.address else ALONE)
        ray = importlib.import_module("ray")
        own = not ray.is_initialized()
        if own:
            _join(ray, self.actors, self.address)
        try:
            yield from _flow(ray, deque(jobs), min(self.actors, max(1, len(jobs))))
        finally:
            if own:
                ray.shutdown()


def _join(ray: Any, actors: int, address: str) -> None:
    """Connect, or start a cluster that nobody else can reach."""
    if address:
        ray.init(address=address, log_to_driver=False)
        return
    ray.init(
        num_cpus=actors,
        include_dashboard=False,
        _node_ip_address=LOOPBACK,
        log_to_driver=False,
        configure_logging=False,
        object_store_memory=100 * 1024 * 1024,
    )


def _flow(ray: Any, waiting: deque[Job], count: int) -> Iterator[Done]:
    """Hand each actor one group at a time; a dead actor is replaced and its group put back in front."""
    make = ray.remote(num_cpus=1)(Worker).remote
    going: dict[Any, tuple[Any, Job]] = {}
    deaths = 0
    idle = [make() for _ in range(count)]
    while waiting or going:
        while waiting and idle:
            actor, job = idle.pop(), waiting.popleft()
            going[actor.compute.remote(job)] = (actor, job)
        ready, _ = ray.wait(list(going), num_returns=1)
        for reference in ready:
            actor, job = going.pop(reference)
            try:
                done: Done = ray.get(reference)
            except ray.exceptions.RayActorError:
                deaths += 1
                if deaths > count * TRIES:
                    raise
                log.warning("insight.worker_died", law=job.law, group=job.group)
                waiting.appendleft(job)
                idle.append(make())
                continue
            idle.append(actor)
            yield done


def make(settings: InsightSettings) -> Cluster:
    """The runner of a cluster."""
    return Cluster(max(1, settings.processes), settings.ray_address)
