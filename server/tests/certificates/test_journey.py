"""From a paid order to a paper anybody can check, over HTTP."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

import pypdfium2
import pytest
from payment.make import DUE_ON, TAXPAYER, FakeChannel, charge, make_payer, make_taxpayer, taxes

from palmtax import evidence
from palmtax.base.identifiers import uuid7
from palmtax.certificates import listeners
from palmtax.payment import tasks
from palmtax.plumbing.worker import drain

AUTH = {"authorization": "Bearer payer"}


@pytest.fixture
def channel(clock, outside):
    outside["pay"] = FakeChannel(clock)
    return outside["pay"]


@pytest.fixture
def people(house):
    known = {"payer": make_payer()}

    async def resolve(_tx, *, access_token, **_more):
        return known.get(access_token)

    house.resolve_actor = resolve
    return known


@pytest.fixture
async def return_id(database, people, channel):
    async with database.transaction() as tx:
        await make_taxpayer(tx)
        return await charge(tx, taxes(100_000, 3_500), booked_at=datetime(2026, 10, 20, 2, tzinfo=UTC), due_on=DUE_ON)


@pytest.fixture
async def order(client, return_id):
    return (await client.post("/api/payment/orders", json={"return_id": str(return_id)}, headers=AUTH)).json()


@pytest.fixture
async def paid(client, order, channel):
    await client.post(f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": "h5"}, headers=AUTH)
    done = await client.post("/api/payment/wechat/notify", content=channel.notice(channel.pay(order["order_no"])))
    assert done.status_code == 204
    return order


def ask(client, order, who="payer"):
    headers = {"authorization": f"Bearer {who}"}
    return client.post("/api/certificates", json={"order_id": order["order_id"]}, headers=headers)


def text_of(content):
    return pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_range()


async def test_certificate_of_a_paid_order_proves_taxes_and_late_fee(client, paid, database):
    answer = await ask(client, paid)
    assert answer.status_code == 200, answer.text
    issued = answer.json()
    assert [(i["tax_name"], i["amount_fen"]) for i in issued["items"]] == [
        ("增值税", 100_000), ("城市维护建设税", 3_500), ("增值税滞纳金", 1_400),
    ]  # fmt: skip
    assert (issued["total_fen"], issued["paid_on"], issued["state"]) == (104_900, "2026-11-23", "valid")
    assert issued["verify_url"].endswith(f"/verify/{issued['verify_code']}")
    pdf = await client.get(issued["pdf_path"], headers=AUTH)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == f'inline; filename="{issued["certificate_no"]}.pdf"'
    assert pdf.headers["cache-control"] == "private, no-store"
    said = text_of(pdf.content)
    for part in (
        issued["certificate_no"],
        issued["verify_code"],
        "1,000.00",
        "14.00",
        "￥1,049.00",
        "壹仟零肆拾玖元整",
        paid["order_no"],
    ):
        assert part in said, part
    async with database.transaction() as tx:
        acts = await evidence.timeline(tx, taxpayer_id=TAXPAYER, act="certificates.")
    assert [act.act for act in acts] == ["certificates.issued"]


async def test_asking_again_gives_the_same_certificate_and_bytes(client, paid):
    first = (await ask(client, paid)).json()
    assert (await ask(client, paid)).json() == first
    assert (await client.get(f"/api/certificates/{first['certificate_id']}", headers=AUTH)).json() == first
    assert (await client.get("/api/certificates", headers=AUTH)).json() == [first]
    papers = {(await client.get(first["pdf_path"], headers=AUTH)).content for _ in range(2)}
    assert len(papers) == 1


async def test_ten_asks_at_once_issue_one_certificate(client, paid, database):
    answers = await asyncio.gather(*(ask(client, paid) for _ in range(10)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["certificate_no"] for a in answers}) == 1
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from certificates_certificate") == 1
        assert await tx.fetchval("select count(*) from certificates_code") == 1


async def test_unpaid_unknown_and_foreign_orders_are_refused(client, order, people, database):
    unpaid = await ask(client, order)
    assert (unpaid.status_code, unpaid.json()["code"]) == (409, "certificates.order_not_paid")
    unknown = await ask(client, {"order_id": str(uuid7())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "payment.order_unknown")
    people["stranger"] = make_payer(taxpayer_id=9_999)
    assert (await ask(client, order, "stranger")).status_code == 404
    people["reader"] = make_payer(scopes=frozenset({"certificates.read"}))
    assert (await ask(client, order, "reader")).status_code == 403
    assert (await client.post("/api/certificates", json={"order_id": order["order_id"]})).status_code == 401
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from certificates_certificate") == 0


async def test_strangers_see_neither_the_certificate_nor_its_pdf(client, paid, people):
    issued = (await ask(client, paid)).json()
    people["stranger"] = make_payer(taxpayer_id=9_999)
    headers = {"authorization": "Bearer stranger"}
    for path in (f"/api/certificates/{issued['certificate_id']}", issued["pdf_path"]):
        refused = await client.get(path, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (404, "certificates.unknown")
    assert (await client.get("/api/certificates", headers=headers)).json() == []


async def test_anybody_verifies_and_learns_only_what_is_on_the_paper(client, paid):
    issued = (await ask(client, paid)).json()
    true = await client.get(f"/api/verify/{issued['verify_code']}")
    assert true.json() == {
        "state": "true", "certificate_no": issued["certificate_no"], "taxpayer_name": "云山小吃店（个体工商户）",
        "total_fen": 104_900, "issued_on": "2026-11-23", "superseded_by_no": None, "title": None, "title_en": None,
    }  # fmt: skip
    for code in ("A" * 24, "short", "%00", "é" * 24, "x" * 64):
        unknown = await client.get(f"/api/verify/{code}")
        assert (unknown.status_code, unknown.json()["state"]) == (200, "unknown")
        assert set(unknown.json()) == set(true.json())
        assert {v for k, v in unknown.json().items() if k != "state"} == {None}


async def test_verification_is_limited_by_address(client, paid):
    statuses = [(await client.get(f"/api/verify/{'B' * 24}")).status_code for _ in range(40)]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses


async def test_page_shows_the_same_in_two_languages_without_scripts_or_outside_requests(client, paid):
    issued = (await ask(client, paid)).json()
    shown = await client.get(f"/verify/{issued['verify_code']}")
    assert shown.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    for part in ("真实有效", issued["certificate_no"], "¥1,049.00", "壹仟零肆拾玖元整", "2026-11-23", 'lang="zh-CN"'):
        assert part in shown.text, part
    assert "<script" not in shown.text
    assert "http" not in shown.text
    assert "Genuine" in (await client.get(f"/verify/{issued['verify_code']}", params={"lang": "en"})).text
    unknown = await client.get("/verify/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert unknown.status_code in {200, 404}
    assert "alert(1)" not in unknown.text
    assert "查无此证" in (await client.get(f"/verify/{'C' * 24}")).text


async def test_names_are_escaped_on_the_page(client, database, paid):
    async with database.transaction() as tx:
        await tx.execute("update registry_taxpayer set name = '<b>甲</b>&乙' where taxpayer_id = $1", TAXPAYER)
    issued = (await ask(client, paid)).json()
    shown = (await client.get(f"/verify/{issued['verify_code']}")).text
    assert "<b>甲" not in shown
    assert "&lt;b&gt;甲&lt;/b&gt;&amp;乙" in shown


async def test_amended_return_supersedes_and_a_new_certificate_says_what_is_still_paid(
    client, paid, return_id, database, clock, task_context
):
    first = (await ask(client, paid)).json()
    async with database.transaction() as tx:
        amending = await charge(tx, taxes(-20_000, -700), booked_at=clock.now(), relates_to=return_id)
    news = {"taxpayer_id": TAXPAYER, "return_id": str(amending), "obligation_id": str(return_id)}
    await listeners.return_amended(task_context, news)
    assert (await client.get(f"/api/verify/{first['verify_code']}")).json()["state"] == "superseded"
    await drain(task_context)
    await drain(task_context)
    second = (await ask(client, paid)).json()
    assert second["certificate_no"] != first["certificate_no"]
    assert [(i["tax_name"], i["amount_fen"]) for i in second["items"]] == [
        ("增值税", 80_000), ("城市维护建设税", 2_800), ("增值税滞纳金", 1_400),
    ]  # fmt: skip
    old = (await client.get(f"/api/verify/{first['verify_code']}")).json()
    assert (old["state"], old["superseded_by_no"]) == ("superseded", second["certificate_no"])
    # told twice, the news does not touch the new paper
    await listeners.return_amended(task_context, news)
    await drain(task_context)
    assert (await client.get(f"/api/verify/{second['verify_code']}")).json()["state"] == "true"
    assert "已被替代" in (await client.get(f"/verify/{first['verify_code']}")).text


async def test_refund_after_an_amendment_supersedes_what_was_issued_in_between(
    client, paid, return_id, database, clock, task_context, channel
):
    channel.refund_state = "PROCESSING"
    async with database.transaction() as tx:
        await charge(tx, taxes(-20_000), booked_at=clock.now(), relates_to=return_id)
    between = (await ask(client, paid)).json()
    assert between["total_fen"] == 104_900
    await drain(task_context)
    clock.move(minutes=6)
    channel.refund_state = "SUCCESS"
    await tasks.ask_about_refunds(task_context, {})
    await drain(task_context)
    await drain(task_context)
    assert (await client.get(f"/api/verify/{between['verify_code']}")).json()["state"] == "superseded"


async def test_all_refunded_leaves_nothing_to_certify(client, paid, return_id, database, clock, task_context):
    async with database.transaction() as tx:
        await charge(tx, taxes(-100_000, -3_500), booked_at=clock.now(), relates_to=return_id)
        # the late fee that was paid stays a payment; an officer decides on it
    await drain(task_context)
    await drain(task_context)
    left = (await ask(client, paid)).json()
    assert [i["tax_name"] for i in left["items"]] == ["增值税滞纳金"]


async def test_double_payment_sent_back_leaves_the_certificate_true(client, paid, task_context):
    issued = (await ask(client, paid)).json()
    news = {
        "taxpayer_id": TAXPAYER,
        "order_id": paid["order_id"],
        "refund_id": str(uuid7()),
        "reason_code": "paid_twice",
    }
    await listeners.order_refunded(task_context, news)
    assert (await client.get(f"/api/verify/{issued['verify_code']}")).json()["state"] == "true"
