"""News of filing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReturnSubmitted:
    """A return was accepted; amounts in fen."""

    name: ClassVar[str] = "filing.return_submitted"
    taxpayer_id: int
    return_id: UUID
    return_no: str
    tax_type_code: str
    period: str
    payable_fen: int


@dataclass(frozen=True, slots=True)
class ReturnAmended:
    """An accepted return was replaced; `difference_fen` is what the newer one adds to (or takes from) the payable."""

    name: ClassVar[str] = "filing.return_amended"
    taxpayer_id: int
    return_id: UUID
    return_no: str
    amends_return_id: UUID
    obligation_id: UUID
    tax_type_code: str
    period: str
    payable_fen: int
    difference_fen: int


@dataclass(frozen=True, slots=True)
class ReturnVoided:
    """An unpaid return was taken back; its charges are negated."""

    name: ClassVar[str] = "filing.return_voided"
    taxpayer_id: int
    return_id: UUID
    tax_type_code: str
    period: str
