"""Port to a virus scanner: what is uploaded is looked at before an officer opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner said: clean, infected (with the name), or not looked at because none is set up or it is away."""

    verdict: Literal["clean", "infected", "unscanned"]
    name: str = ""


class Scanner(Protocol):
    """Looks at one file. Never called while a database connection is held."""

    async def scan(self, content: bytes) -> Scan:
        """The verdict; a scanner that is away gives `unscanned`, it never keeps a person from filing in time."""
        ...
