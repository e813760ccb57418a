"""Writing LLVM text: names, vectors, constants, and the numbers of the law out of their array."""

from __future__ import annotations

from dataclasses import dataclass, field

from palmtax.rules.kernel.form import Form


@dataclass
class Writer:
    """The body of the loop over rows, line by line."""

    form: Form
    lines: list[str] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)
    _slot: int = 0
    _fresh: int = 0

    def kind(self, scalar: str) -> str:
        """The vector type of a scalar one."""
        return scalar if self.form.width == 1 else f"<{self.form.width} x {scalar}>"

    def say(self, text: str) -> None:
        """A line without a result."""
        self.lines.append(f"  {text}")

    def put(self, text: str) -> str:
        """A line with a new name."""
        self._fresh += 1
        self.lines.append(f"  %t{self._fresh} = {text}")
        return f"%t{self._fresh}"

    def splat(self, scalar: str, value: str) -> str:
        """A constant in every row."""
        return value if self.form.width == 1 else "<" + ", ".join([f"{scalar} {value}"] * self.form.width) + ">"

    def numbers(self, count: int) -> list[str]:
        """The next numbers of the law, each in every row."""
        return [self._number() for _ in range(count)]

    def _number(self) -> str:
        scalar = self.form.lane
        pointer = self.put(f"getelementptr {scalar}, ptr %numbers, i64 {self._slot}")
        self._slot += 1
        value = self.put(f"load {scalar}, ptr {pointer}")
        if self.form.width == 1:
            return value
        kind = self.kind(scalar)
        one = self.put(f"insertelement {kind} poison, {scalar} {value}, i32 0")
        return self.put(f"shufflevector {kind} {one}, {kind} poison, <{self.form.width} x i32> zeroinitializer")

    def call(self, name: str, scalar: str, *args: str, more: str = "") -> str:
        """An LLVM intrinsic on values of one type; `more` stands behind them."""
        kind = self.kind(scalar)
        suffix = kind.replace("double", "f64").replace("<", "v").replace(" x ", "").replace(">", "")
        kinds = [kind] * len(args) + [more.partition(" ")[0]] * bool(more)
        self.declared.add(f"declare {kind} @llvm.{name}.{suffix}({', '.join(kinds)})")
        given = ", ".join([f"{kind} {arg}" for arg in args] + [more] * bool(more))
        flags = "nnan nsz " if scalar == "double" else ""
        return self.put(f"call {flags}{kind} @llvm.{name}.{suffix}({given})")

    def select(self, condition: str, kind: str, then: str, otherwise: str) -> str:
        """`then` in the rows where the condition holds."""
        return self.put(f"select {self.kind('i1')} {condition}, {kind} {then}, {kind} {otherwise}")
