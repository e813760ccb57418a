"""The filing calendar: the last day of a period's return, from the published list or, failing that, computed.

Statutory basis: 税收征收管理法实施细则 第一百零九条. As published year by year, three or more holiday days in a row
between the 1st and the 15th move the 15th by as many working days; otherwise a 15th on a rest day moves to the
next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from palmtax.base.period import Period
from palmtax.rules.errors import CalendarUnknown
from palmtax.rules.laws import LAWS
from palmtax.rules.parameters import read_yaml
from palmtax.rules.statutes import Citation, cite, find_article

_FOLDER = LAWS / "calendar"
_DAY = timedelta(days=1)
_LONG_REST = 3


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a return; `official` is false for computed or projected days."""

    on: date
    base_on: date
    rolled_days: int
    reason: str
    reason_en: str
    official: bool
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry of the calendar of a year."""

    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: Period
    due: DueDate


@dataclass(frozen=True, slots=True)
class _Holiday:
    name: str
    name_en: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class _Year:
    holidays: tuple[_Holiday, ...]
    makeup_workdays: frozenset[date]
    published: dict[int, date]
    is_official: bool
    is_known: bool

    def holiday(self, day: date) -> _Holiday | None:
        """The holiday that a day belongs to."""
        return next((holiday for holiday in self.holidays if holiday.first_day <= day <= holiday.last_day), None)

    def is_working_day(self, day: date) -> bool:
        """Whether people work: make-up days count, holidays and other weekends do not."""
        return day in self.makeup_workdays or (self.holiday(day) is None and day.weekday() < 5)


@cache
def _year(number: int) -> _Year:
    path = _FOLDER / "years" / f"{number}.yaml"
    if not path.exists():  # no notice yet: only the holidays that fall on fixed days of the solar calendar
        fixed = (("元旦", "New Year", (1, 1), (1, 1)), ("劳动节", "Labour Day", (5, 1), (5, 2)),
                 ("国庆节", "National Day", (10, 1), (10, 3)))  # fmt: skip
        days = [_Holiday(zh, en, date(number, *first), date(number, *last)) for zh, en, first, last in fixed]
        return _Year(tuple(days), frozenset(), {}, is_official=False, is_known=False)
    raw = read_yaml(path)
    holidays = [_Holiday(entry["name"], entry["name_en"], entry["from"], entry["until"]) for entry in raw["holidays"]]
    listed = raw.get("deadlines", {})
    last_days = {day.month: day for day in listed.get("last_days", ())}
    official = bool(listed.get("is_official"))
    return _Year(tuple(holidays), frozenset(raw["makeup_workdays"]), last_days, official, is_known=True)


@cache
def _taxes() -> dict[str, dict[str, object]]:
    return dict(read_yaml(_FOLDER / "taxes.yaml"))


def due_on(tax: str, period: Period | str) -> DueDate:
    """The last day on which the return of a tax for a period is in time, and why it is not the statutory day.

    Raises `CalendarUnknown` for a tax, or a kind of period, that the calendar does not hold.
    """
    return _due_on(tax, Period.parse(period) if isinstance(period, str) else period)


@lru_cache(maxsize=4096)
def _due_on(tax: str, period: Period) -> DueDate:
    entry = _taxes().get(tax)
    if entry is None or period.kind not in entry["periods"]:  # type: ignore[operator]  # a list of kinds
        raise CalendarUnknown(tax=tax, period=period.code)
    after = period.last_day + _DAY
    base = after.replace(day=entry["day_of_next_month"])  # type: ignore[arg-type]  # a day of the month
    references = [article for article in entry["law"] if find_article(article)[0].in_force(base)]  # type: ignore[attr-defined]  # a list of articles
    year = _year(base.year)
    computed, reason, reason_en = rolled(base)
    on = year.published.get(base.month, computed)
    if on != computed:
        reason, reason_en = "以公布的申报期限为准", "as published for this month"
    if not year.is_known:
        reason, reason_en = f"{reason}（该年放假通知未公布）", f"{reason_en} (no holiday notice for this year yet)"
    citations = tuple(cite(reference) for reference in references)
    return DueDate(on, base, (on - base).days, reason, reason_en, year.is_official, citations)


def rolled(base: date) -> tuple[date, str, str]:
    """The last day computed from the holidays of its year, with the reason in Chinese and English; no list used."""
    year = _year(base.year)
    long = _long_rests(year, base)
    days = sum(count for _, count in long)
    if days >= _LONG_REST:
        day = base
        for _ in range(days):
            day = _next_working_day(year, day)
        names = "、".join(f"{holiday.name}放假{count}天" for holiday, count in long)
        names_en = ", ".join(f"{holiday.name_en} ({count} days)" for holiday, count in long)
        return (
            day,
            f"申报期内{names}，顺延{days}个工作日",
            f"{names_en} within the filing window: {days} working days later",
        )
    if year.is_working_day(base):
        return base, "", ""
    day = _next_working_day(year, base)
    found = year.holiday(base)
    rest, rest_en = (found.name, found.name_en) if found else ("周末", "a weekend")
    return day, f"{base.day}日逢{rest}，顺延至下一工作日", f"the {base.day}th falls on {rest_en}: next working day"


def _long_rests(year: _Year, base: date) -> list[tuple[_Holiday, int]]:
    """Holidays with three or more days in a row between the 1st and the last day, with those days counted."""
    found = []
    for holiday in year.holidays:
        first, last = max(holiday.first_day, base.replace(day=1)), min(holiday.last_day, base)
        count = (last - first).days + 1
        if count >= _LONG_REST:
            found.append((holiday, count))
    return found


def _next_working_day(year: _Year, day: date) -> date:
    day += _DAY
    while not year.is_working_day(day):
        day += _DAY
    return day


def calendar_of(year: int) -> tuple[Deadline, ...]:
    """All deadlines that fall in a year, by day: for each tax and each kind of period it may be filed for."""
    found = []
    for code, entry in _taxes().items():
        for kind in entry["periods"]:  # type: ignore[attr-defined]  # a list of kinds
            period = Period.containing(date(year, 1, 1), kind).previous()
            while (due := due_on(code, period)).base_on.year <= year:
                found.append(Deadline(code, str(entry["title"]), str(entry["title_en"]), period, due))
                period = period.next()
    return tuple(sorted(found, key=lambda deadline: (deadline.due.on, deadline.period, deadline.tax_type_code)))
