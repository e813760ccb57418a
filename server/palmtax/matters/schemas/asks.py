"""Questions as shapes: the same whether a matter is only looked at or has answers."""

from __future__ import annotations

from collections.abc import Sequence

from palmtax import privacy
from palmtax.matters.model.answers import SOURCES, Answer
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.matter import Promise
from palmtax.matters.model.problems import Problem
from palmtax.matters.schemas.catalogue import AskOption, AskOut, OriginOut, PromiseOut, SectionOut, WrongOut


def ask_out(ask: Ask, *, is_shown: bool = True, answer: Answer | None = None, problem: Problem | None = None) -> AskOut:
    """A question on the wire. A locked one is only locked while its source has spoken."""
    return AskOut(
        code=ask.code,
        label=ask.label,
        label_en=ask.label_en,
        help=ask.help,
        help_en=ask.help_en,
        type=ask.type,
        each=ask.each,
        unit=ask.unit,
        unit_en=ask.unit_en,
        options=[
            AskOption(value=one.value, label=one.label, label_en=one.label_en, help=one.help, help_en=one.help_en)
            for one in ask.options
        ],
        rows=[ask_out(one) for one in ask.rows],
        kinds=list(ask.kinds),
        at_least=ask.at_least,
        at_most=ask.at_most,
        min=ask.lowest,
        max=ask.highest,
        max_length=ask.max_length,
        is_optional=ask.is_optional,
        is_locked=ask.is_locked and answer is not None and answer.source != "person",
        is_shown=is_shown,
        value=answer.value if answer else None,
        origin=_origin(answer),
        problem=WrongOut(text=problem.text, text_en=problem.text_en) if problem else None,
    )


def _origin(answer: Answer | None) -> OriginOut | None:
    if answer is None:
        return None
    zh, en = SOURCES.get(answer.source, (answer.source, answer.source))
    return OriginOut(source=answer.source, label=zh, label_en=en, channel=answer.channel, at=answer.at.isoformat())


def sections_out(asks: Sequence[tuple[Ask, AskOut]]) -> list[SectionOut]:
    """Consecutive questions of one section together."""
    found: list[tuple[tuple[str, str], list[AskOut]]] = []
    for ask, out in asks:
        head = (ask.section, ask.section_en)
        if not found or found[-1][0] != head:
            found.append((head, []))
        found[-1][1].append(out)
    return [SectionOut(title=zh, title_en=en, asks=inside) for (zh, en), inside in found]


def promise_out(promise: Promise) -> PromiseOut:
    """A promise on the wire."""
    return PromiseOut(
        is_instant=promise.is_instant,
        days=promise.days,
        is_calendar=promise.is_calendar,
        at_most=promise.at_most,
        confidence=promise.confidence,
        note=promise.note,
        note_en=promise.note_en,
    )


_KINDS: dict[str, privacy.Kind] = {
    "phone": "phone",
    "resident_id": "resident_id",
    "bank_account": "bank_card",
    "email": "email",
}


def masked(ask: AskOut) -> AskOut:
    """The question with its answer as others may see it; rows column by column."""
    kind = _KINDS.get(ask.type)
    if kind is not None and isinstance(ask.value, str):
        return ask.model_copy(update={"value": privacy.show(ask.value, kind)})
    if ask.type == "rows" and isinstance(ask.value, list):
        kinds = {one.code: _KINDS[one.type] for one in ask.rows if one.type in _KINDS}
        rows = [{k: privacy.show(v, kinds[k]) if k in kinds else v for k, v in row.items()} for row in ask.value]
        return ask.model_copy(update={"value": rows})
    return ask
