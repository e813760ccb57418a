"""Classes of personal data and the mask of each kind; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from palmtax.base.identifiers import mask_name, mask_phone, mask_resident_id


class PrivacyClass(StrEnum):
    """How much a value must be guarded (数据分类分级)."""

    PUBLIC = "L1"
    GENERAL = "L2"
    IMPORTANT = "L3"
    CORE = "L4"


Kind = Literal[
    "person_name", "phone", "resident_id", "bank_card", "address", "email", "openid", "uscc", "company_name", "secret"
]
"""Kinds of value that have a mask of their own."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The class of a kind of value and how it looks to those who may not see it whole."""

    privacy_class: PrivacyClass
    mask: Callable[[str], str]


def mask_bank_card(number: str) -> str:
    """A bank card with only its last four digits.

    >>> mask_bank_card("6222 0212 3456 7890 123")
    '****0123'
    """
    digits = re.sub(r"\D", "", number)
    return "****" + (digits[-4:] if len(digits) > 7 else "")


def mask_email(address: str) -> str:
    """A mail address with the first character of its name.

    >>> mask_email("alice@example.com")
    'a***@example.com'
    """
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if domain else "***"


def mask_address(address: str) -> str:
    """An address down to its street; the house number and what follows are hidden.

    >>> mask_address("广州市天河区体育西路103号A座12楼"), mask_address("广州市南沙区")
    ('广州市天河区体育西路***', '广州市南沙区***')
    """
    street = re.match(r".*?(?:路|街|大道|巷|镇|乡)|.*?(?:区|县|市)(?=[^区县市]*$)", address)
    return (street.group() if street else address[:2]) + "***"


def mask_openid(openid: str) -> str:
    """A WeChat openid by its last four characters.

    >>> mask_openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
    '***eS6o'
    """
    return "***" + (openid[-4:] if len(openid) > 8 else "")


def _whole(value: str) -> str:
    return value


def _nothing(_: str) -> str:
    return "***"


GUARDS: Mapping[Kind, Guard] = MappingProxyType(
    {
        "person_name": Guard(PrivacyClass.IMPORTANT, mask_name),
        "phone": Guard(PrivacyClass.IMPORTANT, mask_phone),
        "resident_id": Guard(PrivacyClass.IMPORTANT, mask_resident_id),
        "bank_card": Guard(PrivacyClass.IMPORTANT, mask_bank_card),
        "address": Guard(PrivacyClass.GENERAL, mask_address),
        "email": Guard(PrivacyClass.GENERAL, mask_email),
        "openid": Guard(PrivacyClass.GENERAL, mask_openid),
        "uscc": Guard(PrivacyClass.PUBLIC, _whole),
        "company_name": Guard(PrivacyClass.PUBLIC, _whole),
        "secret": Guard(PrivacyClass.CORE, _nothing),
    }
)


def class_of(kind: Kind) -> PrivacyClass:
    """The class of a kind of value.

    >>> class_of("phone"), class_of("uscc")
    (<PrivacyClass.IMPORTANT: 'L3'>, <PrivacyClass.PUBLIC: 'L1'>)
    """
    return GUARDS[kind].privacy_class


def show(value: str | None, kind: Kind, *, is_owner: bool = False) -> str:
    """A value as this viewer may see it: whole to its owner, masked to all others; L4 is shown to nobody.

    >>> show("13812345678", "phone"), show("13812345678", "phone", is_owner=True), show("k", "secret", is_owner=True)
    ('138****5678', '13812345678', '***')
    """
    if not value:
        return ""
    guard = GUARDS[kind]
    if guard.privacy_class is PrivacyClass.CORE or not is_owner:
        return guard.mask(value)
    return value
