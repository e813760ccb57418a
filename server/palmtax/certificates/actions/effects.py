"""What matters may do with certificates. The paper is the matter's document, with these lines on it."""

from __future__ import annotations

from palmtax.base.clock import china_day
from palmtax.certificates.actions import certifying
from palmtax.certificates.actions.certificates import certificates_of
from palmtax.certificates.actions.documents import documents_of
from palmtax.certificates.actions.verifying import verify as verdict_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect

_STATES = {
    "true": ("真实有效", "genuine"),
    "superseded": ("已失效或被替代", "no longer valid"),
    "unknown": ("查无此证", "not found"),
}


@effect("certificates.certify")
async def certify(tx: Tx, *, act: Act, kind: str) -> Done:
    """State what is true today: no_arrears, tax_paid, income_record, insurance, registration, or a kind of record.

    Errors: certificates.owes, certificates.nothing_to_certify, certificates.kind_unknown.
    """
    values, lines = await certifying.tell(tx, act, kind)
    return Done({**values, "kind": kind}, lines)


@effect("certificates.show")
async def show(tx: Tx, *, act: Act, kind: str, thing: str | None = None, kinds: list[str] | None = None) -> Done:
    """Show what a certificate of this kind would say, and the papers on file. Errors: as `certify`.

    `thing` is the number of what was taxed (a contract, a vehicle), `kinds` are kinds of income; days, months or the
    year are taken from the answers.
    """
    wanted = certifying.Wanted(thing or "", tuple(kinds or ()))
    values, lines = await certifying.tell(tx, act, kind, wanted)
    paid = await certificates_of(tx, act.taxpayer_id, limit=20) if kind == "tax_paid" else []
    papers = [one for one in await documents_of(tx, act.taxpayer_id, limit=20) if one.kind == "certificate"]
    more = [
        Line(f"完税证明 {china_day(one.issued_at).isoformat()}", "Tax payment certificate", one.certificate_no)
        for one in paid
    ]
    more += [
        Line(f"{one.title} {china_day(one.issued_at).isoformat()}", one.title_en, one.document_no) for one in papers
    ]
    return Done({**values, "kind": kind}, (*lines, *more))


@effect("certificates.verify")
async def verify(tx: Tx, *, act: Act, code: str) -> Done:
    """Whether a paper is true, superseded or unknown; nothing that is not on the paper."""
    del act
    found = await verdict_of(tx, code.strip())
    zh, en = _STATES[found.state]
    lines = [Line("查验结果", "Result", zh, value_en=en)]
    if found.certificate_no is not None:
        lines += [
            Line("名称", "Title", found.title or "税收完税证明"),
            Line("编号", "Number", found.certificate_no),
            Line("持有人", "Holder", found.taxpayer_name or "—"),
        ]
    if found.total_fen is not None:
        lines.append(Line("金额合计", "Total", found.total_fen, "fen"))
    if found.issued_at is not None:
        lines.append(Line("填发日期", "Issued on", china_day(found.issued_at).isoformat()))
    return Done({"state": found.state, "is_true": found.state == "true"}, tuple(lines))
