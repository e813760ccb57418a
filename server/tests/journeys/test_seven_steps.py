"""The first journey, from the invoices to the officer: what a shop owner does in two taps, and what an officer sees of it."""

from __future__ import annotations

import pypdfium2
from invoice.make import csv_of, einvoice, zipped
from journeys.steps import a_key, as_seen, begin, correct, entries, order, sell, tap_pay, wait_for

from palmtax.base.identifiers import mask_phone


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def hand_in(place, who, content, kind, name):
    answer = who(
        "POST", "/invoice/imports", files={"file": (name, content, "application/octet-stream")}, data={"kind": kind}
    )
    assert answer.status_code == 202, answer.text
    path = f"/invoice/imports/{answer.json()['import_id']}"
    done = place.until(lambda: (now := who.ok("GET", path))["state"] in ("done", "failed") and now)
    return done, who.ok("GET", f"{path}/rows")["rows"]


def bring_invoices(place, shop, phone):
    """XML 100,000.00, CSV 150,000.00 with a duplicate and a bad row, 70,000.00 by hand: 320,000.00 in all."""
    one = einvoice(
        "26990000000000000001", shop.uscc, lines=(("*餐饮服务*餐费", "100000.00", "0.01", "1000.00"),),
        total=("100000.00", "1000.00", "101000.00"),
    )  # fmt: skip
    done, _ = hand_in(place, phone, zipped(("a.xml", one)), "einvoice_xml", "七月.zip")
    assert (done["state"], done["accepted"], done["duplicates"], done["refused"]) == ("done", 1, 0, 0)
    table = csv_of(
        "26990000000000000002,2026-08-12,普通发票,云山学校,餐费,150000.00,1%,1500.00,",
        "26990000000000000001,2026-08-12,普通发票,云山学校,餐费,100000.00,1%,1000.00,",
        "26990000000000000003,2026-08-12,普通发票,云山学校,餐费,100.00,17%,17.00,",
    )
    done, rows = hand_in(place, phone, table, "platform_csv", "平台.csv")
    assert (done["total_rows"], done["accepted"], done["duplicates"], done["refused"]) == (3, 1, 1, 1)
    assert sorted((r["row_no"], r["outcome"], r["code"]) for r in rows) == [
        (1, "accepted", None), (2, "duplicate", "invoice.duplicate"), (3, "refused", "invoice.rate_unknown"),
    ]  # fmt: skip
    sell(phone, 7_000_000)


