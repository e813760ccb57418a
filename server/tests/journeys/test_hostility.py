"""Hand-made hostility: nothing that anybody sends may be our fault."""

from __future__ import annotations

import io
import socket
import zipfile
from urllib.parse import urlsplit

import pytest
from journeys.attack import World, poison
from journeys.place import NoLimits
from journeys.steps import a_key, as_seen, begin, filed, paid, sell, submit

UUID = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def open_place(place):
    """The house without rate limits."""
    place.house.limiter = NoLimits()
    return place


def told(answer):
    """An answer must be a success or a problem in words, never our fault."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) in ({"code", "text", "hint", "fields", "trace_id"}, {"code", "message"}), answer.text
    return answer.status_code


@pytest.mark.slow
def test_every_value_of_every_body_may_be_poison(open_place):
    world = World.of(open_place)
    assert poison(world, of_each=20) > 1000
    [row] = open_place.fetch("select count(*) n from filing_return where taxpayer_id = $1", world.shop.taxpayer_id)
    assert row["n"] == 1


WHOLE_BODIES = {
    "nothing": b"",
    "space": b" ",
    "not json": b"{",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "null": b"null",
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 20_000 + b"]" * 20_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "latin-1": '{"name":"é"}'.encode("latin-1"),
    "utf-16": '{"name":"é"}'.encode("utf-16"),
    "mark": b"\xef\xbb\xbf{}",
    "nul": b"\x00",
    "strange key": b'{"\\ud800":1}',
    "nul key": b'{"\\u0000":1}',
    "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}",
    "long number": b"1" * 500_000,
}


@pytest.mark.parametrize("name", WHOLE_BODIES)
def test_no_body_is_our_fault(open_place, name):
    phone = open_place.by_wechat(open_place.shop().owner)
    headers = {"authorization": f"Bearer {phone.session['access_token']}", "content-type": "application/json"}
    for path in (
        "/api/identity/sms-codes",
        "/api/filing/returns",
        "/api/invoice/invoices",
        "/api/payment/orders",
        "/api/certificates",
    ):
        answer = open_place.http.post(
            path, content=WHOLE_BODIES[name], headers=headers | {"idempotency-key": "a-key-of-mine"}
        )
        assert told(answer) in (413, 422), path


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "application/json; charset=utf-7",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "b" * 500,
        "x" * 2000,
        "application/json/../../x",
    ],
    ids=lambda kind: kind[:40] or "none",
)
def test_a_wrong_content_type_is_refused_in_words(open_place, kind):
    phone = open_place.by_wechat(open_place.shop().owner)
    headers = {"authorization": f"Bearer {phone.session['access_token']}", "content-type": kind}
    for path in ("/api/payment/orders", "/api/invoice/imports"):
        answer = open_place.http.post(path, content=b'{"return_id":"%s"}' % UUID.encode(), headers=headers)
        assert told(answer) in (404, 422), path


def test_a_body_of_ten_megabytes_is_refused_whether_it_says_so_or_not(open_place):
    phone = open_place.by_wechat(open_place.shop().owner)
    headers = {"authorization": f"Bearer {phone.session['access_token']}", "content-type": "application/json"}
    large = b'{"a":"' + b"x" * 10_000_000 + b'"}'
    said = open_place.http.post("/api/filing/drafts", content=large, headers=headers)
    unsaid = open_place.http.post(
        "/api/filing/drafts", content=(large[n : n + 65536] for n in range(0, len(large), 65536)), headers=headers
    )
    for answer in (said, unsaid):
        assert (answer.status_code, answer.json()["code"]) == (413, "plumbing.too_large")
        assert answer.json()["fields"] == {"limit_bytes": 1_000_000}
        assert "1000000" in answer.json()["text"]


QUERIES = [
    "/api/cases/taxpayers?q=%00",
    "/api/cases/taxpayers?q=%ff%fe",
    "/api/cases/taxpayers?q=%F0%9F%8D%9C",
    "/api/cases/taxpayers?sort=name;drop",
    "/api/cases/taxpayers?limit=99999999999999999999",
    "/api/cases/taxpayers?cursor=%00",
    "/api/cases/taxpayers?vat_kind=%00&status=%00",
    "/api/cases/taxpayers?limit=1e3",
    "/api/cases/taxpayers?q=" + "x" * 101,
    "/api/cases/taxpayers?q=" + "x" * 60_000,
    "/api/cases/taxpayers/99999999999999999999999999",
    "/api/cases/taxpayers/-1",
    "/api/cases/taxpayers/1.5",
    "/api/cases/taxpayers/%00",
    "/api/cases/taxpayers/9223372036854775808/timeline",
    "/api/cases/taxpayers/9223372036854775807/timeline?act=%00&channel=%00",
    "/api/cases/taxpayers/0/ledger?cursor=%00",
    "/api/cases/taxpayers/0/returns?cursor=%25",
    "/api/filing/returns?cursor=%00",
    "/api/filing/returns?period=%00",
    "/api/filing/returns?period=0000Q1",
    "/api/filing/returns?period=9999Q4",
    "/api/filing/returns?period=2026-13",
    "/api/filing/calendar?year=99999999999999999999",
    "/api/filing/calendar?year=2100",
    "/api/filing/calendar?year=-1",
    "/api/filing/returns?cursor=AAAA",
    "/api/filing/returns?cursor=%F0%9F%8D%9C",
    "/api/invoice/invoices?q=%00",
    "/api/invoice/invoices?q=%25_%5C",
    "/api/invoice/invoices?period=9999Q4",
    "/api/invoice/invoices?period=0001Q1",
    "/api/invoice/invoices?cursor=%00",
    "/api/invoice/invoices?cursor=MjAyNi0wOC0xMg==",
    "/api/invoice/invoices?levy_rate=%00",
    "/api/invoice/invoices?levy_rate=0.01&levy_rate=0.01&levy_rate=0&levy_rate=0&levy_rate=0&levy_rate=0&levy_rate=0&levy_rate=0&levy_rate=0",
    "/api/invoice/invoices?limit=0",
    f"/api/invoice/imports/{UUID}/rows?cursor=0.99999999999",
    f"/api/invoice/imports/{UUID}/rows?cursor=0.%D9%A1",
    "/api/payment/ledger?cursor=%00",
    "/api/payment/ledger?cursor=AAAA",
    "/api/payment/ledger?cursor=%E2%80%AE",
    "/api/payment/orders?return_id=%00",
    "/api/verify/%00",
    "/api/verify/%ff",
    "/api/verify/..%2f..%2fetc",
    "/api/verify/" + "A" * 64,
    "/api/verify/%F0%9F%8D%9C",
    "/verify/%00",
    "/verify/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/verify/x?lang=%00",
    "/verify/" + "A" * 5000,
    f"/api/identity/sign-in-tickets/{UUID}?poll_secret=%00" + "x" * 30,
    "/api/identity/sign-in-tickets/%00?poll_secret=" + "x" * 30,
    f"/api/certificates/{UUID}/pdf",
    "/api/certificates/..%2f..%2fetc%2fpasswd/pdf",
    f"/api/filing/returns/{UUID}%00",
    "/api//filing/home",
    "/api/filing/home/",
    "/api/../etc/passwd",
    "/api/filing/drafts/%7Bdraft_id%7D",
    "/api/filing/returns?a=" + "&a=" * 5000,
    "/docs",
    "/api/docs",
]


@pytest.mark.parametrize("who", ["taxpayer", "officer", "nobody"])
def test_no_query_and_no_path_is_our_fault(open_place, who):
    world = World.of(open_place)
    headers = {"authorization": f"Bearer {world.token(who)}"} if who != "nobody" else {}
    for query in QUERIES:
        answer = open_place.http.get(query, headers=headers, follow_redirects=False)
        assert answer.status_code < 500, (query, answer.text)
        assert "<script>alert" not in answer.text, query
        if answer.status_code >= 400 and query.startswith("/api/"):
            assert "trace_id" in answer.text, query


HEADERS = [
    {"authorization": "Bearer " + "x" * 5000},
    {"authorization": "Bearer é".encode()},
    {"authorization": "Bearer"},
    {"authorization": "Basic eDp5"},
    {"authorization": "Bearer ffffffffffffff.x"},
    {"authorization": "Bearer 20000000000000.x"},
    {"x-channel": "é".encode()},
    {"x-channel": "workbench"},
    {"x-channel": "x" * 4000},
    {"accept-language": "*;q=9" * 500},
    {"accept-language": "é".encode()},
    {"x-request-id": "x" * 4000},
    {"accept": "text/html"},
    {"accept-encoding": "x" * 3000},
    {"cookie": "a=" + "b" * 4000},
    {"range": "bytes=0-1"},
    {"x-forwarded-for": "127.0.0.1"},
    {"x-forwarded-host": "evil.example"},
    {"host": "evil.example"},
    {"content-length": "0"},
    {"x-http-method-override": "DELETE"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda h: "-".join(f"{k}:{str(v)[:20]}" for k, v in h.items()))
def test_no_header_is_our_fault_and_none_opens_a_door(open_place, headers):
    answer = open_place.http.get("/api/identity/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "plumbing.sign_in_needed"
    assert "evil.example" not in answer.text


RAW = {
    "a header of two lines": b"GET /api/identity/me HTTP/1.1\r\nHost: x\r\nX-Request-Id: abcdefgh\r\n Set-Cookie: a=1\r\n\r\n",
    "a request in a request": (
        b"POST /api/identity/sms-codes HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n"
    ),
    "two lengths": b"POST /api/identity/sms-codes HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}   ",
    "a negative length": b"POST /api/identity/sms-codes HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    "a length of letters": b"POST /api/identity/sms-codes HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n{}",
    "nul in a header": b"GET /api/identity/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\x00b\r\n\r\n",
    "no http at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60,
    "a bad chunk": b"POST /api/identity/sms-codes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a whole address": b"GET http://evil.example/api/identity/me HTTP/1.1\r\nHost: x\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long line": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a strange method": b"BREW /api/filing/home HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_broken_http_is_refused_and_the_house_lives_on(place, name):
    where = urlsplit(place.url)
    with socket.create_connection((where.hostname, where.port), timeout=5) as line:
        line.sendall(RAW[name].replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1))
        line.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := line.recv(65536):
            heard += piece
    first = heard.split(b"\r\n", 1)[0].split(b" ")
    assert not heard or int(first[1]) < 500, heard[:300]
    assert b"\r\nset-cookie:" not in heard.lower()
    assert place.http.get("/healthz").json()["state"] == "alive"


def bomb(levels=9):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><EInvoice>&a{levels - 1};</EInvoice>'.encode()
    )


def swelling():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<" + b" " * 50_000_000)
    return held.getvalue()


def climbing():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../../../tmp/palmtax-climbed.xml", b"<x/>")
    return held.getvalue()


XML, CSV = "einvoice_xml", "platform_csv"
FILES = {
    "billion laughs": (XML, bomb()),
    "a swelling archive": (XML, swelling()),
    "an archive that climbs": (XML, climbing()),
    "half an archive": (XML, swelling()[:500]),
    "an outside entity": (
        XML,
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><EInvoice>&e;</EInvoice>',
    ),
    "deep xml": (XML, b"<a>" * 200_000),
    "xml of another house": (XML, b"<svg/>"),
    "utf-7": (XML, b'<?xml version="1.0" encoding="utf-7"?><EInvoice/>'),
    "a header alone": (CSV, "发票号码,开票日期,金额,税率\n".encode()),
    "a cell of a million": (CSV, "发票号码,开票日期,金额,税率\n".encode() + b"1" * 1_000_000),
    "an open quote": (CSV, '发票号码,开票日期,金额,税率\n"26990000000000000001,2026'.encode()),
    "many columns": (CSV, ("发票号码,开票日期,金额,税率" + ",x" * 50_000 + "\n" + "1," * 50_000).encode()),
    "nul bytes": (CSV, "发票号码,开票日期,金额,税率\n\x00".encode()),
    "formulas": (CSV, "发票号码,开票日期,金额,税率\n=cmd|' /C calc'!A0,@SUM(1),+1,-1\n".encode()),
    "amounts that are none": (
        CSV,
        "发票号码,开票日期,金额,税率\n26990000000000000001,2026-08-12,1e5,1%\n26990000000000000002,2026-08-12,٣,1%\n26990000000000000003,2026-08-12,inf,1%\n".encode(),
    ),
    "lone bytes": (CSV, b"\xff\xfe\x00"),
    "gb18030": (CSV, "发票号码,开票日期,金额,税率\n1".encode("gb18030")),
}


def test_no_file_is_our_fault_and_the_worker_lives_on(open_place):
    phone = open_place.by_wechat(open_place.shop().owner)
    taken = {}
    for name, (kind, content) in FILES.items():
        hostile = "../../etc/passwd\x00\r\n<b>😈</b>.csv"
        answer = phone("POST", "/invoice/imports", files={"file": (hostile, content, "text/csv")}, data={"kind": kind})
        assert told(answer) in (202, 422), name
        if answer.status_code == 202:
            taken[answer.json()["import_id"]] = name
            assert "/" not in answer.json()["file_name"]
            assert answer.json()["file_name"].isprintable()
    open_place.idle(60)
    for number, name in taken.items():
        done = phone.ok("GET", f"/invoice/imports/{number}")
        assert (done["state"], done["accepted"]) in {("failed", 0), ("done", 0)}, name
        assert done["problem"] or done["refused"], name
        rows = phone.ok("GET", f"/invoice/imports/{number}/rows")["rows"]
        assert all(row["text"] for row in rows), name
    assert len(taken) >= 12
    assert phone.ok("GET", "/invoice/invoices")["count"] == 0


@pytest.mark.parametrize(
    "key", ["short", "x" * 65, "with space", "é" * 8, "a;b=c;d!", "sql'--------", "🍜🍜🍜🍜🍜🍜🍜🍜"]
)
def test_a_malformed_idempotency_key_is_refused_and_nothing_is_filed(open_place, key):
    shop = open_place.shop()
    phone = open_place.by_wechat(shop.owner)
    sell(phone, 40_000_000)
    headers = {"idempotency-key": key.encode()}
    answer = phone("POST", "/filing/returns", as_seen(begin(phone)), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "filing.key_missing")
    assert phone.ok("GET", "/filing/returns")["returns"] == []


def test_names_of_any_script_live_through_the_whole_way(open_place):
    shop = open_place.shop("𠮷野家😀﷽ O'Brien & <b>Söhne</b> \\ %s {0}")
    phone = open_place.by_wechat(shop.owner)
    sell(phone, 40_000_000)
    assert phone.ok("GET", "/registry/taxpayer")["name"] == shop.name
    desk = open_place.by_sms(open_place.officer(), "workbench")
    found = desk.ok("GET", "/cases/taxpayers", params={"q": "𠮷野家😀"})["hits"]
    assert [h["name"] for h in found] == [shop.name]
    settled = paid(open_place, phone, submit(phone, begin(phone)))
    paper = phone.ok("POST", "/certificates", {"order_id": settled["order_id"]})
    assert paper["taxpayer_name"] == shop.name
    pdf = phone("GET", f"/certificates/{paper['certificate_id']}/pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    page = open_place.http.get(f"/verify/{paper['verify_code']}")
    assert "<b>Söhne" not in page.text
    assert "&lt;b&gt;Söhne" in page.text


def test_a_refusal_changes_nothing_of_anothers(open_place):
    """Somebody else's return, order, certificate and draft look as if they were not there."""
    _, phone, made = filed(open_place)
    ordered = phone.ok("POST", "/payment/orders", {"return_id": made["return_id"]})
    _, other, _ = filed(open_place)
    tries = [
        (404, "filing.return_unknown", "GET", f"/filing/returns/{made['return_id']}", None),
        (404, "filing.return_unknown", "GET", f"/filing/returns/{made['return_id']}/explanation", None),
        (404, "filing.return_unknown", "POST", f"/filing/returns/{made['return_id']}/amendment", None),
        (404, "filing.return_unknown", "POST", f"/filing/returns/{made['return_id']}/void", {"reason": "恶意"}),
        (404, "payment.return_unknown", "POST", "/payment/orders", {"return_id": made["return_id"]}),
        (404, "payment.order_unknown", "GET", f"/payment/orders/{ordered['order_id']}", None),
        (404, "payment.order_unknown", "POST", f"/payment/orders/{ordered['order_id']}/wechat", {"trade": "jsapi"}),
        (404, "payment.order_unknown", "POST", f"/payment/orders/{ordered['order_id']}/query", None),
        (404, "payment.order_unknown", "POST", "/certificates", {"order_id": ordered["order_id"]}),
    ]
    for status, code, method, path, body in tries:
        other.refused(status, code, method, path, body, key=a_key())
    assert phone.ok("GET", f"/filing/returns/{made['return_id']}")["state"] == "accepted"
    assert phone.ok("GET", f"/payment/orders/{ordered['order_id']}") == ordered
