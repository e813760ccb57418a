"""Messages of WeChat customer service (微信客服) as they are fetched, in the one shape of events. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from palmtax.channels.model.incoming import Event, EventKind

CUSTOMER, SYSTEM = 3, 4
"""Who wrote (`origin`); what our own people wrote is not read."""
MAY_ANSWER = frozenset({0, 1})
"""`service_state`: new, with the robot. In the queue, with staff and after the end we are silent."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of `kf/sync_msg`: events with the time they were made, and from where to go on."""

    events: tuple[tuple[Event, datetime], ...]
    cursor: str
    has_more: bool


def conversation(open_kfid: str, customer: str) -> str:
    """The address of a customer at one of our accounts: windows and answers belong to both."""
    return f"{open_kfid}/{customer}"


def read_message(row: Any) -> tuple[Event, datetime] | None:
    """The event of one fetched message; none for what is not a customer's, or has no number."""
    if not isinstance(row, dict) or not row.get("msgid") or row.get("origin") not in (CUSTOMER, SYSTEM):
        return None
    sent = row.get("send_time")
    at = datetime.fromtimestamp(sent if isinstance(sent, int) and 0 <= sent < 2**32 else 0, UTC)
    return _event(row, f"k:{row['msgid']}"), at


def _event(row: Mapping[str, Any], key: str) -> Event:
    theirs = str(row.get("msgtype", ""))
    inner = row.get(theirs)
    content: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
    who = content if row["origin"] == SYSTEM else row
    open_kfid, customer = str(who.get("open_kfid", "")), str(who.get("external_userid", ""))
    more = {"OpenKfId": open_kfid, "ExternalUserID": customer}
    if row["origin"] == SYSTEM:
        theirs, code = str(content.get("event_type", "")), str(content.get("welcome_code", ""))
        kind: EventKind = "entered" if theirs == "enter_session" else "unknown"
        more |= {"WelcomeCode": code} if code else {}
        return Event(kind, key, conversation(open_kfid, customer), theirs=theirs, more=more)
    media = str(content.get("media_id", ""))
    more |= {"MediaId": media} if media else {}
    said = str(content.get("content", "")) if theirs == "text" else ""
    return Event("asked", key, conversation(open_kfid, customer), said=said, theirs=theirs, more=more)
