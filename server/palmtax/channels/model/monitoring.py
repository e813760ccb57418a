"""What monitoring goes by, read once from `kinds/`: services and their journeys, objectives, prices, when somebody is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, model_validator

from palmtax.channels.model.figures import BOUNDS
from palmtax.channels.model.manifest import Shape

_FOLDER = Path(__file__).parents[1] / "kinds"
Level = Literal["page", "ticket"]
Of = Literal["calls", "waits", "callbacks", "journeys"]
SERVICE = "service:"
"""How the subject of a service's journey begins; a channel's is its name."""


class Step(Shape):
    """One request to our own public address, and what must come back."""

    name: str = Field(pattern=r"^[a-z_]+$")
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    get: str = Field(pattern=r"^/")
    status: int = 0
    holds: str = ""
    at: str = ""
    is_: str = Field("", alias="is")


class Service(Shape):
    """Something people do with us."""

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    title_en: str
    steps: tuple[Step, ...] = Field(min_length=1)

    @property
    def subject(self) -> str:
        """The subject of its journeys."""
        return SERVICE + self.code


class Services(Shape):
    """Every service, and how often its journey is made."""

    every_seconds: int = Field(ge=60)
    services: tuple[Service, ...]

    def service(self, code: str) -> Service | None:
        """The service of this code."""
        return next((one for one in self.services if one.code == code), None)


class Dated(Shape):
    """In force from a day, until another one."""

    first_day: date = Field(alias="from")
    until: date | None = None
    source: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether it counts on this day."""
        return self.first_day <= on and (self.until is None or on < self.until)


class Objective(Dated):
    """What we promise of a channel: `target` ten-thousandths of what `of` counts are good. No `channels`: all."""

    code: str = Field(pattern=r"^[a-z_]+$")
    title: str
    title_en: str
    of: Of
    within_ms: int = 0
    target: int = Field(gt=0, lt=10_000)
    channels: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _measurable(self) -> Objective:
        if (self.of in ("waits", "callbacks")) != (self.within_ms in BOUNDS):
            raise ValueError(f"within_ms is one of {BOUNDS}, for waits and callbacks only")
        return self


class Burn(Shape):
    """An alert on a budget that goes too fast, over two windows."""

    long_minutes: int
    short_minutes: int
    times_tenths: int
    level: Level


class Objectives(Shape):
    """Every objective and how its budget is watched."""

    period_days: int
    objectives: tuple[Objective, ...]
    fewest: int
    burns: tuple[Burn, ...]


class Price(Dated):
    """What a thousand messages of a channel cost from a day on, fen."""

    channel: str
    fen_per_thousand: int = Field(ge=0)


class Prices(Shape):
    """Every price."""

    prices: tuple[Price, ...]

    def cost_fen(self, counted: Iterable[tuple[str, date, int]]) -> int:
        """What so many messages by channel and China day cost, fen, rounded up once."""
        thousandths = 0
        for channel, day, count in counted:
            known = [one for one in self.prices if one.channel == channel and one.is_in_force(day)]
            if known:
                thousandths += max(known, key=lambda one: one.first_day).fen_per_thousand * count
        return -(-thousandths // 1000)


class DeadLetters(Shape):
    """So many in so long are a pile."""

    count: int
    minutes: int


class AlertRules(Shape):
    """When those on duty are told."""

    told: tuple[str, ...]
    amber_minutes: int
    dead_letters: DeadLetters
    queue_seconds: int


def read_kinds(name: str) -> Any:
    """A file of `kinds/`."""
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def services() -> Services:
    """The services of `kinds/services.yaml`."""
    return Services.model_validate(read_kinds("services.yaml"))


@cache
def objectives() -> Objectives:
    """The objectives of `kinds/objectives.yaml`."""
    return Objectives.model_validate(read_kinds("objectives.yaml"))


@cache
def prices() -> Prices:
    """The prices of `kinds/prices.yaml`."""
    return Prices.model_validate(read_kinds("prices.yaml"))


@cache
def alert_rules() -> AlertRules:
    """The rules of `kinds/alerts.yaml`."""
    return AlertRules.model_validate(read_kinds("alerts.yaml"))
