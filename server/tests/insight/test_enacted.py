"""A study sees the versions that the law desk put in force, wherever it is computed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from palmtax import rules
from palmtax.insight import tasks
from palmtax.insight.actions import telling
from palmtax.insight.adapters.processes import Processes
from palmtax.insight.model.study import Question

KEY = "iit_year.basic_deduction_month"
ASKED = Question(("iit_year",), date(2026, 9, 30), date(2027, 9, 30), {})
"""Nothing is changed but the day: what differs is what the desk put in force for 2027."""
SERVER = Path(__file__).resolve().parents[2]
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="RAY IS NOT INSTALLED: pip install -r requirements-scale.in"
)


def enact():
    """6,000 yuan a month from 2027."""
    newest = max(rules.parameter(KEY).values, key=lambda value: value.first_day)
    version = replace(newest, first_day=date(2027, 1, 1), published=date(2026, 11, 23), value=600_000)
    rules.enact({KEY: [version]})


@pytest.fixture(autouse=True)
def _law_of_the_desk():
    enact()
    yield
    rules.enact({})


def revenue(people, runner):
    """What the treasury gains, fen."""
    work = tasks.work_of(people, ASKED, b"")
    work.crunch(runner)
    assert work.problem is None
    result, _ = telling.result_of(people, ASKED, work.tallies)
    return result["delta_fen"]


class Forgetful(Processes):
    """Processes that are not told which versions are in force."""

    def run(self, jobs):
        return super().run([replace(job, enacted=()) for job in jobs])


@pytest.mark.slow
def test_processes_see_what_the_desk_put_in_force(people):
    here = revenue(people, Processes(0))
    assert here < 0
    assert revenue(people, Processes(2)) == here
    assert revenue(people, Forgetful(2)) == 0, "untold, they would compute by the files alone"
    rules.enact({})
    assert revenue(people, Processes(2)) == 0


RAY = """
import json, sys
from pathlib import Path
from insight.test_enacted import enact, revenue
from palmtax.insight.adapters.cluster import Cluster
from palmtax.insight.store.page import population

if __name__ == "__main__":
    enact()
    Path(sys.argv[2]).write_text(json.dumps(revenue(population(Path(sys.argv[1])), Cluster(2))))
"""


@needs_ray
@pytest.mark.slow
def test_a_cluster_sees_what_the_desk_put_in_force(people, folder, tmp_path):
    script, answer = tmp_path / "study.py", tmp_path / "answer.json"
    script.write_text(RAY)
    done = subprocess.run(
        [sys.executable, str(script), str(folder), str(answer)],
        env=os.environ | {"PYTHONPATH": f"{SERVER}{os.pathsep}{SERVER / 'tests'}"},
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(answer.read_text()) == revenue(people, Processes(0)) < 0
