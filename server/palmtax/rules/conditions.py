"""Conditions in words: not the whole condition and its verdict, but what of it decided, as it really is.

"small business no" instead of "small business, or a home, and not (…): no". Of what must hold together, only the first
part that fails is told; of several that would do, the first that holds; if none does, all. Nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from palmtax.rules.graph import Node, Unit

_OPPOSITE = {"below": "reaches", "at_most": "above", "reaches": "below", "above": "at_most"}


def joined(*parts: str) -> str:
    """Expressions of texts, one after the other; literal texts side by side become one."""
    return " + ".join(part for part in parts if part != "''") or "''"


class Conditions:
    """The part of a teller that writes conditions: each is an expression of a list of texts."""

    nodes: Sequence[Node]
    traced: Any
    language: str
    words: dict[str, str]

    def tell(self, place: int) -> str:
        """The expression of the text of one step."""
        raise NotImplementedError

    def show(self, place: int, unit: Unit) -> str:
        """The expression of a value as people write it."""
        raise NotImplementedError

    def inner(self, place: int) -> str:
        """A part of a larger expression."""
        raise NotImplementedError

    def told_condition(self, place: int) -> str:
        """What decided a condition, as one text; its yes or no where nothing of the taxpayer did."""
        return f"both({self._decided(place)}, {self.words['and']!r}) or {self.show(place, 'yes_no')}"

    def told_where(self, place: int) -> str:
        """What decided, and what was taken; conditions inside one another are told as one."""
        return f"taken(both({self._reasons(place)}, {self.words['and']!r}), {self._taken(place)})"

    def _decided(self, place: int) -> str:
        """The expression of the texts of what decided."""
        node = self.nodes[place]
        match node.op:
            case "not":
                return self._decided(node.args[0])
            case "both" | "either":
                first, second = node.args
                told, other = self._decided(first), self._decided(second)
                if node.op == "both":
                    return f"[*({told} if v[{place}] or not v[{first}] else ()), *({other} if v[{first}] else ())]"
                return f"[*({told} if v[{first}] or not v[{place}] else ()), *({other} if not v[{first}] else ())]"
            case "below" | "at_most" | "reaches" | "above":
                return f"[{self._compared(node, place)}]"
            case "is_option":
                return f"[{self.tell(node.args[0])}]"
            case "number":
                return "[]"
            case "where":
                return f"[*{self._reasons(place)}, {self._taken(place)}]"
            case _:
                return f"[{self.tell(place)}]"

    def _reasons(self, place: int) -> str:
        """The texts of what decided a choice, and the choices inside it."""
        condition, *branches = self.nodes[place].args
        then, otherwise = (self._reasons(arg) if self.nodes[arg].op == "where" else "()" for arg in branches)
        told = f"*{self._decided(condition)}"
        if then == otherwise:
            return f"[{told}]" if then == "()" else f"[{told}, *{then}]"
        return f"[{told}, *({then} if v[{condition}] else {otherwise})]"

    def _taken(self, place: int) -> str:
        """The text of what was taken in the end."""
        condition, *branches = self.nodes[place].args
        then, otherwise = (self._taken(arg) if self.nodes[arg].op == "where" else self.tell(arg) for arg in branches)
        return f"({then} if v[{condition}] else {otherwise})"

    def _compared(self, node: Node, place: int) -> str:
        """A comparison as it came out; with 0 it says the sign."""
        value, bound = node.args
        left = self.inner(value)
        if self.nodes[bound].op == "number":
            signs = tuple(self.words[sign] for sign in ("zero", "positive", "negative"))
            return joined(left, f"{signs}[(v[{value}] > 0) - (v[{value}] < 0)]")
        yes, no = self.words[node.op], self.words[_OPPOSITE[node.op]]
        return joined(left, f"({yes!r} if v[{place}] else {no!r})", self.inner(bound))


def both(texts: Sequence[str], mark: str) -> str:
    """Texts side by side, none twice."""
    return mark.join(dict.fromkeys(texts)) if len(texts) > 1 else "".join(texts)


def taken(reasons: str, value: str) -> str:
    """Why, and what then; what is taken for no reason stands alone."""
    return f"{reasons} → {value}" if reasons else value


def reasoned(text: str, left: str, right: str) -> str:
    """A choice inside a larger expression: in brackets where it tells its reasons."""
    return f"{left}{text}{right}" if " → " in text else text


NAMES: dict[str, Any] = {"both": both, "taken": taken, "reasoned": reasoned}
"""What the expressions call."""
