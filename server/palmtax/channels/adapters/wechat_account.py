"""The official account's own things: codes with a scene, the ticket for pages, and what it says later (menus: wechat_menus)."""

from __future__ import annotations

from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.wechat import called
from palmtax.channels.model.manifest import Channel
from palmtax.plumbing.outbound import OutsideUnavailable


async def scene_code(ports: Ports, channel: Channel, scene: str, seconds: int | None) -> str:
    """The address to draw as a QR code that carries our scene; for so many seconds, or for good."""
    action = {"action_name": "QR_LIMIT_STR_SCENE"} if seconds is None else {
        "action_name": "QR_STR_SCENE", "expire_seconds": seconds,
    }  # fmt: skip
    body = {**action, "action_info": {"scene": {"scene_str": scene}}}
    answer = await called(ports, channel, "POST", "/cgi-bin/qrcode/create", body=body)
    address = answer.get("url")
    if not isinstance(address, str) or not address:
        raise OutsideUnavailable("unreadable", "qrcode/create without url")
    return address


async def say(ports: Ports, channel: Channel, address: str, text: str) -> None:
    """One customer-service message in words; only inside a window that the person opened."""
    body = {"touser": address, "msgtype": "text", "text": {"content": text}}
    await called(ports, channel, "POST", "/cgi-bin/message/custom/send", body=body)


async def unionid(ports: Ports, channel: Channel, openid: str) -> str | None:
    """The unionid of somebody who follows the account; none when the platform does not say."""
    told = await called(ports, channel, "GET", "/cgi-bin/user/info", {"openid": openid})
    found = told.get("unionid")
    return found if told.get("subscribe") == 1 and isinstance(found, str) and found else None


async def page_ticket(ports: Ports, channel: Channel) -> str:
    """The ticket by which our pages in WeChat's browser are signed; kept and renewed like an access token."""

    async def fetch() -> tuple[str, int]:
        answer = await called(ports, channel, "GET", "/cgi-bin/ticket/getticket", {"type": "jsapi"})
        ticket, seconds = answer.get("ticket"), answer.get("expires_in")
        if not isinstance(ticket, str) or not ticket or not isinstance(seconds, int):
            raise OutsideUnavailable("unreadable", "getticket without ticket")
        return ticket, seconds

    return await ports.tokens(channel, f"jsapi_ticket:{ports.account(channel)}", fetch).get()
