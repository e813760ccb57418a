"""How `make test` looks a second time at the few tests that failed."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from steps import suites
from steps.place import WEB

WALK = "/house/walkOne.test.js"


@pytest.fixture
def runs(monkeypatch):
    """What is run, and on which house; nothing is really started."""
    told = []

    @contextmanager
    def standing(name):
        yield {"PALMTAX_URL": f"http://fresh/{name}"}

    def run(suite, number, total, ground, *, quiet):
        told.append((suite.argv, ground.house))
        return suites.Outcome(suite, 0, 2.0, ("# pass 3", "# fail 0"))

    monkeypatch.setattr(suites.house, "standing", standing)
    monkeypatch.setattr(suites, "_run", run)
    return told


def failed(count, *, needs_house):
    suite = suites.Suite("走", "walks", (*suites.NODE, WALK, "/house/two.test.js"), WEB, True, needs_house)
    return suites.Outcome(suite, 1, 9.0, ("# pass 7", f"# fail {count}"), (WALK,))


def look(first):
    return suites._second_look(first, 1, 1, suites.Ground("/usr/bin/chromium", {"PALMTAX_URL": "http://walked-on"}))


def test_a_walk_that_failed_is_gone_again_on_a_fresh_house(runs):
    done = look(failed(1, needs_house=True))
    assert runs == [((*suites.NODE, WALK), {"PALMTAX_URL": "http://fresh/house-again"})]
    assert (done.code, done.seconds) == (0, 11.0)
    assert "UNSTEADY: 1 failed in the first run" in done.summary[0]


def test_what_needs_no_house_gets_none(runs):
    look(failed(1, needs_house=False))
    assert runs == [((*suites.NODE, WALK), {"PALMTAX_URL": "http://walked-on"})]


def test_many_that_failed_are_no_matter_of_luck(runs):
    first = failed(suites.FEW + 1, needs_house=True)
    assert look(first) is first
    assert runs == []
