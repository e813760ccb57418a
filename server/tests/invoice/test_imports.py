"""Files come in row by row: exact, once, refused in words, never dangerous."""

from __future__ import annotations

import io
import zipfile
from dataclasses import astuple
from datetime import date
from uuid import UUID, uuid4

import pytest
from filing.make import NEIGHBOUR, SHOP, STRANGER, VIEWER, picture, sign_in, uscc
from invoice.make import HEADER, csv_of, einvoice, imported, result, upload, zipped

from palmtax import invoice
from palmtax.invoice import tasks

OWN = uscc(SHOP)
N = "2644000000000000{:04d}".format


def outcomes(rows):
    return [(r["outcome"], r["code"]) for r in rows]


async def pooled(database, taxpayer_id=SHOP):
    async with database.statement() as tx:
        rows = await tx.fetch(
            "select invoice_no, kind, direction, amount_fen, tax_fen, is_red, red_of_invoice_no, is_real_estate,"
            " reduction_waived, source from invoice_invoice where taxpayer_id = $1 order by invoice_no",
            taxpayer_id,
        )
    return {row["invoice_no"]: dict(row) for row in rows}


async def test_one_xml_becomes_one_invoice(owner, database, task_context):
    done, [row] = await imported(owner, task_context, einvoice(N(1), OWN), "einvoice_xml", "../../8月.xml")
    assert (done["state"], done["accepted"], done["total_rows"], done["done_rows"]) == ("done", 1, 1, 1)
    assert (done["file_name"], done["problem"]) == ("8月.xml", None)
    assert row == {"row_no": 1, "outcome": "accepted", "invoice_no": N(1), "code": None, "text": None}
    [one] = (await owner.ok("GET", "/invoice/invoices"))["invoices"]
    assert (one["invoice_no"], one["issued_on"], one["amount_fen"], one["tax_fen"], one["total_fen"]) == (
        N(1), "2026-08-12", 100_000, 1_000, 101_000,
    )  # fmt: skip
    assert (one["counterparty_name"], one["source"], one["lines"][0]["levy_rate"]) == (
        "云山学校",
        "einvoice_xml",
        "0.01",
    )
    assert await owner.ok("GET", f"/invoice/invoices/{one['invoice_id']}") == one


async def test_an_archive_of_many_kinds(owner, database, task_context):
    two = (("*餐饮服务*餐费", "100.00", "1%", "1.00"), ("*餐饮服务*折扣", "-10.00", "1%", "-0.10"))
    content = zipped(
        ("a/01.xml", einvoice(N(1), OWN, lines=two, namespace=' xmlns="urn:x"')),
        ("a/02.XML", einvoice(N(2), OWN, special=True, lines=(("*劳务*加工", "200.00", "0.03", "6.00"),))),
        (
            "a/03.xml",
            einvoice(
                N(3), OWN, lines=(("*经营租赁*房租", "300.00", "0.05", "15.00"),), classification="3040502020200000000"
            ),
        ),
        (
            "04.xml",
            einvoice(
                N(4),
                OWN,
                lines=(("*餐饮服务*餐费", "-100.00", "0.01", "-1.00"),),
                remark=f"被红冲蓝字数电票号码：{N(5)} 确认单：44",
            ),
        ),
        ("05.xml", einvoice(N(6), "91350100M000100Y43", buyer=OWN)),
        ("06.xml", einvoice(N(7), "91350100M000100Y43", buyer="9144030071526726XG")),
        ("07.xml", einvoice(N(8), OWN, lines=(("*餐饮服务*餐费", "100.00", "0.01", "2.00"),))),
        ("08.xml", einvoice(N(9), OWN, total=("999.00", "10.00", "1009.00"))),
        ("09.xml", einvoice(N(1), OWN)),
        ("10.xml", b"<EInvoice><broken>"),
        ("11.xml", b"<Other/>"),
        ("12.xml", einvoice(N(10), OWN, lines=(("*农产品*菜", "50.00", "免税", "0.00"),))),
        ("13.xml", einvoice(N(11), OWN, lines=(("*餐饮服务*餐费", "-1.00", "0.01", "-0.01"),))),
        ("readme.txt", b"not an invoice"),
        ("__MACOSX/01.xml", b"x"),
    )
    done, rows = await imported(owner, task_context, content, "einvoice_xml")
    assert outcomes(rows) == [
        ("accepted", None), ("accepted", None), ("accepted", None), ("accepted", None), ("accepted", None),
        ("refused", "invoice.seller_not_you"), ("refused", "invoice.tax_mismatch"),
        ("refused", "invoice.total_mismatch"),
        ("duplicate", "invoice.duplicate_in_file"), ("refused", "invoice.file_unreadable"),
        ("refused", "invoice.file_kind_wrong"), ("accepted", None), ("refused", "invoice.red_without_original"),
    ]  # fmt: skip
    assert (done["accepted"], done["duplicates"], done["refused"], done["total_rows"]) == (6, 1, 6, 13)
    assert rows[6]["text"] == "第 1 项税额应为 1.00 元（100.00 × 1%），票面写的是 2.00 元"
    assert rows[7]["text"] == "“TotalAmWithoutTax”应为各项合计 1,000.00 元，票面写的是 999.00 元"
    held = await pooled(database)
    assert (held[N(1)]["amount_fen"], held[N(1)]["tax_fen"]) == (9_000, 90)
    assert (held[N(2)]["kind"], held[N(2)]["reduction_waived"]) == ("special", True)
    assert held[N(3)]["is_real_estate"]
    assert (held[N(4)]["is_red"], held[N(4)]["red_of_invoice_no"]) == (True, N(5))
    assert held[N(6)]["direction"] == "received"
    async with database.statement() as tx:
        sums = await invoice.sums(tx, SHOP, date(2026, 7, 1), date(2026, 9, 30))
    assert [astuple(s) for s in sums] == [
        ("ordinary", "0", False, False, 1, 5_000, 0), ("ordinary", "0.01", False, False, 2, -1_000, -10),
        ("ordinary", "0.05", True, False, 1, 30_000, 1_500), ("special", "0.03", False, True, 1, 20_000, 600),
    ]  # fmt: skip


