"""Names and remarks: no module of no meaning, no silenced checker without code and reason, log names are events."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "HOUSE §3, §9, §14. `utils` is where things go to be forgotten. A bare `noqa` hides the next mistake too."
    " A log line whose name is the event's name can be found with one grep, together with its audit record."
)
GOOD = (
    ("palmtax/filing/model.py", "x = 1  # noqa: S311 — an invented town, not a secret\n"),
    ("palmtax/filing/actions.py", "log.info('filing.return_submitted', return_id=1)\n"),
    ("palmtax/filing/model.py", "x = f()  # type: ignore[arg-type]  # asyncpg ships no types\n"),
    ("palmtax/filing/model.py", "PAGE = 'write # noqa in your own file'\n"),
)
BAD = (
    ("palmtax/filing/utils.py", "x = 1\n"),
    ("palmtax/filing/tax_helpers.py", "x = 1\n"),
    ("palmtax/filing/model.py", "x = 1  # noqa\n"),
    ("palmtax/filing/model.py", "x = 1  # noqa: S311\n"),
    ("palmtax/filing/model.py", "x = f()  # type: ignore\n"),
    ("palmtax/filing/model.py", "x = f()  # type: ignore[arg-type]\n"),
    ("palmtax/filing/actions.py", "log.info(f'submitted {x}')\n"),
    ("palmtax/filing/actions.py", "log.info('Return submitted')\n"),
    ("palmtax/identity/actions.py", "log.info('identity.signed_in', phone=phone)\n"),
)
_EMPTY = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "stuff", "tools"}
_LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
_EVENT = re.compile(r"^[a-z]+(\.[a-z][a-z0-9_]*)+$")
_PERSONAL = {
    "phone",
    "name",
    "person_name",
    "resident_id",
    "id_no",
    "address",
    "uscc",
    "email",
    "openid",
    "code",
    "token",
}
_NOQA = re.compile(r"#\s*noqa\b(?P<rest>.*)", re.IGNORECASE)
_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<rest>.*)")


def _module_name(code: Code) -> Iterator[tuple[int, str]]:
    stem = code.parts[-1].removesuffix(".py")
    for word in (*stem.split("_"), *code.parts[2:-1]):
        if word in _EMPTY:
            yield 1, f"`{word}` says nothing: name the noun that lives here"


def _remarks(code: Code) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(code.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        noqa, ignore = _NOQA.search(token.string), _IGNORE.search(token.string)
        if noqa and not re.match(r":\s*[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*\s+\W*\w.{3,}", noqa.group("rest")):
            yield token.start[0], "noqa without a code and a reason: `# noqa: S311 — why`"
        if ignore and not re.match(r"\[[a-z, -]+\]\s*\W+\s*\w.{3,}", ignore.group("rest")):
            yield token.start[0], "type: ignore without a code and a reason: `# type: ignore[code]  # why`"


def _log_lines(code: Code) -> Iterator[tuple[int, str]]:
    for node in ast.walk(code.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LEVELS):
            continue
        owner = node.func.value
        if not (isinstance(owner, ast.Name) and owner.id in {"log", "logger"}):
            continue
        first = node.args[0] if node.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str) and _EVENT.match(first.value)):
            yield node.lineno, "a log line is named by a constant `domain.noun_past`; details are fields"
        for keyword in node.keywords:
            if keyword.arg in _PERSONAL:
                yield node.lineno, f"`{keyword.arg}` is personal or secret: log identifiers only"


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Module names, silenced checkers, log lines."""
    yield from _module_name(code)
    yield from _remarks(code)
    yield from _log_lines(code)
