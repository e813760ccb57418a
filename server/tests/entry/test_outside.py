"""Clients of partners are made from one credentials file; without it there are none."""

from __future__ import annotations

import json

import pytest

from palmtax.channels.adapters import Ports
from palmtax.entry import outside
from palmtax.identity.adapters.real_name import RealNameRegister
from palmtax.identity.adapters.sms import SmsGateway
from palmtax.identity.adapters.wechat import WeChat
from palmtax.payment.adapters.wechat_pay import WeChatPay
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import Settings, SettingsFault
from sandboxes.credentials import load_or_make

NOWHERE = Database("postgresql://nobody@127.0.0.1:9/nothing")
"""Clients are made without a connection: tokens are fetched when they are needed."""


@pytest.fixture(scope="module")
def credentials(tmp_path_factory):
    folder = tmp_path_factory.mktemp("credentials")
    load_or_make(folder)
    return folder / "credentials.json"


async def test_without_credentials_nobody_is_called():
    assert outside.clients(Settings({}), NOWHERE) == ({}, {})


async def test_every_partner_has_a_client_at_its_address(credentials):
    made, http = outside.clients(
        Settings(
            {
                "PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(credentials),
                "PALMTAX_OUTSIDE_SMS_URL": "http://127.0.0.1:9/sms",
                "PALMTAX_OUTSIDE_TIMEOUT_SECONDS": "2.5",
            }
        ),
        NOWHERE,
    )
    assert {name: type(client) for name, client in made.items()} == {
        "wechat": WeChat, "sms": SmsGateway, "real_name": RealNameRegister, "pay": WeChatPay, "channels": Ports,
    }  # fmt: skip
    assert {name: str(client.base_url) for name, client in http.items()} == {
        "wechat": "https://api.weixin.qq.com", "sms": "http://127.0.0.1:9/sms/",
        "real_name": "https://faceid.tencentcloudapi.com", "pay": "https://api.mch.weixin.qq.com",
    }  # fmt: skip
    assert made["wechat"].app_id == json.loads(credentials.read_text())["wechat"]["app_id"]
    assert made["pay"].client_parameters("p")["app_id"] == made["wechat"].app_id
    for client in http.values():
        assert (client.timeout.read, client.follow_redirects, client.trust_env) == (2.5, False, False)
        await client.aclose()


async def test_secrets_do_not_show_when_a_client_is_printed(credentials):
    made, http = outside.clients(Settings({"PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(credentials)}), NOWHERE)
    told = json.loads(credentials.read_text())
    secrets = [
        told["wechat"]["app_secret"],
        told["sms"]["secret_key"],
        told["pay"]["api_v3_key"],
        told["wecom"]["secret"],
    ]
    shown = " ".join(repr(vars(client)) for client in made.values())
    assert [s for s in secrets if s in shown] == []
    for client in http.values():
        await client.aclose()


def test_a_credentials_file_that_lacks_a_section_fails_at_the_start(tmp_path):
    path = tmp_path / "credentials.json"
    path.write_text("{}")
    with pytest.raises(KeyError):
        outside.clients(Settings({"PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(path)}), NOWHERE)


def test_every_wrong_setting_is_told_at_once():
    from palmtax.plumbing.settings import every_section

    wrong = {
        "PALMTAX_OUTSIDE_TIMEOUT_SECONDS": "0", "PALMTAX_SERVER_PORT": "99999", "PALMTAX_DATABASE_POOL_SIZE": "many",
        "PALMTAX_PAYMENT_ORDER_MINUTES": "1",
    }  # fmt: skip
    assert len(every_section()) > 4
    with pytest.raises(SettingsFault) as told:
        Settings(wrong).check()
    assert {fault.split(":")[0] for fault in told.value.faults} == set(wrong)
