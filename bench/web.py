"""What the first visit costs a person: bytes, first and largest paint over a slow line, Lighthouse."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from bench import browser, visits
from bench.browser import Load
from bench.house import lonely_port
from bench.sizes import kilo
from bench.start import scratch, served
from bench.table import Section, median, reached
from palmtax.entry.domains import load_everything
from palmtax.entry.processes import say
from palmtax.entry.shifted import clock_for
from palmtax.plumbing.postgres import Postgres
from steps.parts import SERVED

RUNS = 3
LCP_AIM_MS = 2000.0
AIMS = {"performance": 0.90, "accessibility": 1.00, "best-practices": 0.95}


def _load_rows(section: Section, name: str, loads: list[Load], *, has_aim: bool) -> None:
    middle = sorted(loads, key=lambda load: load.lcp_ms)[len(loads) // 2]
    kinds = ", ".join(f"{kind.lower()} {kilo(size)}" for kind, size in middle.kinds.most_common())
    section.add(f"{name}: transferred", kilo(middle.bytes), f"{middle.requests} requests: {kinds}")
    section.add(f"{name}: first contentful paint", f"{median([load.fcp_ms for load in loads]):.0f} ms")
    lcp = median([load.lcp_ms for load in loads])
    shown = " · ".join(f"{load.lcp_ms:.0f}" for load in loads)
    aim = f"≤ {LCP_AIM_MS:.0f} ms" if has_aim else ""
    section.add(
        f"{name}: largest contentful paint",
        f"{lcp:.0f} ms",
        f"of {shown}",
        aim,
        reached(lcp <= LCP_AIM_MS) if has_aim else "",
    )
    order = sorted(middle.slowest)
    words = f"ended at {middle.address}; largest: {middle.element}\nstart +took, bytes\n" + "\n".join(order)
    section.blocks.append((f"{name}: the requests of the middle run", words))


def _lighthouse_rows(section: Section, name: str, reports: list[dict[str, Any]]) -> None:
    for category, aim in AIMS.items():
        scores = [float(report["categories"][category]["score"] or 0) for report in reports]
        score = median(scores)
        shown = " · ".join(f"{one * 100:.0f}" for one in scores)
        section.add(
            f"{name}: Lighthouse {category}",
            f"{score * 100:.0f}",
            f"of {shown}",
            f"≥ {aim * 100:.0f}",
            reached(score >= aim),
        )
    middle = sorted(reports, key=lambda report: report["categories"]["performance"]["score"] or 0)[len(reports) // 2]
    power = median([float(report["environment"]["benchmarkIndex"]) for report in reports])
    section.notes.append(
        f"{name}: Lighthouse's own measure of this machine's processor {power:.0f} (a quiet desktop: 1,500 and more)"
    )
    found = browser.failures(middle)
    if found:
        section.blocks.append((f"{name}: what Lighthouse holds against it", "\n".join(found)))
        say("\n".join(f"    {line}" for line in found))


def measure() -> Section:
    """Loads and Lighthouse of each page in a house of its own, on the builds that `make run` serves."""
    if not (SERVED / "h5" / "index.html").exists():
        raise RuntimeError("the front ends are not built: `make bench` builds them first")
    section = Section(
        f"web: first visit at {browser.DOWN_BITS / 1e6:.0f}/{browser.UP_BITS / 1e6:.0f} Mbit/s + {browser.LATENCY_MS} ms, Chromium"
    )
    load_everything()
    with scratch() as folder:
        port = lonely_port()
        var = folder / "var"
        with served(var, port, folder / "serve.log"):
            url = f"http://127.0.0.1:{port}"
            postgres = Postgres(var / "postgres", port=int((var / "postgres" / "port").read_text()))
            shift = int(json.loads((var / "town.json").read_text())["shift_days"])
            for visit in _visits(postgres.dsn(), url, shift, var):
                _one(section, url, visit)
    section.notes.append(
        "the line is emulated by Chromium on each request (latency before the answer, shared bandwidth); the processor is not slowed"
    )
    section.notes.append(
        "Lighthouse slows line and processor itself: mobile preset (slow 4G, processor ÷ 4) for H5, desktop preset for the workbench"
    )
    return section


def _visits(dsn: str, url: str, shift: int, var: Path) -> list[visits.Visit]:
    """The visitors, sealed with the key of the house that is served."""
    os.environ["PALMTAX_PRIVACY_KEY_FILE"] = str(var / "keys" / "privacy.key")
    return asyncio.run(visits.visits(dsn, url, clock_for(shift)))


def _one(section: Section, url: str, visit: visits.Visit) -> None:
    loads = []
    for _ in range(RUNS):
        load = browser.first_load(url, visit)
        paints = f"FCP {load.fcp_ms:.0f}, LCP {load.lcp_ms:.0f} ms"
        say(f"  {visit.name}: {kilo(load.bytes)} in {load.requests} requests, {paints}  {load.address}")
        loads.append(load)
    _load_rows(section, visit.name, loads, has_aim=not visit.is_desktop)
    reports = []
    for _ in range(RUNS):
        report = browser.lighthouse(url, visit)
        marks = {name: round(float(report["categories"][name]["score"] or 0) * 100) for name in AIMS}
        say(f"  {visit.name}: Lighthouse {marks}")
        reports.append(report)
    _lighthouse_rows(section, visit.name, reports)
