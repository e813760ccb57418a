"""Manifests with their faults, every rule of the kit broken by hand, the page over HTTP and in a browser."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from partners.features import HEADERS, MANIFEST, ORIGIN, PAGE, application, manifest

from palmtax.partners.adapters.feature_kit import check_page, judge
from palmtax.partners.adapters.feature_page import read_page, see
from palmtax.partners.adapters.feature_rules import FeatureCase
from palmtax.partners.model.features import BadManifest, read_manifest

CHROMIUM = os.environ.get("PALMTAX_CHROMIUM") or shutil.which("chromium") or ""


def _case(
    *, page: str = PAGE, headers: dict[str, str] | None = None, url: str = ORIGIN + "/refund", seconds=0.1, **told
):
    seen = read_page(url, 200, HEADERS | (headers or {}), page.encode(), seconds)
    case = FeatureCase(read_manifest(manifest()), application(), seen, True, "http://127.0.0.1:8000")
    return replace(case, **told)


def _failed(case: FeatureCase) -> set[str]:
    return {one.rule for one in judge(case) if one.outcome == "fail"}


def test_a_good_feature_passes_and_every_rule_says_where_it_is_written():
    found = judge(_case())
    assert _failed(_case()) == set()
    assert {one.rule for one in found if one.outcome == "skip"} == {"texts_have_contrast"}
    assert all(" / " in one.line and one.line.endswith(")") for one in found)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("page_names_itself", {"page": PAGE.replace(' lang="zh-CN"', "")}),
        ("page_names_itself", {"page": PAGE.replace("退税点查询</title>", "</title>")}),
        ("page_may_be_enlarged", {"page": PAGE.replace("device-width", "device-width, user-scalable=no")}),
        ("page_may_be_enlarged", {"page": PAGE.replace("device-width", "device-width, maximum-scale=1.0")}),
        ("page_fits_a_phone", {"page": PAGE.replace("width=device-width", "width=1200")}),
        ("page_is_https", {"page": PAGE.replace("</main>", '<img src="http://travel.example/a.png"></main>')}),
        ("page_is_https", {"page": PAGE.replace("</main>", '<form action="http://travel.example/"></form></main>')}),
        ("page_is_https", {"url": "http://bank.example/refund"}),
        (
            "page_has_no_trackers",
            {"page": PAGE.replace("</main>", '<script src="https://t.example/t.js"></script></main>')},
        ),
        (
            "page_has_no_trackers",
            {"page": PAGE.replace("</main>", '<p style="background:url(//t.example/x)"></p></main>')},
        ),
        ("page_has_a_policy", {"headers": {"content-security-policy": ""}}),
        ("page_has_a_policy", {"headers": {"content-security-policy": "default-src 'self'"}}),
        ("page_has_a_policy", {"headers": {"content-security-policy": "default-src 'self'; frame-ancestors *"}}),
        (
            "page_has_a_policy",
            {"headers": {"content-security-policy": "default-src *; frame-ancestors http://127.0.0.1:8000"}},
        ),
        (
            "page_has_a_policy",
            {"headers": {"content-security-policy": "default-src 'self'; frame-ancestors https://x.example"}},
        ),
        ("page_says_whose", {"page": PAGE.replace("云汀软件有限公司", "某公司")}),
        ("address_is_clean", {"url": ORIGIN + "/refund?phone=1"}),
        ("address_is_clean", {"url": ORIGIN + "/refund/13800001111"}),
        ("page_answers", {"seconds": 3.5}),
        ("page_answers", {"headers": {"content-type": "application/json"}}),
        ("page_is_its_own", {"application": application(redirect_uris=("https://other.example/back",))}),
        ("page_is_its_own", {"our_origin": ORIGIN}),
        ("data_is_registered", {"application": application(scopes=("matters.find",))}),
        ("data_is_registered", {"application": None}),
        ("ours_exist", {"manifest": read_manifest(manifest().replace("matters: []", "matters: [no_such_matter]"))}),
        ("words_in_both_languages", {"manifest": read_manifest(manifest().replace("Refund points", "退税点查询"))}),
    ],
)
def test_what_breaks_a_rule_is_found(rule, broken):
    assert rule in _failed(_case(**broken))


def test_a_page_that_does_not_answer_fails():
    case = replace(_case(), page=replace(_case().page, fault="timeout"))
    assert _failed(case) == {"page_answers"}


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("title: 退税点查询", "titel: 退税点查询"), 2, "unknown key 'titel'"),
        (('cities: ["14403"]', 'cities: ["Yunting"]'), 6, "cities.0"),
        (("  page: https://bank.example/refund", "  page: https://bank.example/refund\n  theme: x"), 7, "exactly one"),
        (("scope: returns.due", "scope: returns.all"), 12, "returns.all"),
        (('phone: "12366"', 'phone: "12366"\n  fax: 1'), 19, "contact.fax"),
        (("gray: {percent: 100}", "gray: {percent: 101}"), 23, "gray.percent"),
        (("matters: []", "matters: [a"), 11, "YAML"),
        (("matters: []", "matters: &a []\nhosts: *a"), 11, "aliases"),
    ],
)
def test_a_fault_names_its_line_in_both_languages(change, line, words):
    assert change[0] in MANIFEST
    with pytest.raises(BadManifest) as bad:
        read_manifest(MANIFEST.replace(*change))
    told = [str(one) for one in bad.value.faults]
    assert any(words in one for one in told), told
    assert line in [one.line for one in bad.value.faults], told
    assert all("/" in one for one in told)


@pytest.mark.parametrize("text", ["", "[]", "1", "\0", "a: " + "x" * 30_000, "[" * 5000, "? ? ? ?"])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(BadManifest):
        read_manifest(text)


def test_a_release_only_grows_and_hours_are_beijing_time():
    small, large = (read_manifest(manifest().replace("percent: 100", f"percent: {n}")) for n in (20, 60))
    first = {one for one in range(500) if small.is_released_to(one, "14403000000")}
    assert 50 < len(first) < 150
    assert first < {one for one in range(500) if large.is_released_to(one, "14403000000")}
    office = read_manifest(manifest().replace("{percent: 100}", '{percent: 0, offices: ["1440305"]}'))
    assert office.is_released_to(1, "14403050000")
    assert not office.is_released_to(1, "14403060000")
    nine_to_five = read_manifest(manifest() + 'hours: {days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00"}\n')
    assert nine_to_five.is_open(datetime(2026, 11, 30, 1, 30, tzinfo=UTC))
    assert not nine_to_five.is_open(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    assert not nine_to_five.is_open(datetime(2026, 11, 29, 1, 30, tzinfo=UTC))


@asynccontextmanager
async def _served(page: str, *, wait: float = 0, status: str = "200 OK", more: str = ""):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(wait)
        body = page.encode()
        head = f"HTTP/1.1 {status}\r\ncontent-type: text/html\r\nconnection: close\r\n{more}"
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/refund"


async def test_a_page_is_fetched_once_and_never_from_inside_the_house():
    async with _served(PAGE) as url:
        seen = await see(url, may_loopback=True)
        assert (seen.status, seen.language, seen.title, seen.fault) == (200, "zh-CN", "退税点查询", "")
        assert (await see(url, may_loopback=False)).fault == "address"
    assert (await see(url, may_loopback=True)).fault == "connection"
    for inside in ("https://127.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "file:///etc/passwd"):
        assert (await see(inside, may_loopback=False)).fault == "address"


async def test_a_redirect_is_not_followed():
    async with _served("", status="302 Found", more="location: http://127.0.0.1:1/\r\n") as url:
        found = {one.rule: one for one in await check_page(url, may_loopback=True)}
    assert found["page_answers"].why.startswith("302")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
async def test_a_browser_sees_width_contrast_and_hosts():
    faint = PAGE.replace("</main>", '<p style="color:#bbb">太淡的字</p><p style="width:800px">宽</p></main>')
    async with _served(PAGE) as good, _served(faint) as bad:
        rules = ("page_fits_a_phone", "texts_have_contrast")
        outcomes = [
            {one.rule: one for one in await check_page(url, may_loopback=True, chromium=CHROMIUM)}
            for url in (good, bad)
        ]
    assert [outcomes[0][rule].outcome for rule in rules] == ["pass", "pass"], outcomes[0]
    assert [outcomes[1][rule].outcome for rule in rules] == ["fail", "fail"]
    assert "太淡的字" in outcomes[1]["texts_have_contrast"].why


def test_the_page_of_the_how_to_has_a_manifest_that_can_be_read():
    text = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "city-feature.md").read_text(encoding="utf-8")
    sample = text.split("```yaml\n")[1].split("```")[0]
    assert read_manifest(sample).entry.kind == "page"
