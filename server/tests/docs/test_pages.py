"""What the pages say is so: links lead somewhere, samples are real, commands run, files named are there."""

from __future__ import annotations

import ast
import doctest
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from docs.pages import Box, boxes

import house
import new
import show
from palmtax.entry.law_command import law
from palmtax.rules import engine
from palmtax.rules.parameters import read_parameter

DOCS = house.ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ABOUT_LAW = [DOCS / "law.md", *(DOCS / "how-to" / f"{name}.md" for name in ("rule", "relief", "tax", "add-a-relief"))]
_LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


def name(path: Path) -> str:
    return str(path.relative_to(DOCS))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    heads = _HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for found in _LINK.finditer(page.read_text("utf-8")):
        target = (page.parent / found["path"]).resolve() if found["path"] else page
        is_lost = not target.exists()
        if not is_lost and found["anchor"] and target.suffix == ".md":
            is_lost = found["anchor"] not in anchors(target)
        if is_lost:
            lost.append(found[0])
    assert lost == []


def samples(kind: str) -> list[tuple[str, Box]]:
    return [(f"{name(page)}", box) for page in ABOUT_LAW for box in boxes(page) if box.kind == kind]


def test_samples_of_code_and_data_can_be_read() -> None:
    assert {page for page, _ in samples("python")} >= {"law.md", "how-to/add-a-relief.md"}
    for _, box in samples("python"):
        if ">>>" not in box.text:
            ast.parse(box.text)
    for _, box in samples("yaml"):
        assert yaml.safe_load(box.text)


def test_the_page_about_the_law_computes_what_it_says() -> None:
    runs = [box for page, box in samples("python") if page == "law.md" and ">>>" in box.text]
    assert len(runs) == 1
    found = doctest.DocTestParser().get_doctest(runs[0].text, {}, "law.md", None, 0)
    assert len(found.examples) == 7
    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0


def test_the_sample_of_a_number_is_that_number(tmp_path: Path) -> None:
    text = (DOCS / "how-to" / "rule.md").read_text("utf-8")
    (sample,) = re.findall(r"^   ```yaml\n(.*?)^   ```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "daily_rate.yaml").write_text(re.sub(r"^   ", "", sample, flags=re.MULTILINE), "utf-8")
    told = read_parameter(tmp_path / "daily_rate.yaml", "late_fee")
    real = engine.find_law("late_fee").parameters["daily_rate"]
    assert [(one.value, one.first_day, one.law) for one in told.values] == [
        (one.value, one.first_day, one.law) for one in real.values
    ]


def said(page: Path) -> list[str]:
    """The commands a page names that can be run as they stand: nothing left open, nothing invented but the dog."""
    text = page.read_text("utf-8")
    lines = [
        line.partition("#")[0].strip() for box in boxes(page) if box.kind == "sh" for line in box.text.splitlines()
    ]
    return [
        one
        for one in (*_SPAN.findall(text), *lines)
        if one.startswith(("palmtax law ", "make show ", "make new ")) and not re.search(r"…|dog|CODE", one)
    ]


@pytest.mark.parametrize("page", ABOUT_LAW, ids=name)
def test_commands_named_in_a_page_run(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in said(page):
        words = shlex.split(command)
        options = dict(word.split("=", 1) for word in words if "=" in word)
        if words[:2] == ["palmtax", "law"]:
            assert CliRunner().invoke(law, words[2:]).exit_code == 0, command
        elif words[1] == "show":
            assert show.main([options["kind"], options["name"]]) == 0, command
        else:
            assert options["kind"] in new.KINDS, command
    capsys.readouterr()


def test_the_pages_name_commands_at_all() -> None:
    assert len([command for page in ABOUT_LAW for command in said(page)]) >= 4


def test_files_named_in_the_page_about_the_law_are_there() -> None:
    text = (DOCS / "law.md").read_text("utf-8")
    rules = house.PACKAGE / "rules"
    named = {span for span in _SPAN.findall(text) if re.fullmatch(r"[\w/]+(\.py|\.yaml|/)", span)}
    folders = (rules, rules / "kernel", house.ROOT, house.PACKAGE, house.PACKAGE / "entry", rules / "law" / "late_fee")
    lost = [one for one in sorted(named) if not any((folder / one).exists() for folder in folders)]
    assert len(named) > 30
    assert lost == []


def test_every_decision_is_listed_once() -> None:
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
