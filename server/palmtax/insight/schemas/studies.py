"""Studies on the wire: what may be changed, the question, progress, the result, single cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from palmtax.insight.model.study import State
from palmtax.plumbing.wire import Fen, Wire

Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_]+$")]
Key = Annotated[str, Field(max_length=120, pattern=r"^[a-z0-9_.]+$")]
Short = Annotated[str, Field(max_length=40)]
Small = Annotated[StrictInt, Field(ge=-(2**53), le=2**53)]
PlainValue = (
    Short
    | StrictBool
    | Small
    | Annotated[dict[Short, Short | Small], Field(max_length=80)]
    | Annotated[list[dict[Literal["up_to", "rate", "less"], Short]], Field(max_length=40)]
)
PopulationName = Literal["persons", "enterprises"]
Change = Literal["winner", "loser", "unchanged"]


class WordOut(Wire):
    """A code with its names."""

    code: str
    name: str
    name_en: str


class BandOut(WordOut):
    """An age band of persons or a size of enterprises."""

    population: PopulationName


class PopulationOut(Wire):
    """The invented population, or how to make one."""

    exists: bool
    is_invented: Literal[True] = True
    seed: int
    fingerprint: str
    persons: int
    enterprises: int
    row_groups: int
    bytes_on_disk: int
    cities: list[WordOut]
    industries: list[WordOut]
    bands: list[BandOut]
    how_to_make: str
    how_to_make_en: str


class StudiedLaw(Wire):
    """A law that can be studied, and what is summed for it."""

    code: str
    title: str
    title_en: str
    population: PopulationName
    rows: int
    burden: str
    burden_en: str
    income: str
    income_en: str
    version: str


class OptionOut(Wire):
    """An option of a table of the law."""

    code: str
    label: str
    label_en: str


class ParameterOut(Wire):
    """A parameter in plain form; `value` is null when nothing is in force that day."""

    key: str
    law: str
    title: str
    title_en: str
    kind: str
    unit: str
    value: Any
    first_day: date | None
    until: date | None
    article: str
    source_confidence: str
    in_force: bool
    options: list[OptionOut]


class ParametersOut(Wire):
    """What may be changed in a law on a day."""

    law: str
    title: str
    title_en: str
    on: date
    parameters: list[ParameterOut]


class StudyIn(Wire):
    """A question: the law on `on` against the law on `after_on` (null: the same day) with `changes` in place."""

    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
    laws: list[Code] = Field(min_length=1, max_length=4)
    on: date = Field(ge=date(1994, 1, 1), le=date(2099, 12, 31))
    after_on: date | None = Field(default=None, ge=date(1994, 1, 1), le=date(2099, 12, 31))
    changes: dict[Key, PlainValue] = Field(default_factory=dict, max_length=40)


class StudyLine(Wire):
    """A study in a list."""

    study_id: UUID
    name: str
    state: State
    laws: list[str]
    on: date
    after_on: date | None
    percent: int
    created_at: datetime
    finished_at: datetime | None
    created_by_masked: str
    revenue_delta_fen: Fen | None
    rows: int


class StudyPage(Wire):
    """A page of studies, newest first."""

    studies: list[StudyLine]
    next_cursor: str | None


class ChangedOut(Wire):
    """A changed parameter: before and after in plain form."""

    key: str
    title: str
    title_en: str
    kind: str
    unit: str
    before: Any
    after: Any


class StudyProblem(Wire):
    """Why a study failed."""

    code: str
    text: str
    hint: str


class StudiedPopulation(Wire):
    """The population that was studied."""

    fingerprint: str
    persons: int
    enterprises: int
    seed: int


class GroupOut(Wire):
    """Sums of a group of taxpayers; deciles say their limits of income."""

    code: str
    name: str
    name_en: str
    from_fen: int | None
    to_fen: int | None
    rows: int
    before_fen: int
    after_fen: int
    delta_fen: int
    winners: int
    losers: int
    unchanged: int


class BarOut(Wire):
    """A bar of the histogram: from < change of burden ≤ to."""

    from_fen: int | None
    to_fen: int | None
    rows: int


class CliffOut(Wire):
    """Where a little more income costs more than it brings."""

    typical: str
    at_fen: Fen
    to_fen: Fen
    extra_income_fen: Fen
    extra_burden_fen: Fen
    marginal: str
    is_new: bool


class PointOut(Wire):
    """A point of the curve of a typical taxpayer."""

    income_fen: Fen
    before_fen: Fen
    after_fen: Fen


class RowOut(Wire):
    """A row of the population and what changes for it."""

    law: str
    row: int
    change: Change
    income_fen: int
    before_fen: int
    after_fen: int
    delta_fen: int
    decile: str
    city: str
    industry: str
    band: str


class LawResult(Wire):
    """The result of one law."""

    law: str
    title: str
    title_en: str
    population: PopulationName
    version_before: str
    version_after: str
    rows: int
    burden: str
    burden_en: str
    income: str
    income_en: str
    before_fen: int
    after_fen: int
    delta_fen: int
    winners: int
    losers: int
    unchanged: int
    gain_fen: int
    loss_fen: int
    deciles: list[GroupOut]
    industries: list[GroupOut]
    cities: list[GroupOut]
    bands: list[GroupOut]
    histogram: list[BarOut]
    typicals: list[WordOut]
    cliffs_before: list[CliffOut]
    cliffs_after: list[CliffOut]
    curve: list[PointOut]
    sample: list[RowOut]


class ResultOut(Wire):
    """The result of a study: each law, and the sum."""

    laws: list[LawResult]
    before_fen: int
    after_fen: int
    delta_fen: int
    seconds: int


class StudyOut(StudyLine):
    """A study with its progress and, when it is done, its result."""

    changes: list[ChangedOut]
    groups_done: int
    groups_total: int
    rows_done: int
    seconds_left: int | None
    started_at: datetime | None
    problem: StudyProblem | None
    population: StudiedPopulation
    is_invented: Literal[True] = True
    is_population_same: bool
    result: ResultOut | None


class GroupsOut(Wire):
    """Sums by one or two directions."""

    law: str
    by: list[str]
    groups: list[GroupOut]


class RowPage(Wire):
    """A page of rows; it may be short while `next_cursor` is not null."""

    rows: list[RowOut]
    next_cursor: str | None
    scanned: int


class FactOut(Wire):
    """A fact of a row; a monthly one has twelve values."""

    code: str
    label: str
    label_en: str
    unit: str
    values: list[Any]


class CitationOut(Wire):
    """The article behind a line."""

    title: str
    article: str
    paraphrase: str
    source: str
    confidence: str


class SideOut(Wire):
    """A line under one regime."""

    value: int
    formula: str
    formula_en: str
    is_output: bool
    citations: list[CitationOut]


class ComparedLine(Wire):
    """A line under both regimes; null where a regime does not have it."""

    code: str
    label: str
    label_en: str
    unit: str
    differs: bool
    before: SideOut | None
    after: SideOut | None


class CaseOut(Wire):
    """One row: its facts and the two explanations side by side."""

    law: str
    row: int
    is_invented: Literal[True] = True
    facts: list[FactOut]
    city: str
    city_en: str
    industry: str
    industry_en: str
    band: str
    band_en: str
    decile: str
    income_fen: int
    before_fen: int
    after_fen: int
    delta_fen: int
    version_before: str
    version_after: str
    lines: list[ComparedLine]
