"""What every sandbox server stands on: state, credentials, faults, a movable clock, JSON in and out."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandboxes.credentials import Credentials, add_platform_key, load_or_make
from sandboxes.faults import Faults
from sandboxes.state import State

CHINA = ZoneInfo("Asia/Shanghai")
LARGEST_BODY = 256 * 1024


@dataclass(frozen=True)
class Limits:
    """The platforms' documented quotas; a day is 24 hours."""

    customer_after_writing: int = 5
    customer_after_tapping: int = 3
    template_daily: int = 100_000
    link_daily: int = 500_000
    code_per_minute: int = 5_000
    member_per_minute: int = 30
    member_hourly: int = 1_000
    member_daily: int = 200
    kf_after_writing: int = 5
    robot_per_minute: int = 20
    push_per_minute: int = 600
    sms2_per_minute: int = 1
    sms2_hourly: int = 5
    sms2_daily: int = 10


@dataclass(frozen=True)
class Options:
    """How the sandboxes behave; every limit can be loosened for a demo or a load test."""

    state_dir: Path
    public_url: str = "http://127.0.0.1:8900"
    sms_gap_seconds: float = 60
    sms_hourly: int = 5
    sms_daily: int = 30
    real_name_daily: int = 10
    notice_pace: float = 1.0
    notice_delay_seconds: float = 0.2
    refund_seconds: float = 1.0
    platform_mode: str = "certificate"
    callback_base: str = ""
    callback_pace: float = 1.0
    callback_answer_seconds: float = 5.0
    app_base: str = ""
    smtp_port: int = 0
    limits: Limits = field(default_factory=Limits)
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")


@dataclass
class Sandbox:
    """The shared ground of all sandbox servers of one process."""

    options: Options
    state: State
    credentials: Credentials
    faults: Faults = field(default_factory=Faults)
    in_flight: int = 0
    hurry: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def open(cls, options: Options) -> Sandbox:
        """Open (or make) the state folder."""
        credentials = load_or_make(options.state_dir)
        return cls(options, State(options.state_dir / "sandboxes.sqlite"), credentials)

    def now(self) -> float:
        """The sandboxes' own time, seconds since 1970: wall time plus what `POST /sandbox/clock` set."""
        return time.time() + self.clock_ahead()

    def clock_ahead(self) -> float:
        """How far the sandboxes' time was put ahead, seconds."""
        return self.state.number("select cast(value as real) from setting where name = 'clock_ahead'")

    def set_clock(self, ahead_seconds: float) -> None:
        """Put the sandboxes' time ahead of the wall (codes, tokens and orders age); signatures keep wall time."""
        self.state.set("clock_ahead", str(ahead_seconds))
        now = self.now()
        for table, column in (("access_token", "made_at"), ("call_made", "at"), ("real_name_call", "at")):
            # Put back again: what happened in the future no longer counts against anybody.
            self.state.run(f"delete from {table} where {column} > ?", now)

    def count(self, name: str, seconds: float) -> int:
        """How often `name` happened in the last `seconds`."""
        since = self.now() - seconds
        return int(self.state.number("select count(*) from call_made where name = ? and at > ?", name, since))

    def happened(self, name: str, times: int = 1) -> None:
        """Count `name`; what is older than a day is forgotten."""
        now = self.now()
        self.state.run("delete from call_made where at < ?", now - 86_400)
        for _ in range(times):
            self.state.run("insert into call_made values (?, ?)", name, now)

    def is_new(self, name: str, nonce: str) -> bool:
        """Whether this nonce was not seen before."""
        found = "insert into nonce_seen values (?, ?, ?) on conflict do nothing"
        return self.state.run(found, name, nonce, self.now()) == 1

    def rotate(self) -> str:
        """A new WeChat Pay platform key signs from now on; its serial number."""
        self.credentials = add_platform_key(self.options.state_dir, self.credentials)
        return self.credentials.platform_keys[-1].serial_no


class Refusal(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, content: dict[str, Any], status: int = 200) -> None:
        super().__init__(str(content))
        self.content = content
        self.status = status


class Json(JSONResponse):
    """JSON with Chinese left readable."""

    def render(self, content: Any) -> bytes:
        """The body's bytes."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


async def read_object(request: Request) -> dict[str, Any] | None:
    """The body as a JSON object; none when it is not one or is too large."""
    body = await request.body()
    if len(body) > LARGEST_BODY:
        return None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def rfc3339(at: float) -> str:
    """An instant the way WeChat Pay writes it: Beijing time with its offset."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(CHINA).isoformat()
