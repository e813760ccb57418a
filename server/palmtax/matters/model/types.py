"""Types of answers: what the wire carries, how a file writes it, what a formula or door gets, how it is shown.

On the wire: amounts are `int` fen, days ISO text, quantities and rates text, yes/no `bool`, choices the option's value.
In files: amounts are yuan as text. For a door action: days are `date`, everything else as on the wire.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from palmtax.base.identifiers import BadIdentifier, check_invoice_no, check_resident_id, check_uscc
from palmtax.base.money import BadAmount, show_yuan, yuan
from palmtax.base.period import Period
from palmtax.base.rate import Rate
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.problems import Problem, problem

LARGEST_FEN = 10**15
LARGEST_NUMBER = 10**12
_QUANTITY = re.compile(r"\d{1,12}(\.\d{1,4})?", re.ASCII)
_RATE = re.compile(r"\d{1,6}(\.\d{1,6})?[%‰]?|\d{1,6}/\d{1,6}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Refused(ValueError):
    """An answer that its type does not take: the pattern of the problem and its values."""

    def __init__(self, pattern: str, *values: object) -> None:
        self.pattern, self.values = pattern, values
        super().__init__(pattern)


@dataclass(frozen=True, slots=True)
class Form:
    """A text with a form of its own: `clean` gives it as it is kept or raises; `words` say the form, zh and en."""

    clean: Callable[[str], str]
    words: tuple[str, str]


def _matching(pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def clean(text: str) -> str:
        bare = text.replace(" ", "").replace("-", "") if pattern.startswith(r"\d") else text.strip()
        if compiled.fullmatch(bare) is None:
            raise BadIdentifier("answer", "character")
        return bare

    return clean


def _upper(pattern: str) -> Callable[[str], str]:
    inner = _matching(pattern)
    return lambda text: inner(text.strip().upper())


def _dashed(pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def clean(text: str) -> str:
        if compiled.fullmatch(text.strip()) is None:
            raise BadIdentifier("answer", "character")
        return text.strip()

    return clean


FORMS: dict[str, Form] = {
    "phone": Form(_dashed(r"(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})"), ("手机号或座机号", "a phone number")),
    "resident_id": Form(check_resident_id, ("18 位身份证件号码", "an identity number of 18 characters")),
    "uscc": Form(check_uscc, ("18 位统一社会信用代码", "a credit code of 18 characters")),
    "bank_account": Form(_matching(r"\d{8,32}"), ("8 至 32 位数字的账号", "an account number of 8 to 32 digits")),
    "email": Form(_dashed(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}"), ("邮箱地址", "an e-mail address")),
    "region": Form(_matching(r"\d{6}"), ("6 位行政区划代码", "a division code of 6 digits")),
    "invoice_no": Form(check_invoice_no, ("20 位发票号码", "an invoice number of 20 digits")),
    "plate": Form(
        _upper(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,5}[A-Z0-9\u6302\u5b66\u8b66\u6e2f\u6fb3]"), ("车牌号", "a plate number")
    ),
    "vin": Form(
        _upper(r"[A-HJ-NPR-Z0-9]{17}"), ("17 位车辆识别代号", "a vehicle identification number of 17 characters")
    ),
    "certificate_no": Form(
        _dashed(r"[\w\u4e00-\u9fff()（）〔〕\[\]/.-]{1,40}"),
        ("不超过 40 个字的编号", "a number of up to 40 characters"),
    ),
    "url": Form(_dashed(r"https?://[\w./?%&=#:-]{4,300}"), ("网址", "a web address")),
    "office": Form(_matching(r"\d{11}"), ("11 位税务机关代码", "an office code of 11 digits")),
}
"""Types whose answer is text of a known form."""

LENGTHS = {"text": 60, "long_text": 1000, "address": 120, "person_name": 40}
"""Free texts and their greatest length, characters."""


def is_clean(text: str) -> bool:
    r"""Whether a text has only characters people write: no controls (but line ends), no surrogates, nothing unassigned.

    >>> is_clean("第一行\n第二行"), is_clean("a\x00b"), is_clean("\u202eabc")
    (True, False, False)
    """
    return all(sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for sign in text)


def _text(ask: Ask, raw: object) -> str:
    if not isinstance(raw, str):
        raise Refused("text")
    kept = raw.replace("\r\n", "\n").strip()
    if ask.type in FORMS:
        form = FORMS[ask.type]
        try:
            return form.clean(unicodedata.normalize("NFKC", kept)[:400])
        except BadIdentifier as bad:
            if "check" in str(bad):
                raise Refused("check_digit") from bad
            raise Refused("form", *form.words) from bad
    if not is_clean(kept) or (ask.type != "long_text" and "\n" in kept):
        raise Refused("signs")
    limit = ask.max_length or LENGTHS[ask.type]
    if len(kept) > limit:
        raise Refused("too_long", limit)
    return kept


def _bounded(ask: Ask, value: int, show: Callable[[int], str]) -> int:
    if isinstance(ask.lowest, int) and value < ask.lowest:
        raise Refused("at_least", show(ask.lowest))
    if isinstance(ask.highest, int) and value > ask.highest:
        raise Refused("at_most", show(ask.highest))
    return value


def _whole(ask: Ask, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Refused("whole")
    if abs(raw) > LARGEST_NUMBER:
        raise Refused("at_most", LARGEST_NUMBER)
    return _bounded(ask, raw, str)


def _amount(ask: Ask, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Refused("whole")
    if abs(raw) > LARGEST_FEN:
        raise Refused("at_most", f"{show_yuan(LARGEST_FEN)} 元")
    if ask.lowest is None and raw < 0:
        raise Refused("at_least", "0")
    return _bounded(ask, raw, lambda fen: f"{show_yuan(fen)} 元")


def _decimal(ask: Ask, raw: object) -> str:
    kept = str(raw).strip() if isinstance(raw, str) or (isinstance(raw, int) and not isinstance(raw, bool)) else ""
    if _QUANTITY.fullmatch(kept) is None:
        raise Refused("quantity")
    for sign, limit in (("at_least", ask.lowest), ("at_most", ask.highest)):
        if limit is None:
            continue
        asked, edge = Rate(kept).fraction, Rate(str(limit)).fraction
        if asked < edge if sign == "at_least" else asked > edge:
            raise Refused(sign, str(limit))
    return kept


def _rate(_: Ask, raw: object) -> str:
    kept = raw.strip() if isinstance(raw, str) else ""
    if _RATE.fullmatch(kept) is None or kept.endswith("/0"):
        raise Refused("rate")
    return kept


def _day(ask: Ask, raw: object) -> str:
    if not isinstance(raw, str) or _DAY.fullmatch(raw) is None:
        raise Refused("day")
    try:
        date.fromisoformat(raw)
    except ValueError as wrong:
        raise Refused("day") from wrong
    if ask.lowest is not None and raw < str(ask.lowest):
        raise Refused("at_least", ask.lowest)
    if ask.highest is not None and raw > str(ask.highest):
        raise Refused("at_most", ask.highest)
    return raw


def _period(ask: Ask, raw: object) -> str:
    try:
        found = Period.parse(raw if isinstance(raw, str) else "")
    except ValueError as wrong:
        raise Refused("period") from wrong
    if ask.kinds and found.kind not in ask.kinds:
        raise Refused("period")
    return found.code


def _year(ask: Ask, raw: object) -> int:
    found = _whole(ask, raw)
    if not 1949 <= found <= 2099:
        raise Refused("at_least", 1949)
    return found


def _time(_: Ask, raw: object) -> str:
    if not isinstance(raw, str) or _TIME.fullmatch(raw) is None:
        raise Refused("time")
    return raw


def _yes_no(_: Ask, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise Refused("yes_no")
    return raw


def _choice(ask: Ask, raw: object) -> str:
    if not isinstance(raw, str) or raw not in {one.value for one in ask.options}:
        raise Refused("option")
    return raw


def _choices(ask: Ask, raw: object) -> list[str]:
    known = [one.value for one in ask.options]
    if not isinstance(raw, list) or len(raw) > len(known) or not all(one in known for one in raw):
        raise Refused("option")
    return [one for one in known if one in raw]


def _series(ask: Ask, raw: object) -> list[int]:
    count = 12 if ask.each == "month" else 4
    if not isinstance(raw, list) or len(raw) != count:
        raise Refused("series", count)
    return [_amount(ask, one) if ask.kinds == ("amount",) else _whole(ask, one) for one in raw]


def _rows(ask: Ask, raw: object) -> list[dict[str, object]]:
    most = ask.at_most or 50
    if not isinstance(raw, list):
        raise Refused("rows_few", ask.at_least or 1)
    if len(raw) > most:
        raise Refused("rows_many", most)
    if len(raw) < ask.at_least:
        raise Refused("rows_few", ask.at_least)
    return [_row(ask, number, row) for number, row in enumerate(raw, 1)]


def _row(ask: Ask, number: int, raw: object) -> dict[str, object]:
    if not isinstance(raw, dict) or not raw.keys() <= {one.code for one in ask.rows}:
        raise Refused("row", number, "内容不完整", "it is not complete")
    kept: dict[str, object] = {}
    for one in ask.rows:
        if raw.get(one.code) in (None, ""):
            if not one.is_optional and one.is_shown(kept):
                wrong = problem(one.code, "needed", one.label, one.label_en)
                raise Refused("row", number, wrong.text, wrong.text_en)
            continue
        value, wrong_or_none = read(one, raw[one.code])
        if wrong_or_none is not None:
            raise Refused("row", number, wrong_or_none.text, wrong_or_none.text_en)
        kept[one.code] = value
    return kept


_READ: dict[str, Callable[[Ask, object], Any]] = {
    **dict.fromkeys([*FORMS, *LENGTHS], _text),
    "amount": _amount,
    "number": _whole,
    "quantity": _decimal,
    "rate": _rate,
    "date": _day,
    "period": _period,
    "year": _year,
    "time": _time,
    "yes_no": _yes_no,
    "agree": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "series": _series,
    "rows": _rows,
}
TYPES = frozenset(_READ)
"""Every type of answer."""


def read(ask: Ask, raw: object) -> tuple[Any, Problem | None]:
    """The answer as it is kept, or what is wrong with it; never both."""
    try:
        return _READ[ask.type](ask, raw), None
    except Refused as refused:
        return None, problem(ask.code, refused.pattern, ask.label, ask.label_en, *refused.values)


def of_file(ask: Ask, raw: Any) -> Any:
    """An answer or limit as a file writes it, as the wire carries it: yuan → fen; days of YAML → text."""
    if ask.type == "amount" or (ask.type == "series" and ask.kinds == ("amount",)):
        if isinstance(raw, list):
            return [of_file(ask, one) for one in raw]
        try:
            return yuan(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else raw
        except BadAmount as bad:
            raise ValueError(f"{ask.code}: {raw!r} 不是以元书写的金额 / is not an amount in yuan") from bad
    if ask.type == "rows" and isinstance(raw, list):
        columns = {one.code: one for one in ask.rows}
        return [{k: of_file(columns[k], v) if k in columns else v for k, v in row.items()} for row in raw]
    return raw.isoformat() if isinstance(raw, date) else raw


def for_door(ask: Ask, value: Any) -> Any:
    """An answer as a door action gets it."""
    return date.fromisoformat(value) if ask.type == "date" and isinstance(value, str) else value


def show(ask: Ask, value: Any, language: str = "zh") -> str:
    """An answer as people read it: on papers, in lists, for officers."""
    if value is None:
        return "—"
    if ask.type == "amount" and isinstance(value, int):
        return f"{show_yuan(value)} 元" if language == "zh" else f"¥{show_yuan(value)}"
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if ask.type in ("choice", "choices"):
        names = {one.value: one.label if language == "zh" else one.label_en for one in ask.options}
        picked = value if isinstance(value, list) else [value]
        return ("、" if language == "zh" else ", ").join(names.get(one, str(one)) for one in picked)
    if ask.type == "period":
        return Period.parse(value).label(language)
    if ask.type == "series":
        return " / ".join(show_yuan(one) if ask.kinds == ("amount",) else str(one) for one in value)
    if ask.type == "rows":
        return "；".join(
            "，".join(show(one, row[one.code], language) for one in ask.rows if one.code in row) for row in value
        )
    unit = ask.unit if language == "zh" else ask.unit_en
    return f"{value} {unit}".strip()
