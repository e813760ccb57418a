"""Queries of codes and links that lead to a place of the app, and of menus that were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from palmtax.channels.model.scenes import Kind
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Scene:
    """A code or link: where it leads, until when, how often it was used."""

    scene: str
    channel: str
    kind: Kind
    place: str
    title: str
    title_en: str
    address: str
    made_by: int
    made_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None = None
    uses: int = 0
    follows: int = 0
    last_at: datetime | None = None
    office_code: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeSum:
    """The codes of one office together; without an office: those that hang anywhere."""

    office_code: str | None
    codes: int
    uses: int
    follows: int


_COLUMNS = (
    "scene, channel, kind, place, title, title_en, address, made_by, made_at, expires_at, ended_at, uses, follows, last_at,"
    " office_code"
)
_ROW = f"select {_COLUMNS} from channels_scene"


async def add(tx: Tx, made: Scene) -> None:
    """Keep a new one. One round trip."""
    await tx.execute(
        "insert into channels_scene (scene, channel, kind, place, title, title_en, address, made_by, made_at, expires_at,"
        " office_code) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        made.scene, made.channel, made.kind, made.place, made.title, made.title_en, made.address, made.made_by,
        made.made_at, made.expires_at, made.office_code,
    )  # fmt: skip


async def use(tx: Tx, scene: str, at: datetime, *, is_follow: bool = False) -> Scene | None:
    """Count a use; none when there is no such code, or it is over. One round trip."""
    row = await tx.fetchrow(
        "update channels_scene set uses = uses + 1, follows = follows + $3::int, last_at = $2 where scene = $1"
        f" and ended_at is null and (expires_at is null or expires_at > $2) returning {_COLUMNS}",
        scene, at, is_follow,
    )  # fmt: skip
    return Scene(**row) if row else None


async def end(tx: Tx, channel: str, scene: str, at: datetime) -> bool:
    """It leads nowhere from now on; false when there is none, or it was over. One round trip."""
    done = await tx.fetchval(
        "update channels_scene set ended_at = $3 where scene = $2 and channel = $1 and ended_at is null returning true",
        channel, scene, at,
    )  # fmt: skip
    return bool(done)


async def one(tx: Tx, channel: str, scene: str) -> Scene | None:
    """One of a channel, over or not. One round trip."""
    row = await tx.fetchrow(f"{_ROW} where scene = $2 and channel = $1", channel, scene)
    return Scene(**row) if row else None


async def of_channel(
    tx: Tx, channel: str, before: datetime | None, limit: int, office_code: str | None = None
) -> list[Scene]:
    """Those of a channel, or of one office there, newest first. One round trip."""
    rows = await tx.fetch(
        f"{_ROW} where channel = $1 and ($2::timestamptz is null or made_at < $2) and ($4::text is null or office_code = $4)"
        " order by made_at desc limit $3",
        channel, before, limit, office_code,
    )  # fmt: skip
    return [Scene(**row) for row in rows]


async def by_office(tx: Tx, channel: str) -> list[OfficeSum]:
    """How often the codes of each office were used, over or not; those without an office last. One round trip."""
    rows = await tx.fetch(
        "select office_code, count(*)::int as codes, sum(uses)::int as uses, sum(follows)::int as follows"
        " from channels_scene where channel = $1 group by office_code order by office_code nulls last",
        channel,
    )
    return [OfficeSum(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a channel's menu: `code` is the platform's refusal, empty when it took it."""

    channel: str
    version: int
    code: str
    at: datetime


async def keep_menu(tx: Tx, told: Published) -> None:
    """Note it. One round trip."""
    await tx.execute(
        "insert into channels_menu (channel, version, code, at) values ($1, $2, $3, $4)"
        " on conflict (channel) do update set version = excluded.version, code = excluded.code, at = excluded.at",
        told.channel, told.version, told.code, told.at,
    )  # fmt: skip


async def menu(tx: Tx, channel: str) -> Published | None:
    """What became of it last. One round trip."""
    row = await tx.fetchrow("select channel, version, code, at from channels_menu where channel = $1", channel)
    return Published(**row) if row else None
