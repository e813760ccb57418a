"""The document of a matter: one for an application, drawn from its lines, checked by anybody."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from payment.make import TAXPAYER, make_payer, make_taxpayer
from plumbing.make import make_act

from palmtax import certificates, evidence
from palmtax.base.identifiers import uuid7
from palmtax.certificates.errors import DocumentUnknown
from palmtax.plumbing.effects import Line

LINES = (Line("申请的月度总额度", "Monthly quota asked for", 75_000_000, "fen"), Line("是否公开", "Public", False))
WORDS = {"title": "税务事项通知书（发票额度调整）", "title_en": "Notice of invoice quota", "kind": "notice"}


def text_of(content):
    pages = pypdfium2.PdfDocument(io.BytesIO(content))
    return [pages[number].get_textpage().get_text_range() for number in range(len(pages))]


@pytest.fixture
async def shop(tx):
    await make_taxpayer(tx)
    return tx


async def issue(tx, act, lines=LINES, **changed):
    return await certificates.issue_document(tx, act=act, lines=lines, **(WORDS | changed))


async def test_an_application_has_one_document(shop, clock):
    act = make_act(clock, TAXPAYER)
    first = await issue(shop, act, text="准予调整。", text_en="Granted.")
    assert await issue(shop, act, lines=(), title="another") == first
    kept = await certificates.readable_document(shop, taxpayer_id=TAXPAYER, document_id=first.document_id)
    assert kept == first
    assert await certificates.documents_of(shop, TAXPAYER) == [first]
    assert await certificates.document_of(shop, taxpayer_id=TAXPAYER, application_id=act.application_id) == first
    timeline = await evidence.timeline(shop, taxpayer_id=TAXPAYER)
    assert [(one.act, one.subject_id) for one in timeline] == [("certificates.document_issued", first.document_id)]
    assert await shop.fetchval("select count(*) from certificates_code") == 1
    with pytest.raises(DocumentUnknown):
        await certificates.readable_document(shop, taxpayer_id=TAXPAYER + 1, document_id=first.document_id)


async def test_its_lines_are_not_readable_in_the_database(shop, clock):
    await issue(shop, make_act(clock, TAXPAYER), text="准予调整")
    kept = await shop.fetchval("select content_sealed from certificates_document")
    assert "准予".encode() not in kept
    assert b"75000000" not in kept


async def test_the_paper_says_it_all_and_is_the_same_each_time(shop, clock):
    found = await issue(shop, make_act(clock, TAXPAYER), text="准予调整。", text_en="Granted.")
    paper = certificates.document_pdf(found, "https://palmtax.test")
    assert paper == certificates.document_pdf(found, "https://palmtax.test")
    (said,) = text_of(paper)
    plain = said.replace("\r", "").replace("\n", "").replace(" ", "")
    for part in (
        found.document_no, found.verify_code, found.addressee, "税务事项通知书", "申请的月度总额度", "750,000.00元",
        "否No", "准予调整。", "Granted.", found.application_no,
    ):  # fmt: skip
        assert part in plain


@pytest.mark.parametrize("count", [0, 1, 9, 12, 60])
async def test_many_lines_flow_to_more_pages_and_none_is_lost(shop, clock, count):
    lines = [Line(f"第{number}行的标题", f"Line {number}", f"值{number}号") for number in range(count)]
    found = await issue(shop, make_act(clock, TAXPAYER), lines=lines)
    pages = text_of(certificates.document_pdf(found, "https://palmtax.test"))
    every = "".join(pages)
    assert [number for number in range(count) if f"值{number}号" not in every] == []
    assert [found.verify_code in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert (len(pages) == 1) == (count < 12)


async def test_anybody_may_check_it_until_it_is_withdrawn(shop, clock):
    found = await issue(shop, make_act(clock, TAXPAYER))
    verdict = await certificates.verify(shop, found.verify_code)
    assert (verdict.state, verdict.certificate_no, verdict.taxpayer_name, verdict.title, verdict.total_fen) == (
        "true", found.document_no, found.addressee, found.title, None,
    )  # fmt: skip
    for _ in range(2):
        gone = await certificates.withdraw_document(
            shop, actor=make_payer(), clock=clock, taxpayer_id=TAXPAYER, document_id=found.document_id
        )
        assert gone.state == "withdrawn"
    assert (await certificates.verify(shop, found.verify_code)).state == "superseded"
    acts = [one.act for one in await evidence.timeline(shop, taxpayer_id=TAXPAYER)]
    assert acts == ["certificates.document_withdrawn", "certificates.document_issued"]


async def test_routes(client, house, database, clock):
    known = {"payer": make_payer(), "other": make_payer(TAXPAYER + 1)}

    async def resolve(_tx, *, access_token, **_more):
        return known.get(access_token)

    house.resolve_actor = resolve
    async with database.transaction() as tx:
        await make_taxpayer(tx)
        found = await issue(tx, make_act(clock, TAXPAYER))
    auth = {name: {"authorization": f"Bearer {name}"} for name in known}
    listed = (await client.get("/api/certificates/documents", headers=auth["payer"])).json()["documents"]
    assert [(one["document_no"], one["title"]) for one in listed] == [(found.document_no, found.title)]
    pdf = await client.get(listed[0]["pdf_path"], headers=auth["payer"])
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert found.verify_code in text_of(pdf.content)[0]
    assert (await client.get(listed[0]["pdf_path"], headers=auth["other"])).status_code == 404
    assert (await client.get("/api/certificates/documents", headers=auth["other"])).json() == {"documents": []}
    gone = await client.get(f"/api/certificates/documents/{uuid7()}/pdf", headers=auth["payer"])
    assert gone.json()["code"] == "certificates.document_unknown"
    told = (await client.get(f"/api/verify/{found.verify_code}")).json()
    assert (told["state"], told["title"], told["title_en"]) == ("true", found.title, found.title_en)
    page = await client.get(f"/verify/{found.verify_code}", params={"lang": "zh"})
    assert found.title in page.text
    assert found.document_no in page.text
