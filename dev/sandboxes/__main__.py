"""Starts the sandbox servers: `palmtax sandbox` or `python -m sandboxes`, with `--port 8900 --state var/sandboxes`."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from sandboxes import callbacks
from sandboxes.application import build
from sandboxes.ground import Limits, Options


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and serve on loopback until stopped."""
    read = argparse.ArgumentParser(
        prog="sandboxes",
        description="Sandboxes of the outside world: messaging platforms, SMS, mail, push, real name, payment",
    )
    read.add_argument("--port", type=int, default=8900)
    read.add_argument("--state", type=Path, required=True, help="folder for keys, credentials and the state file")
    read.add_argument("--public-url", help="how a browser reaches this port (default http://127.0.0.1:PORT)")
    read.add_argument("--sms-gap", type=float, default=60, help="seconds between two messages to one phone")
    read.add_argument("--sms-hourly", type=int, default=5, help="messages to one phone in an hour")
    read.add_argument("--sms-daily", type=int, default=30, help="messages to one phone in 24 hours")
    read.add_argument("--real-name-daily", type=int, default=10, help="checks of one identity number in 24 hours")
    read.add_argument("--notice-pace", type=float, default=1, help="factor on the repeat schedule; 0.01 = fast")
    read.add_argument("--notice-delay", type=float, default=0.2, help="seconds from payment to the first notice")
    read.add_argument("--refund-seconds", type=float, default=1, help="seconds until a refund succeeds")
    read.add_argument("--callback-base", default="", help="send callbacks to …/channels/<name>/callback below this")
    read.add_argument("--callback-pace", type=float, default=1, help="factor on the gaps between tries; 0.01 = fast")
    read.add_argument("--app-base", default="", help="where mini-program pages open in a browser")
    read.add_argument("--smtp-port", type=int, default=0, help="port of the mail server (0: any free one)")
    read.add_argument("--limit", action="append", default=[], help="name=number, see README; may be repeated")
    read.add_argument("--make-credentials", action="store_true", help="make keys and credentials, then end")
    asked = read.parse_args(arguments)
    options = Options(
        state_dir=asked.state,
        public_url=asked.public_url or f"http://127.0.0.1:{asked.port}",
        sms_gap_seconds=asked.sms_gap,
        sms_hourly=asked.sms_hourly,
        sms_daily=asked.sms_daily,
        real_name_daily=asked.real_name_daily,
        notice_pace=asked.notice_pace,
        notice_delay_seconds=asked.notice_delay,
        refund_seconds=asked.refund_seconds,
        # A server that listens on every address is called on this one.
        callback_base=asked.callback_base.rstrip("/").replace("//0.0.0.0", "//127.0.0.1"),
        callback_pace=asked.callback_pace,
        app_base=asked.app_base,
        smtp_port=asked.smtp_port,
        limits=_limits(asked.limit, read),
    )
    if options.callback_base and not callbacks.is_loopback(options.callback_base):
        read.error("--callback-base must be on loopback")
    application = build(options)
    if asked.make_credentials:
        application.state.sandbox.state.close()
        return
    uvicorn.run(application, host="127.0.0.1", port=asked.port, log_level="warning")


def _limits(given: list[str], read: argparse.ArgumentParser) -> Limits:
    """The documented quotas with those changed that `--limit name=number` names."""
    known = {field.name for field in dataclasses.fields(Limits)}
    changed = dict(one.partition("=")[::2] for one in given)
    if not set(changed) <= known or not all(number.isdecimal() for number in changed.values()):
        read.error(f"--limit name=number; names: {', '.join(sorted(known))}")
    return dataclasses.replace(Limits(), **{name: int(number) for name, number in changed.items()})


if __name__ == "__main__":
    main()
