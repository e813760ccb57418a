"""The sandboxes themselves: what they remember, whom they let in, what can go wrong on demand."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from palmtax.payment.adapters import PayOrder
from palmtax.payment.adapters.wechat_pay import WeChatPay, WeChatPaySettings
from sandboxes.__main__ import main as sandboxes_main
from sandboxes.faults import KINDS, Fault, Faults
from sandboxes.ground import Options
from sandboxes.pay.notices import SCHEDULE
from sandboxes.running import Running, running

DEV = Path(__file__).resolve().parents[3] / "dev"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(tmp_path_factory.mktemp("sandboxes"))) as sandboxes:
        yield sandboxes


def client_of(outside: Running, http: httpx.AsyncClient, notify_url: str = "http://127.0.0.1:9/notify") -> WeChatPay:
    settings = WeChatPaySettings.from_credentials(outside.folder, outside.credentials, f"{outside.url}/pay", notify_url)
    return WeChatPay(settings, http)


def order_for(openid: str) -> PayOrder:
    return PayOrder(
        uuid4().hex, "增值税 <b>&'\"</b> $facts", 100, datetime.now(UTC) + timedelta(minutes=9), openid, "::1"
    )


def test_the_repeat_schedule_is_the_documented_one():
    assert sum(SCHEDULE) == 24 * 3600 + 4 * 60
    assert SCHEDULE[:5] == (15, 15, 30, 180, 600)


def test_secrets_are_readable_by_the_owner_only(outside: Running):
    assert stat.S_IMODE(outside.folder.stat().st_mode) & 0o077 == 0
    for name in ("credentials.json", "pay_merchant.key.pem", "pay_platform_1.key.pem", "pay_public_private.pem"):
        assert stat.S_IMODE((outside.folder / name).stat().st_mode) == 0o600


def test_the_credentials_hold_what_the_product_needs(outside: Running):
    found = outside.credentials
    assert len(found["pay"]["api_v3_key"]) == 32
    assert set(found["sms"]["templates"]) >= {"sign_in_code", "second_factor_code"}
    assert (outside.folder / found["pay"]["merchant_private_key_file"]).exists()


def test_health_and_pages_answer(outside: Running):
    assert outside.get("/sandbox/healthz").json()["status"] == "ok"
    for path in ("/", "/sms/sandbox/", "/pay/sandbox/orders", "/pay/sandbox/notices", "/wechat/sandbox/users"):
        assert outside.get(path).status_code == 200


def test_a_stranger_by_another_host_name_is_turned_away(outside: Running):
    answer = outside.get("/sms/sandbox/inbox", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_only_pages_of_this_machine_may_script_it(outside: Running):
    path = "/wechat/sandbox/wx-login"
    ours = outside.post(path, json={"person": "p"}, headers={"Origin": "http://127.0.0.1:8000"})
    theirs = outside.post(path, json={"person": "p"}, headers={"Origin": "https://evil.example"})
    assert ours.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
    assert "access-control-allow-origin" not in theirs.headers


async def test_orders_outlive_a_restart(tmp_path: Path):
    options = Options(tmp_path / "state", notice_delay_seconds=600)
    async with httpx.AsyncClient(trust_env=False) as http:
        with running(options) as first:
            openid = first.post("/wechat/sandbox/wx-login", json={"person": "p"}).json()["openid"]
            order = order_for(openid)
            prepay_id = await client_of(first, http).create_jsapi(order)
            first.post("/pay/sandbox/pay", json={"prepay_id": prepay_id})
            credentials = first.credentials
        with running(options) as second:
            assert second.credentials == credentials
            assert (await client_of(second, http).query(order.out_trade_no)).is_paid
            (notice,) = second.get("/pay/sandbox/notices").json()["notices"]
            assert notice["next_at"] is not None


async def test_a_killed_process_keeps_its_orders_and_owes_its_notices(tmp_path: Path):
    state = tmp_path / "state"
    async with httpx.AsyncClient(trust_env=False) as http:
        with process(state) as first:
            openid = first.post("/wechat/sandbox/wx-login", json={"person": "p"}).json()["openid"]
            order = order_for(openid)
            prepay_id = await client_of(first, http).create_jsapi(order)
            assert first.post("/pay/sandbox/pay", json={"prepay_id": prepay_id}).is_success
        with process(state) as second:
            trade = await client_of(second, http).query(order.out_trade_no)
            assert (trade.state, trade.total_fen) == ("SUCCESS", 100)
            (notice,) = second.get("/pay/sandbox/notices").json()["notices"]
            assert notice["resource"]["out_trade_no"] == order.out_trade_no


@pytest.mark.parametrize(
    "wrong", [["--limit", "gold=1"], ["--limit", "template_daily=many"], ["--callback-base", "https://evil.example"]]
)
def test_a_wrong_option_is_named_before_anything_starts(tmp_path: Path, wrong: list[str]):
    with pytest.raises(SystemExit) as ended:
        sandboxes_main(["--state", str(tmp_path / "state"), "--make-credentials", *wrong])
    assert ended.value.code == 2
    assert not (tmp_path / "state").exists()


def test_an_older_state_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path):
    sandboxes_main(["--state", str(tmp_path), "--make-credentials"])
    path = tmp_path / "credentials.json"
    whole = json.loads(path.read_text())
    older = {name: whole[name] for name in ("wechat", "sms", "real_name", "pay", "sandbox")}
    older["wechat"] = {"app_id": "wx-kept", "app_secret": "kept"}
    path.write_text(json.dumps(older))
    sandboxes_main(["--state", str(tmp_path), "--make-credentials"])
    found = json.loads(path.read_text())
    assert (found["wechat"]["app_id"], set(found), set(found["wechat"])) == (
        "wx-kept",
        set(whole),
        set(whole["wechat"]),
    )
    sandboxes_main(["--state", str(tmp_path), "--make-credentials"])
    assert json.loads(path.read_text()) == found


@contextmanager
def process(state: Path) -> Iterator[Running]:
    """Sandboxes in a process of their own, killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sandboxes", "--port", str(port), "--state", str(state)]
    started = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(DEV)})
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=url, trust_env=False) as client:
            _await(client, started)
            yield Running(url, state, client)
    finally:
        started.kill()
        started.wait()


