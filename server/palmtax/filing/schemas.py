"""Filing on the wire: what is due, drafts with origins, explanations, returns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Fen, FenNotNegative, Wire

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


class Obligation(Wire):
    """One return that is owed, with its last day and where it stands."""

    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: str
    period_label: str
    period_label_en: str
    opens_on: date
    due_on: date
    days_left: int = Field(description="negative when overdue")
    rolled_days: int = Field(description="days the deadline moved because of holidays; 0 if none")
    roll_reason: str
    roll_reason_en: str
    state: Literal["not_open", "open", "draft", "overdue", "unpaid", "paid", "done"]
    estimate_fen: Fen | None = Field(description="what it will cost as things stand, fen")
    late_fee_fen: FenNotNegative
    draft_id: UUID | None
    return_id: UUID | None
    order_id: UUID | None


class HomeOut(Wire):
    """The home screen: the one thing due, what waits, and when the next is."""

    as_of: date
    first: Obligation | None
    waiting: list[Obligation]
    next_quiet: Obligation | None = Field(description="the next one when nothing is due now")


class Origin(Wire):
    """Where a value came from."""

    kind: Literal["invoices", "registry", "last_return", "person", "rule"]
    count: int | None = None
    text: str
    text_en: str


class DraftField(Wire):
    """One field of a return: everyday label, term, value, origin; a correction keeps the original beside it."""

    code: str
    group: Literal["sales", "relief", "tax", "surcharges"]
    label: str
    label_en: str
    term: str
    term_en: str
    value_fen: Fen
    prefilled_fen: Fen
    origin: Origin
    may_edit: bool
    is_corrected: bool
    reason: str | None
    invoice_query: str | None = Field(description="query string for /api/invoice/invoices behind this value")


class ResultOut(Wire):
    """The outcome on top of the return."""

    payable_fen: Fen = Field(description="VAT and surcharges, without late fee")
    vat_fen: Fen
    surcharges_fen: Fen
    saved_fen: FenNotNegative
    saved_by: str
    saved_by_en: str
    late_days: int
    late_fee_fen: FenNotNegative
    due_now_fen: Fen = Field(description="payable plus late fee, less what was already paid for an amended return")
    is_exempt: bool
    is_zero: bool


class FieldProblem(Wire):
    """Something to look at before submitting; `is_blocking` ones must be put right."""

    field: str | None
    is_blocking: bool
    code: str
    text: str
    text_en: str
    hint: str
    hint_en: str


class DraftOut(Wire):
    """A draft that any channel can go on with; `version` guards against two phones."""

    draft_id: UUID
    version: int
    kind: Literal["original", "amendment"]
    amends_return_id: UUID | None
    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: str
    period_label: str
    period_label_en: str
    due_on: date
    started_channel: str
    last_channel: str
    updated_at: datetime
    fields: list[DraftField]
    result: ResultOut
    problems: list[FieldProblem]


class DraftStart(Wire):
    """Begin (or find) the draft of one tax and period."""

    tax_type_code: Literal["vat_small_scale"]
    period: str = Field(pattern=r"^\d{4}(Q[1-4]|-\d{2})$")


class Correction(Wire):
    """A corrected value with its reason; `value_fen` null takes the prefilled one back."""

    field: str = Field(max_length=60, pattern=_PRINTABLE)
    value_fen: Fen | None
    reason: str | None = Field(default=None, max_length=200, pattern=_PRINTABLE)


class DraftChange(Wire):
    """Corrections on top of the version the person saw."""

    version: int = Field(ge=1, le=2**31 - 1)
    corrections: list[Correction] = Field(min_length=1, max_length=50)


class Citation(Wire):
    """The article behind a line or a number."""

    title: str
    article: str
    paraphrase: str
    source: str
    confidence: Literal["law", "secondary", "own", "uncertain"]


class ExplainedLineOut(Wire):
    """One line of the receipt: what, how with the real numbers, result, law."""

    code: str
    label: str
    label_en: str
    formula: str
    formula_en: str
    value: int
    unit: Literal["fen", "yes_no", "days", "count"]
    is_output: bool
    citations: list[Citation]


class ExplanationOut(Wire):
    """Why this much: every line in order."""

    rule_version: str
    law_on: date
    lines: list[ExplainedLineOut]


class SubmitIn(Wire):
    """Submit what the person saw: another version or another amount is refused."""

    draft_id: UUID
    version: int = Field(ge=1, le=2**31 - 1)
    confirmed_due_now_fen: Fen


class VoidIn(Wire):
    """Why the return is void."""

    reason: str = Field(min_length=2, max_length=200, pattern=_PRINTABLE)


class ChargeOut(Wire):
    """One tax or fee that a return made payable."""

    tax_type_code: str
    tax_name: str
    tax_name_en: str
    amount_fen: Fen
    late_fee_fen: FenNotNegative


class ReturnOut(Wire):
    """An accepted return and its place in the history of its period."""

    return_id: UUID
    return_no: str
    kind: Literal["original", "amendment"]
    state: Literal["accepted", "superseded", "void"]
    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: str
    period_label: str
    period_label_en: str
    filed_at: datetime
    filed_channel: str
    filed_by_name_masked: str
    due_on: date
    fields: list[DraftField]
    result: ResultOut
    charges: list[ChargeOut]
    amends_return_id: UUID | None
    superseded_by_return_id: UUID | None
    void_reason: str | None
    payment_state: Literal["nothing_due", "unpaid", "paying", "paid", "refund_due"]
    order_id: UUID | None
    may_amend: bool
    may_void: bool


class ReturnPage(Wire):
    """A page of returns, newest first."""

    returns: list[ReturnOut]
    next_cursor: str | None


class CalendarDay(Wire):
    """One deadline of the official calendar."""

    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: str
    due_on: date
    rolled_days: int
    reason: str
    reason_en: str
    is_official: bool


class AffectedItem(Wire):
    """A draft, or a return that counts, whose period ends in the days asked about; drafts have no result yet."""

    kind: Literal["draft", "return"]
    id: UUID
    taxpayer_name: str
    taxpayer_masked_no: str
    period: str
    payable_fen: Fen | None
    version: str | None = Field(description="the version of the law a return was assessed with")
    submitted_at: datetime | None


class AffectedOut(Wire):
    """What a change of the law would touch; `is_complete` false means that the counts are at least so many."""

    drafts: int
    returns: int
    paid: int = Field(description="returns that asked for money and have all of it")
    is_complete: bool
    items: list[AffectedItem]
    next_cursor: str | None
