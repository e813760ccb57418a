"""Letters to the contact of an application: what happened, what it means, what to do; in both languages, nothing personal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from palmtax.plumbing.outbound import OutsideRefused

log = structlog.get_logger()


class LetterPort(Protocol):
    """Sends one letter; `outside["mail"]`."""

    async def send(self, address: str, title: str, body: str, reference: str) -> None:
        """Hand a letter over; raises OutsideRefused or OutsideUnavailable."""
        ...


LETTERS: Mapping[str, tuple[str, str]] = {
    "endpoint_disabled": (
        "掌税开放平台：推送已停止 / PalmTax Open: webhooks stopped",
        """“{name}”的推送地址 {url} 连续失败已超过三天，现已停止推送。最近一次失败：{error}。

没有送达的可以补发：修好后打开 {portal}，在“我的应用”里恢复这个地址，再从推送记录里重新推送。

The webhook address {url} of “{name_en}” has failed for more than three days and is no longer called. Last failure: {error}.

Nothing is lost: once it is mended, open {portal}, enable the address under “My application”, and send again what is missing.
""",
    ),
    "feature_off": (
        "掌税开放平台：特色应用已停用 / PalmTax Open: feature is off",
        """特色应用“{title}”（{code}）现已停用，用户看不到它。原因：{reason}

改正后在 {portal} 重新提交新版本，检查通过后由两位税务人员上架。

The feature “{title_en}” ({code}) is off; people no longer see it. Reason: {reason}

Mend it and hand in a new version at {portal}; once it passes the check, two officers list it again.
""",
    ),
    "application_suspended": (
        "掌税开放平台：应用已停用 / PalmTax Open: application suspended",
        """“{name}”（{client_id}）已被税务机关停用，全部凭证即时失效。原因：{reason}

改正后请联系税务机关，两位人员同意后恢复。当前状态见 {portal} 的“我的应用”。

“{name_en}” ({client_id}) was suspended by the tax office; none of its tokens works any more. Reason: {reason}

Mend it and ask the tax office: two officers agree before it goes on. Its state is shown at {portal} under “My application”.
""",
    ),
}


async def write_contact(outside: Mapping[str, Any], *, kind: str, address: str, reference: str, **values: str) -> None:
    """Send a letter; a mailbox that is not there is written down and left alone.

    `reference` names what happened, by which a repetition is known. Raises OutsideUnavailable: tried again later.
    """
    port: LetterPort | None = outside.get("mail")
    if port is None:
        return
    title, body = LETTERS[kind]
    try:
        await port.send(address, title, body.format(**values), reference)
    except OutsideRefused as refused:
        log.warning("partners.letter_refused", told=refused.code, letter=kind)
