"""The developer portal: what it tells to paste works on a real server, so do the client libraries."""

from __future__ import annotations

import asyncio
import html
import json
import re
import shutil
import sys

import pytest
from filing.make import VILLAGE
from partners.make import registered

import house as repository
import partner_sdk
from palmtax.plumbing.settings import Settings

TSC = repository.ROOT / "web" / "node_modules" / "typescript" / "bin" / "tsc"
PYTHON = """
import sys
from urllib.parse import parse_qsl, urlsplit
import json, base64, urllib.request
from palmtax_open import PalmtaxOpen, Refused, verify_webhook

base, client_id, secret, taxpayer = sys.argv[1:]
client = PalmtaxOpen(base, client_id=client_id, client_secret=secret)
own = client.own_token()["access_token"]
found = client.search_matters(own, q="发票额度", limit=2)["matters"][0]["code"]
late = client.use_calculator(own, "late_fee", {"facts": {"unpaid_tax": "12000.50", "days_late": 30}})
begun = client.begin(redirect_uri="http://127.0.0.1:9000/back", scopes=["taxpayer.read", "returns.due"])
wish = dict(parse_qsl(urlsplit(begun["url"]).query)) | {"taxpayer_id": int(taxpayer)}
wish.pop("client_id")
packed = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
headers = {"authorization": f"Basic {packed}", "content-type": "application/json"}
request = urllib.request.Request(f"{base}/api/partners/developer/sandbox/consents", json.dumps(wish).encode(), headers)
to = json.loads(urllib.request.urlopen(request).read())["redirect_to"]
back = dict(parse_qsl(urlsplit(to).query))
tokens = client.finish(begun, back, redirect_uri="http://127.0.0.1:9000/back")
name = client.read_taxpayer(tokens["access_token"])["name"]
renewed = client.renew(tokens["refresh_token"])
due = client.list_returns_due(renewed["access_token"])["returns"]
try:
    client.list_certificates(renewed["access_token"])
    code = ""
except Refused as refused:
    code = refused.code
try:
    client.finish(begun, back | {"iss": "https://evil.example"}, redirect_uri="http://127.0.0.1:9000/back")
    mixed = False
except Refused:
    mixed = True
client.give_back(renewed["refresh_token"])
print(json.dumps([found, late["missing"], name, len(due) > 0, code, mixed]))
"""
TYPESCRIPT = """
import { PalmtaxOpen, Refused } from "./palmtax-open";

const [base, id, secret, taxpayer] = process.argv.slice(2);
const back = "http://127.0.0.1:9000/back";

async function main(): Promise<void> {
  const client = new PalmtaxOpen(base, id, secret, "en");
  const own = await client.ownToken();
  const found = (await client.searchMatters(own.access_token, { q: "发票额度" })).matters[0].code;
  const begun = await client.begin(back, ["taxpayer.read", "returns.due"]);
  const wish = Object.fromEntries(new URL(begun.url).searchParams);
  delete wish["client_id"];
  const answer = await fetch(`${base}/api/partners/developer/sandbox/consents`, {
    method: "POST", headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}`, "content-type": "application/json" },
    body: JSON.stringify({ ...wish, taxpayer_id: Number(taxpayer) }),
  });
  const cameBack = new URL((await answer.json()).redirect_to).searchParams;
  const tokens = await client.finish(begun, cameBack, back);
  const name = (await client.readTaxpayer(tokens.access_token)).name;
  const due = (await client.listReturnsDue(tokens.access_token)).returns;
  const code = await client.listCertificates(tokens.access_token).then(() => "", (e: unknown) => (e instanceof Refused ? e.code : "?"));
  console.log(JSON.stringify([found, name, due.length > 0, code]));
}
void main();
"""


async def _run(*command: str, cwd: str | None = None, seconds: float = 60) -> str:
    done = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(seconds):
        out, wrong = await done.communicate()
    assert done.returncode == 0, (out + wrong).decode()[-2000:]
    return out.decode()


