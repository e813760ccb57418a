"""Answers with where each came from; as they lie in the database and as the questions are asked of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from palmtax.matters.model import types
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.matter import Matter
from palmtax.matters.model.problems import COMPARED, Problem, problem

PERSON = "person"
SOURCES: dict[str, tuple[str, str]] = {
    PERSON: ("本人填写", "You answered"),
    "registry": ("登记信息", "Register"),
    "identity": ("实名信息", "Your account"),
    "invoice": ("发票", "Invoices"),
    "payment": ("缴款记录", "Payments"),
    "filing": ("申报记录", "Returns"),
    "certificates": ("已开证明", "Certificates"),
    "matters": ("上次办理", "Last time"),
    "shared": ("一件事共用", "From your theme"),
    "clock": ("今天", "Today"),
}
"""Where an answer can come from, as people read it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value as the wire carries it, its source (a domain, or the person), the channel and the instant."""

    value: Any
    source: str
    channel: str
    at: datetime

    def packed(self) -> dict[str, Any]:
        """As it lies in the database."""
        return {"v": self.value, "s": self.source, "c": self.channel, "t": self.at.isoformat()}


def unpacked(raw: Mapping[str, Any]) -> Answer:
    """The answer again."""
    return Answer(raw["v"], raw["s"], raw["c"], datetime.fromisoformat(raw["t"]))


Answers = dict[str, Answer]


def values(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """The bare values."""
    return {code: one.value for code, one in answers.items()}


def shown(matter: Matter, given: Mapping[str, Any]) -> list[Ask]:
    """The asks that these answers ask for, in order; an answer to a hidden ask shows nothing further."""
    kept: dict[str, Any] = {}
    found = []
    for ask in matter.asks:
        if ask.is_shown(kept):
            found.append(ask)
            if ask.code in given:
                kept[ask.code] = given[ask.code]
    return found


def current(matter: Matter, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count: those of asks that are shown."""
    return {ask.code: given[ask.code] for ask in shown(matter, given) if given.get(ask.code) is not None}


def problem_of(ask: Ask, value: Any, given: Mapping[str, Any], others: Mapping[str, Ask]) -> Problem | None:
    """What is wrong with one answer, alone and beside the others."""
    if value is None or value in ("", []):
        if ask.is_optional:
            return None
        pattern = {"choice": "choose", "choices": "choose", "yes_no": "choose", "agree": "agree"}.get(
            ask.type, "needed"
        )
        return problem(ask.code, pattern, ask.label, ask.label_en)
    if ask.type == "agree" and value is not True:
        return problem(ask.code, "agree", ask.label, ask.label_en)
    kept, wrong = types.read(ask, value)
    if wrong is not None:
        return wrong
    for check in ask.checks:
        if not check.holds(kept, given):
            return _compared(ask, check.sign, check.other, check.constant, given, others)
    return None


def _compared(
    ask: Ask, sign: str, other: str, constant: object, given: Mapping[str, Any], others: Mapping[str, Ask]
) -> Problem:
    if ask.say_wrong:
        return Problem(ask.code, ask.say_wrong, ask.say_wrong_en)
    zh, en = COMPARED[sign]
    if other:
        right = others[other]
        told = f"“{right.label}”（{types.show(right, given.get(other))}）"
        told_en = f"“{right.label_en}” ({types.show(right, given.get(other), 'en')})"
    else:
        told, told_en = f" {types.show(ask, constant)}", types.show(ask, constant, "en")
    return problem(ask.code, "compare", ask.label, ask.label_en, zh, told, en, told_en)


def problems(
    matter: Matter, given: Mapping[str, Any], papers: Mapping[str, int], on_file: Iterable[str]
) -> list[Problem]:
    """Everything that keeps these answers and papers (code → number of files) from being submitted."""
    known = current(matter, given)
    found = [
        wrong
        for ask in shown(matter, given)
        if (wrong := problem_of(ask, given.get(ask.code), known, matter.by_code)) is not None
    ]
    held = set(on_file)
    for paper in matter.papers:
        if not all(one.holds(known) for one in paper.when) or paper.is_optional or paper.code in held:
            continue
        if not papers.get(paper.code):
            found.append(problem(paper.code, "paper", paper.title, paper.title_en))
    return found


def accepted(
    matter: Matter, before: Answers, changes: Mapping[str, Any], *, channel: str, at: datetime
) -> tuple[Answers, list[Problem]]:
    """The answers with a person's changes. What is malformed is refused and told; what is merely incomplete is kept.

    None takes an answer away. A locked ask keeps what its source said; an ask that is not shown may be answered ahead of
    the answer that shows it, so that channels can send in any order.
    """
    after, wrong = dict(before), []
    for code, raw in changes.items():
        ask = matter.by_code.get(code)
        if ask is None:
            wrong.append(problem(code, "unknown", code[:40], code[:40]))
        elif ask.is_locked and code in before and before[code].source != PERSON:
            if raw != before[code].value:
                wrong.append(problem(code, "locked", ask.label, ask.label_en))
        elif raw is None or raw == "":
            after.pop(code, None)
        else:
            value, bad = types.read(ask, raw)
            if bad is not None:
                wrong.append(bad)
            elif code not in before or before[code].value != value:
                after[code] = Answer(value, PERSON, channel, at)
    return after, wrong


def for_door(matter: Matter, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count, as door actions get them."""
    return {code: types.for_door(matter.by_code[code], value) for code, value in current(matter, given).items()}


def from_source(ask: Ask, value: object) -> Any:
    """What a source said, as an answer of this ask; none when it does not fit (a source is never forced on a person).

    A number fills a text, a year a period.
    """
    raw = value.isoformat() if isinstance(value, date) else value
    if raw in (None, "", []):
        return None
    if isinstance(raw, int) and not isinstance(raw, bool) and (ask.type in types.LENGTHS or ask.type == "period"):
        raw = str(raw)
    kept, wrong = types.read(ask, raw)
    return None if wrong is not None else kept
