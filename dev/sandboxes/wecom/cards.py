"""Template cards: what each kind must have, and the codes by which they are changed (72 hours, once)."""

from __future__ import annotations

import re
import secrets
import sqlite3
from typing import Any

from sandboxes.errcodes import refused
from sandboxes.ground import Sandbox

NOTICES = frozenset({"text_notice", "news_notice"})
INTERACTIONS = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
TASK_ID = re.compile(r"[A-Za-z0-9_\-@]{1,128}")


def check(card: dict[str, Any], *, is_update: bool = False) -> None:
    """40058 names what is wrong with the card."""
    kind = str(card.get("card_type"))
    if kind not in NOTICES | INTERACTIONS:
        raise refused("40058", "card_type")
    title = card.get("main_title")
    if not (isinstance(title, dict) and title.get("title")) and not card.get("sub_title_text"):
        raise refused("40058", "main_title.title or sub_title_text")
    if kind in NOTICES and not _is_action(card.get("card_action")):
        raise refused("40058", "card_action")
    if kind == "news_notice" and not isinstance(card.get("card_image"), dict) and not card.get("image_text_area"):
        raise refused("40058", "card_image or image_text_area")
    if kind in INTERACTIONS and not is_update and not TASK_ID.fullmatch(str(card.get("task_id", ""))):
        raise refused("40058", "task_id")
    if kind == "button_interaction":
        _check_list(card.get("button_list"), 6, ("text",), "button_list")
    if kind == "vote_interaction":
        box = card.get("checkbox")
        _check_list(box.get("option_list") if isinstance(box, dict) else None, 20, ("id", "text"), "checkbox")
    if kind == "multiple_interaction":
        _check_list(card.get("select_list"), 3, ("question_key", "option_list"), "select_list")
    if kind in INTERACTIONS - {"button_interaction"}:
        button = card.get("submit_button")
        if not isinstance(button, dict) or not (button.get("text") and button.get("key")):
            raise refused("40058", "submit_button")


def is_updatable(kind: str, card: dict[str, Any]) -> bool:
    """Cards that a member can answer, and notices with a menu in the corner."""
    return kind == "template_card" and (card["card_type"] in INTERACTIONS or bool(card.get("action_menu")))


def new_code(sandbox: Sandbox, msgid: str) -> str:
    """A further code to change the card of this message."""
    code = secrets.token_urlsafe(32)
    sandbox.state.run("insert into wecom_card_code values (?, ?, ?, null)", code, msgid, sandbox.now())
    return code


def living(sandbox: Sandbox, server: str, code: Any, seconds: float) -> sqlite3.Row | None:
    """The message a code changes; none when spent, too old, or of another server."""
    return sandbox.state.row(
        "select c.response_code, m.* from wecom_card_code c join wecom_message m on m.msgid = c.msgid"
        " where c.response_code = ? and m.server = ? and c.used_at is null and c.made_at > ?",
        str(code),
        server,
        sandbox.now() - seconds,
    )


def spend(sandbox: Sandbox, code: str) -> None:
    """Used once."""
    sandbox.state.run("update wecom_card_code set used_at = ? where response_code = ?", sandbox.now(), code)


def _is_action(action: Any) -> bool:
    if not isinstance(action, dict):
        return False
    if action.get("type") == 1:
        return bool(re.match(r"https?://", str(action.get("url", ""))))
    return action.get("type") == 2 and bool(action.get("appid"))


def _check_list(found: Any, most: int, names: tuple[str, ...], said: str) -> None:
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        raise refused("40058", said)
    if not all(isinstance(one, dict) and all(one.get(name) for name in names) for one in found):
        raise refused("40058", said)
