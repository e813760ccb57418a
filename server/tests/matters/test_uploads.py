"""Papers: pieces that can be taken up again, types told by their bytes, nothing kept open, nothing infected."""

from __future__ import annotations

import asyncio
import io
import zipfile

import pytest
from matters.make import FIRST, picture, upload
from reportlab.pdfgen.canvas import Canvas

from palmtax.matters.adapters import Scan
from palmtax.matters.adapters.clamav import ClamAV, ScannerSettings
from palmtax.matters.model import files

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(pages=2):
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(pages):
        canvas.drawString(100, 100, "contract")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def ofd(pages=3):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("OFD.xml", "<ofd/>")
        for page in range(pages):
            packed.writestr(f"Doc_0/Pages/Page_{page}/Content.xml", "<page/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [(picture(), "image/jpeg", 1), (pdf(), "application/pdf", 2), (ofd(), "application/ofd", 3)],
    ids=["jpeg", "pdf", "ofd"],
)
def test_a_file_is_what_its_bytes_say(content, kind, pages):
    looked = files.look(content)
    assert (looked.media_type, looked.pages) == (kind, pages)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00 program", b"%PDF-1.7 broken", picture()[:300], b"<svg onload='alert(1)'/>", b"PK\x03\x04 no zip",
        b"GIF89a" + bytes(50), pdf(files.MOST_PAGES + 1), b"#!/bin/sh\nrm -rf",
    ],
    ids=["empty", "exe", "broken pdf", "cut picture", "svg", "no zip", "gif", "many pages", "script"],
)  # fmt: skip
def test_what_is_none_of_them_is_refused_in_words(content):
    with pytest.raises(files.BadFile) as refused:
        files.look(content)
    assert refused.value.why
    assert refused.value.why_en


async def draft(town):
    who = await town.person("small_scale", "legal_rep")
    shown = await who.ok("POST", "/matters/applications", {"matter_code": "FPBL-002"})
    return who, shown["application_id"]


async def test_a_lost_connection_goes_on_where_it_stopped(town):
    who, number = await draft(town)
    content = pdf(20) + bytes(700_000)
    ask = {"application_id": number, "paper_code": "contract", "file_name": "合同.pdf", "size_bytes": len(content),
           "idempotency_key": "key-12345678"}  # fmt: skip
    begun = await who.ok("POST", "/matters/uploads", ask)
    here, step = f"/matters/uploads/{begun['upload_id']}", begun["chunk_bytes"]
    await who.ok("PUT", f"{here}/bytes?offset=0", content=content[:step])
    await who.ok("PUT", f"{here}/bytes?offset=0", content=content[:step])
    wrong = await who("PUT", f"{here}/bytes?offset={step + 5}", content=content[step + 5 :])
    assert (wrong.json()["code"], wrong.json()["fields"]["offset"]) == ("matters.upload_offset", step)
    assert (await who.ok("GET", here))["offset"] == step
    last = await who.ok("PUT", f"{here}/bytes?offset={step}", content=content[step:])
    assert last["is_complete"]
    assert last["paper"]["pages"] == 20
    again = await who.ok("PUT", f"{here}/bytes?offset={step}", content=content[step:])
    assert again["paper"]["paper_id"] == last["paper"]["paper_id"]


async def test_content_lies_sealed_and_comes_back_whole(town, house):
    who, number = await draft(town)
    content = picture("blue")
    paper = await upload(who, number, "contract", content)
    assert await who.ok("GET", f"/matters/papers/{paper['paper_id']}/file") == content
    assert (await who.ok("GET", f"/matters/papers/{paper['paper_id']}/thumbnail")).startswith(b"\xff\xd8")
    kept = [p.read_bytes() for p in house.files.folder.rglob("*") if p.is_file()]
    assert kept
    assert not any(content[:64] in one for one in kept)
    answer = await who("GET", f"/matters/papers/{paper['paper_id']}/file")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_refused_file_leaves_room_to_try_again(town):
    who, number = await draft(town)
    ask = {"application_id": number, "paper_code": "contract", "file_name": "a.jpg", "size_bytes": 12,
           "idempotency_key": "key-12345678"}  # fmt: skip
    begun = await who.ok("POST", "/matters/uploads", ask)
    answer = await who("PUT", f"/matters/uploads/{begun['upload_id']}/bytes?offset=0", content=b"not a file!!")
    assert (answer.status_code, answer.json()["code"]) == (422, "matters.file_refused")
    assert (await who.ok("GET", f"/matters/uploads/{begun['upload_id']}"))["offset"] == 0
    await upload(who, number, "contract", picture())


