"""Values of certificates: what the paper says, and amounts in Chinese capitals. Pure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


@dataclass(frozen=True, slots=True)
class PaidItem:
    """One paid tax or late fee, fen."""

    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """A tax-paid certificate as it was issued; only its state changes later."""

    taxpayer_id: int
    certificate_id: UUID
    certificate_no: str
    kind: Literal["tax_paid"]
    state: Literal["valid", "superseded"]
    taxpayer_name: str
    uscc: str | None
    office_name: str
    items: tuple[PaidItem, ...]
    total_fen: int
    paid_on: date
    issued_at: datetime
    issued_by: int
    order_id: UUID
    order_no: str
    return_id: UUID
    obligation_id: UUID
    verify_code: str
    pdf_name: str
    superseded_by_no: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of a document: a label in both languages and what stands against it; fen where the unit says so."""

    label: str
    label_en: str
    value: str | int | bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a matter's decision was told with, as it was issued; only its state changes later."""

    taxpayer_id: int
    document_id: UUID
    document_no: str
    kind: str
    title: str
    title_en: str
    addressee: str
    uscc: str | None
    lines: tuple[DocumentLine, ...]
    text: str
    text_en: str
    office_name: str
    issued_at: datetime
    verify_code: str
    state: Literal["valid", "withdrawn"]
    application_id: UUID
    application_no: str
    matter_code: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate of service (送达回证) as a document of its own, and why it was made: somebody read, or paper went out."""

    document: Document
    served_no: str
    cause: Literal["read", "paper"]


PROOF_TITLE, PROOF_TITLE_EN = "税务文书送达回证", "Certificate of service"
DOCUMENT_KINDS = ("receipt", "notice", "decision", "certificate", "result")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What anybody may learn from a verify code: whether the paper is true, and what it says.

    A document of a matter has a title and no total; `withdrawn` documents are told as superseded.
    """

    state: Literal["true", "superseded", "unknown"]
    certificate_no: str | None = None
    taxpayer_name: str | None = None
    total_fen: int | None = None
    issued_at: datetime | None = None
    superseded_by_no: str | None = None
    title: str | None = None
    title_en: str | None = None


def document_number(document_id: UUID, day: date) -> str:
    """The number on a document of a matter; made like `certificate_number`.

    >>> document_number(UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'TZ2026112300800000000007Z'
    """
    return f"TZ{certificate_number(document_id, day)[2:]}"


def proof_number(proof_id: UUID, day: date) -> str:
    """The number on a certificate of service; made like `certificate_number`."""
    return f"HZ{certificate_number(proof_id, day)[2:]}"


def certificate_number(certificate_id: UUID, day: date) -> str:
    """The number on the paper: opaque, at most 32 characters; the day, then the identifier's random end.

    >>> certificate_number(UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'WS2026112300800000000007Z'
    """
    tail, digits = certificate_id.int & (2**75 - 1), ""
    for _ in range(15):
        tail, rest = divmod(tail, 32)
        digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[rest] + digits
    return f"WS{day:%Y%m%d}{digits}"


CODE_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Letters and digits that people do not take for one another; no signs, which get lost at the end of a line."""


def new_verify_code() -> str:
    """A code that nobody can guess: 24 characters, 139 random bits, readable from paper and fit for an address."""
    return "".join(secrets.choice(CODE_CHARACTERS) for _ in range(24))


def is_verify_code(code: str) -> bool:
    """Whether a text has the form of our codes; what has not is not looked up."""
    return len(code) == 24 and set(code) <= set(CODE_CHARACTERS)


def in_capitals(fen: int) -> str:
    """An amount in Chinese capitals, as the rules for payment instruments write it (支付结算办法 附一); fen, from 0.

    >>> in_capitals(123_456), in_capitals(140_950), in_capitals(600_714), in_capitals(168_032)
    ('壹仟贰佰叁拾肆元伍角陆分', '壹仟肆佰零玖元伍角', '陆仟零柒元壹角肆分', '壹仟陆佰捌拾元零叁角贰分')
    >>> in_capitals(1_640_902), in_capitals(1_000), in_capitals(5), in_capitals(0)
    ('壹万陆仟肆佰零玖元零贰分', '壹拾元整', '伍分', '零元整')
    """
    if fen < 0:
        raise ValueError("a certificate shows what was paid, never a negative amount")
    whole, jiao, part = fen // 100, fen // 10 % 10, fen % 10
    tail = (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[part]}分" if part else "")
    if not whole:
        return tail or "零元整"
    if not tail:
        return f"{_whole(whole)}元整"
    gap = "零" if (jiao and whole % 10 == 0) or not jiao else ""
    return f"{_whole(whole)}元{gap}{tail}"


def _whole(number: int) -> str:
    """A whole number above zero: groups of four, 万 and 亿, one 零 for each run of zeros between digits."""
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return f"{_whole(high)}亿{_after(low, 10**7)}"
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return f"{_whole(high)}万{_after(low, 10**3)}"
    text = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            text = _DIGITS[int(digit)] + _PLACES[place] + text
        elif text and not text.startswith("零"):
            text = "零" + text
    return text


def _after(low: int, full: int) -> str:
    if not low:
        return ""
    return ("零" if low < full else "") + _whole(low)
