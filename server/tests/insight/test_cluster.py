"""A Ray cluster of several processes gives the same result; a killed actor's row groups are done again; nobody outside can reach it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from insight.make import DEDUCTION, question

from palmtax.insight.actions import computing
from palmtax.insight.model.kinds import find_kind
from palmtax.insight.model.tally import Tally, packed

SCRIPT = Path(__file__).with_name("ray_script.py")
SERVER = Path(__file__).resolve().parents[2]
ROUNDS = 8
LOOPBACK = {"0100007F", "0" * 16 + "FFFF00000100007F", "0" * 24 + "01000000"}
"""127.0.0.1, ::ffff:127.0.0.1 and ::1 as the kernel writes them."""
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="RAY IS NOT INSTALLED: pip install -r requirements-scale.in"
)


def run(folder: Path, actors: int, how: str, answer: Path) -> dict:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(actors), how, str(answer)],
        env=os.environ | {"PYTHONPATH": str(SERVER)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(answer.read_text())


def expected(people) -> tuple[str, list[int]]:
    kind, asked = find_kind("iit_year"), question("iit_year", **DEDUCTION)
    whole, groups = Tally(computing.shape_of(people, kind)), [g.number for g in people.groups("persons")] * ROUNDS
    for number in groups:
        whole.add(computing.compute(computing.Job(people.folder, people.fingerprint, "iit_year", number, asked)).tally)
    return hashlib.sha256(packed({"iit_year": whole}, [])).hexdigest(), sorted(groups)


@needs_ray
@pytest.mark.slow
@pytest.mark.parametrize(("actors", "how"), [(3, "calmly"), (2, "kill")])
def test_a_cluster_gives_the_same_result(folder, people, tmp_path, actors, how):
    found = run(folder, actors, how, tmp_path / "answer.json")
    digest, groups = expected(people)
    assert found["seen"] == groups, "each group once, whatever died"
    assert found["digest"] == digest
    assert (found["killed"] > 0) == (how == "kill")
    assert "0100007F" in found["addresses"]
    assert set(found["addresses"]) <= LOOPBACK, "nothing listens elsewhere"
