"""Every own lint has a story, passes its good samples, catches each bad one, and finds nothing in the house."""

from __future__ import annotations

import subprocess
import sys

import pytest

from house import ROOT
from lint.__main__ import every_lint
from lint.code import Code, run

LINTS = every_lint()


@pytest.mark.parametrize("name", LINTS)
def test_a_lint_has_a_story_and_samples(name):
    module = LINTS[name]
    assert len(module.STORY) > 60
    assert module.GOOD
    assert module.BAD


@pytest.mark.parametrize(("name", "path", "text"), [(n, p, t) for n, m in LINTS.items() for p, t in m.GOOD])
def test_good_lines_pass(name, path, text):
    assert list(run(name, LINTS[name].check, Code(path, text))) == []


@pytest.mark.parametrize(("name", "path", "text"), [(n, p, t) for n, m in LINTS.items() for p, t in m.BAD])
def test_bad_lines_are_caught(name, path, text):
    assert list(run(name, LINTS[name].check, Code(path, text)))


def test_an_exception_counts_only_with_its_reason():
    bad = "half_fen = total_fen / 2"
    check = LINTS["fen"].check
    assert list(run("fen", check, Code("palmtax/filing/model.py", f"{bad}  # lint: fen\n")))
    assert list(run("fen", check, Code("palmtax/filing/model.py", f"{bad}  # lint: clocks — another lint\n")))
    assert not list(run("fen", check, Code("palmtax/filing/model.py", f"{bad}  # lint: fen — drawn on a chart only\n")))


def test_the_house_has_no_findings():
    """In a process of its own: Python 3.11 cannot parse while another thread of the process does (gh-106905)."""
    done = subprocess.run([sys.executable, "-m", "lint"], cwd=ROOT / "dev", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
