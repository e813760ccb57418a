"""The queue's own tables, as its library declares them (plumbing/queue.sql).

Revision: 0001
Before: nothing
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

QUEUE = Path(__file__).resolve().parents[2] / "palmtax" / "plumbing" / "queue.sql"


def upgrade() -> None:
    """Make the queue."""
    for statement in _statements(QUEUE.read_text()):
        op.execute(statement)


def _statements(text: str) -> list[str]:
    """The script's statements; the one function body between $$ stays whole."""
    found, waiting, inside = [], [], False
    for line in text.splitlines():
        if line.startswith("--") and not inside:
            continue
        waiting.append(line)
        if line.count("$$") == 1:
            inside = not inside
        if line.rstrip().endswith(";") and not inside:
            found.append("\n".join(waiting))
            waiting = []
    return [statement for statement in found if statement.strip()]


def downgrade() -> None:
    """Remove the queue."""
    for table in ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics"):
        op.execute(f"drop table {table}")
    op.execute("drop function fn_pgqueuer_changed")
    op.execute("drop type pgqueuer_status")