ROWS = (
    (f"{N(1)},2026-08-01,普通发票,云山学校,餐费,1000.00,1%,10.00,", "accepted", None),
    (f'{N(2)},2026/8/2,电子发票（增值税专用发票）,"学校, 云山","餐""费","1,234.50",0.03,37.04,', "accepted", None),
    ("2.64E+19,2026-08-01,普通发票,甲,餐费,1.00,1%,0.01,", "refused", "invoice.number_not_exact"),
    ("00000000000000000042,2026年8月3日,普通发票,甲,餐费,1.00,1%,0.01,", "accepted", None),
    (f'"=""{N(3)}""",20260804,普票,甲,餐费,0.50,1%,0.01,', "accepted", None),
    (f"\t{N(4)},2026-08-04 12:00:00,普票,甲,餐费,0.00,1%,0.00,", "accepted", None),
    (f"{N(5)},2026-08-04,普票,甲,餐费,1.005,1%,0.01,", "refused", "invoice.amount_too_fine"),
    (f"{N(6)},2026-08-04,普票,甲,餐费,1.5E3,1%,15.00,", "refused", "invoice.amount_malformed"),
    (f"{N(7)},2026-08-04,普票,甲,餐费,90071992547409.91,0,0,", "accepted", None),
    (f"{N(8)},2026-08-04,普票,甲,餐费,90071992547409.92,0,0,", "refused", "invoice.amount_too_large"),
    (f"{N(9)},2026-08-04,普票,甲,餐费,-100.00,1%,-1.00,{N(1)}", "accepted", None),
    (f"{N(10)},2026-08-04,普票,甲,餐费,-901.00,1%,-9.01,{N(1)}", "refused", "invoice.red_beyond_original"),
    (f"{N(11)},2026-08-04,普票,甲,餐费,-1.00,1%,-0.01,{N(9)}", "refused", "invoice.red_of_red"),
    (f"{N(12)},2026-08-04,普票,甲,餐费,-1.00,1%,-0.01,", "refused", "invoice.red_without_original"),
    (f"{N(13)},2026-08-04,普票,甲,餐费,1.00,1%,0.01,{N(1)}", "refused", "invoice.original_of_positive"),
    (f"{N(1)},2026-08-04,普票,甲,餐费,1.00,1%,0.01,", "duplicate", "invoice.duplicate_in_file"),
    (f"{N(14)},2026-08-04,普票,甲,餐费,1.00,7%,0.07,", "refused", "invoice.rate_unknown"),
    (f"{N(15)},2026-11-24,普票,甲,餐费,1.00,1%,0.01,", "refused", "invoice.date_impossible"),
    (f"{N(16)},2026-02-30,普票,甲,餐费,1.00,1%,0.01,", "refused", "invoice.date_malformed"),
    (f"{N(17)},2026-08-04,机动车,甲,餐费,1.00,1%,0.01,", "refused", "invoice.kind_unknown"),
    (f"{N(18)},,普票,甲,餐费,1.00,1%,0.01,", "refused", "invoice.cell_missing"),
    ("12345,2026-08-04,普票,甲,餐费,1.00,1%,0.01,", "refused", "invoice.number_malformed"),
    (f"{N(19)},2026-08-04,普票,甲,餐费,100.00,1%,1.02,", "refused", "invoice.tax_mismatch"),
    (f"{N(20)},2026-08-04,普票,甲,餐费,100.00,1%,1.01,", "accepted", None),
    (f"{N(21)},2026-08-04,普票,甲,餐费,,1%,1.01,", "refused", "invoice.cell_missing"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_platforms_csv_is_read_row_by_row(owner, database, task_context, encoding):
    text = "\r\n".join((HEADER, *(row for row, _, _ in ROWS), "", ",,,"))
    done, rows = await imported(owner, task_context, text.encode(encoding), "platform_csv", "订单.csv")
    assert outcomes(rows) == [(outcome, code) for _, outcome, code in ROWS]
    assert all(r["text"] for r in rows if r["outcome"] != "accepted")
    assert (done["state"], done["done_rows"]) == ("done", len(ROWS))
    held = await pooled(database)
    assert held["00000000000000000042"]["amount_fen"] == 100
    assert held[N(7)]["amount_fen"] == 2**53 - 1
    assert (held[N(2)]["kind"], held[N(2)]["amount_fen"], held[N(2)]["tax_fen"]) == ("special", 123_450, 3_704)
    assert "9,000.00" not in rows[11]["text"]
    assert "900.00" in rows[11]["text"]


async def test_the_same_file_again_is_all_duplicates_and_a_task_that_runs_twice_changes_nothing(
    owner, database, task_context
):
    rows = [f"{N(n)},2026-08-01,普票,甲,餐费,1.00,1%,0.01," for n in range(1, 1_202)]
    first, _ = await imported(owner, task_context, csv_of(*rows), "platform_csv")
    assert (first["accepted"], first["duplicates"], first["total_rows"]) == (1_201, 0, 1_201)
    before = await picture(database)
    await tasks.read_import(task_context, {"taxpayer_id": SHOP, "import_id": first["import_id"]})
    assert await picture(database) == before
    again, seen = await imported(owner, task_context, csv_of(*rows), "platform_csv")
    assert (again["accepted"], again["duplicates"]) == (0, 1_201)
    assert {r["code"] for r in seen} == {"invoice.duplicate"}
    assert len(await pooled(database)) == 1_201


async def test_a_worker_that_dies_between_batches_is_taken_over(owner, database, task_context, monkeypatch):
    rows = [f"{N(n)},2026-08-01,普票,甲,餐费,1.00,1%,0.01," for n in range(1, 1_202)]
    rows[600] = rows[0]
    import_id = (await upload(owner, csv_of(*rows), "platform_csv")).json()["import_id"]
    payload = {"taxpayer_id": SHOP, "import_id": import_id}
    real, calls = tasks.actions.take_batch, []

    async def dies(tx, **given):
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError
        return await real(tx, **given)

    monkeypatch.setattr(tasks.actions, "take_batch", dies)
    with pytest.raises(ConnectionError):
        await tasks.read_import(task_context, payload)
    half = await owner.ok("GET", f"/invoice/imports/{import_id}")
    assert (half["state"], half["total_rows"], half["done_rows"], half["accepted"]) == ("running", 1_201, 500, 500)
    await tasks.read_import(task_context, payload)
    done, seen = await result(owner, import_id)
    assert (done["state"], done["accepted"], done["duplicates"], done["done_rows"]) == ("done", 1_200, 1, 1_201)
    assert [r["row_no"] for r in seen] == list(range(1, 1_202))


def bomb() -> bytes:
    return zipped(("a.xml", b"<EInvoice>" + b" " * 1_900_000 + b"</EInvoice>"))


def encrypted() -> bytes:
    content = bytearray(zipped(("a.xml", einvoice(N(1), OWN)), method=zipfile.ZIP_STORED))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.start_dir
    content[6] |= 1
    content[offset + 8] |= 1
    return bytes(content)


DTD = '<!DOCTYPE EInvoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "kind", "part"),
    [
        (einvoice(N(1), OWN, more=DTD), "einvoice_xml", "DTD"),
        (einvoice(N(1), OWN, more='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "einvoice_xml", "DTD"),
        (bomb(), "einvoice_xml", "zip"),
        (encrypted(), "einvoice_xml", "zip"),
        (zipped(("a.txt", b"x")), "einvoice_xml", "没有发票"),
        (b"PK\x03\x04 broken", "einvoice_xml", "ZIP"),
        (b"<html></html>", "einvoice_xml", "EInvoice"),
        (b"<?xml version='1.0' encoding='nonsense'?><EInvoice/>", "einvoice_xml", "XML"),
        ("只有,两列\n1,2".encode(), "platform_csv", "发票号码"),
        (csv_of(), "platform_csv", "没有发票"),
        (csv_of('"never closed'), "platform_csv", "CSV"),
        (b"\x00\x01binary", "platform_csv", "CSV"),
        (b"\xff\xfe\x80\x81", "platform_csv", "GB18030"),
    ],
)
async def test_a_file_that_cannot_be_read_fails_as_a_whole_with_the_reason(
    owner, task_context, database, content, kind, part
):
    done, rows = await imported(owner, task_context, content, kind)
    if rows:
        assert [r["outcome"] for r in rows] == ["refused"]
        assert part in rows[0]["text"]
    else:
        assert (done["state"], part in done["problem"]) == ("failed", True), done["problem"]
    assert done["finished_at"] is not None
    assert await pooled(database) == {}


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"", "einvoice_xml", 422, "invoice.file_empty"),
        (b"  \n ", "platform_csv", 422, "invoice.file_empty"),
        (b"%PDF-1.7", "einvoice_xml", 422, "invoice.file_kind_wrong"),
        (b"%PDF-1.7", "platform_csv", 422, "invoice.file_kind_wrong"),
        (zipped(("a.xml", b"x")), "platform_csv", 422, "invoice.file_kind_wrong"),
        (b"\xd0\xcf\x11\xe0old excel", "platform_csv", 422, "invoice.file_kind_wrong"),
        (b"a" * 20_000_001, "platform_csv", 413, "invoice.file_too_large"),
        (b"a" * 20_100_000, "platform_csv", 413, "plumbing.too_large"),
        (b"a,b", "nonsense", 422, "plumbing.malformed"),
    ],
)
async def test_a_file_that_is_plainly_wrong_is_refused_at_once(owner, database, content, kind, status, code):
    before = await picture(database)
    answer = await upload(owner, content, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await picture(database) == before
    assert await owner.ok("GET", "/invoice/imports") == []


async def test_imports_belong_to_their_taxpayer(owner, client, database, clock, task_context):
    done, _ = await imported(owner, task_context, einvoice(N(1), OWN), "einvoice_xml")
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    path = f"/invoice/imports/{done['import_id']}"
    await stranger.refused(404, "invoice.import_unknown", "GET", path)
    await stranger.refused(404, "invoice.import_unknown", "GET", f"{path}/rows")
    await owner.refused(404, "invoice.import_unknown", "GET", f"/invoice/imports/{uuid4()}")
    assert await stranger.ok("GET", "/invoice/imports") == []
    assert [i["import_id"] for i in await owner.ok("GET", "/invoice/imports")] == [done["import_id"]]
    # the same file under another hat: those are not the neighbour's invoices
    theirs, [row] = await imported(stranger, task_context, einvoice(N(1), OWN), "einvoice_xml")
    assert (theirs["accepted"], row["code"]) == (0, "invoice.seller_not_you")
    assert await pooled(database, NEIGHBOUR) == {}
    assert UUID(theirs["import_id"])


async def test_an_invoice_clerk_may_import_and_reasons_come_in_english_too(town, client, database, clock, task_context):
    viewer = await sign_in(client, database, clock, VIEWER, SHOP)
    done, _ = await imported(viewer, task_context, csv_of(ROWS[2][0], ROWS[0][0]), "platform_csv")
    path = f"/invoice/imports/{done['import_id']}/rows"
    page = await viewer.ok("GET", f"{path}?outcome=refused", headers={"accept-language": "en"})
    assert page["rows"][0]["text"].startswith("The invoice number “2.64E+19” was turned into scientific notation")
    first = await viewer.ok("GET", f"{path}?limit=1")
    assert first["rows"][0]["outcome"] == "refused"
    second = await viewer.ok("GET", f"{path}?limit=1&cursor={first['next_cursor']}")
    assert (second["rows"][0]["outcome"], second["next_cursor"]) == ("accepted", None)
    await viewer.refused(422, "invoice.query_malformed", "GET", f"{path}?cursor=9.x")
