"""The walk-through docs/how-to/add-a-relief.md, done: applied to a copy of the law and seen in all four places."""

from __future__ import annotations

import doctest
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from docs.pages import added_lines, apply, boxes, commands, holds, prints

import house
from palmtax.entry.law_command import law
from palmtax.rules.laws import LAWS

PAGE = house.ROOT / "docs" / "how-to" / "add-a-relief.md"
BOXES = boxes(PAGE)
CHANGES = [box for box in BOXES if box.path and box.kind in {"diff", "yaml"}]


@pytest.fixture
def changed(law_copy: tuple[Path, Callable[[], None]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The law with the invented relief; the current folder holds the files that the commands read."""
    folder, forget = law_copy
    for box in CHANGES:
        apply(box, folder)
    forget()
    for box in BOXES:
        if box.kind == "json" and box.path:
            (tmp_path / box.path).write_text(box.text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def run(command: str) -> str:
    """What a command prints."""
    program, group, *arguments = shlex.split(command)
    assert (program, group) == ("palmtax", "law")
    return CliRunner().invoke(law, arguments).output


def test_it_takes_fewer_than_thirty_lines_and_the_page_says_how_many() -> None:
    lines = sum(len(added_lines(box)) for box in CHANGES)
    assert lines < 30
    assert f"in {lines} lines" in PAGE.read_text("utf-8")
    assert {box.path.split("/")[-1].split(".")[-1] for box in CHANGES} == {"yaml", "py"}


def test_the_law_itself_knows_nothing_of_it() -> None:
    assert [path for path in LAWS.rglob("*.yaml") if "导盲犬" in path.read_text("utf-8")] == []


@pytest.mark.usefixtures("changed")
def test_every_command_prints_what_the_page_says() -> None:
    told = [pair for box in BOXES if box.kind == "console" for pair in commands(box)]
    assert [command.split()[2] for command, _ in told] == ["check", "calc", "calc", "whatif"]
    assert all(set(printed) - set("…\n") for _, printed in told), "a page that tells nothing proves nothing"
    for command, printed in told:
        real = run(command)
        assert prints(printed, real), f"{command}\n{real}"


@pytest.mark.usefixtures("changed")
async def test_the_calculator_asks_and_answers_it(client) -> None:
    pairs = [(box, BOXES[place + 1]) for place, box in enumerate(BOXES) if box.kind == "http"]
    assert [box.text.split()[0] for box, _ in pairs] == ["GET", "POST"]
    for asked, told in pairs:
        head, _, body = asked.text.partition("\n")
        answer = await client.request(*head.split(), json=json.loads(body) if body.strip() else None)
        assert answer.status_code == 200
        assert holds(json.loads(told.text), answer.json()), answer.text


@pytest.mark.usefixtures("changed")
def test_the_batch_gives_the_same_fen() -> None:
    (text,) = [box.text for box in BOXES if box.kind == "python"]
    found = doctest.DocTestParser().get_doctest(text, {}, "batch", str(PAGE), 0)
    assert len(found.examples) == 7
    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0


def test_a_page_that_tells_something_else_is_noticed() -> None:
    assert holds({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"b": 1, "c": 3}], "d": 4})
    assert not holds({"a": [{"b": 3}]}, {"a": [{"b": 2}]})
    assert not holds({"a": []}, {"a": [1]})
    assert not holds({"a": 1}, {})
    assert prints("a\n…\nd\n", "a\nb\nc\nd\n")
    assert prints("a…c\n", "abc\n")
    assert not prints("a\n…\n", "b\na\n")
    assert not prints("a\n", "a\nb\n")
