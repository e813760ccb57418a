"""The house of the chaos run: database, sandboxes, one web server, several workers, people with addresses on every channel."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson

from bench import chaos_hurry
from bench.house import lonely_port
from demo import load
from palmtax.base.clock import SystemClock
from palmtax.base.identifiers import uuid7
from palmtax.channels.model.reading import FOLDER
from palmtax.entry.domains import load_everything
from palmtax.entry.processes import ANSWER_SECONDS, REPOSITORY, Child, Town, wait_for
from palmtax.identity.store import sealed
from palmtax.plumbing.settings import Settings

GROUPS = ("wechat_oa", "wechat_mini", "email", "web_push", "sms", "sms2")
WAY = {
    "wechat_oa": "wechat",
    "wechat_mini": "wechat",
    "email": "email",
    "web_push": "push",
    "sms": "sms",
    "sms2": "sms",
}
UNREACHABLE_EVERY = 50
"""Every so many people have an address that the platform refuses for good."""
SANDBOX_LIMITS = ("sms2_per_minute", "sms2_hourly", "sms2_daily", "push_per_minute", "template_daily")
SANDBOX_ARGUMENTS = [
    "--sms-gap", "0", "--sms-hourly", "1000000", "--sms-daily", "1000000", "--callback-pace", "1",
    *(part for name in SANDBOX_LIMITS for part in ("--limit", f"{name}=1000000")),
]  # fmt: skip
MANY = "1000000/hour"
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is written to, and by which channel first."""

    taxpayer_id: int
    person_id: int
    group: str
    is_refused: bool


@dataclass(slots=True)
class ChaosHouse:
    """The town with the parts that a run needs."""

    folder: Path
    town: Town
    people: list[Person] = field(default_factory=list)

    @property
    def sandbox(self) -> str:
        """Where the sandboxes answer."""
        return self.town.sandbox_url

    @property
    def sqlite(self) -> Path:
        """What the sandboxes know: the only witness of what arrived."""
        return self.town.var / "sandboxes" / "sandboxes.sqlite"

    def credentials(self) -> dict[str, Any]:
        """The product's secrets at the platforms."""
        return dict(json.loads((self.town.var / "sandboxes" / "credentials.json").read_text(encoding="utf-8")))


def _manifests(folder: Path, receipt_seconds: int | None) -> Path:
    """The product's channels with other numbers: no limit for one person, short waits, receipts waited for so long."""
    made = folder / "channels"
    for source in sorted(Path(FOLDER).glob("*/channel.yaml")):
        place = made / source.parent.name
        shutil.copytree(source.parent, place)
        text = re.sub(r"(person|rate): \d+/\w+", rf"\1: {MANY}", source.read_text(encoding="utf-8"))
        if receipt_seconds is not None:
            text = re.sub(r"receipt_seconds: \d+", f"receipt_seconds: {receipt_seconds}", text)
        (place / "channel.yaml").write_text(text, encoding="utf-8")
        codes = (place / "codes.yaml").read_text(encoding="utf-8")
        codes = re.sub(r"wait_seconds: (\d+)", lambda found: f"wait_seconds: {min(int(found[1]), 3)}", codes)
        (place / "codes.yaml").write_text(codes, encoding="utf-8")
    return made


def _environment(folder: Path, receipt_seconds: int | None) -> int:
    """The settings of the house in this process's environment, from which every child has its own; the server's port."""
    load_everything()
    port = lonely_port()
    os.environ |= {
        "PALMTAX_SERVER_PORT": str(port),
        "PALMTAX_SERVER_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PALMTAX_FILES_FOLDER": f"{folder}/files",
        "PALMTAX_PRIVACY_KEY_FILE": f"{folder}/privacy.key",
        "PALMTAX_CHANNELS_FOLDER": str(_manifests(folder, receipt_seconds)),
        "PALMTAX_CHANNELS_TIMEOUT_SECONDS": "2",
        chaos_hurry.AHEAD: str(chaos_hurry.seconds_to_ten()),
        chaos_hurry.SENDING: str(chaos_hurry.sending_file(folder)),
        "PYTHONPATH": os.pathsep.join(str(REPOSITORY / part) for part in ("server", "dev", ".")),
        "PYTHONUNBUFFERED": "1",
    }
    os.environ.pop("PALMTAX_DATABASE_URL", None)
    chaos_hurry.hurry()
    return port


