"""Access tokens of the WeChat family: 7,200 seconds, one current per app, ended by force or on demand."""

from __future__ import annotations

import re
import secrets

from sandboxes.ground import Sandbox

TOKEN_SECONDS = 7200


def current(sandbox: Sandbox, app: str, overlap_seconds: float = 0) -> tuple[str, int]:
    """The token in use and its remaining seconds; a new one when the last is about to end (both live on)."""
    now = sandbox.now()
    found = sandbox.state.row(
        "select * from access_token where app = ? and revoked = 0 and expires_at > ? order by made_at desc limit 1",
        app,
        now + overlap_seconds,
    )
    return (found["token"], int(found["expires_at"] - now)) if found else new(sandbox, app)


def new(sandbox: Sandbox, app: str) -> tuple[str, int]:
    """A further token."""
    token, now = f"{secrets.randbelow(90) + 10}_" + secrets.token_urlsafe(96), sandbox.now()
    sandbox.state.run("insert into access_token values (?, ?, ?, ?, 0)", token, app, now, now + TOKEN_SECONDS)
    return token, TOKEN_SECONDS


def revoke(sandbox: Sandbox, app: str) -> int:
    """End all of an app; how many."""
    return sandbox.state.run("update access_token set revoked = 1 where revoked = 0 and app = ?", app)


def problem(sandbox: Sandbox, text: str | None) -> tuple[str, str]:
    """The app a token belongs to and the errcode against it ('' for none): 41001, 40014, 40001, 42001."""
    if not text:
        return "", "41001"
    if not re.fullmatch(r"\d{2}_[\w-]{20,}", text):
        return "", "40014"
    token = sandbox.state.row("select * from access_token where token = ?", text)
    if token is None or token["revoked"]:
        return "", "40001"
    return token["app"], "42001" if sandbox.now() >= token["expires_at"] else ""
