"""E-mail by SMTP; the Message-ID is ours, so a second try of the same message is recognised by the receiving side."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from urllib.parse import urlsplit

from palmtax.channels.adapters import EVERY_KIND, Ports
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT = EVERY_KIND
OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
FAREWELL_SECONDS = 2.0
"""How long the answer to QUIT is waited for: nothing hangs on it any more."""


def letter(sender: str, out: Outgoing, at: datetime) -> EmailMessage:
    """The letter; line ends in a title are refused by the library, so no header can be smuggled in."""
    made = EmailMessage()
    made["From"], made["To"] = sender, out.address
    made["Subject"] = " ".join(out.title.split())[:200]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{out.reference}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(f"{out.body}\n\n{out.link}\n" if out.link else f"{out.body}\n")
    return made


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """Hand one letter to the mail server."""
    section = ports.section(channel)
    place = urlsplit(ports.base(channel))
    made = letter(str(section.get("sender") or section["user"]), out, datetime.fromtimestamp(ports.now(), UTC))
    login = (str(section["user"]), str(section["password"]))
    await asyncio.to_thread(
        _hand_over, place.scheme, place.hostname or "", place.port or 0, login, made, ports.timeout_seconds
    )
    return Sent(out.reference)


def _hand_over(
    scheme: str, host: str, port: int, login: tuple[str, str], made: EmailMessage, timeout_seconds: float
) -> None:
    """One conversation; TLS from the start with smtps, else by STARTTLS, and never a password in the clear."""
    try:
        server = (
            smtplib.SMTP_SSL(host, port, timeout=timeout_seconds, context=_trust())
            if scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=timeout_seconds)
        )
        with _leaving(server):
            server.ehlo()
            if scheme != "smtps" and host not in OWN_MACHINE:
                server.starttls(context=_trust())  # raises where somebody on the way hides that it is offered
                server.ehlo()
            if server.has_extn("auth"):
                server.login(*login)
            server.send_message(made)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()), (550, b""))[0]
        raise _fault(code, "recipient") from None
    except smtplib.SMTPSenderRefused as refused:  # with the codes of a wrong receiver, who is not to blame
        fault = _fault(refused.smtp_code, "sender")
        raise fault if isinstance(fault, OutsideUnavailable) else OutsideRefused("sender", fault.text) from None
    except smtplib.SMTPResponseException as refused:
        raise _fault(refused.smtp_code, "answer") from None
    except (smtplib.SMTPException, OSError) as wrong:
        raise OutsideUnavailable("transport", type(wrong).__name__) from None


@contextmanager
def _leaving(server: smtplib.SMTP) -> Iterator[None]:
    """Says QUIT at the end, whatever comes back: the letter was taken with the 250 to its text (RFC 5321 §4.2.5).

    The library's own `with` takes a wrong answer to QUIT for the fate of the letter, and hides with it why one was refused.
    """
    try:
        yield
    finally:
        if server.sock is not None:
            server.sock.settimeout(FAREWELL_SECONDS)
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


@cache
def _trust() -> ssl.SSLContext:
    """Certificates are checked; the library's own default for smtps would take any."""
    return ssl.create_default_context()


def _fault(code: int, at: str) -> OutsideUnavailable | OutsideRefused:
    """4xx is for now, 5xx is for good (RFC 5321 §4.2.1)."""
    text = f"{at} refused"
    return OutsideUnavailable(str(code), text) if 400 <= code < 500 else OutsideRefused(str(code), text)
