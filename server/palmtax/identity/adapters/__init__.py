"""Ports to the outside that identity needs: WeChat sign-in, SMS, the real-name register.

Actions and tasks take these protocols; `entry` hands in the clients beside this file. Every method raises
`OutsideRefused` (the other side said no; `code` says why) or `OutsideUnavailable` (no usable answer; what happened
over there is unknown), both of `palmtax.plumbing.outbound`. None may be called while holding a database connection.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from palmtax.identity.model.addresses import Family

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

    async def phone_in(self, openid: str, data: str, vector: str) -> str:
        """The mainland mobile number that an older WeChat encrypted for us under the user's session; good once."""
        ...


class WeChatAccountPort(Protocol):
    """Sign-in of a page opened inside WeChat by one official account 公众号, or inside Alipay by a life channel 生活号."""

    @property
    def family(self) -> Family:
        """The family of its openids."""
        ...

    @property
    def app_id(self) -> str:
        """The account these openids belong to."""
        ...

    def authorise_address(self, way_back: str, state: str) -> str:
        """The platform's page that silently (snsapi_base) sends the browser to `way_back` with a code and the state."""
        ...

    async def sign_in(self, code: str) -> WeChatIdentity:
        """Whose browser made this code; spent, wrong and other accounts' codes are refused."""
        ...

    async def unionid(self, openid: str) -> str | None:
        """The unionid of somebody who follows the account; none when the platform does not say."""
        ...


FindAccount = Callable[[str], Awaitable[WeChatAccountPort | None]]
"""`outside["wechat_accounts"]`: the official account of a channel's name; none when there is none, or it is switched off."""


@dataclass(frozen=True, slots=True)
class ChatMember:
    """A member of an officers' chat; `phone` is empty where the platform does not tell it."""

    userid: str
    phone: str


class OfficeChatPort(Protocol):
    """A chat whose members are officers: government WeChat 政务微信, WeCom 税务企业号."""

    @property
    def family(self) -> Family:
        """The family of its userids."""
        ...

    @property
    def app_id(self) -> str:
        """The corporation that these userids belong to."""
        ...

    def authorise_address(self, way_back: str, state: str) -> str:
        """The platform's page that silently sends a member's browser to `way_back` with a code and the state."""
        ...

    async def userid(self, code: str) -> str:
        """Whose browser made this code; spent and wrong codes are refused."""
        ...

    async def members(self) -> list[ChatMember]:
        """Everybody in its directory. Raises rather than giving a part of it."""
        ...


FindChat = Callable[[str], Awaitable[OfficeChatPort | None]]
"""`outside["office_chats"]`: the chat of a channel's name; none when there is none, or it is switched off."""


NO_MAILBOX = "no_mailbox"
"""The code of a letter that was refused because of its address."""


class MailPort(Protocol):
    """Sends one letter; `outside["mail"]`."""

    async def send(self, address: str, title: str, body: str, reference: str) -> None:
        """Hand a letter over; `reference` is ours, by which the receiving side knows a repetition.

        A mailbox that is not there, or takes nothing, is refused with `NO_MAILBOX`.
        """
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


__all__ = [
    "NO_MAILBOX",
    "ChatMember",
    "FindAccount",
    "FindChat",
    "MailPort",
    "OfficeChatPort",
    "RealNameAnswer",
    "RealNamePort",
    "SmsPort",
    "WeChatAccountPort",
    "WeChatIdentity",
    "WeChatPort",
]
