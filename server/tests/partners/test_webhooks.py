"""Webhooks: signed, once, tried for days, never inside the house, and no endpoint holds another."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from filing.make import OWNER, SHOP, VILLAGE
from partners.make import registered, tokens_of, visit

from palmtax.certificates.events import Issued
from palmtax.matters.events import ApplicationEnded
from palmtax.partners import tasks
from palmtax.partners.adapters import dialling
from palmtax.partners.adapters import webhooks as outside
from palmtax.partners.model.hooks import WAITS, Answer, is_public, sign
from palmtax.plumbing import outbox
from palmtax.plumbing.settings import Settings
from palmtax.plumbing.worker import drain

ENDPOINTS = "/endpoints"
NUMBER = "019ab000-0000-7000-8000-0000000000ff"


@dataclass
class Receiver:
    """A partner's server on the loopback."""

    port: int = 0
    status: int = 200
    head: str = ""
    body: bytes = b"ok"
    wait: float = 0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    sixth: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read a request, answer as the test says."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:]) if k}
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        self.heard.append((headers | {"line": lines[0]}, content))
        if len(self.heard) == 6:
            self.sixth.set()
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(self.wait)
        answer = f"HTTP/1.1 {self.status} x\r\n{self.head}content-length: {len(self.body)}\r\nconnection: close\r\n\r\n"
        writer.write(answer.encode() + self.body)
        with suppress(OSError):
            await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(**how: Any) -> AsyncIterator[Receiver]:
    made = Receiver(**how)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


@pytest.fixture
def house(house):
    """Loopback addresses are allowed to applications on trial, as on a developer's machine."""
    house.settings = Settings({"PALMTAX_PARTNERS_LOOPBACK_WEBHOOKS": "true"})
    return house


@pytest.fixture
async def listening(trial, wearing):
    """Adds an endpoint at a receiver, for an application with a consent of the village shop."""

    async def add(receiver: Receiver, *events: str, path: str = "/hook") -> tuple[str, str]:
        url = f"http://127.0.0.1:{receiver.port}{path}"
        made = (await trial.developer("POST", ENDPOINTS, {"url": url, "events": list(events)})).json()
        return made["endpoint"]["endpoint_id"], made["signing_secret"]

    await tokens_of(trial, await wearing(OWNER, VILLAGE))
    return add


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As the sample in the portal does it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    made = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(made, one) for one in headers["webhook-signature"].split())


async def _news(database, event, taxpayer: int = VILLAGE, request_id: str = "r-1") -> None:
    async with database.transaction() as tx:
        await outbox.emit(tx, event(taxpayer), request_id)


def _ended(taxpayer: int) -> ApplicationEnded:
    return ApplicationEnded(taxpayer, NUMBER, "FPBL-002", "approved")  # type: ignore[arg-type]  # text travels too


async def _due_now(database) -> None:
    async with database.transaction() as tx:
        await tx.execute("update pgqueuer set execute_after = now() where entrypoint = 'partners.send_webhook'")


async def test_news_arrives_signed_and_says_nothing_personal(listening, database, task_context):
    async with receiving() as receiver:
        _, secret = await listening(receiver, "application.progressed")
        await _news(database, _ended)
        await drain(task_context)
        ((headers, body),) = receiver.heard
    assert headers["line"] == "POST /hook HTTP/1.1"
    assert verified(secret, headers, body)
    assert not verified(secret, headers, body + b" ")
    assert not verified(secret, headers | {"webhook-timestamp": "1"}, body)
    told = json.loads(body)
    assert told["type"] == "application.progressed"
    assert set(told["data"]) == {"consent_id", "application_id", "matter_code", "state"}


async def test_the_published_value_of_standard_webhooks():
    assert sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
    ) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="  # fmt: skip


async def test_news_heard_twice_is_sent_once(listening, database, task_context):
    async with receiving() as receiver:
        await listening(receiver, "application.progressed")
        for _ in range(2):
            await _news(database, _ended)
        await drain(task_context)
        assert len(receiver.heard) == 1


async def test_only_who_a_consent_lets_know_is_told(listening, trial, wearing, database, task_context):
    async with receiving() as receiver:
        await listening(receiver, "application.progressed", "certificate.issued")
        await _news(database, _ended, SHOP)  # another taxpayer
        await drain(task_context)
        invented = await wearing(OWNER, VILLAGE)
        await (await visit(trial, scope="returns.due")).agree(invented)  # a narrower consent takes its place
        await _news(database, _ended, VILLAGE, "r-2")
        await _news(database, lambda t: Issued(t, NUMBER, "C-1", NUMBER, 100), VILLAGE)  # type: ignore[arg-type]  # text travels too
        await drain(task_context)
        assert receiver.heard == []


async def test_the_end_of_a_consent_is_told(listening, trial, wearing, task_context):
    async with receiving() as receiver:
        await listening(receiver, "consent.ended")
        owner = await wearing(OWNER, VILLAGE)
        (one,) = await owner.ok("GET", "/partners/consents")
        await owner.ok("DELETE", f"/partners/consents/{one['consent_id']}")
        await drain(task_context)
        ((_, body),) = receiver.heard
    assert json.loads(body)["data"] == {"consent_id": one["consent_id"], "reason": "taken_back"}


