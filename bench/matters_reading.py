"""Reading the catalogue: all files, checked, in a fresh process, beside bare YAML of the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench.table import Section, reached
from palmtax.entry.processes import say

AIM = 1.5
RUNS = 3
PROGRAM = """
import gc, json, time
import yaml
from palmtax import rules
from palmtax.matters.model import catalogue
from palmtax.matters.model.checking import faults
from palmtax.entry.domains import load_everything
from palmtax import matters

gc.collect()
gc.freeze()


def took(work):
    began = time.process_time()
    work()
    return time.process_time() - began


texts = [path.read_text("utf-8") for path in catalogue.files()]
raws = []


def bare():
    raws[:] = [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]


seconds = {"bare": took(bare)}
laws = sorted({ask["law"] for raw in raws for ask in raw.get("asks") or () if "law" in ask})
raws.clear()
gc.collect()
seconds["laws"] = took(lambda: [rules.law(code) for code in laws])
seconds["cold"] = took(catalogue.catalogue)
catalogue.catalogue.cache_clear()
seconds["bare again"] = took(bare)
raws.clear()
gc.collect()
seconds["warm"] = took(catalogue.catalogue)
load_everything()
seconds["checked"] = took(lambda: faults())
seconds["all"] = took(matters.warm_up)
print(json.dumps(seconds | {"files": len(texts), "laws_count": len(laws), "bytes": sum(len(t.encode()) for t in texts)}))
"""


def _fresh() -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ratio(run: dict[str, Any]) -> float:
    """Twice the catalogue against twice bare YAML, in turn."""
    return float((run["cold"] + run["warm"]) / (run["bare"] + run["bare again"]))


def measure(section: Section) -> None:
    """A few fresh processes; the middle of their ratios."""
    runs = []
    for _ in range(RUNS):
        runs.append(_fresh())
        say("  catalogue " + " ".join(f"{name} {value:.2f}" for name, value in runs[-1].items()))
    one = sorted(runs, key=_ratio)[RUNS // 2]
    ratio = _ratio(one)
    section.add(
        f"catalogue: {one['files']} files read in a fresh process",
        f"{one['cold']:.2f} s processor = {ratio:.2f} × bare YAML",
        f"CSafeLoader, the same {one['bytes'] / 1000:.0f} kB: {one['bare']:.2f} s; its {one['laws_count']} laws: {one['laws']:.2f} s",
        f"≤ {AIM:.1f} ×",
        reached(ratio <= AIM),
    )  # fmt: skip
    section.add("catalogue: read again in the same process", f"{one['warm']:.2f} s processor")
    section.add(
        "catalogue: read and checked against laws, sources and door actions", f"{one['checked']:.2f} s processor"
    )
    whole = one["laws"] + one["warm"] + one["all"]
    what = "catalogue, its laws, themes, search index"
    section.add("catalogue: what a web process reads and builds before it serves", f"{whole:.2f} s processor", what)
