"""The conformance kit: one list of rules that every channel passes before it may be switched on.

Three parts: what stands in the files, how callbacks are taken (against this process or a running server), how messages
are handed over (against documented answers). A rule that does not apply to a channel is skipped and says why.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import httpx

from palmtax.channels.adapters import sending_rules
from palmtax.channels.adapters.callback_rules import CALLBACK_RULES, Case, Skipped, Taken
from palmtax.channels.adapters.speaking import INVENTED, Platform
from palmtax.channels.model.incoming import Callback, receive
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.wechat_codec import CallbackRefused

Part = Literal["file", "callback", "sending", "page"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found; `why` is empty when it passed. `line` is the rule itself and where it is written."""

    part: Part
    rule: str
    line: str
    outcome: Literal["pass", "fail", "skip"]
    why: str = ""

    def __str__(self) -> str:
        mark = {"pass": "通过 pass", "fail": "不通过 FAIL", "skip": "不适用 skip"}[self.outcome]
        return f"{mark:12} {self.part}.{self.rule}: {self.line}" + (f"\n             → {self.why}" if self.why else "")


class InProcess:
    """Takes callbacks as the routes do, with a memory of its own in place of the tables."""

    def __init__(self, channel: Channel, credentials: Mapping[str, Any], at: datetime) -> None:
        self._channel, self._credentials, self._at = channel, credentials, at
        self._nonces: dict[str, str] = {}
        self._keys: set[str] = set()

    async def __call__(self, call: Callback) -> Taken:
        """One callback."""
        started = time.perf_counter()
        try:
            verdict = receive(self._channel.manifest, self._credentials, call, self._at)
        except CallbackRefused as refused:
            return Taken(413 if refused.code == "too_large" else 403, "", time.perf_counter() - started)
        if verdict.echo is not None:
            return Taken(200, verdict.echo, time.perf_counter() - started)
        is_another = self._nonces.setdefault(verdict.nonce, verdict.digest) != verdict.digest
        if is_another and not verdict.shared_seconds:  # the kit takes less time than any of them
            return Taken(403, "", time.perf_counter() - started)
        new = {one.key for one in verdict.events} - self._keys
        self._keys |= new
        return Taken(200, verdict.answer, time.perf_counter() - started, len(new))


class OverHttp:
    """Takes callbacks at a running server."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http, self._url = http, url

    async def __call__(self, call: Callback) -> Taken:
        """One callback."""
        started = time.perf_counter()
        answer = await self._http.request(
            call.method, self._url, params=dict(call.query), headers=dict(call.headers), content=call.body or None
        )
        return Taken(answer.status_code, answer.text, time.perf_counter() - started)


async def _outcome(part: Part, rule: Callable[..., Any], *arguments: Any, prefix: str = "") -> Finding:
    name = rule.__name__.removeprefix(prefix)
    line = inspect.cleandoc(rule.__doc__ or "")
    try:
        why = rule(*arguments)
        if inspect.isawaitable(why):
            why = await why
    except Skipped as skipped:
        return Finding(part, name, line, "skip", str(skipped))
    return Finding(part, name, line, "fail" if why else "pass", why or "")


async def check_channel(channel: Channel) -> list[Finding]:
    """Every rule against this process, with invented secrets: nothing leaves the building."""
    at = datetime.now(UTC)
    found = [await _outcome("file", rule, channel) for rule in FILE_RULES]
    case = Case(channel, Platform(channel.manifest, INVENTED), InProcess(channel, INVENTED, at), int(at.timestamp()))
    found += [await _outcome("callback", rule, case) for rule in CALLBACK_RULES]
    found += [await _outcome("sending", rule, channel) for rule in sending_rules.SENDING_RULES]
    return found


async def check_url(
    channel: Channel, credentials: Mapping[str, Any], http: httpx.AsyncClient, url: str
) -> list[Finding]:
    """The callback rules and the page rules against a running server, with the channel's real secrets."""
    case = Case(channel, Platform(channel.manifest, credentials), OverHttp(http, url), int(time.time()))
    found = [await _outcome("callback", rule, case) for rule in CALLBACK_RULES]
    page = str(httpx.URL(url).join("/"))
    found.append(await _outcome("page", embedded_page, http, page))
    return found


async def failed_rules(channel: Channel) -> list[str]:
    """The rules that a channel does not pass, each in one line."""
    return [f"{one.part}.{one.rule}: {one.why}" for one in await check_channel(channel) if one.outcome == "fail"]


def codes_known(channel: Channel) -> str:
    """平台公布的主要代码都有解释，且处置正确 / the documented codes are explained and lead to the right act (channels.md §2, §5)"""
    wanted = sending_rules.DOCUMENTED.get(channel.manifest.transport, {})
    wrong = [f"{code} → {means}" for code, means in wanted.items() if channel.meaning(code).means != means]
    missing = [code for code in wanted if code not in channel.codes]
    return f"codes.yaml: {', '.join(wrong or missing)}" if wrong or missing else ""


def words_in_both_languages(channel: Channel) -> str:
    """渠道名和代码解释都有中英文 / titles and meanings are there in Chinese and English (HOUSE §7)"""
    lacking = [code for code, one in channel.codes.items() if not _is_chinese(one.say) or _is_chinese(one.say_en)]
    if not _is_chinese(channel.manifest.title) or _is_chinese(channel.manifest.title_en):
        lacking.insert(0, "title")
    return f"{', '.join(lacking)}" if lacking else ""


def _is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


def limits_said(channel: Channel) -> str:
    """会向外发送的渠道写明频率上限 / a channel that sends outside says its limits (channels.md §9.2)"""
    if "push" not in channel.manifest.can or channel.manifest.transport == "inbox":
        raise Skipped("不向外发送 / sends nothing outside")
    return "" if channel.manifest.limits.rate else "limits.rate 未写 / is missing"


def personal_kept_back(channel: Channel) -> str:
    """推送标题不含姓名、企业名和金额 / titles of pushes show no names and amounts (channels.md §9.4)"""
    if "push" not in channel.manifest.can or channel.manifest.transport == "inbox":
        raise Skipped("不向外发送 / sends nothing outside")
    missing = {"amount_fen", "taxpayer_name", "person_name"} - set(channel.manifest.titles_without)
    return f"titles_without: {', '.join(sorted(missing))}" if missing else ""


FILE_RULES: Sequence[Callable[[Channel], str]] = (codes_known, words_in_both_languages, limits_said, personal_kept_back)


async def embedded_page(http: httpx.AsyncClient, url: str) -> str:
    """嵌入页面写明语言和标题、允许放大 / embedded pages name their language and title and may be enlarged (WCAG 3.1.1, 2.4.2, 1.4.4)"""
    answer = await http.get(url, headers={"accept": "text/html"}, follow_redirects=True)
    if "text/html" not in answer.headers.get("content-type", ""):
        raise Skipped("这台服务器没有页面 / this server has no pages")
    text = answer.text.lower()
    lacking = [
        words
        for words, is_there in (
            ("<html lang=…>", "<html lang=" in text or "<html lang =" in text),
            ("<title>", "<title>" in text and "<title></title>" not in text),
            ("user-scalable=no", "user-scalable=no" not in text and "maximum-scale=1" not in text),
        )
        if not is_there
    ]
    return ", ".join(lacking)


Deliver = Callable[[Callback], Awaitable[Taken]]
__all__ = ["Finding", "check_channel", "check_url", "failed_rules"]
