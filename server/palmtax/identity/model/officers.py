"""An officer as colleagues see them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Officer:
    """A person with a hat in a tax office today; of several hats the one with most scopes."""

    person_id: int
    name_masked: str
    role_code: str
    office_code: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether the hat carries this scope."""
        return scope in self.scopes
