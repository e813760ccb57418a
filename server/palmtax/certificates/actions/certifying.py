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
        return Line("证明期间", "Period certified", f"{self.first_day.isoformat()} – {self.last_day.isoformat()}")

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of it is asked for: one thing by its number (a contract, a vehicle), or kinds of income."""

    thing: str = ""
    kinds: tuple[str, ...] = ()

    def holds(self, one: filing.Declaration) -> bool:
        """Whether a declaration is of it."""
        bare = "".join(self.thing.split()).upper()
        laws = {law for kind in self.kinds for law in INCOME_LAWS.get(kind, ())}
        return bare in one.once_key and (not self.kinds or one.law in laws)


INCOME_LAWS: Mapping[str, tuple[str, ...]] = {
    "wage": ("iit_wage", "iit_bonus", "iit_year", "iit_annual"),
    "labour": ("iit_labour", "iit_annual"),
    "author": ("iit_labour", "iit_annual"),
    "classified": ("iit_classified", "iit_home_sale", "home_sale"),
    "business": ("iit_business",),
}
"""Under which laws each kind of income is declared; wages and fees of a year are settled together."""

ALL = Wanted()
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


async def _declared(tx: Tx, act: Act, lead: str, wanted: Wanted) -> Told:
    """What was declared in the span of taxes that begin with a word; nothing declared is said as zero.

    For one thing every year counts: a home is proved long after it was bought.
    """
    span = span_of(act)
    every = await filing.declarations_of(tx, act.taxpayer_id, limit=500)
    found = [
        (one, sum(fen for tax, fen in one.charges.items() if tax.startswith(lead)))
        for one in reversed(every)
        if (one.law.startswith(lead) or any(tax.startswith(lead) for tax in one.charges))
        and (wanted.thing or span.holds(one.period))
        and wanted.holds(one)
    ]
    lines = []
    for one, fen in found:
        name, name_en = payment.tax_name(one.law)
        lines.append(Line(f"{name} {one.period}", f"{name_en} {one.period}", fen, "fen"))
    total = sum(fen for _, fen in found)
    return {"declared_fen": total, "count": len(found)}, (
        *(() if wanted.thing else (span.line,)),
        *lines,
        Line("申报记录", "Declarations on file", len(found)),
        Line("申报应缴合计", "Declared in all", total, "fen"),
    )


async def registration(tx: Tx, act: Act) -> Told:
    """What is registered today."""
    found = await registry.taxpayer(tx, act.taxpayer_id)
    states = {"normal": ("正常", "Active"), "suspended": ("停业", "Suspended"), "closed": ("注销", "Closed")}
    zh, en = states[found.status]
    return {"status": found.status}, (
        Line("纳税人名称", "Taxpayer", found.name),
        Line("统一社会信用代码", "Unified social credit code", found.uscc or "—"),
        Line("地址", "Address", found.address or "—"),
        Line("主管税务机关", "Tax office", found.office_name),
        Line("登记日期", "Registered on", found.registered_on.isoformat()),
        Line("登记状态", "Status", zh, value_en=en),
    )


KINDS: Mapping[str, Teller] = {"no_arrears": no_arrears, "tax_paid": tax_paid, "registration": registration}
DECLARED: Mapping[str, str] = {
    "income_record": "iit_",
    "insurance": "social_insurance",
    "deed_tax": "deed_tax",
    "vehicle_tax": "vehicle_",
}
"""Kinds that tell what was declared, by how their taxes begin."""


async def tell(tx: Tx, act: Act, kind: str, wanted: Wanted = ALL) -> Told:
    """What a certificate of this kind says of what is wanted; a kind of record of the register is certified by its newest record.

    Errors: certificates.owes, certificates.nothing_to_certify, certificates.kind_unknown.
    """
    if kind in KINDS:
        return await KINDS[kind](tx, act)
    if kind in DECLARED:
        return await _declared(tx, act, DECLARED[kind], wanted)
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
