"""Shaping answers: kept values into the forms of the wire, in the words of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from palmtax import rules
from palmtax.insight.actions.asking import Changeable
from palmtax.insight.model.study import Study
from palmtax.insight.schemas.studies import (
    BandOut,
    CaseOut,
    ChangedOut,
    CitationOut,
    CliffOut,
    ComparedLine,
    FactOut,
    LawResult,
    OptionOut,
    ParameterOut,
    PopulationOut,
    ResultOut,
    RowOut,
    SideOut,
    StudiedPopulation,
    StudyLine,
    StudyOut,
    StudyProblem,
    WordOut,
)
from palmtax.insight.store.page import Population, Word

HOW = "在服务器上运行 palmtax demo --population（可用 --persons、--enterprises、--seed 调整规模）"
HOW_EN = "Run on the server: palmtax demo --population (size: --persons, --enterprises, --seed)"
INNER = ("extremes", "others")


def population_out(people: Population | None) -> PopulationOut:
    """The population, or how to make one."""
    if people is None:
        return PopulationOut(
            exists=False, seed=0, fingerprint="", persons=0, enterprises=0, row_groups=0, bytes_on_disk=0, cities=[],
            industries=[], bands=[], how_to_make=HOW, how_to_make_en=HOW_EN,
        )  # fmt: skip
    bands = [
        BandOut(population=kind, code=w.code, name=w.name, name_en=w.name_en)
        for kind in ("persons", "enterprises")
        for w in people.words(f"{kind}.band")
    ]
    return PopulationOut(
        exists=True,
        **people.told,
        row_groups=sum(len(people.groups(kind)) for kind in ("persons", "enterprises")),
        bytes_on_disk=sum(people.raw["bytes"].values()),
        cities=[_word(w) for w in people.words("city")],
        industries=[_word(w) for w in people.words("industry")],
        bands=bands,
        how_to_make=HOW,
        how_to_make_en=HOW_EN,
    )


def _word(word: Word) -> WordOut:
    return WordOut(code=word.code, name=word.name, name_en=word.name_en)


def parameter_out(found: Changeable, options: Mapping[str, rules.Option]) -> ParameterOut:
    """A parameter in plain form, with the names of the options of its table."""
    p, dated = found.parameter, found.dated
    codes = list(found.value) if isinstance(found.value, dict) else []
    named = [options.get(code, rules.Option(code, code, code)) for code in codes]
    return ParameterOut(
        key=p.key,
        law=found.law,
        title=p.title,
        title_en=p.title_en,
        kind=p.kind,
        unit=p.unit,
        value=found.value,
        first_day=dated.first_day if dated else None,
        until=dated.until if dated else None,
        article=dated.law if dated else "",
        source_confidence=dated.confidence if dated else "",
        in_force=dated is not None,
        options=[OptionOut(code=o.code, label=o.label, label_en=o.label_en) for o in named],
    )


def line_out(study: Study, who: str) -> StudyLine:
    """A study in a list."""
    return StudyLine(**_line(study, who))


def _line(study: Study, who: str) -> dict[str, Any]:
    q = study.question
    return {
        "study_id": study.study_id,
        "name": study.name,
        "state": study.state,
        "laws": list(q.laws),
        "on": q.on,
        "after_on": None if q.after_on == q.on else q.after_on,
        "percent": study.percent,
        "created_at": study.created_at,
        "finished_at": study.finished_at,
        "created_by_masked": who,
        "revenue_delta_fen": study.revenue_delta_fen,
        "rows": study.rows_total,
    }


def study_out(study: Study, who: str, *, people: Population | None, now: datetime, language: str) -> StudyOut:
    """A study with its progress and result."""
    is_same = people is not None and people.fingerprint == study.population["fingerprint"]
    return StudyOut(
        **_line(study, who),
        changes=[ChangedOut(**change) for change in study.shown],
        groups_done=study.groups_done,
        groups_total=study.groups_total,
        rows_done=study.rows_done,
        seconds_left=_seconds_left(study, now),
        started_at=study.started_at,
        problem=_problem(study, language),
        population=StudiedPopulation(**study.population),
        is_population_same=is_same,
        result=_result(study, people if is_same else None),
    )


def _seconds_left(study: Study, now: datetime) -> int | None:
    if study.state != "running" or not study.groups_done or study.started_at is None:
        return None
    passed = (now - study.started_at).total_seconds()
    return max(0, int(passed * (study.groups_total - study.groups_done) // study.groups_done))


def _problem(study: Study, language: str) -> StudyProblem | None:
    if study.problem is None:
        return None
    end = "_en" if language == "en" else ""
    return StudyProblem(code=study.problem["code"], text=study.problem[f"text{end}"], hint=study.problem[f"hint{end}"])


def _result(study: Study, people: Population | None) -> ResultOut | None:
    kept = study.result
    if kept is None or study.finished_at is None or study.started_at is None:
        return None
    sums = {name: kept[name] for name in ("before_fen", "after_fen", "delta_fen")}
    seconds = int((study.finished_at - study.started_at).total_seconds())
    return ResultOut(laws=[_law(law, people) for law in kept["laws"]], seconds=seconds, **sums)


def _law(kept: Mapping[str, Any], people: Population | None) -> LawResult:
    plain = {name: value for name, value in kept.items() if name not in INNER}
    for side in ("cliffs_before", "cliffs_after"):
        plain[side] = [CliffOut(**cliff, marginal=_marginal(cliff)) for cliff in kept[side]]
    sample = [] if people is None else rows_out(kept["law"], kept["population"], sample_of(kept), people)
    return LawResult(**plain, sample=sample)


def _marginal(cliff: Mapping[str, Any]) -> str:
    return f"{cliff['extra_burden_fen'] * 100 // cliff['extra_income_fen']:,}%"


SAMPLE = 10


def sample_of(law: Mapping[str, Any]) -> list[list[int]]:
    """A few rows worth opening: those who lose most, gain most, and some others."""
    wins = [row for row in law["extremes"] if row[0] < 0][:SAMPLE]
    loses = [row for row in law["extremes"] if row[0] > 0][:SAMPLE]
    seen = {row[1] for row in (*wins, *loses)}
    others = [row for row in law["others"] if row[1] not in seen]
    others.sort(key=lambda row: row[1])
    return [*loses, *wins, *others[: 3 * SAMPLE - len(loses) - len(wins)]]


def rows_out(law: str, kind: str, listed: Sequence[Sequence[int]], people: Population) -> list[RowOut]:
    """Rows with the codes of the population."""
    cities, industries, bands = people.words("city"), people.words("industry"), people.words(f"{kind}.band")
    return [
        RowOut(
            law=law,
            row=row,
            change="winner" if delta < 0 else "loser" if delta > 0 else "unchanged",
            income_fen=income,
            before_fen=before,
            after_fen=after,
            delta_fen=delta,
            decile=str(decile + 1),
            city=cities[city].code,
            industry=industries[industry].code,
            band=bands[band].code,
        )
        for delta, row, income, before, after, decile, industry, city, band in listed
    ]


def case_out(law: str, case: Any, people: Population, kind: str) -> CaseOut:
    """One row with its two explanations side by side."""
    delta, row, income, before, after, decile, industry, city, band = case.listed
    words = people.words("city")[city], people.words("industry")[industry], people.words(f"{kind}.band")[band]
    named: dict[str, str] = {}
    for name, word in zip(("city", "industry", "band"), words, strict=True):
        named |= {name: word.name, f"{name}_en": word.name_en}
    return CaseOut(
        law=law,
        row=row,
        facts=[
            FactOut(code=f.code, label=f.label, label_en=f.label_en, unit=f.unit, values=[_value(v) for v in values])
            for f, values in case.facts
        ],
        **named,
        decile=str(decile + 1),
        income_fen=income,
        before_fen=before,
        after_fen=after,
        delta_fen=delta,
        version_before=case.before.version,
        version_after=case.after.version,
        lines=_compared(case.before, case.after),
    )


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _compared(before: rules.Assessment, after: rules.Assessment) -> list[ComparedLine]:
    """Lines of both sides by code, in computing order; those of one side only stand where that side has them."""
    sides = [{line.code: line for line in side.lines} for side in (before, after)]
    order = list(sides[1])
    for place, code in enumerate(sides[0]):
        if code not in sides[1]:
            order.insert(min(place, len(order)), code)
    found = []
    for code in order:
        lines = [side.get(code) for side in sides]
        shown = next(line for line in lines if line is not None)
        values = {None if line is None else line.value for line in lines}
        found.append(
            ComparedLine(
                code=code,
                label=shown.label,
                label_en=shown.label_en,
                unit=shown.unit,
                differs=len(values) > 1,
                before=_side(lines[0]),
                after=_side(lines[1]),
            )
        )
    return found


def _side(line: rules.ExplainedLine | None) -> SideOut | None:
    if line is None:
        return None
    return SideOut(
        value=line.value,
        formula=line.formula,
        formula_en=line.formula_en,
        is_output=line.is_output,
        citations=[
            CitationOut(
                title=c.title, article=c.article, paraphrase=c.paraphrase, source=c.source, confidence=c.confidence
            )
            for c in line.citations
        ],
    )
