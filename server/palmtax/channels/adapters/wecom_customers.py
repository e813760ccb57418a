"""WeCom towards customers on WeChat: customer service (微信客服) and customer contact (客户联系) (channels.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.wecom import LONGEST_BYTES, called
from palmtax.channels.model.customers import MAY_ANSWER, Page, read_message
from palmtax.channels.model.incoming import Event
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

AT_ONCE = 1000
SEVERAL, BY_CODE = 2, 2
"""A contact way for more than one member; as a code to scan."""


async def pull(ports: Ports, channel: Channel, open_kfid: str, cursor: str, token: str) -> Page:
    """What came since the cursor. A token that is over (ten minutes) is left out: that may be asked a few times a minute."""
    asked = {"open_kfid": open_kfid, "limit": AT_ONCE} | ({"cursor": cursor} if cursor else {})
    try:
        answer = await called(ports, channel, "/cgi-bin/kf/sync_msg", asked | {"token": token})
    except OutsideRefused as refused:
        if channel.meaning(refused.code).means in ("retry", "channel"):
            raise
        answer = await called(ports, channel, "/cgi-bin/kf/sync_msg", asked)
    rows, after = answer.get("msg_list"), answer.get("next_cursor")
    if not isinstance(rows, list) or not isinstance(after, str) or not after:
        raise OutsideUnavailable("unreadable", "sync_msg without messages or cursor")
    read = (read_message(row) for row in rows)
    return Page(tuple(one for one in read if one is not None), after, answer.get("has_more") == 1)


async def may_speak(ports: Ports, channel: Channel, event: Event) -> bool:
    """Whether the conversation is ours to answer: not where a person waits for staff, or talks to them."""
    if event.kind != "asked":
        return True
    asked = {"open_kfid": event.more["OpenKfId"], "external_userid": event.more["ExternalUserID"]}
    answer = await called(ports, channel, "/cgi-bin/kf/service_state/get", asked)
    return answer.get("service_state") in MAY_ANSWER


async def say(ports: Ports, channel: Channel, event: Event, number: UUID, text: str) -> None:
    """Answer a customer. Shown once however often it is said: by our number of it, or by a code that is good once."""
    words, code = {"content": utf8_cut(text, LONGEST_BYTES)}, event.more.get("WelcomeCode", "")
    if event.kind == "contact":
        body: dict[str, object] = {"welcome_code": code, "text": words}
        await called(ports, channel, "/cgi-bin/externalcontact/send_welcome_msg", body)
        return
    told = {"msgtype": "text", "text": words, "msgid": number.hex}
    if code:
        await called(ports, channel, "/cgi-bin/kf/send_msg_on_event", {"code": code, **told})
        return
    who = {"touser": event.more["ExternalUserID"], "open_kfid": event.more["OpenKfId"]}
    await called(ports, channel, "/cgi-bin/kf/send_msg", who | told)


async def contact_way(ports: Ports, channel: Channel, scene: str, members: Sequence[str]) -> str:
    """The picture of a code by which people add one of these members; it carries our scene."""
    body = {"type": SEVERAL, "scene": BY_CODE, "user": list(members), "state": scene, "skip_verify": True}
    answer = await called(ports, channel, "/cgi-bin/externalcontact/add_contact_way", body)
    address = answer.get("qr_code")
    if not isinstance(address, str) or not address:
        raise OutsideUnavailable("unreadable", "add_contact_way without qr_code")
    return address
