"""One who has read one domain can read all: the same few files, a door that says what it is for."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

import house

FILES = {
    "__init__.py",
    "model.py",
    "tables.py",
    "store.py",
    "actions.py",
    "events.py",
    "listeners.py",
    "tasks.py",
    "http.py",
    "schemas.py",
    "errors.py",
}
SPLIT = {name.removesuffix(".py") for name in FILES} - {"__init__"}
DATA = {"templates", "catalogue", "themes", "adapters", "law", "kinds", "fonts"}
MORE = {
    # folder: file → why it is not one of the eleven
    "evidence": {"tree.py": "the Merkle tree is a value of its own: pure, and read by the offline verifier too"},
    "certificates": {"paper": "draws the PDF: pure, no action, and nothing outside that an adapter would speak to"},
}


@pytest.mark.parametrize("domain", house.domains())
def test_a_domain_holds_only_the_known_files(domain):
    strange = []
    for path in (house.PACKAGE / domain).iterdir():
        if path.name == "__pycache__":
            continue
        known = path.name in DATA | SPLIT if path.is_dir() else path.name in FILES
        if not known and path.name not in MORE.get(domain, {}):
            strange.append(path.name)
    assert strange == [], "see docs/where.md: eleven file names, or a folder of one of those names"


@pytest.mark.parametrize("domain", house.domains())
def test_a_part_is_a_file_or_a_folder_never_both(domain):
    both = [
        name
        for name in SPLIT
        if (house.PACKAGE / domain / name).is_dir() and (house.PACKAGE / domain / f"{name}.py").exists()
    ]
    assert both == []


@pytest.mark.parametrize("domain", [name for name in house.domains() if name in MORE])
def test_an_extra_file_is_still_there(domain):
    assert [name for name in MORE[domain] if not (house.PACKAGE / domain / name).exists()] == []


@pytest.mark.parametrize("folder", house.folders())
def test_a_door_says_what_it_is_for_and_what_not(folder):
    text = ast.get_docstring(house.tree(house.PACKAGE / folder / "__init__.py")) or ""
    assert len(text) > 40
    assert re.search(r"\b(not?|nothing|nobody)\b", text, re.IGNORECASE), "a door also says what is not behind it"


@pytest.mark.parametrize("domain", house.domains())
def test_a_door_lists_what_it_offers(domain):
    door = importlib.import_module(f"palmtax.{domain}")
    assert list(door.__all__) == sorted(
        set(door.__all__), key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    assert [name for name in door.__all__ if not hasattr(door, name)] == []


@pytest.mark.parametrize("path", list(house.sources()), ids=lambda p: str(p.relative_to(house.PACKAGE)))
def test_every_module_starts_with_a_sentence(path):
    if path.stat().st_size == 0:
        pytest.skip("an empty package marker")
    assert ast.get_docstring(house.tree(path)), f"{path.name} has no first sentence"
