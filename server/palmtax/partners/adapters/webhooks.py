"""Sending webhooks: what came of a try in one word, whatever the other side did."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import ClassVar

import httpx
from pydantic import Field

from palmtax.base.clock import SystemClock
from palmtax.partners.adapters import dialling
from palmtax.partners.model.hooks import Answer, Hook, headers_of
from palmtax.plumbing.settings import Section

CALL_SECONDS = 10.0
LARGEST_ANSWER = 65_536


class PartnersSettings(Section):
    """The open platform."""

    section: ClassVar[str] = "partners"
    loopback_webhooks: bool = Field(
        False, description="applications on trial may be called at http://127.0.0.1; development only, yes or no"
    )


async def call(hook: Hook) -> Answer:
    """Send one delivery; never raises for what the other side does."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await _call(hook)
    except dialling.AddressRefused:
        return Answer(None, "address")
    except TimeoutError:
        return Answer(None, "timeout")
    except (socket.gaierror, UnicodeError):
        return Answer(None, "name")
    except (ssl.SSLError, httpx.ConnectError) as wrong:
        return Answer(None, "tls" if "CERTIFICATE" in str(wrong).upper() or "SSL" in str(wrong) else "connection")
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return Answer(None, "connection")


async def _call(hook: Hook) -> Answer:
    answer, _ = await dialling.ask(
        "webhooks", "POST", hook.endpoint.url, may_loopback=hook.may_loopback, seconds=CALL_SECONDS,
        most_bytes=LARGEST_ANSWER, headers=headers_of(hook, int(SystemClock().now().timestamp())), content=hook.body,
    )  # fmt: skip
    return Answer(answer.status_code, "" if answer.is_success else f"status_{answer.status_code}")
