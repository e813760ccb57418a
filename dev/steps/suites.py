"""The test runners and the checks: what is run, in which order, and their own last lines at the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from steps import house
from steps.parts import scripts
from steps.place import HARNESS, MOBILE, ROOT, VENV, VENV_PYTHON, WEB, environment

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_SUMMARY = re.compile(
    r"^(=+ .*\bin [\d.]+s.*=+|\d+ (passed|failed|error).*\bin [\d.]+s.*|no tests ran.*"
    r"|\s*Test Files\s.*|\s*Tests\s+\d.*"
    r"|[#ℹ] (tests|pass|fail|skipped) \d+)$"
)


NODE = ("node", "--test", "--test-force-exit", "--test-concurrency=1")
"""Forced: the simulator's app keeps its timers running, as an app on a phone does."""


AGAIN = (str(VENV_PYTHON), "-m", "pytest", "-q", "--last-failed", "--last-failed-no-failures=none")
"""A few tests that failed on a loaded machine run once more, alone (browser tests: their files; those of a real house on a
fresh one, for a walk changes what it walks on); that they had to is said loudly and is a bug to mend."""
FEW = 5
_FAILED = re.compile(r"(\d+) failed|^[#ℹ] fail (\d+)$")


@dataclass(frozen=True)
class Suite:
    """One runner; `needs_browser` suites are skipped, loudly, where no Chromium is; `needs_house`: on a running house."""

    zh: str
    en: str
    argv: tuple[str, ...]
    folder: Path = ROOT
    needs_browser: bool = False
    needs_house: bool = False
    again: tuple[str, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether an npm suite's script, or a node suite's files, are there; other programs always are."""
        if self.argv[0] == "node":
            return len(self.argv) > len(NODE)
        return self.argv[:2] != ("npm", "run") or self.argv[-1] in scripts(self.folder)


@dataclass(frozen=True)
class Outcome:
    """How a suite ended."""

    suite: Suite
    code: int | None
    seconds: float
    summary: tuple[str, ...]
    failed_files: tuple[str, ...] = ()
    """Of a node suite: the files with a test that failed."""


_FAILED_AT = re.compile(r"location: '(.+\.test\.m?js):\d+:\d+'")


def _npm(zh: str, en: str, folder: Path, script: str, *, needs_browser: bool = False) -> Suite:
    return Suite(zh, en, ("npm", "run", "--silent", script), folder, needs_browser)


def _node(zh: str, en: str, folder: Path, *, needs_house: bool = False) -> Suite:
    """Node's own runner over the browser tests of a folder."""
    files = sorted(str(p) for p in folder.glob("*.test.*"))
    return Suite(zh, en, (*NODE, *files), WEB, needs_browser=True, needs_house=needs_house)


def test_suites(chromium: str | None) -> list[Suite]:
    """All tests; pytest comes last, so that its line closes the output."""
    workers = os.environ.get("PALMTAX_TEST_WORKERS", "") or "2"
    tests = WEB / "tests"
    pytest = (str(VENV_PYTHON), "-m", "pytest", "-n", workers, "--dist", "worksteal", "-q")
    which = () if chromium else ("-m", "not browser")
    return [
        _npm("前端单元测试", "front-end unit tests", WEB, "test:unit"),
        _npm("小程序模拟器", "mini program in the simulator", HARNESS, "test"),
        _node("工作台浏览器测试", "workbench in a browser", tests / "workbench"),
        _node("手机端浏览器测试", "phone app in a browser", tests / "mobile"),
        _node("全程：小程序、浏览器、工作台", "the journey on a real house", tests / "house", needs_house=True),
        _node("工作台，真实后端", "workbench on a real house", tests / "workbench", needs_house=True),
        Suite("Python 测试", "Python tests", (*pytest, *which), again=(*AGAIN, *which)),
    ]


def check_suites() -> list[Suite]:
    """Everything that needs neither a database nor a browser."""
    tool = VENV / "bin"
    python = str(VENV_PYTHON)
    folders = [name for name in ("server", "dev", "bench") if (ROOT / name).exists()]
    return [
        Suite("格式", "format", (str(tool / "ruff"), "format", "--check", *folders)),
        Suite("规则", "ruff", (str(tool / "ruff"), "check", *folders)),
        Suite("类型", "mypy", (str(tool / "mypy"),)),
        Suite("楼层", "floors", (str(tool / "lint-imports"),)),
        Suite("自家规则", "own lints", (python, "-m", "lint")),
        Suite("结构测试", "architecture tests", (python, "-m", "pytest", "-q", "server/tests/architecture")),
        Suite("生成的文件", "generated files", (python, "dev/generate.py", "--check")),
        _npm("前端规则与类型", "front-end lint, rings, types", WEB, "check"),
        _npm("手机端类型", "phone app types", MOBILE, "type-check"),
    ]


@dataclass(frozen=True)
class Ground:
    """What suites may stand on: a Chromium, and the addresses of a running house (or why there is none)."""

    chromium: str | None = None
    house: Mapping[str, str] = field(default_factory=dict)


def _run(suite: Suite, number: int, total: int, ground: Ground, *, quiet: bool) -> Outcome:
    chromium = ground.chromium
    line = f"[{number}/{total}] {suite.zh} · {suite.en}"
    if suite.needs_browser and not chromium:
        sys.stdout.write(f"{line} … ⚠ 跳过：没有 Chromium · SKIPPED: no Chromium\n")
        return Outcome(suite, None, 0.0, ("⚠ 跳过：没有 Chromium · SKIPPED: no Chromium",))
    if not suite.exists:
        sys.stdout.write(f"{line} … ✗ 没有找到测试 · no tests found\n")
        return Outcome(suite, 1, 0.0, (f"✗ {suite.folder.name}: {suite.argv[-1]} … 没有找到测试 · no tests found",))
    sys.stdout.write(f"{line} …{' ' if quiet else chr(10)}")
    sys.stdout.flush()
    began = time.monotonic()
    extra = {"PALMTAX_CHROMIUM": chromium, "CHROMIUM": chromium} if chromium else {}
    if suite.needs_house:
        extra |= ground.house
    lines: list[str] = []
    with subprocess.Popen(
        suite.argv,
        cwd=suite.folder,
        env=environment(**extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as child:
        try:
            for text in child.stdout or ():
                lines.append(text)
                if not quiet:
                    sys.stdout.write(text)
                    sys.stdout.flush()
        except KeyboardInterrupt:
            child.terminate()
            raise
    took = time.monotonic() - began
    plain = [_COLOUR.sub("", text).rstrip("\n") for text in lines]
    if quiet:
        sys.stdout.write(f"{'✓' if child.returncode == 0 else '✗'} {took:.1f} s\n")
        if child.returncode != 0:
            sys.stdout.write("".join(f"    {text}\n" for text in plain[-40:]))
    told = tuple(text for text in plain if _SUMMARY.match(text))
    files = dict.fromkeys(found[1] for text in plain if (found := _FAILED_AT.search(text)))
    return Outcome(suite, child.returncode, took, told, tuple(files) if suite.argv[0] == "node" else ())


def _second_look(first: Outcome, number: int, total: int, ground: Ground) -> Outcome:
    """The few tests that failed, alone: a failure that stays fails the run, one that goes is told as unsteady."""
    failed = [int(found[1] or found[2]) for text in first.summary if (found := _FAILED.search(text))]
    again = first.suite.again or ((*NODE, *first.failed_files) if first.failed_files else ())
    if first.code != 1 or not again or not failed or failed[-1] > FEW:
        return first
    sys.stdout.write(f"⚠ {failed[-1]} 项失败，单独再跑一次 · failed; once more, alone\n")
    needs_house = first.suite.needs_house and bool(ground.chromium)
    with house.standing("house-again") if needs_house else nullcontext(ground.house) as addresses:
        fresh = replace(ground, house=addresses)
        alone = _run(replace(first.suite, argv=again, again=()), number, total, fresh, quiet=False)
    said = next(text.strip("= ") for text in reversed(first.summary) if _FAILED.search(text))
    told = f"⚠ 不稳定：首轮失败 {failed[-1]} 项 · UNSTEADY: {failed[-1]} failed in the first run ({said})"
    return replace(alone, suite=first.suite, seconds=first.seconds + alone.seconds, summary=(told, *alone.summary))


def run_all(suites: Sequence[Suite], chromium: str | None = None, *, quiet: bool = False) -> int:
    """Run every suite, also after a failure; then a table with each runner's own last lines. 0 if all is well."""
    outcomes: list[Outcome] = []
    numbered = list(enumerate(suites, 1))
    for needs_house, group in groupby(numbered, key=lambda one: one[1].needs_house and bool(chromium)):
        with house.standing() if needs_house else nullcontext({}) as addresses:
            ground = Ground(chromium, addresses)
            outcomes += [
                _second_look(_run(suite, n, len(suites), ground, quiet=quiet), n, len(suites), ground)
                for n, suite in group
            ]
    sys.stdout.write("\n")
    for done in outcomes:
        mark = "⚠" if done.code is None else "✓" if done.code == 0 else "✗"
        sys.stdout.write(f"{mark} {done.suite.zh} · {done.suite.en}  {done.seconds:.1f} s\n")
        if not quiet:
            for text in done.summary[-12:] if done.code is not None else done.summary:
                sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return 1 if any(done.code for done in outcomes) else 0
