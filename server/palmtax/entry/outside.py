"""The clients of partners: addresses from settings, secrets from one credentials file. Switching is configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import httpx
from pydantic import Field

from palmtax.channels.adapters import Ports
from palmtax.identity.adapters.real_name import RealNameRegister, RealNameSettings
from palmtax.identity.adapters.sms import SmsGateway, SmsSettings
from palmtax.identity.adapters.wechat import WeChat, WeChatSettings
from palmtax.payment.adapters.wechat_pay import WeChatPay, WeChatPaySettings
from palmtax.plumbing import outbound
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import Section, ServerSettings, Settings


class OutsideSettings(Section):
    """Where partners are; the defaults are the real ones."""

    section: ClassVar[str] = "outside"
    credentials_file: Path | None = Field(
        None,
        description="JSON with the sections wechat, sms, real_name, pay; key files lie beside it; none: no partners",
    )
    wechat_url: str = Field("https://api.weixin.qq.com", description="WeChat platform")
    sms_url: str = Field("https://sms.tencentcloudapi.com", description="SMS gateway")
    real_name_url: str = Field("https://faceid.tencentcloudapi.com", description="real-name register")
    pay_url: str = Field("https://api.mch.weixin.qq.com", description="WeChat Pay")
    timeout_seconds: float = Field(5.0, gt=0, le=60, description="longest wait for a partner, seconds")


def clients(settings: Settings, database: Database) -> tuple[dict[str, Any], dict[str, httpx.AsyncClient]]:
    """A client for each partner (`wechat`, `sms`, `real_name`, `pay`) and its HTTP side; empty without credentials."""
    asked = settings.of(OutsideSettings)
    if asked.credentials_file is None:
        return {}, {}
    credentials = json.loads(asked.credentials_file.read_text())
    folder = asked.credentials_file.parent
    notify = f"{settings.of(ServerSettings).public_url}/api/payment/wechat/notify"

    urls = {"wechat": asked.wechat_url, "sms": asked.sms_url, "real_name": asked.real_name_url, "pay": asked.pay_url}
    http = {name: outbound.client(name, url, timeout_seconds=asked.timeout_seconds) for name, url in urls.items()}
    wechat = WeChatSettings.from_credentials(credentials["wechat"], asked.wechat_url)
    sms = SmsSettings.from_credentials(credentials["sms"], asked.sms_url)
    register = RealNameSettings.from_credentials(credentials["real_name"], asked.real_name_url)
    pay = WeChatPaySettings.from_credentials(folder, credentials, asked.pay_url, notify)
    made: dict[str, Any] = {
        "wechat": WeChat(wechat, http["wechat"], database),
        "sms": SmsGateway(sms, http["sms"]),
        "real_name": RealNameRegister(register, http["real_name"]),
        "pay": WeChatPay(pay, http["pay"]),
        "channels": Ports(credentials),
    }
    return made, http
