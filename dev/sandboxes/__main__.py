"""Starts the sandbox servers: `python -m sandboxes --port 8900 --state var/sandboxes`."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from sandboxes.application import build
from sandboxes.ground import Options


def main() -> None:
    """Read the command line and serve on loopback until stopped."""
    read = argparse.ArgumentParser(prog="sandboxes", description="WeChat, SMS, real-name and WeChat Pay sandboxes")
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
    read.add_argument("--make-credentials", action="store_true", help="make keys and credentials, then end")
    asked = read.parse_args()
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
    )
    application = build(options)
    if asked.make_credentials:
        application.state.sandbox.state.close()
        return
    uvicorn.run(application, host="127.0.0.1", port=asked.port, log_level="warning")


if __name__ == "__main__":
    main()
