"""The words of arithmetic in a formula: choose, bound, spread, share out, count days."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeVar, cast

from palmtax.rules.errors import LawError
from palmtax.rules.graph import TEN_THOUSANDTHS, Op
from palmtax.rules.language.symbols import (
    Amount,
    Count,
    Day,
    N,
    Numeral,
    Portion,
    Quantity,
    V,
    YesNo,
    amount,
    like,
    nothing,
    of_kind,
    step,
)


def atleast(value: N, floor: N | int) -> N:
    """The larger of the two."""
    return step(type(value), "larger", value, like(value, floor))


def atmost(value: N, ceiling: N | int) -> N:
    """The smaller of the two."""
    return step(type(value), "smaller", value, like(value, ceiling))


def where(condition: YesNo, then: V, otherwise: V | int) -> V:
    """`then` where the condition holds, else `otherwise`."""
    if not isinstance(condition, YesNo):
        raise LawError("where() needs a yes/no first")
    return step(type(then), "where", condition, then, like(then, otherwise))


S = TypeVar("S", Amount, Quantity, Count)


def times(value: S, factor: Count | Quantity | Portion) -> S:
    """An amount (or quantity) taken several times, for a quantity, or a portion of it; half up where it divides."""
    if not isinstance(value, (Amount, Quantity, Count)):
        raise LawError(f"times() needs an amount, quantity or count, not {type(value).__name__}")
    if isinstance(factor, Portion):
        return cast("S", factor.of(cast("Any", value)))
    if isinstance(factor, Quantity):
        return step(type(value), "for_quantity", value, factor)
    return step(type(value), "times", value, of_kind(Count, factor))


def share(value: Amount, divisor: Count | Quantity) -> Amount:
    """An amount spread over a count, or per unit of a quantity, rounded half up to the fen; 0 for a divisor of 0."""
    if isinstance(divisor, Quantity):
        return step(Amount, "per_quantity", amount(value), divisor)
    return step(Amount, "share", amount(value), of_kind(Count, divisor))


def part(value: Amount, numerator: N, denominator: N) -> Amount:
    """Amount × numerator ÷ denominator, rounded half up to the fen; 0 for a denominator of 0 or less."""
    return step(Amount, "part", amount(value), numerator, like(numerator, denominator))


def ratio(numerator: N, denominator: N, places: int = 4) -> Portion:
    """How often one goes into the other, rounded half up to so many decimals; 0 for a denominator of 0 or less."""
    return step(Portion, "ratio", numerator, like(numerator, denominator), detail=_places(places, 6))


def quotient(numerator: Quantity, denominator: Quantity, places: int = 2) -> Quantity:
    """One quantity ÷ another, rounded half up to so many decimals; 0 for a denominator of 0 or less."""
    parts = of_kind(Quantity, numerator), of_kind(Quantity, denominator)
    return step(Quantity, "quotient", *parts, detail=_places(places, 4))


def _places(places: int, most: int) -> int:
    if not 0 <= places <= most:
        raise LawError(f"{places} decimals; at most {most}")
    return places


def average(*values: Any) -> Any:
    """The mean of amounts or quantities, rounded half up; of counts it is a quantity."""
    whole = total(values)
    if isinstance(whole, Count):
        return step(Quantity, "scaled", whole, detail=Fraction(TEN_THOUSANDTHS, len(values)))
    return step(type(whole), "scaled", whole, detail=Fraction(1, len(values)))


def as_quantity(count: Count) -> Quantity:
    """A whole number as a quantity."""
    return step(Quantity, "scaled", of_kind(Count, count), detail=Fraction(TEN_THOUSANDTHS))


def whole(quantity: Quantity) -> Count:
    """The whole units of a quantity, rounded down."""
    return step(Count, "floored", of_kind(Quantity, quantity), detail=TEN_THOUSANDTHS)


def total(values: Iterable[Any]) -> Any:
    """The sum of a row, or of values of one kind."""
    first, *others = values
    found = of_kind(Numeral, first)
    for other in others:
        found = found + other
    return found


def running(row: Iterable[Any]) -> list[Any]:
    """The sums up to and including each value."""
    found: list[Any] = []
    for value in row:
        found.append(found[-1] + value if found else value)
    return found


def both(first: YesNo, *others: YesNo) -> YesNo:
    """Whether all hold."""
    return _joined("both", first, others)


def either(first: YesNo, *others: YesNo) -> YesNo:
    """Whether at least one holds."""
    return _joined("either", first, others)


def opposite(condition: YesNo) -> YesNo:
    """Whether it does not hold."""
    return step(YesNo, "not", of_kind(YesNo, condition))


def _joined(op: Op, first: YesNo, others: tuple[YesNo, ...]) -> YesNo:
    for other in others:
        first = step(YesNo, op, first, like(first, other))
    return first


def days_between(from_day: Day, to_day: Day) -> Count:
    """Days from one day to another; negative when the second comes first."""
    return step(Count, "days_between", of_kind(Day, from_day), of_kind(Day, to_day))


def full_years(from_day: Day, to_day: Day) -> Count:
    """Whole years that have passed; an anniversary completes one (29 February: on 1 March of common years)."""
    return step(Count, "full_years", of_kind(Day, from_day), of_kind(Day, to_day))


def full_months(from_day: Day, to_day: Day) -> Count:
    """Whole months that have passed."""
    return step(Count, "full_months", of_kind(Day, from_day), of_kind(Day, to_day))


def month_of(day: Day) -> Count:
    """The month, 1 to 12."""
    return step(Count, "month_of", of_kind(Day, day))


def year_of(day: Day) -> Count:
    """The year."""
    return step(Count, "year_of", of_kind(Day, day))


__all__ = [
    "as_quantity",
    "atleast",
    "atmost",
    "average",
    "both",
    "days_between",
    "either",
    "full_months",
    "full_years",
    "month_of",
    "nothing",
    "opposite",
    "part",
    "quotient",
    "ratio",
    "running",
    "share",
    "times",
    "total",
    "where",
    "whole",
    "year_of",
]
