"""A Ray cluster: actors that each read their own row groups; the groups of an actor that dies are done again by another.

Ray is an optional extra (`requirements-scale.in`). A cluster started here listens on the loopback only, without dashboard and
without usage statistics; one that is there already is used as it is.
"""

from __future__ import annotations

import importlib
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from palmtax.insight.actions.computing import Done, Job, compute_apart
from palmtax.insight.adapters.bundles import next_bundle
from palmtax.insight.model.study import TRIES, InsightSettings

log = structlog.get_logger()
LOOPBACK = "127.0.0.1"
AHEAD = 2
"""Bundles that an actor is told of at a time."""
ALONE = {
    # Without this Ray takes the machine's own address for 127.0.0.1 and listens to the world. It must be set before Ray is loaded.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    # Nobody reads its figures about itself; collecting them takes a third of what its own processes use.
    "RAY_enable_metrics_collection": "0",
    "RAY_event_stats": "0",
    "RAY_task_events_report_interval_ms": "0",
}


class Worker:
    """The actor: computes the groups it is told."""

    def compute(self, bundle: list[Job]) -> Done:
        """Some row groups of one law, added up."""
        return compute_apart(bundle)


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


@dataclass(slots=True)
class _Crew:
    """The actors that live, and what each has been told to compute."""

    ray: Any
    make: Any
    most_deaths: int
    actors: dict[int, Any] = field(default_factory=dict)
    going: dict[Any, tuple[int, list[Job]]] = field(default_factory=dict)
    deaths: int = 0

    def hire(self) -> None:
        """One more actor."""
        self.actors[len(self.actors) + self.deaths] = self.make()

    def busy(self, number: int) -> int:
        """How many bundles an actor has."""
        return sum(of == number for of, _ in self.going.values())

    def tell(self, waiting: deque[Job]) -> None:
        """Give every actor a bundle, and one ahead, so that none is idle."""
        for number, actor in self.actors.items():
            while waiting and self.busy(number) < AHEAD:
                bundle = next_bundle(waiting, len(self.actors))
                self.going[actor.compute.remote(bundle)] = (number, bundle)

    def take(self, reference: Any, waiting: deque[Job]) -> Done | None:
        """The result; or none when the actor died: its groups wait again, and another actor is there."""
        number, bundle = self.going.pop(reference)
        try:
            done: Done = self.ray.get(reference)
        except self.ray.exceptions.RayActorError:
            waiting.extendleft(reversed(bundle))
            if self.actors.pop(number, None) is not None:
                self._replace(bundle[0])
            return None
        return done

    def _replace(self, job: Job) -> None:
        """Another actor in the place of a dead one; more deaths than a machine ever explains are raised."""
        self.deaths += 1
        log.warning("insight.worker_died", law=job.law, group=job.group, deaths=self.deaths)
        if self.deaths > self.most_deaths:
            raise RuntimeError(f"{self.deaths} actors of the cluster died during one study")
        self.hire()


def _flow(ray: Any, waiting: deque[Job], count: int) -> Iterator[Done]:
    """Each group once, whatever dies."""
    crew = _Crew(ray, ray.remote(num_cpus=1)(Worker).remote, count * TRIES)
    for _ in range(count):
        crew.hire()
    while waiting or crew.going:
        crew.tell(waiting)
        ready, _ = ray.wait(list(crew.going), num_returns=1)
        for reference in ready:
            done = crew.take(reference, waiting)
            if done is not None:
                yield done


def make(settings: InsightSettings) -> Cluster:
    """The runner of a cluster."""
    return Cluster(max(1, settings.processes), settings.ray_address)
