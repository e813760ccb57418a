"""Forms: everything that decides the text of a kernel, and the numbers that it is handed while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from palmtax.rules.kernel.program import Shape, Step

Lane = Literal["double", "i64"]
Gathering = Literal["bits", "most"]


@dataclass(frozen=True)
class Check:
    """How columns are checked while they are read: `low` is taken off, then all bits are gathered, or the most."""

    column_type: str
    low: int
    gathers: Gathering


@dataclass(frozen=True)
class Form:
    """Two programs of one form share a kernel; numbers of the law are no part of it."""

    shape: Shape
    outputs: tuple[int, ...]
    is_yes_no: tuple[bool, ...]
    column_types: tuple[str, ...]
    """LLVM types of the fact columns: i8 (also yes/no), i16, i32, i64."""
    checks: tuple[Check, ...]
    checked_by: tuple[int, ...]
    """For each column the place of its check; -1 where it has none."""
    output_types: tuple[str, ...]
    """i8, i32 or i64; empty for an output of which only the sum is wanted."""
    sums: bool
    narrow: tuple[int, ...]
    """32-bit outputs whose results are watched."""
    lane: Lane
    width: int
    converts: bool
    """Whether 64-bit integers are turned into doubles by the machine's own instruction, not by their bits."""
    streams: bool
    """Whether outputs are written past the cache; they must lie on 64 bytes."""
    ahead: int
    """How many bytes ahead columns are asked for."""


def numbers_of(lane: Lane, step: Step) -> list[float] | list[int]:
    """What a step is handed: whole numbers, or for doubles each fraction as its ratio and what is added to it."""
    numbers = step.numbers
    if lane == "i64":
        return list(numbers)
    if step.kind == "floor":
        over, plus, under = numbers
        return _line(over, plus, under)
    if step.kind == "highest":
        under = numbers[-1]
        lines = zip(numbers[0:-1:2], numbers[1:-1:2], strict=True)
        return [number for over, plus in lines for number in _line(over, plus, under)]
    if step.kind in ("round", "round_by"):
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return [number for over, under in pairs for number in _line(over, under // 2, under)]
    return [float(number) for number in numbers]


def _line(over: int, plus: int, under: int) -> list[float]:
    return [over / under, (2 * plus + 1) / (2 * under)]
