# ruff: noqa: F811 the fixtures of the neighbours are parameters here
"""Letters with codes: a mailbox that is not there is the address's fault, everything else is ours; no password in the clear."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.make import channels
from channels.test_sandboxes import message, ports, sandboxes  # noqa: F401 fixtures
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from filing.make import OWNER, SHOP, sign_in
from identity.make import acts

from palmtax import identity
from palmtax.base.clock import SystemClock
from palmtax.channels.adapters import Ports, smtp
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.letters import Letters
from palmtax.plumbing.outbound import OutsideUnavailable

MAIL = channels()["email"]


@pytest.fixture
def clock() -> SystemClock:
    """Platforms sign by the clock on the wall."""
    return SystemClock()


@pytest.fixture
async def owner(house, ports, outside, client, database, clock):
    """The owner of the shop, signed in to a house whose letters go to the sandbox."""
    outside["mail"] = Letters(house, clock)
    return await sign_in(client, database, clock, OWNER, SHOP)


def plan(sandboxes, **fault: Any) -> None:
    assert sandboxes.post("/sandbox/faults", json={"server": "email"} | fault).is_success


def inbox(sandboxes, address: str) -> list[Any]:
    return sandboxes.get("/email/sandbox/inbox", params={"address": address}).json()["messages"]


async def ask(who, address: str, language: str = "zh"):
    return await who("POST", "/identity/mail-codes", {"address": address}, headers={"accept-language": language})


@pytest.mark.parametrize(
    ("language", "words", "hint"),
    [("zh", "没有这个邮箱", "核对邮箱地址"), ("en", "no such mailbox", "Check the address")],
)
async def test_a_mailbox_that_does_not_exist_is_refused_in_words(language, words, hint, owner, sandboxes, database):
    answer = await ask(owner, "nobody@taxpayer.example", language)
    assert (answer.status_code, answer.json()["code"]) == (422, "identity.mail_refused")
    assert words in answer.json()["text"]
    assert hint in answer.json()["hint"]
    assert inbox(sandboxes, "nobody@taxpayer.example") == []
    async with database.statement() as tx:
        assert await identity.addresses(tx, [OWNER], ["email"]) == []
    assert "identity.address_bound" not in await acts(database)
    mended = await ask(owner, f"somebody-{language}@taxpayer.example", language)
    assert mended.status_code == 200, "the next address may be tried at once"
    assert len(inbox(sandboxes, f"somebody-{language}@taxpayer.example")) == 1


@pytest.mark.parametrize("code", ["550", "551", "552", "553"])
async def test_every_way_to_say_that_an_address_is_wrong_is_understood(code, owner, sandboxes):
    plan(sandboxes, kind="refuse", code=code)
    assert (await ask(owner, f"a{code}@taxpayer.example")).json()["code"] == "identity.mail_refused"


@pytest.mark.parametrize("code", ["421", "450", "451", "452", "554"])
async def test_what_is_not_the_addresss_fault_is_told_as_ours_and_not_counted(code, owner, sandboxes):
    plan(sandboxes, kind="refuse", code=code)
    address = f"b{code}@taxpayer.example"
    answer = await ask(owner, address)
    assert (answer.status_code, answer.json()["code"]) == (503, "identity.mail_unavailable")
    assert (await ask(owner, address)).status_code == 200


async def test_nobody_learns_of_many_mailboxes_through_us(owner):
    told = [(await ask(owner, f"nobody@{number}.example")).status_code for number in range(22)]
    assert (told.count(422), told.count(429), told[-1]) == (20, 2, 429)


async def test_our_own_sender_being_refused_blames_no_receiver(ports, sandboxes):
    keys = sandboxes.credentials["email"]
    wrong = Ports({"email": {**keys, "sender": "other@palmtax.example"}}, sandbox_smtp_url=ports.sandbox_smtp_url)
    answer = await call(wrong, MAIL, message("owner@taxpayer.example"))
    assert (answer.ending, answer.code, MAIL.meaning(answer.code).means) == ("refused", "sender", "channel")


# ── what lies between us and the mail server ──


@dataclass
class Between:
    """A mail server of somebody who wants the password; with a certificate of its own when it has a context."""

    context: ssl.SSLContext | None = None
    port: int = 0
    heard: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := await reader.readline():
            self.heard.append(line)
            said = {b"EHLO": b"250-mail.example\r\n250 AUTH PLAIN LOGIN", b"QUIT": b"221 bye"}.get(
                line[:4].strip().upper(), b"235 ok"
            )
            writer.write(said + b"\r\n")
        writer.close()


def own_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for this machine that nobody vouches for."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "own.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
async def between(monkeypatch) -> AsyncIterator[Any]:
    """Starts such servers; this machine does not count as the house's own for once."""
    monkeypatch.setattr(smtp, "OWN_MACHINE", frozenset())
    running = []

    async def begin(context: ssl.SSLContext | None = None) -> Between:
        made = Between(context)
        server = await asyncio.start_server(made.talk, "127.0.0.1", 0, ssl=context)
        made.port = server.sockets[0].getsockname()[1]
        running.append(server)
        return made

    yield begin
    for server in running:
        server.close()


