"""The command line: `palmtax serve`, `web`, `worker`, `migrate`, `demo`, `law …`."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
import time
from pathlib import Path
from types import ModuleType

import click

from palmtax.entry.domains import load_everything, load_work
from palmtax.entry.processes import REPOSITORY, StartFault, Town, port_is_free, say
from palmtax.plumbing.settings import DatabaseSettings, ServerSettings, Settings, SettingsFault


class _House(click.Group):
    """The commands of the house; the law's are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands."""
        return sorted([*super().list_commands(ctx), "channel", "feature", "law", "matters"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name == "law":
            found: click.Command = needed("palmtax.entry.law_command").law
            return found
        if cmd_name == "matters":
            group: click.Command = needed("palmtax.entry.matters_command").matters_group
            return group
        if cmd_name == "channel":
            channels: click.Command = needed("palmtax.entry.channel_command").channel
            return channels
        if cmd_name == "feature":
            features: click.Command = needed("palmtax.entry.feature_command").feature
            return features
        return super().get_command(ctx, cmd_name)


@click.group(cls=_House)
def main() -> None:
    """掌税 PalmTax."""


def _settings(*, everything: bool = True) -> Settings:
    """Read and checked; without `everything` only the ground's sections (the children check theirs)."""
    if everything:
        load_work()
    settings = Settings()
    try:
        settings.check()
    except SettingsFault as wrong:
        say("设置有误 / settings are wrong:")
        for fault in wrong.faults:
            say(f"  {fault}")
        raise SystemExit(2) from wrong
    return settings


def needed(name: str) -> ModuleType:
    """A part of the house that only one command needs, loaded when it runs: every process starts with what it uses."""
    return importlib.import_module(name)


def _need_database(settings: Settings) -> str:
    url = settings.of(DatabaseSettings).url
    if not url:
        say("请设置 PALMTAX_DATABASE_URL，或用 make run（set PALMTAX_DATABASE_URL, or use `make run`）")
        raise SystemExit(2)
    return url


@main.command()
@click.option("--taxpayers", default=300, show_default=True, help="size of the demo town when the database is empty")
@click.option("--seed", default=2026, show_default=True)
@click.option("--var", "var_folder", type=click.Path(path_type=Path), default=REPOSITORY / "var")
@click.option("--sandbox-option", multiple=True, help="passed on to the sandboxes, e.g. --sandbox-option=--sms-gap=1")
def serve(taxpayers: int, seed: int, var_folder: Path, sandbox_option: tuple[str, ...]) -> None:
    """Start everything on this machine and print where it is; Ctrl-C stops it all."""
    settings = _settings(everything=False)
    server = settings.of(ServerSettings)
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    for port in (server.port, server.port + 900, server.port + 901):
        if not port_is_free(server.host, port):
            say(f"端口 {port} 已被占用，请结束占用它的程序，或设置 PALMTAX_SERVER_PORT（port {port} is in use）")
            raise SystemExit(2)
    os.environ.setdefault("PALMTAX_FILES_FOLDER", str(var_folder / "files"))
    os.environ.setdefault("PALMTAX_PRIVACY_KEY_FILE", str(var_folder / "keys" / "privacy.key"))
    os.environ.setdefault("PALMTAX_INSIGHT_POPULATION_FOLDER", str(var_folder / "population"))
    arguments = [part for option in sandbox_option for part in option.split("=", 1)]
    town = Town(settings, var_folder, sandbox_arguments=arguments)
    started = time.monotonic()
    try:
        say("  启动数据库并更新表结构 / database and migrations …")
        town.start_sandboxes()
        town.start_database()
        os.environ["PALMTAX_DATABASE_URL"] = town.dsn
        demo = needed("demo.ready").ready(town.dsn, var_folder, taxpayers=taxpayers, seed=seed, tell=say)
        say("  启动沙箱、网页服务与工作进程 / sandboxes, web server, worker …")
        town.start_services()
        demo.tell_sandboxes(town.sandbox_url)
        say(demo.welcome(server.public_url, town.sandbox_url, time.monotonic() - started))
        town.watch(lambda: bool(stopping))
    except StartFault as fault:
        say(str(fault))
        raise SystemExit(1) from fault
    finally:
        say("  正在停止 / stopping …")
        town.stop()
        say("  已全部停止 / all stopped")


@main.command("demo")
@click.option("--taxpayers", default=300, show_default=True, help="businesses")
@click.option("--seed", default=2026, show_default=True)
@click.option("--population", is_flag=True, help="write the invented province for what-if studies instead")
@click.option("--persons", default=10_000_000, show_default=True, help="persons of the province")
@click.option("--enterprises", default=2_000_000, show_default=True, help="enterprises of the province")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="its folder; left out: the one that studies read")
def fill_demo(taxpayers: int, seed: int, population: bool, persons: int, enterprises: int, folder: Path | None) -> None:
    """Load the demo town into the empty database of PALMTAX_DATABASE_URL; or write the invented province."""
    settings = _settings()
    if population:
        folder = folder or settings.of(needed("palmtax.insight").InsightSettings).population_folder
        raise SystemExit(needed("demo.population.make").command(folder, persons, enterprises, seed, say))
    dsn = _need_database(settings)
    needed("palmtax.entry.migrations").upgrade(dsn)
    started = time.monotonic()
    if not asyncio.run(needed("demo.ready").is_empty(dsn)):
        say("数据库不是空的，未装入演示镇（the database is not empty; nothing was loaded）")
        raise SystemExit(2)
    today = needed("palmtax.entry.shifted").clock_for(settings.of(ServerSettings).shift_days).today()
    needed("demo.load").fill(dsn, taxpayers=taxpayers, seed=seed, today=today, tell=say)
    say(f"  已装入 / loaded: {taxpayers} 户 / businesses, {time.monotonic() - started:.1f} s")


@main.command()
def web() -> None:
    """The web server alone (one process)."""
    settings = _settings()
    _need_database(settings)
    needed("palmtax.entry.service").serve_web(settings)


@main.command("worker")
def work() -> None:
    """The worker alone: tasks, listeners, schedule."""
    settings = _settings()
    _need_database(settings)
    needed("palmtax.entry.service").work(settings)


@main.command("sandbox", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def start_sandboxes(options: tuple[str, ...]) -> None:
    """The stand-ins for the outside world alone: `palmtax sandbox --port 8900 --state var/sandboxes` (or --help)."""
    needed("sandboxes.__main__").main(options)


@main.command()
def migrate() -> None:
    """Bring the schema of PALMTAX_DATABASE_URL up to date."""
    needed("palmtax.entry.migrations").upgrade(_need_database(_settings()))


@main.command()
@click.argument("why")
def migration(why: str) -> None:
    """Write a migration from the difference between tables.py and PALMTAX_DATABASE_URL (or a scratch database)."""
    load_everything()
    needed("palmtax.entry.migrations").write_from_scratch(why)


if __name__ == "__main__":
    sys.exit(main())
