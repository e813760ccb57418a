"""The walk-through docs/how-to/add-a-matter.md, done: one file, and the matter is in every list, search and queue."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner
from docs.pages import boxes
from matters.make import Town, filled, make_offices, submitted

import house
from palmtax.entry.matters_command import matters_group
from palmtax.matters.actions import browsing, searching
from palmtax.matters.model import catalogue, checking, themes

PAGE = house.ROOT / "docs" / "how-to" / "add-a-matter.md"
[BOX] = [box for box in boxes(PAGE) if box.path]
MATTER = "XXBG-901"


def forget():
    """What a process remembers of the catalogue."""
    for kept in (
        catalogue.catalogue, catalogue.version, themes.themes, themes.version, browsing.catalogue_out,
        browsing.catalogue_bytes, searching.index,
    ):  # fmt: skip
        kept.cache_clear()


@pytest.fixture
def added(tmp_path, monkeypatch):
    """A copy of the catalogue with the page's file in it."""
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue.FOLDER, folder)
    (folder / BOX.path).write_text(BOX.text, "utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    for function in (catalogue.files, catalogue.read_file, catalogue.readable, checking.faults):
        defaults = tuple(
            folder if one == catalogue.FOLDER or "catalogue" in str(one) else one for one in function.__defaults__
        )
        monkeypatch.setattr(function, "__defaults__", defaults)
    forget()
    yield folder
    monkeypatch.undo()
    forget()


def checked(*arguments):
    return CliRunner().invoke(matters_group, ["check", *arguments])


def test_the_file_passes_the_check_as_it_stands(added):
    assert checked("XXBG").output.strip().endswith("0 处问题 / faults")


def test_a_slip_is_told_with_file_line_and_what_to_do(added):
    path = added / BOX.path
    path.write_text(BOX.text.replace("when: {same_as_registered", "when: {same_as_registred"), "utf-8")
    answer = checked("XXBG")
    told = PAGE.read_text("utf-8").split("```\ncatalogue/")[1].split("\n")[0]
    assert f"catalogue/{told}" in answer.output
    assert answer.exit_code == 1


async def test_it_appears_in_the_catalogue_and_the_search(added, client):
    shelf = (await client.get("/api/matters/catalogue")).json()
    assert MATTER in {m["code"] for g in shelf["groups"] for m in g["matters"]}
    found = (await client.get("/api/matters/search", params={"q": "送达地址"})).json()["hits"]
    assert found[0]["code"] == MATTER
    assert (await client.get(f"/api/matters/catalogue/{MATTER}")).json()["title"] == "文书送达地址确认"


async def test_its_examples_run_end_to_end(added, client, database, clock):
    async with database.transaction() as tx:
        await make_offices(tx, clock)
    town, matter = Town(client, database, clock), catalogue.find_matter(MATTER)
    for example in matter.examples:
        who = await town.person("small_scale", "legal_rep")
        sent = await submitted(who, await filled(town, who, matter, example))
        assert sent["state"] == "approved"
        assert sent["document"]["title"] == "送达地址确认书"


def test_the_skeleton_of_make_new_passes_the_check(added):
    import new

    (added / "xxbg" / "made.yaml").write_text(new.MATTER.format(code="XXBG-902", slug="made"), "utf-8")
    assert checked("XXBG").output.strip().endswith("0 处问题 / faults")