def _filled(town: Town, people: int, seed: int) -> None:
    town.start_database()
    load.fill(town.dsn, taxpayers=people, seed=seed, today=SystemClock().today(), kinds="small_scale", history=False)


@contextmanager
def house_for_messages(folder: Path, platforms: str, *, people: int) -> Iterator[tuple[Town, list[Person]]]:
    """Database and people with a wish for WeChat or text messages, whose platforms are elsewhere; nothing else is started."""
    _environment(folder, None)
    credentials = folder / "credentials.json"
    town = Town(Settings(), folder / "var")
    try:
        subprocess.run(
            [sys.executable, "-m", "sandboxes", "--state", str(folder), "--make-credentials"], check=True, timeout=120
        )
        _filled(town, people, seed=1)
        os.environ |= {
            "PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(credentials),
            "PALMTAX_CHANNELS_SANDBOX_URL": platforms,
            "PALMTAX_DATABASE_URL": town.dsn,
        }
        yield town, asyncio.run(_bind_quietly(town.dsn, json.loads(credentials.read_text(encoding="utf-8")), people))
    finally:
        town.stop()


async def _bind_quietly(dsn: str, sections: dict[str, Any], count: int) -> list[Person]:
    """Every second person follows the official account, by an invented openid."""
    connection = await asyncpg.connect(dsn)
    people = await _people(connection, count, groups=("wechat_oa", "sms"))
    app_id = sections["official_account"]["app_id"]
    values = {
        who.person_id: ("wechat_oa", app_id, f"o{who.person_id:027d}") for who in people if who.group == "wechat_oa"
    }
    await _write(connection, people, values)
    await connection.close()
    return people


async def _people(connection: asyncpg.Connection, count: int, groups: tuple[str, ...] = GROUPS) -> list[Person]:
    rows = await connection.fetch(
        "select distinct on (person_id) taxpayer_id, person_id from identity_hat where role_code = 'legal_rep'"
        " and taxpayer_id is not null order by person_id limit $1",
        count,
    )
    return [
        Person(row["taxpayer_id"], row["person_id"], groups[number % len(groups)], number % UNREACHABLE_EVERY == 0)
        for number, row in enumerate(rows)
    ]


@contextmanager
def chaos_house(folder: Path, *, people: int, workers: int, seed: int, receipt_seconds: int) -> Iterator[ChaosHouse]:
    """Everything started and everybody bound; a receipt is waited for so long. Ends with the block."""
    port = _environment(folder, receipt_seconds)
    house = ChaosHouse(folder, Town(Settings(), folder / "var", sandbox_arguments=SANDBOX_ARGUMENTS))
    try:
        house.town.start_sandboxes()
        _filled(house.town, people, seed)
        _start(house, port, workers)
        house.people = asyncio.run(_bind(house, people))
        yield house
    finally:
        house.town.stop()


def _start(house: ChaosHouse, port: int, workers: int) -> None:
    town = house.town
    known = town._sandbox_settings()
    os.environ |= known | {"PALMTAX_DATABASE_URL": town.dsn}
    for name in ("web", *(f"worker{number}" for number in range(workers))):
        environment = os.environ | {"PALMTAX_DATABASE_URL": town.app_dsn}
        child = Child(
            name, ["-m", "bench.chaos_hurry", name.rstrip("0123456789")], environment, town.var / "log" / f"{name}.log"
        )
        child.start()
        town.children.append(child)
    wait_for(f"http://127.0.0.1:{port}/healthz", ANSWER_SECONDS, town.children[-workers - 1])


