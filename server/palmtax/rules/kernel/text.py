"""LLVM text of a form: one loop over rows, as many at a time as the machine takes in one step."""

from __future__ import annotations

from palmtax.rules.kernel.form import Form
from palmtax.rules.kernel.lanes import Doubles, Integers
from palmtax.rules.kernel.program import Kind
from palmtax.rules.kernel.writer import Writer

NAME = "palmtax_kernel"
_SIGNATURE = "ptr %in, ptr %out, ptr %numbers, ptr %checks, ptr %sums, i64 %first, i64 %end"
_TAIL = """!0 = !{i32 1}
attributes #0 = { nounwind "min-legal-vector-width"="512" "prefer-vector-width"="512" }
"""
_COMPARED = ("below", "at_most", "equal")


def text(form: Form) -> str:
    """The module with its one function."""
    return _Kernel(form).text()


class _Kernel:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.writer = Writer(form)
        self.lane: Doubles | Integers = Doubles(self.writer) if form.lane == "double" else Integers(self.writer)
        self.carried: list[tuple[str, str]] = []
        """The type of each value that goes from one round of the loop to the next, and its newest name."""
        kinds = [check.column_type for check in form.checks] + [form.lane] * len(form.narrow)
        kinds += ["i64"] * (len(form.outputs) if form.sums else 0)
        for place, scalar in enumerate(kinds):
            self.carried.append((self.writer.kind(scalar), f"%c{place}"))
        self.first_narrow = len(form.checks)
        self.first_sum = self.first_narrow + len(form.narrow)

    def text(self) -> str:
        heads = list(self.carried)
        values: list[str] = []
        waiting = {place: number for number, place in reversed(list(enumerate(self.form.outputs)))}
        for place, (kind, args, count, flags) in enumerate(self.form.shape):
            values.append(self._step(kind, [values[arg] for arg in args], args, count, flags))
            if place in waiting:
                for output, wanted in enumerate(self.form.outputs):
                    if wanted == place:
                        self._output(output, values[place])
        phis = [
            f"  {name} = phi {kind} [ zeroinitializer, %entry ], [ {new}, %body ]"
            if kind.startswith("<")
            else f"  {name} = phi {kind} [ 0, %entry ], [ {new}, %body ]"
            for (kind, name), (_, new) in zip(heads, self.carried, strict=True)
        ]
        return "\n".join(
            [
                f"define void @{NAME}({_SIGNATURE}) #0 {{",
                "entry:",
                "  br label %head",
                "head:",
                "  %i = phi i64 [ %first, %entry ], [ %next, %body ]",
                *phis,
                f"  %next = add i64 %i, {self.form.width}",
                "  %more = icmp sle i64 %next, %end",
                "  br i1 %more, label %body, label %done",
                "body:",
                *self.writer.lines,
                "  br label %head",
                "done:",
                *self._kept(heads),
                "  ret void",
                "}",
                *sorted(self.writer.declared),
                _TAIL,
            ]
        )

    def _kept(self, heads: list[tuple[str, str]]) -> list[str]:
        """Hand out what was gathered: a vector of 64-bit integers for each check, each watched output, each sum."""
        lines, wide, floats = ["  fence seq_cst"], self.writer.kind("i64"), self.writer.kind("double")
        for place, (kind, name) in enumerate(heads):
            is_sum = place >= self.first_sum
            array, offset = ("sums", place - self.first_sum) if is_sum else ("checks", place)
            held = name
            if kind != wide:
                how = "fptosi" if kind == floats else "zext"
                lines.append(f"  %w{place} = {how} {kind} {name} to {wide}")
                held = f"%w{place}"
            lines.append(f"  %k{place} = getelementptr i64, ptr %{array}, i64 {offset * self.form.width}")
            lines.append(f"  store {wide} {held}, ptr %k{place}, align 8")
        return lines

    def _step(self, kind: Kind, given: list[str], args: tuple[int, ...], count: int, flags: tuple[int, ...]) -> str:
        writer, lane = self.writer, self.lane
        bits = writer.kind("i1")
        match kind:
            case "fact":
                return self._fact(flags[0])
            case "zero":
                return lane.zero()
            case "number":
                return writer.numbers(1)[0]
            case "yes" | "no":
                return writer.splat("i1", "true" if kind == "yes" else "false")
            case "add" | "subtract" | "multiply":
                return lane.arithmetic(kind, *given)
            case "larger" | "smaller":
                return lane.extreme(kind, *given)
            case "below" | "at_most" | "equal":
                return lane.compared(kind, *given)
            case "both" | "either":
                return writer.put(f"{'and' if kind == 'both' else 'or'} {bits} {given[0]}, {given[1]}")
            case "not":
                return writer.put(f"xor {bits} {given[0]}, {writer.splat('i1', 'true')}")
            case "where":
                return writer.select(given[0], bits if self.form.is_yes_no[args[1]] else lane.kind, *given[1:])
            case "floor":
                return lane.floor(given[0], count, bool(flags[0]))
            case "highest":
                return lane.highest(given[0], count, bool(flags[0]))
            case "round":
                return lane.round(given[0])
            case "round_by":
                return lane.round_by(given[0], given[1:], count, bool(flags[0]))
            case "divide":
                return lane.divide(given[0], given[1], bool(flags[0]))
            case "pick":
                return self._pick(given, count)

    def _pick(self, conditions: list[str], count: int) -> str:
        found, *others = self.writer.numbers(count)
        for condition, number in zip(conditions, others, strict=True):
            found = self.writer.select(condition, self.lane.kind, number, found)
        return found

    def _fact(self, column: int) -> str:
        writer, scalar = self.writer, self.form.column_types[column]
        kind, size = writer.kind(scalar), int(scalar[1:]) // 8
        place = writer.put(f"getelementptr ptr, ptr %in, i64 {column}")
        start = writer.put(f"load ptr, ptr {place}")
        here = writer.put(f"getelementptr {scalar}, ptr {start}, i64 %i")
        if self.form.ahead:
            writer.declared.add("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)")
            ahead = writer.put(f"getelementptr i8, ptr {here}, i64 {self.form.ahead}")
            writer.say(f"call void @llvm.prefetch.p0(ptr {ahead}, i32 0, i32 3, i32 1)")
        value = writer.put(f"load {kind}, ptr {here}, align {size}")
        if self.form.checked_by[column] >= 0:
            self._check(self.form.checked_by[column], value)
        if self._is_yes_no(column):
            return writer.put(f"icmp ne {kind} {value}, {writer.splat(scalar, '0')}")
        return self.lane.read(value, scalar)

    def _is_yes_no(self, column: int) -> bool:
        places = (place for place, step in enumerate(self.form.shape) if step[0] == "fact" and step[3] == (column,))
        return self.form.is_yes_no[next(places)]

    def _check(self, place: int, value: str) -> None:
        check, writer = self.form.checks[place], self.writer
        kind, so_far = self.carried[place]
        if check.low:
            value = writer.put(f"sub {kind} {value}, {writer.splat(check.column_type, str(check.low))}")
        if check.gathers == "bits":
            found = writer.put(f"or {kind} {so_far}, {value}")
        else:
            found = writer.call("umax", check.column_type, so_far, value)
        self.carried[place] = (kind, found)

    def _output(self, output: int, value: str) -> None:
        writer, scalar = self.writer, self.form.output_types[output]
        is_yes_no = self.form.is_yes_no[self.form.outputs[output]]
        if output in self.form.narrow:
            place = self.first_narrow + self.form.narrow.index(output)
            kind, so_far = self.carried[place]
            self.carried[place] = (kind, self.lane.extreme("larger", so_far, self.lane.size(value)))
        if self.form.sums:
            place = self.first_sum + output
            kind, so_far = self.carried[place]
            whole = self._widened(value, "i64") if is_yes_no else self.lane.write(value, "i64")
            self.carried[place] = (kind, writer.put(f"add {kind} {so_far}, {whole}"))
        if not scalar:
            return
        stored = self._widened(value, scalar) if is_yes_no else self.lane.write(value, scalar)
        place_of = writer.put(f"getelementptr ptr, ptr %out, i64 {output}")
        start = writer.put(f"load ptr, ptr {place_of}")
        here = writer.put(f"getelementptr {scalar}, ptr {start}, i64 %i")
        size = int(scalar[1:]) // 8
        streams = self.form.streams and size * self.form.width >= 32
        how = f"align {size * self.form.width}, !nontemporal !0" if streams else f"align {size}"
        writer.say(f"store {writer.kind(scalar)} {stored}, ptr {here}, {how}")

    def _widened(self, value: str, scalar: str) -> str:
        return self.writer.put(f"zext {self.writer.kind('i1')} {value} to {self.writer.kind(scalar)}")
