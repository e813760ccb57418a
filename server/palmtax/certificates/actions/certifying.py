"""What a certificate of a kind says: true statements from the ledgers and the register, or a refusal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from palmtax import filing, payment, registry
from palmtax.base.money import show_yuan
from palmtax.base.period import Period
from palmtax.certificates.errors import KindUnknown, NothingToCertify, Owes
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Line


@dataclass(frozen=True, slots=True)
class Span:
    """The days a certificate speaks of."""

    first_day: date
    last_day: date

    @property
    def line(self) -> Line:
        """How it is written."""
        return Line("证明期间", "Period certified", f"{self.first_day.isoformat()} 至 {self.last_day.isoformat()}")

    def holds(self, period: str) -> bool:
        """Whether a tax period lies in it."""
        found = Period.parse(period)
        return found.first_day <= self.last_day and found.last_day >= self.first_day


def span_of(act: Act) -> Span:
    """The span the person asked for: days, months or a year among the answers; else this year up to today."""
    given, today = act.answers, act.clock.today()
    first, last = given.get("first_day"), given.get("last_day")
    if isinstance(first, date) and isinstance(last, date):
        return Span(first, last)
    first, last = given.get("first_month"), given.get("last_month")
    if isinstance(first, str) and isinstance(last, str):
        return Span(Period.parse(first).first_day, Period.parse(last).last_day)
    whole = given.get("year") or given.get("tax_year") or given.get("period")
    if whole:
        period = Period.parse(str(whole))
        return Span(period.first_day, period.last_day)
    return Span(date(today.year, 1, 1), today)


Told = tuple[dict[str, str | int | bool], tuple[Line, ...]]
Teller = Callable[[Tx, Act], Awaitable[Told]]


async def no_arrears(tx: Tx, act: Act) -> Told:
    """Nothing is owed today. Errors: certificates.owes."""
    owed = payment.owed_of(await payment.open_items(tx, act.taxpayer_id))
    if owed > 0:
        raise Owes(owed=show_yuan(owed))
    on = act.clock.today().isoformat()
    return {"owed_fen": 0, "as_of": on}, (
        Line("证明日期", "As of", on),
        Line("欠缴税费", "Taxes and fees owed", 0, "fen"),
    )


async def tax_paid(tx: Tx, act: Act) -> Told:
    """What was paid in the span, tax by tax, less what was given back; nothing paid is said as zero."""
    span = span_of(act)
    paid = await payment.paid_taxes(tx, act.taxpayer_id, span.first_day, span.last_day)
    lines = []
    for one in paid:
        name, name_en = payment.tax_name(one.tax_type_code)
        on = one.paid_on.isoformat()
        lines.append(Line(f"{name} {one.period}（{on}）", f"{name_en} {one.period}, paid {on}", one.amount_fen, "fen"))
    total = sum(one.amount_fen for one in paid)
    return {"paid_fen": total, "count": len(paid)}, (
        span.line,
        *lines,
        Line("实缴合计", "Paid in all", total, "fen"),
    )


async def _declared(tx: Tx, act: Act, lead: str) -> Told:
    """What was declared in the span under laws that begin with a word; nothing declared is said as zero."""
    span = span_of(act)
    every = await filing.declarations_of(tx, act.taxpayer_id, limit=500)
    found = [one for one in reversed(every) if one.law.startswith(lead) and span.holds(one.period)]
    lines = []
    for one in found:
        name, name_en = payment.tax_name(one.law)
        lines.append(Line(f"{name} {one.period}", f"{name_en} {one.period}", max(one.payable_fen, 0), "fen"))
    total = sum(max(one.payable_fen, 0) for one in found)
    return {"declared_fen": total, "count": len(found)}, (
        span.line,
        *lines,
        Line("申报记录", "Declarations on file", len(found), "条"),
        Line("申报应缴合计", "Declared in all", total, "fen"),
    )


async def income_record(tx: Tx, act: Act) -> Told:
    """Individual income tax declared in the span."""
    return await _declared(tx, act, "iit_")


async def insurance(tx: Tx, act: Act) -> Told:
    """Social insurance declared in the span."""
    return await _declared(tx, act, "social_insurance")


async def deed_tax(tx: Tx, act: Act) -> Told:
    """Deed tax declared in the span."""
    return await _declared(tx, act, "deed_tax")


async def vehicle_tax(tx: Tx, act: Act) -> Told:
    """Vehicle taxes declared in the span."""
    return await _declared(tx, act, "vehicle_")


async def registration(tx: Tx, act: Act) -> Told:
    """What is registered today."""
    found = await registry.taxpayer(tx, act.taxpayer_id)
    states = {"normal": "正常 Active", "suspended": "停业 Suspended", "closed": "注销 Closed"}
    return {"status": found.status}, (
        Line("纳税人名称", "Taxpayer", found.name),
        Line("统一社会信用代码", "Unified social credit code", found.uscc or "—"),
        Line("地址", "Address", found.address or "—"),
        Line("主管税务机关", "Tax office", found.office_name),
        Line("登记日期", "Registered on", found.registered_on.isoformat()),
        Line("登记状态", "Status", states[found.status]),
    )


KINDS: Mapping[str, Teller] = {
    "no_arrears": no_arrears,
    "tax_paid": tax_paid,
    "income_record": income_record,
    "insurance": insurance,
    "deed_tax": deed_tax,
    "vehicle_tax": vehicle_tax,
    "registration": registration,
}


async def tell(tx: Tx, act: Act, kind: str) -> Told:
    """What a certificate of this kind says; a kind of record of the register is certified by its newest record.

    Errors: certificates.owes, certificates.nothing_to_certify, certificates.kind_unknown.
    """
    if kind in KINDS:
        return await KINDS[kind](tx, act)
    known = registry.record_kinds().get(kind)
    if known is None:
        raise KindUnknown(kind=kind[:40])
    records = await registry.records(tx, act.taxpayer_id, [kind], clock=act.clock)
    if not records:
        raise NothingToCertify(title=known.title, title_en=known.title_en)
    newest = records[0]
    return {"record_no": newest.record_no}, (
        Line(known.title, known.title_en, newest.record_no),
        Line("生效日期", "Valid from", newest.valid_from.isoformat()),
    )
