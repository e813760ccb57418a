"""SQL that runs on one PostgreSQL and sharded: taxpayer_id leads, no triggers, no volatile updates, locks by key only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lint.code import Code

STORY = (
    "Decision 0005. A statement without `taxpayer_id = $n` visits every shard; FOR UPDATE without it is refused by Citus, as are INSERT …"
    " VALUES ((select …)), volatile functions in UPDATE and any function but immutable ones in ON CONFLICT DO UPDATE. All measured on Citus 14."
)
GOOD = (
    (
        "palmtax/filing/store.py",
        "Q = 'select state from filing_return where taxpayer_id = $1 and return_id = $2 for update'\n",
    ),
    (
        "palmtax/filing/store.py",
        "Q = 'insert into filing_return (taxpayer_id, return_id) values ($1, $2) on conflict (taxpayer_id, idempotency_key) do nothing'\n",
    ),
    (
        "palmtax/filing/store.py",
        "Q = 'update filing_draft set changed_at = $3 where taxpayer_id = $1 and draft_id = $2'\n",
    ),
    ("palmtax/filing/store.py", "text = 'select one of these, then update your file'\n"),
)
BAD = (
    ("palmtax/filing/store.py", "Q = 'select 1 from filing_return where return_id = $1 for update'\n"),
    ("palmtax/filing/store.py", "Q = 'insert into filing_return (taxpayer_id) values ((select max(id) from x))'\n"),
    (
        "palmtax/filing/store.py",
        "Q = 'update filing_draft set changed_at = clock_timestamp() where taxpayer_id = $1'\n",
    ),
    (
        "palmtax/filing/store.py",
        "Q = 'insert into a (taxpayer_id) values ($1) on conflict (taxpayer_id) do update set at = now()'\n",
    ),
    (
        "palmtax/filing/store.py",
        "Q = 'insert into filing_return (taxpayer_id, idem) values ($1, $2) on conflict (idem) do nothing'\n",
    ),
    ("palmtax/filing/store.py", "Q = 'create trigger t before update on filing_return execute function f()'\n"),
    ("palmtax/filing/store.py", "Q = 'update filing_return set taxpayer_id = $2 where taxpayer_id = $1'\n"),
    ("palmtax/filing/store.py", "Q = 'select pg_advisory_lock($1)'\n"),
    ("palmtax/filing/store.py", "Q = f\"select * from filing_return where no = '{no}'\"\n"),
)
LEADS = {
    # the distribution columns of the house (closing test: test_tables); `dedupe_key` is PgQueuer's own
    "taxpayer_id",
    "person_id",
    "session_id",
    "ticket_id",
    "office_code",
    "code",
    "invoice_no",
    "phone_hash",
    "resident_hash",
    "openid",
    "leaf_no",
    "level",
    "size",
    "uscc",
    "day",
    "channel",
    "provider_ref",
    "subject_id",
    "nonce",
    "event_id",
    "address_hash",
    "union_hash",
    "name",  # of a shared access token
    "application_id",
    "request_id",
    "code_hash",
    "token_hash",
    "endpoint_id",
    "room",  # of the waiting room
    "process_id",
    "dedupe_key",
}
QUEUE = "pgqueuer"  # PgQueuer's own table: local to the node, never sharded
_SQL = re.compile(
    r"^\s*(with\s+\w+.*\bas\s*\(|select\s.+\sfrom\s|select\s+\w+\(|insert\s+into\s|update\s+\w+(\s+\w+)?\s+set\s|delete\s+from\s"
    r"|create\s|alter\s|drop\s|merge\s+into\s)",
    re.IGNORECASE | re.DOTALL,
)
_VOLATILE = re.compile(r"\b(clock_timestamp|random|gen_random_uuid|uuidv7|timeofday|nextval)\s*\(", re.IGNORECASE)


def _glues_a_value(sql: str) -> bool:
    """Whether a place of an f-string stands between quotes."""
    return any("{" in inside for inside in sql.split("'")[1::2])


def _text(node: ast.AST) -> str | None:
    """The text of a string expression; the places of an f-string become {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        return (left or "{}") + (right or "{}") if left or right else None
    return None


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every outermost string expression that is not a docstring."""
    docstrings = {
        id(n.body[0].value)
        for n in ast.walk(tree)
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and n.body
        and isinstance(n.body[0], ast.Expr)
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if id(node) in docstrings:
            continue
        text = _text(node)
        if text is not None:
            yield getattr(node, "lineno", 1), text
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _faults(sql: str) -> Iterator[str]:
    low = " ".join(sql.lower().split())
    if re.search(r"\bcreate (or replace )?(constraint )?trigger\b", low):
        yield "triggers are refused on distributed tables: compute in the action or in the same statement"
    locks = re.search(r"\bfor (no key )?(update|share)\b", low) and f" {QUEUE} " not in f"{low} "
    if locks and not re.search(
        r"\b(taxpayer_id|person_id|request_id|application_id|feature_id|code_hash|token_hash)\s*=\s*(\$|\{|\w+\.)", low
    ):
        yield "a row lock needs `taxpayer_id = $n` (or another distribution key) in the same statement"
    if re.search(r"values\s*\(\s*\(\s*select", low) or re.search(r"values\s*\([^)]*,\s*\(\s*select", low):
        yield "INSERT … VALUES ((select …)) is refused when sharded: compute first, then insert"
    update = re.search(r"\bupdate \w+( \w+)? set (.*?)( where | returning |$)", low)
    if update and _VOLATILE.search(update.group(2)):
        yield "UPDATE with a volatile function: hand the value in as a parameter"
    if update and re.search(r"(^|,)\s*taxpayer_id\s*=", update.group(2)):
        yield "the distribution column is never updated"
    conflict = re.search(r"on conflict\s*\(([^)]*)\)", low)
    if conflict:
        lead = conflict.group(1).split(",")[0].strip()
        if lead not in LEADS and lead != "{}":
            yield f"ON CONFLICT ({lead}, …): every unique key begins with the distribution column"
    action = re.search(r"do update set (.*?)( where | returning |$)", low)
    if action and re.search(
        r"\b(now|clock_timestamp|random|gen_random_uuid|current_timestamp)\b\s*\(?", action.group(1)
    ):
        yield "ON CONFLICT DO UPDATE takes immutable functions only: hand the value in and use excluded"
    if re.search(r"\bpg_(try_)?advisory_(xact_)?lock\b", low):
        yield "advisory locks live on one node: lock the taxpayer's row by key instead"
    if re.search(r"\bset_config\s*\(", low):
        yield "session settings do not reach the shards"
    if _glues_a_value(sql):
        yield "a value is glued into the text: use $n"


def check(code: Code) -> Iterator[tuple[int, str]]:
    """Strings that are SQL, in domains and plumbing."""
    if not code.domain or code.domain in {"base", "rules"}:
        return
    for line, text in _strings(code.tree):
        if _SQL.search(text):
            for says in _faults(text):
                yield line, says
