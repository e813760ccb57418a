"""What matters may do to the register and read from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Value, effect, reads
from palmtax.plumbing.together import together
from palmtax.registry.actions import changes, records
from palmtax.registry.actions.taxpayers import taxpayer, taxpayer_of_part, taxpayer_part
from palmtax.registry.model import Record, Taxpayer
from palmtax.registry.store import records as store

_FIELDS = {
    "name": ("名称", "Name"),
    "address": ("地址", "Address"),
    "industry": ("行业", "Industry"),
    "vat_kind": ("增值税纳税人类型", "VAT registration"),
    "filing_period": ("纳税期限", "Filing period"),
    "status": ("登记状态", "Status"),
}
_WORDS = {
    "small_scale": ("小规模纳税人", "Small-scale"),
    "general": ("一般纳税人", "General"),
    "none": ("非增值税纳税人", "Not registered"),
    "month": ("按月", "Monthly"),
    "quarter": ("按季", "Quarterly"),
    "normal": ("正常", "Active"),
    "suspended": ("停业", "Suspended"),
    "closed": ("注销", "Closed"),
    "natural_person": ("自然人", "Natural person"),
    "individual_business": ("个体工商户", "Individual business"),
    "enterprise": ("单位", "Enterprise"),
}


@effect("registry.keep_record")
async def keep_record(tx: Tx, *, act: Act, kind: str, data: dict[str, Any] | None = None) -> Done:
    """Keep a dated record of this kind; without `data` it holds all answers. Errors: registry.record_kind_unknown."""
    given: Mapping[str, Any] = act.answers if data is None else data
    kept = await records.keep(tx, act=act, kind=kind, data=given)
    title = records.record_kind(kind)
    return Done(
        {"record_no": kept.record_no},
        (
            Line(title.title, title.title_en, kept.record_no),
            Line("生效日期", "Valid from", kept.valid_from.isoformat()),
        ),
    )


@effect("registry.end_record")
async def end_record(tx: Tx, *, act: Act, kind: str, record_no: str, reason: str = "") -> Done:
    """A record no longer counts from today. Errors: registry.record_kind_unknown, registry.record_unknown."""
    ended = await records.end(tx, act=act, kind=kind, record_no=record_no, reason=reason)
    until = ended.valid_until.isoformat() if ended.valid_until else ""
    return Done({"record_no": record_no, "ended_on": until}, (Line("终止日期", "Ended on", until),))


def _word(label: str, label_en: str, value: str) -> Line:
    """A line whose value is a word of the register, or text as it stands."""
    zh, en = _WORDS.get(value, (value, ""))
    return Line(label, label_en, zh, value_en=en)


async def _changed(tx: Tx, act: Act, asked: dict[str, str], valid_from: date | None = None) -> Done:
    await changes.change(tx, act=act, asked=asked, valid_from=valid_from)
    lines = tuple(_word(*_FIELDS[field], value) for field, value in asked.items())
    values: dict[str, str | int | bool] = dict(asked)
    if valid_from is not None:
        values["valid_from"] = valid_from.isoformat()
    return Done(values, lines)


@effect("registry.change_details")
async def change_details(
    tx: Tx, *, act: Act, name: str | None = None, address: str | None = None, industry: str | None = None
) -> Done:
    """Change what is given of name, address and industry, from today. Errors: registry.value_wrong."""
    given = {"name": name, "address": address, "industry": industry}
    return await _changed(tx, act, {field: value.strip() for field, value in given.items() if value})


@effect("registry.set_vat_kind")
async def set_vat_kind(tx: Tx, *, act: Act, vat_kind: str, valid_from: date) -> Done:
    """small_scale, general or none from a day on. Errors: registry.value_wrong."""
    return await _changed(tx, act, {"vat_kind": vat_kind}, valid_from)


@effect("registry.set_filing_period")
async def set_filing_period(tx: Tx, *, act: Act, filing_period: str, valid_from: date) -> Done:
    """Month or quarter from a day on. Errors: registry.value_wrong."""
    return await _changed(tx, act, {"filing_period": filing_period}, valid_from)


@effect("registry.set_status")
async def set_status(tx: Tx, *, act: Act, status: str) -> Done:
    """normal, suspended or closed from today. Errors: registry.value_wrong."""
    return await _changed(tx, act, {"status": status})


@effect("registry.choose_office")
async def choose_office(tx: Tx, *, act: Act, office_code: str) -> Done:
    """The office that a natural person deals with from now on. Errors: registry.office_unknown, registry.office_given."""
    await changes.choose_office(
        tx, actor=act.actor, clock=act.clock, taxpayer_id=act.taxpayer_id, office_code=office_code
    )
    found = await taxpayer(tx, act.taxpayer_id)
    return Done({"office_code": found.office_code}, (Line("主管税务机关", "Tax office", found.office_name),))


@effect("registry.show_details")
async def show_details(tx: Tx, *, act: Act) -> Done:
    """What the register holds of the taxpayer."""
    found = await taxpayer(tx, act.taxpayer_id)
    return Done({"name": found.name, "uscc": found.uscc or "", "status": found.status}, _details(found))


def _details(found: Taxpayer) -> tuple[Line, ...]:
    return (
        Line("名称", "Name", found.name),
        Line("统一社会信用代码", "Unified social credit code", found.uscc or "—"),
        _word("类型", "Kind", found.kind),
        _word("增值税纳税人类型", "VAT registration", found.vat_kind),
        _word("纳税期限", "Filing period", found.filing_period),
        Line("行业", "Industry", found.industry or "—"),
        Line("地址", "Address", found.address or "—"),
        Line("主管税务机关", "Tax office", found.office_name),
        Line("登记日期", "Registered on", found.registered_on.isoformat()),
        _word("登记状态", "Status", found.status),
    )


@effect("registry.show_records")
async def show_records(tx: Tx, *, act: Act, kind: str) -> Done:
    """The records of a kind that count today, newest first. Errors: registry.record_kind_unknown."""
    title = records.record_kind(kind)
    found = await records.records(tx, act.taxpayer_id, [kind], clock=act.clock)
    lines = [Line(title.title, title.title_en, f"{one.record_no} · {one.valid_from.isoformat()}") for one in found]
    return Done({"count": len(found)}, (Line("条数", "Records", len(found)), *lines))


NAMES = {
    "name": "text",
    "uscc": "uscc",
    "address": "address",
    "industry": "text",
    "office_name": "text",
    "office_code": "office",
    "kind": "choice",
    "vat_kind": "choice",
    "filing_period": "choice",
    "is_quarterly": "yes_no",
    "place_kind": "choice",
    "is_half_relief": "yes_no",
    "registered_on": "date",
    "status": "choice",
    "record": "*",
    "records": "*",
}


@reads("registry", names=NAMES)
async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Sequence[str]) -> dict[str, Value]:
    """Columns of the taxpayer, `record.<kind>[.<field>]` of the newest record, `records.<kind>` how many. One round trip."""
    del actor
    kinds = sorted({name.split(".")[1] for name in names if "." in name})
    rows, held = await together(tx, taxpayer_part(taxpayer_id), store.current_part(taxpayer_id, kinds, clock.today()))
    columns = taxpayer_of_part(rows)
    known = [store.record_of(row) for row in held]
    return {name: _value(name, columns, known) for name in names}


def _value(name: str, columns: Taxpayer, known: Sequence[Record]) -> Value:
    head, *more = name.split(".")
    if head == "is_quarterly":
        return columns.filing_period == "quarter"
    if not more:
        found: Value = getattr(columns, head)
        return found
    of_kind = [record for record in known if record.kind == more[0]]
    if head == "records":
        return len(of_kind)
    if not of_kind:
        return None
    return _told(of_kind[0].data.get(more[1])) if len(more) > 1 else of_kind[0].record_no


def _told(value: Any) -> Value:
    """A value as it was answered: days were written as text."""
    if isinstance(value, str) and len(value) == 10 and value[4:8:3] == "--":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    kept: Value = value
    return kept
