"""Makes the pictures of the README from a running house with a fresh town: `.venv/bin/python dev/pictures.py [url]`.

One person's journey is played in Chromium at 390×844, the officer's side at 1440×900; each picture is what a person would see.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pypdfium2
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
CHROMIUM = os.environ.get("PALMTAX_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SHOP, OFFICER, DECIDER, DRAFTER = "15400000001", "15400000021", "15400000025", "15400000029"


def code_for(sandbox: str, phone: str, after: str) -> str:
    """The newest code in the sandbox's inbox, once it is another message than `after`."""
    for _ in range(60):
        messages = httpx.get(f"{sandbox}/sms/sandbox/inbox", params={"phone": phone}).json()["messages"]
        found = re.search(r"\d{6}", messages[0]["text"]) if messages and messages[0]["message_id"] != after else None
        if found:
            return found[0]
        time.sleep(0.2)
    raise SystemExit(f"no code came to {phone}")


def newest(sandbox: str, phone: str) -> str:
    """The id of the newest message, empty when there is none."""
    messages = httpx.get(f"{sandbox}/sms/sandbox/inbox", params={"phone": phone}).json()["messages"]
    return str(messages[0]["message_id"]) if messages else ""


def shoot(page: Page, name: str) -> None:
    """Wait until the page is quiet and keep the picture."""
    page.wait_for_timeout(900)
    page.screenshot(path=str(FOLDER / f"{name}.png"))
    sys.stdout.write(f"  {name}\n")


def taxpayer(browser: Browser, url: str, sandbox: str) -> None:
    """Home, return, explanation, paying, done, certificate."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.goto(f"{url}/#/pages/sign-in/index")
    before = newest(sandbox, SHOP)
    page.locator("[data-field=phone] input").fill(SHOP)
    page.get_by_text("获取验证码").click()
    page.locator("[data-field=code] input").fill(code_for(sandbox, SHOP, before))
    page.get_by_role("checkbox").click(position={"x": 12, "y": 24})
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("去申报").wait_for()
    shoot(page, "home")
    page.get_by_text("去申报").first.click()
    page.get_by_text("应缴税费").wait_for()
    shoot(page, "return")
    page.get_by_text("为什么是这个数").first.click()
    page.get_by_text("一步一步算给您看").wait_for()
    shoot(page, "explanation")
    page.go_back()
    page.get_by_text("提交", exact=True).last.click()
    page.get_by_text("确认缴款").wait_for()
    shoot(page, "pay")
    page.get_by_text("确认缴款").click()
    page.get_by_text("立即支付").wait_for()
    page.get_by_text("立即支付").click()
    page.wait_for_url(f"{url}/**", timeout=20_000)
    page.wait_for_timeout(2500)
    shoot(page, "done")


def calculators(browser: Browser, url: str) -> None:
    """Without a name: two choices side by side, and a home that is sold."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.goto(f"{url}/#/calculators/list/index")
    page.get_by_text("年终奖个税").wait_for()
    shoot(page, "calculators")
    page.get_by_text("年终奖个税").click()
    page.locator("[data-compare]").first.wait_for()
    page.set_viewport_size({"width": 390, "height": 1200})
    shoot(page, "calculator")


def at_the_desk(browser: Browser, url: str, sandbox: str, phone: str) -> Page:
    """The workbench, signed in."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{url}/workbench/sign-in")
    page.get_by_role("tab").nth(1).click()
    before = newest(sandbox, phone)
    page.fill('input[name="phone"]', phone)
    page.locator("form button[type=button]").click()
    page.fill('input[name="code"]', code_for(sandbox, phone, before))
    page.locator("form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/workbench/(?!sign-in)"))
    return page


def officer(browser: Browser, url: str, sandbox: str) -> None:
    """The list, and a return with its explanation."""
    page = at_the_desk(browser, url, sandbox, OFFICER)
    if "/hats" in page.url:
        page.locator("button.hat").filter(has_text="经办").first.click()
    page.goto(f"{url}/workbench/taxpayers")
    page.locator("tr[data-taxpayer]").first.wait_for()
    shoot(page, "workbench-list")
    page.goto(f"{url}/workbench/taxpayers/1001/returns")
    page.locator("article tbody tr a").first.click()
    page.locator(".receipt").wait_for()
    shoot(page, "workbench")


def what_if(browser: Browser, url: str, sandbox: str) -> None:
    """A study of a higher basic deduction over the invented province, and two computations of one person."""
    page = at_the_desk(browser, url, sandbox, DECIDER)
    page.goto(f"{url}/workbench/insight/new")
    page.locator('[data-law="iit_year"]').click()
    number = page.locator('[data-parameter="iit_year.basic_deduction_month"]')
    number.locator("button").first.click()
    number.locator(".edit input").fill("6000")
    page.locator(".go").click()
    page.locator(".result").wait_for(timeout=120_000)
    shoot(page, "what-if")
    page.locator("tr[data-row] a, tr[data-row]").first.click()
    page.wait_for_timeout(1500)
    shoot(page, "what-if-twins")


def law_desk(browser: Browser, url: str, sandbox: str) -> None:
    """A number of the law through the years."""
    page = at_the_desk(browser, url, sandbox, DRAFTER)
    page.goto(f"{url}/workbench/law/numbers/vat_small_scale.quarter_threshold")
    page.wait_for_timeout(1500)
    shoot(page, "law-desk")


def certificate(url: str, sandbox: str) -> None:
    """The paper, first page."""
    with httpx.Client(base_url=url, timeout=20) as http:
        before = newest(sandbox, SHOP)
        answer = http.post("/api/identity/sms-codes", json={"phone": SHOP})
        if answer.status_code == 429:
            time.sleep(float(answer.headers["retry-after"]) + 1)
            http.post("/api/identity/sms-codes", json={"phone": SHOP}).raise_for_status()
        device = {"name": "pictures", "channel": "h5"}
        body = {"phone": SHOP, "code": code_for(sandbox, SHOP, before), "device": device}
        token = http.post("/api/identity/sessions/sms", json=body).raise_for_status().json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        paid = next(o for o in http.get("/api/payment/orders").json() if o["state"] == "paid")
        made = http.post("/api/certificates", json={"order_id": paid["order_id"]}).raise_for_status().json()
        paper = http.get(made["pdf_path"]).raise_for_status().content
    pypdfium2.PdfDocument(paper)[0].render(scale=1.2).to_pil().save(FOLDER / "certificate.png")
    sys.stdout.write("  certificate\n")


def main() -> None:
    """Play and keep."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    host, port = url.rsplit(":", 1)
    sandbox = f"{host}:{int(port) + 900}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        taxpayer(browser, url, sandbox)
        calculators(browser, url)
        officer(browser, url, sandbox)
        what_if(browser, url, sandbox)
        law_desk(browser, url, sandbox)
        browser.close()
    certificate(url, sandbox)


if __name__ == "__main__":
    main()
