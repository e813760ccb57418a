"""The mail server: who may send, what is kept, what is refused."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from sandboxes.running import Running


@pytest.fixture
def where(outside: Running) -> tuple[str, int]:
    found = outside.get("/email/sandbox/server").json()
    return found["host"], found["port"]


@pytest.fixture
def keys(outside: Running) -> dict[str, str]:
    return outside.credentials["email"]


@pytest.fixture
def post(where: tuple[str, int], keys: dict[str, str]) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(*where, timeout=5) as client:
        client.login(keys["user"], keys["password"])
        yield client


def letter(keys: dict[str, str], to: str, **more: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = keys["user"], to, more.get("subject", "申报提醒")
    message.set_content(more.get("text", "您有1项申报即将到期。\n.\n..结尾\n"))
    message.add_alternative("<p>您有<b>1</b>项申报即将到期。</p>", subtype="html")
    return message


def inbox(outside: Running, address: str) -> list[dict[str, Any]]:
    return outside.get("/email/sandbox/inbox", params={"address": address}).json()["messages"]


def test_a_letter_is_kept_whole(outside: Running, post: smtplib.SMTP, keys: dict[str, str]):
    post.send_message(letter(keys, "whole@taxpayer.example"))
    (found,) = inbox(outside, "whole@taxpayer.example")
    assert (found["subject"], found["sender"]) == ("申报提醒", keys["user"])
    assert found["text"].replace("\r\n", "\n") == "您有1项申报即将到期。\n.\n..结尾\n"
    assert found["html"].strip() == "<p>您有<b>1</b>项申报即将到期。</p>"


@pytest.mark.parametrize(("user", "password"), [("x@palmtax.example", ""), ("", "wrong"), ("", "")])
def test_a_wrong_password_is_refused(where: tuple[str, int], keys: dict[str, str], user: str, password: str):
    with smtplib.SMTP(*where, timeout=5) as client, pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        client.login(user or keys["user"], password or "wrong")
    assert refused.value.smtp_code == 535


def test_nobody_sends_without_signing_in_or_as_another(
    outside: Running, where: tuple[str, int], post: smtplib.SMTP, keys: dict[str, str]
):
    with smtplib.SMTP(*where, timeout=5) as client, pytest.raises(smtplib.SMTPSenderRefused) as refused:
        client.send_message(letter(keys, "open@taxpayer.example"))
    assert refused.value.smtp_code == 530
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        post.sendmail("boss@tax.example", ["open@taxpayer.example"], "x")
    assert refused.value.smtp_code == 553
    assert inbox(outside, "open@taxpayer.example") == []


def test_a_mailbox_that_does_not_exist_is_550(outside: Running, post: smtplib.SMTP, keys: dict[str, str]):
    refused = post.send_message(letter(keys, "nobody@x.example, some@x.example"))
    assert refused["nobody@x.example"][0] == 550
    assert inbox(outside, "some@x.example")[0]["receivers"] == ["some@x.example"]


@pytest.mark.parametrize("code", ["421", "451", "452"])
def test_a_planned_refusal(post: smtplib.SMTP, keys: dict[str, str], fault: Callable[..., None], code: str):
    fault("email", "refuse", code=code)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post.send_message(letter(keys, "later@x.example"))
    assert refused.value.recipients["later@x.example"][0] == int(code)


def test_an_answer_lost_after_the_letter_was_kept(
    outside: Running, post: smtplib.SMTP, keys: dict[str, str], fault: Callable[..., None]
):
    fault("email", "drop_after")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        post.send_message(letter(keys, "lost@x.example"))
    assert len(inbox(outside, "lost@x.example")) == 1


def test_a_letter_too_large_is_refused(outside: Running, post: smtplib.SMTP, keys: dict[str, str]):
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        post.send_message(letter(keys, "large@x.example", text="x" * 11 * 1024 * 1024))
    assert refused.value.smtp_code == 552
    assert inbox(outside, "large@x.example") == []


@pytest.mark.parametrize(
    "line",
    [
        b"_line x",
        b"STARTTLS",
        b"AUTH PLAIN !!!",
        b"AUTH PLAIN AAAA",
        b"AUTH MAGIC",
        b"DATA",
        b"RCPT TO:<a@b>",
        b"\xff\xfe",
    ],
)
def test_nonsense_is_answered_with_5xx_and_the_talk_goes_on(where: tuple[str, int], line: bytes):
    with socket.create_connection(where, timeout=5) as raw, raw.makefile("rb") as said:
        assert said.readline().startswith(b"220")
        raw.sendall(line + b"\r\nNOOP\r\n")
        assert said.readline()[:1] == b"5"
        assert said.readline().startswith(b"250")


def test_a_header_cannot_be_smuggled_by_a_receiver(where: tuple[str, int], keys: dict[str, str]):
    with smtplib.SMTP(*where, timeout=5) as client:
        client.login(keys["user"], keys["password"])
        client.mail(keys["user"])
        assert client.docmd("RCPT", "TO:<a@b.example x@y>")[0] == 501
