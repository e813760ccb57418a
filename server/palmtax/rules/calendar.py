"""The filing calendar: the last day of a return, from the published list or, failing that, computed.

Statutory basis: 税收征收管理法实施细则 第一百零九条. As published year by year, three or more holiday days in a row
between the 1st and the 15th move the 15th by as many working days; otherwise a 15th on a rest day moves to the
next working day. Other last days (yearly returns, days after an event) only move off a rest day: never later than
the law surely allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from palmtax.base.period import Period
from palmtax.rules.errors import CalendarUnknown
from palmtax.rules.laws import LAWS
from palmtax.rules.parameters import read_yaml
from palmtax.rules.statutes import Citation, cite, find_article

_FOLDER = LAWS / "calendar"
_DAY = timedelta(days=1)
_LONG_REST = 3
_LISTED_DAY = 15
PLACE = "guangdong"
"""Where nothing else is said."""


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a return; `official` is false for computed or projected days, `is_local` where places differ.

    `opens_on` is the first day of a yearly return; `part` names an instalment of a year.
    """

    on: date
    base_on: date
    rolled_days: int
    reason: str
    reason_en: str
    official: bool
    citations: tuple[Citation, ...] = ()
    opens_on: date | None = None
    is_local: bool = False
    part: str = ""
    part_en: str = ""
    confidence: str = "law"


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
def _taxes() -> dict[str, dict[str, Any]]:
    return dict(read_yaml(_FOLDER / "taxes.yaml"))


def _entry(tax: str, asked: str) -> dict[str, Any]:
    entry = _taxes().get(tax)
    if entry is None:
        raise CalendarUnknown(tax=tax, period=asked)
    return entry


def due_on(tax: str, period: Period | str, place: str = PLACE) -> DueDate:
    """The last day on which the return of a tax for a period is in time, and why it is not the statutory day.

    Of several instalments, the last. Raises `CalendarUnknown` for a tax, or a kind of period, or a place, that the
    calendar does not hold.
    """
    return due_days(tax, period, place)[-1]


def due_days(tax: str, period: Period | str, place: str = PLACE) -> tuple[DueDate, ...]:
    """Every last day of a tax for a period: one, or one for each instalment that the place has set."""
    return _due_days(tax, Period.parse(period) if isinstance(period, str) else period, place)


def due_after(tax: str, event_on: date) -> DueDate:
    """The last day for a tax that is due some days after an event (purchase, contract); that day is not counted.

    Raises `CalendarUnknown` for a tax that does not depend on an event.
    """
    entry = _entry(tax, event_on.isoformat())
    if "within_days" not in entry:
        raise CalendarUnknown(tax=tax, period=event_on.isoformat())
    return _moved(entry, event_on + timedelta(days=entry["within_days"]))


@lru_cache(maxsize=4096)
def _due_days(tax: str, period: Period, place: str) -> tuple[DueDate, ...]:
    entry = _entry(tax, period.code)
    instalments = entry.get("instalments", {place: [{}]})
    if period.kind not in entry["periods"] or place not in instalments:
        raise CalendarUnknown(tax=tax, period=period.code)
    return tuple(_due(entry, period, instalment) for instalment in instalments[place])


def _due(entry: dict[str, Any], period: Period, instalment: dict[str, Any]) -> DueDate:
    """One last day of a period: after its end, in its month, or on a day of its year."""
    if "day_of_next_month" in entry:
        base = (period.last_day + _DAY).replace(day=entry["day_of_next_month"])
        return _listed(entry, base)
    if "day_of_month" in entry:
        return _moved(entry, period.last_day.replace(day=entry["day_of_month"]))
    base = _day_of_year(period, instalment or entry["due"])
    due = _listed(entry, base) if base.day == _LISTED_DAY else _moved(entry, base)
    opens_on = _day_of_year(period, entry["opens"]) if "opens" in entry else None
    return replace(due, opens_on=opens_on, part=instalment.get("part", ""), part_en=instalment.get("part_en", ""))


def _day_of_year(period: Period, day: dict[str, int]) -> date:
    return date(period.year + day.get("years_later", 1), day["month"], day["day"])


def _listed(entry: dict[str, Any], base: date) -> DueDate:
    """A 15th: the published list of the year counts, else the rule."""
    year = _year(base.year)
    computed, reason, reason_en = rolled(base)
    on = year.published.get(base.month, computed)
    if on != computed:
        reason, reason_en = "以公布的申报期限为准", "as published for this month"
    return _due_date(entry, base, on, (reason, reason_en), official=year.is_official)


def _moved(entry: dict[str, Any], base: date) -> DueDate:
    """Any other day: moved to the next working day when it is a rest day."""
    on, reason, reason_en = _off_rest(_year(base.year), base)
    return _due_date(entry, base, on, (reason, reason_en), official=False)


