"""The law of a matter applied to its answers: results, lines, and the form in which a door files them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.base.period import Period
from palmtax.matters.model.matter import Matter
from palmtax.matters.model.problems import Problem, problem
from palmtax.plumbing.effects import Computed


def law_day(matter: Matter, given: Mapping[str, Any], today: date) -> date | None:
    """The day whose law counts: today, the day answered, the last day of the period or year answered; none when not yet known."""
    if matter.computes is None:
        return None
    if matter.computes.on == "today":
        return today
    ask, answer = matter.by_code[matter.computes.on], given.get(matter.computes.on)
    if answer is None:
        return None
    if ask.type == "date":
        return date.fromisoformat(answer)
    return Period.parse(answer).last_day if ask.type == "period" else date(int(answer), 12, 31)


def facts(matter: Matter, given: Mapping[str, Any]) -> dict[str, object]:
    """The answers that are facts of the law, as `rules.assess` takes them."""
    if matter.computes is None:
        return {}
    known = {fact.code: fact for fact in rules.law(matter.computes.law).asked}
    found: dict[str, object] = {}
    for ask in matter.asks:
        value = given.get(ask.code)
        if not ask.fact or value is None:
            continue
        fact = known[ask.fact]
        found[ask.fact] = (
            fact.plain_value(value) if fact.unit in ("rate", "quantity", "day") and not fact.each else value
        )
    return found


def compute(matter: Matter, given: Mapping[str, Any], today: date) -> tuple[Computed | None, list[Problem]]:
    """What the law gives, or why it cannot yet; (none, []) for a matter that computes nothing."""
    on = law_day(matter, given, today)
    if matter.computes is None or on is None:
        return None, []
    try:
        asked = facts(matter, given)
        found = rules.assess(matter.computes.law, on=on, facts=asked)
    except rules.FactMissing:
        return None, []
    except rules.FactRefused as refused:
        return None, [_refused(matter, refused)]
    except (rules.ParameterNotInForce, rules.AmountTooLarge) as refused:
        (zh, _), (en, _) = refused.words("zh"), refused.words("en")
        return None, [Problem(matter.computes.on if matter.computes.on != "today" else matter.asks[0].code, zh, en)]
    lines = [_line(zh, en) for zh, en in zip(found.lines_in("zh"), found.lines_in("en"), strict=True)]
    plain = {code: _plain(value) for code, value in found.facts.items()}
    return (
        Computed(matter.computes.law, on, found.version, plain, dict(found.outputs), lines, matter.computes.show[0]),
        [],
    )


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _line(zh: rules.ExplainedLine, en: rules.ExplainedLine) -> dict[str, Any]:
    return {
        "code": zh.code,
        "label": zh.label,
        "label_en": zh.label_en,
        "formula": zh.formula,
        "formula_en": zh.formula_en,
        "value": zh.value,
        "unit": zh.unit,
        "citations": [asdict(one) for one in zh.citations],
        "citations_en": [asdict(one) for one in en.citations],
    }


def _refused(matter: Matter, refused: rules.FactRefused) -> Problem:
    code = str(refused.values.get("fact", ""))
    head = code if code in matter.by_code else code.rpartition("_")[0]
    zh, en = refused.words("zh")[0], refused.words("en")[0]
    ask = matter.by_code.get(head)
    return Problem(ask.code, zh, en) if ask else problem(head, "law", head, head, zh, en)
