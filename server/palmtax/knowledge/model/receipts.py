"""Which lines of an assessment led to a result: branches that were not taken are not part of its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from palmtax import rules


def codes_behind(assessment: rules.Assessment, outputs: Iterable[str]) -> frozenset[str]:
    """Codes of the lines that these outputs were computed from, themselves included."""
    nodes, seen, codes = assessment.traced.nodes, set[int](), set[str]()
    waiting = [assessment.traced.outputs[name] for name in outputs]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if nodes[place].op == "line":
            codes.add(str(nodes[place].detail))
        waiting.extend(_taken(assessment, place))
    return frozenset(codes)


def _taken(assessment: rules.Assessment, place: int) -> Iterator[int]:
    """The earlier steps that decided this one, as `rules.missing` asks for them."""
    node, values = assessment.traced.nodes[place], assessment.values
    if node.op == "where":
        yield node.args[0]
        yield node.args[1] if values[node.args[0]] else node.args[2]
    elif node.op in ("both", "either") and bool(values[node.args[0]]) == (node.op == "either"):
        yield node.args[0]
    else:
        yield from node.args
