"""The words in which a formula is written; they build the graph and refuse what cannot be exact or explained.

A formula sees values of four kinds (`Amount` fen, `Count`, `YesNo`, `Choice`) and numbers of the law (`LawRate`,
`LawRates`, `Comparison`; amounts and yes/no of the law are `Amount` and `YesNo`). Python's `if`, `and`, `or`, `/`,
`//`, a bare `*`, floats and numbers other than 0 raise `LawError` while the rule is traced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from palmtax.base.rate import Rate
from palmtax.rules.errors import LawError
from palmtax.rules.graph import Graph, Op, Unit, UsedOption, UsedRate, UsedRates


class Symbol:
    """Anything a formula is handed; what it must not do with it is refused here."""

    __slots__ = ()

    def _refuse(self, *_: object) -> NoReturn:
        raise LawError(f"{type(self).__name__}: use where(), both(), either(), times(), share(), same kinds, or a rate")

    def __bool__(self) -> bool:
        raise LawError("a rule may not branch with if/and/or/not: use where(), both(), either(), opposite()")

    __radd__ = __rsub__ = __float__ = __int__ = __index__ = __abs__ = __iter__ = __len__ = _refuse
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _refuse
    __mod__ = __rmod__ = __pow__ = __round__ = __and__ = __or__ = __invert__ = __neg__ = _refuse
    __eq__ = __ne__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # nor may they be keys


class Value(Symbol):
    """A place in the graph of the rule that is being traced."""

    __slots__ = ("graph", "place")
    unit: ClassVar[Unit]

    def __init__(self, graph: Graph, place: int) -> None:
        self.graph, self.place = graph, place


V = TypeVar("V", bound=Value)
N = TypeVar("N", "Amount", "Count")


def _step(kind: type[V], graph: Graph, op: Op, *values: Value, detail: Any = None) -> V:
    places = []
    for value in values:
        if getattr(value, "graph", None) is not graph:
            raise LawError(f"{op}: every part must come from this rule, not {type(value).__name__}")
        places.append(value.place)
    return kind(graph, graph.add(op, tuple(places), kind.unit, detail))


def _like(model: V, other: V | int) -> V:
    """The other operand as a value of the same kind; of bare numbers only 0 is allowed."""
    if isinstance(other, int) and not isinstance(other, bool):
        if other != 0:
            raise LawError(f"the number {other} belongs into a parameter with its article")
        return type(model)(model.graph, model.graph.add("number", (), model.unit, 0))
    if type(other) is not type(model):
        raise LawError(f"{type(model).__name__} and {type(other).__name__} do not go together")
    return other


class _Numeral(Value):
    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        return _step(type(self), self.graph, "add", self, _like(self, other))

    def __sub__(self, other: Self) -> Self:
        return _step(type(self), self.graph, "subtract", self, _like(self, other))

    def __lt__(self, other: Self | int) -> YesNo:
        return _step(YesNo, self.graph, "below", self, _like(self, other), detail="")

    def __le__(self, other: Self | int) -> YesNo:
        return _step(YesNo, self.graph, "at_most", self, _like(self, other), detail="")

    def __gt__(self, other: Self | int) -> YesNo:
        return _step(YesNo, self.graph, "above", self, _like(self, other), detail="")

    def __ge__(self, other: Self | int) -> YesNo:
        return _step(YesNo, self.graph, "reaches", self, _like(self, other), detail="")


class Amount(_Numeral):
    """Money in fen."""

    __slots__ = ()
    unit = "fen"


class Count(_Numeral):
    """A whole number of days, months or things."""

    __slots__ = ()
    unit = "count"


class YesNo(Value):
    """Something that holds or does not."""

    __slots__ = ()
    unit = "yes_no"


class Choice(Value):
    """One of the options that `facts.yaml` lists."""

    __slots__ = ("fact", "options")
    unit = "choice"

    def __init__(self, graph: Graph, place: int, fact: str = "", options: tuple[str, ...] = ()) -> None:
        super().__init__(graph, place)
        self.fact, self.options = fact, options

    def is_(self, option: str) -> YesNo:
        """Whether this option was chosen."""
        if option not in self.options:
            raise LawError(f"{self.fact}: no option {option!r}")
        used = UsedOption(self.fact, self.options.index(option))
        return _step(YesNo, self.graph, "is_option", self, detail=used)


@dataclass(frozen=True, eq=False)
class LawRate(Symbol):
    """A rate of the law, or the difference or sum of two."""

    used: UsedRate

    def of(self, amount: Amount) -> Amount:
        """The rate of an amount, rounded half up to the fen."""
        return _step(Amount, _amount(amount).graph, "rate_of", amount, detail=self.used)

    def net_of(self, gross: Amount) -> Amount:
        """The amount without tax: gross ÷ (1 + rate), rounded half up to the fen."""
        return _step(Amount, _amount(gross).graph, "net_of", gross, detail=self.used)

    def __add__(self, other: LawRate) -> LawRate:
        return LawRate(UsedRate(self.used.rate + other.used.rate, self.used.terms + other.used.terms))

    def __sub__(self, other: LawRate) -> LawRate:
        turned = tuple((-sign, key, rate) for sign, key, rate in other.used.terms)
        return LawRate(UsedRate(self.used.rate - other.used.rate, self.used.terms + turned))


@dataclass(frozen=True, eq=False)
class LawRates(Symbol):
    """Rates of the law by option of a choice."""

    key: str
    rates: tuple[tuple[str, Rate], ...]

    def of(self, amount: Amount, choice: Choice) -> Amount:
        """The rate that belongs to the choice, of an amount, rounded half up to the fen."""
        by_option = dict(self.rates)
        if set(by_option) != set(choice.options):
            raise LawError(f"{self.key}: rates for {sorted(by_option)}, options are {sorted(choice.options)}")
        used = UsedRates(self.key, tuple(by_option[option] for option in choice.options))
        return _step(Amount, _amount(amount).graph, "rate_by", amount, choice, detail=used)


@dataclass(frozen=True, eq=False)
class Comparison(Symbol):
    """How the law compares with a threshold: below it, or at most it."""

    key: str
    operator: str

    def holds(self, amount: Amount, limit: Amount) -> YesNo:
        """Whether the amount is below (or at most) the limit, as the law in force says."""
        op: Op = "below" if self.operator == "below" else "at_most"
        return _step(YesNo, _amount(amount).graph, op, amount, limit, detail=self.key)


def _amount(value: Any) -> Amount:
    if not isinstance(value, Amount):
        raise LawError(f"needs an amount, not {type(value).__name__}")
    return value


def _count(value: Any) -> Count:
    if not isinstance(value, Count):
        raise LawError(f"needs a count, not {type(value).__name__}")
    return value


def atleast(value: N, floor: N | int) -> N:
    """The larger of the two."""
    return _step(type(value), value.graph, "larger", value, _like(value, floor))


def atmost(value: N, ceiling: N | int) -> N:
    """The smaller of the two."""
    return _step(type(value), value.graph, "smaller", value, _like(value, ceiling))


def where(condition: YesNo, then: V, otherwise: V | int) -> V:
    """`then` where the condition holds, else `otherwise`."""
    if not isinstance(condition, YesNo):
        raise LawError("where() needs a yes/no first")
    return _step(type(then), then.graph, "where", condition, then, _like(then, otherwise))


def times(amount: Amount, count: Count) -> Amount:
    """An amount taken several times; never wraps: overflow is refused."""
    return _step(Amount, _amount(amount).graph, "times", amount, _count(count))


def share(amount: Amount, count: Count) -> Amount:
    """An amount spread evenly over a count above 0, rounded half up to the fen."""
    return _step(Amount, _amount(amount).graph, "share", amount, _count(count))


def both(first: YesNo, *others: YesNo) -> YesNo:
    """Whether all hold."""
    return _joined("both", first, others)


def either(first: YesNo, *others: YesNo) -> YesNo:
    """Whether at least one holds."""
    return _joined("either", first, others)


def opposite(condition: YesNo) -> YesNo:
    """Whether it does not hold."""
    return _step(YesNo, condition.graph, "not", _like(condition, condition))


def _joined(op: Op, first: YesNo, others: tuple[YesNo, ...]) -> YesNo:
    for other in others:
        first = _step(YesNo, first.graph, op, first, _like(first, other))
    return first


@dataclass(frozen=True)
class Formula:
    """One line of a rule: a function with its law, labels and the first day it counts."""

    name: str
    function: Callable[..., Value]
    articles: tuple[str, ...]
    label: str
    label_en: str
    since: date = date.min


_WRITTEN: dict[str, list[Formula]] = {}
F = TypeVar("F", bound=Callable[..., Value])


def law(*articles: str, label: str, label_en: str) -> Callable[[F], F]:
    """Make a function one line of its rule; cites at least one article of `statutes.yaml`.

    Articles that are not in force on the day of an assessment are left out of its explanation.
    """
    if not articles:
        raise LawError("a formula needs its law")

    def keep(function: F) -> F:
        formula = Formula(function.__name__, function, articles, label, label_en)
        _WRITTEN.setdefault(function.__module__, []).append(formula)
        return function

    return keep


def since(first_day: date, *, of: str) -> Callable[[F], F]:
    """Put above `@law`: from that day on, this function is the line `of`; the older one stays above it."""

    def keep(function: F) -> F:
        written = _WRITTEN[cast("Any", function).__module__]
        written[-1] = replace(written[-1], name=of, since=first_day)
        return function

    return keep


def take_written(module: str) -> tuple[Formula, ...]:
    """The formulas that a module wrote while it was loaded, in order; they are handed out once."""
    return tuple(_WRITTEN.pop(module, ()))
