"""Where the time of one submitted return goes: one request after the other through the real application, in process."""

from __future__ import annotations

import functools
import importlib
import inspect
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.drafts import Ready
from bench.statements import ListeningDatabase, Sent

PHASES: tuple[tuple[str, str, str], ...] = (
    ("auth: who is it (edge)", "palmtax.plumbing.edge", "Authority._actor"),
    ("read: draft, history, invoices, taxpayer", "palmtax.filing.actions.submitting", "load"),
    ("rules: fields, law, result", "palmtax.filing.actions.loading", "work_out"),
    ("build the return with its explanation", "palmtax.filing.actions.submitting", "_return_of"),
    ("write: one statement", "palmtax.filing.actions.submitting", "_write"),
    ("answer: standing, name, shape", "palmtax.filing.actions.showing", "accepted_out"),
)
"""Phase, module, attribute; a phase may lie inside another one (rules inside read)."""
INSIDE = {"rules: fields, law, result": "read: draft, history, invoices, taxpayer"}
WHOLE, REST = "whole request", "rest: routing, JSON in and out, middleware, log line"


@dataclass(slots=True)
class Spent:
    """Wall and processor seconds of each phase, one value a request."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def add(self, phase: str, wall: float, cpu: float) -> None:
        """Add to a phase."""
        self.wall[phase] = self.wall.get(phase, 0.0) + wall
        self.cpu[phase] = self.cpu.get(phase, 0.0) + cpu


def _wrapped(function: Callable[..., Any], phase: str, spent: Spent) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def timed_async(*args: Any, **kwargs: Any) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return await function(*args, **kwargs)
            finally:
                spent.add(phase, time.perf_counter() - wall, time.thread_time() - cpu)

        return timed_async

    @functools.wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent.add(phase, time.perf_counter() - wall, time.thread_time() - cpu)

    return timed


@contextmanager
def _watching(spent: Spent) -> Iterator[list[str]]:
    """Put stop watches on the phases; tells which ones no longer exist under their names."""
    undo: list[tuple[Any, str, Any]] = []
    missing: list[str] = []
    for phase, module, attribute in PHASES:
        owner: Any = importlib.import_module(module)
        *path, last = attribute.split(".")
        for name in path:
            owner = getattr(owner, name, None)
        function = getattr(owner, last, None)
        if function is None:
            missing.append(f"{module}.{attribute}")
            continue
        undo.append((owner, last, function))
        setattr(owner, last, _wrapped(function, phase, spent))
    try:
        yield missing
    finally:
        for owner, name, function in undo:
            setattr(owner, name, function)


class _Whole:
    """The stop watch around the application itself, so that the test client's own time is left out."""

    def __init__(self, app: Any, spent: Spent) -> None:
        self.app, self.spent = app, spent

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on, timed."""
        wall, cpu = time.perf_counter(), time.thread_time()
        await self.app(scope, receive, send)
        self.spent.add(WHOLE, time.perf_counter() - wall, time.thread_time() - cpu)


@dataclass(frozen=True, slots=True)
class Split:
    """Milliseconds a request, wall and processor, by phase; and how many requests."""

    wall_ms: dict[str, float]
    cpu_ms: dict[str, float]
    requests: int
    missing: list[str]


async def submit_each(app: Any, database: ListeningDatabase, ready: Sequence[Ready]) -> list[list[Sent]]:
    """Submit one after the other; the statements of each request. RuntimeError when one is not accepted."""
    found = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://palmtax.test") as client:
        for one in ready:
            database.sent.clear()
            answer = await client.post("/api/filing/returns", content=one.body(), headers=one.headers())
            if answer.status_code != 201:
                raise RuntimeError(f"{answer.status_code} {answer.text[:600]}")
            found.append(list(database.sent))
    return found


async def measure(app: Any, database: ListeningDatabase, ready: Sequence[Ready], warm: int) -> Split:
    """Submit the first `warm` unmeasured, then the rest with stop watches."""
    await submit_each(app, database, ready[:warm])
    spent = Spent()
    with _watching(spent) as missing:
        await submit_each(_Whole(app, spent), database, ready[warm:])
    count = len(ready) - warm
    shown = {}
    for name, seconds in (("wall", spent.wall), ("cpu", spent.cpu)):
        own = dict(seconds)
        for inner, outer in INSIDE.items():
            if inner in own and outer in own:
                own[outer] -= own[inner]
        own[REST] = own[WHOLE] - sum(value for phase, value in own.items() if phase != WHOLE)
        shown[name] = {phase: value / count * 1000 for phase, value in own.items()}
    return Split(shown["wall"], shown["cpu"], count, missing)


def table_of(split: Split) -> str:
    """The split as text."""
    order = [phase for phase, _, _ in PHASES] + [REST, WHOLE]
    lines = [f"{'':48}{'wall ms':>9}{'CPU ms':>9}{'waiting ms':>12}"]
    for phase in order:
        wall, cpu = split.wall_ms.get(phase), split.cpu_ms.get(phase)
        if wall is not None and cpu is not None:
            lines.append(f"{phase:48}{wall:9.2f}{cpu:9.2f}{wall - cpu:12.2f}")
    lines += [f"not found, counted under rest: {name}" for name in split.missing]
    return "\n".join(lines)
