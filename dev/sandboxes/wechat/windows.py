"""Windows for customer-service messages: opened by what the person does, closed by time or count."""

from __future__ import annotations

from sandboxes.errcodes import refused
from sandboxes.ground import Sandbox
from sandboxes.wechat.apps import MINI, App

WRITTEN_SECONDS = 48 * 3600
TAPPED_SECONDS = 60
ENTERED_MOST = 2
"""A mini program's customer who enters the session: two messages in a minute."""


def open_for(sandbox: Sandbox, app: App, openid: str, cause: str) -> None:
    """The person wrote (`write`), or followed, scanned, tapped the menu, entered: a fresh window of that cause."""
    limits, is_writing = sandbox.options.limits, cause == "write"
    count = limits.customer_after_writing if is_writing else limits.customer_after_tapping
    if app.kind == MINI and not is_writing:
        count = ENTERED_MOST
    closes = sandbox.now() + (WRITTEN_SECONDS if is_writing else TAPPED_SECONDS)
    sandbox.state.run("delete from wechat_window where app = ? and openid = ? and cause = ?", app.app_id, openid, cause)
    sandbox.state.run("insert into wechat_window values (?, ?, ?, ?, ?)", app.app_id, openid, cause, closes, count)


def close_all(sandbox: Sandbox, app: App, openid: str) -> None:
    """The person left."""
    sandbox.state.run("delete from wechat_window where app = ? and openid = ?", app.app_id, openid)


def use(sandbox: Sandbox, app: App, openid: str) -> None:
    """Use up one message of the window that closes first; 45015 when none is open, 45047 when all are used up."""
    rows = sandbox.state.rows(
        "select rowid, left_count from wechat_window where app = ? and openid = ? and closes_at > ? order by closes_at",
        app.app_id,
        openid,
        sandbox.now(),
    )
    if not rows:
        raise refused("45015")
    for row in rows:
        if row["left_count"] > 0:
            sandbox.state.run("update wechat_window set left_count = left_count - 1 where rowid = ?", row["rowid"])
            return
    raise refused("45047")
