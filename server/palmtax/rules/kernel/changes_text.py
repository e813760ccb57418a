"""LLVM text of the comparison of two burdens: several rows in one step, then each row into its cell.

A cell is `LINE` 64-bit integers: a packed count (rows, who pays less, who pays more), then both sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NAME = "palmtax_changes"
PACKED_BITS = 21
"""Bits of each of the three counts in a packed one; so many rows, less one, a call may compare."""
LINE = 4
_TAIL = 'attributes #0 = { nounwind "min-legal-vector-width"="512" "prefer-vector-width"="512" }'
_SIGNATURE = "ptr %columns, ptr %codes, ptr %numbers, ptr %cells, ptr %kept, ptr %found, i64 %from, i64 %to"


@dataclass(frozen=True)
class Sizes:
    """What decides the text: lanes, ends of bands, columns of codes, edges of the bars."""

    width: int
    ends: int
    codes: int
    edges: int

    @property
    def kept(self) -> int:
        """What is carried along: rows above each edge, who pays less, who pays more, gains, losses."""
        return self.edges + 4


@dataclass
class _Text:
    sizes: Sizes
    lines: list[str] = field(default_factory=list)
    _fresh: int = 0

    def put(self, text: str) -> str:
        """A line with a new name."""
        self._fresh += 1
        self.lines.append(f"  %t{self._fresh} = {text}")
        return f"%t{self._fresh}"

    def wide(self, scalar: str = "i64") -> str:
        """The vector type."""
        return f"<{self.sizes.width} x {scalar}>"

    def number(self, place: int) -> str:
        """A number of the call in every lane."""
        kind = self.wide()
        pointer = self.put(f"getelementptr i64, ptr %numbers, i64 {place}")
        value = self.put(f"load i64, ptr {pointer}")
        one = self.put(f"insertelement {kind} poison, i64 {value}, i32 0")
        return self.put(f"shufflevector {kind} {one}, {kind} poison, {self.wide('i32')} zeroinitializer")

    def column(self, place: int) -> str:
        """The next rows of a column of 64-bit integers."""
        pointer = self.put(f"getelementptr ptr, ptr %columns, i64 {place}")
        start = self.put(f"load ptr, ptr {pointer}")
        here = self.put(f"getelementptr i64, ptr {start}, i64 %i")
        return self.put(f"load {self.wide()}, ptr {here}, align 8")

    def code(self, place: int) -> str:
        """The next rows of a column of codes (8 bits)."""
        pointer = self.put(f"getelementptr ptr, ptr %codes, i64 {place}")
        start = self.put(f"load ptr, ptr {pointer}")
        here = self.put(f"getelementptr i8, ptr {start}, i64 %i")
        value = self.put(f"load {self.wide('i8')}, ptr {here}, align 1")
        return self.put(f"zext {self.wide('i8')} {value} to {self.wide()}")

    def counted(self, so_far: str, mask: str) -> str:
        """One more where the mask holds."""
        one = self.put(f"sext {self.wide('i1')} {mask} to {self.wide()}")
        return self.put(f"sub {self.wide()} {so_far}, {one}")

    def above(self, value: str, limit: str) -> str:
        """Where a value lies above a limit."""
        return self.put(f"icmp sgt {self.wide()} {value}, {limit}")


def text(sizes: Sizes) -> str:
    """The module: compares rows `%from` to `%to` (whole steps) and gives the row at which it stopped.

    It stops early when the list of found rows (changes beyond the two cuts in `%numbers`) is nearly full.
    """
    body = _Text(sizes)
    before, after = body.column(0), body.column(1)
    cell, change = _cell(body), body.put(f"sub {body.wide()} {after}, {before}")
    less, more = body.above("zeroinitializer", change), body.above(change, "zeroinitializer")
    kept = _kept(body, change, less, more)
    _into_cells(body, (cell, before, after), less, more)
    first_cut = sizes.ends + sizes.codes + sizes.edges
    is_low, is_high = (
        body.above(body.number(first_cut), change), body.above(change, body.number(first_cut + 1)),
    )  # fmt: skip
    beyond = body.put(f"or {body.wide('i1')} {is_low}, {is_high}")
    bits = body.put(f"bitcast {body.wide('i1')} {beyond} to i{sizes.width}")
    phis = [f"  %k{n} = phi {body.wide()} [ %s{n}, %entry ], [ {new}, %next ]" for n, new in enumerate(kept)]
    return "\n".join([*_head(sizes), *phis, *_loop(sizes, body.lines, bits), *_done(sizes), "}", _TAIL])


def _cell(body: _Text) -> str:
    """The place of the cell: the band of the amount, then each code."""
    kind, amount, sizes = body.wide(), body.column(2), body.sizes
    found = "zeroinitializer"
    for end in range(sizes.ends):
        found = body.counted(found, body.above(amount, body.number(end)))
    for place in range(sizes.codes):
        scaled = body.put(f"mul {kind} {found}, {body.number(sizes.ends + place)}")
        found = body.put(f"add {kind} {scaled}, {body.code(place)}")
    return found


def _kept(body: _Text, change: str, less: str, more: str) -> list[str]:
    """What is carried along, with these rows in it."""
    sizes, kind = body.sizes, body.wide()
    first = sizes.ends + sizes.codes
    found = [body.counted(f"%k{n}", body.above(change, body.number(first + n))) for n in range(sizes.edges)]
    found += [body.counted(f"%k{sizes.edges + n}", mask) for n, mask in enumerate((less, more))]
    for place, mask in enumerate((less, more), sizes.edges + 2):
        part = body.put(f"select {body.wide('i1')} {mask}, {kind} {change}, {kind} zeroinitializer")
        found.append(body.put(f"add {kind} %k{place}, {part}"))
    return found


def _into_cells(body: _Text, columns: tuple[str, str, str], less: str, more: str) -> None:
    """Row by row: the packed count and both sums."""
    kind, width = body.wide(), body.sizes.width
    packed = body.put(f"zext {body.wide('i1')} {less} to {kind}")
    packed = body.put(f"shl {kind} {packed}, {_splat(width, PACKED_BITS)}")
    losing = body.put(f"zext {body.wide('i1')} {more} to {kind}")
    losing = body.put(f"shl {kind} {losing}, {_splat(width, 2 * PACKED_BITS)}")
    packed = body.put(f"or {kind} {packed}, {losing}")
    packed = body.put(f"or {kind} {packed}, {_splat(width, 1)}")
    cell = body.put(f"mul {kind} {columns[0]}, {_splat(width, LINE)}")
    for lane in range(width):
        place = body.put(f"extractelement {kind} {cell}, i32 {lane}")
        for offset, column in enumerate((packed, *columns[1:])):
            there = body.put(f"add i64 {place}, {offset}")
            pointer = body.put(f"getelementptr i64, ptr %cells, i64 {there}")
            held = body.put(f"load i64, ptr {pointer}")
            value = body.put(f"extractelement {kind} {column}, i32 {lane}")
            total = body.put(f"add i64 {held}, {value}")
            body.lines.append(f"  store i64 {total}, ptr {pointer}")


def _splat(width: int, value: int) -> str:
    return "<" + ", ".join([f"i64 {value}"] * width) + ">"


def _head(sizes: Sizes) -> list[str]:
    """Take up what was carried along; `%found` begins with how many rows are listed and how many there may be."""
    wide = f"<{sizes.width} x i64>"
    lines = [f"define i64 @{NAME}({_SIGNATURE}) #0 {{", "entry:", "  %listed = load i64, ptr %found"]
    lines += ["  %room_at = getelementptr i64, ptr %found, i64 1", "  %room = load i64, ptr %room_at"]
    for place in range(sizes.kept):
        lines.append(f"  %p{place} = getelementptr i64, ptr %kept, i64 {place * sizes.width}")
        lines.append(f"  %s{place} = load {wide}, ptr %p{place}, align 8")
    return [*lines, "  br label %head", "head:", "  %i = phi i64 [ %from, %entry ], [ %later, %next ]",
            "  %n = phi i64 [ %listed, %entry ], [ %longer, %next ]"]  # fmt: skip


def _loop(sizes: Sizes, body: list[str], bits: str) -> list[str]:
    mask = f"i{sizes.width}"
    return [
        "  %has_more = icmp slt i64 %i, %to", "  %has_room = icmp sle i64 %n, %room",
        "  %goes_on = and i1 %has_more, %has_room", "  br i1 %goes_on, label %body, label %done",
        "body:", *body,
        f"  %none = icmp eq {mask} {bits}, 0", "  br i1 %none, label %next, label %list",
        "list:", "  %list_at = getelementptr i64, ptr %found, i64 2",
        *_listed(sizes, bits), "  br label %next",
        "next:", f"  %longer = phi i64 [ %n, %body ], [ %n{sizes.width}, %list ]",
        f"  %later = add i64 %i, {sizes.width}", "  br label %head",
    ]  # fmt: skip


def _listed(sizes: Sizes, bits: str) -> list[str]:
    """Every row is written behind the list, which grows only by those that count."""
    lines, mask = ["  %n0 = add i64 %n, 0"], f"i{sizes.width}"
    for lane in range(sizes.width):
        lines += [
            f"  %at{lane} = getelementptr i64, ptr %list_at, i64 %n{lane}", f"  %row{lane} = add i64 %i, {lane}",
            f"  store i64 %row{lane}, ptr %at{lane}", f"  %bit{lane} = lshr {mask} {bits}, {lane}",
            f"  %is{lane} = trunc {mask} %bit{lane} to i1", f"  %one{lane} = zext i1 %is{lane} to i64",
            f"  %n{lane + 1} = add i64 %n{lane}, %one{lane}",
        ]  # fmt: skip
    return lines


def _done(sizes: Sizes) -> list[str]:
    wide = f"<{sizes.width} x i64>"
    stores = [f"  store {wide} %k{place}, ptr %p{place}, align 8" for place in range(sizes.kept)]
    return ["done:", "  store i64 %n, ptr %found", *stores, "  ret i64 %i"]
