"""Typed settings in sections that lie beside what they set; read once at start, all faults reported together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from palmtax.plumbing.together import Engine

PREFIX = "PALMTAX_"


class Section(BaseModel):
    """A few related settings; a subclass names its `section` and every field says its unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    section: ClassVar[str]


class DatabaseSettings(Section):
    """The one PostgreSQL."""

    section: ClassVar[str] = "database"
    url: str = Field("", description="postgresql://…; empty: the embedded PostgreSQL in ./var is started")
    engine: Engine = Field("postgres", description="postgres, or citus where the schema is sharded")
    pool_size: int = Field(16, ge=2, le=200, description="connections of one process")
    statement_timeout_seconds: int = Field(15, ge=1, le=600, description="longest statement, seconds")
    lock_timeout_seconds: int = Field(5, ge=1, le=60, description="longest wait for a lock, seconds")
    port: int = Field(0, ge=0, le=65535, description="port of the embedded PostgreSQL; 0: the last one, or a free one")


def _own_address(known: Mapping[str, Any]) -> str:
    """Where a server is found that nobody gave a name: at its own host (this machine if it listens everywhere) and port."""
    host = str(known.get("host", ""))
    is_everywhere = host in {"", "0.0.0.0", "::"}  # noqa: S104 compared, not bound to
    shown = "127.0.0.1" if is_everywhere else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{known.get('port', '')}"


class ServerSettings(Section):
    """Where the server listens and how it speaks of itself."""

    section: ClassVar[str] = "server"
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=1, le=65535, description="TCP port")
    public_url: str = Field(
        default_factory=_own_address,
        description="how the world reaches us: links, QR codes, notices; empty: http:// with host and port",
    )
    shift_days: int = Field(
        0, description="the house lives so many days later (negative: earlier): demo, rehearsal; days"
    )
    largest_body_bytes: int = Field(1_000_000, ge=1000, description="largest JSON request, bytes")
    largest_upload_bytes: int = Field(20_000_000, ge=1000, description="largest uploaded file, bytes")


class WaitingSettings(Section):
    """The waiting room: what happens when more people come than can be served."""

    section: ClassVar[str] = "waiting"
    is_on: bool = Field(True, description="whether people wait in line on overload; off: everybody is let in at once")
    people_a_minute: int = Field(
        0, ge=0, le=1_000_000, description="0: as measured; else every room lets in so many a minute (rehearsal)"
    )
    smallest_slots: int = Field(8, ge=1, le=1000, description="requests at work at once in one process, at least")
    largest_slots: int = Field(64, ge=1, le=10_000, description="requests at work at once in one process, at most")


class FilesSettings(Section):
    """Where files lie."""

    section: ClassVar[str] = "files"
    store: str = Field("disk", pattern="^(disk|s3)$", description="disk, or s3 for an S3-compatible store")
    folder: Path = Field(Path("var/files"), description="folder of the disk store")
    s3_endpoint: str = Field("", description="host:port of the S3-compatible store")
    s3_bucket: str = Field("palmtax", description="bucket")
    s3_access_key: str = Field("", description="access key")
    s3_secret_key: str = Field("", description="secret key", json_schema_extra={"secret": True})
    s3_tls: bool = Field(True, description="https to the store")


S = TypeVar("S", bound=Section)


class SettingsFault(Exception):
    """Every setting that is missing or wrong, in one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings:
    """All sections that were asked for; a section is read from `PALMTAX_<SECTION>_<FIELD>`."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.environment = dict(os.environ if environment is None else environment)
        self._read: dict[type[Section], Section] = {}

    def of(self, kind: type[S]) -> S:
        """The section of this type; SettingsFault when a value is wrong."""
        if kind not in self._read:
            lead = f"{PREFIX}{kind.section.upper()}_"
            given = {
                name: self.environment[lead + name.upper()]
                for name in kind.model_fields
                if self.environment.get(lead + name.upper(), "") != ""
            }
            try:
                self._read[kind] = kind(**given)
            except ValidationError as wrong:
                raise SettingsFault(
                    [
                        f"{lead}{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}"
                        for e in wrong.errors()
                        if e["type"] != "default_factory_not_called"  # follows from another fault, which is told
                    ]
                ) from wrong
        section = self._read[kind]
        if not isinstance(section, kind):
            raise TypeError(kind.__name__)
        return section

    def check(self) -> None:
        """Read every section that exists; SettingsFault with all faults together."""
        faults: list[str] = []
        for kind in every_section():
            try:
                self.of(kind)
            except SettingsFault as wrong:
                faults += wrong.faults
        if faults:
            raise SettingsFault(faults)


def every_section() -> list[type[Section]]:
    """All section classes that are loaded, by name."""
    return sorted(Section.__subclasses__(), key=lambda kind: kind.section)
