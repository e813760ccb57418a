"""The walk-through docs/how-to/add-a-channel.md, done: two files, and the channel passes, comes into force, is switched on."""

from __future__ import annotations

import re
import shutil

import pytest
from channels.make import channels
from click.testing import CliRunner
from complaints.make import KEYS
from docs.pages import boxes
from messaging.make import make_actor

import house
from palmtax import channels as door
from palmtax.channels.actions.knowing import read_known
from palmtax.channels.model.reading import FOLDER, texts_in
from palmtax.channels.model.routing import Asked, route
from palmtax.entry.channel_command import channel as command

PAGE = house.ROOT / "docs" / "how-to" / "add-a-channel.md"
FILES = [box for box in boxes(PAGE) if box.path]
NAME = "wechat_oa_haiting"


@pytest.fixture
def added(tmp_path):
    """The channels of the house, and the two files of the page."""
    folder = tmp_path / "channels"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "captures"))
    (folder / NAME).mkdir()
    for box in FILES:
        (folder / box.path).write_text(box.text, "utf-8")
    return folder


def run(*arguments):
    return CliRunner().invoke(command, [*arguments])


def test_the_page_writes_two_files():
    assert [box.path for box in FILES] == [f"{NAME}/channel.yaml", f"{NAME}/codes.yaml"]
    assert NAME not in channels()


def test_the_channel_passes_the_kit(added):
    done = run("check", NAME, "--folder", str(added))
    assert (done.exit_code, "不通过 0" in done.output) == (0, True), done.output


def test_a_fault_is_told_as_the_page_says(added):
    file = added / NAME / "channel.yaml"
    file.write_text(file.read_text().replace("way: wechat", "way: pigeon"))
    told = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"{NAME}/channel.yaml:4:"))
    assert told in run("check", NAME, "--folder", str(added)).output


async def test_it_comes_into_force_and_carries_its_city_once_two_officers_agree(added, tx, clock):
    await door.reload(tx, clock=clock, folder=texts_in(added))
    asked = Asked("wechat", 1, "14405010000", "any", "", frozenset({"wechat_oa"}), "s")

    async def first():
        known = await read_known(tx)
        return route(known.channels.values(), known.standings, asked, clock.now()).channels[0].name

    assert await first() == "wechat_oa"
    for person in (KEYS, KEYS + 1):
        keeper = make_actor(person, office_code="14403000000")
        await door.switch(tx, actor=keeper, clock=clock, channel=NAME, part="", is_on=True, reason="海汀上线")
    assert await first() == NAME


def test_every_key_of_the_page_is_explained_in_the_manifest():
    text = (house.PACKAGE / "channels" / "model" / "manifest.py").read_text("utf-8")
    keys = re.findall(r"^([a-z_]+):", FILES[0].text, re.MULTILINE)
    assert [key for key in keys if f"    {key}: " not in text] == []
