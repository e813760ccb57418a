"""Every task has a worker, every event a schema and a teller, every listener something to hear."""

from __future__ import annotations

import ast
import dataclasses
import re

import pytest

import house

NAME = re.compile(r"^[a-z]+\.[a-z][a-z0-9_]*$")
NOT_DOMAINS_JOBS = {"plumbing.fan_out"}


@pytest.fixture(scope="module")
def outbox():
    house.load()
    from palmtax.plumbing import outbox

    return outbox


def events():
    house.load()
    return [
        kind
        for module in house.part("events").values()
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and dataclasses.is_dataclass(kind)
    ]


EVENTS = events()
each = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)


def calls():
    """(file, function name, call) of every call in the package."""
    for path in house.sources():
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield path, name, node


def asked_for():
    """The names of tasks that are enqueued, where they are written as text."""
    found = set()
    for path, name, call in calls():
        place = {"enqueue": 1, "task_part": 0, "Waiting": 0}.get(name)
        if place is None or path.name == "outbox.py" or len(call.args) <= place:
            continue
        argument = call.args[place]
        if isinstance(argument, ast.Constant):
            found.add(argument.value)
    return found


def test_every_task_that_is_asked_for_has_a_handler(outbox):
    assert asked_for() - set(outbox.TASKS) - NOT_DOMAINS_JOBS == set()


def test_every_task_is_asked_for_or_comes_with_the_clock(outbox):
    heard = {job for jobs in outbox.LISTENERS.values() for job in jobs}
    idle = set(outbox.TASKS) - heard - asked_for() - set(outbox.CRONS) - NOT_DOMAINS_JOBS
    assert idle == set()


def test_names_of_tasks_are_domain_and_verb(outbox):
    for name, entry in {**outbox.TASKS}.items():
        job = name.split(">")[-1]
        assert NAME.match(job), name
        assert job.split(".")[0] == entry.handler.__module__.split(".")[1], f"{name} belongs to another domain"
        assert 1 <= entry.tries <= 20
        assert 0 < entry.seconds <= 3600


def test_every_schedule_has_five_fields(outbox):
    assert outbox.CRONS
    for name, (cron, handler) in outbox.CRONS.items():
        assert NAME.match(name)
        assert len(cron.split()) == 5, f"{name}: {cron}"
        assert name.split(".")[0] == handler.__module__.split(".")[1]


def test_everything_listened_to_is_declared(outbox):
    assert set(outbox.LISTENERS) - {event.name for event in EVENTS} == set()


def test_a_listener_stands_above_what_it_hears(outbox):
    """News goes up: who hears is never below who tells."""
    order = _order()
    for event, jobs in outbox.LISTENERS.items():
        for job in jobs:
            listener = job.split(">")[1].split(".")[0]
            assert order[listener] <= order[event.split(".")[0]], f"{listener} hears {event}"


def _order() -> dict[str, int]:
    text = (house.ROOT / ".importlinter").read_text(encoding="utf-8")
    layers = text.split("layers =", 1)[1].split("[importlinter", 1)[0]
    lines = [line for line in layers.splitlines() if line.strip() and not line.strip().startswith("#")]
    return {name: floor for floor, line in enumerate(lines) for name in re.findall(r"[a-z_]+", line)}


@each
def test_an_event_is_a_frozen_record_named_in_the_past(event):
    assert NAME.match(event.name)
    assert event.name.split(".")[0] == event.__module__.split(".")[1]
    assert event.__dataclass_params__.frozen
    assert event.__doc__
    assert "Any" not in str(event.__annotations__), "an event carries identifiers, fen, days and words"


def test_names_of_events_are_unique():
    names = [event.name for event in EVENTS]
    assert sorted(set(names)) == sorted(names)
    assert names


@each
def test_every_event_is_told_somewhere(event):
    told = {name for path, name, _ in calls() if path.name != "events.py"}
    assert event.__name__ in told
