"""The history of one tax and period: original, amendments, voids, in one numbered row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

EntryKind = Literal["original", "amendment", "void"]
ReturnState = Literal["accepted", "superseded", "void"]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act in the history; a void names in `amends_return_id` what it takes back. `taxes` are whole amounts, fen."""

    return_id: UUID
    return_no: str
    sequence: int
    kind: EntryKind
    amends_return_id: UUID | None
    obligation_id: UUID
    draft_id: UUID | None
    void_reason: str | None
    taxes: dict[str, int]


class History:
    """What is valid after all acts: a void uncovers what the voided return had replaced."""

    def __init__(self, entries: Sequence[HistoryEntry]) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.sequence)
        self._valid: list[HistoryEntry] = []
        self._voids: dict[UUID, HistoryEntry] = {}
        for entry in self.entries:
            if entry.kind == "void":
                if entry.amends_return_id is not None:
                    self._voids[entry.amends_return_id] = entry
                self._valid = [valid for valid in self._valid if valid.return_id != entry.amends_return_id]
            else:
                self._valid.append(entry)

    @property
    def current(self) -> HistoryEntry | None:
        """The return that counts now; none when nothing was filed or all was voided."""
        return self._valid[-1] if self._valid else None

    @property
    def next_sequence(self) -> int:
        """The number that the next act takes."""
        return self.entries[-1].sequence + 1 if self.entries else 1

    def of_draft(self, draft_id: UUID) -> HistoryEntry | None:
        """The return that a draft became."""
        return next((entry for entry in self.entries if entry.draft_id == draft_id), None)

    def chain(self, obligation_id: UUID) -> list[UUID]:
        """The original and its amendments, also voided ones."""
        return [e.return_id for e in self.entries if e.obligation_id == obligation_id and e.kind != "void"]

    def state_of(self, return_id: UUID) -> ReturnState:
        """Whether a return counts, was replaced, or was taken back."""
        if return_id in self._voids:
            return "void"
        return "accepted" if self.current is not None and self.current.return_id == return_id else "superseded"

    def superseded_by(self, return_id: UUID) -> UUID | None:
        """The valid return that replaced this one."""
        places = [place for place, entry in enumerate(self._valid) if entry.return_id == return_id]
        after = places[0] + 1 if places else len(self._valid)
        return self._valid[after].return_id if after < len(self._valid) else None

    def void_reason(self, return_id: UUID) -> str | None:
        """Why a return was voided."""
        return self._voids[return_id].void_reason if return_id in self._voids else None
