"""What stands on the phones: every message from and to a person, by server and app, oldest first."""

from __future__ import annotations

import json
from typing import Any

from sandboxes.ground import Sandbox


def add(
    sandbox: Sandbox, server: str, app: str, holder: str, kind: str, content: dict[str, Any], *, is_ours: bool = True
) -> int:
    """Put a message on somebody's phone (`is_ours`: from the account; otherwise the person wrote it); its number."""
    sandbox.state.run(
        "insert into chat (server, app, holder, is_ours, kind, content, at, state) values (?, ?, ?, ?, ?, ?, ?, 'shown')",
        server,
        app,
        holder,
        int(is_ours),
        kind,
        json.dumps(content, ensure_ascii=False),
        sandbox.now(),
    )
    return int(sandbox.state.number("select last_insert_rowid()"))


def of(sandbox: Sandbox, server: str, app: str, holder: str, limit: int = 200) -> list[dict[str, Any]]:
    """The last messages with somebody, oldest first."""
    rows = sandbox.state.rows(
        "select * from (select * from chat where server = ? and app = ? and holder = ? order by chat_id desc limit ?)"
        " order by chat_id",
        server,
        app,
        holder,
        limit,
    )
    return [shown(dict(row)) for row in rows]


def one(sandbox: Sandbox, chat_id: Any) -> dict[str, Any] | None:
    """A message by its number."""
    row = sandbox.state.row("select * from chat where chat_id = ?", chat_id if isinstance(chat_id, int) else -1)
    return None if row is None else shown(dict(row))


def replace(sandbox: Sandbox, chat_id: int, content: dict[str, Any], state: str) -> None:
    """Change what a card shows."""
    sandbox.state.run(
        "update chat set content = ?, state = ? where chat_id = ?",
        json.dumps(content, ensure_ascii=False),
        state,
        chat_id,
    )


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A message as the pages read it."""
    return {**row, "is_ours": bool(row["is_ours"]), "content": json.loads(row["content"])}
