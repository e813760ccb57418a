"""The laws that compute a matter, as its file names them: one after the other, a later one may take what an earlier gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax import rules
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.faults import FileFault
from palmtax.matters.model.matter import Computes
from palmtax.matters.model.pieces import closed, conditions, givens, sequence

_KEYS = {"law", "on", "show", "facts", "charge", "each", "where", "less"}
_KINDS = {"Amount": "amount", "YesNo": "yes_no", "Count": "number"}
"""Results that conditions and arguments can use, by what their formula says it gives."""


def read_computes(raw: Any, known: Mapping[str, Ask]) -> tuple[Computes, ...]:
    """One law, or a list of laws in the order in which they are applied."""
    if raw is None:
        return ()
    found: list[Computes] = []
    for place, one in enumerate(raw if isinstance(raw, list) else [raw]):
        try:
            found.append(_one(one, known, found))
        except FileFault as fault:
            raise fault.under(place) if isinstance(raw, list) else fault from fault
    return tuple(found)


def _one(raw: Any, known: Mapping[str, Ask], before: list[Computes]) -> Computes:
    one = closed(raw, _KEYS, "law", "on", "show")
    law, on, rows = one["law"], one["on"], str(one.get("each") or "")
    if law not in rules.every_law():
        raise FileFault(("law",), f"没有规则 {law!r}", "见 rules/law 下的文件夹名")
    if any(earlier.law == law for earlier in before):
        raise FileFault(("law",), f"{law} 写了两次", "每个规则只写一次")
    if on != "today" and on not in known:
        raise FileFault(("on",), f"on 引用了不存在的问题 {on!r}", "写日期、所属期或年度类问题的 code，或 today")
    if rows and (rows not in known or known[rows].type != "rows"):
        raise FileFault(("each",), f"{rows!r} 不是逐行填写的问题", "写 rows 类问题的 code")
    if not rows and (one.get("where") or one.get("less")):
        raise FileFault((), "where 和 less 只用于逐行计算", "写上 each，或去掉它们")
    columns = {column.code: column for column in known[rows].rows} if rows else {}
    facts = givens(one.get("facts"), "facts", {**known, **columns}, results(before))
    own = [ask for ask in known.values() if ask.law == law]
    if not own and not facts:
        raise FileFault(("law",), "computes 需要一项 “- law: …”，或写 facts", "在 asks 或 facts 里加上")
    less = str(one.get("less") or "")
    if less and (less not in columns or columns[less].type != "amount"):
        raise FileFault(("less",), f"{less!r} 不是 {rows} 里的金额列", "写已缴税额那一列的 code")
    try:
        where = conditions(one.get("where"), columns)
    except FileFault as fault:
        raise FileFault(("where", *fault.path[1:]), fault.what, fault.todo) from fault
    charge = closed(one.get("charge") or {}, set(map(str, one.get("charge") or {})), is_free=True)
    made = Computes(
        law, on, tuple(sequence(one["show"], "show")), facts, {str(tax): str(name) for tax, name in charge.items()},
        rows, where, less, own[0].when if own else (),
    )  # fmt: skip
    _check(made)
    return made


def _check(one: Computes) -> None:
    """Facts, results shown and results charged must be those of the law."""
    law = rules.law(one.law)
    asked = {fact.code for fact in law.asked}
    for name in one.facts:
        if name not in asked:
            raise FileFault(("facts", name), f"规则没有 {name!r} 这一项", f"可用 / one of: {', '.join(sorted(asked))}")
    for place, name in enumerate(one.show):
        if name not in law.outputs:
            raise FileFault(("show", place), f"规则没有结果 {name!r}", f"结果 / results: {', '.join(law.outputs)}")
    for tax, name in one.charge.items():
        if kind_of_result(one.law, name) != "amount":
            raise FileFault(
                ("charge", tax), f"{name!r} 不是规则算出的金额", f"结果 / results: {', '.join(law.outputs)}"
            )


def kind_of_result(law: str, name: str) -> str | None:
    """The type of a result: `amount`, `yes_no`, `number`; none for others and for names the law does not give.

    >>> kind_of_result("home_sale", "surcharges.urban_payable"), kind_of_result("surcharges", "is_education_exempt")
    ('amount', 'yes_no')
    """
    if name not in rules.law(law).outputs:
        return None
    inner, dot, bare = name.rpartition(".")
    formulas = rules.law(inner if dot else law).formulas.get(bare)
    return _KINDS.get(formulas[-1].function.__annotations__["return"]) if formulas else None


def results(laws: list[Computes] | tuple[Computes, ...]) -> dict[str, Ask]:
    """What may be named `computed.…`: bare where one law gives it, with the law's name always; as asks, for conditions."""
    every = [(one.law, name, kind) for one in laws for name in rules.law(one.law).outputs
             if (kind := kind_of_result(one.law, name))]  # fmt: skip
    bare = [name for _, name, _ in every]
    found = {}
    for law, name, kind in every:
        for code in (f"computed.{law}.{name}", *([f"computed.{name}"] if bare.count(name) == 1 else [])):
            found[code] = Ask(code=code, type=kind, label=name, label_en=name, is_optional=True)
    return found
