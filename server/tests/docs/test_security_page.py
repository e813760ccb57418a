"""Nothing is claimed on the security page that no test proves: each row names tests, and each named test is there."""

from __future__ import annotations

import re

import pytest

import house

PAGE = (house.ROOT / "docs" / "security.md").read_text("utf-8")
TESTS = frozenset(
    name
    for path in sorted((house.ROOT / "server" / "tests").rglob("test_*.py"))
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
)
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "| test |" not in line]
DEMANDED = ("XML bomb", "SSRF", "header smuggling", "open redirect", "mix-up", "CSRF", "token theft")
"""What the channels' issue wants tried and refused."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.strip("| ").partition(" | ")[0][:40])
def test_every_row_names_tests_that_are_there(row: str) -> None:
    named = re.findall(r"`(test_\w+)(…?)`", row.rstrip("| ").rpartition(" | ")[2])
    assert named, row
    for name, is_cut in named:
        assert name in TESTS or (is_cut and any(one.startswith(name) for one in TESTS)), name


@pytest.mark.parametrize("attack", DEMANDED)
def test_every_attack_that_was_demanded_is_in_the_table(attack: str) -> None:
    assert [row for row in ROWS if attack.lower() in row.lower()]


def test_every_door_to_the_outside_has_its_rows() -> None:
    table = PAGE.partition("## Channels and messages")[2].partition("\n## ")[0]
    doors = {line.strip("| ").partition(" | ")[0] for line in table.splitlines() if line.startswith("| ")}
    assert doors - {"door"} >= {
        "callbacks", "media", "OAuth in WeChat", "OAuth in Alipay", "OAuth in WeCom and government WeChat", "codes with a scene",
        "links in messages", "unsubscribing, and why a message came", "sessions of the phone and H5", "the workbench's browser",
        "waiting-room places", "web push", "e-mail", "text messages", "calls to platforms", "webhooks",
    }  # fmt: skip
