"""Making the province: parts in parallel, then one page about the whole, written last, that studies read first."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from demo.population import enterprises, persons, words
from demo.population.drawing import BLOCK, Column
from demo.population.files import PART_ROWS, Part, Written, write
from palmtax.insight.adapters.processes import end_with_parent

FORMAT = 1
PAGE = "population.json"
GROUP_ROWS = 1 << 17
DECILES = 10


class PopulationFault(Exception):
    """Why the province cannot be made, in a clear sentence."""


def make(
    folder: Path,
    *,
    persons_count: int = 10_000_000,
    enterprises_count: int = 2_000_000,
    seed: int = 2026,
    group_rows: int = GROUP_ROWS,
    processes: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Write the province into a folder and return its page (`population.json`). The same seed gives the same rows."""
    counts = {"persons": persons_count, "enterprises": enterprises_count}
    _check(counts, group_rows)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).unlink(missing_ok=True)  # until all is written there is no population
    for kind in counts:
        for old in (folder / kind).glob("part-*"):
            old.unlink()
    began = time.monotonic()
    parts = [part for kind, rows in counts.items() for part in _parts(kind, rows, seed, group_rows, folder)]
    done: list[Written] = []
    for written in _write_all(parts, processes):
        done.append(written)
        tell(_progress(done, parts, time.monotonic() - began))
    page = _page(done, counts, seed, group_rows)
    draft = folder / f"{PAGE}.writing"
    draft.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(folder / PAGE)
    return page


def _check(counts: dict[str, int], group_rows: int) -> None:
    if min(counts.values()) < 1:
        raise PopulationFault("人数和户数至少为 1（at least one person and one enterprise）")
    if group_rows < BLOCK or group_rows % BLOCK or PART_ROWS % group_rows:
        raise PopulationFault(
            f"行组须为 {BLOCK} 的倍数且整除 {PART_ROWS}（row groups: multiples of {BLOCK} that divide {PART_ROWS}）"
        )


def _parts(kind: str, rows: int, seed: int, group_rows: int, folder: Path) -> Iterator[Part]:
    for number, first in enumerate(range(0, rows, PART_ROWS)):
        yield Part(kind, seed, number, first, min(PART_ROWS, rows - first), group_rows, folder)


def _write_all(parts: list[Part], processes: int | None) -> Iterator[Written]:
    """Parts as they are done; a small province is written here, a large one by a process for every core."""
    if sum(part.rows for part in parts) <= PART_ROWS:
        yield from map(write, parts)
        return
    workers = processes or os.cpu_count() or 1
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawning, initializer=end_with_parent) as pool:
        waiting, going = deque(parts), set[Future[Written]]()
        while waiting or going:
            while waiting and len(going) < workers + 1:
                going.add(pool.submit(write, waiting.popleft()))
            over, going = wait(going, return_when=FIRST_COMPLETED)
            for job in over:
                yield job.result()


def _progress(done: list[Written], parts: list[Part], seconds: float) -> str:
    rows, total = sum(w.part.rows for w in done), sum(part.rows for part in parts)
    left = seconds * (total - rows) / rows
    return f"  {rows:,} / {total:,} 行 rows · {seconds:.0f} s · 约剩 left {left:.0f} s"


def _page(done: list[Written], counts: dict[str, int], seed: int, group_rows: int) -> dict[str, Any]:
    ordered = sorted(done, key=lambda w: (w.part.kind, w.part.first))
    digest = hashlib.sha256(f"palmtax population {FORMAT}".encode())
    for written in ordered:
        digest.update(f"{written.part.kind} {written.part.first} {written.part.rows} {written.digest}".encode())
    return {
        "format": FORMAT,
        "invented": True,
        "note": words.INVENTED,
        "seed": seed,
        "group_rows": group_rows,
        "part_rows": PART_ROWS,
        "rows": counts,
        "fingerprint": digest.hexdigest()[:32],
        "bytes": {
            "parquet": sum(w.parquet_bytes for w in ordered),
            "arrow": sum(w.arrow_bytes for w in ordered),
        },
        "parts": [
            {"kind": w.part.kind, "name": w.part.name, "first": w.part.first, "rows": w.part.rows, "digest": w.digest}
            for w in ordered
        ],
        "bounds_fen": _bounds(ordered),
        "codes": {
            "city": [_word(c) for c in words.CITIES],
            "industry": [_word(i) for i in words.INDUSTRIES],
            "persons.band": [_word(b) for b in words.AGES],
            "enterprises.band": [_word(b) for b in words.SIZES],
            "vat_kind": list(words.VAT_KINDS),
            "place_kind": list(words.PLACES),
        },
        "columns": {
            "persons": [*persons.CODES, *persons.FACTS, "income_fen"],
            "enterprises": [*enterprises.CODES, *enterprises.YES_NO, *enterprises.FACTS, *enterprises.QUANTITIES, "income_fen"],
        },
    }  # fmt: skip


def _word(thing: words.City | words.Industry | words.Band) -> dict[str, str]:
    told = asdict(thing)
    return {key: told[key] for key in ("code", "name", "name_en")}


def _bounds(done: list[Written]) -> dict[str, list[int]]:
    """The nine incomes between tenths, exact, of all persons, all enterprises, and enterprises by kind of VAT."""
    found = {}
    for kind in ("persons", "enterprises"):
        incomes = np.concatenate([w.income_fen for w in done if w.part.kind == kind])
        found[kind] = _tenths(incomes)
        if kind == "enterprises":
            vat_kinds = np.concatenate([w.vat_kind for w in done if w.part.kind == kind])
            for place, code in enumerate(words.VAT_KINDS):
                found[f"{kind}.vat_kind.{code}"] = _tenths(incomes[vat_kinds == place])
    return found


def _tenths(incomes: Column) -> list[int]:
    """The largest income of each of the first nine tenths."""
    if not len(incomes):
        return [0] * (DECILES - 1)
    places = [max(0, -(-len(incomes) * tenth // DECILES) - 1) for tenth in range(1, DECILES)]
    ordered = np.partition(incomes, places)
    return [int(ordered[place]) for place in places]


def command(folder: Path, persons_count: int, enterprises_count: int, seed: int, say: Callable[[str], None]) -> int:
    """What `palmtax demo --population` does; the exit code."""
    began = time.monotonic()
    try:
        page = make(folder, persons_count=persons_count, enterprises_count=enterprises_count, seed=seed, tell=say)
    except PopulationFault as fault:
        say(str(fault))
        return 2
    except OSError as wrong:
        say(f"无法写入 {folder}：{wrong.strerror}（cannot write there）")
        return 1
    parquet, arrow = (page["bytes"][kind] / 1e9 for kind in ("parquet", "arrow"))
    say(f"  {folder}：Parquet {parquet:.2f} GB + Arrow {arrow:.2f} GB, {time.monotonic() - began:.1f} s")
    say(f"  指纹 fingerprint {page['fingerprint']} · {words.INVENTED}")
    return 0
