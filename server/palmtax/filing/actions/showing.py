"""Returns and explanations as people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from palmtax import identity, payment, rules
from palmtax.base.clock import Clock, china_day
from palmtax.base.period import Period
from palmtax.filing import errors
from palmtax.filing.actions.loading import Loaded, draft_out, pick_standing, readable_draft
from palmtax.filing.actions.submitting import line_of
from palmtax.filing.model.fields import LAW, TAX_OF_OUTPUT
from palmtax.filing.model.history import History, HistoryEntry
from palmtax.filing.model.returns import Return
from palmtax.filing.schemas import (
    ChargeOut,
    DraftField,
    DraftOut,
    ExplainedLineOut,
    ExplanationOut,
    ResultOut,
    ReturnOut,
)
from palmtax.filing.store import drafts, returns
from palmtax.filing.store.cursors import cursor_of, read_cursor
from palmtax.plumbing.database import Tx

PAGE = 20
PaymentState = Literal["nothing_due", "unpaid", "paying", "paid", "refund_due"]


async def readable_return(tx: Tx, *, taxpayer_id: int, return_id: UUID) -> Return:
    """The return when it is this taxpayer's; ReturnUnknown otherwise. One round trip."""
    filed = await returns.readable_return(tx, taxpayer_id, return_id)
    if filed is None:
        raise errors.ReturnUnknown()
    return filed


async def returns_of(
    tx: Tx, taxpayer_id: int, cursor: str | None = None, limit: int = PAGE, *, period: str | None = None
) -> tuple[list[Return], str | None]:
    """A page of returns, newest first, and the mark of the next. One round trip. Errors: filing.query_malformed."""
    if period is not None:
        try:
            Period.parse(period)
        except ValueError:
            raise errors.QueryMalformed(what=f"period={period}") from None
    found = await returns.page(tx, taxpayer_id, period, read_cursor(cursor) if cursor else None, limit)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], cursor_of(last.filed_at, last.return_id) if last else None


async def drafts_of(tx: Tx, taxpayer_id: int, *, clock: Clock) -> list[DraftOut]:
    """Open drafts, newest first, each field with its origin. Three round trips and two for each draft."""
    found = await drafts.open_drafts(tx, taxpayer_id)
    shown = []
    for draft in found:
        loaded = await readable_draft(tx, taxpayer_id=taxpayer_id, draft_id=draft.draft_id, clock=clock)
        shown.append(draft_out(loaded))
    return shown


async def return_out(tx: Tx, filed: Return, *, clock: Clock) -> ReturnOut:
    """One return on the wire. Two round trips."""
    return (await returns_out(tx, [filed], clock=clock))[0]


async def returns_out(tx: Tx, found: Sequence[Return], *, clock: Clock) -> list[ReturnOut]:
    """Returns of one taxpayer on the wire, with their payment as it stands today. Two round trips."""
    if not found:
        return []
    chains = {filed.return_id: filed.history.chain(filed.obligation_id) or [filed.return_id] for filed in found}
    wanted = sorted({number for chain in chains.values() for number in chain})
    standings = await payment.standing(tx, found[0].taxpayer_id, wanted, clock=clock)
    people = await identity.people(tx, sorted({filed.filed_by for filed in found}))
    return [
        shape(
            filed,
            _as_it_stands(filed, pick_standing(standings, chains[filed.return_id]), clock),
            _masked(people, filed.filed_by),
        )
        for filed in found
    ]


async def accepted_out(tx: Tx, filed: Return, loaded: Loaded | None, *, clock: Clock) -> ReturnOut:
    """The answer to a submitted return: no round trip for an original accepted just now, else two."""
    if loaded is None:
        return await return_out(tx, filed, clock=clock)
    entry = HistoryEntry(
        filed.return_id, filed.return_no, filed.sequence, filed.kind, filed.amends_return_id, filed.obligation_id,
        filed.draft_id, None, filed.taxes,
    )  # fmt: skip
    now = replace(filed, history=History([*filed.history.entries, entry]))
    if filed.kind == "amendment":
        return await return_out(tx, now, clock=clock)
    people = {filed.filed_by: loaded.person} if loaded.person else {}
    return shape(now, _untouched(loaded, clock), _masked(people, filed.filed_by))


def _masked(people: dict[int, identity.Person], person_id: int) -> str:
    person = people.get(person_id)
    return person.name_masked if person else "—"


@dataclass(frozen=True, slots=True)
class Paying:
    """Where the payment of a return stands, as it is shown; fen."""

    state: PaymentState
    order_id: UUID | None
    late_fees: Mapping[str, int]
    late_days: int
    due_now_fen: int


_SETTLED = Paying("nothing_due", None, {}, 0, 0)


