"""Numbers of the law in the hands of a formula: rates, tables by option, prices per unit, progressive scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from palmtax.base.rate import Rate
from palmtax.rules.errors import LawError
from palmtax.rules.graph import TEN_THOUSANDTHS, Graph, Op, UsedRate, UsedRates, UsedScale, UsedTable
from palmtax.rules.language.symbols import (
    Amount,
    Choice,
    Count,
    M,
    Ordered,
    Portion,
    Quantity,
    Symbol,
    Value,
    YesNo,
    amount,
    like,
    measured,
    of_kind,
    step,
)


@dataclass(frozen=True, eq=False)
class LawRate(Symbol):
    """A rate of the law, or the difference or sum of two."""

    used: UsedRate
    graph: Graph

    def of(self, value: M) -> M:
        """The rate of an amount or a quantity, rounded half up."""
        return step(type(measured(value)), "rate_of", value, detail=self.used)

    def net_of(self, gross: Amount) -> Amount:
        """The amount without tax: gross ÷ (1 + rate), rounded half up to the fen."""
        return step(Amount, "net_of", amount(gross), detail=self.used)

    def gross_up(self, net: Amount) -> Amount:
        """The amount with tax inside: net ÷ (1 − rate), rounded half up to the fen."""
        if self.used.rate.fraction >= 1:
            raise LawError("nothing is left to divide by")
        return step(Amount, "gross_up", amount(net), detail=self.used)

    def portion(self) -> Portion:
        """The rate as a value, exact; more than six decimals are refused."""
        if (self.used.rate.fraction * 1_000_000).denominator != 1:
            raise LawError(f"{self.used.rate} has more than six decimals")
        return Portion(self.graph, self.graph.add("rate", (), "rate", self.used))

    def __add__(self, other: LawRate) -> LawRate:
        return LawRate(UsedRate(self.used.rate + other.used.rate, self.used.terms + other.used.terms), self.graph)

    def __sub__(self, other: LawRate) -> LawRate:
        turned = tuple((-sign, key, rate) for sign, key, rate in other.used.terms)
        return LawRate(UsedRate(self.used.rate - other.used.rate, self.used.terms + turned), self.graph)


def _in_order(key: str, by_option: dict[str, Any], choice: Choice) -> tuple[Any, ...]:
    if set(by_option) != set(of_kind(Choice, choice).options):
        raise LawError(f"{key}: has {sorted(by_option)}, options are {sorted(choice.options)}")
    return tuple(by_option[option] for option in choice.options)


@dataclass(frozen=True, eq=False)
class LawRates(Symbol):
    """Rates of the law by option of a choice."""

    key: str
    rates: tuple[tuple[str, Rate], ...]

    def _used(self, choice: Choice) -> UsedRates:
        return UsedRates(self.key, _in_order(self.key, dict(self.rates), choice))

    def of(self, value: M, choice: Choice) -> M:
        """The rate that belongs to the choice, of an amount or a quantity, rounded half up."""
        return step(type(measured(value)), "rate_by", value, choice, detail=self._used(choice))

    def net_of(self, gross: Amount, choice: Choice) -> Amount:
        """The amount without tax at the rate of the choice, rounded half up to the fen."""
        return step(Amount, "net_by", amount(gross), choice, detail=self._used(choice))

    def gross_up(self, net: Amount, choice: Choice) -> Amount:
        """The amount with tax inside at the rate of the choice, rounded half up to the fen."""
        return step(Amount, "gross_by", amount(net), choice, detail=self._used(choice))

    def at(self, choice: Choice) -> Portion:
        """The rate of the choice as a value; more than six decimals are refused."""
        scaled = [rate.fraction * 1_000_000 for rate in self._used(choice).rates]
        if any(value.denominator != 1 for value in scaled):
            raise LawError(f"{self.key}: a rate has more than six decimals")
        used = UsedTable(self.key, tuple(int(value) for value in scaled))
        return step(Portion, "table", choice, detail=used)


@dataclass(frozen=True, eq=False)
class LawTable(Symbol):
    """Amounts, quantities or counts of the law by option of a choice."""

    key: str
    kind: type[Amount | Quantity | Count]
    values: tuple[tuple[str, int], ...]

    def at(self, choice: Choice) -> Any:
        """The value of the choice: an `Amount`, a `Quantity` or a `Count`."""
        used = UsedTable(self.key, _in_order(self.key, dict(self.values), choice))
        return step(self.kind, "table", choice, detail=used)


def _per_step(price: Rate, value: Any) -> Rate:
    """Fen for one step of the value: a quantity counts ten-thousandths, a count whole things."""
    if isinstance(value, Quantity):
        return Rate(price.fraction * 100 / TEN_THOUSANDTHS)
    if isinstance(value, Count):
        return Rate(price.fraction * 100)
    raise LawError(f"a price per unit needs a quantity or a count, not {type(value).__name__}")


@dataclass(frozen=True, eq=False)
class PerUnit(Symbol):
    """A price of the law in yuan for each unit of a quantity or count, exact below the fen."""

    key: str
    price: Rate

    def of(self, value: Quantity | Count) -> Amount:
        """The price of so many units, rounded half up to the fen."""
        return step(Amount, "per_unit", value, detail=UsedRates(self.key, (_per_step(self.price, value),)))


@dataclass(frozen=True, eq=False)
class PerUnits(Symbol):
    """Prices of the law per unit, by option of a choice."""

    key: str
    prices: tuple[tuple[str, Rate], ...]

    def of(self, value: Quantity | Count, choice: Choice) -> Amount:
        """The price of so many units at the choice, rounded half up to the fen."""
        prices = _in_order(self.key, dict(self.prices), choice)
        used = UsedRates(self.key, tuple(_per_step(price, value) for price in prices))
        return step(Amount, "per_unit_by", value, choice, detail=used)


@dataclass(frozen=True, eq=False)
class Scale(Symbol):
    """A progressive scale: by bracket a rate and a quick deduction; the upper end of a bracket belongs to it."""

    used: UsedScale

    def tax(self, base: Amount, by: Amount | None = None, over: Count | None = None) -> Amount:
        """Base × rate − quick deduction, rounded half up to the fen; the bracket is that of `by` ÷ `over`, exactly."""
        return step(Amount, "scale_tax", amount(base), *_selector(base if by is None else by, over), detail=self.used)

    def rate(self, selector: Amount, over: Count | None = None) -> Portion:
        """The rate of the bracket of `selector` ÷ `over`."""
        return step(Portion, "scale_rate", *_selector(selector, over), detail=self.used)

    def less(self, selector: Amount, over: Count | None = None) -> Amount:
        """The quick deduction of the bracket of `selector` ÷ `over`."""
        return step(Amount, "scale_less", *_selector(selector, over), detail=self.used)


def _selector(selector: Amount, over: Count | None) -> tuple[Value, ...]:
    return (amount(selector),) if over is None else (amount(selector), of_kind(Count, over))


@dataclass(frozen=True, eq=False)
class RatioScale(Symbol):
    """A progressive scale whose brackets are ratios of one amount to another."""

    used: UsedScale

    def tax(self, value: Amount, of: Amount) -> Amount:
        """Value × rate − of × coefficient, rounded half up to the fen once; bracket by value ÷ of, exactly."""
        return step(Amount, "ratio_tax", amount(value), amount(of), detail=self.used)

    def rate(self, value: Amount, of: Amount) -> Portion:
        """The rate of the bracket."""
        return step(Portion, "ratio_rate", amount(value), amount(of), detail=self.used)


@dataclass(frozen=True, eq=False)
class Comparison(Symbol):
    """How the law compares with a threshold: below it, or at most it."""

    key: str
    operator: str

    def holds(self, value: Any, limit: Any) -> YesNo:
        """Whether the value is below (or at most) the limit, as the law in force says."""
        op: Op = "below" if self.operator == "below" else "at_most"
        return step(YesNo, op, of_kind(Ordered, value), like(value, limit), detail=self.key)
