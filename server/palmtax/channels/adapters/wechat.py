"""Official account and mini program: template, subscription and customer-service messages (channels.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax.channels.adapters import Ports, Tokens, ask, token_of, with_token
from palmtax.channels.model.manifest import Channel, Template
from palmtax.channels.model.outgoing import Outgoing, Sent, fields_of, utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT = frozenset({"template"})
"""Template messages carry `client_msg_id`: the platform delivers one for it, however often it is asked. Others do not."""


def tokens(ports: Ports, channel: Channel) -> Tokens:
    """The stable token of the account."""
    section = ports.section(channel)

    async def fetch() -> tuple[str, int]:
        asked = {"grant_type": "client_credential", "appid": section["app_id"], "secret": section["app_secret"]}
        return token_of(
            await ask(ports, channel, "POST", "/cgi-bin/stable_token", {}, {**asked, "force_refresh": False})
        )

    return ports.tokens(channel, f"{channel.manifest.transport}:{section['app_id']}", fetch)


async def called(
    ports: Ports, channel: Channel, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None
) -> dict[str, Any]:
    """One call with the account's token, renewed once when the platform no longer takes it."""
    return await with_token(
        channel,
        tokens(ports, channel),
        lambda token: ask(ports, channel, method, path, {"access_token": token, **(query or {})}, body),
    )


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One message to one follower, in the kind that the manifest names for its template."""
    said = channel.manifest.said(out.template)
    if said is None:
        raise OutsideRefused("no_template", out.template)
    path, body = _message(ports, channel, said, out)
    answer = await called(ports, channel, "POST", path, body=body)
    number = answer.get("msgid")
    if number is None and said.kind == "template":
        raise OutsideUnavailable("unreadable", "no msgid")
    return Sent(str(number) if number is not None else out.reference)


def _message(ports: Ports, channel: Channel, said: Template, out: Outgoing) -> tuple[str, dict[str, Any]]:
    data = {name: {"value": value} for name, value in fields_of(said, out).items()}
    if said.kind == "template":
        return "/cgi-bin/message/template/send", {
            "touser": out.address,
            "template_id": ports.template_id(channel, said),
            "url": out.link,
            "client_msg_id": out.reference,
            "data": data,
        }
    if said.kind == "subscribe" and channel.manifest.transport == "wechat_mini":
        return "/cgi-bin/message/subscribe/send", {
            "touser": out.address,
            "template_id": ports.template_id(channel, said),
            "page": out.page,
            "miniprogram_state": "formal",
            "lang": "en_US" if out.language == "en" else "zh_CN",
            "data": data,
        }
    if said.kind == "subscribe":
        return "/cgi-bin/message/subscribe/bizsend", {
            "touser": out.address,
            "template_id": ports.template_id(channel, said),
            "page": out.link,
            "data": data,
        }
    text = utf8_cut(f"{out.title}\n\n{out.short}\n{out.link}", 2048)
    return "/cgi-bin/message/custom/send", {"touser": out.address, "msgtype": "text", "text": {"content": text}}