async def _bind(house: ChaosHouse, count: int) -> list[Person]:
    """Addresses at the sandboxes and with us, and each person's wish for one way."""
    connection = await asyncpg.connect(house.town.dsn)
    people = await _people(connection, count)
    values: dict[int, tuple[str, str, str]] = {}
    gate, sections = asyncio.Semaphore(8), house.credentials()
    async with httpx.AsyncClient(base_url=house.sandbox, timeout=30) as http:

        async def one(who: Person) -> None:
            async with gate:
                found = await _register(http, who, sections)
                if found is not None:
                    values[who.person_id] = found

        await asyncio.gather(*(one(who) for who in people))
    await _write(connection, people, values)
    await connection.close()
    return people


async def _register(http: httpx.AsyncClient, who: Person, sections: dict[str, Any]) -> tuple[str, str, str] | None:
    """One person at their platform: family, account and value of the address; phones are there already."""
    name = f"chaos-{who.person_id}"
    if who.group == "wechat_oa":
        (await http.post("/wechat/sandbox/follow", json={"person": name})).raise_for_status()
        if who.is_refused:
            (await http.post("/wechat/sandbox/block", json={"person": name})).raise_for_status()
        phone = await http.get("/wechat/sandbox/phone", params={"person": name})
        return "wechat_oa", sections["official_account"]["app_id"], phone.json()["user"]["account_openid"]
    if who.group == "wechat_mini":
        template = sections["wechat"]["templates"]["matter_progress_lasting"]
        template_id = template["template_id"] if isinstance(template, dict) else template
        word = "reject" if who.is_refused else "accept"
        asked = {"person": name, "app": "wechat_mini", "choices": {template_id: word}}
        (await http.post("/wechat/sandbox/subscribe", json=asked)).raise_for_status()
        phone = await http.get("/wechat/sandbox/phone", params={"person": name})
        return "wechat_mini", sections["wechat"]["app_id"], phone.json()["user"]["openid"]
    if who.group == "email":
        return (
            "email",
            "",
            f"{'nobody' if who.is_refused else 'chaos'}{'' if who.is_refused else who.person_id}@example.com",
        )
    if who.group == "web_push":
        answer = (
            await http.post("/web-push/sandbox/subscribe", json={"person": name, "applicationServerKey": ""})
        ).json()
        if who.is_refused:
            (await http.post("/web-push/sandbox/unsubscribe", json={"person": name})).raise_for_status()
        return "web_push", "", orjson.dumps({"endpoint": answer["endpoint"], "keys": answer["keys"]}).decode()
    return None


async def _write(connection: asyncpg.Connection, people: list[Person], values: dict[int, tuple[str, str, str]]) -> None:
    """Addresses and wishes through COPY."""
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=orjson.loads,
        schema="pg_catalog",
        format="binary",
    )
    everybody = [who.person_id for who in people]
    for table in ("messaging_preference", "identity_person_address", "identity_address"):  # the town's own, if any
        await connection.execute(f"delete from {table} where person_id = any($1)", everybody)
    owned, kept = [], []
    for who in people:
        if who.person_id not in values:
            continue
        family, app_id, value = values[who.person_id]
        found = sealed.address_hash(family, app_id, value)
        if family != "email" or not who.is_refused:
            owned.append((found, family, app_id, who.person_id, LONG_AGO))
        kept.append(
            (who.person_id, uuid7(), family, app_id, sealed.seal_address(family, value), found, "oauth", LONG_AGO)
        )
    await connection.copy_records_to_table(
        "identity_address", records=owned, columns=["address_hash", "family", "app_id", "person_id", "bound_at"]
    )
    await connection.copy_records_to_table(
        "identity_person_address", records=kept,
        columns=["person_id", "address_id", "family", "app_id", "address_sealed", "address_hash", "proof", "bound_at"],
    )  # fmt: skip
    topics = ["progress", "appointment", "reply", "deadline", "money", "policy"]
    await connection.copy_records_to_table(
        "messaging_preference",
        records=[(who.taxpayer_id, who.person_id, topics, [WAY[who.group]], "zh", False, LONG_AGO) for who in people],
        columns=["taxpayer_id", "person_id", "topics", "ways", "language", "is_elder", "changed_at"],
    )
