"""What a medium takes: segments of a text message, types of WeChat fields. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

SIGNATURE_LONGEST = 10
"""Characters that the approved signature in front of a text message may take: 【…】, which the operators count too."""
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EMPTY = "—"


def segments(text: str, *, is_signed: bool = True) -> int:
    """How many text messages the operators count: 70 characters, or 67 each when there are more; plain letters 160 or 153.

    >>> (
    ...     segments("税" * 60),
    ...     segments("税" * 61),
    ...     segments("a" * 160, is_signed=False),
    ...     segments("a" * 161, is_signed=False),
    ... )
    (1, 2, 1, 2)
    """
    is_plain = not is_signed and set(text) <= _GSM
    length = len(text.encode("utf-16-le")) // 2 + (SIGNATURE_LONGEST if is_signed else 0)
    single, each = (160, 153) if is_plain else (70, 67)
    return 1 if length <= single else -(-length // each)


_CHINESE_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_SHAPES: Mapping[str, Callable[[str], bool]] = {
    "thing": lambda text: 0 < len(text) <= 20,
    "short_thing": lambda text: 0 < len(text) <= 5,
    "character_string": lambda text: bool(re.fullmatch(r"[\x21-\x7e]{1,32}", text)),
    "number": lambda text: bool(re.fullmatch(r"\d{1,32}(\.\d+)?", text)),
    "letter": lambda text: bool(re.fullmatch(r"[A-Za-z]{1,32}", text)),
    "symbol": lambda text: 0 < len(text) <= 5,
    "phrase": lambda text: bool(re.fullmatch(r"[一-鿿]{1,5}", text)),
    "name": lambda text: bool(re.fullmatch(r"[一-鿿·]{1,10}|[A-Za-z .]{1,20}", text)),
    "date": lambda text: bool(re.fullmatch(rf"{_CHINESE_DAY}( \d\d:\d\d(:\d\d)?)?", text)),
    "time": lambda text: bool(re.fullmatch(rf"({_CHINESE_DAY} )?\d\d:\d\d(:\d\d)?", text)),
    "amount": lambda text: bool(re.fullmatch(r"[¥￥]\d[\d,]{0,12}(\.\d{2})?", text)),
}
"""The types that WeChat's templates have, and what each takes (channels.md §3)."""
_LONGEST = {"thing": 20, "short_thing": 5, "symbol": 5}
_FIELD = re.compile(r"^([a-z_]+?)\d{1,2}$")


def kind_of_field(name: str) -> str:
    """The type in a field's name; empty when WeChat has no such type.

    >>> kind_of_field("thing1"), kind_of_field("character_string12"), kind_of_field("poem1")
    ('thing', 'character_string', '')
    """
    found = _FIELD.match(name)
    return found[1] if found and found[1] in _SHAPES else ""


def fits_field(name: str, text: str) -> bool:
    """Whether a field of this name takes the text as it is.

    >>> fits_field("thing1", "发票额度"), fits_field("phrase2", "已经办理完成"), fits_field("date3", "2026-11-24")
    (True, False, False)
    """
    kind = kind_of_field(name)
    return bool(kind) and _SHAPES[kind](text)


def fitted(name: str, text: str) -> str:
    """The text as the field takes it: free text is cut with …, never empty.

    >>> fitted("thing1", "存量房交易增值税及附加税费和个人所得税申报"), fitted("thing1", "")
    ('存量房交易增值税及附加税费和个人所得税…', '—')
    """
    plain = " ".join(text.split()) or EMPTY
    longest = _LONGEST.get(kind_of_field(name), 0)
    return plain if not longest or len(plain) <= longest else plain[: longest - 1] + "…"
