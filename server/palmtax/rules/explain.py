"""The explanation: each line with its real numbers, in Chinese and English, from the same graph that computed it.

Like the arithmetic itself, the words of a rule are written out once as one Python function of the values: what is
fixed (labels, titles, rates) is text already, and what depends on the taxpayer is a choice between texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, cast

from palmtax.base.rate import Rate
from palmtax.rules import conditions
from palmtax.rules.brackets import row_of_ratio
from palmtax.rules.conditions import joined
from palmtax.rules.facts import EACH, write_plain_number
from palmtax.rules.graph import TEN_THOUSANDTHS, Node, Unit, UsedRates, UsedScale
from palmtax.rules.sayings import SAYINGS, bracketed, show_fraction, show_yuan, summed
from palmtax.rules.steps import Unanswered

Tell = Callable[[Sequence[int]], list[str]]
_STANDING = {
    "fact", "line", "number", "parameter", "rate", "rate_of", "rate_by", "times", "portion_of", "for_quantity", "table",
    "per_unit", "per_unit_by",
}  # fmt: skip
"""Steps whose words need no brackets inside a larger expression."""
_MARKS = {
    "times": " × ", "portion_of": " × ", "for_quantity": " × ", "share": " ÷ ", "per_quantity": " ÷ ", "ratio": " ÷ ",
    "quotient": " ÷ ",
}  # fmt: skip
_NAMES: dict[str, Any] = {
    "yuan": show_yuan, "plain": write_plain_number, "summed": summed, "bracketed": bracketed, "bisect": bisect_left,
    "row_of_ratio": row_of_ratio, "Unanswered": Unanswered, **conditions.NAMES,
}  # fmt: skip
_FIRST_WORD = re.compile("[（；／]")
"""A unit ends where its remark begins."""
_SHORTEST_SUM = 3
"""So many months of one line in a row are told as one sum."""


class Teller(conditions.Conditions):
    """Writes how the lines of a traced rule are told in one language."""

    def __init__(self, traced: Any, language: str) -> None:
        self.traced, self.language, self.words = traced, language, SAYINGS[language]
        self.nodes: Sequence[Node] = traced.nodes
        self.names = dict(_NAMES)
        self.told: dict[int, str] = {}

    def function(self, places: Sequence[int]) -> Tell:
        """The formulas of the lines at these places, told for the values of one taxpayer."""
        body = ", ".join(self.tell(self.nodes[place].args[0]) for place in places)
        exec(compile(f"def tell(v):\n    return [{body}]", "<words>", "exec"), self.names)  # noqa: S102 - our own text
        return cast("Tell", self.names["tell"])

    def tell(self, place: int) -> str:
        """The expression of the text of one step, stopping at lines, facts and numbers of the law."""
        if place not in self.told:
            node = self.nodes[place]
            self.told[place] = getattr(self, f"_tell_{node.op}", self._tell_other)(node, place)
        return self.told[place]

    def _texts(self, values: Sequence[str]) -> str:
        name = f"text_{len(self.names)}"
        self.names[name] = list(values)
        return name

    def _label(self, thing: Any) -> str:
        return str(thing.label_en if self.language == "en" else thing.label)

    def _title(self, key: str) -> str:
        parameter = self.traced.numbers[key].parameter
        return str(parameter.title_en if self.language == "en" else parameter.title)

    def show(self, place: int, unit: Unit) -> str:
        """The expression of a value with its unit, as people write it."""
        match unit:
            case "fen":
                return f"yuan(v[{place}])"
            case "yes_no":
                return f"({self.words['yes']!r} if v[{place}] else {self.words['no']!r})"
            case "quantity" | "rate" | "day":
                return f"plain({unit!r}, v[{place}])"
            case "days":
                return f"str(v[{place}]) + ({self.words['day']!r} if v[{place}] == 1 else {self.words['days']!r})"
            case _:
                return f"str(v[{place}])"

    def inner(self, place: int) -> str:
        """A part of a larger expression, in brackets unless it stands by itself."""
        told, node = self.tell(place), self.nodes[place]
        left, right = self.words["("], self.words[")"]
        if node.op in _STANDING:
            return told
        if node.op in ("add", "subtract"):
            count = " + ".join(f"({value} != 0)" for _, value, _ in self._parts(place))
            return f"bracketed({told}, {count}, {left!r}, {right!r})"
        if node.op in ("larger", "smaller"):
            return self._inner_bounded(node)
        if node.op == "where":
            return f"reasoned({told}, {left!r}, {right!r})"
        return joined(repr(left), told, repr(right))

    def _format(self, saying: str, *told: str) -> str:
        """A saying with texts in its gaps."""
        pieces = self.words.get(saying, saying).split("{}")
        parts = [repr(pieces[0])]
        for piece, text in zip(pieces[1:], told, strict=True):
            parts += [text, repr(piece)]
        return joined(*parts)

    def _fits(self, place: int) -> str:
        return joined(repr(self.words["fits"]), self.tell(place), repr(self.words[")"]))

    # leaves

    def _tell_fact(self, node: Node, place: int) -> str:
        fact = self.traced.facts[str(node.detail)]
        told = self._given(fact, place)
        if fact.default is not None:
            return told
        return f"({f'{self._label(fact)} …'!r} if type(v[{place}]) is Unanswered else {told})"

    def _given(self, fact: Any, place: int) -> str:
        if fact.options:
            options = self._texts(
                [f"{self._label(fact)}{self.words['is']}{self._label(option)}" for option in fact.options]
            )
            return f"{options}[v[{place}]]"
        measure = (fact.measure_en if self.language == "en" else fact.measure) if fact.unit == "quantity" else ""
        shown = self.show(place, fact.unit)
        return joined(repr(f"{self._label(fact)} "), shown, repr(f" {measure}" if measure else ""))

    def _tell_line(self, node: Node, place: int) -> str:
        line = self.traced.lines_by_code[str(node.detail)]
        return joined(repr(f"{self._label(line)} "), self.show(place, node.unit))

    def _tell_number(self, node: Node, place: int) -> str:
        return self.show(place, node.unit)

    def _tell_parameter(self, node: Node, place: int) -> str:
        key = cast("Any", node.detail).key
        return joined(repr(f"{self._title(key)} "), self.show(place, node.unit), repr(self._measure(key, node.unit)))

    def _measure(self, key: str, unit: Unit) -> str:
        """What a count or quantity of the law counts; parameters name it in Chinese only."""
        if self.language == "en" or unit not in ("count", "quantity"):
            return ""
        return f" {_FIRST_WORD.split(self.traced.numbers[key].parameter.unit)[0]}"

    def _terms(self, node: Node) -> str:
        terms = cast("Any", node.detail).terms
        told = "".join(f"{' + ' if sign > 0 else ' − '}{self._title(key)} {rate}" for sign, key, rate in terms)
        told = told.removeprefix(" + ")
        return repr(f"{self.words['(']}{told}{self.words[')']}" if len(terms) > 1 else told)

    def _tell_rate(self, node: Node, _: int) -> str:
        return self._terms(node)

    # sums

    def _tell_add(self, _: Node, place: int) -> str:
        """A sum without its parts of 0, so that an ordinary shop reads an ordinary sum."""
        parts = [
            f"({(' + ' if sign > 0 else ' − ')!r} + {told} if {value} else '')"
            for sign, value, told in self._parts(place)
        ]
        zero = repr(show_yuan(0) if self.nodes[place].unit == "fen" else "0")
        return f"summed({' + '.join(parts)}, {zero})"

    _tell_subtract = _tell_add

    def _parts(self, place: int) -> list[tuple[int, str, str]]:
        """Sign, value and text of each part of a sum; months of one line in a row are one part."""
        flat, found = self._flat(place, 1), list[tuple[int, str, str]]()
        while flat:
            sign, first = flat[0]
            row = self._row_of(first)
            size = next((i for i, (s, p) in enumerate(flat) if s != sign or self._row_of(p) != row), len(flat))
            if row is None or size < _SHORTEST_SUM:
                found.append((sign, f"v[{first}]", self.inner(first)))
                flat = flat[1:]
            else:
                found.append(self._summed_row(sign, [part for _, part in flat[:size]]))
                flat = flat[size:]
        return found

    def _flat(self, place: int, sign: int) -> list[tuple[int, int]]:
        node = self.nodes[place]
        if node.op not in ("add", "subtract"):
            return [(sign, place)]
        left, right = node.args
        return self._flat(left, sign) + self._flat(right, -sign if node.op == "subtract" else sign)

    def _row_of(self, place: int) -> str | None:
        """The row that a line or a fact belongs to."""
        node = self.nodes[place]
        if node.op not in ("line", "fact"):
            return None
        head, _, tail = str(node.detail).rpartition("_")
        return head if len(tail) == 2 and tail.isdigit() else None

    def _summed_row(self, sign: int, places: Sequence[int]) -> tuple[int, str, str]:
        ends = [self._named(place) for place in (places[0], places[-1])]
        value = "(" + " + ".join(f"v[{place}]" for place in places) + ")"
        label = self.words["sum"].format(ends[0][0], ends[0][1], ends[1][1])
        unit = self.nodes[places[0]].unit
        shown = f"yuan({value})" if unit == "fen" else f"plain({unit!r}, {value})"
        return sign, value, joined(repr(f"{label} "), shown)

    def _named(self, place: int) -> tuple[str, str]:
        """Label of the row and name of its place."""
        node = self.nodes[place]
        known = self.traced.lines_by_code if node.op == "line" else self.traced.facts
        label = self._label(known[str(node.detail)])
        names = [name[self.language == "en"] for each in EACH.values() for name in each]
        name = next(name for name in names if label.endswith((f"（{name}）", f" ({name})")))
        return label.removesuffix(f"（{name}）").removesuffix(f" ({name})"), name

    # rates, tables, prices

    def _tell_rate_of(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" × "), self._terms(node))

    def _tell_net_of(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" ÷ (1 + "), self._terms(node), repr(")"))

    def _tell_gross_up(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" ÷ (1 − "), self._terms(node), repr(")"))

    def _by_choice(self, node: Node) -> str:
        """The rate that belongs to a choice, with its title and what it fits."""
        used = cast("UsedRates", node.detail)
        rates = self._texts([f"{self._title(used.key)} {rate}" for rate in used.rates])
        return joined(f"{rates}[v[{node.args[1]}]]", self._fits(node.args[1]))

    def _tell_rate_by(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" × "), self._by_choice(node))

    def _tell_net_by(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" ÷ (1 + "), self._by_choice(node), repr(")"))

    def _tell_gross_by(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" ÷ (1 − "), self._by_choice(node), repr(")"))

    def _tell_portion_net(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" ÷ (1 + "), self.inner(node.args[1]), repr(")"))

    def _tell_portion_gross(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(" ÷ (1 − "), self.inner(node.args[1]), repr(")"))

    def _tell_table(self, node: Node, place: int) -> str:
        title = self._title(cast("Any", node.detail).key)
        return joined(repr(f"{title} "), self.show(place, node.unit), self._fits(node.args[0]))

    def _tell_per_unit(self, node: Node, _: int) -> str:
        used = cast("UsedRates", node.detail)
        step = TEN_THOUSANDTHS if self.nodes[node.args[0]].unit == "quantity" else 1
        prices = [self.words["yuan"].format(show_fraction(rate.fraction * step / 100)) for rate in used.rates]
        texts = self._texts([f" × {self._title(used.key)} {price}" for price in prices])
        if len(node.args) == 1:
            return joined(self.inner(node.args[0]), f"{texts}[0]")
        return joined(self.inner(node.args[0]), f"{texts}[v[{node.args[1]}]]", self._fits(node.args[1]))

    _tell_per_unit_by = _tell_per_unit

    # scales

    def _row(self, used: UsedScale, selector: Sequence[int]) -> str:
        ends = f"text_{len(self.names)}"
        self.names[ends] = [int(row.up_to) for row in used.brackets if row.up_to is not None]
        picked = f"v[{selector[0]}]"
        if len(selector) > 1:
            over = f"v[{selector[1]}]"
            picked = f"-(-{picked} // {over}) if {over} > 0 else 0"
        return f"bisect({ends}, {picked})"

    def _tell_scale_tax(self, node: Node, _: int) -> str:
        base, *selector = node.args
        used = cast("UsedScale", node.detail)
        rows = self._texts([f" × {row.rate} − {show_yuan(int(row.less))}" for row in used.brackets])
        told = joined(self.inner(base), f"{rows}[{self._row(used, selector)}]")
        if list(selector) == [base]:
            return told
        chosen = self._format("by", self._divided(selector))
        return joined(told, repr(self.words["fits"]), chosen, repr(self.words[")"]))

    def _divided(self, selector: Sequence[int]) -> str:
        return f" + {' ÷ '!r} + ".join(self.inner(part) for part in selector)

    def _tell_scale_rate(self, node: Node, _: int) -> str:
        used = cast("UsedScale", node.detail)
        rates = self._texts([str(row.rate) for row in used.brackets])
        return self._format("scale_rate", self._divided(node.args), f"{rates}[{self._row(used, node.args)}]")

    def _tell_scale_less(self, node: Node, _: int) -> str:
        used = cast("UsedScale", node.detail)
        less = self._texts([show_yuan(int(row.less)) for row in used.brackets])
        return self._format("scale_less", self._divided(node.args), f"{less}[{self._row(used, node.args)}]")

    def _ratio_row(self, node: Node) -> str:
        ends = f"text_{len(self.names)}"
        self.names[ends] = [row.up_to for row in cast("UsedScale", node.detail).brackets[:-1]]
        return f"row_of_ratio(v[{node.args[0]}], v[{node.args[1]}], {ends})"

    def _tell_ratio_tax(self, node: Node, _: int) -> str:
        rows = cast("UsedScale", node.detail).brackets
        rates = self._texts([f" × {row.rate} − " for row in rows])
        less = self._texts([f" × {Rate(row.less)}" for row in rows])
        row = self._ratio_row(node)
        value, of = (self.inner(arg) for arg in node.args)
        return joined(value, f"{rates}[{row}]", of, f"{less}[{row}]")

    def _tell_ratio_rate(self, node: Node, _: int) -> str:
        rates = self._texts([str(row.rate) for row in cast("UsedScale", node.detail).brackets])
        return self._format("scale_rate", self._divided(node.args), f"{rates}[{self._ratio_row(node)}]")

    # choices and bounds

    def _tell_larger(self, node: Node, _: int) -> str:
        return self._bounded(node, "floor", "<")

    def _tell_smaller(self, node: Node, _: int) -> str:
        return self._bounded(node, "ceiling", ">")

    def _bounded(self, node: Node, word: str, sign: str) -> str:
        """A value, with its bound where that counts."""
        value, bound = node.args
        return f"({self._by_bound(node, word)} if v[{value}] {sign} v[{bound}] else {self.tell(value)})"

    def _by_bound(self, node: Node, word: str) -> str:
        value, bound = node.args
        if self.nodes[bound].op == "number":
            return joined(self.tell(value), repr(self.words[f"{word}_0"]))
        return joined(self.tell(value), repr(self.words[word]), self.tell(bound))

    def _inner_bounded(self, node: Node) -> str:
        """In brackets only where the bound counts."""
        value, bound = node.args
        word, sign = ("floor", "<") if node.op == "larger" else ("ceiling", ">")
        told = joined(repr(self.words["("]), self._by_bound(node, word), repr(self.words[")"]))
        return f"({told} if v[{value}] {sign} v[{bound}] else {self.inner(value)})"

    def _tell_where(self, node: Node, place: int) -> str:
        return self.told_condition(place) if node.unit == "yes_no" else self.told_where(place)

    def _tell_not(self, _: Node, place: int) -> str:
        return self.told_condition(place)

    _tell_both = _tell_either = _tell_is_option = _tell_not
    _tell_below = _tell_at_most = _tell_reaches = _tell_above = _tell_not

    def _tell_part(self, node: Node, _: int) -> str:
        value, over, under = (self.inner(arg) for arg in node.args)
        return joined(value, repr(" × "), over, repr(" ÷ "), under)

    def _tell_scaled(self, node: Node, _: int) -> str:
        fraction = cast("Fraction", node.detail)
        if fraction == TEN_THOUSANDTHS:  # a whole number as a quantity
            return self.tell(node.args[0])
        divisor = TEN_THOUSANDTHS / fraction if fraction > 1 else 1 / fraction
        return joined(self.inner(node.args[0]), repr(f" ÷ {divisor}"))

    def _tell_floored(self, node: Node, _: int) -> str:
        return joined(self.inner(node.args[0]), repr(self.words["floored"]))

    def _tell_other(self, node: Node, _: int) -> str:
        told = [self.inner(arg) for arg in node.args]
        if node.op in _MARKS:
            mark = self.words.get(_MARKS[node.op], _MARKS[node.op])
            return f" + {mark!r} + ".join(told)
        return self._format(node.op, *(self.tell(arg) for arg in node.args))
