"""The page for reviewers names what is there: every law, its numbers with their confidence, its examples."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from palmtax import rules

ROOT = Path(__file__).parents[3]
LAW = ROOT / "server" / "palmtax" / "rules" / "law"
PAGE = (ROOT / "docs" / "law-coverage.md").read_text("utf-8")
ON = date(2026, 11, 23)
CONFIDENCES = ("law", "secondary", "own", "uncertain")
ROWS = [line.strip("|").split(" | ") for line in PAGE.splitlines() if re.match(r"\| (?!row|---)", line)]


def numbers_of(cell: str) -> list[str]:
    """`law.number` for each number that a cell of the table names."""
    laws = re.findall(r"\*\*(\w+)\*\*: ([^;]+)", cell)
    return [f"{law}.{number}" for law, numbers in laws for number in re.findall(r"`(\w+)`", numbers)]


def test_every_law_is_on_the_page() -> None:
    assert set(re.findall(r"\*\*(\w+)\*\*:", PAGE)) == set(rules.every_law())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]).strip())
def test_a_row_says_how_sure_its_numbers_are(row: list[str]) -> None:
    sure = {rules.parameter(number).on(ON).confidence for number in numbers_of(row[1])}
    assert [word for word in CONFIDENCES if word in sure] == re.findall(r"law|secondary|own|uncertain", row[2])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]).strip())
def test_the_examples_of_a_row_are_there(row: list[str]) -> None:
    written = {path.stem for path in LAW.glob("*/examples/*.yaml")}
    assert set(re.findall(r"`([^`]+)`", row[3])) <= written


def test_the_page_has_the_rows_of_all_ten_sections() -> None:
    assert re.findall(r"^## (\d)", PAGE, re.MULTILINE) == [str(section) for section in range(10)]
    assert len(ROWS) > 80