async def test_a_failure_is_tried_for_three_days_then_a_dead_letter_then_the_endpoint_rests(
    listening, trial, database, task_context, clock
):
    async with receiving(status=500) as receiver:
        endpoint_id, _ = await listening(receiver, "application.progressed")
        await _news(database, _ended)
        await drain(task_context)
        for wait in WAITS:
            (kept,) = (await trial.developer("GET", f"{ENDPOINTS}/{endpoint_id}/deliveries")).json()
            assert (kept["state"], kept["last_status"]) == ("wanted", 500)
            clock.move(seconds=max(wait, 61))
            await _due_now(database)
            await drain(task_context)
        assert sum(WAITS) > 3 * 86_400 - 1
        assert len(receiver.heard) == len(WAITS) + 1
        (kept,) = (await trial.developer("GET", f"{ENDPOINTS}/{endpoint_id}/deliveries")).json()
        assert (kept["state"], kept["tries"]) == ("dead", len(WAITS) + 1)
        (end,) = (await trial.developer("GET", ENDPOINTS)).json()
        assert (end["state"], end["last_error"]) == ("disabled", "status_500")
        receiver.status = 204
        await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/enabling")
        path = f"{ENDPOINTS}/{endpoint_id}/deliveries/{kept['delivery_id']}/resending"
        assert (await trial.developer("POST", path)).status_code == 204
        await drain(task_context)
        (kept,) = (await trial.developer("GET", f"{ENDPOINTS}/{endpoint_id}/deliveries")).json()
    assert (kept["state"], kept["last_status"]) == ("done", 204)


@pytest.mark.parametrize("head", ["location: http://169.254.169.254/latest/meta-data\r\n", ""])
async def test_a_redirect_is_not_followed(listening, trial, database, task_context, head):
    async with receiving(status=302, head=head) as receiver:
        endpoint_id, _ = await listening(receiver, "application.progressed")
        await _news(database, _ended)
        await drain(task_context)
        assert len(receiver.heard) == 1
        (kept,) = (await trial.developer("GET", f"{ENDPOINTS}/{endpoint_id}/deliveries")).json()
    assert (kept["state"], kept["last_error"]) == ("wanted", "status_302")


async def test_a_huge_answer_and_a_silent_server_cost_little(listening, trial, task_context, monkeypatch):
    monkeypatch.setattr(outside, "CALL_SECONDS", 0.3)
    async with receiving(body=b"x" * 5_000_000) as receiver:
        endpoint_id, _ = await listening(receiver, "consent.ended")
        await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
        await drain(task_context)
        assert (await trial.developer("GET", f"{ENDPOINTS}/{endpoint_id}/deliveries")).json()[0]["state"] == "done"
        receiver.wait, receiver.body = 2, b"ok"
        await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
        await drain(task_context)
        kept = (await trial.developer("GET", f"{ENDPOINTS}/{endpoint_id}/deliveries")).json()
    assert {one["last_error"] for one in kept} == {"", "timeout"}


async def test_a_slow_endpoint_does_not_hold_another(
    listening, client, town, database, task_context, wearing, monkeypatch
):
    monkeypatch.setattr(tasks, "PUT_OFF_SECONDS", 0.2)
    monkeypatch.setattr(outside, "CALL_SECONDS", 60)
    let_go = asyncio.Event()
    async with receiving(hold=let_go) as slow, receiving() as quick:
        await listening(slow, "application.progressed")
        second = await registered(client, name="快的应用")
        await tokens_of(second, await wearing(OWNER, VILLAGE))
        url = f"http://127.0.0.1:{quick.port}/hook"
        await second.developer("POST", ENDPOINTS, {"url": url, "events": ["application.progressed"]})
        for number in range(6):
            await _news(database, _ended, VILLAGE, f"r-{number}")

        async def work() -> None:
            while not quick.sixth.is_set():
                await drain(task_context)
                await asyncio.sleep(0.05)

        workers = [asyncio.create_task(work()) for _ in range(4)]
        async with asyncio.timeout(30):
            await quick.sixth.wait()
        assert len(slow.heard) <= tasks.AT_ONCE
        let_go.set()
        await asyncio.gather(*workers)


