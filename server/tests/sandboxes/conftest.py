"""Sandboxes to attack, and a receiver that stands where the product's callbacks would be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from sandboxes.ground import Limits, Options
from sandboxes.running import Running, running

WAIT_SECONDS = 10


@dataclass(frozen=True)
class News:
    """One callback as it came over the wire."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server on loopback that keeps what it is sent; `answer` decides what it says."""

    url: str = ""
    got: list[News] = field(default_factory=list)
    answer: Callable[[News], tuple[int, bytes]] = lambda _: (200, b"success")
    turn: threading.Condition = field(default_factory=threading.Condition)
    stop: threading.Event = field(default_factory=threading.Event)

    def wait(self, count: int) -> list[News]:
        """The first `count` callbacks; fails when fewer come."""
        with self.turn:
            assert self.turn.wait_for(lambda: len(self.got) >= count, WAIT_SECONDS), f"only {len(self.got)} came"
        return self.got[:count]

    def keep(self, news: News) -> None:
        with self.turn:
            self.got.append(news)
            self.turn.notify_all()


def serve(receiver: Receiver) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            news = News(self.command, parts.path, query, headers, body)
            receiver.keep(news)
            status, said = receiver.answer(news)
            try:
                self.send_response(status)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                self.close_connection = True  # the sandbox did not wait

        do_GET = do_POST = handle_any  # noqa: N815  # the names http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    limits = Limits(template_daily=3, link_daily=4, robot_per_minute=3, push_per_minute=4, member_per_minute=3)
    folder = tmp_path_factory.mktemp("sandboxes")
    options = Options(folder, callback_pace=0.002, callback_answer_seconds=0.5, limits=limits)
    with running(options) as sandboxes:
        yield sandboxes


@pytest.fixture(autouse=True)
def _as_if_nothing_happened(outside: Running) -> Iterator[None]:
    """Time, faults and counts do not reach the next test."""
    yield
    outside.post("/sandbox/clock", json={"ahead_seconds": 0})
    outside.delete("/sandbox/faults")


@pytest.fixture
def receiver(outside: Running) -> Iterator[Receiver]:
    """Every target of the sandboxes calls here."""
    found = Receiver()
    server = serve(found)
    found.url = f"http://127.0.0.1:{server.server_port}/in"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    places = {
        "/wechat": ("wechat_oa", "wechat_mini"), "/wecom": ("wecom",), "/gov": ("gov_wechat",),
        "/dingtalk": ("dingtalk", "dingtalk_robot"), "/sms": ("sms",), "/sms2": ("sms2",), "/alipay": ("alipay_life",),
    }  # fmt: skip
    for path, targets in places.items():
        for target in targets:
            outside.post(f"{path}/sandbox/callback", json={"target": target, "url": found.url}).raise_for_status()
    yield found
    outside.quiet()
    for path, targets in places.items():
        for target in targets:
            outside.post(f"{path}/sandbox/callback", json={"target": target, "url": ""}).raise_for_status()
    found.stop.set()
    server.shutdown()
    server.server_close()
    thread.join()


class WeChatCaller:
    """Calls WeChat's interfaces as one of the two apps."""

    def __init__(self, outside: Running, section: str) -> None:
        self.outside = outside
        self.keys = outside.credentials[section]

    def stable(self, **more: Any) -> dict[str, Any]:
        asked = {"grant_type": "client_credential", "appid": self.keys["app_id"], "secret": self.keys["app_secret"]}
        return self.outside.post("/wechat/cgi-bin/stable_token", json=asked | more).json()

    @property
    def token(self) -> str:
        return self.stable()["access_token"]

    def post(self, path: str, content: Any = None, **query: str) -> dict[str, Any]:
        return self.raw(path, content, **query).json()

    def raw(self, path: str, content: Any = None, **query: str) -> httpx.Response:
        return self.outside.post(f"/wechat{path}", params=self.query(query), json=content or {})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self.outside.get(f"/wechat{path}", params=self.query(query)).json()

    def query(self, query: dict[str, str]) -> dict[str, str]:
        return query if "access_token" in query else {"access_token": self.token, **query}

    def template(self, name: str) -> str:
        return self.keys["templates"][name]["template_id"]


class Person:
    """Somebody with WeChat."""

    def __init__(self, outside: Running, name: str) -> None:
        self.outside = outside
        self.name = name

    def does(self, act: str, **more: Any) -> dict[str, Any]:
        answer = self.outside.post(f"/wechat/sandbox/{act}", json={"person": self.name, **more})
        assert answer.is_success, answer.text
        return answer.json()

    def sees(self) -> dict[str, Any]:
        return self.outside.get("/wechat/sandbox/phone", params={"person": self.name}).json()

    @property
    def openid(self) -> str:
        return self.sees()["user"]["account_openid"]

    @property
    def mini_openid(self) -> str:
        return self.sees()["user"]["openid"]


@pytest.fixture
def account(outside: Running) -> WeChatCaller:
    return WeChatCaller(outside, "official_account")


@pytest.fixture
def mini(outside: Running) -> WeChatCaller:
    return WeChatCaller(outside, "wechat")


@pytest.fixture
def person(outside: Running, request: pytest.FixtureRequest) -> Person:
    """Nobody else's person: named after the test."""
    return Person(outside, f"p-{request.node.name}-{id(request)}")


@pytest.fixture
def later(outside: Running) -> Callable[[float], None]:
    """Let time pass."""

    def pass_by(seconds: float) -> None:
        outside.post("/sandbox/clock", json={"ahead_seconds": seconds}).raise_for_status()

    return pass_by


@pytest.fixture
def fault(outside: Running) -> Callable[..., None]:
    """Plan what goes wrong."""

    def plan(server: str, kind: str, **more: Any) -> None:
        outside.post("/sandbox/faults", json={"server": server, "kind": kind, **more}).raise_for_status()

    return plan


@pytest.fixture
def tries(outside: Running, receiver: Receiver) -> Callable[[str], list[dict[str, Any]]]:
    """The callbacks of a target that were sent to this test's receiver, oldest first."""
    before = {one["callback_id"] for one in outside.get("/sandbox/callbacks").json()["callbacks"]}

    def found(target: str) -> list[dict[str, Any]]:
        told = outside.get("/sandbox/callbacks", params={"target": target}).json()["callbacks"]
        return [one for one in reversed(told) if one["callback_id"] not in before]

    return found
