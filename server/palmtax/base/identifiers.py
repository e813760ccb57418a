"""Identifiers: our own (UUID version 7) and the official ones with their check characters and masks."""

from __future__ import annotations

import os
import re
import threading
import time
from datetime import date
from uuid import UUID

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: 31 characters, without I O S V Z; the value of a character is its place."""

_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class BadIdentifier(ValueError):
    """A text that is not a valid identifier; `reason` is length, character, birth_date or check."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind, self.reason = kind, reason
        super().__init__(f"not a valid {kind}: {reason}")  # never the text: it may be personal


class _Uuid7Source:
    """UUIDs of RFC 9562 version 7 that only grow within a process, also when the clock steps back."""

    def __init__(self) -> None:
        self.start_afresh()

    def start_afresh(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = self._tail = 0

    def take(self) -> UUID:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:  # new millisecond: fresh tail, its top bit free for counting on
                self._millisecond = now
                self._tail = int.from_bytes(os.urandom(10), "big") >> 7
            else:  # same millisecond, or the clock stepped back: count on by a random step
                self._tail += int.from_bytes(os.urandom(4), "big") + 1
                if self._tail >> 74:
                    self._millisecond += 1
                    self._tail = int.from_bytes(os.urandom(10), "big") >> 7
            high, low = self._tail >> 62, self._tail & ((1 << 62) - 1)
            return UUID(int=self._millisecond << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


_UUID7 = _Uuid7Source()
os.register_at_fork(after_in_child=_UUID7.start_afresh)  # a forked worker must not go on from its parent's tail


def uuid7() -> UUID:
    """A new identifier: UUID version 7 (RFC 9562), growing within a process.

    >>> first, second = uuid7(), uuid7()
    >>> first < second, first.version, first.variant
    (True, 7, 'specified in RFC 4122')
    """
    return _UUID7.take()


def uuid7_at(identifier: UUID) -> int:
    """The millisecond since 1970 (UTC) at which a `uuid7` was made."""
    return identifier.int >> 80


def _plain(text: str) -> str:
    return text.strip().upper()


def organisation_check(body: str) -> str:
    """The check character of the first 8 characters of an organisation code (GB 11714-1997).

    >>> organisation_check("71526726"), organisation_check("M000100Y")
    ('X', '4')
    """
    if len(body) != 8:
        raise BadIdentifier("organisation code", "length")
    if any(character not in _DIGITS_AND_LETTERS for character in body):
        raise BadIdentifier("organisation code", "character")
    pairs = zip(body, _ORGANISATION_WEIGHTS, strict=True)
    check = 11 - sum(_DIGITS_AND_LETTERS.index(character) * weight for character, weight in pairs) % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def uscc_check(body: str) -> str:
    """The check character of the first 17 characters of a unified social credit code (GB 32100-2015).

    >>> uscc_check("91350100M000100Y4")
    '3'
    """
    if len(body) != 17:
        raise BadIdentifier("unified social credit code", "length")
    if any(character not in USCC_ALPHABET for character in body):
        raise BadIdentifier("unified social credit code", "character")
    total = sum(USCC_ALPHABET.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def check_uscc(text: str) -> str:
    """The unified social credit code in upper case; `BadIdentifier` when length, characters or check are wrong.

    >>> check_uscc(" 9144030071526726xg")
    '9144030071526726XG'
    """
    code = _plain(text)
    if len(code) != 18:
        raise BadIdentifier("unified social credit code", "length")
    if uscc_check(code[:17]) != code[17] or not code[2:8].isdigit():
        reason = "check" if code[2:8].isdigit() and code[17] in USCC_ALPHABET else "character"
        raise BadIdentifier("unified social credit code", reason)
    return code


def has_doubtful_organisation_code(uscc: str) -> bool:
    """Whether the organisation code inside a valid code fails its own check: warn, never refuse (old codes do)."""
    return organisation_check(uscc[8:16]) != uscc[16]


def make_uscc(department: str, category: str, division: str, organisation: str) -> str:
    """A unified social credit code with its check characters; `organisation` has 8 characters, or 9 with its check.

    >>> make_uscc("9", "1", "350100", "M000100Y")
    '91350100M000100Y43'
    """
    whole = organisation + organisation_check(organisation) if len(organisation) == 8 else organisation
    body = _plain(department + category + division + whole)
    return check_uscc(body + uscc_check(body))


def resident_id_check(body: str) -> str:
    """The check character of the first 17 digits of a resident identity number (GB 11643-1999).

    >>> resident_id_check("11010519491231002"), resident_id_check("44052418800101001")
    ('X', '4')
    """
    if len(body) != 17:
        raise BadIdentifier("resident identity number", "length")
    if not (body.isascii() and body.isdigit()):
        raise BadIdentifier("resident identity number", "character")
    return _RESIDENT_CHECKS[
        sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True)) % 11
    ]


def check_resident_id(text: str) -> str:
    """The resident identity number in upper case; checks the birth date, not the division (historic codes exist).

    >>> check_resident_id("11010519491231002x")
    '11010519491231002X'
    """
    number = _plain(text)
    if len(number) != 18:
        raise BadIdentifier("resident identity number", "length")
    check = resident_id_check(number[:17])
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadIdentifier("resident identity number", "birth_date") from None
    if check != number[17]:
        raise BadIdentifier("resident identity number", "check" if number[17] in "0123456789X" else "character")
    return number


def make_resident_id(division: str, born_on: date, sequence: int) -> str:
    """A resident identity number with its check character; `sequence` 0–999, odd for men.

    >>> make_resident_id("110105", date(1949, 12, 31), 2)
    '11010519491231002X'
    """
    body = f"{division}{born_on.isoformat().replace('-', '')}{sequence:03d}"
    return check_resident_id(body + resident_id_check(body))


def check_invoice_no(text: str) -> str:
    """The number of a fully digital invoice (数电票): 20 digits, kept as text because leading zeros count.

    >>> check_invoice_no("26442000000000000017")
    '26442000000000000017'
    """
    number = text.strip()
    if not (number.isascii() and number.isdigit()):
        raise BadIdentifier("invoice number", "character")
    if len(number) != 20:
        raise BadIdentifier("invoice number", "length")
    return number


def mask_name(name: str) -> str:
    """A person's name for others' eyes: the first character stays, of longer names also the last.

    >>> mask_name("张三"), mask_name("张小三"), mask_name("欧阳小明"), mask_name("Anna Lee")
    ('张*', '张*三', '欧**明', 'A*** L**')
    """
    bare = name.strip()
    if bare.isascii():
        return " ".join(word[0] + "*" * (len(word) - 1) for word in bare.split())
    return bare[0] + "*" * (len(bare) - 2) + bare[-1] if len(bare) > 2 else bare[:1] + "*"


def mask_phone(phone: str) -> str:
    """A phone number with its middle hidden; a country code is left out.

    >>> mask_phone("13812345678"), mask_phone("+86 138-1234-5678"), mask_phone("1234")
    ('138****5678', '138****5678', '****')
    """
    digits = re.sub(r"\D", "", phone)
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}" if len(digits) > 7 else "*" * len(digits)


def mask_resident_id(number: str) -> str:
    """A resident identity number with only the first four and last four characters.

    >>> mask_resident_id("440524188001010014")
    '4405**********0014'
    """
    bare = _plain(number)
    return f"{bare[:4]}{'*' * (len(bare) - 8)}{bare[-4:]}" if len(bare) > 8 else "*" * len(bare)