def _due_date(entry: dict[str, Any], base: date, on: date, reasons: tuple[str, str], *, official: bool) -> DueDate:
    reason, reason_en = reasons
    if not _year(base.year).is_known:
        reason, reason_en = f"{reason}（该年放假通知未公布）", f"{reason_en} (no holiday notice for this year yet)"
    is_local = bool(entry.get("is_local"))
    return DueDate(
        on=on,
        base_on=base,
        rolled_days=(on - base).days,
        reason=reason,
        reason_en=reason_en,
        official=official and not is_local,
        citations=tuple(cite(article) for article in entry["law"] if find_article(article)[0].in_force(base)),
        is_local=is_local,
        confidence=entry.get("confidence", "law"),
    )


def rolled(base: date) -> tuple[date, str, str]:
    """The last day computed from the holidays of its year, with the reason in Chinese and English; no list used."""
    year = _year(base.year)
    long = _long_rests(year, base)
    days = sum(count for _, count in long)
    if days >= _LONG_REST:
        day = base
        for _ in range(days):
            day = _next_working_day(day)
        names = "、".join(f"{holiday.name}放假{count}天" for holiday, count in long)
        names_en = ", ".join(f"{holiday.name_en} ({count} days)" for holiday, count in long)
        return (
            day,
            f"申报期内{names}，顺延{days}个工作日",
            f"{names_en} within the filing window: {days} working days later",
        )
    return _off_rest(year, base)


def _off_rest(year: _Year, base: date) -> tuple[date, str, str]:
    """The day itself, or the next working day when it is a rest day, with the reason."""
    if year.is_working_day(base):
        return base, "", ""
    day = _next_working_day(base)
    found = year.holiday(base)
    rest, rest_en = (found.name, found.name_en) if found else ("周末", "a weekend")
    return (
        day,
        f"{base.day}日逢{rest}，顺延至下一工作日",
        f"the {_ordinal(base.day)} falls on {rest_en}: next working day",
    )


def _ordinal(day: int) -> str:
    teen = day % 100 // 10 == 1
    return f"{day}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _long_rests(year: _Year, base: date) -> list[tuple[_Holiday, int]]:
    """Holidays with three or more days in a row between the 1st and the last day, with those days counted."""
    found = []
    for holiday in year.holidays:
        first, last = max(holiday.first_day, base.replace(day=1)), min(holiday.last_day, base)
        count = (last - first).days + 1
        if count >= _LONG_REST:
            found.append((holiday, count))
    return found


def _next_working_day(day: date) -> date:
    day += _DAY
    while not _year(day.year).is_working_day(day):
        day += _DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The day that is so many working days after a day (before it when negative); the day itself is not counted.

    >>> add_working_days(date(2026, 9, 30), 1), add_working_days(date(2026, 9, 30), 0)
    (datetime.date(2026, 10, 8), datetime.date(2026, 9, 30))
    """
    step = _DAY if count >= 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not _year(day.year).is_working_day(day):
            day += step
    return day


@lru_cache(maxsize=4096)
def working_days_between(first: date, last: date) -> int:
    """How many working days come after `first`, up to and including `last`; negative when `last` is before `first`.

    The inverse of `add_working_days` for a count from zero that ends on a working day.

    >>> (
    ...     working_days_between(date(2026, 9, 30), date(2026, 10, 8)),
    ...     working_days_between(date(2026, 10, 8), date(2026, 9, 30)),
    ... )
    (1, -1)
    """
    if last < first:
        return -working_days_between(last, first)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(_year(day.year).is_working_day(day) for day in days)


def calendar_of(year: int) -> tuple[Deadline, ...]:
    """The short calendar, by day: deadlines in a year of the returns that this house files, for each kind of period."""
    return _calendar(year, PLACE, tuple(code for code, entry in _taxes().items() if entry.get("is_listed")))


def whole_calendar(year: int, place: str = PLACE) -> tuple[Deadline, ...]:
    """Every tax and fee by day: all deadlines that fall in a year; days after an event (`due_after`) are not in it."""
    return _calendar(year, place, tuple(_taxes()))


def taxes_in_calendar() -> tuple[str, ...]:
    """Codes of every tax and fee that the calendar knows."""
    return tuple(_taxes())


def _calendar(year: int, place: str, codes: tuple[str, ...]) -> tuple[Deadline, ...]:
    found: list[Deadline] = []
    for code in codes:
        entry = _taxes()[code]
        for kind in entry["periods"]:
            period = Period.containing(date(year, 1, 1), kind).previous()
            while period.year <= year + 1:
                title, title_en = str(entry["title"]), str(entry["title_en"])
                days = [due for due in due_days(code, period, place) if due.base_on.year == year]
                found.extend(Deadline(code, title, title_en, period, due) for due in days)
                period = period.next()
    return tuple(sorted(found, key=lambda deadline: (deadline.due.on, deadline.period, deadline.tax_type_code)))
