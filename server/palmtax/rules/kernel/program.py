"""Programs: a rule as few kinds of steps on whole numbers, with a proof of how large every number can become.

A step knows its numbers of the law, but its *shape* does not: what is compiled is made from shapes alone, so a
kernel serves every rule of the same shape and can never have swallowed a number of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd
from typing import Literal, NamedTuple

Kind = Literal[
    "fact",  # flags: place among the columns
    "zero",
    "number",  # numbers: value
    "yes",
    "no",
    "add",
    "subtract",
    "multiply",
    "larger",
    "smaller",
    "below",
    "at_most",
    "equal",
    "both",
    "either",
    "not",
    "where",  # yes/no, then, otherwise
    "floor",  # numbers: over, plus, under; (x × over + plus) ÷ under rounded down; flags: 1 where a sum may be below 0
    "round",  # numbers: over, under; x × over ÷ under, halves away from zero; x may be below 0
    "highest",  # numbers: over, plus of each straight line, then under; the highest of the `floor`s; flags as floor
    "pick",  # yes/no …; numbers: one more than conditions; the first, or that of the last condition that holds
    "round_by",  # x, yes/no …; numbers: over, under of each pick; flags: 1 where x may be below 0
    "divide",  # n, d; n ÷ d, halves away from zero, d > 0; flags: 1 where n may be below 0
]
Range = tuple[int, int]
Source = tuple[int, int]
BOTH_SIGNS, NOT_BELOW_ZERO = (1,), (0,)

EXACT_IN_DOUBLES = 2**53
"""Whole numbers up to here are doubles."""
DIVIDES_IN_DOUBLES = 2**50
"""Up to here (before the division) `floor(x × (over/under) + (plus + ½)/under)` in doubles is the exact quotient.