async def test_after_a_rotation_both_secrets_sign_for_a_day(listening, trial, task_context, clock):
    async with receiving() as receiver:
        endpoint_id, old = await listening(receiver, "consent.ended")
        new = (await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/secrets")).json()["signing_secret"]
        await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
        await drain(task_context)
        assert [verified(secret, *receiver.heard[-1]) for secret in (old, new)] == [True, True]
        clock.move(days=2)
        await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
        await drain(task_context)
        assert [verified(secret, *receiver.heard[-1]) for secret in (old, new)] == [False, True]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://bank.example/hook", "scheme"), ("https://127.0.0.1/hook", "address"), ("https://localhost/hook", "address"),
        ("https://169.254.169.254/latest/meta-data", "address"), ("https://10.0.0.5/", "address"), ("https://[::1]/hook", "address"),
        ("https://[::ffff:127.0.0.1]/", "address"), ("https://2130706433/", "address"), ("https://0x7f.0.0.1/", "address"),
        ("https://bank.example:22/", "port"), ("https://bank.example:6379/", "port"), ("https://a:b@bank.example/", "user"),
        ("https://metadata.internal/", "address"), ("https://bank.example/\r\nx: y", "characters"), ("file:///etc/passwd", "scheme"),
        ("gopher://bank.example/", "scheme"), ("https://bank/hook", "address"),
    ],
)  # fmt: skip
async def test_an_address_inside_the_house_is_not_registered(trial, rows, url, why):
    answer = await trial.developer("POST", ENDPOINTS, {"url": url, "events": ["consent.ended"]})
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]["why"]) == (
        422,
        "partners.endpoint_wrong",
        why,
    )
    assert await rows("select 1 from partners_endpoint") == []


@pytest.mark.parametrize(
    "addresses", [["10.0.0.9"], ["93.184.216.34", "127.0.0.1"], ["fd00::1"], ["64:ff9b::7f00:1"], []]
)
async def test_a_name_that_leads_inside_is_not_called(
    listening, trial, rows, task_context, monkeypatch, database, addresses
):
    made = await trial.developer("POST", ENDPOINTS, {"url": "https://bank.example/hook", "events": ["consent.ended"]})
    endpoint_id = made.json()["endpoint"]["endpoint_id"]
    dialled = []

    async def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    monkeypatch.setattr(dialling.outbound, "client", lambda *a, **_: dialled.append(a))
    await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
    await drain(task_context)
    (kept,) = await rows("select state, last_error from partners_delivery")
    assert (kept["last_error"], dialled) == ("address", [])


async def test_the_connection_goes_to_the_address_that_was_judged(trial, monkeypatch, database, task_context):
    """DNS rebinding: the name is resolved once; what is dialled is that address, with the name's certificate asked for."""
    made = await trial.developer("POST", ENDPOINTS, {"url": "https://bank.example/hook", "events": ["consent.ended"]})
    endpoint_id = made.json()["endpoint"]["endpoint_id"]
    looked, dialled = [], []

    async def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]

    def client(name: str, base: str, **_: Any) -> Any:
        dialled.append((name, base))
        raise OSError

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    monkeypatch.setattr(dialling.outbound, "client", client)
    await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
    await drain(task_context)
    assert (looked, dialled) == (["bank.example"], [("webhooks", "https://93.184.216.34:443")])


async def test_loopback_is_for_the_sandbox_of_a_developers_machine_only(live, trial, house):
    body = {"url": "http://127.0.0.1:9/hook", "events": ["consent.ended"]}
    assert (await live.developer("POST", ENDPOINTS, body)).json()["code"] == "partners.endpoint_wrong"
    house.settings = Settings({})
    assert (await trial.developer("POST", ENDPOINTS, body)).json()["code"] == "partners.endpoint_wrong"


async def test_another_applications_endpoint_does_not_exist(listening, client, trial):
    async with receiving() as receiver:
        endpoint_id, _ = await listening(receiver, "consent.ended")
        thief = await registered(client, name="别家软件")
        for method, path in (
            ("DELETE", ""), ("POST", "/secrets"), ("POST", "/ping"), ("POST", "/enabling"), ("GET", "/deliveries"),
            ("POST", f"/deliveries/{NUMBER}/resending"),
        ):  # fmt: skip
            answer = await thief.developer(method, f"{ENDPOINTS}/{endpoint_id}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "partners.endpoint_unknown")
        assert len((await trial.developer("GET", ENDPOINTS)).json()) == 1


async def test_endpoints_are_few_and_events_known(trial):
    body = {"url": "https://bank.example/hook", "events": ["consent.ended"]}
    assert (await trial.developer("POST", ENDPOINTS, body | {"events": ["all"]})).json()[
        "code"
    ] == "partners.event_unknown"
    answers = [(await trial.developer("POST", ENDPOINTS, body)).status_code for _ in range(6)]
    assert answers == [201] * 5 + [409]


async def test_what_a_dead_worker_left_is_picked_up(listening, trial, database, task_context, clock, rows):
    async with receiving() as receiver:
        endpoint_id, _ = await listening(receiver, "consent.ended")
        await trial.developer("POST", f"{ENDPOINTS}/{endpoint_id}/ping")
        async with database.transaction() as tx:  # the worker took it and died
            await tx.execute("delete from pgqueuer")
            await tx.execute("update partners_delivery set tries = 1, next_at = $1", clock.now())
        clock.move(minutes=5)
        await tasks.pick_up(task_context, {})
        await drain(task_context)
        assert len(receiver.heard) == 1
    assert [one["state"] for one in await rows("select state from partners_delivery")] == ["done"]


def test_answers_are_good_only_when_taken():
    assert [Answer(status).is_good for status in (200, 204, 301, 404, 500, None)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert is_public("not an address") is False
