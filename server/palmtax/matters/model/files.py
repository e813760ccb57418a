"""What an uploaded file really is: told by its bytes, never by its name. Pictures and PDF are opened, so that broken ones are refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 200
MOST_PIXELS = 60_000_000
THUMBNAIL = (320, 320)
CHUNK_BYTES = 512 * 1024
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf", "application/ofd")
"""What a paper can be."""
LARGEST_UNPACKED = 200 * 1024 * 1024
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class BadFile(ValueError):
    """Why a file is not taken, zh and en."""

    def __init__(self, why: str, why_en: str) -> None:
        self.why, self.why_en = why, why_en
        super().__init__(why_en)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that is taken: its type, pages, and a small picture of its first page when one can be drawn."""

    media_type: str
    pages: int
    thumbnail: bytes | None


def look(content: bytes) -> Looked:
    """What the bytes are. `BadFile` for what is no picture, PDF or OFD, is broken, has too many pages or too many pixels."""
    if not content:
        raise BadFile("文件是空的", "it is empty")
    if len(content) > LARGEST_BYTES:
        raise BadFile("文件太大", "it is too large")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _ofd(content)
    return _picture(content)


def _picture(content: bytes) -> Looked:
    try:
        with Image.open(io.BytesIO(content)) as opened:
            kind = _PICTURES.get(opened.format or "")
            if kind is None:
                raise BadFile("不支持这种文件类型", "this type is not supported")
            if opened.width * opened.height > MOST_PIXELS:
                raise BadFile("图片尺寸过大", "the picture has too many pixels")
            opened.load()
            return Looked(kind, 1, _small(ImageOps.exif_transpose(opened)))
    except UnidentifiedImageError as unknown:
        raise BadFile("不支持这种文件类型", "this type is not supported") from unknown
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        if isinstance(broken, BadFile):
            raise
        raise BadFile("图片已损坏", "the picture is damaged") from broken


def _small(picture: Image.Image) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail(THUMBNAIL)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=72, optimize=True)
    return out.getvalue()


def _pdf(content: bytes) -> Looked:
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as broken:
        raise BadFile("PDF 已损坏或设有密码", "the PDF is damaged or has a password") from broken
    try:
        pages = len(opened)
        if not 1 <= pages <= MOST_PAGES:
            raise BadFile(f"PDF 有 {pages} 页", f"the PDF has {pages} pages")
        first = opened[0]
        scale = min(THUMBNAIL[0] / max(first.get_width(), 1), THUMBNAIL[1] / max(first.get_height(), 1), 2)
        return Looked("application/pdf", pages, _small(first.render(scale=max(scale, 0.05)).to_pil()))
    finally:
        opened.close()


def _ofd(content: bytes) -> Looked:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if "OFD.xml" not in names:
                raise BadFile("不支持这种文件类型", "this type is not supported")
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED or len(names) > 5000:
                raise BadFile("OFD 解开后过大", "the OFD is too large when unpacked")
            pages = sum(1 for name in names if name.endswith("Content.xml"))
    except zipfile.BadZipFile as broken:
        raise BadFile("OFD 已损坏", "the OFD is damaged") from broken
    if pages > MOST_PAGES:
        raise BadFile(f"OFD 有 {pages} 页", f"the OFD has {pages} pages")
    return Looked("application/ofd", max(pages, 1), None)


def clean_name(name: str) -> str:
    r"""A file name as it may be shown and kept: no folders, no controls, at most 80 signs.

    >>> clean_name("../../etc/passwd"), clean_name("合同\x00.pdf"), clean_name("")
    ('passwd', '合同.pdf', 'file')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable()).strip()[-80:]
    return kept or "file"
