"""The clock is handed in: nobody but base/clock.py asks the machine what time it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "HOUSE §12. A return submitted at 23:59:59 must be judged by the same instant in every line, and a test must be able to say what day it is."
    " plumbing, entry and adapters may ask the machine (a partner judges our signature by its own clock); law, money and deadlines take `clock`."
)
GOOD = (
    ("palmtax/filing/actions.py", "def f(clock):\n    return clock.now()\n"),
    ("palmtax/plumbing/metrics.py", "import time\nx = time.perf_counter()\n"),
)
BAD = (
    ("palmtax/filing/actions.py", "import datetime\nx = datetime.datetime.now(datetime.UTC)\n"),
    ("palmtax/filing/actions.py", "from datetime import date\nx = date.today()\n"),
    ("palmtax/identity/actions.py", "import time\nx = time.time()\n"),
)
_ASKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today"), ("time", "time")}


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Calls of datetime.now, date.today, time.time in domains."""
    if code.domain in {"plumbing", "entry", ""} or "adapters" in code.parts or code.path.endswith("base/clock.py"):
        return
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (name, node.func.attr) in _ASKS:
                yield node.lineno, f"{name}.{node.func.attr}(): take the clock that is handed in"
