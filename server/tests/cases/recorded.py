"""Which acts the code records, read from its syntax: every `act=` that reaches `evidence.append` or `evidence.part`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import house

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _at(call: ast.Call, inside: Function, name: str) -> ast.expr | None:
    """What a call hands in at the place of a parameter."""
    places = [one.arg for one in (*inside.args.posonlyargs, *inside.args.args)]
    place = places.index(name) if name in places else len(call.args)
    return call.args[place] if place < len(call.args) else None


class CannotFollow(Exception):
    """An act that is made up in a way this reader does not know."""


@cache
def event_names() -> dict[str, str]:
    """The class of every event and its name."""
    found = {}
    for path in house.sources():
        if path.name != "events.py" and "events" not in path.parts:
            continue
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.ClassDef):
                for line in node.body:
                    target = line.target if isinstance(line, ast.AnnAssign) else None
                    named = isinstance(target, ast.Name) and target.id == "name"
                    if named and isinstance(line.value, ast.Constant):  # type: ignore[union-attr]  # an AnnAssign here
                        found[node.name] = str(line.value.value)  # type: ignore[union-attr]  # as above
    return found


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, Function | None]]:
    """Every call and the function it stands in."""

    def walk(node: ast.AST, inside: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
        for child in ast.iter_child_nodes(node):
            here = child if isinstance(child, Function) else inside
            if isinstance(child, ast.Call):
                yield child, here
            yield from walk(child, here)

    yield from walk(tree, None)


def _is_evidence(call: ast.Call) -> bool:
    f = call.func
    return (
        isinstance(f, ast.Attribute)
        and f.attr in ("append", "part")
        and isinstance(f.value, ast.Name)
        and f.value.id == "evidence"
    )


def _strings(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


class Reader:
    """Follows acts through one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = house.tree(path)

    def acts(self) -> set[str]:
        """Every act that this file records."""
        found: set[str] = set()
        for call, inside in _calls(self.tree):
            if _is_evidence(call):
                found |= self._value(_act(call), inside)
        return found

    def _value(self, node: ast.expr, inside: Function | None) -> set[str]:
        if isinstance(node, ast.Constant):
            return {str(node.value)}
        if isinstance(node, ast.Attribute) and node.attr == "name" and isinstance(node.value, ast.Name):
            return self._named(node.value.id, inside)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            return self._table(node.value.id)
        if isinstance(node, ast.IfExp):
            return self._value(node.body, inside) | self._value(node.orelse, inside)
        if isinstance(node, ast.JoinedStr):
            return self._glued(node, inside)
        if isinstance(node, ast.Name) and inside is not None:
            return self._handed_in(node.id, inside)
        raise CannotFollow(f"{self.path.name}:{node.lineno} {ast.unparse(node)}")

    def _named(self, name: str, inside: Function | None) -> set[str]:
        if name in event_names():
            return {event_names()[name]}
        for argument in [*inside.args.args, *inside.args.kwonlyargs] if inside else []:
            if argument.arg == name and argument.annotation is not None:
                kinds = [n.id for n in ast.walk(argument.annotation) if isinstance(n, ast.Name)]
                return {event_names()[kind] for kind in kinds}
        raise CannotFollow(f"{self.path.name}: {name}.name")

    def _table(self, name: str) -> set[str]:
        for line in self.tree.body:  # type: ignore[attr-defined]  # a module
            targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
            if any(isinstance(t, ast.Name) and t.id == name for t in targets) and isinstance(line.value, ast.Dict):
                return set().union(*(_strings(value) for value in line.value.values))
        raise CannotFollow(f"{self.path.name}: {name}[…]")

    def _glued(self, node: ast.JoinedStr, inside: Function | None) -> set[str]:
        found = {""}
        for piece in node.values:
            if isinstance(piece, ast.Constant):
                ends = {str(piece.value)}
            elif isinstance(piece, ast.FormattedValue) and isinstance(piece.value, ast.Name) and inside is not None:
                name = piece.value.id
                ends = set().union(
                    *(
                        _strings(line.value)
                        for line in ast.walk(inside)
                        if isinstance(line, ast.Assign)
                        and any(isinstance(t, ast.Name) and t.id == name for t in line.targets)
                    )
                )
            else:
                raise CannotFollow(f"{self.path.name}:{node.lineno}")
            found = {start + end for start in found for end in ends}
        return found

    def _handed_in(self, name: str, inside: Function) -> set[str]:
        """The values that callers in the same file hand in."""
        found: set[str] = set()
        for call, around in _calls(self.tree):
            if isinstance(call.func, ast.Name) and call.func.id == inside.name:
                given = next((k.value for k in call.keywords if k.arg == name), None) or _at(call, inside, name)
                if given is None:
                    raise CannotFollow(f"{self.path.name}:{call.lineno} {inside.name}")
                found |= self._value(given, around)
        if not found:
            raise CannotFollow(f"{self.path.name}: nobody calls {inside.name}")
        return found


def _act(call: ast.Call) -> ast.expr:
    return next(k.value for k in call.keywords if k.arg == "act")


def recorded_acts() -> dict[str, set[str]]:
    """The acts by file, of every domain but evidence itself."""
    found = {}
    for path in house.sources():
        if path.relative_to(house.PACKAGE).parts[0] != "evidence" and (acts := Reader(path).acts()):
            found[str(path.relative_to(house.PACKAGE))] = acts
    return found
