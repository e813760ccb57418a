"""The questions of a law of `rules` as asks of a matter: labels, units, options and limits come from the law itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from palmtax import rules
from palmtax.matters.model.asks import Ask, Option
from palmtax.matters.model.faults import FileFault
from palmtax.matters.model.pieces import both, closed, conditions

_TYPES = {
    "fen": "amount",
    "count": "number",
    "days": "number",
    "quantity": "quantity",
    "rate": "rate",
    "day": "date",
    "choice": "choice",
    "yes_no": "yes_no",
}


_KEYS = {"law", "from", "section", "section_en", "leave_out", "as", "when"}


def law_asks(raw: Mapping[str, Any], known: Mapping[str, Ask]) -> tuple[Ask, ...]:
    """All facts of the law, in its order: where they may lie (`from`), in which `section`, which are not asked (`leave_out`).

    `as` gives a fact another code, where two laws of a matter ask for a fact of the same name; `when` is what all of
    them wait for.
    """
    closed(raw, _KEYS, "law")
    both(raw, "section")
    if raw["law"] not in rules.every_law():
        raise FileFault(("law",), f"没有规则 {raw['law']!r}", "见 rules/law 下的文件夹名")
    sources = raw.get("from") or {}
    facts = rules.law(raw["law"]).asked
    names = raw.get("as") or {}
    for key, some in (("from", sources), ("leave_out", raw.get("leave_out") or ()), ("as", names)):
        for name in some:
            if name not in {fact.code for fact in facts}:
                raise FileFault((key, name), f"规则没有 {name!r} 这一项", "见该规则的 facts.yaml")
    section = raw.get("section", "计算依据"), raw.get("section_en", "What the tax is computed from")
    kept = [fact for fact in facts if fact.code not in (raw.get("leave_out") or ())]
    when = conditions(raw.get("when"), known)
    asks = (_ask(raw["law"], fact, sources.get(fact.code, ""), section) for fact in kept)
    return tuple(replace(ask, code=names.get(ask.fact, ask.code), when=when) for ask in asks)


def _ask(law: str, fact: rules.Fact, source: str, section: tuple[str, str]) -> Ask:
    kind = _TYPES[fact.unit]
    number = kind in ("amount", "number", "quantity", "date")
    lowest, highest = (_limit(fact, end) if number else None for end in (fact.lo, fact.hi))
    help_zh = "。".join(x for x in (f"{fact.term}" if fact.term != fact.label else "", fact.help) if x)
    help_en = ". ".join(x for x in (fact.term_en if fact.term_en != fact.label_en else "", fact.help_en) if x)
    return Ask(
        code=fact.code, type="series" if fact.each else kind, label=fact.label, label_en=fact.label_en, help=help_zh,
        help_en=help_en, section=section[0], section_en=section[1], kinds=(kind,) if fact.each else (),
        options=tuple(Option(one.code, one.label, one.label_en) for one in fact.options) if kind == "choice" else (),
        lowest=lowest, highest=highest, unit=fact.measure, unit_en=fact.measure_en, source=source,
        is_optional=fact.default is not None, law=law, fact=fact.code, each=fact.each or "",
    )  # fmt: skip


def _limit(fact: rules.Fact, number: int) -> int | str:
    return number if fact.unit in ("fen", "count", "days") else fact.plain(number)
