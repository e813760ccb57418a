"""Synthetic journeys (拨测): the whole way of a message or a service, really made, each step with its time and outcome."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx

from palmtax.channels.adapters import Ports, json_of
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.probing import account
from palmtax.channels.adapters.speaking import Platform
from palmtax.channels.model.incoming import SYNTHETIC, field_at
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.monitoring import Service, Step
from palmtax.channels.model.outgoing import Outgoing
from palmtax.channels.store.journeys import SKIPPED, Journey
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

RECIPIENT = "journey_recipient"
Made = Callable[[], Awaitable[str]]


async def travel_channel(ports: Ports, channel: Channel, at: datetime) -> Journey:
    """The journey that a channel's manifest declares."""
    steps: dict[str, Made] = {
        "callback": lambda: _callback(ports, channel, at),
        "account": lambda: _account(ports, channel),
        "message": lambda: _message(ports, channel, at),
    }
    return await _travel(channel.name, at, [(name, steps[name]) for name in channel.manifest.journeys.steps])


async def travel_service(ports: Ports, service: Service, at: datetime) -> Journey:
    """The journey of a service: requests to our own public address."""

    def step(one: Step) -> Made:
        return lambda: _request(ports, one)

    return await _travel(service.subject, at, [(one.name, step(one)) for one in service.steps])


async def _travel(subject: str, at: datetime, steps: list[tuple[str, Made]]) -> Journey:
    """Step after step until one fails."""
    made = []
    for name, step in steps:
        started = time.perf_counter()
        code = await step()
        made.append({"name": name, "code": code, "milliseconds": round((time.perf_counter() - started) * 1000)})
        if code and code != SKIPPED:
            break
    is_good = all(one["code"] in ("", SKIPPED) for one in made)
    return Journey(subject, at, is_good, sum(int(str(one["milliseconds"])) for one in made), tuple(made))


async def _callback(ports: Ports, channel: Channel, at: datetime) -> str:
    """Our own address, called as the platform would: signed, sealed, answered as agreed, dropped as a synthetic one."""
    if not ports.has_credentials(channel):
        return "no_credentials"
    section = ports.credentials[channel.manifest.credentials]
    number = f"{SYNTHETIC}{int(at.timestamp() * 1000)}"
    said = Platform(channel.manifest, section).say(number, "journey", int(ports.now()))
    query = {**said.query, **({"key": str(section.get("callback_key", ""))} if _is_list(channel) else {})}
    try:
        answer = await ports.own().request(
            said.method, f"/channels/{channel.name}/callback", params=query, headers=dict(said.headers),
            content=said.body or None,
        )  # fmt: skip
    except httpx.HTTPError as error:
        return type(error).__name__
    return "" if answer.status_code == httpx.codes.OK else f"http_{answer.status_code}"


def _is_list(channel: Channel) -> bool:
    return channel.manifest.callback.dialect == "receipts"


async def _account(ports: Ports, channel: Channel) -> str:
    try:
        await account(ports, channel)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        return wrong.code
    return ""


async def _message(ports: Ports, channel: Channel, at: datetime) -> str:
    """A test message to the address that the bureau set aside for it."""
    address = str(ports.credentials.get(channel.manifest.credentials, {}).get(RECIPIENT, ""))
    if not address:
        return SKIPPED
    words = f"通道自检 {at:%m-%d %H:%M}"
    reference = f"{int(at.timestamp()):032x}"
    answer = await call(
        ports,
        channel,
        Outgoing(
            reference=reference, address=address, language="zh", template="journey", title="通道自检", body=words, short=words,
            link=ports.link, now=f"{at:%Y-%m-%d %H:%M}", values={"reference": reference[-12:]},
        ),
    )  # fmt: skip
    return "" if answer.sent is not None else answer.code


async def _request(ports: Ports, step: Step) -> str:
    try:
        answer = await ports.own().get(step.get, headers={"accept-language": "zh"})
    except httpx.HTTPError as error:
        return type(error).__name__
    if answer.status_code != (step.status or httpx.codes.OK):
        return f"http_{answer.status_code}"
    if step.holds and step.holds not in answer.text:
        return "other_words"
    if step.at:
        try:
            return "" if field_at(json_of(answer), step.at) == step.is_ else "not_ready"
        except OutsideUnavailable as wrong:
            return wrong.code
    return ""
