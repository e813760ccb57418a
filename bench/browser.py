"""First visits in a real Chromium over an emulated line, and Lighthouse; fresh profile each time."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from bench.visits import Visit
from palmtax.plumbing.postgres import free_port
from steps.machine import chromium
from steps.place import ROOT, environment

LIGHTHOUSE = "13.5.0"
DOWN_BITS, UP_BITS, LATENCY_MS = 5_000_000, 1_000_000, 100
SETTLED_MS = 1500
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_WATCH = """
window.benchPaints = {};
new PerformanceObserver(list => { for (const e of list.getEntries()) window.benchPaints[e.name] = e.startTime })
  .observe({ type: 'paint', buffered: true });
new PerformanceObserver(list => { for (const e of list.getEntries()) {
  window.benchPaints.lcp = e.startTime;
  window.benchPaints.element = (e.element ? e.element.outerHTML : '').slice(0, 160) } })
  .observe({ type: 'largest-contentful-paint', buffered: true });
"""


@dataclass(slots=True)
class Load:
    """One first visit: bytes over the wire by type, requests, paints in ms."""

    kinds: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    fcp_ms: float = 0.0
    lcp_ms: float = 0.0
    element: str = ""
    address: str = ""
    slowest: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """All bytes that came in, heads and bodies as transferred."""
        return self.kinds.total()


@contextmanager
def _context(visit: Visit, *arguments: str) -> Iterator[BrowserContext]:
    """A browser with a profile that was never used; RuntimeError without a Chromium."""
    path = chromium()
    if path is None:
        raise RuntimeError("no Chromium: `make bench` as root installs Debian's, or set PALMTAX_CHROMIUM")
    profile = tempfile.mkdtemp(prefix="palmtax-profile-")
    try:
        with sync_playwright() as tool:
            context = tool.chromium.launch_persistent_context(
                profile, executable_path=path, headless=True, args=[*ARGUMENTS, *arguments], locale="zh-CN",
                viewport={"width": 1440, "height": 900} if visit.is_desktop else {"width": 390, "height": 844},
                device_scale_factor=1 if visit.is_desktop else 2, is_mobile=not visit.is_desktop,
            )  # fmt: skip
            yield context
            context.close()
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def first_load(url: str, visit: Visit) -> Load:
    """Open the page for the first time at 5/1 Mbit/s and 100 ms, until it is quiet."""
    load = Load()
    with _context(visit) as context:
        for name, value in visit.storage.items():
            context.add_init_script(f"localStorage.setItem({json.dumps(name)}, {json.dumps(value)})")
        context.add_init_script(_WATCH)
        page = context.pages[0]
        line = context.new_cdp_session(page)
        kinds: dict[str, tuple[str, str]] = {}
        began: dict[str, float] = {}
        line.on("Network.requestWillBeSent", lambda e: began.__setitem__(e["requestId"], e["timestamp"]))
        line.on(
            "Network.responseReceived",
            lambda e: kinds.__setitem__(e["requestId"], (e["type"], e["response"]["url"])),
        )

        def finished(event: dict[str, Any]) -> None:
            kind, address = kinds.get(event["requestId"], ("Other", ""))
            if address.startswith("data:"):
                return
            load.kinds[kind] += int(event["encodedDataLength"])
            load.requests += 1
            start = began.get(event["requestId"], event["timestamp"])
            load.slowest.append(
                f"{(start - began_first(began)) * 1000:7.0f} +{(event['timestamp'] - start) * 1000:5.0f} ms"
                f" {event['encodedDataLength']:8.0f} B  {kind:10} {address.removeprefix(url)[:90]}"
            )

        line.on("Network.loadingFinished", finished)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": DOWN_BITS / 8,
                "uploadThroughput": UP_BITS / 8,
            },
        )
        page.goto(url + visit.path, wait_until="load", timeout=60_000)
        page.wait_for_load_state("networkidle", timeout=30_000)
        page.wait_for_timeout(SETTLED_MS)
        seen = page.evaluate("window.benchPaints")
        load.fcp_ms, load.lcp_ms = float(seen.get("first-contentful-paint", 0)), float(seen.get("lcp", 0))
        load.element, load.address = str(seen.get("element", "")), page.url.removeprefix(url)
    return load


def began_first(began: dict[str, float]) -> float:
    """When the first request of all was sent."""
    return min(began.values())


def _lighthouse() -> Path:
    """Lighthouse's program below ./var, installed on the first call (it is no part of the repository's packages)."""
    folder = ROOT / "var" / "lighthouse"
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    known = folder / "node_modules" / "lighthouse" / "package.json"
    if not known.exists() or json.loads(known.read_text(encoding="utf-8"))["version"] != LIGHTHOUSE:
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--no-save",
            "--prefix",
            str(folder),
        ]
        done = subprocess.run(
            [*command, f"lighthouse@{LIGHTHOUSE}"],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            raise RuntimeError(f"Lighthouse could not be installed: {done.stderr[-400:]}")
    return program


def lighthouse(url: str, visit: Visit) -> dict[str, Any]:
    """One Lighthouse run (its own throttling: slow 4G and a slow phone, or the desktop preset); its report."""
    program, port = _lighthouse(), free_port()
    with _context(visit, f"--remote-debugging-port={port}") as context:
        page = context.pages[0]
        # The storage is filled from a page that loads nothing of the application, so the visit is still the first one.
        page.goto(f"{url}/healthz")
        for name, value in visit.storage.items():
            page.evaluate("([name, value]) => localStorage.setItem(name, value)", [name, value])
        command = [
            "node",
            str(program),
            url + visit.path,
            f"--port={port}",
            "--output=json",
            "--quiet",
            "--disable-storage-reset",
        ]
        command += ["--only-categories=performance,accessibility,best-practices"]
        command += ["--preset=desktop"] if visit.is_desktop else []
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=240)
    if done.returncode:
        raise RuntimeError(f"lighthouse: {done.stderr[-600:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    if report.get("runtimeError"):
        raise RuntimeError(f"lighthouse: {report['runtimeError']['message']}")
    return report


def _node(item: dict[str, Any]) -> str:
    node = item.get("node") or {}
    named = (
        node.get("snippet")
        or node.get("selector")
        or item.get("url")
        or item.get("label")
        or item.get("description")
        or ""
    )
    why = (node.get("explanation") or "").replace("\n", " ")
    return f"{str(named)[:150]} {why[:220]}".strip()


def failures(report: dict[str, Any]) -> list[str]:
    """Audits below the best mark that count in a category, worst first, with the first things they name."""
    found: list[tuple[float, str]] = []
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            lost = reference["weight"] * (1 - (audit["score"] if audit["score"] is not None else 1))
            if lost > 0 or (audit["score"] == 0 and audit.get("details", {}).get("items")):
                items = audit.get("details", {}).get("items", []) if isinstance(audit.get("details"), dict) else []
                named = [f"\n      {_node(item)}" for item in items[:6] if isinstance(item, dict) and _node(item)]
                words = (
                    f"{category['id']}: {reference['id']} (weight {reference['weight']}, score {audit['score']:.2f})"
                )
                found.append((-lost, f"{words} {audit.get('displayValue', '')}{''.join(named)}"))
    return [text for _, text in sorted(found)]
