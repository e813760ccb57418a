"""Files behind one port: content-addressed, on disk or in an S3-compatible store."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Protocol

from minio import Minio
from minio.error import S3Error

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


def _checked(name: str) -> str:
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
            return self._path(_checked(name)).read_bytes()
        except FileNotFoundError as gone:
            raise FileMissing(name) from gone

    async def put(self, content: bytes) -> str:
        """Keep the bytes."""
        return await asyncio.to_thread(self._write, content)

    async def get(self, name: str) -> bytes:
        """The bytes; FileMissing when there are none."""
        return await asyncio.to_thread(self._read, name)


class ObjectStore:
    """The same over the S3 protocol (MinIO client), for more than one machine."""

    def __init__(self, settings: FilesSettings) -> None:
        self.bucket = settings.s3_bucket
        self.client = Minio(
            settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key,
            secure=settings.s3_tls,
            region="us-east-1",
        )

    def _write(self, content: bytes) -> str:
        name = name_of(content)
        self.client.put_object(self.bucket, f"{name[:2]}/{name}", io.BytesIO(content), len(content))
        return name

    def _read(self, name: str) -> bytes:
        try:
            answer = self.client.get_object(self.bucket, f"{_checked(name)[:2]}/{name}")
        except S3Error as gone:
            if gone.code == "NoSuchKey":
                raise FileMissing(name) from gone
            raise
        try:
            return bytes(answer.read())
        finally:
            answer.close()
            answer.release_conn()

    async def put(self, content: bytes) -> str:
        """Keep the bytes."""
        return await asyncio.to_thread(self._write, content)

    async def get(self, name: str) -> bytes:
        """The bytes; FileMissing when there are none."""
        return await asyncio.to_thread(self._read, name)


def store_of(settings: FilesSettings) -> FileStore:
    """The store that the settings name."""
    return ObjectStore(settings) if settings.store == "s3" else DiskStore(settings.folder)
