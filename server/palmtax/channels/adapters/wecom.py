"""WeCom (企业微信) and government WeChat (政务微信): app messages and task cards (channels.md §5, §6)."""

from __future__ import annotations

from typing import Any

from palmtax.channels.adapters import EVERY_KIND, Ports, Tokens, ask, token_of, with_token
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import CardOut, Outgoing, Sent, utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT = EVERY_KIND
"""`enable_duplicate_check`: the same message to the same person within four hours is shown once."""
FOUR_HOURS = 14_400
LONGEST_BYTES = 2048
BLUE, GREY = 1, 2
"""Styles of buttons."""
SOURCE = "掌税 PalmTax"


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
        **_content(out, said.kind),
    }
    answer = await called(ports, channel, "/cgi-bin/message/send", body)
    for field in ("invaliduser", "unlicenseduser"):
        if out.address in str(answer.get(field) or "").split("|"):
            raise OutsideRefused(field, "the member cannot be reached")
    number = answer.get("msgid")
    if not isinstance(number, str) or not number:
        raise OutsideUnavailable("unreadable", "no msgid")
    return Sent(number, follow_up=str(answer.get("response_code") or ""))


async def say(ports: Ports, channel: Channel, address: str, text: str) -> None:
    """Answer what a member wrote; a line may hold a link. Said twice within a minute it is shown once."""
    body = {"touser": address, "agentid": ports.section(channel)["agent_id"], "msgtype": "text"}
    again = {"enable_duplicate_check": 1, "duplicate_check_interval": 60}
    await called(
        ports, channel, "/cgi-bin/message/send", body | again | {"text": {"content": utf8_cut(text, LONGEST_BYTES)}}
    )


async def change_card(ports: Ports, channel: Channel, address: str, code: str, reference: str, card: CardOut) -> None:
    """Put what is true now in the place of a card; the code is good once, for 72 hours."""
    body = {
        "userids": [address],
        "agentid": ports.section(channel)["agent_id"],
        "response_code": code,
        "template_card": _task_card(card, reference),
    }
    await called(ports, channel, "/cgi-bin/message/update_template_card", body)


async def close_card(ports: Ports, channel: Channel, address: str, response_code: str, words: str) -> None:
    """Change a card that was clicked so that nobody clicks it twice; the code is good once, for 72 hours."""
    body = {
        "userids": [address],
        "agentid": ports.section(channel)["agent_id"],
        "response_code": response_code,
        "button": {"replace_name": words},
    }
    await called(ports, channel, "/cgi-bin/message/update_template_card", body)


async def called(ports: Ports, channel: Channel, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One call with the app's token, renewed once when the platform no longer takes it."""
    return await with_token(
        channel, tokens(ports, channel), lambda token: ask(ports, channel, "POST", path, {"access_token": token}, body)
    )


def _content(out: Outgoing, kind: str) -> dict[str, Any]:
    if out.card is not None:
        return {"msgtype": "template_card", "template_card": _task_card(out.card, out.reference)}
    return _card(out) if kind == "card" else _text_card(out) if out.link else _text(out)


def _task_card(card: CardOut, reference: str) -> dict[str, Any]:
    """A task as it stands: buttons that act come back as taps, the last opens the workbench; without any, a notice."""
    made: dict[str, Any] = {
        "source": {"desc": SOURCE},
        "main_title": {"title": utf8_cut(card.title, 78), "desc": utf8_cut(card.standing, 90)},
        "horizontal_content_list": [
            {"keyname": utf8_cut(name, 15), "value": utf8_cut(value, 90)} for name, value in card.facts
        ],
        "card_action": {"type": 1, "url": card.link},
        "task_id": reference,
    }
    if card.answer:
        made["sub_title_text"] = utf8_cut(card.answer, 336)
    if not card.buttons:
        return {"card_type": "text_notice", **made}
    acts = [{"text": words, "style": BLUE if is_main else GREY, "key": key} for key, words, is_main in card.buttons]
    has_main = any(is_main for _, _, is_main in card.buttons)
    opens = {"text": card.open_words, "style": GREY if has_main else BLUE, "type": 1, "url": card.link}
    return {"card_type": "button_interaction", **made, "button_list": [*acts, opens]}


def _text(out: Outgoing) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": utf8_cut(f"{out.title}\n{out.short}", LONGEST_BYTES)}}


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
