"""The explanation: each line with its real numbers, in Chinese and English, from the same graph that computed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from palmtax.base.money import show_yuan
from palmtax.base.rate import Rate
from palmtax.rules.brackets import row_of_ratio
from palmtax.rules.facts import write_plain_number
from palmtax.rules.graph import MILLIONTHS, TEN_THOUSANDTHS, Node, Unit, UsedRates, UsedScale
from palmtax.rules.traced import Traced

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "(": "（", ")": "）", "fits": "（{}）", "yes": "是", "no": "否", "days": "{} 天", "count": "{}",
        "then": "{0}：{1} → {2}", "and": "{} 且 {}", "or": "{} 或 {}", "not": "非（{}）", "is": "{0} 为 {1}",
        "below": "{0} 低于 {1}", "at_most": "{0} 不超过 {1}", "reaches": "{0} 达到 {1}", "above": "{0} 超过 {1}",
        "floor": "{0}，最低按 {1}", "ceiling": "{0}，最高按 {1}", "floored": "{0}，取整数",
        "by": "{0}（按 {1} 对应的级距）", "days_between": "{0} 至 {1} 的天数", "full_years": "{0} 至 {1} 满整年数",
        "full_months": "{0} 至 {1} 满整月数", "month_of": "{0} 的月份", "year_of": "{0} 的年份",
        "scale_rate": "{0} 对应的税率 {1}", "scale_less": "{0} 对应的速算扣除数 {1}", "yuan": "{} 元",
    },
    "en": {
        "(": "(", ")": ")", "fits": " ({})", "yes": "yes", "no": "no", "days": "{} days", "count": "{}",
        "then": "{0}: {1} → {2}", "and": "{} and {}", "or": "{} or {}", "not": "not ({})", "is": "{0} is {1}",
        "below": "{0} below {1}", "at_most": "{0} at most {1}", "reaches": "{0} at least {1}", "above": "{0} above {1}",
        "floor": "{0}, not below {1}", "ceiling": "{0}, not above {1}", "floored": "{0}, rounded down",
        "by": "{0} (bracket of {1})", "days_between": "days from {0} to {1}", "full_years": "full years from {0} to {1}",
        "full_months": "full months from {0} to {1}", "month_of": "month of {0}", "year_of": "year of {0}",
        "scale_rate": "rate of {0}: {1}", "scale_less": "quick deduction of {0}: {1}", "yuan": "¥{}",
    },
}  # fmt: skip


_STANDING = {
    "fact", "line", "number", "parameter", "rate", "rate_of", "rate_by", "times", "portion_of", "for_quantity", "table",
    "per_unit", "per_unit_by",
}  # fmt: skip
"""Steps whose words need no brackets inside a larger expression."""
_MARKS = {
    "times": " × ", "portion_of": " × ", "for_quantity": " × ", "share": " ÷ ", "per_quantity": " ÷ ", "ratio": " ÷ ",
    "quotient": " ÷ ",
}  # fmt: skip


class Teller:
    """Tells the lines of one assessment in one language."""

    def __init__(self, traced: Traced, values: Sequence[int], language: str) -> None:
        self.traced, self.values, self.language = traced, values, language
        self.words = _WORDS[language]
        self.lines = traced.lines_by_code
        self.told: dict[int, str] = {}

    def formula(self, place: int) -> str:
        """The arithmetic of a line, stopping at other lines, facts and parameters."""
        return self._tell(self.traced.nodes[place].args[0])

    def show(self, value: int, unit: Unit) -> str:
        """A value with its unit, as people write it."""
        if unit == "fen":
            return show_yuan(value)
        if unit == "yes_no":
            return self.words["yes" if value else "no"]
        if unit in ("quantity", "rate", "day"):
            return write_plain_number(unit, value)
        return self.words["days" if unit == "days" else "count"].format(value)

    def _label(self, thing: Any) -> str:
        """The label of a fact, a line's formula or an option."""
        return str(thing.label_en if self.language == "en" else thing.label)

    def _title(self, key: str) -> str:
        parameter = self.traced.numbers[key].parameter
        return parameter.title_en if self.language == "en" else parameter.title

    def _tell(self, place: int) -> str:
        if place not in self.told:
            node = self.traced.nodes[place]
            self.told[place] = getattr(self, f"_tell_{node.op}", self._tell_other)(node, place)
        return self.told[place]

    def _tell_fact(self, node: Node, place: int) -> str:
        fact = self.traced.facts[str(node.detail)]
        if fact.options:
            return f"{self._label(fact)} {self._label(fact.options[self.values[place]])}"
        if fact.unit == "quantity":
            measure = fact.measure_en if self.language == "en" else fact.measure
            return f"{self._label(fact)} {self.show(self.values[place], fact.unit)} {measure}".rstrip()
        return f"{self._label(fact)} {self.show(self.values[place], fact.unit)}"

    def _tell_line(self, node: Node, place: int) -> str:
        return f"{self._label(self.lines[str(node.detail)])} {self.show(self.values[place], node.unit)}"

    def _tell_number(self, node: Node, place: int) -> str:
        return self.show(self.values[place], node.unit)

    def _tell_parameter(self, node: Node, place: int) -> str:
        return f"{self._title(node.detail.key)} {self.show(self.values[place], node.unit)}"  # type: ignore[attr-defined]  # the kind of node decides its detail

    def _tell_add(self, _: Node, place: int) -> str:
        """A sum without its parts of 0, so that an ordinary shop reads an ordinary sum."""
        parts = [(sign, part) for sign, part in self._parts(place, 1) if self.values[part]]
        if not parts:
            return self.show(0, self.traced.nodes[place].unit)
        told = [f"{' + ' if sign > 0 else ' − '}{self._inner(part)}" for sign, part in parts]
        return "".join(told).removeprefix(" + ").lstrip()

    _tell_subtract = _tell_add

    def _parts(self, place: int, sign: int) -> list[tuple[int, int]]:
        node = self.traced.nodes[place]
        if node.op not in ("add", "subtract"):
            return [(sign, place)]
        left, right = node.args
        return self._parts(left, sign) + self._parts(right, -sign if node.op == "subtract" else sign)

    def _inner(self, place: int) -> str:
        """A part of a larger expression, in brackets unless it stands by itself."""
        told, node = self._tell(place), self.traced.nodes[place]
        if node.op in ("add", "subtract") and sum(1 for _, part in self._parts(place, 1) if self.values[part]) < 2:
            return told
        if node.op in _STANDING:
            return told
        return f"{self.words['(']}{told}{self.words[')']}"

    def _rate(self, terms: tuple[tuple[int, str, Rate], ...]) -> str:
        told = "".join(f"{' + ' if sign > 0 else ' − '}{self._title(key)} {rate}" for sign, key, rate in terms)
        told = told.removeprefix(" + ")
        return f"{self.words['(']}{told}{self.words[')']}" if len(terms) > 1 else told

    def _tell_rate_of(self, node: Node, _: int) -> str:
        return f"{self._inner(node.args[0])} × {self._rate(node.detail.terms)}"  # type: ignore[attr-defined]  # the kind of node decides its detail

    def _tell_net_of(self, node: Node, _: int) -> str:
        rate = self._rate(node.detail.terms)  # type: ignore[attr-defined]  # the kind of node decides its detail
        return f"{self._inner(node.args[0])} ÷ (1 + {rate})"

    def _tell_gross_up(self, node: Node, _: int) -> str:
        rate = self._rate(node.detail.terms)  # type: ignore[attr-defined]  # the kind of node decides its detail
        return f"{self._inner(node.args[0])} ÷ (1 − {rate})"

    def _tell_rate(self, node: Node, _: int) -> str:
        return self._rate(node.detail.terms)  # type: ignore[attr-defined]  # the kind of node decides its detail

    def _by_choice(self, node: Node) -> str:
        """The rate that belongs to a choice, with its title and what it fits."""
        choice = node.args[1]
        rate = node.detail.rates[self.values[choice]]  # type: ignore[attr-defined]  # the kind of node decides its detail
        fits = self.words["fits"].format(self._tell(choice))
        return f"{self._title(node.detail.key)} {rate}{fits}"  # type: ignore[attr-defined]  # the kind of node decides its detail

    def _tell_rate_by(self, node: Node, _: int) -> str:
        return f"{self._inner(node.args[0])} × {self._by_choice(node)}"

    def _tell_net_by(self, node: Node, _: int) -> str:
        return f"{self._inner(node.args[0])} ÷ (1 + {self._by_choice(node)})"

    def _tell_gross_by(self, node: Node, _: int) -> str:
        return f"{self._inner(node.args[0])} ÷ (1 − {self._by_choice(node)})"

    def _tell_table(self, node: Node, place: int) -> str:
        title = self._title(node.detail.key)  # type: ignore[attr-defined]  # the kind of node decides its detail
        fits = self.words["fits"].format(self._tell(node.args[0]))
        return f"{title} {self.show(self.values[place], node.unit)}{fits}"

    def _tell_per_unit(self, node: Node, _: int) -> str:
        used: UsedRates = node.detail  # type: ignore[assignment]  # the kind of node decides its detail
        choice = node.args[1] if len(node.args) > 1 else None
        price = used.rates[self.values[choice] if choice is not None else 0].fraction / 100
        if self.traced.nodes[node.args[0]].unit == "quantity":
            price *= TEN_THOUSANDTHS
        fits = self.words["fits"].format(self._tell(choice)) if choice is not None else ""
        told = self.words["yuan"].format(show_fraction(price))
        return f"{self._inner(node.args[0])} × {self._title(used.key)} {told}{fits}"

    _tell_per_unit_by = _tell_per_unit

    def _tell_portion_net(self, node: Node, _: int) -> str:
        return f"{self._inner(node.args[0])} ÷ (1 + {self._inner(node.args[1])})"

    def _tell_portion_gross(self, node: Node, _: int) -> str:
        return f"{self._inner(node.args[0])} ÷ (1 − {self._inner(node.args[1])})"

    def _tell_part(self, node: Node, _: int) -> str:
        value, over, under = (self._inner(arg) for arg in node.args)
        return f"{value} × {over} ÷ {under}"

    def _tell_scaled(self, node: Node, _: int) -> str:
        fraction: Any = node.detail
        if fraction == TEN_THOUSANDTHS:  # a whole number as a quantity
            return self._tell(node.args[0])
        divisor = TEN_THOUSANDTHS / fraction if fraction > 1 else 1 / fraction
        return f"{self._inner(node.args[0])} ÷ {divisor}"

    def _bracket(self, node: Node, selector: Sequence[int], base: int | None) -> tuple[str, str, str]:
        """Rate and quick deduction of the bracket, and what chose it when that is not the base itself."""
        used: UsedScale = node.detail  # type: ignore[assignment]  # the kind of node decides its detail
        picked = self.values[selector[0]]
        if len(selector) > 1:
            over = self.values[selector[1]]
            picked = -(-picked // over) if over > 0 else 0
        row = next(row for row in used.brackets if row.up_to is None or picked <= row.up_to)
        chosen = " ÷ ".join(self._inner(part) for part in selector)
        return str(row.rate), show_yuan(int(row.less)), "" if list(selector) == [base] else chosen

    def _tell_scale_tax(self, node: Node, _: int) -> str:
        base, *selector = node.args
        rate, less, chosen = self._bracket(node, selector, base)
        told = f"{self._inner(base)} × {rate} − {less}"
        return self.words["by"].format(told, chosen) if chosen else told

    def _tell_scale_rate(self, node: Node, _: int) -> str:
        rate, _less, chosen = self._bracket(node, node.args, None)
        return self.words["scale_rate"].format(chosen, rate)

    def _tell_scale_less(self, node: Node, _: int) -> str:
        _rate, less, chosen = self._bracket(node, node.args, None)
        return self.words["scale_less"].format(chosen, less)

    def _ratio_row(self, node: Node) -> Any:
        used: UsedScale = node.detail  # type: ignore[assignment]  # the kind of node decides its detail
        ends = [row.up_to for row in used.brackets if row.up_to is not None]
        return used.brackets[row_of_ratio(*(self.values[arg] for arg in node.args), ends)]

    def _tell_ratio_tax(self, node: Node, _: int) -> str:
        row = self._ratio_row(node)
        value, of = (self._inner(arg) for arg in node.args)
        return f"{value} × {row.rate} − {of} × {Rate(row.less)}"

    def _tell_ratio_rate(self, node: Node, _: int) -> str:
        value, of = (self._inner(arg) for arg in node.args)
        return self.words["scale_rate"].format(f"{value} ÷ {of}", self._ratio_row(node).rate)

    def _tell_is_option(self, node: Node, _: int) -> str:
        fact = self.traced.facts[node.detail.fact]  # type: ignore[attr-defined]  # the kind of node decides its detail
        option = fact.options[node.detail.place]  # type: ignore[attr-defined]  # the kind of node decides its detail
        return self.words["is"].format(self._label(fact), self._label(option))

    def _tell_larger(self, node: Node, _: int) -> str:
        return self._bounded(node, "floor", self.values[node.args[0]] < self.values[node.args[1]])

    def _tell_smaller(self, node: Node, _: int) -> str:
        return self._bounded(node, "ceiling", self.values[node.args[0]] > self.values[node.args[1]])

    def _bounded(self, node: Node, word: str, is_bound: bool) -> str:
        value, bound = node.args
        return self.words[word].format(self._inner(value), self._tell(bound)) if is_bound else self._tell(value)

    def _tell_where(self, node: Node, _: int) -> str:
        condition, then, otherwise = node.args
        taken = self._tell(then if self.values[condition] else otherwise)
        if self.traced.nodes[condition].op in ("fact", "line", "parameter"):  # these already end in yes or no
            return f"{self._tell(condition)} → {taken}"
        answer = self.show(self.values[condition], "yes_no")
        return self.words["then"].format(self._tell(condition), answer, taken)

    def _tell_other(self, node: Node, _: int) -> str:
        told = [self._inner(arg) for arg in node.args]
        if node.op in _MARKS:
            return _MARKS[node.op].join(told)
        word = {"both": "and", "either": "or"}.get(node.op, node.op)
        return self.words[word].format(*told)


def show_fraction(value: Any) -> str:
    """A price per unit as a decimal where it is one, else as a fraction.

    >>> from fractions import Fraction
    >>> show_fraction(Fraction(3, 1000)), show_fraction(Fraction(1, 3))
    ('0.003', '1/3')
    """
    scaled = value * MILLIONTHS * MILLIONTHS
    if scaled.denominator != 1:
        return str(value)
    whole, part = divmod(int(scaled), MILLIONTHS * MILLIONTHS)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".")
