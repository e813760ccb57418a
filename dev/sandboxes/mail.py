"""A mail server that keeps everything it is given, and a page to read it: SMTP (RFC 5321) with AUTH, nothing relayed."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import json
import re
import secrets
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandboxes.control import PAGES
from sandboxes.ground import Json, Sandbox

LARGEST_BYTES = 10 * 1024 * 1024
IDLE_SECONDS = 60
ADDRESS = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,255})>")
UNKNOWN = "nobody@"
"""Addresses that begin so are refused with 550, as a mailbox that does not exist."""


class Session:
    """One connection: who signed in, from whom, to whom."""

    def __init__(self, sandbox: Sandbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sandbox = sandbox
        self.reader = reader
        self.writer = writer
        self.is_signed_in = False
        self.sender = ""
        self.receivers: list[str] = []

    async def run(self) -> None:
        """Talk until the other side has enough."""
        if self.sandbox.faults.take("email", "drop_before"):
            return
        await self._say("220 sandbox.palmtax.example ESMTP")
        while line := await self._line():
            verb, _, rest = line.partition(" ")
            handle = getattr(self, f"_{verb.lower()}", None) if verb.isalpha() and verb.isascii() else None
            if verb.upper() not in {"EHLO", "HELO", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT"}:
                await self._say("500 5.5.2 unknown command")
            elif handle is not None and not await handle(rest):
                return

    async def _ehlo(self, _: str) -> bool:
        await self._say(
            f"250-sandbox.palmtax.example\r\n250-SIZE {LARGEST_BYTES}\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"
        )
        return True

    async def _helo(self, _: str) -> bool:
        await self._say("250 sandbox.palmtax.example")
        return True

    async def _noop(self, _: str) -> bool:
        await self._say("250 2.0.0 ok")
        return True

    async def _quit(self, _: str) -> bool:
        await self._say("221 2.0.0 bye")
        return False

    async def _rset(self, _: str) -> bool:
        self.sender, self.receivers = "", []
        await self._say("250 2.0.0 ok")
        return True

    async def _auth(self, rest: str) -> bool:
        kind, _, first = rest.partition(" ")
        try:
            if kind.upper() == "PLAIN":
                if not first:
                    await self._say("334 ")
                    first = await self._line()
                _, user, password = base64.b64decode(first, validate=True).decode().split("\x00")
            elif kind.upper() == "LOGIN":
                await self._say("334 VXNlcm5hbWU6")
                user = base64.b64decode(await self._line(), validate=True).decode()
                await self._say("334 UGFzc3dvcmQ6")
                password = base64.b64decode(await self._line(), validate=True).decode()
            else:
                await self._say("504 5.5.4 unknown mechanism")
                return True
        except (ValueError, binascii.Error):
            await self._say("501 5.5.2 cannot decode")
            return True
        section = self.sandbox.credentials.sections["email"]
        self.is_signed_in = user == section["user"] and secrets.compare_digest(
            password.encode(), section["password"].encode()
        )
        await self._say("235 2.7.0 signed in" if self.is_signed_in else "535 5.7.8 user or password is wrong")
        return True

    async def _mail(self, rest: str) -> bool:
        found, size = ADDRESS.search(rest), re.search(r"SIZE=(\d{1,12})", rest, re.IGNORECASE)
        if not self.is_signed_in:
            await self._say("530 5.7.0 sign in first")
        elif not rest.upper().startswith("FROM:") or found is None:
            await self._say("501 5.5.4 MAIL FROM:<address>")
        elif found[1] != self.sandbox.credentials.sections["email"]["user"]:
            await self._say("553 5.7.1 the sender is not who signed in")
        elif size and int(size[1]) > LARGEST_BYTES:
            await self._say("552 5.3.4 too large")
        else:
            self.sender, self.receivers = found[1], []
            await self._say("250 2.1.0 ok")
        return True

    async def _rcpt(self, rest: str) -> bool:
        found = ADDRESS.search(rest)
        fault = self.sandbox.faults.take("email", "refuse") if self.sender else None
        if not self.sender:
            await self._say("503 5.5.1 MAIL first")
        elif not rest.upper().startswith("TO:") or found is None:
            await self._say("501 5.5.4 RCPT TO:<address>")
        elif fault:
            await self._say(f"{fault.code or '451'} planned")
        elif found[1].startswith(UNKNOWN):
            await self._say("550 5.1.1 no such mailbox")
        elif len(self.receivers) >= 100:
            await self._say("452 4.5.3 too many receivers")
        else:
            self.receivers.append(found[1])
            await self._say("250 2.1.5 ok")
        return True

    async def _data(self, _: str) -> bool:
        if not self.receivers:
            await self._say("503 5.5.1 RCPT first")
            return True
        await self._say("354 end with a line that is a single dot")
        slow = self.sandbox.faults.take("email", "slow")
        raw = await self._text()
        if raw is None:
            await self._say("552 5.3.4 too large")
            return False
        if slow:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.sandbox.hurry.wait(), slow.seconds)
        mail_id = keep(self.sandbox, self.sender, self.receivers, raw)
        if self.sandbox.faults.take("email", "drop_after"):
            return False
        self.sender, self.receivers = "", []
        await self._say(f"250 2.0.0 kept as {mail_id}")
        return True

    async def _text(self) -> bytes | None:
        """The message with its dots unstuffed; none when too large."""
        lines, size = [], 0
        while (line := await self.reader.readline()) not in {b".\r\n", b".\n", b""}:
            size += len(line)
            if size > LARGEST_BYTES:
                return None
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def _line(self) -> str:
        line = await asyncio.wait_for(self.reader.readline(), IDLE_SECONDS)
        return line.decode("utf-8", "replace").rstrip("\r\n") if line.endswith(b"\n") else ""

    async def _say(self, text: str) -> None:
        self.writer.write(f"{text}\r\n".encode())
        await self.writer.drain()


async def start(sandbox: Sandbox) -> asyncio.Server:
    """Listen on loopback; the port is written down as the setting `smtp_port`."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, ValueError, asyncio.LimitOverrunError):
            await Session(sandbox, reader, writer).run()
        with contextlib.suppress(ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", sandbox.options.smtp_port, limit=64 * 1024)
    sandbox.state.set("smtp_port", str(server.sockets[0].getsockname()[1]))
    return server


def keep(sandbox: Sandbox, sender: str, receivers: list[str], raw: bytes) -> int:
    """Put a message away; its number."""
    sandbox.state.run(
        "insert into mail (sender, receivers, raw, at) values (?, ?, ?, ?)",
        sender,
        json.dumps(receivers),
        raw,
        sandbox.now(),
    )
    return int(sandbox.state.number("select last_insert_rowid()"))


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /email."""

    async def inbox(request: Request) -> Response:
        """`GET /email/sandbox/inbox?address=`: newest first."""
        rows = sandbox.state.rows("select * from mail order by mail_id desc limit 200")
        wanted = request.query_params.get("address", "")
        shown = [_shown(dict(row)) for row in rows]
        return Json({"messages": [one for one in shown if not wanted or wanted in one["receivers"]]})

    async def server(_: Request) -> Response:
        """`GET /email/sandbox/server`: where to send to."""
        return Json({"host": "127.0.0.1", "port": int(sandbox.state.setting("smtp_port", "0"))})

    async def page(_: Request) -> Response:
        return HTMLResponse((PAGES / "mail.html").read_text())

    return [Route("/sandbox/inbox", inbox), Route("/sandbox/server", server), Route("/sandbox/", page)]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    message = message_from_bytes(row["raw"], policy=policy.default)
    shown = {
        "mail_id": row["mail_id"],
        "sender": row["sender"],
        "receivers": json.loads(row["receivers"]),
        "at": row["at"],
        "subject": str(message["subject"] or ""),
        "headers": {name: str(value) for name, value in message.items()},
        "text": "",
        "html": "",
        "attachments": [],
    }
    if isinstance(message, EmailMessage):
        for kind, name in (("plain", "text"), ("html", "html")):
            part = message.get_body((kind,))
            with contextlib.suppress(LookupError, KeyError):
                shown[name] = str(part.get_content()) if part is not None else ""
        shown["attachments"] = [part.get_filename() or "" for part in message.iter_attachments()]
    return shown
