"""What a draft comes to today: fields with their origin, the law's result, what is due now, what to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from palmtax import payment, rules
from palmtax.base.money import show_yuan
from palmtax.base.period import Period
from palmtax.base.rate import Rate
from palmtax.filing import errors
from palmtax.filing.model import problems as say
from palmtax.filing.model.fields import (
    ASKED,
    COMPUTED,
    LAW,
    TAX,
    TAX_OF_OUTPUT,
    AskedField,
    ComputedField,
    Prefill,
    invoice_query,
    is_known,
    prefills,
)
from palmtax.filing.model.history import History
from palmtax.filing.model.obligations import window
from palmtax.filing.model.returns import Draft
from palmtax.filing.schemas import DraftField, FieldProblem, Origin, ResultOut
from palmtax.invoice import InvoiceSum, MonthSum, folded
from palmtax.plumbing.wire import LARGEST_FEN
from palmtax.registry import Taxpayer

Corrections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Working:
    """A draft worked out; `taxes` are whole amounts per tax, `charges` what it adds to what was charged before, fen."""

    period: Period
    due: rules.DueDate
    fields: list[DraftField]
    facts: dict[str, int | bool | str]
    assessment: rules.Assessment
    taxes: dict[str, int]
    charges: dict[str, int]
    result: ResultOut
    problems: list[FieldProblem]


def work_out(
    *,
    taxpayer: Taxpayer,
    period: Period,
    months: Sequence[MonthSum],
    corrections: Corrections,
    today: date,
    charged_before: Mapping[str, int] | None = None,
    standing: payment.Standing | None = None,
) -> Working:
    """Apply the law of the period's last day to the pool, the registry and the person's corrections.

    `charged_before` and `standing` are those of the return that is being amended. AmountTooLarge, rules' refusals.
    """
    sums = folded(list(months), period.first_day, period.last_day)
    prefilled = prefills(sums)
    asked = [_asked_field(field, prefilled[field.code], corrections.get(field.code), period) for field in ASKED]
    facts: dict[str, int | bool | str] = {field.code: field.value_fen for field in asked}
    facts |= {
        "is_quarterly": period.kind == "quarter",
        "place_kind": taxpayer.place_kind,
        "is_half_relief": taxpayer.is_half_relief,
    }
    assessment = rules.assess(LAW, on=period.last_day, facts=facts)
    taxes = {tax: int(assessment.outputs[output]) for output, tax in TAX_OF_OUTPUT.items()}
    before = charged_before or {}
    charges = {tax: amount - before.get(tax, 0) for tax, amount in taxes.items()}
    due = rules.due_on(TAX, period)
    late_days, late_fee_fen, due_now_fen = due_now(charges, standing, due.on, today)
    return Working(
        period=period,
        due=due,
        fields=_in_groups(asked + [_computed_field(field, assessment) for field in COMPUTED]),
        facts=facts,
        assessment=assessment,
        taxes=taxes,
        charges=charges,
        result=_result(assessment, late_days, late_fee_fen, due_now_fen),
        problems=_problems(taxpayer, period, months, sums, asked, corrections, assessment, today),
    )


def exact(value: int) -> int:
    """The amount, when the wire can carry it exactly; AmountTooLarge otherwise."""
    if abs(value) > LARGEST_FEN:
        raise errors.AmountTooLarge()
    return value


def _origin(field: AskedField, prefill: Prefill, is_corrected: bool) -> Origin:
    if is_corrected:
        return Origin(kind="person", text="本人填写", text_en="Entered by you")
    if field.takes is None:
        return Origin(kind="rule", text="没有相关数据，按 0 计算", text_en="Nothing known, taken as 0")
    if prefill.count == 0:
        return Origin(kind="invoices", count=0, text="没有相关发票", text_en="No invoices")
    plural = "s" if prefill.count > 1 else ""
    return Origin(
        kind="invoices",
        count=prefill.count,
        text=f"发票 {prefill.count} 张",
        text_en=f"{prefill.count} invoice{plural}",
    )


def _asked_field(
    field: AskedField, prefill: Prefill, correction: Mapping[str, Any] | None, period: Period
) -> DraftField:
    prefilled_fen = exact(prefill.value_fen)
    return DraftField(
        code=field.code,
        group=field.group,
        label=field.label,
        label_en=field.label_en,
        term=field.term,
        term_en=field.term_en,
        value_fen=correction["value_fen"] if correction else prefilled_fen,
        prefilled_fen=prefilled_fen,
        origin=_origin(field, prefill, correction is not None),
        may_edit=True,
        is_corrected=correction is not None,
        reason=correction["reason"] if correction else None,
        invoice_query=invoice_query(field, period.code),
    )


def _computed_field(field: ComputedField, assessment: rules.Assessment) -> DraftField:
    value = exact(int(assessment.outputs[field.output]))
    return DraftField(
        code=field.code,
        group=field.group,
        label=field.label,
        label_en=field.label_en,
        term=field.term,
        term_en=field.term_en,
        value_fen=value,
        prefilled_fen=value,
        origin=Origin(kind="rule", text="按税法计算", text_en="Computed from the law"),
        may_edit=False,
        is_corrected=False,
        reason=None,
        invoice_query=None,
    )


def _in_groups(fields: list[DraftField]) -> list[DraftField]:
    order = ("sales", "relief", "tax", "surcharges")
    return sorted(fields, key=lambda field: order.index(field.group))


def due_now(
    charges: Mapping[str, int], standing: payment.Standing | None, due_on: date, today: date
) -> tuple[int, int, int]:
    """Days late, late fee and the sum to pay today, fen; a negative sum comes back as a refund.

    What an amendment lowers of one tax is set off against the others, in order of code, as the ledger does;
    the late fee is computed per tax (征管法 第三十二条).
    """
    open_by_tax = dict(charges)
    held = 0
    if standing is not None:
        for item in standing.items:
            open_by_tax[item.tax_type_code] = open_by_tax.get(item.tax_type_code, 0) + item.amount_fen
        held = standing.open_fen - sum(item.amount_fen for item in standing.items)
    total = sum(open_by_tax.values()) + held
    if total <= 0:
        return 0, 0, total
    credit = -sum(amount for amount in open_by_tax.values() if amount < 0) - held
    late_fee = 0
    for tax in sorted(open_by_tax):
        amount = max(open_by_tax[tax], 0)
        used = min(credit, amount)
        credit -= used
        late_fee += payment.late_fee_fen(amount - used, due_on, today) if amount > used else 0
    return max((today - due_on).days, 0), late_fee, total + late_fee


def _result(assessment: rules.Assessment, late_days: int, late_fee_fen: int, due_now_fen: int) -> ResultOut:
    out = assessment.outputs
    names = [
        words
        for output, words in (
            ("vat_small_scale.exempt_tax", ("未达起征点免征增值税", "VAT exemption below the threshold")),
            ("vat_small_scale.reduction_total", ("小规模纳税人减征", "reduced rate for small-scale taxpayers")),
            ("surcharges.surcharges_saved", ("附加税费减免", "relief of surcharges")),
        )
        if out[output]
    ]
    return ResultOut(
        payable_fen=exact(int(out["payable"])),
        vat_fen=exact(int(out["vat_payable"])),
        surcharges_fen=exact(int(out["surcharges_payable"])),
        saved_fen=exact(int(out["saved"])),
        saved_by="、".join(zh for zh, _ in names),
        saved_by_en=", ".join(en for _, en in names),
        late_days=late_days,
        late_fee_fen=exact(late_fee_fen),
        due_now_fen=exact(due_now_fen),
        is_exempt=bool(out["is_exempt"]),
        is_zero=bool(out["is_zero"]),
    )


def _problems(
    taxpayer: Taxpayer,
    period: Period,
    months: Sequence[MonthSum],
    sums: Sequence[InvoiceSum],
    asked: Sequence[DraftField],
    corrections: Corrections,
    assessment: rules.Assessment,
    today: date,
) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    if taxpayer.vat_kind != "small_scale":
        found.append(say.not_small_scale())
    if today <= period.last_day:
        opens_on = period.next().first_day.isoformat()
        found.append(say.not_open(period.label(), period.label("en"), opens_on))
    foreign = sorted({row.levy_rate for row in sums if not is_known(row)})
    if foreign:
        found.append(say.unsupported_rate("、".join(str(Rate(rate)) for rate in foreign)))
    unused = int(assessment.outputs["vat_small_scale.unused_negative_sales"])
    if unused > 0:
        negative = next((f for f in asked if f.value_fen < 0 and f.group == "sales"), asked[0])
        found.append(say.net_negative(show_yuan(unused), negative.code, negative.label, negative.label_en))
    found += _about_corrections(asked, corrections)
    found += _notices(period, months, sums, asked, assessment)
    return found


def _about_corrections(asked: Sequence[DraftField], corrections: Corrections) -> list[FieldProblem]:
    found = []
    for field in asked:
        if not field.is_corrected:
            continue
        if field.value_fen < field.prefilled_fen:
            found.append(say.below_invoices(field.code, show_yuan(field.prefilled_fen - field.value_fen)))
        before = corrections[field.code]["prefilled_fen"]
        if before != field.prefilled_fen:
            found.append(say.invoices_moved(field.code, show_yuan(before), show_yuan(field.prefilled_fen)))
    return found


def _small_scale_limit_fen(day: date) -> int | None:
    """What a small-scale taxpayer may sell in twelve months; none on days that the law library does not hold."""
    try:
        limit = rules.parameter("vat_registration.small_scale_limit").on(day).value
    except rules.ParameterNotInForce:
        return None
    return limit if isinstance(limit, int) else None


def _notices(
    period: Period,
    months: Sequence[MonthSum],
    sums: Sequence[InvoiceSum],
    asked: Sequence[DraftField],
    assessment: rules.Assessment,
) -> list[FieldProblem]:
    found = []
    year = folded(list(months), *window(period))
    corrected = sum(field.value_fen - field.prefilled_fen for field in asked if field.group == "sales")
    total = sum(row.amount_fen for row in year) + corrected
    limit = _small_scale_limit_fen(period.last_day)
    if limit is not None and total > limit:
        found.append(say.over_limit(show_yuan(total), show_yuan(limit)))
    free = sum(
        row.amount_fen for row in sums if row.levy_rate == "0" and row.kind == "ordinary" and not row.is_real_estate
    )
    if free > 0 and not assessment.outputs["is_exempt"]:
        found.append(say.exempt_invoices_taxed(show_yuan(free)))
    found += [
        say.real_estate_as_rent(show_yuan(field.prefilled_fen), field.code)
        for field in asked
        if field.code in ("real_estate_rent", "real_estate_special_rent")
        if field.prefilled_fen and not field.is_corrected
    ]
    if assessment.outputs["vat_small_scale.is_real_estate_test_uncertain"]:
        found.append(say.threshold_uncertain())
    return found


def overtaken(draft: Draft, history: History) -> FieldProblem | None:
    """Whether the place in the history that the draft wants is taken by something else."""
    if history.next_sequence <= draft.sequence:
        return None
    current = history.current
    return say.overtaken(current.return_no if current else None)