async def _application(client, redirect: str = "http://127.0.0.1:9000/back") -> tuple[str, str]:
    one = await registered(client, redirect_uris=[redirect])
    return one.client_id, one.secret


async def test_what_the_portal_says_to_paste_works(served, client, rows):
    page = (await client.get("/developers")).text
    block = re.search(r'<pre data-test="start"><code>(.*?)</code></pre>', page, re.DOTALL)
    assert block is not None
    out = await _run("bash", "-eu", "-o", "pipefail", "-c", html.unescape(block[1]))
    assert json.loads(out[out.index('{"returns"') :])["returns"]
    assert [one["name"] for one in await rows("select name from partners_application")] == ["我的第一个应用"]


async def test_a_program_with_the_python_library_runs(served, client, tmp_path):
    library = (await client.get("/developers/palmtax_open.py")).text
    (tmp_path / "palmtax_open.py").write_text(library, encoding="utf-8")
    (tmp_path / "sample.py").write_text(PYTHON, encoding="utf-8")
    told = await _run(sys.executable, str(tmp_path / "sample.py"), served, *await _application(client), str(VILLAGE))
    assert json.loads(told) == ["FPBL-001", [], f"小满面馆{VILLAGE}", True, "partners.scope_needed", True]


@pytest.mark.skipif(not TSC.exists() or shutil.which("node") is None, reason="needs node and web/node_modules")
async def test_a_program_with_the_typescript_library_compiles_strictly_and_runs(served, client, tmp_path):
    library = (await client.get("/developers/palmtax-open.ts")).text
    (tmp_path / "palmtax-open.ts").write_text(library, encoding="utf-8")
    (tmp_path / "sample.ts").write_text("declare const process: { argv: string[] };\n" + TYPESCRIPT, encoding="utf-8")
    options = (
        "--strict",
        "--target",
        "es2022",
        "--lib",
        "es2023,dom,dom.iterable",
        "--module",
        "commonjs",
    )
    await _run("node", str(TSC), *options, "sample.ts", cwd=str(tmp_path))
    told = await _run("node", str(tmp_path / "sample.js"), served, *await _application(client), str(VILLAGE))
    assert json.loads(told) == ["FPBL-001", f"小满面馆{VILLAGE}", True, "partners.scope_needed"]


def test_the_libraries_are_fresh():
    stale = [
        name for name, text in partner_sdk.made().items()
        if (partner_sdk.FOLDER / name).read_text(encoding="utf-8") != text
    ]  # fmt: skip
    assert stale == [], "run `python dev/partner_sdk.py`"


async def test_the_document_tells_of_the_open_surface_only(client, town):
    made = (await client.get("/open/v1/openapi.json")).json()
    assert {path.split("/")[1] for path in made["paths"]} == {"open"}
    assert len(made["paths"]) >= 8
    names = [one["operationId"] for methods in made["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names)


async def test_the_portal_speaks_both_languages_and_runs_nothing_foreign(client, town):
    answer = await client.get("/developers")
    page = answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert page.count('lang="zh"') == page.count('lang="en"')
    assert "{{" not in page
    assert not re.search(r"<script(?! src=\"/developers/)|\son\w+=|style=", page)
    for name in re.findall(r'(?:src|href)="/developers/([\w.-]+)"', page):
        assert (await client.get(f"/developers/{name}")).status_code == 200
    assert (await client.get("/developers/../errors.py")).status_code in (404, 422)
    assert (await client.get("/developers/portal.html")).status_code == 422


async def test_the_cookie_is_for_https_only_where_the_house_is(client, house, town):
    one = await registered(client)
    house.settings = Settings({"PALMTAX_SERVER_PUBLIC_URL": "https://tax.example/"})
    answer = await one.authorise()
    assert answer.headers["location"].startswith("https://tax.example/#/consents/ask/index?request=")
    assert "Secure" in answer.headers["set-cookie"]
