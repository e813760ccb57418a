"""WeCom (企业微信) and government WeChat (政务微信): app messages and task cards (channels.md §5, §6)."""

from __future__ import annotations

from typing import Any

from palmtax.channels.adapters import EVERY_KIND, Ports, Tokens, ask, token_of, with_token
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent, utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT = EVERY_KIND
"""`enable_duplicate_check`: the same message to the same person within four hours is shown once."""
FOUR_HOURS = 14_400


def tokens(ports: Ports, channel: Channel) -> Tokens:
    """The token of this app: each app of a corporation has its own."""
    section = ports.section(channel)

    async def fetch() -> tuple[str, int]:
        query = {"corpid": str(section["corp_id"]), "corpsecret": str(section["secret"])}
        return token_of(await ask(ports, channel, "GET", "/cgi-bin/gettoken", query))

    return ports.tokens(channel, f"{channel.manifest.transport}:{section['corp_id']}:{section['agent_id']}", fetch)


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One message to one member; `card` is a task card that changes after a click."""
    said = channel.manifest.said(out.template)
    if said is None:
        raise OutsideRefused("no_template", out.template)
    body = {
        "touser": out.address,
        "agentid": ports.section(channel)["agent_id"],
        "enable_duplicate_check": 1,
        "duplicate_check_interval": FOUR_HOURS,
        **(_card(out) if said.kind == "card" else _text_card(out) if out.link else _text(out)),
    }
    answer = await _called(ports, channel, "/cgi-bin/message/send", body)
    for field in ("invaliduser", "unlicenseduser"):
        if out.address in str(answer.get(field) or "").split("|"):
            raise OutsideRefused(field, "the member cannot be reached")
    number = answer.get("msgid")
    if not isinstance(number, str) or not number:
        raise OutsideUnavailable("unreadable", "no msgid")
    return Sent(number, follow_up=str(answer.get("response_code") or ""))


async def close_card(ports: Ports, channel: Channel, address: str, response_code: str, words: str) -> None:
    """Change a card that was clicked so that nobody clicks it twice; the code is good once, for 72 hours."""
    body = {
        "userids": [address],
        "agentid": ports.section(channel)["agent_id"],
        "response_code": response_code,
        "button": {"replace_name": words},
    }
    await _called(ports, channel, "/cgi-bin/message/update_template_card", body)


async def _called(ports: Ports, channel: Channel, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return await with_token(
        channel, tokens(ports, channel), lambda token: ask(ports, channel, "POST", path, {"access_token": token}, body)
    )


def _text(out: Outgoing) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": utf8_cut(f"{out.title}\n{out.short}", 2048)}}


def _text_card(out: Outgoing) -> dict[str, Any]:
    more = "Open" if out.language == "en" else "查看"
    card = {"title": utf8_cut(out.title, 128), "description": utf8_cut(out.short, 512), "url": out.link, "btntxt": more}
    return {"msgtype": "textcard", "textcard": card}


def _card(out: Outgoing) -> dict[str, Any]:
    """A card with one button; its task id is our reference, by which the click comes back."""
    words = "Got it" if out.language == "en" else "我已知晓"
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": utf8_cut(out.title, 78), "desc": utf8_cut(out.short, 90)},
        "task_id": out.reference,
        "button_list": [{"text": words, "style": 1, "key": "seen"}],
    }
    if out.link:
        card["card_action"] = {"type": 1, "url": out.link}
    return {"msgtype": "template_card", "template_card": card}
