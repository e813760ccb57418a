"""What every shape on the wire shares: closed, frozen, money as fen that JavaScript can hold exactly."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LARGEST_FEN = 2**53 - 1
"""Largest amount on the wire, fen (about 90 trillion yuan): beyond it JavaScript numbers are not exact, so it is refused."""

Fen = Annotated[int, Field(ge=-LARGEST_FEN, le=LARGEST_FEN, strict=True, description="money, fen 分")]
FenNotNegative = Annotated[int, Field(ge=0, le=LARGEST_FEN, strict=True, description="money, fen 分")]

Place = Annotated[
    str,
    Field(
        pattern=r"^/[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)+(\?[A-Za-z0-9_.=&%~-]*)?$",
        max_length=400,
        description="a page of the app with its query; never an address of somebody else",
    ),
]


class Wire(BaseModel):
    """A shape on the wire: unknown members are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Wire):
    """The body of every refusal."""

    code: str
    text: str
    hint: str
    fields: dict[str, object] = Field(default_factory=dict)
    trace_id: str
