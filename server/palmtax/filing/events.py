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


@dataclass(frozen=True, slots=True)
class Declared:
    """An application filed what a law gave; fen, negative when money is to come back."""

    name: ClassVar[str] = "filing.declared"
    taxpayer_id: int
    declaration_id: UUID
    declaration_no: str
    law: str
    period: str
    payable_fen: int


@dataclass(frozen=True, slots=True)
class DeclarationCorrected:
    """A declaration was replaced; `difference_fen` is what the newer one adds to (or takes from) what was charged."""

    name: ClassVar[str] = "filing.declaration_corrected"
    taxpayer_id: int
    declaration_id: UUID
    declaration_no: str
    amends_declaration_id: UUID
    obligation_id: UUID
    difference_fen: int


@dataclass(frozen=True, slots=True)
class DeclarationVoided:
    """An unpaid declaration was taken back; its charge is negated."""

    name: ClassVar[str] = "filing.declaration_voided"
    taxpayer_id: int
    declaration_id: UUID
    obligation_id: UUID
    law: str
    period: str
