"""The shelf of calculators, and one of them with everything it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby

from palmtax import rules
from palmtax.knowledge.model.calculators import (
    GROUPS,
    CalculatorView,
    every_calculator,
    find_calculator,
    sample,
)
from palmtax.knowledge.model.pictures import slider_range
from palmtax.knowledge.schemas.calculators import (
    CalculatorCard,
    CalculatorChoice,
    CalculatorFact,
    CalculatorGroup,
    CalculatorLine,
    CalculatorList,
    CalculatorOut,
    FactOption,
    PlainValue,
    RuleCitation,
    Slider,
    UncertainNumber,
)


def shelf(query: str = "") -> CalculatorList:
    """All calculators in their groups, or those that every word of the query finds."""
    found = [view for view in every_calculator() if view.is_found_by(query)]
    groups = [
        CalculatorGroup(name=name, name_en=GROUPS[name], calculators=[_card(view) for view in views])
        for name, views in groupby(found, key=lambda view: str(view.about.group))
    ]
    return CalculatorList(groups=groups, total=len(found))


def _card(view: CalculatorView) -> CalculatorCard:
    about = view.about
    return CalculatorCard(
        law=view.code,
        name=about.name,
        name_en=about.name_en,
        group=about.group,
        question=about.question,
        question_en=about.question_en,
        words=view.everyday,
    )


def calculator(code: str, *, on: date, language: str = "zh") -> CalculatorOut:
    """One calculator as the law stands on a day. Errors: knowledge.calculator_unknown, rules.parameter_not_in_force."""
    view = find_calculator(code)
    about = view.about
    tried = sample(view, on)
    lines = tried.lines_in(language)
    named = _namer(view, lines)
    return CalculatorOut(
        law=code,
        name=about.name,
        name_en=about.name_en,
        title=view.law.title,
        title_en=view.law.title_en,
        group=about.group,
        question=about.question,
        question_en=about.question_en,
        on=on,
        version=tried.version,
        facts=[_fact(fact, is_first=fact.code in about.asks) for fact in view.read_on(on).values()],
        headline=named(about.headline),
        of=named(about.of) if about.of else None,
        parts=[named(line) for line in about.parts],
        compare=[
            CalculatorChoice(code=line, name=name, name_en=name_en)
            for (name, line), (name_en, _) in zip(about.compare, about.compare_en, strict=True)
        ],
        uncertain=uncertain_numbers(tried),
        statutes=_statutes(lines),
        matter=about.matter or None,
    )


def _namer(view: CalculatorView, lines: Iterable[rules.ExplainedLine]) -> Callable[[str], CalculatorLine]:
    """Lines and facts by their code, as they are named on the wire."""
    known = {line.code: (line.label, line.label_en, line.unit) for line in lines}
    known |= {fact.code: (fact.label, fact.label_en, fact.unit) for fact in view.facts.values()}

    def named(code: str) -> CalculatorLine:
        label, label_en, unit = known[code]
        return CalculatorLine(code=code, label=label, label_en=label_en, unit=unit)

    return named


def _statutes(lines: Iterable[rules.ExplainedLine]) -> list[RuleCitation]:
    cited = dict.fromkeys(citation for line in lines for citation in line.citations)
    return [RuleCitation.model_validate(citation, from_attributes=True) for citation in cited]


def uncertain_numbers(assessment: rules.Assessment, codes: frozenset[str] | None = None) -> list[UncertainNumber]:
    """The numbers that could not be confirmed, of all lines or of those named."""
    lines = [line for line in assessment.traced.lines if codes is None or line.code in codes]
    used = dict.fromkeys(key for line in lines for key in line.parameters)
    numbers = [assessment.traced.numbers[key] for key in used]
    return [
        UncertainNumber(title=one.parameter.title, title_en=one.parameter.title_en, note=one.dated.note)
        for one in numbers
        if one.dated.confidence == "uncertain"
    ]


def plain(fact: rules.Fact, value: object) -> PlainValue:
    """A value of a fact as people write it."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, str)):
        return value
    number = int(str(value))
    return number if fact.unit in ("count", "days") else fact.plain(number)


def _fact(fact: rules.Fact, *, is_first: bool) -> CalculatorFact:
    is_number = fact.unit not in ("choice", "yes_no")
    return CalculatorFact(
        code=fact.code,
        label=fact.label,
        label_en=fact.label_en,
        term=fact.term,
        term_en=fact.term_en,
        group=fact.group,
        unit=fact.unit,
        each=fact.each,
        measure=fact.measure,
        measure_en=fact.measure_en,
        lo=fact.plain(fact.lo) if is_number else None,
        hi=fact.plain(fact.hi) if is_number else None,
        default=plain(fact, fact.default),
        typical=fact.plain(fact.typical) if fact.typical is not None and is_number else None,
        options=[FactOption(code=one.code, label=one.label, label_en=one.label_en) for one in fact.options],
        help=fact.help,
        help_en=fact.help_en,
        is_asked_first=is_first,
        slider=_slider(fact),
    )


def _slider(fact: rules.Fact) -> Slider | None:
    if fact.typical is None or fact.each is not None:
        return None
    found = slider_range(fact.unit, fact.typical, fact.lo, fact.hi)
    if found is None:
        return None
    start, lo, hi, step = (fact.plain(number) for number in (fact.typical, *found))
    return Slider(start=start, lo=lo, hi=hi, step=step)
