"""Ports to the outside that identity needs: WeChat sign-in, SMS, the real-name register.

Actions and tasks take these protocols; `entry` hands in the clients beside this file. Every method raises
`OutsideRefused` (the other side said no; `code` says why) or `OutsideUnavailable` (no usable answer; what happened
over there is unknown), both of `palmtax.plumbing.outbound`. None may be called while holding a database connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

RealNameAnswer = Literal["match", "no_match", "not_found"]


@dataclass(frozen=True, slots=True)
class WeChatIdentity:
    """Who signed in: `openid` is stable per app, `unionid` per open-platform account (absent without one)."""

    openid: str
    unionid: str | None


class WeChatPort(Protocol):
    """Sign-in by a mini program."""

    @property
    def app_id(self) -> str:
        """The mini program these openids belong to."""
        ...

    async def sign_in(self, js_code: str) -> WeChatIdentity:
        """Who holds the phone that made this `wx.login` code; spent and wrong codes are refused (`SPENT_CODES`)."""
        ...

    async def phone_number(self, phone_code: str) -> str:
        """The mainland mobile number behind a code of the phone button; spent and wrong codes are refused."""
        ...


class SmsPort(Protocol):
    """Sends one message to one phone."""

    async def send(self, phone: str, template: str, variables: Mapping[str, str], request_id: str) -> str:
        """Hand a message to the gateway; its serial number. `template` is our own name of an approved text.

        Not repeated here: after `OutsideUnavailable` the message may still arrive.
        """
        ...


class RealNamePort(Protocol):
    """Asks the authority's register."""

    async def check(self, name: str, resident_id: str) -> RealNameAnswer:
        """Whether this name and resident identity number (GB 11643) belong together."""
        ...


__all__ = ["RealNameAnswer", "RealNamePort", "SmsPort", "WeChatIdentity", "WeChatPort"]
