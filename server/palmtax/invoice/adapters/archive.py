"""A .zip of several XML invoices, read within limits: nothing is unpacked to disk, a swelling archive is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from palmtax.invoice import errors

LARGEST_MEMBER_BYTES = 2_000_000
LARGEST_TOTAL_BYTES = 200_000_000
LARGEST_RATIO = 200
MOST_MEMBERS = 10_000


def is_zip(content: bytes) -> bool:
    """Whether the bytes begin as an archive does."""
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each XML, in the order of the archive.

    FileUnsafe: too many members, encrypted, too large, or compressed beyond 200 : 1. FileUnreadable: broken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = _checked(archive)
            total = 0
            for member in wanted:
                with archive.open(member) as packed:
                    plain = packed.read(LARGEST_MEMBER_BYTES + 1)
                total += len(plain)
                if len(plain) > LARGEST_MEMBER_BYTES or total > LARGEST_TOTAL_BYTES:
                    raise errors.FileUnsafe(what="zip")
                yield member.filename, plain
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise errors.FileUnreadable(what="ZIP") from broken


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    every = [m for m in archive.infolist() if not m.is_dir()]
    if len(every) > MOST_MEMBERS:
        raise errors.TooManyRows(limit=MOST_MEMBERS)
    for member in every:
        swells = member.file_size > LARGEST_RATIO * max(member.compress_size, 1)
        if swells or member.file_size > LARGEST_MEMBER_BYTES or member.flag_bits & 0x1:
            raise errors.FileUnsafe(what="zip")
    if sum(m.file_size for m in every) > LARGEST_TOTAL_BYTES:
        raise errors.FileUnsafe(what="zip")
    return [m for m in every if m.filename.lower().endswith(".xml") and not m.filename.startswith("__MACOSX/")]
