"""What a process reads and builds once, done before the first visitor asks for it."""

from __future__ import annotations

from palmtax.matters.actions import browsing, searching


def warm_up() -> None:
    """Catalogue, themes, the answer with all of them, the search index. `CatalogueBroken` when a file cannot be read."""
    browsing.catalogue_bytes()
    searching.index()
