"""Where in a YAML file something stands: only looked for when a fault must be shown."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

Step = str | int


def first_line(wrong: yaml.MarkedYAMLError) -> int:
    """Where something began that YAML could not read to its end."""
    mark = wrong.context_mark or wrong.problem_mark
    return mark.line + 1 if mark else 1


def line_of(text: str, path: Sequence[Step]) -> int:
    r"""The line (from 1) of the deepest part of `path` that the file has; 1 for a file that is no YAML.

    >>> line_of("a: 1\nb:\n  - c: 2\n  - c: 3\n", ["b", 1, "c"])
    4
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as wrong:
        return first_line(wrong)
    line = 1
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, step: Step) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        inner = node.value[step]
        return inner.start_mark.line + 1, inner
    return None
