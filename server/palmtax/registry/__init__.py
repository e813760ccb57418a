"""Taxpayers: registration, status, what they owe by kind; and the tax offices that look after them.

Words: taxpayer 纳税人, office 税务机关, USCC 统一社会信用代码. Not people and their rights (identity), not money
(payment).
"""

from palmtax.registry.actions import (
    load_offices,
    load_taxpayers,
    office_name,
    search,
    taxpayer,
    taxpayer_of_part,
    taxpayer_of_uscc,
    taxpayer_part,
    taxpayers,
)
from palmtax.registry.errors import CursorWrong, TaxpayerUnknown
from palmtax.registry.model import Office, Taxpayer, covers
from palmtax.registry.schemas import TaxpayerOut, taxpayer_out

__all__ = [
    "CursorWrong",
    "Office",
    "Taxpayer",
    "TaxpayerOut",
    "TaxpayerUnknown",
    "covers",
    "load_offices",
    "load_taxpayers",
    "office_name",
    "search",
    "taxpayer",
    "taxpayer_of_part",
    "taxpayer_of_uscc",
    "taxpayer_out",
    "taxpayer_part",
    "taxpayers",
]