async def test_limits_are_said_before_a_byte_is_sent(town):
    who, number = await draft(town)
    big = {
        "application_id": number,
        "paper_code": "contract",
        "file_name": "a.jpg",
        "size_bytes": files.LARGEST_BYTES + 1,
        "idempotency_key": "key-12345678",
    }
    assert (await who("POST", "/matters/uploads", big)).json()["code"] == "matters.file_refused"
    none = big | {"paper_code": "nothing", "size_bytes": 5}
    assert (await who("POST", "/matters/uploads", none)).json()["code"] == "matters.paper_unknown"
    for _ in range(5):
        await upload(who, number, "contract", picture())
    full = await who("POST", "/matters/uploads", none | {"paper_code": "contract"})
    assert full.json()["code"] == "matters.too_many_files"


async def test_an_upload_is_begun_once_under_one_key(town, database):
    """Also when the first one is whole and the paper has no room for another."""
    who, number = await draft(town)
    content = picture()
    ask = {"application_id": number, "paper_code": "contract", "file_name": "a.jpg", "size_bytes": len(content),
           "idempotency_key": "key-12345678"}  # fmt: skip
    both = await asyncio.gather(*(who.ok("POST", "/matters/uploads", ask) for _ in range(4)))
    assert len({one["upload_id"] for one in both}) == 1
    await who.ok("PUT", f"/matters/uploads/{both[0]['upload_id']}/bytes?offset=0", content=content)
    for _ in range(4):
        await upload(who, number, "contract", picture())
    again = await who.ok("POST", "/matters/uploads", ask)
    assert (again["upload_id"], again["is_complete"], again["offset"]) == (both[0]["upload_id"], True, len(content))
    other = await who("POST", "/matters/uploads", ask | {"file_name": "b.jpg"})
    assert (other.status_code, other.json()["code"]) == (409, "matters.key_reused")
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from matters_upload") == 5


async def test_nobody_else_reads_a_paper_and_an_officer_leaves_a_trace(town, database):
    who, number = await draft(town)
    paper = await upload(who, number, "contract", picture())
    other = await town.person("small_scale", "legal_rep")
    for path in ("file", "thumbnail"):
        answer = await other("GET", f"/matters/papers/{paper['paper_id']}/{path}")
        assert answer.json()["code"] == "matters.paper_unknown"
    assert (await other("DELETE", f"/matters/papers/{paper['paper_id']}")).status_code == 404
    officer = await town.officer(FIRST)
    early = await officer("GET", f"/matters/cases/{number}/papers/{paper['paper_id']}")
    assert early.status_code == 404, "a draft is the taxpayer's own paper"
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from evidence_entry where act = 'matters.paper_opened'") == 0


class Clamd:
    """A clamd that speaks INSTREAM on the loopback."""

    def __init__(self, answer):
        self.answer, self.got = answer, b""

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _serve(self, reader, writer):
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            self.got += await reader.readexactly(size)
        writer.write(self.answer + b"\0")
        await writer.drain()
        writer.close()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK", "clean"),
        (b"stream: Win.Test FOUND", "infected"),
        (b"INSTREAM size limit exceeded. ERROR", "unscanned"),
    ],
)
async def test_the_scanner_speaks_clamds_own_protocol(answer, verdict):
    clamd = Clamd(answer)
    async with clamd as port:
        content = bytes(200_000)
        said = await ClamAV(ScannerSettings(host="127.0.0.1", port=port)).scan(content)
    assert (said.verdict, clamd.got) == (verdict, content)


async def test_a_scanner_that_is_away_keeps_nobody_from_filing():
    assert await ClamAV(ScannerSettings(host="127.0.0.1", port=9)).scan(b"x") == Scan("unscanned")
    assert (await ClamAV(ScannerSettings()).scan(EICAR)).verdict == "infected"
