"""A reply within the callback's own answer (被动回复): a text message as XML, sealed where the call was."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from palmtax.channels.model.incoming import Callback, envelope_of
from palmtax.channels.model.manifest import Manifest


def reply(manifest: Manifest, credentials: Mapping[str, Any], call: Callback, address: str, text: str) -> str:
    """What to answer the call with so that the person reads the text; the time is the call's own."""
    stamp = call.query.get("timestamp", "0")
    plain = (
        f"<xml><ToUserName>{_data(address)}</ToUserName>"
        f"<FromUserName>{_data(str(credentials.get('original_id', '')))}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{_data(text)}</Content></xml>"
    )
    if call.query.get("encrypt_type") != "aes":
        return plain
    return envelope_of(manifest, credentials).reply(plain.encode(), stamp, str(secrets.randbelow(10**10)))


def _data(text: str) -> str:
    """As character data: the end mark inside a text would end it early.

    >>> _data("a]]>b")
    '<![CDATA[a]]]]><![CDATA[>b]]>'
    """
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