def test_a_shop_owner_files_and_pays_and_an_officer_sees_it_all(place):
    shop = place.shop("云汀市七步香面馆")
    phone = place.by_wechat(shop.owner)

    # 1 invoices in
    bring_invoices(place, shop, phone)
    pool = phone.ok("GET", "/invoice/invoices?period=2026Q3")
    assert (pool["count"], pool["amount_fen"], pool["tax_fen"]) == (3, 32_000_000, 320_000)
    assert {i["source"] for i in pool["invoices"]} == {"einvoice_xml", "platform_csv", "hand"}

    # 2 home: at the threshold everything is taxed: 3,200.00 + 112.00 + 48.00 + 32.00
    home = phone.ok("GET", "/filing/home")
    assert [home["first"][k] for k in ("period", "state", "due_on", "days_left", "rolled_days", "estimate_fen")] == [
        "2026Q3", "open", "2026-10-26", 11, 11, 339_200,
    ]  # fmt: skip
    assert (home["waiting"], home["next_quiet"]) == ([], None)

    # 3 return: nothing typed, every value with its origin and the invoices behind it
    draft = begin(phone)
    field = next(f for f in draft["fields"] if f["code"] == "ordinary_sales")
    assert (field["value_fen"], field["origin"]["kind"], field["origin"]["count"]) == (32_000_000, "invoices", 3)
    behind = phone.ok("GET", f"/invoice/invoices?{field['invoice_query']}")
    assert (behind["count"], behind["amount_fen"]) == (3, 32_000_000)
    assert draft["result"]["due_now_fen"] == 339_200
    assert [p for p in draft["problems"] if p["is_blocking"]] == []
    why = phone.ok("GET", f"/filing/drafts/{draft['draft_id']}/explanation")
    assert next(line["value"] for line in why["lines"] if line["code"] == "payable") == 339_200
    assert all(line["citations"] for line in why["lines"])
    # a correction keeps the original beside it and wants a reason
    bare = {"version": draft["version"], "corrections": [{"field": "ordinary_sales", "value_fen": 33_000_000}]}
    phone.refused(422, "filing.reason_missing", "PATCH", f"/filing/drafts/{draft['draft_id']}", bare)
    draft = correct(phone, draft, 33_000_000, "现金收入一笔")
    field = next(f for f in draft["fields"] if f["code"] == "ordinary_sales")
    assert [field[k] for k in ("value_fen", "prefilled_fen", "is_corrected", "reason")] == [
        33_000_000, 32_000_000, True, "现金收入一笔",
    ]  # fmt: skip
    # 3,300.00 + 115.50 + 49.50 + 33.00
    assert draft["result"]["due_now_fen"] == 349_800

    # 4 submit: once, whatever is tapped
    key, body = a_key(), as_seen(draft)
    first = phone("POST", "/filing/returns", body, key=key)
    again = phone("POST", "/filing/returns", body, key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    made = first.json()
    assert again.json() == made
    phone.refused(
        422, "filing.key_reused", "POST", "/filing/returns", body | {"confirmed_due_now_fen": 349_799}, key=key
    )
    assert [r["return_id"] for r in phone.ok("GET", "/filing/returns")["returns"]] == [made["return_id"]]
    assert (made["payment_state"], made["filed_channel"], made["result"]["due_now_fen"]) == (
        "unpaid", "miniprogram", 349_800,
    )  # fmt: skip

    # 5 pay inside WeChat with signed parameters; the notice settles
    ordered = order(phone, made)
    assert order(phone, made)["order_id"] == ordered["order_id"]
    assert (ordered["state"], ordered["amount_fen"]) == ("created", 349_800)
    parameters = phone.ok("POST", f"/payment/orders/{ordered['order_id']}/wechat", {"trade": "jsapi"})
    assert (parameters["app_id"], parameters["sign_type"], parameters["h5_url"]) == (place.app_id, "RSA", None)
    spoiled = parameters | {"pay_sign": "A" * 344}
    assert tap_pay(place, spoiled).status_code == 400
    assert tap_pay(place, parameters).json()["errMsg"] == "requestPayment:ok"
    settled = wait_for(place, phone, ordered, "paid")
    assert (settled["way"], settled["refunds"]) == ("wechat", [])
    assert entries(place, shop) == [("charge", 349_800), ("settlement", 349_800)]
    assert phone.ok("GET", "/filing/home")["first"] is None
    assert phone.ok("GET", "/filing/home")["next_quiet"]["period"] == "2026Q4"

    # 6 certificate
    paper = phone.ok("POST", "/certificates", {"order_id": ordered["order_id"]})
    assert phone.ok("POST", "/certificates", {"order_id": ordered["order_id"]}) == paper
    assert (paper["state"], paper["total_fen"], len(paper["items"])) == ("valid", 349_800, 4)
    pdf = place.http.get(paper["pdf_path"], headers={"authorization": f"Bearer {phone.session['access_token']}"})
    assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    words = text_of(pdf.content)
    assert shop.name in words
    assert "3,498.00" in words
    assert paper["certificate_no"] in words
    verdict = place.http.get(f"/api/verify/{paper['verify_code']}").json()
    assert verdict == {
        "state": "true", "certificate_no": paper["certificate_no"], "taxpayer_name": shop.name, "total_fen": 349_800,
        "issued_on": "2026-10-15", "superseded_by_no": None, "title": None, "title_en": None,
    }  # fmt: skip
    page = place.http.get(f"/verify/{paper['verify_code']}")
    assert (page.status_code, paper["certificate_no"] in page.text) == (200, True)
    assert shop.owner.name not in page.text
    assert shop.owner.phone not in page.text
    assert place.http.get("/api/verify/" + "A" * 24).json()["state"] == "unknown"

    # 7 officer
    seen_by_officer(place, shop, phone, made)


def seen_by_officer(place, shop, phone, made):
    desk = place.by_sms(place.officer(), "workbench", "工作台")
    for asked in ("七步香", shop.uscc, shop.uscc.lower(), mask_phone(shop.owner.phone), shop.owner.phone):
        found = desk.ok("GET", "/cases/taxpayers", params={"q": asked})
        assert shop.taxpayer_id in [h["taxpayer_id"] for h in found["hits"]], asked
    [hit] = desk.ok("GET", "/cases/taxpayers", params={"q": shop.uscc})["hits"]
    assert (hit["contact_name_masked"], hit["contact_phone_masked"]) == ("林*满", mask_phone(shop.owner.phone))
    assert (hit["owed_fen"], hit["overdue_returns"]) == (0, 0)
    base = f"/cases/taxpayers/{shop.taxpayer_id}"
    file = desk.ok("GET", base)
    assert (file["taxpayer"]["uscc"], [c["role_name"] for c in file["contacts"]]) == (shop.uscc, ["法定代表人"])

    told = desk.ok("GET", f"{base}/timeline")["entries"]
    assert [(e["act"], e["channel"]) for e in told] == [
        ("certificates.issued", "miniprogram"), ("payment.settled", "system"),
        ("payment.order_created", "miniprogram"), ("filing.return_submitted", "miniprogram"),
        ("invoice.entered_by_hand", "miniprogram"), ("invoice.import_started", "miniprogram"),
        ("invoice.import_started", "miniprogram"),
    ]  # fmt: skip
    assert all(e["act_name"] != e["act"] and e["act_name_en"] != e["act"] for e in told)
    assert [e["who_masked"] for e in told if e["act"] == "filing.return_submitted"] == ["林*满"]
    one = f"{base}/returns/{made['return_id']}"
    assert desk.ok("GET", one) == phone.ok("GET", f"/filing/returns/{made['return_id']}")
    assert desk.ok("GET", f"{one}/explanation") == phone.ok("GET", f"/filing/returns/{made['return_id']}/explanation")
    ledger = desk.ok("GET", f"{base}/ledger")
    assert ledger == phone.ok("GET", "/payment/ledger")
    assert ledger["owed_fen"] == 0
    assert sum(line["debit_fen"] for line in ledger["lines"]) == sum(line["credit_fen"] for line in ledger["lines"])
    assert [o["state"] for o in desk.ok("GET", f"{base}/orders")] == ["paid"]
    # an officer of another district never hears of it
    other = place.by_sms(place.officer(office_code="19902020000"), "workbench")
    assert other.ok("GET", "/cases/taxpayers", params={"q": shop.uscc})["hits"] == []
    for path in ("", "/timeline", "/returns", "/drafts", "/orders", "/ledger"):
        other.refused(404, "registry.taxpayer_unknown", "GET", base + path)
