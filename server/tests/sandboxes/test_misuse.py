"""No request, however strange, breaks a sandbox: every answer is one of its own refusals."""

from __future__ import annotations

import secrets
import time
from typing import Any

import httpx
import pytest

from sandboxes import dingtalk
from sandboxes.application import TARGETS, build
from sandboxes.callbacks import SPOILS
from sandboxes.faults import CALLBACK_KINDS, KINDS
from sandboxes.ground import Options
from sandboxes.running import Running
from sandboxes.wecom.family import gateway_signature

FIELDS = (
    "touser", "template_id", "data", "page", "url", "msgtype", "text", "news", "image", "template_card", "markdown",
    "textcard", "button", "action_name", "action_info", "expire_seconds", "agentid", "toparty", "totag", "response_code",
    "userids", "userid", "user_ticket", "type", "scene", "user", "state", "config_id", "welcome_code", "name", "open_kfid",
    "cursor", "token", "limit", "msgid", "code", "service_state", "external_userid", "servicer_userid", "path", "query",
    "env_version", "expire_type", "expire_interval", "expire_time", "jump_wxa", "content", "version", "openid", "appid",
    "person", "choices", "template_ids", "dialog_id", "fields", "ticket", "key", "link", "app", "is_sealed", "target",
    "members", "departments", "id", "parentid", "chat_id", "selected", "EventType", "phone", "endpoint",
    "applicationServerKey", "client_msg_id", "miniprogram", "miniprogram_state", "enable_duplicate_check",
    "duplicate_check_interval", "signature", "timestamp", "nonceStr", "appId", "force_refresh", "app_id", "users",
)  # fmt: skip
STRANGE: tuple[Any, ...] = (None, -1, 10**30, True, "'; drop table chat --", [[]], {"a": {}})


@pytest.fixture(scope="module")
def every_post(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    application = build(Options(tmp_path_factory.mktemp("routes")))
    try:
        mounts = [one for one in application.routes if getattr(one, "routes", None)]
        chosen = [
            (mount.path, route)
            for mount in mounts
            if mount.path not in {"/pay", "/real-name", "/sandbox"}
            for route in mount.routes
            if "POST" in (route.methods or ())
        ]
    finally:
        application.state.sandbox.state.close()
    return sorted(mount + route.path for mount, route in chosen if "{" not in route.path)


def entrance(
    outside: Running, path: str, account: Any, mini: Any, tokens: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Query and headers that get a call past the door; `tokens` keeps those fetched already."""
    if path.startswith("/dingtalk"):
        keys, stamp = outside.credentials["dingtalk"], str(int(time.time() * 1000))
        signed = dingtalk.signature(keys["secret"], stamp)
        return {"access_token": keys["access_token"], "timestamp": stamp, "sign": signed}, {}
    if path.startswith("/wechat"):
        caller = mini if "/wxa" in path or path.endswith("/subscribe/send") else account
        tokens[caller.keys["app_id"]] = token = tokens.get(caller.keys["app_id"]) or caller.token
        return {"access_token": token}, {}
    if path.startswith(("/wecom", "/gov")):
        section = "wecom" if path.startswith("/wecom") else "gov_wechat"
        keys = outside.credentials[section]
        if section not in tokens:
            query = {"corpid": keys["corp_id"], "corpsecret": keys["secret"]}
            server = "/wecom" if section == "wecom" else "/gov"
            found = outside.get(f"{server}/cgi-bin/gettoken", params=query, headers=gateway(keys)).json()
            tokens[section] = found["access_token"]
        return {"access_token": tokens[section], "type": "image"}, gateway(keys)
    return {}, {}


def gateway(keys: dict[str, Any]) -> dict[str, str]:
    if "paas_id" not in keys:
        return {}
    stamp, nonce = str(int(time.time())), f"{int(time.time() * 1000):x}-{secrets.token_hex(6)}"
    signed = gateway_signature(stamp, nonce, keys["paas_token"])
    return {
        "x-tif-paasid": keys["paas_id"], "x-tif-timestamp": stamp, "x-tif-nonce": nonce, "x-tif-signature": signed,
    }  # fmt: skip


@pytest.mark.parametrize("number", range(len(STRANGE)))
def test_strange_values_never_break_it(outside: Running, every_post: list[str], account: Any, mini: Any, number: int):
    odd = STRANGE[number]
    assert len(every_post) > 80
    broken, tokens = [], {}
    for path in every_post:
        for kind in (odd, "text", "template_card") if "send" in path else (odd,):
            query, headers = entrance(outside, path, account, mini, tokens)
            content = dict.fromkeys(FIELDS, odd) | {"msgtype": kind}
            if path.endswith("/callback"):
                content["url"] = "https://evil.example"
            status = outside.post(path, params=query, json=content, headers=headers).status_code
            if path.endswith("/revoke-tokens"):
                tokens.clear()
            broken += [(path, kind, status)] if status >= 500 else []
    assert broken == []


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_broken_bodies_never_break_it(outside: Running, every_post: list[str], account: Any, mini: Any, body: bytes):
    broken, tokens = [], {}
    for path in every_post:
        query, headers = entrance(outside, path, account, mini, tokens)
        tokens = {} if path.endswith("/revoke-tokens") else tokens
        headers = headers | {"Content-Type": "application/json"}
        status = outside.post(path, params=query, content=body, headers=headers).status_code
        broken += [(path, status)] if status >= 500 else []
    assert broken == []


def test_every_target_can_go_wrong_in_every_way():
    for name, target in TARGETS.items():
        assert target.name == name
        assert KINDS[f"{name}_callback"] == CALLBACK_KINDS
    assert set(SPOILS) < CALLBACK_KINDS
    assert {name for name in KINDS if name.endswith("_callback")} == {f"{name}_callback" for name in TARGETS}


PROBES = {
    "wechat": "/wechat/cgi-bin/user/get", "wecom": "/wecom/cgi-bin/user/get", "gov": "/gov/cgi-bin/user/get",
    "dingtalk": "/dingtalk/robot/send", "sms2": "/sms2/", "web_push": "/web-push/push/none", "alipay": "/alipay/gateway.do",
    "vendor_push": "/vendor-push/xiaomi/v3/message/regid",
}  # fmt: skip


@pytest.mark.parametrize("server", sorted(PROBES))
def test_every_server_can_be_out_slow_busy_or_talk_nonsense(outside: Running, fault: Any, server: str):
    path = PROBES[server]
    verb = "GET" if path.endswith("/get") or server == "sms2" else "POST"
    usual = outside.client.request(verb, path).status_code
    for kind, status in (("error", 500), ("too_many", 429), ("garbage", 200), ("slow", usual)):
        fault(server, kind, seconds=0.05)
        answer = outside.client.request(verb, path)
        assert (kind, answer.status_code, "<html>" in answer.text) == (kind, status, kind == "garbage")
    for kind in ("drop_before", "drop_after"):
        fault(server, kind)
        with pytest.raises(httpx.RemoteProtocolError):
            outside.client.request(verb, path)
    assert outside.client.request(verb, path).status_code == usual


def test_what_was_done_before_the_answer_was_lost_is_done(outside: Running, account: Any, fault: Any):
    token = account.token
    fault("wechat", "drop_after")
    menu = {"button": [{"type": "click", "name": "税", "key": "LOST"}]}
    with pytest.raises(httpx.RemoteProtocolError):
        account.post("/cgi-bin/menu/create", menu, access_token=token)
    assert account.get("/cgi-bin/menu/get")["menu"] == menu
