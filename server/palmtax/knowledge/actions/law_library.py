"""Reading the law: its laws, their numbers through time, and the texts they cite."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.knowledge.actions.enacting import of_files, value_of
from palmtax.knowledge.errors import ParameterUnknown
from palmtax.knowledge.model.law_desk import Change
from palmtax.knowledge.model.law_values import options_of
from palmtax.knowledge.schemas.law_library import (
    LawLine,
    LawList,
    LawOption,
    LawOut,
    ParameterLine,
    ParameterValue,
    StatuteOut,
)


def readable_parameter(key: str) -> rules.Parameter:
    """The number of that key. Errors: knowledge.parameter_unknown."""
    try:
        return rules.parameter(key)
    except rules.LawError:
        raise ParameterUnknown(key=key) from None


def in_force(parameter: rules.Parameter, day: date) -> rules.DatedValue | None:
    """The value that counts on a day, or none."""
    try:
        return parameter.on(day)
    except rules.ParameterNotInForce:
        return None


def _articles(law: rules.Law) -> set[str]:
    found = {article for versions in law.formulas.values() for formula in versions for article in formula.articles}
    return found | {value.law for parameter in law.parameters.values() for value in parameter.values}


def _statutes(law: rules.Law) -> list[rules.Statute]:
    found = {statute.title: statute for statute, _, _ in map(rules.find_article, sorted(_articles(law)))}
    return sorted(found.values(), key=lambda statute: (statute.first_day, statute.title), reverse=True)


def _uncertain(law: rules.Law, today: date) -> int:
    values = [in_force(parameter, today) for parameter in law.parameters.values()]
    return sum(1 for value in values if value is not None and value.confidence == "uncertain")


def laws(*, text: str, uncertain: bool | None, today: date) -> LawList:
    """Every law, or those in whose names or numbers all words are found; with or without unconfirmed numbers."""
    found = []
    for law in map(rules.law, rules.every_law()):
        names = [law.code, law.title, law.title_en]
        names += [name for one in law.parameters.values() for name in (one.key, one.title, one.title_en)]
        searched = "\n".join(names).lower()
        doubts = _uncertain(law, today)
        if all(word in searched for word in text.lower().split()) and uncertain in (None, doubts > 0):
            found.append(_law_line(law, doubts))
    return LawList(laws=found)


def _law_line(law: rules.Law, doubts: int) -> LawLine:
    return LawLine(
        code=law.code,
        title=law.title,
        title_en=law.title_en,
        version=law.version,
        parameters=len(law.parameters),
        uncertain=doubts,
        statutes=len(_statutes(law)),
    )


def law_out(code: str, *, today: date, under_way: Collection[str]) -> LawOut:
    """One law with its numbers as they count today and the texts it cites. Errors: rules.unknown_law."""
    law = rules.law(code)
    return LawOut(
        code=law.code,
        title=law.title,
        title_en=law.title_en,
        version=law.version,
        parameters=[_line(one, today, has_change=one.key in under_way) for one in law.parameters.values()],
        statutes=[_statute(one) for one in _statutes(law)],
    )


def _statute(one: rules.Statute) -> StatuteOut:
    return StatuteOut(
        title=one.title,
        title_en=one.title_en,
        number=one.number,
        from_on=one.first_day,
        until=one.until,
        ended_on=one.ended_on,
        replaced_by=one.replaced_by,
    )


def _line(parameter: rules.Parameter, today: date, *, has_change: bool) -> ParameterLine:
    value = in_force(parameter, today)
    return ParameterLine(
        key=parameter.key,
        title=parameter.title,
        title_en=parameter.title_en,
        kind=parameter.kind,
        unit=parameter.unit,
        confidence=value.confidence if value else None,
        value=plain(parameter, value),
        first_day=value.first_day if value else None,
        until=value.until if value else None,
        article=value.law if value else None,
        has_change=has_change,
    )


def plain(parameter: rules.Parameter, value: rules.DatedValue | None) -> Any:
    """A value as the law writes it, which is also how it is sent back."""
    return None if value is None else rules.plain_number(parameter.kind, value.value)


def options(parameter: rules.Parameter) -> list[LawOption]:
    """The options that a table has a number each for, named as the facts of the laws that read it name them."""
    wanted = options_of(parameter)
    named: dict[str, LawOption] = {}
    for code in rules.readers(parameter.key):
        for fact in rules.law(code).asked:
            codes = {option.code for option in fact.options}
            if wanted and wanted <= codes:
                named |= {
                    one.code: LawOption(code=one.code, label=one.label, label_en=one.label_en) for one in fact.options
                }
                return [named[option] for option in codes_in_order(parameter) if option in named]
    return [LawOption(code=option, label=option, label_en=option) for option in codes_in_order(parameter)]


def codes_in_order(parameter: rules.Parameter) -> list[str]:
    """The options in the order in which the law lists them."""
    wanted = options_of(parameter)
    listed = [
        option for value in parameter.values if wanted for option in rules.plain_number(parameter.kind, value.value)
    ]
    return [option for option in dict.fromkeys(listed) if option in wanted]


def values(
    parameter: rules.Parameter, changes: Sequence[Change], *, today: date, language: str
) -> list[ParameterValue]:
    """Every value of a number through time, newest first: those of the files, and those that the desk approved."""
    written = of_files(parameter)
    agreed = [(change, value) for change in changes if (value := _approved_value(change)) is not None]
    whole = replace(parameter, values=(*written, *(value for _, value in agreed)))
    now = in_force(whole, today)
    found = [
        _value(parameter, value, None, value.published, is_in_force=value is now, language=language)
        for value in written
    ]
    found += [
        _value(parameter, value, change, date.fromisoformat(change.body["published"]), is_in_force=value is now, language=language)
        for change, value in agreed
    ]  # fmt: skip
    return sorted(found, key=lambda value: (value.first_day, value.published, value.origin == "desk"), reverse=True)


def _approved_value(change: Change) -> rules.DatedValue | None:
    return value_of(change) if change.last.act == "approved" else None


def _value(
    parameter: rules.Parameter,
    value: rules.DatedValue,
    change: Change | None,
    published: date,
    *,
    is_in_force: bool,
    language: str,
) -> ParameterValue:
    _, _, article = rules.find_article(value.law)
    return ParameterValue(
        first_day=value.first_day,
        until=value.until,
        value=plain(parameter, value),
        article=value.law,
        paraphrase=article.paraphrase_en if language == "en" else article.paraphrase,
        published=published,
        source=value.source,
        confidence=value.confidence,
        note=value.note,
        origin="desk" if change else "file",
        change_id=change.change_id if change else None,
        is_in_force=is_in_force,
    )
