"""Files in an S3-compatible store, for more than one machine."""

from __future__ import annotations

import asyncio
import io

from minio import Minio
from minio.error import S3Error

from palmtax.plumbing.files import FileMissing, checked, name_of
from palmtax.plumbing.settings import FilesSettings


class ObjectStore:
    """The port of `files` over the S3 protocol."""

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
            answer = self.client.get_object(self.bucket, f"{checked(name)[:2]}/{name}")
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
