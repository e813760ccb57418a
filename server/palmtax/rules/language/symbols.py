"""What a formula is handed: values of the taxpayer and how they may be put together; the rest is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from palmtax.rules.errors import LawError
from palmtax.rules.graph import Graph, Op, Unit, UsedOption


class Symbol:
    """Anything a formula is handed; what it must not do with it is refused here."""

    __slots__ = ()

    def _refuse(self, *_: object) -> NoReturn:
        raise LawError(f"{type(self).__name__}: use where(), both(), either(), times(), share(), same kinds, or a rate")

    def __bool__(self) -> bool:
        raise LawError("a rule may not branch with if/and/or/not: use where(), both(), either(), opposite()")

    __radd__ = __rsub__ = __float__ = __int__ = __index__ = __abs__ = _refuse
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _refuse
    __mod__ = __rmod__ = __pow__ = __round__ = __and__ = __or__ = __invert__ = __neg__ = _refuse
    __eq__ = __ne__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # nor may they be keys


class Value(Symbol):
    """A place in the graph of the rule that is being traced."""

    __slots__ = ("graph", "place")
    unit: ClassVar[Unit]

    __iter__ = __len__ = Symbol._refuse

    def __init__(self, graph: Graph, place: int) -> None:
        self.graph, self.place = graph, place


V = TypeVar("V", bound=Value)


def step(kind: type[V], op: Op, *values: Value, detail: Any = None) -> V:
    """One more step of the rule; every part must belong to the rule that is being traced."""
    graph = values[0].graph
    for value in values:
        if getattr(value, "graph", None) is not graph:
            raise LawError(f"{op}: every part must come from this rule, not {type(value).__name__}")
    return kind(graph, graph.add(op, tuple(value.place for value in values), kind.unit, detail))


def nothing(like: Any) -> Any:
    """A 0 of the same kind as a value or as the values of a row."""
    model = like.first if isinstance(like, Row) else like
    return type(model)(model.graph, model.graph.add("number", (), model.unit, 0))


def like(model: V, other: V | int) -> V:
    """The other operand as a value of the same kind; of bare numbers only 0 is allowed."""
    if isinstance(other, int) and not isinstance(other, bool):
        if other != 0:
            raise LawError(f"the number {other} belongs into a parameter with its article")
        return cast("V", nothing(model))
    if type(other) is not type(model):
        raise LawError(f"{type(model).__name__} and {type(other).__name__} do not go together")
    return other


class Ordered(Value):
    """A value that can be compared with its like."""

    __slots__ = ()

    def __lt__(self, other: Self | int) -> YesNo:
        return step(YesNo, "below", self, like(self, other), detail="")

    def __le__(self, other: Self | int) -> YesNo:
        return step(YesNo, "at_most", self, like(self, other), detail="")

    def __gt__(self, other: Self | int) -> YesNo:
        return step(YesNo, "above", self, like(self, other), detail="")

    def __ge__(self, other: Self | int) -> YesNo:
        return step(YesNo, "reaches", self, like(self, other), detail="")


class Numeral(Ordered):
    """A value that can be added to its like."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        return step(type(self), "add", self, like(self, other))

    def __sub__(self, other: Self) -> Self:
        return step(type(self), "subtract", self, like(self, other))


class Amount(Numeral):
    """Money in fen."""

    __slots__ = ()
    unit = "fen"


class Count(Numeral):
    """A whole number of days, months or things."""

    __slots__ = ()
    unit = "count"


class Quantity(Numeral):
    """An area, weight, volume or average: ten-thousandths of its measure."""

    __slots__ = ()
    unit = "quantity"


class Portion(Numeral):
    """A rate as a value: millionths of the whole."""

    __slots__ = ()
    unit = "rate"

    def of(self, value: M) -> M:
        """The portion of an amount or a quantity, rounded half up."""
        return step(type(measured(value)), "portion_of", value, self)

    def net_of(self, gross: Amount) -> Amount:
        """The amount without tax: gross ÷ (1 + portion), rounded half up to the fen; the portion is not negative."""
        return step(Amount, "portion_net", amount(gross), self)

    def gross_up(self, net: Amount) -> Amount:
        """The amount with tax inside: net ÷ (1 − portion), rounded half up to the fen."""
        return step(Amount, "portion_gross", amount(net), self)


class Day(Ordered):
    """A day of the calendar."""

    __slots__ = ()
    unit = "day"


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
        return step(YesNo, "is_option", self, detail=UsedOption(self.fact, self.options.index(option)))

    def is_in(self, *options: str) -> YesNo:
        """Whether one of these options was chosen."""
        first, *others = (self.is_(option) for option in options)
        for other in others:
            first = step(YesNo, "either", first, other)
        return first


class Row(Symbol):
    """Values of one kind in their order, such as one for each month."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Value]) -> None:
        if not values or len({type(value) for value in values}) != 1:
            raise LawError("a row holds values of one kind")
        self.values = tuple(values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, place: int) -> Any:
        return self.values[place]

    @property
    def first(self) -> Any:
        """The value of the first month or quarter."""
        return self.values[0]

    @property
    def last(self) -> Any:
        """The value of the last month or quarter."""
        return self.values[-1]


N = TypeVar("N", Amount, Count, Quantity, Portion)
M = TypeVar("M", Amount, Quantity)


def amount(value: Any) -> Amount:
    """The value, if it is money."""
    return of_kind(Amount, value)


def of_kind(kind: type[V], value: Any) -> V:
    """The value, if it is of that kind; else `LawError`."""
    if not isinstance(value, kind):
        raise LawError(f"needs {kind.__name__}, not {type(value).__name__}")
    return value


def measured(value: M) -> M:
    """The value, if it is money or a quantity; else `LawError`."""
    if not isinstance(value, (Amount, Quantity)):
        raise LawError(f"needs an amount or a quantity, not {type(value).__name__}")
    return value
