"""Saved views on the wire."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Wire

Word = Annotated[str, Field(max_length=40)]
Value = Annotated[str, Field(max_length=100)]


class SavedView(Wire):
    """An officer's saved filter and columns for the taxpayer table."""

    view_id: UUID
    name: str = Field(min_length=1, max_length=40)
    query: str = Field(max_length=100)
    filters: dict[str, str]
    columns: list[str]
    sort: str


class SavedViewIn(Wire):
    """A view to keep under a name."""

    name: str = Field(min_length=1, max_length=40)
    query: str = Field(default="", max_length=100)
    filters: dict[Word, Value] = Field(default_factory=dict, max_length=20)
    columns: list[Word] = Field(default_factory=list, max_length=20)
    sort: str = Field(default="name", max_length=40)
