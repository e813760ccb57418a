"""Blocks: a program on numpy arrays a few thousand rows at a time, where there is no compiler or too little to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax.rules.kernel.form import numbers_of
from palmtax.rules.kernel.program import Program, Step

Array = npt.NDArray[Any]
ROWS = 4096
"""Rows computed at a time, so that the steps stay in the cache."""


def run(program: Program, columns: Sequence[Array], outputs: Sequence[Array]) -> None:
    """Fill the outputs: `(n,)` integers or bool."""
    lane = "double" if program.fits_doubles else "i64"
    number = np.float64 if program.fits_doubles else np.int64
    numbers = [[number(value) for value in numbers_of(lane, step)] for step in program.steps]
    perform = _double if program.fits_doubles else _integer
    last_use = {arg: place for place, step in enumerate(program.steps) for arg in step.args}
    last_use |= dict.fromkeys(program.outputs, len(program.steps))
    for start in range(0, len(outputs[0]), ROWS):
        part = slice(start, start + ROWS)
        values: list[Any] = []
        for place, step in enumerate(program.steps):
            if step.kind == "fact":
                values.append(_read(columns[step.flags[0]][part], number, is_yes_no=program.is_yes_no[place]))
                continue
            values.append(_step(step, [values[arg] for arg in step.args], numbers[place], number, perform))
            for arg in step.args:
                if last_use[arg] == place:
                    values[arg] = None  # its memory serves the next step
        for output, place in zip(outputs, program.outputs, strict=True):
            output[part] = values[place]


def _read(column: Array, number: type[np.generic], *, is_yes_no: bool) -> Array:
    return column.astype(np.bool_, copy=False) if is_yes_no else column.astype(number, copy=False)


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
    "where": np.where,
    "yes": lambda: np.True_,
    "no": lambda: np.False_,
}


def _step(step: Step, given: list[Any], numbers: list[Any], number: Any, perform: Callable[..., Any]) -> Any:
    if step.kind in _PLAIN:
        return _PLAIN[step.kind](*given)
    if step.kind == "zero":
        return number(0)
    if step.kind == "number":
        return numbers[0]
    if step.kind == "pick":
        return _pick(given, numbers)
    return perform(step, given, numbers, step.flags == (1,))


def _pick(conditions: list[Any], numbers: list[Any]) -> Any:
    found = numbers[0]
    for condition, value in zip(conditions, numbers[1:], strict=True):
        found = np.where(condition, value, found)
    return found


def _along(x: Any, ratio: Any, plus: Any) -> Any:
    found = np.multiply(x, ratio)
    return np.add(found, plus, out=found) if isinstance(found, np.ndarray) else found + plus


def _down(value: Any) -> Any:
    return np.floor(value, out=value) if isinstance(value, np.ndarray) else np.floor(value)


def _double(step: Step, given: list[Any], numbers: list[Any], is_signed: bool) -> Any:
    """The steps that divide, in doubles; see `program.DIVIDES_IN_DOUBLES` for why they are exact."""
    x = given[0]
    match step.kind:
        case "floor":
            return _down(_along(x, *numbers))
        case "highest":
            best = _along(x, *numbers[:2])
            for place in range(2, len(numbers), 2):
                line = _along(x, *numbers[place : place + 2])
                best = np.maximum(best, line, out=best) if isinstance(best, np.ndarray) else np.maximum(best, line)
            return _down(best)
        case "round":
            return np.copysign(_down(_along(np.abs(x), *numbers)), x)
        case "round_by":
            ratio, plus = _pick(given[1:], numbers[::2]), _pick(given[1:], numbers[1::2])
            found = _down(_along(np.abs(x), ratio, plus))
            return np.copysign(found, x) if is_signed else found
        case _:
            found = np.floor((np.abs(x) + given[1] * 0.5) / given[1])
            return np.copysign(found, x) if is_signed else found


def _integer(step: Step, given: list[Any], numbers: list[Any], is_signed: bool) -> Any:
    """The steps that divide, in 64-bit integers."""
    x = given[0]
    match step.kind:
        case "floor":
            over, plus, under = numbers
            return (x * over + plus) // under
        case "highest":
            lines = [x * numbers[place] + numbers[place + 1] for place in range(0, len(numbers) - 1, 2)]
            return np.maximum.reduce(lines) // numbers[-1]
        case "round":
            return _away(x, np.abs(x) * numbers[0], numbers[1])
        case "round_by":
            over, under = _pick(given[1:], numbers[::2]), _pick(given[1:], numbers[1::2])
            return _away(x, np.abs(x) * over, under)
        case _:
            return _away(x, np.abs(x), given[1])


def _away(sign: Any, size: Any, under: Any) -> Any:
    found = (size + under // 2) // under
    return np.where(sign < 0, -found, found)
