"""Joining: the largest of several taxes by one scale is the tax on the largest amount; one bracket search instead of many.

A `highest` rises with its amount, so the order of amounts is the order of taxes. Twelve months of cumulative withholding,
of which only the total is wanted, need the scale once. Done only where no single tax is wanted for itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from palmtax.rules.kernel.program import Builder


def joined(builder: Builder, outputs: Sequence[int]) -> list[int]:
    """The same outputs, of steps in which the taxes are joined."""
    return _Joining(builder, builder.needed(outputs), outputs).outputs_joined()


@dataclass
class _Joining:
    builder: Builder
    needed: set[int]
    outputs: Sequence[int]
    uses: Counter[int] = field(default_factory=Counter)
    moved: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.uses.update(self.outputs)
        for place in self.needed:
            self.uses.update(self.builder.steps[place].args)

    def outputs_joined(self) -> list[int]:
        """Steps in computing order, so that arguments are moved before what takes them."""
        for place in sorted(self.needed):
            self.moved[place] = self._moved(place)
        return [self.moved[place] for place in self.outputs]

    def _moved(self, place: int) -> int:
        builder, step = self.builder, self.builder.steps[place]
        if step.kind == "larger":
            taxes = self._taxes(place)
            if any(len(group) > 1 for group in taxes.values()):
                return self._joined(place, taxes)
        args = tuple(self.moved[arg] for arg in step.args)
        return place if args == step.args else builder.again(place, args)

    def _of(self, place: int) -> list[int]:
        """What the largest is taken of, through those that serve nothing else."""
        found = []
        for arg in self.builder.steps[place].args:
            is_inner = self.builder.steps[arg].kind == "larger" and self.uses[arg] == 1
            found += self._of(arg) if is_inner else [arg]
        return list(dict.fromkeys(found))

    def _taxes(self, place: int) -> dict[object, list[int]]:
        """Those by one scale that serve nothing else, together."""
        found = defaultdict[object, list[int]](list)
        for arg in self._of(place):
            if arg in self.builder.scales and self.uses[arg] == 1:
                found[self.builder.scales[arg].scale].append(arg)
        return found

    def _joined(self, place: int, taxes: dict[object, list[int]]) -> int:
        builder = self.builder
        builder.source = builder.source_of(place)
        groups = [group for group in taxes.values() if len(group) > 1]
        single = [arg for arg in self._of(place) if not any(arg in group for group in groups)]
        found = [self.moved[arg] for arg in single]
        for group in groups:
            scaled = [builder.scales[arg] for arg in group]
            amounts = [builder.add(self.moved[one.base], builder.number(one.by)) for one in scaled]
            found.append(builder.highest(reduce(builder.larger, amounts), *scaled[0].scale))
        return reduce(builder.larger, found)
