"""The explanation: each line with its real numbers, in Chinese and English, from the same graph that computed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from palmtax.base.money import show_yuan
from palmtax.base.rate import Rate
from palmtax.rules.engine import Traced
from palmtax.rules.graph import Node, Unit

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "(": "（", ")": "）", "fits": "（{}）", "yes": "是", "no": "否", "days": "{} 天", "count": "{}",
        "then": "{0}：{1} → {2}", "and": "{} 且 {}", "or": "{} 或 {}", "not": "非（{}）", "is": "{0} 为 {1}",
        "below": "{0} 低于 {1}", "at_most": "{0} 不超过 {1}", "reaches": "{0} 达到 {1}", "above": "{0} 超过 {1}",
        "floor": "{0}，最低按 {1}", "ceiling": "{0}，最高按 {1}",
    },
    "en": {
        "(": "(", ")": ")", "fits": " ({})", "yes": "yes", "no": "no", "days": "{} days", "count": "{}",
        "then": "{0}: {1} → {2}", "and": "{} and {}", "or": "{} or {}", "not": "not ({})", "is": "{0} is {1}",
        "below": "{0} below {1}", "at_most": "{0} at most {1}", "reaches": "{0} at least {1}", "above": "{0} above {1}",
        "floor": "{0}, not below {1}", "ceiling": "{0}, not above {1}",
    },
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
        return f"{self._label(fact)} {self.show(self.values[place], fact.unit)}"

    def _tell_line(self, node: Node, place: int) -> str:
        return f"{self._label(self.lines[str(node.detail)].formula)} {self.show(self.values[place], node.unit)}"

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
        if node.op in ("fact", "line", "number", "parameter", "rate_of", "rate_by", "times"):
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

    def _tell_rate_by(self, node: Node, _: int) -> str:
        amount, choice = node.args
        rate = node.detail.rates[self.values[choice]]  # type: ignore[attr-defined]  # the kind of node decides its detail
        fits = self.words["fits"].format(self._tell(choice))
        return f"{self._inner(amount)} × {self._title(node.detail.key)} {rate}{fits}"  # type: ignore[attr-defined]  # the kind of node decides its detail

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
        if node.op in ("times", "share"):
            return f" {'×' if node.op == 'times' else '÷'} ".join(told)
        word = {"both": "and", "either": "or"}.get(node.op, node.op)
        return self.words[word].format(*told)
