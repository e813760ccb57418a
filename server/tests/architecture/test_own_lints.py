"""Every own lint has a story, passes its good samples, catches each bad one, and finds nothing in the house."""

from __future__ import annotations

import pytest

from lint.__main__ import SERVER, all_findings, every_lint
from lint.code import Code, files, run

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
    assert [str(found) for found in all_findings(files(SERVER))] == []
