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
import uvicorn

from palmtax.entry.domains import load_everything, load_work
from palmtax.entry.house import context_of, house_of
from palmtax.entry.processes import REPOSITORY, StartFault, Town, port_is_free, say
from palmtax.entry.shifted import clock_for
from palmtax.entry.web import create_app
from palmtax.plumbing import logs, worker
from palmtax.plumbing.settings import DatabaseSettings, ServerSettings, Settings, SettingsFault

WEB_FOLDER = REPOSITORY / "web" / "dist"


@click.group()
def main() -> None:
    """掌税 PalmTax."""


def _settings() -> Settings:
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


def schema() -> ModuleType:
    """The migrations, imported when asked for: web and worker start in half the time without Alembic."""
    return importlib.import_module("palmtax.entry.migrations")


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
    settings = _settings()
    server = settings.of(ServerSettings)
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    for port in (server.port, server.port + 900):
        if not port_is_free(server.host, port):
            say(f"端口 {port} 已被占用，请结束占用它的程序，或设置 PALMTAX_SERVER_PORT（port {port} is in use）")
            raise SystemExit(2)
    os.environ.setdefault("PALMTAX_FILES_FOLDER", str(var_folder / "files"))
    os.environ.setdefault("PALMTAX_PRIVACY_KEY_FILE", str(var_folder / "keys" / "privacy.key"))
    arguments = [part for option in sandbox_option for part in option.split("=", 1)]
    town = Town(settings, var_folder, sandbox_arguments=arguments)
    started = time.monotonic()
    try:
        say("  启动数据库并更新表结构 / database and migrations …")
        town.start_database()
        os.environ["PALMTAX_DATABASE_URL"] = town.dsn
        demo = importlib.import_module("demo")
        today, people = demo.ready(town.dsn, var_folder, taxpayers=taxpayers, seed=seed, tell=say)
        say("  启动沙箱、网页服务与工作进程 / sandboxes, web server, worker …")
        town.start_services()
        sandbox_url = f"http://127.0.0.1:{town.sandbox_port}"
        demo.tell_sandboxes(sandbox_url, people)
        say(demo.welcome(server.public_url, sandbox_url, today, time.monotonic() - started))
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
def fill_demo(taxpayers: int, seed: int) -> None:
    """Load the demo town into the empty database of PALMTAX_DATABASE_URL."""
    settings = _settings()
    dsn = _need_database(settings)
    schema().upgrade(dsn)
    started = time.monotonic()
    demo = importlib.import_module("demo")
    if not asyncio.run(demo.is_empty(dsn)):
        say("数据库不是空的，未装入演示镇（the database is not empty; nothing was loaded）")
        raise SystemExit(2)
    demo.fill(
        dsn, taxpayers=taxpayers, seed=seed, today=clock_for(settings.of(ServerSettings).shift_days).today(), tell=say
    )
    say(f"  已装入 / loaded: {taxpayers} 户 / businesses, {time.monotonic() - started:.1f} s")


@main.command()
def web() -> None:
    """The web server alone (one process)."""
    settings = _settings()
    _need_database(settings)
    logs.set_up()
    server = settings.of(ServerSettings)
    app = create_app(house_of(settings, "palmtax-web"), WEB_FOLDER)
    uvicorn.run(app, host=server.host, port=server.port, log_config=None, access_log=False, timeout_graceful_shutdown=5)


@main.command("worker")
def work() -> None:
    """The worker alone: tasks, listeners, schedule."""
    settings = _settings()
    _need_database(settings)
    logs.set_up()
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    house = house_of(settings, "palmtax-worker")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await worker.serve(context_of(house), shutdown=stop)
    await house.database.close()


@main.command()
def migrate() -> None:
    """Bring the schema of PALMTAX_DATABASE_URL up to date."""
    schema().upgrade(_need_database(_settings()))


@main.command()
@click.argument("why")
def migration(why: str) -> None:
    """Write a migration from the difference between tables.py and PALMTAX_DATABASE_URL (or a scratch database)."""
    load_everything()
    schema().write_from_scratch(why)


if __name__ == "__main__":
    sys.exit(main())
