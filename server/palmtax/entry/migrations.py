"""Bringing the schema up to date: Alembic with SQL inside, one line of history."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from palmtax.plumbing.database import dsn_for_sqlalchemy
from palmtax.plumbing.postgres import Postgres

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def config(dsn: str = "") -> Config:
    """Alembic's configuration for a database."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    if dsn:
        made.attributes["dsn"] = dsn_for_sqlalchemy(dsn)
    return made


def newest() -> str:
    """The newest revision in the repository."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def upgrade(dsn: str) -> None:
    """Run what is missing; safe to run again."""
    command.upgrade(config(dsn), "head")


def check(dsn: str) -> None:
    """Fail when the tables declared differ from the tables made (drift)."""
    command.check(config(dsn))


def write(dsn: str, why: str) -> None:
    """Write a new migration from the difference between declarations and the database."""
    command.revision(config(dsn), message=why, autogenerate=True)
    (FOLDER / ".head").write_text(newest() + "\n")


def write_from_scratch(why: str) -> None:
    """Write a migration against a scratch database that holds the history so far."""
    folder = Path(tempfile.mkdtemp(prefix="palmtax-migration-"))
    folder.chmod(0o755)
    server = Postgres(folder, durable=False)
    server.start()
    try:
        dsn = server.dsn("postgres")
        upgrade(dsn)
        write(dsn, why)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
