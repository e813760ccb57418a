"""The official account's menus: one for everybody and others for followers who wear our tag, published in one act.

Source: developers.weixin.qq.com, /doc/service/api/custommenu/ and /usermanage/tag/. The platform shows the newest menu whose
rule fits, and of somebody's tags the last one put on; ours are worn one at a time, so the order of menus does not matter.
Rules about language, sex and place are refused (65320), so whoever reads English is told by a tag too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.wechat import called
from palmtax.channels.model.manifest import Audience, Channel
from palmtax.channels.model.menus import TAGS, same_menu
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

NO_MENU, NO_TAG = "46003", "45159"
Numbers = dict[Audience, int]
"""The platform's numbers of our tags."""


@dataclass(frozen=True, slots=True)
class _Fitted:
    """One menu for some followers, as the platform has it."""

    number: str
    rule: Mapping[str, str]
    menu: dict[str, Any]

    def is_ours(self, tag: int, wanted: Mapping[str, Any]) -> bool:
        """Whether it is for this tag alone and looks so. The platform tells a tag as `group_id`."""
        tags = [value for name, value in self.rule.items() if name in ("tag_id", "group_id")]
        return tags == [str(tag)] and len(self.rule) == 1 and same_menu(self.menu, wanted)


async def publish_menus(
    ports: Ports, channel: Channel, wanted: dict[str, Any], fitted: Mapping[Audience, dict[str, Any]] | None = None
) -> bool:
    """The account has these menus afterwards; false when it had them already. An empty one takes all of them away.

    When the platform refuses one of them, those that were just made are taken away again and the one for everybody is put
    back as it was; the refusal is raised.
    """
    default, present = await _present(ports, channel)
    if not wanted["button"]:
        if default is not None:
            await called(ports, channel, "GET", "/cgi-bin/menu/delete")
        return default is not None
    tags = await tag_numbers(ports, channel, fitted) if fitted else {}
    spare, missing = list(present), dict(fitted or {})
    for audience, menu in list(missing.items()):
        kept = next((one for one in spare if one.is_ours(tags[audience], menu)), None)
        if kept is not None:
            spare.remove(kept)
            del missing[audience]
    is_other = default is None or not same_menu(default, wanted)
    if not (is_other or missing or spare):
        return False
    made: list[str] = []
    try:
        if is_other:
            await called(ports, channel, "POST", "/cgi-bin/menu/create", body=wanted)
        for audience, menu in missing.items():
            made.append(await _add(ports, channel, menu, tags[audience]))
    except OutsideRefused:
        await _undo(ports, channel, made, default, is_other=is_other)
        raise
    for one in spare:
        await _drop(ports, channel, one.number)
    return True


async def _present(ports: Ports, channel: Channel) -> tuple[dict[str, Any] | None, list[_Fitted]]:
    """The menu for everybody, none when there is none, and those for some followers."""
    try:
        found = await called(ports, channel, "GET", "/cgi-bin/menu/get")
    except OutsideRefused as refused:
        if refused.code != NO_MENU:
            raise
        return None, []
    default, others = found.get("menu"), found.get("conditionalmenu") or []
    if not isinstance(default, dict) or not isinstance(others, list):
        raise OutsideUnavailable("unreadable", "menu/get without menu")
    return default, [
        _Fitted(
            str(one.get("menuid", "")),
            {name: str(value) for name, value in (one.get("matchrule") or {}).items() if value not in ("", None)},
            {"button": one.get("button")},
        )
        for one in others
        if isinstance(one, dict)
    ]  # fmt: skip


async def _add(ports: Ports, channel: Channel, menu: Mapping[str, Any], tag: int) -> str:
    body = {**menu, "matchrule": {"tag_id": str(tag)}}
    number = (await called(ports, channel, "POST", "/cgi-bin/menu/addconditional", body=body)).get("menuid")
    if not number:
        raise OutsideUnavailable("unreadable", "addconditional without menuid")
    return str(number)


async def _drop(ports: Ports, channel: Channel, number: str) -> None:
    await called(ports, channel, "POST", "/cgi-bin/menu/delconditional", body={"menuid": number})


async def _undo(
    ports: Ports, channel: Channel, made: list[str], before: dict[str, Any] | None, *, is_other: bool
) -> None:
    """As it was before; what the platform refuses here too is found and mended by the next publishing."""
    with suppress(OutsideRefused):
        for number in made:
            await _drop(ports, channel, number)
        if is_other and before is None:
            await called(ports, channel, "GET", "/cgi-bin/menu/delete")
        elif is_other:
            await called(ports, channel, "POST", "/cgi-bin/menu/create", body=before)


async def tag_numbers(ports: Ports, channel: Channel, wanted: Iterable[Audience]) -> Numbers:
    """The numbers of the tags of these kinds of followers; those that are missing are made."""
    told = (await called(ports, channel, "GET", "/cgi-bin/tags/get")).get("tags") or []
    known = {one.get("name"): one.get("id") for one in told if isinstance(one, dict)}
    found: Numbers = {}
    for audience in wanted:
        number = known.get(TAGS[audience])
        if number is None:
            made = await called(ports, channel, "POST", "/cgi-bin/tags/create", body={"tag": {"name": TAGS[audience]}})
            number = (made.get("tag") or {}).get("id")
        if not isinstance(number, int):
            raise OutsideUnavailable("unreadable", "a tag without id")
        found[audience] = number
    return found


async def tag_follower(
    ports: Ports, channel: Channel, address: str, audience: Audience | None, numbers: dict[str, Numbers]
) -> None:
    """The follower wears this tag of ours and no other; tags of other people's making stay.

    `numbers`: what this process remembers of tags by account; asked for anew when the platform no longer knows one.
    """
    kinds = [one.who for one in channel.manifest.menus]
    if channel.name not in numbers:
        numbers[channel.name] = await tag_numbers(ports, channel, kinds)
    try:
        await _wear(ports, channel, address, audience, numbers[channel.name])
    except OutsideRefused as refused:
        if refused.code != NO_TAG:
            raise
        numbers[channel.name] = await tag_numbers(ports, channel, kinds)
        await _wear(ports, channel, address, audience, numbers[channel.name])


async def _wear(ports: Ports, channel: Channel, address: str, audience: Audience | None, numbers: Numbers) -> None:
    answer = await called(ports, channel, "POST", "/cgi-bin/tags/getidlist", body={"openid": address})
    worn, wanted = answer.get("tagid_list") or [], numbers.get(audience) if audience else None
    members = {"openid_list": [address]}
    if wanted is not None and wanted not in worn:
        put_on = "/cgi-bin/tags/members/batchtagging"
        await called(ports, channel, "POST", put_on, body={**members, "tagid": wanted})
    for number in set(numbers.values()) & set(worn) - {wanted}:
        take_off = "/cgi-bin/tags/members/batchuntagging"
        await called(ports, channel, "POST", take_off, body={**members, "tagid": number})