def _await(client: httpx.Client, started: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            client.get("/sandbox/healthz")
        except httpx.TransportError:
            assert started.poll() is None, "ended at once"
            assert time.monotonic() < deadline, "did not start"
            time.sleep(0.05)
        else:
            return


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"server": "bank", "kind": "slow"},
        {"server": "pay", "kind": "explode"},
        {"server": "pay", "kind": "slow", "count": 0},
        {"server": "pay", "kind": "slow", "seconds": -1},
        {"server": "pay", "kind": "slow", "chance": 2},
        {"server": "pay", "kind": "slow", "colour": "red"},
        {"server": "pay", "kind": "slow", "count": "many"},
    ],
)
def test_a_fault_nobody_can_have_is_refused(outside: Running, asked: dict[str, Any]):
    assert outside.post("/sandbox/faults", json=asked).status_code == 422
    assert outside.get("/sandbox/faults").json() == {"planned": []}


def test_a_fault_is_used_up_and_stays_with_its_server():
    faults = Faults()
    faults.plan(Fault("pay", "error", count=2))
    assert faults.take("sms", "error") is None
    assert [bool(faults.take("pay", "error")) for _ in range(3)] == [True, True, False]


def test_a_fault_by_chance_comes_sometimes():
    faults = Faults()
    faults.plan(Fault("pay", "error", count=1000, chance=0.3))
    hits = sum(faults.take("pay", "error") is not None for _ in range(1000))
    assert 240 < hits < 360


def test_faults_never_hit_the_sandboxes_own_pages(outside: Running):
    for server in KINDS:
        if "error" in KINDS[server]:
            outside.post("/sandbox/faults", json={"server": server, "kind": "error"})
    for path in ("/sms/sandbox/inbox", "/pay/sandbox/orders", "/wechat/sandbox/users", "/real-name/sandbox/people"):
        assert outside.get(path).status_code == 200
    for path in (
        "/wechat/sandbox/",
        "/wecom/sandbox/members",
        "/gov/sandbox/",
        "/dingtalk/sandbox/group",
        "/email/sandbox/",
    ):
        assert outside.get(path).status_code == 200
    assert len(outside.delete("/sandbox/faults").json()["planned"]) == 0


async def test_the_cashier_shows_foreign_text_as_text_and_goes_back_only_to_the_web(outside: Running):
    async with httpx.AsyncClient(trust_env=False) as http:
        h5_url = await client_of(outside, http).create_h5(order_for(""))
    page = outside.get(h5_url + "&redirect_url=javascript:alert(1)").text
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;&#x27;&quot;&lt;/b&gt; $facts" in page
    assert "javascript:alert" not in page
    assert '"back": ""' in page
    assert (
        '"back": "http://127.0.0.1:8000/#/pay"'
        in outside.get(h5_url + "&redirect_url=http%3A%2F%2F127.0.0.1%3A8000%2F%23%2Fpay").text
    )


def test_an_unknown_payment_has_a_page_too(outside: Running):
    answer = outside.get("/pay/sandbox/cashier?prepay_id=wx-none")
    assert answer.status_code == 404
    assert "找不到这笔订单" in answer.text


@pytest.mark.parametrize("asked", [{}, {"unionid": "nobody"}, {"openid": "nobody"}, {"phone": "13000000000"}])
def test_a_phone_of_nobody_makes_no_codes(outside: Running, asked: dict[str, str]):
    assert outside.post("/wechat/sandbox/wx-login", json=asked).status_code in {404, 422}


def test_a_registered_user_keeps_what_is_not_said_again(outside: Running):
    url = "/wechat/sandbox/users"
    (first,) = outside.post(url, json={"person": "q", "phone": "13800000001", "unionid": "union-q"}).json()["users"]
    (again,) = outside.post(url, json={"person": "q", "nickname": "小Q"}).json()["users"]
    assert again == {**first, "nickname": "小Q"}
    found = outside.post("/wechat/sandbox/wx-login", json={"phone": "13800000001"}).json()
    assert found["openid"] == first["openid"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", json.dumps({"a": "x" * 300_000}).encode()])
@pytest.mark.parametrize(
    "path",
    [
        "/wechat/cgi-bin/stable_token",
        "/sms/",
        "/real-name/",
        "/pay/v3/pay/transactions/jsapi",
        "/sandbox/faults",
        "/wechat/sandbox/wx-login",
        "/wechat/sandbox/users",
        "/pay/sandbox/pay",
        "/real-name/sandbox/people",
        "/sandbox/clock",
        "/pay/sandbox/resend",
    ],
)
def test_malformed_bodies_never_break_it(outside: Running, path: str, body: bytes):
    answer = outside.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500
