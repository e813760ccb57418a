"""Taxpayers: registration, status, what they owe by kind; and the tax offices that look after them.

Words: taxpayer 纳税人, office 税务机关, USCC 统一社会信用代码, record 登记信息 (what a matter left in the register: dated,
never overwritten), change 变更. Not people and their rights (identity), not money (payment).

A natural person is a taxpayer too: `natural_taxpayer_id(person_id)`, added by `ensure_natural_person`.
"""

from palmtax.base.actor import NATURAL_BASE
from palmtax.registry.actions import effects
from palmtax.registry.actions.changes import (
    changes_of,
    choose_office,
    ensure_natural_person,
    hold_taxpayer,
    office_of_region,
    top_office,
)
from palmtax.registry.actions.records import record_kind, records
from palmtax.registry.actions.taxpayers import (
    load_offices,
    load_taxpayers,
    office,
    office_name,
    office_name_of_part,
    office_names,
    office_part,
    offices,
    search,
    taxpayer,
    taxpayer_of_part,
    taxpayer_of_uscc,
    taxpayer_part,
    taxpayers,
)
from palmtax.registry.errors import CursorWrong, RecordKindUnknown, RecordUnknown, TaxpayerUnknown, ValueWrong
from palmtax.registry.model import (
    Change,
    Office,
    Record,
    RecordKind,
    Taxpayer,
    covers,
    natural_taxpayer_id,
    office_branch,
    record_kinds,
)
from palmtax.registry.schemas import TaxpayerOut, taxpayer_out

__all__ = [
    "NATURAL_BASE",
    "Change",
    "CursorWrong",
    "Office",
    "Record",
    "RecordKind",
    "RecordKindUnknown",
    "RecordUnknown",
    "Taxpayer",
    "TaxpayerOut",
    "TaxpayerUnknown",
    "ValueWrong",
    "changes_of",
    "choose_office",
    "covers",
    "effects",
    "ensure_natural_person",
    "hold_taxpayer",
    "load_offices",
    "load_taxpayers",
    "natural_taxpayer_id",
    "office",
    "office_branch",
    "office_name",
    "office_name_of_part",
    "office_names",
    "office_of_region",
    "office_part",
    "offices",
    "record_kind",
    "record_kinds",
    "records",
    "search",
    "taxpayer",
    "taxpayer_of_part",
    "taxpayer_of_uscc",
    "taxpayer_out",
    "taxpayer_part",
    "taxpayers",
    "top_office",
]
