"""Limits, files, settings, logs."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from palmtax.base.personal import Personal
from palmtax.plumbing.files import DiskStore, FileMissing
from palmtax.plumbing.limits import Limiter
from palmtax.plumbing.logs import refuse_personal
from palmtax.plumbing.settings import DatabaseSettings, ServerSettings, Settings, SettingsFault


def test_a_bucket_fills_again() -> None:
    """Two a minute: the third waits 30 s; after that one more is granted; another caller is not touched."""
    limiter = Limiter()
    waits = [limiter.wait_seconds("2/minute", "a", now=t) for t in (0, 0, 0, 30, 30)]
    assert waits[:2] == [0, 0]
    assert waits[2] == pytest.approx(30)
    assert waits[3] == 0
    assert waits[4] > 0
    assert limiter.wait_seconds("2/minute", "b", now=30) == 0


async def test_a_file_is_kept_once_under_its_content(tmp_path: Path) -> None:
    """The same bytes have the same name; a name that is not a digest finds nothing, not even by path tricks."""
    store = DiskStore(tmp_path)
    name = await store.put(b"paper")
    assert await store.put(b"paper") == name
    assert await store.get(name) == b"paper"
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1  # noqa: ASYNC240  # a test
    for wrong in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(FileMissing):
            await store.get(wrong)


def test_all_wrong_settings_are_told_together() -> None:
    """Both faults in one message, each with the name of its variable."""
    settings = Settings({"PALMTAX_DATABASE_POOL_SIZE": "none", "PALMTAX_SERVER_PORT": "99999"})
    with pytest.raises(SettingsFault) as told:
        settings.check()
    assert {line.split(":")[0] for line in told.value.faults} == {"PALMTAX_DATABASE_POOL_SIZE", "PALMTAX_SERVER_PORT"}


def test_settings_come_from_the_environment() -> None:
    """Given ones are read, others have their default."""
    settings = Settings({"PALMTAX_DATABASE_ENGINE": "citus", "PALMTAX_SERVER_PUBLIC_URL": ""})
    assert settings.of(DatabaseSettings).engine == "citus"
    assert settings.of(ServerSettings).public_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"PORT": "8123", "HOST": "0.0.0.0"}, "http://127.0.0.1:8123"),  # noqa: S104 nobody listens here
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"PORT": "8123", "PUBLIC_URL": "https://tax.example"}, "https://tax.example"),
    ],
)
def test_an_unnamed_server_is_found_at_its_own_address(given: dict[str, str], address: str) -> None:
    """Links and QR codes lead to the port that was chosen; a given name wins; listening everywhere is no address."""
    settings = Settings({f"PALMTAX_SERVER_{name}": value for name, value in given.items()})
    assert settings.of(ServerSettings).public_url == address


def test_personal_values_never_reach_a_log_line() -> None:
    """Marked by type, or of the shape of a phone or identity number."""
    event = refuse_personal(
        structlog.get_logger(),
        "info",
        {"who": Personal("张三"), "text": "call 13812345678 now", "order_no": "2026112312345"},
    )
    assert event == {"who": "[personal]", "text": "call [number] now", "order_no": "2026112312345"}
    assert "张三" not in repr(Personal("张三"))