def _untouched(loaded: Loaded, clock: Clock) -> Paying:
    """A return accepted just now: nothing is paid, ordered or refunded."""
    working = loaded.working
    late_fees = {
        tax: payment.late_fee_fen(amount, working.due.on, clock.today()) for tax, amount in working.charges.items()
    }
    state: PaymentState = "unpaid" if any(working.charges.values()) else "nothing_due"
    return Paying(state, None, late_fees, working.result.late_days, working.result.due_now_fen)


def _as_it_stands(filed: Return, standing: payment.Standing, clock: Clock) -> Paying:
    if filed.history.state_of(filed.return_id) != "accepted":
        return _SETTLED
    is_open = standing.open_fen > 0
    return Paying(
        state=standing.state,
        order_id=standing.order_id,
        late_fees={item.tax_type_code: item.late_fee_fen for item in standing.items},
        late_days=max((clock.today() - filed.due_on).days, 0) if is_open else 0,
        due_now_fen=standing.due_now_fen if is_open else min(standing.open_fen, 0) - standing.refunding_fen,
    )


def shape(filed: Return, paying: Paying, filed_by: str) -> ReturnOut:
    """A return and where its payment stands, on the wire."""
    period = Period.parse(filed.period)
    state = filed.history.state_of(filed.return_id)
    counts = state == "accepted"
    name, name_en = payment.tax_name(filed.tax_type_code)
    return ReturnOut(
        return_id=filed.return_id,
        return_no=filed.return_no,
        kind="amendment" if filed.amends_return_id else "original",
        state=state,
        tax_type_code=filed.tax_type_code,
        tax_name=name,
        tax_name_en=name_en,
        period=filed.period,
        period_label=period.label(),
        period_label_en=period.label("en"),
        filed_at=filed.filed_at,
        filed_channel=filed.filed_channel,
        filed_by_name_masked=filed_by,
        due_on=filed.due_on,
        fields=[DraftField.model_validate(field) for field in filed.fields],
        result=_result(filed, paying),
        charges=_charges(filed, paying),
        amends_return_id=filed.amends_return_id,
        superseded_by_return_id=filed.history.superseded_by(filed.return_id) if state == "superseded" else None,
        void_reason=filed.history.void_reason(filed.return_id),
        payment_state=paying.state,
        order_id=paying.order_id,
        may_amend=counts and paying.state != "paying",
        may_void=counts and paying.state in ("unpaid", "nothing_due"),
    )


def _result(filed: Return, paying: Paying) -> ResultOut:
    return ResultOut.model_validate(
        filed.result
        | {
            "late_days": paying.late_days,
            "late_fee_fen": sum(paying.late_fees.values()),
            "due_now_fen": paying.due_now_fen,
        }
    )


def _charges(filed: Return, paying: Paying) -> list[ChargeOut]:
    found = []
    for tax, amount in filed.charges.items():
        if amount:
            name, name_en = payment.tax_name(tax)
            late_fee_fen = paying.late_fees.get(tax, 0)
            found.append(
                ChargeOut(
                    tax_type_code=tax, tax_name=name, tax_name_en=name_en, amount_fen=amount, late_fee_fen=late_fee_fen
                )
            )
    return found


def explanation_of_return(filed: Return) -> ExplanationOut:
    """Why this much: the lines that were kept with the return; replayed from its facts where none came with it.

    Returns taken over from another register bring facts but no lines; the version then says which law replayed them.
    """
    version, lines = filed.rule_version, filed.lines
    if not lines:
        assessment = replayed(filed)
        version, lines = assessment.version, [line_of(line) for line in assessment.telling_lines]
    return ExplanationOut(
        rule_version=version,
        law_on=filed.law_on,
        lines=[ExplainedLineOut.model_validate(line) for line in lines],
    )


def replayed(filed: Return) -> rules.Assessment:
    """The return computed again as the law was known when it was filed: numbers agreed on later do not touch it.

    Days are as fine as the law's memory goes: of a number that became known on the very day of filing, the reading
    counts that comes to what was charged.
    """
    filed_on = china_day(filed.filed_at)
    tried: list[rules.Assessment] = []
    for known_on in (filed_on, filed_on - timedelta(days=1)):
        try:
            found = rules.assess(LAW, on=filed.law_on, facts=filed.facts, known_on=known_on)
        except rules.ParameterNotInForce:
            continue
        if {tax: int(found.outputs[output]) for output, tax in TAX_OF_OUTPUT.items()} == filed.taxes:
            return found
        tried.append(found)
    return tried[0] if tried else rules.assess(LAW, on=filed.law_on, facts=filed.facts)


def explanation_of_draft(loaded: Loaded) -> ExplanationOut:
    """Why this much, as things stand today."""
    assessment = loaded.working.assessment
    return ExplanationOut(
        rule_version=assessment.version,
        law_on=loaded.working.period.last_day,
        lines=[ExplainedLineOut.model_validate(line_of(line)) for line in assessment.telling_lines],
    )