The true value is at least ½/under away from a whole number; rounding the ratio, the product, the summand and the sum
errs by less than 2⁻⁵¹ of the size each, fused or not.
"""
LARGEST_INTEGER = 2**63 - 1


class Scaled(NamedTuple):
    """What a `highest` is of: `base` + `by`, under a scale (its straight lines, and what they are divided by)."""

    base: int
    by: int
    scale: tuple[tuple[tuple[int, int], ...], int]


class Step(NamedTuple):
    """One step; `args` are places of earlier steps."""

    kind: Kind
    args: tuple[int, ...]
    numbers: tuple[int, ...] = ()
    flags: tuple[int, ...] = ()


Shape = tuple[tuple[Kind, tuple[int, ...], int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Program:
    """Steps in computing order, the places of the outputs, and in which arithmetic they are proved exact."""

    steps: tuple[Step, ...]
    outputs: tuple[int, ...]
    is_yes_no: tuple[bool, ...]
    """For each step, whether it is a yes or no."""
    ranges: tuple[Range, ...]
    fits_doubles: bool
    unsafe: Source | None
    """The first step of a rule that may leave 64-bit integers."""

    @cached_property
    def shape(self) -> Shape:
        """The steps without their numbers."""
        return tuple((step.kind, step.args, len(step.numbers), step.flags) for step in self.steps)


def half_away(over: int, under: int) -> int:
    """The quotient, halves away from zero; `under` > 0."""
    size = (abs(over) + under // 2) // under
    return -size if over < 0 else size


_YES_NO = {"yes", "no", "below", "at_most", "equal", "both", "either", "not"}


@dataclass
class Builder:
    """Adds steps once, folds what the ranges already decide, and keeps the largest numbers met."""

    steps: list[Step] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    yes_no: list[bool] = field(default_factory=list)
    source: Source = (0, 0)
    """The rule, and the place in its graph, for which steps are being added."""
    scales: dict[int, Scaled] = field(default_factory=dict)
    """For each `highest` that never falls, what it was before a known number went into its lines."""
    _peaks: list[tuple[int, int, Source]] = field(default_factory=list)
    _places: dict[Step, int] = field(default_factory=dict)
    _shifts: dict[int, tuple[int, int]] = field(default_factory=dict)

    def _add(self, step: Step, found: Range, *, on_the_way: int = 0, divided: int = 0) -> int:
        place = self._places.get(step)
        if place is None:
            place = self._places[step] = len(self.steps)
            self.steps.append(step)
            self.ranges.append(found)
            picks = step.kind == "where" and self.yes_no[step.args[1]]
            self.yes_no.append(step.kind in _YES_NO or picks)
            self._peaks.append((max(-found[0], found[1], on_the_way), divided, self.source))
        return place

    def fact(self, column: int, found: Range, *, is_yes_no: bool) -> int:
        """The value of a column."""
        place = self._add(Step("fact", (), flags=(column,)), found)
        self.yes_no[place] = is_yes_no
        return place

    def number(self, value: int) -> int:
        """A whole number."""
        return self._add(Step("number", (), (value,)) if value else Step("zero", ()), (value, value))

    def decided(self, holds: bool) -> int:
        """A yes or no that is known."""
        return self._add(Step("yes" if holds else "no", ()), (int(holds), int(holds)))

    def add(self, a: int, b: int) -> int:
        """The sum."""
        for one, other in ((a, b), (b, a)):
            kept = self._kept_up(one, other)
            if kept is not None:
                return self.larger(one, kept)
        (first, by), (second, further) = self._apart(a), self._apart(b)
        return self._shifted(self._sum("add", first, second), by + further)

    def subtract(self, a: int, b: int) -> int:
        """The difference."""
        (first, by), (second, further) = self._apart(a), self._apart(b)
        return self._shifted(self._sum("subtract", first, second), by - further)

    def _sum(self, kind: Literal["add", "subtract"], a: int | None, b: int | None) -> int | None:
        if b is None or self._is_zero(b):
            return a
        if kind == "add" and (a is None or self._is_zero(a)):
            return b
        a = self.number(0) if a is None else a
        (low, high), (least, most) = self.ranges[a], self.ranges[b]
        found = (low + least, high + most) if kind == "add" else (low - most, high - least)
        return self._add(Step(kind, (a, b)), found)

    def _apart(self, place: int) -> tuple[int | None, int]:
        """A value and the known number that was added to it: sums keep them apart, so that scenarios share the rest."""
        low, high = self.ranges[place]
        return (None, low) if low == high else self._shifts.get(place, (place, 0))

    def _shifted(self, place: int | None, by: int) -> int:
        if place is None or by == 0:
            return self.number(by) if place is None else place
        low, high = self.ranges[place]
        found = self._add(Step("add", (place, self.number(by))), (low + by, high + by))
        self._shifts[found] = (place, by)
        return found

    def _kept_up(self, a: int, b: int) -> int | None:
        """The c of which b is the excess over a, or 0: then a + b is the larger of a and c."""
        step = self.steps[b]
        if step.kind != "larger" or not any(self._is_zero(arg) for arg in step.args):
            return None
        rest = self.steps[next((arg for arg in step.args if not self._is_zero(arg)), b)]
        return rest.args[0] if rest.kind == "subtract" and rest.args[1] == a else None

    def multiply(self, a: int, b: int) -> int:
        """The product."""
        corners = [x * y for x in self.ranges[a] for y in self.ranges[b]]
        return self._add(Step("multiply", (a, b)), (min(corners), max(corners)))

    def larger(self, a: int, b: int) -> int:
        """The larger of the two."""
        (low, high), (least, most) = self.ranges[a], self.ranges[b]
        if low >= most or least >= high:
            return a if low >= most else b
        return self._add(Step("larger", (a, b)), (max(low, least), max(high, most)))

    def smaller(self, a: int, b: int) -> int:
        """The smaller of the two."""
        (low, high), (least, most) = self.ranges[a], self.ranges[b]
        if high <= least or most <= low:
            return a if high <= least else b
        return self._add(Step("smaller", (a, b)), (min(low, least), min(high, most)))

    def below(self, a: int, b: int) -> int:
        """Whether the first lies below the second."""
        (low, high), (least, most) = self.ranges[a], self.ranges[b]
        if high < least or low >= most:
            return self.decided(high < least)
        return self._add(Step("below", (a, b)), (0, 1))

    def at_most(self, a: int, b: int) -> int:
        """Whether the first is at most the second."""
        (low, high), (least, most) = self.ranges[a], self.ranges[b]
        if high <= least or low > most:
            return self.decided(high <= least)
        return self._add(Step("at_most", (a, b)), (0, 1))

    def equal(self, a: int, value: int) -> int:
        """Whether a is this number."""
        low, high = self.ranges[a]
        if not low <= value <= high or low == high:
            return self.decided(low == high == value)
        return self._add(Step("equal", (a, self.number(value))), (0, 1))

    def both(self, a: int, b: int) -> int:
        """Whether both hold."""
        for one, other in ((a, b), (b, a)):
            if self._known(one) is not None:
                return other if self._known(one) else one
        return self._add(Step("both", (a, b)), (0, 1))

    def either(self, a: int, b: int) -> int:
        """Whether one holds."""
        for one, other in ((a, b), (b, a)):
            if self._known(one) is not None:
                return one if self._known(one) else other
        return self._add(Step("either", (a, b)), (0, 1))

    def opposite(self, a: int) -> int:
        """Not a."""
        known = self._known(a)
        return self._add(Step("not", (a,)), (0, 1)) if known is None else self.decided(not known)

    def where(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where the condition holds."""
        known = self._known(condition)
        if known is not None or then == otherwise:
            return then if known or then == otherwise else otherwise
        (low, high), (least, most) = self.ranges[then], self.ranges[otherwise]
        return self._add(Step("where", (condition, then, otherwise)), (min(low, least), max(high, most)))

    def floor(self, x: int, over: int, plus: int, under: int) -> int:
        """(x × over + plus) ÷ under, rounded down; `under` > 0."""
        if under == 1 and plus == 0 and over == 1:
            return x
        low, high = sorted(end * over + plus for end in self.ranges[x])
        size = max(abs(end) * abs(over) for end in self.ranges[x]) + abs(plus) + under
        flags = BOTH_SIGNS if low < 0 else NOT_BELOW_ZERO
        return self._add(Step("floor", (x,), (over, plus, under), flags), (low // under, high // under), divided=size)

    def round(self, x: int, over: int, under: int) -> int:
        """The value × over ÷ under, halves away from zero; `under` > 0."""
        common = gcd(over, under)
        over, under = over // common, under // common
        if over < 0:
            return self.subtract(self.number(0), self.round(x, -over, under))
        if over == 0:
            return self.number(0)
        low, high = self.ranges[x]
        if under == 1:
            return x if over == 1 else self.multiply(x, self.number(over))
        if low >= 0:
            return self.floor(x, over, under // 2, under)
        size = max(-low, high) * over + under
        return self._add(
            Step("round", (x,), (over, under)),
            (half_away(low * over, under), half_away(high * over, under)),
            divided=size,
        )

    def highest(self, x: int, lines: Sequence[tuple[int, int]], under: int) -> int:
        """The highest of several `floor`s of x that rise with it."""
        capped = next((arg for arg in self.steps[x].args if not self._is_zero(arg)), x)
        if self.steps[x].kind == "larger" and any(self._is_zero(arg) for arg in self.steps[x].args):
            at_zero = max(plus // under for _, plus in lines)
            return self.larger(self.highest(capped, lines, under), self.number(at_zero))
        base, by = self._apart(x)
        if base is not None and by:
            found = self.highest(base, [(over, plus + over * by) for over, plus in lines], under)
            if self.steps[found].kind == "highest" and found in self.scales:
                self.scales[found] = Scaled(base, by, (tuple(lines), under))
            return found
        low, high = (max(end * over + plus for over, plus in lines) for end in self.ranges[x])
        most = max(map(abs, self.ranges[x]))
        size = max(most * over + abs(plus) for over, plus in lines) + under
        numbers = (*(number for line in lines for number in line), under)
        flags = BOTH_SIGNS if low < 0 else NOT_BELOW_ZERO
        found = self._add(Step("highest", (x,), numbers, flags), (low // under, high // under), divided=size)
        if min(over for over, _ in lines) >= 0:
            self.scales.setdefault(found, Scaled(x, 0, (tuple(lines), under)))
        return found

    def pick(self, conditions: Sequence[int], values: Sequence[int]) -> int:
        """The number of the last condition that holds, the first number where none does."""
        if len(set(values)) == 1:
            return self.number(values[0])
        return self._add(
            Step("pick", tuple(conditions), tuple(values)), (min(values), max(values)), on_the_way=max(map(abs, values))
        )

    def round_by(self, x: int, conditions: Sequence[int], fractions: Sequence[tuple[int, int]]) -> int:
        """The value × the picked fraction (not below 0), halves away from zero."""
        if len(set(fractions)) == 1:
            return self.round(x, *fractions[0])
        ends = [half_away(end * over, under) for end in self.ranges[x] for over, under in fractions]
        size = max(max(map(abs, self.ranges[x])) * over + under for over, under in fractions)
        numbers = tuple(number for fraction in fractions for number in fraction)
        flags = BOTH_SIGNS if self.ranges[x][0] < 0 else NOT_BELOW_ZERO
        return self._add(Step("round_by", (x, *conditions), numbers, flags), (min(ends), max(ends)), divided=size)

    def divide(self, n: int, d: int) -> int:
        """The quotient of n and d, halves away from zero; 0 where d is not above 0."""
        low, high = self.ranges[d]
        if high <= 0:
            return self.number(0)
        if low <= 0:
            found = self.divide(n, self.larger(d, self.number(1)))
            return self.where(self.below(self.number(0), d), found, self.number(0))
        ends = [half_away(end, under) for end in self.ranges[n] for under in (low, high)]
        size = 2 * max(map(abs, self.ranges[n])) + high
        flags = BOTH_SIGNS if self.ranges[n][0] < 0 else NOT_BELOW_ZERO
        return self._add(
            Step("divide", (n, d), flags=flags), (min(ends), max(ends)), divided=size, on_the_way=size // 2
        )

    def _is_zero(self, place: int) -> bool:
        return self.ranges[place] == (0, 0)

    def _known(self, place: int) -> bool | None:
        low, high = self.ranges[place]
        return bool(low) if low == high else None

    def again(self, place: int, args: tuple[int, ...]) -> int:
        """A step with other arguments that have the same values."""
        self.source = self.source_of(place)
        largest, divided, _ = self._peaks[place]
        return self._add(self.steps[place]._replace(args=args), self.ranges[place], on_the_way=largest, divided=divided)

    def source_of(self, place: int) -> Source:
        """For which rule and place in its graph a step was first added."""
        return self._peaks[place][2]

    def finish(self, outputs: Iterable[int], *, reads_all: bool) -> Program:
        """The steps that the outputs need, and with `reads_all` every fact."""
        wanted = list(outputs)
        moved: dict[int, int] = {}
        if reads_all:
            needed = self.needed(wanted)
            facts = [place for place, step in enumerate(self.steps) if step.kind == "fact" and place not in needed]
            moved = {place: number for number, place in enumerate(facts)}
        for output in wanted:
            self._order(output, moved)
        steps = [
            self.steps[place]._replace(args=tuple(moved[arg] for arg in self.steps[place].args)) for place in moved
        ]
        peaks = [self._peaks[place] for place in moved]
        unsafe = [source for largest, divided, source in peaks if max(largest, divided) > LARGEST_INTEGER]
        return Program(
            tuple(steps),
            tuple(moved[place] for place in wanted),
            tuple(self.yes_no[place] for place in moved),
            tuple(self.ranges[place] for place in moved),
            all(largest <= EXACT_IN_DOUBLES and divided <= DIVIDES_IN_DOUBLES for largest, divided, _ in peaks),
            min(unsafe, default=None),
        )

    def needed(self, outputs: Iterable[int]) -> set[int]:
        """Places of the steps that the outputs take."""
        keep = set(outputs)
        for place in range(len(self.steps) - 1, -1, -1):
            if place in keep:
                keep.update(self.steps[place].args)
        return keep

    def _order(self, output: int, moved: dict[int, int]) -> None:
        """Put what an output still needs just before it, so that values live for a short time only."""
        waiting = [output]
        while waiting:
            place = waiting[-1]
            open_args = [arg for arg in reversed(self.steps[place].args) if arg not in moved]
            if place in moved or not open_args:
                moved.setdefault(place, len(moved))
                waiting.pop()
            else:
                waiting += open_args
