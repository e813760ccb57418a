"""What people have to load: mini-program packages, H5 and workbench chunks."""

from __future__ import annotations

import gzip
import json
import re
from collections import deque
from pathlib import Path

from bench.table import Section, reached
from steps.parts import H5, MINI_PROGRAM, WORKBENCH_DIST

MAIN_AIM = 1_500_000
SUB_LIMIT = 2_000_000
"""WeChat's own limit of one package, bytes."""
PACKED = frozenset({".js", ".css", ".html"})
_STATIC = re.compile(r"""(?:\bfrom\s*|\bimport\s*)["']\./([^"']+\.js)["']""")


def kilo(count: int) -> str:
    """Bytes as kB of 1000."""
    return f"{count / 1000:,.1f} kB"


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def packed(path: Path) -> int:
    """Bytes over the wire: gzip 9 as the server sends it."""
    return len(gzip.compress(path.read_bytes(), 9))


def entry_files(index: Path) -> set[Path]:
    """The files a page needs before anything of ours runs: named in it, and what those import at once."""
    html = index.read_text(encoding="utf-8")
    named = {path for path in index.parent.rglob("*.*") if path.suffix in PACKED and f"/{path.name}" in html}
    waiting, found = deque(named), set(named)
    while waiting:
        script = waiting.popleft()
        if script.suffix == ".js":
            for name in _STATIC.findall(script.read_text(encoding="utf-8")):
                other = script.parent / name
                if other.exists() and other not in found:
                    found.add(other)
                    waiting.append(other)
    return found


def _mini_program(section: Section) -> None:
    if not (MINI_PROGRAM / "app.json").exists():
        section.notes.append("the mini program is not built (`make bench` builds it)")
        return
    app = json.loads((MINI_PROGRAM / "app.json").read_text(encoding="utf-8"))
    declared = app.get("subPackages", app.get("subpackages", []))
    subs = {str(part["root"]).strip("/"): _bytes(MINI_PROGRAM / str(part["root"])) for part in declared}
    main = _bytes(MINI_PROGRAM) - sum(subs.values())
    section.add(
        "mini program, main package",
        kilo(main),
        "WeChat's limit 2,000 kB",
        f"≤ {kilo(MAIN_AIM)}",
        reached(main <= MAIN_AIM),
    )
    for name, size in sorted(subs.items(), key=lambda item: -item[1]):
        section.add(f"  sub-package {name}", kilo(size), "", f"≤ {kilo(SUB_LIMIT)}", reached(size <= SUB_LIMIT))
    if "lazyCodeLoading" not in app:
        section.notes.append('app.json has no "lazyCodeLoading": "requiredComponents" (the official check asks for it)')


def _browser(section: Section, name: str, folder: Path) -> None:
    index = folder / "index.html"
    if not index.exists():
        section.notes.append(f"{name} is not built (`make bench` builds it)")
        return
    sizes = {path: packed(path) for path in folder.rglob("*") if path.suffix in PACKED}
    first = {index} | entry_files(index)
    raw = sum(path.stat().st_size for path in sizes)
    section.add(f"{name}, everything", f"{kilo(sum(sizes.values()))} gzip", f"{kilo(raw)} raw, {len(sizes)} files")
    section.add(
        f"{name}, before the first page", f"{kilo(sum(sizes[path] for path in first))} gzip", f"{len(first)} files"
    )
    lines = [f"{'gzip':>10}{'raw':>12}  file"]
    for path, size in sorted(sizes.items(), key=lambda item: -item[1]):
        mark = "  (first)" if path in first else ""
        lines.append(f"{kilo(size):>10}{kilo(path.stat().st_size):>12}  {path.relative_to(folder)}{mark}")
    section.blocks.append((f"{name}, every chunk", "\n".join(lines)))


def measure() -> Section:
    """All builds that are there."""
    section = Section("sizes: what people load")
    _mini_program(section)
    _browser(section, "H5", H5)
    _browser(section, "workbench", WORKBENCH_DIST)
    return section
