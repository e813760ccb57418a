"""The two arithmetics of a kernel: whole numbers held in doubles (many at a time), and 64-bit integers."""

from __future__ import annotations

from palmtax.rules.kernel.writer import Writer

_MAGIC = "6.755399441055744e15"
"""1.5 × 2⁵²: in its sum with a whole double, the lowest bits are the whole number."""
MOVES_BY_BITS = 2**51
"""Below this in size a whole number goes into a double and back that way; larger ones lose their lowest bits."""
_MAGIC_BITS = str(0x4338000000000000)
_ARITHMETIC = {"add": "add", "subtract": "sub", "multiply": "mul"}


class Doubles:
    """Whole numbers below 2⁵³ in doubles; a division is one multiplication, one addition, one rounding down."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.kind = writer, writer.kind("double")

    def read(self, value: str, scalar: str) -> str:
        """A loaded integer as a value."""
        writer = self.writer
        if scalar != "i64" or writer.form.converts:
            return writer.put(f"sitofp {writer.kind(scalar)} {value} to {self.kind}")
        moved = writer.put(f"add {writer.kind('i64')} {value}, {writer.splat('i64', _MAGIC_BITS)}")
        held = writer.put(f"bitcast {writer.kind('i64')} {moved} to {self.kind}")
        return writer.put(f"fsub {self.kind} {held}, {writer.splat('double', _MAGIC)}")

    def write(self, value: str, scalar: str) -> str:
        """A value as an integer to be stored."""
        writer = self.writer
        if scalar != "i64" or writer.form.converts:
            return writer.put(f"fptosi {self.kind} {value} to {writer.kind(scalar)}")
        moved = writer.put(f"fadd {self.kind} {value}, {writer.splat('double', _MAGIC)}")
        held = writer.put(f"bitcast {self.kind} {moved} to {writer.kind('i64')}")
        return writer.put(f"sub {writer.kind('i64')} {held}, {writer.splat('i64', _MAGIC_BITS)}")

    def zero(self) -> str:
        """0 in every row."""
        return self.writer.splat("double", "0.0")

    def arithmetic(self, name: str, a: str, b: str) -> str:
        """Both added, subtracted or multiplied."""
        return self.writer.put(f"f{_ARITHMETIC[name]} nnan nsz {self.kind} {a}, {b}")

    def compared(self, name: str, a: str, b: str) -> str:
        """Whether a is below, at most or equal to b."""
        sign = {"below": "olt", "at_most": "ole", "equal": "oeq"}[name]
        return self.writer.put(f"fcmp nnan nsz {sign} {self.kind} {a}, {b}")

    def extreme(self, name: str, a: str, b: str) -> str:
        """The larger or smaller."""
        return self.writer.call("maxnum" if name == "larger" else "minnum", "double", a, b)

    def _along(self, x: str, ratio: str, plus: str) -> str:
        return self.writer.call("fmuladd", "double", x, ratio, plus)

    def _down(self, value: str) -> str:
        return self.writer.call("floor", "double", value)

    def size(self, x: str) -> str:
        """The value without its sign."""
        return self.writer.call("fabs", "double", x)

    def _signed(self, size: str, x: str) -> str:
        return self.writer.call("copysign", "double", size, x)

    def floor(self, x: str, count: int, _: bool) -> str:
        """(x × over + plus) ÷ under, rounded down."""
        ratio, plus = self.writer.numbers(count - 1)
        return self._down(self._along(x, ratio, plus))

    def round(self, x: str) -> str:
        """The value × over ÷ under, halves away from zero."""
        ratio, plus = self.writer.numbers(2)
        return self._signed(self._down(self._along(self.size(x), ratio, plus)), x)

    def highest(self, x: str, count: int, _: bool) -> str:
        """The highest of the straight lines, rounded down once: rounding down keeps their order."""
        numbers = self.writer.numbers(count - 1)
        lines = [self._along(x, *numbers[place : place + 2]) for place in range(0, count - 1, 2)]
        while len(lines) > 1:
            pairs = [lines[place : place + 2] for place in range(0, len(lines), 2)]
            lines = [self.extreme("larger", *pair) if len(pair) == 2 else pair[0] for pair in pairs]
        return self._down(lines[0])

    def round_by(self, x: str, conditions: list[str], count: int, is_signed: bool) -> str:
        """The value × the picked fraction, halves away from zero."""
        numbers = self.writer.numbers(count)
        ratio, plus = numbers[0], numbers[1]
        for place, condition in enumerate(conditions, 1):
            ratio = self.writer.select(condition, self.kind, numbers[2 * place], ratio)
            plus = self.writer.select(condition, self.kind, numbers[2 * place + 1], plus)
        found = self._down(self._along(self.size(x) if is_signed else x, ratio, plus))
        return self._signed(found, x) if is_signed else found

    def divide(self, n: str, d: str, is_signed: bool) -> str:
        """The quotient, halves away from zero; one correctly rounded division of whole halves, rounded down, is exact."""
        size = self.size(n) if is_signed else n
        half_more = self._along(d, self.writer.splat("double", "0.5"), size)
        found = self._down(self.writer.put(f"fdiv nnan nsz {self.kind} {half_more}, {d}"))
        return self._signed(found, n) if is_signed else found


class Integers:
    """64-bit integers, row by row: for amounts that doubles could not hold."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.kind = writer, writer.kind("i64")

    def read(self, value: str, scalar: str) -> str:
        """A loaded integer as a value."""
        return value if scalar == "i64" else self.writer.put(f"sext {self.writer.kind(scalar)} {value} to {self.kind}")

    def write(self, value: str, scalar: str) -> str:
        """A value as an integer to be stored."""
        if scalar == "i64":
            return value
        return self.writer.put(f"trunc {self.kind} {value} to {self.writer.kind(scalar)}")

    def zero(self) -> str:
        """0 in every row."""
        return self.writer.splat("i64", "0")

    def arithmetic(self, name: str, a: str, b: str) -> str:
        """Both added, subtracted or multiplied."""
        return self.writer.put(f"{_ARITHMETIC[name]} nsw {self.kind} {a}, {b}")

    def compared(self, name: str, a: str, b: str) -> str:
        """Whether a is below, at most or equal to b."""
        return self.writer.put(f"icmp {({'below': 'slt', 'at_most': 'sle', 'equal': 'eq'})[name]} {self.kind} {a}, {b}")

    def extreme(self, name: str, a: str, b: str) -> str:
        """The larger or smaller."""
        return self.writer.call("smax" if name == "larger" else "smin", "i64", a, b)

    def _down(self, over: str, under: str, is_signed: bool) -> str:
        found = self.writer.put(f"sdiv {self.kind} {over}, {under}")
        if not is_signed:
            return found
        rest = self.writer.put(f"srem {self.kind} {over}, {under}")
        is_above = self.compared("below", rest, self.zero())
        return self.arithmetic(
            "add", found, self.writer.put(f"sext {self.writer.kind('i1')} {is_above} to {self.kind}")
        )

    def _half_more(self, size: str, under: str) -> str:
        half = self.writer.put(f"lshr {self.kind} {under}, {self.writer.splat('i64', '1')}")
        return self._down(self.arithmetic("add", size, half), under, is_signed=False)

    def size(self, x: str) -> str:
        """The value without its sign."""
        return self.writer.call("abs", "i64", x, more="i1 true")

    def _away(self, n: str, over: str | None, under: str, is_signed: bool) -> str:
        size = self.size(n) if is_signed else n
        size = size if over is None else self.arithmetic("multiply", size, over)
        found = self._half_more(size, under)
        if not is_signed:
            return found
        turned = self.arithmetic("subtract", self.zero(), found)
        return self.writer.select(self.compared("below", n, self.zero()), self.kind, turned, found)

    def floor(self, x: str, count: int, is_signed: bool) -> str:
        """(x × over + plus) ÷ under, rounded down."""
        over, plus, under = self.writer.numbers(count)
        return self._down(self.arithmetic("add", self.arithmetic("multiply", x, over), plus), under, is_signed)

    def round(self, x: str) -> str:
        """The value × over ÷ under, halves away from zero."""
        over, under = self.writer.numbers(2)
        return self._away(x, over, under, is_signed=True)

    def highest(self, x: str, count: int, is_signed: bool) -> str:
        """The highest of the straight lines, rounded down once."""
        *numbers, under = self.writer.numbers(count)
        best = ""
        for place in range(0, count - 1, 2):
            line = self.arithmetic("add", self.arithmetic("multiply", x, numbers[place]), numbers[place + 1])
            best = self.extreme("larger", best, line) if best else line
        return self._down(best, under, is_signed)

    def round_by(self, x: str, conditions: list[str], count: int, is_signed: bool) -> str:
        """The value × the picked fraction, halves away from zero."""
        numbers = self.writer.numbers(count)
        over, under = numbers[0], numbers[1]
        for place, condition in enumerate(conditions, 1):
            over = self.writer.select(condition, self.kind, numbers[2 * place], over)
            under = self.writer.select(condition, self.kind, numbers[2 * place + 1], under)
        return self._away(x, over, under, is_signed)

    def divide(self, n: str, d: str, is_signed: bool) -> str:
        """The quotient, halves away from zero."""
        return self._away(n, None, d, is_signed)