async def fault_of(address: str) -> str:
    """Why a letter by this server was not handed over."""
    keys = {"user": "kit@palmtax.example", "password": "kit-password"}
    ports = Ports({"email": keys}, sandbox_smtp_url=address, timeout_seconds=3.0)
    with pytest.raises(OutsideUnavailable) as fault:
        await smtp.send(ports, MAIL, message("owner@taxpayer.example"))
    return fault.value.text


def said(server: Between) -> bytes:
    return b"".join(server.heard)


async def test_no_password_goes_where_encryption_is_hidden_from_us(between):
    server = await between()
    assert await fault_of(f"smtp://127.0.0.1:{server.port}") == "SMTPNotSupportedError"
    assert server.heard, "it was reached"
    assert base64.b64encode(b"\0kit@palmtax.example\0kit-password") not in said(server)
    assert b"AUTH" not in said(server)


async def test_no_password_goes_to_a_server_that_nobody_vouches_for(between, tmp_path):
    server = await between(own_certificate(tmp_path))
    assert await fault_of(f"smtps://127.0.0.1:{server.port}") == "SSLCertVerificationError"
    assert server.heard == []


def test_certificates_are_checked_for_their_name_too():
    context = smtp._trust()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


# ── what a mail server says at the end ──


@dataclass
class Rude:
    """A mail server that answers by its own list (no answer: it hangs up), and keeps the letters it has taken."""

    answers: dict[bytes, bytes]
    port: int = 0
    taken: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := await reader.readline():
            verb = line[:4].strip().upper()
            said = self.answers.get(verb, b"354 go on" if verb == b"DATA" else b"250 ok")
            if not said:
                break
            writer.write(said + b"\r\n")
            if verb == b"DATA" and said.startswith(b"354"):
                self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 taken\r\n")
        writer.close()

    async def given_a_letter(self) -> Any:
        """What becomes of a letter that is handed to it."""
        keys = {"user": "kit@palmtax.example", "password": "kit-password"}
        ports = Ports({"email": keys}, sandbox_smtp_url=f"smtp://127.0.0.1:{self.port}", timeout_seconds=3.0)
        return await call(ports, MAIL, message("owner@taxpayer.example"))


@pytest.fixture
async def rude() -> AsyncIterator[Any]:
    """Starts such servers."""
    running = []

    async def begin(**answers: bytes) -> Rude:
        made = Rude({verb.encode(): said for verb, said in answers.items()})
        server = await asyncio.start_server(made.talk, "127.0.0.1", 0)
        made.port = server.sockets[0].getsockname()[1]
        running.append(server)
        return made

    yield begin
    for server in running:
        server.close()


@pytest.mark.parametrize("farewell", [b"500 what", b"421 too late", b"250 ok", b"so long", b"2" * 9000, b""])
async def test_a_letter_that_was_taken_is_sent_however_the_server_takes_its_leave(farewell, rude):
    server = await rude(QUIT=farewell)
    answer = await server.given_a_letter()
    assert (answer.ending, len(server.taken)) == ("sent", 1)


async def test_nobody_waits_long_for_the_answer_to_a_farewell(rude, monkeypatch):
    monkeypatch.setattr(smtp, "FAREWELL_SECONDS", 0.05)
    server = await rude(QUIT=b"221-wait for the rest")
    answer = await server.given_a_letter()
    assert (answer.ending, len(server.taken)) == ("sent", 1)
    assert answer.milliseconds < 2000, "the patience for the letter itself is three seconds"


@pytest.mark.parametrize(
    ("verb", "said", "ending", "code"),
    [("RCPT", b"451 later", "unanswered", "451"), ("DATA", b"554 no", "refused", "554")],
)
async def test_a_rude_farewell_does_not_hide_why_a_letter_was_refused(verb, said, ending, code, rude):
    server = await rude(**{verb: said}, QUIT=b"550 what")
    answer = await server.given_a_letter()
    assert (answer.ending, answer.code, server.taken) == (ending, code, [])
