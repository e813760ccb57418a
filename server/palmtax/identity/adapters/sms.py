"""The SMS gateway: one signed call per message (Tencent Cloud SMS, SendSms of 2021-01-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from palmtax.plumbing import cloud
from palmtax.plumbing.outbound import OutsideUnavailable

VERSION = "2021-01-11"
TOO_OFTEN_PREFIX = "LimitExceeded."
"""Refusals with this prefix: the phone got too many messages; waiting cures it, repeating does not."""


@dataclass(frozen=True)
class SmsTemplate:
    """An approved text at the gateway; its places {1}, {2}, … are filled by `variables` in this order."""

    template_id: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class SmsSettings:
    """The gateway's key, application and approved signature, and our names for its templates."""

    key: cloud.CloudKey
    app_id: str
    sign_name: str
    templates: Mapping[str, SmsTemplate] = field(default_factory=dict)

    @classmethod
    def from_credentials(cls, section: Mapping[str, Any], base_url: str) -> SmsSettings:
        """From the `sms` section of a credentials file."""
        return cls(
            key=cloud.CloudKey(section["secret_id"], section["secret_key"], base_url),
            app_id=section["sdk_app_id"],
            sign_name=section["sign_name"],
            templates={
                name: SmsTemplate(template["template_id"], tuple(template["variables"]))
                for name, template in section["templates"].items()
            },
        )


class SmsGateway:
    """Sends approved texts to mainland phones."""

    def __init__(self, settings: SmsSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http

    async def send(self, phone: str, template: str, variables: Mapping[str, str], request_id: str) -> str:
        """Hand over one message; its serial number. KeyError for a template or variable we do not have."""
        known = self._settings.templates[template]
        response = await cloud.call(
            self._http,
            self._settings.key,
            "sms",
            "SendSms",
            VERSION,
            {
                "PhoneNumberSet": [f"+86{phone}"],
                "SmsSdkAppId": self._settings.app_id,
                "SignName": self._settings.sign_name,
                "TemplateId": known.template_id,
                "TemplateParamSet": [variables[name] for name in known.variables],
                "SessionContext": request_id,
            },
        )
        try:
            (status,) = response["SendStatusSet"]
            code, serial = str(status["Code"]), str(status["SerialNo"])
        except (KeyError, TypeError, ValueError):
            raise OutsideUnavailable("unreadable", "no single send status") from None
        if code != "Ok":
            cloud.refuse(code)
        return serial


__all__ = ["TOO_OFTEN_PREFIX", "SmsGateway", "SmsSettings", "SmsTemplate"]
