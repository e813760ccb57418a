"""One taxpayer: a graph written out as one exact Python function on whole numbers, and what is still missing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, cast

from palmtax.base.rate import Rate, half_up
from palmtax.rules.brackets import common, row_of_ratio
from palmtax.rules.graph import (
    MILLIONTHS,
    TEN_THOUSANDTHS,
    Node,
    UsedOption,
    UsedParameter,
    UsedRate,
    UsedRates,
    UsedScale,
    UsedTable,
)

Step = Callable[[Sequence[Any], Mapping[str, int]], int]
Program = Callable[[Mapping[str, int]], list[int]]
Refer = Callable[[int], str]


def half_up_or_0(numerator: int, denominator: int) -> int:
    """The quotient rounded half up; 0 where there is nothing to divide by."""
    return half_up(numerator, denominator) if denominator > 0 else 0


def full_months(first: int, second: int) -> int:
    """Whole months between two ordinals; 0 where the second comes first."""
    if second < first:
        return 0
    begin, end = date.fromordinal(first), date.fromordinal(second)
    return (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)


def full_years(first: int, second: int) -> int:
    """Whole years between two ordinals; 0 where the second comes first."""
    return full_months(first, second) // 12


_NAMES: dict[str, Any] = {
    "bisect": bisect_left,
    "day": date.fromordinal,
    "div": half_up_or_0,
    "months": full_months,
    "years": full_years,
    "row_of_ratio": row_of_ratio,
}
_TWO = {
    "add": "{} + {}", "subtract": "{} - {}", "times": "{} * {}", "larger": "max({}, {})", "smaller": "min({}, {})",
    "below": "{} < {}", "at_most": "{} <= {}", "reaches": "{} >= {}", "above": "{} > {}",
    "both": "{} and {}", "either": "{} or {}", "not": "not {}", "line": "{}", "where": "{1} if {0} else {2}",
    "share": "div({}, {})", "part": "div({} * {}, {})", "days_between": "{1} - {0}",
    "full_years": "years({}, {})", "full_months": "months({}, {})", "month_of": "day({}).month",
    "year_of": "day({}).year",
    "per_quantity": f"div({{}} * {TEN_THOUSANDTHS}, {{}})",
    "portion_net": f"div({{}} * {MILLIONTHS}, {MILLIONTHS} + {{}})",
    "portion_gross": f"div({{}} * {MILLIONTHS}, {MILLIONTHS} - {{}})",
}  # fmt: skip
"""Operators whose form needs no number of the law."""


def _rounded(product: str, under: int) -> str:
    """A product ÷ a fixed number, rounded half up (away from zero)."""
    if under == 1:
        return product
    half = under // 2
    return f"((t + {half}) // {under} if (t := {product}) >= 0 else -(({half} - t) // {under}))"


class Writer:
    """Writes each step as Python; tables of the law go into the names that the function sees."""

    def __init__(self) -> None:
        self.names = dict(_NAMES)

    def table(self, values: Sequence[Any]) -> str:
        """The name of a table."""
        name = f"table_{len(self.names)}"
        self.names[name] = list(values)
        return name

    def expression(self, node: Node, refer: Refer) -> str:
        """The step as an expression over the steps it needs."""
        args = [refer(arg) for arg in node.args]
        if node.op in _TWO:
            return _TWO[node.op].format(*args)
        form = getattr(self, f"_{node.op}", None)
        return str(form(node, *args) if form else self._by_rate(node, *args))

    def _fact(self, node: Node) -> str:
        return f"given[{node.detail!r}]"

    def _number(self, node: Node) -> str:
        number = node.detail.value if isinstance(node.detail, UsedParameter) else cast("int", node.detail)
        return repr(bool(number) if node.unit == "yes_no" else number)

    _parameter = _number

    def _rate(self, node: Node) -> str:
        return repr(int(cast("UsedRate", node.detail).rate.fraction * MILLIONTHS))

    def _is_option(self, node: Node, a: str) -> str:
        return f"{a} == {cast('UsedOption', node.detail).place}"

    def _table(self, node: Node, a: str) -> str:
        return f"{self.table(cast('UsedTable', node.detail).values)}[{a}]"

    def _scaled(self, node: Node, a: str) -> str:
        fraction = cast("Fraction", node.detail)
        return _rounded(f"{a} * {fraction.numerator}", fraction.denominator)

    def _floored(self, node: Node, a: str) -> str:
        return f"{a} // {node.detail}"

    def _portion_of(self, _: Node, a: str, b: str) -> str:
        return _rounded(f"{a} * {b}", MILLIONTHS)

    def _for_quantity(self, _: Node, a: str, b: str) -> str:
        return _rounded(f"{a} * {b}", TEN_THOUSANDTHS)

    def _ratio(self, node: Node, a: str, b: str) -> str:
        places = cast("int", node.detail)
        return f"div({a} * {10**places}, {b}) * {MILLIONTHS // 10**places}"

    def _quotient(self, node: Node, a: str, b: str) -> str:
        places = cast("int", node.detail)
        return f"div({a} * {10**places}, {b}) * {TEN_THOUSANDTHS // 10**places}"

    def _by_rate(self, node: Node, a: str, choice: str = "") -> str:
        fractions = fractions_of(node)
        if not choice:
            return _rounded(f"{a} * {fractions[0].numerator}", fractions[0].denominator)
        over = self.table([fraction.numerator for fraction in fractions])
        under = self.table([fraction.denominator for fraction in fractions])
        return f"div({a} * {over}[{choice}], {under}[{choice}])"

    def _row(self, used: UsedScale, selector: str, over: str = "") -> str:
        ends = [int(row.up_to) for row in used.brackets if row.up_to is not None]
        exact = f"-(-{selector} // {over}) if {over} > 0 else 0" if over else selector
        return f"bisect({self.table(ends)}, {exact})"

    def _scale_tax(self, node: Node, base: str, *selector: str) -> str:
        used = cast("UsedScale", node.detail)
        overs, under = common([row.rate.fraction for row in used.brackets])
        less = self.table([int(row.less) for row in used.brackets])
        product = f"{base} * {self.table(overs)}[k := {self._row(used, *selector)}]"
        return f"{_rounded(product, under)} - {less}[k]"

    def _scale_rate(self, node: Node, *selector: str) -> str:
        used = cast("UsedScale", node.detail)
        rates = self.table([int(row.rate.fraction * MILLIONTHS) for row in used.brackets])
        return f"{rates}[{self._row(used, *selector)}]"

    def _scale_less(self, node: Node, *selector: str) -> str:
        used = cast("UsedScale", node.detail)
        return f"{self.table([int(row.less) for row in used.brackets])}[{self._row(used, *selector)}]"

    def _ratio_row(self, used: UsedScale, amount: str, of: str) -> str:
        return f"row_of_ratio({amount}, {of}, {self.table([row.up_to for row in used.brackets[:-1]])})"

    def _ratio_tax(self, node: Node, amount: str, of: str) -> str:
        used = cast("UsedScale", node.detail)
        parts = [row.rate.fraction for row in used.brackets] + [row.less for row in used.brackets]
        overs, under = common(parts)
        rates, less = self.table(overs[: len(used.brackets)]), self.table(overs[len(used.brackets) :])
        row = self._ratio_row(used, amount, of)
        return _rounded(f"{amount} * {rates}[k := {row}] - {of} * {less}[k]", under)

    def _ratio_rate(self, node: Node, amount: str, of: str) -> str:
        used = cast("UsedScale", node.detail)
        rates = self.table([int(row.rate.fraction * MILLIONTHS) for row in used.brackets])
        return f"{rates}[{self._ratio_row(used, amount, of)}]"


def fractions_of(node: Node) -> list[Fraction]:
    """The exact fractions by which a step multiplies: one, or one for each option."""
    detail = node.detail
    rates = [detail.rate] if isinstance(detail, UsedRate) else list(cast("UsedRates", detail).rates)
    return [_fraction(node.op, rate) for rate in rates]


def _fraction(op: str, rate: Rate) -> Fraction:
    if op in ("net_of", "net_by"):
        return 1 / (1 + rate.fraction)
    return 1 / (1 - rate.fraction) if op in ("gross_up", "gross_by") else rate.fraction


def program(nodes: Sequence[Node]) -> Program:
    """The whole graph as one function: facts in, the value of every step out."""
    writer = Writer()
    body = [f"    v{place} = {writer.expression(node, 'v{}'.format)}" for place, node in enumerate(nodes)]
    values = ", ".join(f"v{place}" for place in range(len(nodes)))
    source = "\n".join(["def run(given):", *body, f"    return [{values}]"])
    exec(compile(source, "<rule>", "exec"), writer.names)  # noqa: S102 - our own text, made from a checked graph
    return cast("Program", writer.names["run"])


def steps(nodes: Sequence[Node]) -> list[Step]:
    """Each step as a function of its own, for graphs that can be computed only in part."""
    writer, refer = Writer(), "v[{}]".format
    text = ",\n".join(f"lambda v, given: {writer.expression(node, refer)}" for node in nodes)
    return cast("list[Step]", eval(compile(f"[{text}]", "<rule>", "eval"), writer.names))  # noqa: S307 - as above


class Unanswered(int):
    """A fact that was not given and decides nothing: it counts as a whole number and is told as a gap."""


def partly(
    nodes: Sequence[Node], found: Sequence[Step], given: Mapping[str, int], wanted: Iterable[int]
) -> tuple[dict[int, Any], list[str]]:
    """What can be known from some of the facts: values by place (None: not yet), and codes of the facts still needed.

    `found` are the `steps` of these nodes. Branches already decided ask for nothing.
    """
    values, lost = dict[int, Any](), dict[str, None]()

    def need(place: int) -> int | None:
        if place not in values:
            values[place] = find(nodes[place], place)
        return cast("int | None", values[place])

    def find(node: Node, place: int) -> int | None:
        if node.op == "fact" and node.detail not in given:
            lost[cast("str", node.detail)] = None
            return None
        if node.op == "where":
            condition = need(node.args[0])  # unknown: ask for the branches once it is known which one counts
            return None if condition is None else need(node.args[1] if condition else node.args[2])
        if node.op in ("both", "either"):
            first = need(node.args[0])
            if first is not None and bool(first) == (node.op == "either"):
                return first  # decided, whatever the other part is
        parts = [need(arg) for arg in node.args]
        return None if None in parts else found[place](cast("Any", values), given)

    for place in wanted:
        need(place)
    return values, list(lost)
