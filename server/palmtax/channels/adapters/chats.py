"""Government WeChat and WeCom as identity's port: members' sign-in on pages, and the directory (channels.md §5, §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from palmtax import identity
from palmtax.base.clock import Clock
from palmtax.channels.adapters import Ports, ask, with_token
from palmtax.channels.adapters.process import Housed, process_of
from palmtax.channels.adapters.wecom import tokens
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.routing import is_on
from palmtax.plumbing.outbound import OutsideUnavailable

ROOT_DEPARTMENT = "1"


@dataclass(frozen=True, slots=True)
class Chat:
    """One corporation with its app."""

    ports: Ports
    channel: Channel
    family: identity.Family

    @property
    def app_id(self) -> str:
        """The corporation that these userids belong to."""
        return self.ports.account(self.channel)

    def authorise_address(self, way_back: str, state: str) -> str:
        """The platform's page that silently sends a member's browser to `way_back` with a code and the state."""
        section = self.ports.section(self.channel)
        asked = {
            "appid": self.app_id, "redirect_uri": way_back, "response_type": "code", "scope": "snsapi_base",
            "state": state, "agentid": str(section["agent_id"]),
        }  # fmt: skip
        return f"{self.ports.pages(self.channel)}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    async def userid(self, code: str) -> str:
        """Whose browser made this code; the older spelling is the one that the government's gateway has."""
        is_gov = self.channel.manifest.headers == "x_tif"
        path = "/cgi-bin/user/getuserinfo" if is_gov else "/cgi-bin/auth/getuserinfo"
        answer = await self._asked(path, {"code": code})
        found = answer.get("UserId") if is_gov else answer.get("userid")
        if not isinstance(found, str) or not found:
            raise OutsideUnavailable("unreadable", "getuserinfo without a member")
        return found

    async def members(self) -> list[identity.ChatMember]:
        """Everybody, department by department; a call for each member that was not seen yet."""
        departments = (await self._asked("/cgi-bin/department/list", {"id": ROOT_DEPARTMENT})).get("department", [])
        userids: dict[str, None] = {}
        for one in departments:
            told = await self._asked("/cgi-bin/user/simplelist", {"department_id": str(one["id"])})
            userids |= dict.fromkeys(str(member["userid"]) for member in told.get("userlist", []))
        return [await self._member(userid) for userid in userids]

    async def _member(self, userid: str) -> identity.ChatMember:
        if self.channel.manifest.headers != "x_tif":  # WeCom tells no phones since 2022: only who is there
            return identity.ChatMember(userid, "")
        told = await self._asked("/cgi-bin/user/get", {"userid": userid})
        return identity.ChatMember(userid, str(told.get("mobile") or ""))

    async def _asked(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        return await with_token(
            self.channel,
            tokens(self.ports, self.channel),
            lambda token: ask(self.ports, self.channel, "GET", path, {"access_token": token, **query}),
        )


def chats_of(house: Housed, clock: Clock) -> identity.FindChat:
    """Finds the officers' chat of a channel that is on; its manifest is the one in force now."""

    async def find(name: str) -> identity.OfficeChatPort | None:
        process = process_of(house)
        known = await process.memory.known(house.database, clock)
        channel = known.channels.get(name)
        if channel is None or channel.manifest.transport != "wecom":
            return None
        if not is_on(channel, known.standings[name]) or not process.ports.has_credentials(channel):
            return None
        family = next(one for one in identity.FAMILIES if one == channel.manifest.family)
        return Chat(process.ports, channel, family)

    return find
