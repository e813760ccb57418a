"""Files behind one port: content-addressed, on disk or in an S3-compatible store."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from palmtax.plumbing.settings import FilesSettings


class FileMissing(LookupError):
    """No file of that name is kept."""


class FileStore(Protocol):
    """Keeps bytes under the SHA-256 of their content; keeping twice is keeping once."""

    async def put(self, content: bytes) -> str:
        """Keep the bytes; returns the 64 hex digits they are found by."""
        ...

    async def get(self, name: str) -> bytes:
        """The bytes; FileMissing when there are none."""
        ...


def name_of(content: bytes) -> str:
    """The name that content is kept under."""
    return hashlib.sha256(content).hexdigest()


def checked(name: str) -> str:
    """The name again, if it is one of ours; FileMissing when it cannot be."""
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise FileMissing(name)
    return name


class DiskStore:
    """Files in a folder, two levels deep; written to a temporary name first, so a crash leaves no half file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:4] / name

    def _write(self, content: bytes) -> str:
        name = name_of(content)
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(path)
        return name

    def _read(self, name: str) -> bytes:
        try:
            return self._path(checked(name)).read_bytes()
        except FileNotFoundError as gone:
            raise FileMissing(name) from gone

    async def put(self, content: bytes) -> str:
        """Keep the bytes."""
        return await asyncio.to_thread(self._write, content)

    async def get(self, name: str) -> bytes:
        """The bytes; FileMissing when there are none."""
        return await asyncio.to_thread(self._read, name)


def store_of(settings: FilesSettings) -> FileStore:
    """The store that the settings name; the S3 client is loaded only where it is used (it takes half a second)."""
    if settings.store == "s3":
        store: FileStore = importlib.import_module("palmtax.plumbing.object_store").ObjectStore(settings)
        return store
    return DiskStore(settings.folder)
