"""Where a person can be reached: a WeChat user, an officer's userid, a phone, a browser; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from palmtax import privacy
from palmtax.base.identifiers import mask_phone

Family = Literal[
    "wechat_oa",
    "wechat_mini",
    "wecom",
    "gov_wechat",
    "dingtalk",
    "alipay",
    "phone",
    "email",
    "web_push",
    "huawei",
    "xiaomi",
]
"""Kinds of address: each has its own numbers, and within an `app_id` (account, corporation, application) they are unique."""
FAMILIES: tuple[Family, ...] = get_args(Family)

Proof = Literal["wechat_login", "oauth", "scene_qr", "sms_code", "email_code", "directory", "device"]
"""How we know that the address is this person's; kept with the binding."""

FAMILY_NAMES: dict[Family, tuple[str, str]] = {
    "wechat_oa": ("微信公众号", "WeChat official account"),
    "wechat_mini": ("微信小程序", "WeChat mini program"),
    "wecom": ("企业微信", "WeCom"),
    "gov_wechat": ("政务微信", "Government WeChat"),
    "dingtalk": ("钉钉", "DingTalk"),
    "alipay": ("支付宝", "Alipay"),
    "phone": ("手机号", "Phone"),
    "email": ("电子邮箱", "E-mail"),
    "web_push": ("浏览器推送", "Browser notifications"),
    "huawei": ("华为手机", "Huawei phone"),
    "xiaomi": ("小米手机", "Xiaomi phone"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address of one person, in the clear: only for whoever sends there. `address_id` is none for the account's phone."""

    person_id: int
    family: Family
    app_id: str
    value: str
    is_reachable: bool
    unionid_hash: bytes | None
    proof: Proof
    bound_at: datetime
    refused_code: str = ""
    address_id: UUID | None = None

    @property
    def masked(self) -> str:
        """The address for eyes."""
        return masked(self.family, self.value)


def masked(family: Family, value: str) -> str:
    """An address as its owner recognises it and nobody else can use it.

    >>> (
    ...     masked("phone", "13800138000"),
    ...     masked("email", "alice@example.com"),
    ...     masked("wechat_oa", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
    ... )
    ('138****8000', 'a***@example.com', '***eS6o')
    """
    if family == "phone":
        return mask_phone(value)
    return privacy.GUARDS["email" if family == "email" else "openid"].mask(value)


def written(family: Family, value: str) -> str:
    """The one spelling of an address: mail in small letters, nothing around it.

    >>> written("email", " Alice@Example.com "), written("wecom", " ZhangSan ")
    ('alice@example.com', 'ZhangSan')
    """
    plain = value.strip()
    return plain.lower() if family == "email" else plain


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who may read what a taxpayer is told, and the role that lets them."""

    person_id: int
    role_code: str
