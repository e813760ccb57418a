"""A house of its own for the journeys: a fresh demo town on free ports, in a folder that goes afterwards."""

from __future__ import annotations

import ctypes
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from steps.place import ROOT, VAR, VENV_PYTHON, environment
from steps.trouble import Trouble

APART = 900
"""The sandboxes listen so many ports above the server."""
PORTS = range(18003, 30000, 11)
_PR_SET_PDEATHSIG = 1
PATIENCE_SECONDS = 180
STOP_SECONDS = 40
OFFICER, OWING = "15400000022", "15400000004"
"""Of the demo cast (dev/demo/cast.py): an officer who may register transfers; a business with two returns to pay."""
OPTIONS = (
    "--taxpayers=40",
    "--sandbox-option=--sms-gap=0",
    "--sandbox-option=--sms-hourly=10000",
    "--sandbox-option=--sms-daily=10000",
)


OFTEN = {"PALMTAX_CODES_GAP_SECONDS": "0", "PALMTAX_CODES_A_DAY": "1000"}
"""One person signs in for many journeys, one after the other."""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_pair() -> int:
    for port in PORTS:
        if _is_free(port) and _is_free(port + APART):
            return port
    raise Trouble("没有空闲端口来启动测试用的房屋。", "No free ports to start a house for the tests.")


def _sweep() -> None:
    """Remove what killed runs left behind: old folders without a running database."""
    for left in VAR.glob("house-*"):
        is_old = time.time() - left.stat().st_mtime > PATIENCE_SECONDS
        if is_old and not (left / "postgres" / "data" / "postmaster.pid").exists():
            shutil.rmtree(left, ignore_errors=True)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2):  # noqa: S310 our own loopback address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not _is_ready(url):
        if process.poll() is not None or time.monotonic() > end:
            raise Trouble("测试用的房屋没有启动，原因见下。", "The house for the tests did not start; see below.", log)
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it by its id, softly, so that it ends its own children; what stays after that is killed."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # its children end with it (PDEATHSIG)
        process.wait(5)


def _end_with_us() -> None:
    """Between fork and exec: the kernel ends the house softly should we be killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Being asked to end is like Ctrl-C: everything is put away first."""
    raise KeyboardInterrupt


def _settings(port: int) -> dict[str, str]:
    """Nothing of the person's own PALMTAX_ settings reaches the house but its ports."""
    values = {name: value for name, value in environment().items() if not name.startswith("PALMTAX_")}
    return values | {"PALMTAX_SERVER_PORT": str(port), "PYTHONUNBUFFERED": "1", **OFTEN}


@contextmanager
def standing(name: str = "house") -> Iterator[dict[str, str]]:
    """A running house until the block ends, however it ends; gives the addresses that the suites read.

    Its folder lies below ./var (a database needs a real disk) and is removed; its log stays in var/log/setup, by `name`.
    """
    VAR.mkdir(exist_ok=True)
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix="house-", dir=VAR))
    folder.chmod(0o755)
    log = VAR / "log" / "setup" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    port = _free_pair()
    before = signal.signal(signal.SIGTERM, _interrupt)
    url, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + APART}"
    try:
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(VENV_PYTHON), "-m", "palmtax", "serve", "--var", str(folder), *OPTIONS],
                cwd=ROOT,
                env=_settings(port),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is ours to pass on, once the suites have ended
                preexec_fn=_end_with_us,  # noqa: PLW1509 PDEATHSIG has no other way
            )
        try:
            _wait(process, url, log)
            yield {
                "PALMTAX_URL": url,
                "PALMTAX_API": url,
                "PALMTAX_WEB": url,
                "PALMTAX_SANDBOX": sandbox,
                "PALMTAX_HOUSE_FOLDER": str(folder),
                "PALMTAX_SMS_INBOX": f"{sandbox}/sms/sandbox/inbox",
                "PALMTAX_OFFICER_PHONE": OFFICER,
                "PALMTAX_TAXPAYER_PHONE": OWING,
            }
        finally:
            _stop(process)
    finally:
        signal.signal(signal.SIGTERM, before)
        _keep_logs(folder / "log", log)
        shutil.rmtree(folder, ignore_errors=True)


def _keep_logs(made: Path, log: Path) -> None:
    """What web, worker and sandboxes said stays readable after the folder has gone."""
    for path in made.glob("*.log") if made.is_dir() else ():
        shutil.copyfile(path, log.with_name(f"{log.stem}-{path.name}"))
