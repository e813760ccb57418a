"""The command line of channels: `palmtax channel list | check | menus | reload | rollback`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import httpx

from palmtax import channels
from palmtax.base.clock import SystemClock
from palmtax.base.errors import PalmtaxError
from palmtax.channels.adapters import ChannelsSettings
from palmtax.channels.adapters.conformance import Finding, check_channel, check_url
from palmtax.entry.domains import load_work
from palmtax.entry.outside import OutsideSettings
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import DatabaseSettings, Settings


@click.group("channel")
def channel() -> None:
    """Channels (渠道): manifests, the conformance kit, roll-back."""
    load_work()


@channel.command("list")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="another folder of channels")
def list_channels(folder: Path | None) -> None:
    """List the channels of the folder, and the faults of those that cannot be read."""
    good, bad = channels.read_all(_texts(folder))
    for name, one in good.items():
        state = "开 on " if one.manifest.is_on else "关 off"
        click.echo(f"{name:18} {state} {one.manifest.transport:12} {one.manifest.way:7} {one.manifest.title}")
    _show_faults(bad)
    sys.exit(1 if bad else 0)


@channel.command()
@click.argument("target", required=False)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="another folder of channels")
@click.option("--quiet", is_flag=True, help="only what does not pass")
def check(target: str | None, folder: Path | None, quiet: bool) -> None:
    """Run the conformance kit: on a channel by NAME, on all of them, or on a running server by the URL of its callback.

    The URL form signs with the secrets of PALMTAX_OUTSIDE_CREDENTIALS_FILE.
    """
    good, bad = channels.read_all(_texts(folder))
    if target and "://" in target:
        sys.exit(_report(*_over_http(target, good), quiet=quiet))
    if target and target not in {*good, *bad}:
        click.echo(f"没有渠道 {target} / no such channel; 可用 / one of: {', '.join(sorted({*good, *bad}))}")
        sys.exit(2)
    _show_faults({name: one for name, one in bad.items() if target in (None, name)})
    failed = len([name for name in bad if target in (None, name)])
    for name, one in good.items():
        if target in (None, name):
            failed += _report(name, asyncio.run(check_channel(one)), quiet=quiet)
    sys.exit(1 if failed else 0)


def _over_http(url: str, good: Mapping[str, channels.Channel]) -> tuple[str, list[Finding]]:
    name = httpx.URL(url).path.removeprefix("/channels/").removesuffix("/callback")
    if name not in good:
        click.echo(f"地址应为 …/channels/<名字>/callback / the address names no channel we have: {url}")
        sys.exit(2)
    file = Settings().of(OutsideSettings).credentials_file
    secrets: Mapping[str, Any] = json.loads(file.read_text()) if file else {}
    section = secrets.get(good[name].manifest.credentials)
    if section is None:
        click.echo("请用 PALMTAX_OUTSIDE_CREDENTIALS_FILE 给出这个渠道的凭据 / the channel's secrets are needed")
        sys.exit(2)

    async def run() -> list[Finding]:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            return await check_url(good[name], section, http, url)

    return name, asyncio.run(run())


def _report(name: str, found: list[Finding], *, quiet: bool) -> int:
    """Print the findings; gives how many failed."""
    failed = [one for one in found if one.outcome == "fail"]
    for one in failed if quiet else found:
        click.echo(f"{name}  {one}")
    passed, skipped = (sum(one.outcome == word for one in found) for word in ("pass", "skip"))
    click.echo(f"{name}: 通过 {passed}，不适用 {skipped}，不通过 {len(failed)} / passed, skipped, failed")
    return len(failed)


@channel.command()
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="another folder of channels")
def menus(name: str, folder: Path | None) -> None:
    """Show the menus of an official account as its manifest has them: for everybody, and for followers of one kind."""
    good, bad = channels.read_all(_texts(folder))
    _show_faults({one: faults for one, faults in bad.items() if one == name})
    if name not in good or not good[name].manifest.menu:
        click.echo(f"{name} 没有菜单 / has no menu")
        sys.exit(2)
    manifest = good[name].manifest
    _show_menu("所有人 / everybody", manifest.menu)
    for one in manifest.menus:
        _show_menu(" / ".join(channels.AUDIENCES[one.who]), one.buttons)


def _show_menu(whose: str, buttons: Sequence[channels.Button]) -> None:
    click.echo(whose)
    for one in buttons:
        click.echo(f"  {one.name}" + (f"：{'、'.join(each.name for each in one.below)}" if one.below else ""))


@channel.command()
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="another folder of channels")
def reload(folder: Path | None) -> None:
    """Put changed manifests in force at PALMTAX_DATABASE_URL; bad ones are refused, the last good ones stay."""

    async def run(database: Database) -> bool:
        async with database.transaction() as tx:
            done = await channels.reload(tx, clock=SystemClock(), folder=_texts(folder))
        click.echo(f"生效 / in force: {', '.join(done.put_in_force) or '–'}")
        _show_faults(done.refused)
        return not done.refused

    sys.exit(0 if _with_database(run) else 1)


@channel.command()
@click.argument("name")
def rollback(name: str) -> None:
    """Put the version before the present one of a channel in force again."""

    async def run(database: Database) -> bool:
        try:
            async with database.transaction() as tx:
                number = await channels.roll_back(tx, actor=None, clock=SystemClock(), channel=name)
        except PalmtaxError as refused:
            click.echo("\n".join(" ".join(refused.words(language)) for language in ("zh", "en")))
            return False
        click.echo(f"{name}: 版本 {number} 生效 / version {number} is in force")
        return True

    sys.exit(0 if _with_database(run) else 1)


def _with_database(run: Any) -> bool:
    settings = Settings().of(DatabaseSettings)
    if not settings.url:
        click.echo("请设置 PALMTAX_DATABASE_URL / set PALMTAX_DATABASE_URL")
        sys.exit(2)

    async def inside() -> bool:
        database = Database(settings.url, settings, "palmtax-channel")
        try:
            return bool(await run(database))
        finally:
            await database.close()

    return asyncio.run(inside())


def _texts(folder: Path | None) -> dict[str, Any]:
    chosen = folder or Settings().of(ChannelsSettings).folder
    return channels.texts_in(chosen) if chosen else channels.texts_in()


def _show_faults(bad: Mapping[str, tuple[channels.Fault, ...]]) -> None:
    for faults in bad.values():
        for fault in faults:
            click.echo(str(fault))
