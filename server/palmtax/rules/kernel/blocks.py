"""Blocks: a program on numpy arrays a few thousand rows at a time, where there is no compiler or too little to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax.rules.kernel.form import Lane, numbers_of
from palmtax.rules.kernel.program import Program, Step

Array = npt.NDArray[Any]
ROWS = 16_384
"""Rows computed at a time, so that the steps stay in the cache."""


def run(
    program: Program, columns: Sequence[Array], outputs: Sequence[Array | None], threads: int
) -> tuple[list[int], list[int]]:
    """Fill the outputs, `(n,)` integers or bool; gives the exact sum, and the largest size, of each."""
    rows = len(columns[0])
    share = max(ROWS, -(-rows // threads))
    ends = [(first, min(first + share, rows)) for first in range(0, rows, share)]
    if len(ends) == 1:
        return _stretch(program, columns, outputs, 0, rows)
    with ThreadPoolExecutor(threads) as pool:  # numpy computes outside the interpreter's lock
        found = list(pool.map(lambda end: _stretch(program, columns, outputs, *end), ends))
    sums, sizes = zip(*found, strict=True)
    return [sum(part) for part in zip(*sums, strict=True)], [max(part) for part in zip(*sizes, strict=True)]


def _stretch(
    program: Program, columns: Sequence[Array], outputs: Sequence[Array | None], first: int, end: int
) -> tuple[list[int], list[int]]:
    block: _Block | None = None
    sums, sizes = [0] * len(outputs), [0] * len(outputs)
    for start in range(first, end, ROWS):
        part = slice(start, min(start + ROWS, end))
        if block is None or part.stop - start != block.rows:
            block = _Block(program, part.stop - start)
        made = block.run([column[part] for column in columns])
        for place, (output, value) in enumerate(zip(outputs, made, strict=True)):
            if output is None:
                sums[place] += _exact_sum(value, block.rows)
                continue
            if output.dtype == np.int32:
                sizes[place] = max(sizes[place], int(np.max(value)), -int(np.min(value)))
                if sizes[place] >= 2**31:
                    continue  # the caller refuses
            output[part] = value
    return sums, sizes


def _exact_sum(value: Any, rows: int) -> int:
    """The sum as a Python number: halves of 32 bits cannot leave 64."""
    whole = np.broadcast_to(np.asarray(value).astype(np.int64), (rows,))
    return (int((whole >> 32).sum()) << 32) + int((whole & 0xFFFFFFFF).sum())


class _Block:
    """One stretch of rows, with memory that is used again as soon as no step needs it."""

    def __init__(self, program: Program, rows: int) -> None:
        self.program, self.rows = program, rows
        self.lane: Lane = "double" if program.fits_doubles else "i64"
        self.number: Any = np.float64 if program.fits_doubles else np.int64
        self.numbers = [[self.number(value) for value in numbers_of(self.lane, step)] for step in program.steps]
        self.kept: list[Any] = []
        self.free: dict[Any, list[Array]] = {np.bool_: [], self.number: []}
        last_use = {arg: place for place, step in enumerate(program.steps) for arg in step.args}
        self.ends: list[list[int]] = [[] for _ in program.steps]
        for place in range(len(program.steps)):
            self.ends[last_use.get(place, place)].append(place)
        for place in set(program.outputs):
            self.ends[last_use.get(place, place)].remove(place)
        self.perform = self._double if program.fits_doubles else self._integer

    def run(self, columns: Sequence[Array]) -> list[Any]:
        """Compute every step; the outputs keep their values until the next run."""
        while self.kept:
            self._release(self.kept.pop())
        steps, values = self.program.steps, list[Any]()
        for place, step in enumerate(steps):
            given = [values[arg] for arg in step.args]
            kind = np.bool_ if self.program.is_yes_no[place] else self.number
            values.append(self._step(place, step, given, columns, kind))
            for arg in self.ends[place]:
                self._release(values[arg])
        self.kept = [values[place] for place in set(self.program.outputs)]
        return [values[place] for place in self.program.outputs]

    def _take(self, kind: Any) -> Array:
        free = self.free[kind]
        return free.pop() if free else np.empty(self.rows, kind)

    def _release(self, value: Any) -> None:
        if isinstance(value, np.ndarray):
            self.free[np.bool_ if value.dtype == np.bool_ else self.number].append(value)

    def _step(self, place: int, step: Step, given: list[Any], columns: Sequence[Array], kind: Any) -> Any:
        numbers = self.numbers[place]
        match step.kind:
            case "fact":
                found = self._take(kind)
                found[:] = columns[step.flags[0]]
                return found
            case "zero":
                return self.number(0)
            case "yes" | "no":
                return np.bool_(step.kind == "yes")
            case "number":
                return numbers[0]
            case "pick":
                return self._pick(given, numbers)
            case "where":
                return self._where(given, kind)
            case _ if step.kind in _PLAIN:
                return _PLAIN[step.kind](*given, out=self._take(kind))
            case _:
                return self.perform(step, given, numbers, step.flags == (1,))

    def _where(self, given: list[Any], kind: Any) -> Array:
        condition, then, otherwise = given
        found = self._take(kind)
        found[:] = otherwise
        np.copyto(found, then, where=condition)
        return found

    def _pick(self, conditions: list[Any], numbers: list[Any]) -> Array:
        found = self._take(self.number)
        found[:] = numbers[0]
        for condition, value in zip(conditions, numbers[1:], strict=True):
            np.copyto(found, value, where=condition)
        return found

    def _along(self, x: Any, ratio: Any, plus: Any) -> Array:
        found = self._take(np.float64)
        np.multiply(x, ratio, out=found)
        np.add(found, plus, out=found)
        return found

    def _size(self, x: Any, *, is_signed: bool) -> Any:
        return np.abs(x, out=self._take(self.number)) if is_signed else x

    def _double(self, step: Step, given: list[Any], numbers: list[Any], is_signed: bool) -> Any:
        """The steps that divide, in doubles; see `program.DIVIDES_IN_DOUBLES` for why they are exact."""
        x = given[0]
        if step.kind == "floor":
            found = self._along(x, *numbers)
            return np.floor(found, out=found)
        if step.kind == "highest":
            return self._highest(x, numbers)
        is_signed = is_signed or step.kind == "round"
        size = self._size(x, is_signed=is_signed)
        if step.kind == "divide":
            found = self._along(given[1], 0.5, size)
            np.divide(found, given[1], out=found)
        elif step.kind == "round":
            found = self._along(size, *numbers)
        else:
            ratio, plus = self._pick(given[1:], numbers[::2]), self._pick(given[1:], numbers[1::2])
            found = self._along(size, ratio, plus)
            self._release(ratio)
            self._release(plus)
        np.floor(found, out=found)
        if is_signed:
            np.copysign(found, x, out=found)
            self._release(size)
        return found

    def _highest(self, x: Any, numbers: list[Any]) -> Array:
        best, line = self._along(x, *numbers[:2]), self._take(np.float64)
        for place in range(2, len(numbers), 2):
            np.multiply(x, numbers[place], out=line)
            np.add(line, numbers[place + 1], out=line)
            np.maximum(best, line, out=best)
        self._release(line)
        return np.floor(best, out=best)

    def _integer(self, step: Step, given: list[Any], numbers: list[Any], _: bool) -> Any:
        """The steps that divide, in 64-bit integers."""
        x = given[0]
        match step.kind:
            case "floor":
                over, plus, under = numbers
                return self._held((x * over + plus) // under)
            case "highest":
                lines = [x * numbers[place] + numbers[place + 1] for place in range(0, len(numbers) - 1, 2)]
                return self._held(np.maximum.reduce(lines) // numbers[-1])
            case "divide":
                return self._away(x, np.abs(x), given[1])
            case "round":
                return self._away(x, np.abs(x) * numbers[0], numbers[1])
            case _:
                over, under = self._pick(given[1:], numbers[::2]), self._pick(given[1:], numbers[1::2])
                return self._away(x, np.abs(x) * over, under)

    def _away(self, sign: Any, size: Any, under: Any) -> Array:
        found = (size + under // 2) // under
        return self._held(np.where(sign < 0, -found, found))

    def _held(self, value: Any) -> Array:
        """A value that may be the same for all rows, in every row."""
        found = self._take(self.number)
        found[:] = value
        return found


_PLAIN: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "larger": np.maximum,
    "smaller": np.minimum,
    "below": np.less,
    "at_most": np.less_equal,
    "equal": np.equal,
    "both": np.logical_and,
    "either": np.logical_or,
    "not": np.logical_not,
}
