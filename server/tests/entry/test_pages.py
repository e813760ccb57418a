"""The built front ends: nothing outside the folder, missing files are missing, small on the wire, no foreign scripts."""

from __future__ import annotations

import gzip

import httpx
import pytest

from palmtax.entry.pages import POLICY
from palmtax.entry.web import create_app

SCRIPT = "console.log('掌税');\n" * 100


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "dist"
    for name, text in {
        "h5/index.html": "<!doctype html><title>掌税</title>" + " " * 600, "h5/assets/app-1a2b.js": SCRIPT,
        "h5/assets/small.js": "1", "h5/manifest.webmanifest": "{}", "h5/static/logo.png": "\x89PNG",
        "workbench/index.html": "<!doctype html><title>工作台</title>", "workbench/assets/desk.css": "a{}" * 400,
    }.items():  # fmt: skip
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret")
    (made / "h5" / "leak").symlink_to(tmp_path / "secret.txt")
    return made


@pytest.fixture
async def browser(house, folder):
    transport = httpx.ASGITransport(app=create_app(house, folder), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/me", "/filing/draft/42", "/index.html"])
async def test_an_address_inside_the_application_gives_its_page(browser, path):
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>掌税</title>" in answer.text
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/workbench", "/workbench/", "/workbench/taxpayers/9"])
async def test_the_workbench_has_its_own_page(browser, path):
    answer = await browser.get(path)
    assert (answer.status_code, "<title>工作台</title>" in answer.text) == (200, True)


def test_the_policy_lets_nothing_in_from_outside():
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert "unsafe-eval" not in POLICY


@pytest.mark.parametrize("path", ["/assets/gone.js", "/workbench/assets/gone.css", "/favicon.ico", "/static/none.png"])
async def test_a_missing_file_is_missing_and_not_the_page(browser, path):
    answer = await browser.get(path)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_an_address_with_a_dot_is_a_page_all_the_same(browser):
    answer = await browser.get("/workbench/law/numbers/vat_small_scale.quarter_threshold")
    assert answer.status_code == 200
    assert "<title>" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2f..%2fsecret.txt",
        "/%2e%2e%2f%2e%2e%2fsecret.txt", "/....//secret.txt", "/assets/%00.js", "/\\..\\secret.txt", "//secret.txt", "/leak",
        "/workbench/../h5/index.html/../../../secret.txt", "/workbench/..%2f..%2fsecret.txt", "/%252e%252e/secret.txt",
        "/" + "a/" * 3000, "/" + "x" * 5000, "/%ff/%F0%9F%8D%9C.js",
    ],
    ids=lambda path: path[:40],
)  # fmt: skip
async def test_nothing_outside_the_folder_is_ever_served(browser, path):
    answer = await browser.request("GET", httpx.URL("http://palmtax.test").copy_with(raw_path=path.encode("utf-8")))
    assert answer.status_code in (200, 404)
    assert b"secret" not in answer.content
    if answer.status_code == 200:
        assert "<title>" in answer.text


async def test_what_compresses_is_sent_packed_and_only_to_those_who_can_read_it(browser):
    packed = await browser.get("/assets/app-1a2b.js", headers={"accept-encoding": "gzip"})
    plain = await browser.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == SCRIPT
    assert int(packed.headers["content-length"]) < len(SCRIPT.encode()) // 5
    assert len(gzip.compress(SCRIPT.encode(), 9)) == int(packed.headers["content-length"])
    for answer in (packed, plain):
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
    small = await browser.get("/assets/small.js", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers


async def test_the_manifest_has_its_own_type(browser):
    answer = await browser.get("/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")


async def test_a_changed_file_is_served_as_it_is_now(browser, folder):
    assert (await browser.get("/assets/small.js")).text == "1"
    (folder / "h5" / "assets" / "small.js").write_text("2222")
    assert (await browser.get("/assets/small.js")).text == "2222"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/api/filing", "/api/../api/x"])
async def test_an_unknown_address_of_the_api_never_gives_a_page(browser, path):
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert b"<title>" not in answer.content


async def test_an_unbuilt_front_end_says_so(house, tmp_path):
    (tmp_path / "empty").mkdir()
    transport = httpx.ASGITransport(app=create_app(house, tmp_path / "empty"))
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as browser:
        answer = await browser.get("/")
    assert (answer.status_code, "make run" in answer.text) == (503, True)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
async def test_pages_are_only_read(browser, method):
    answer = await browser.request(method, "/")
    assert (answer.status_code, answer.json()["code"]) == (405, "plumbing.method_refused")
