"""Accounts as identity's port for signing in inside WeChat (网页授权) and Alipay: those in force, by the channel's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from palmtax import identity
from palmtax.base.clock import Clock
from palmtax.channels.adapters import Ports, alipay, ask
from palmtax.channels.adapters.process import Housed, process_of
from palmtax.channels.adapters.wechat_account import unionid
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.routing import is_on
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable


@dataclass(frozen=True, slots=True)
class Account:
    """One official account."""

    ports: Ports
    channel: Channel
    family: identity.Family = "wechat_oa"

    @property
    def app_id(self) -> str:
        """The account these openids belong to."""
        return self.ports.account(self.channel)

    def authorise_address(self, way_back: str, state: str) -> str:
        """The platform's page that silently sends the browser to `way_back` with a code and the state."""
        asked = {"appid": self.app_id, "redirect_uri": way_back, "response_type": "code", "scope": "snsapi_base"}
        return f"{self.ports.pages(self.channel)}/connect/oauth2/authorize?{urlencode({**asked, 'state': state})}#wechat_redirect"

    async def sign_in(self, code: str) -> identity.WeChatIdentity:
        """Whose browser made this code; spent, wrong and other accounts' codes are refused."""
        section = self.ports.section(self.channel)
        query = {
            "appid": str(section["app_id"]), "secret": str(section["app_secret"]), "code": code,
            "grant_type": "authorization_code",
        }  # fmt: skip
        answer = await ask(self.ports, self.channel, "GET", "/sns/oauth2/access_token", query)
        openid, unionid = answer.get("openid"), answer.get("unionid")
        if not isinstance(openid, str) or not openid:
            raise OutsideUnavailable("unreadable", "oauth2/access_token without openid")
        return identity.WeChatIdentity(openid, unionid if isinstance(unionid, str) and unionid else None)

    async def unionid(self, openid: str) -> str | None:
        """The unionid of somebody who follows the account; none when the platform does not say."""
        try:
            return await unionid(self.ports, self.channel, openid)
        except (OutsideRefused, OutsideUnavailable):
            return None


@dataclass(frozen=True, slots=True)
class LifeChannel:
    """One life channel of Alipay."""

    ports: Ports
    channel: Channel
    family: identity.Family = "alipay"

    @property
    def app_id(self) -> str:
        """The app these user numbers belong to."""
        return self.ports.account(self.channel)

    def authorise_address(self, way_back: str, state: str) -> str:
        """Alipay's page that silently sends the browser to `way_back` with an `auth_code` and the state."""
        asked = {"app_id": self.app_id, "scope": "auth_base", "redirect_uri": way_back, "state": state}
        return f"{self.ports.pages(self.channel)}/oauth2/publicAppAuthorize.htm?{urlencode(asked)}"

    async def sign_in(self, code: str) -> identity.WeChatIdentity:
        """Whose browser made this code; spent, wrong and other apps' codes are refused."""
        answer = await alipay.ask(
            self.ports, self.channel, "alipay.system.oauth.token", grant_type="authorization_code", code=code
        )
        user = answer.get("user_id")
        if not isinstance(user, str) or not user:
            raise OutsideUnavailable("unreadable", "oauth.token without user_id")
        return identity.WeChatIdentity(user, None)

    async def unionid(self, _openid: str) -> str | None:
        """Alipay has no such thing."""
        return None


_ACCOUNTS: Mapping[str, type[Account | LifeChannel]] = {"wechat_oa": Account, "alipay": LifeChannel}


def accounts_of(house: Housed, clock: Clock) -> identity.FindAccount:
    """Finds the account of a channel that signs people in and is on; its manifest is the one in force now."""

    async def find(name: str) -> identity.WeChatAccountPort | None:
        process = process_of(house)
        known = await process.memory.known(house.database, clock)
        channel = known.channels.get(name)
        account = _ACCOUNTS.get(channel.manifest.transport) if channel else None
        if channel is None or account is None or channel.manifest.sign_in.by != "oauth":
            return None
        if not is_on(channel, known.standings[name]) or not process.ports.has_credentials(channel):
            return None
        return account(process.ports, channel)

    return find
