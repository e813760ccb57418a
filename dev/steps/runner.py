"""Runs steps and tells how far they are: `[2/7] 安装 Python 依赖 · Python packages … ✓ 12.3 s`."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from steps import stamps
from steps.machine import is_terminal
from steps.place import LOGS, ROOT, environment
from steps.trouble import Trouble, explained


@dataclass
class Step:
    """One thing to do; skipped when its inputs are as they were and its outputs are there.

    `beside`: it waits for nothing and nothing of the front ends waits for it, so it may run meanwhile.
    """

    key: str
    zh: str
    en: str
    do: Callable[[], str | None]
    inputs: Sequence[Path] = ()
    outputs: Sequence[Path] = ()
    words: Sequence[str] = field(default=())
    beside: bool = False

    def print_(self) -> str:
        """The fingerprint of the inputs; empty when the step runs each time."""
        return stamps.fingerprint(self.inputs, *self.words) if self.inputs else ""


class _Ticker:
    """Shows on a terminal that something still happens: seconds, once a second."""

    def __init__(self, line: str) -> None:
        self.line, self.began = line, time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        sys.stdout.write(f"{self.line} … ")
        sys.stdout.flush()
        if is_terminal():
            self._thread.start()
        return self

    def _tick(self) -> None:
        while not self._stop.wait(1.0):
            sys.stdout.write(f"\r{self.line} … {time.monotonic() - self.began:.0f} s ")
            sys.stdout.flush()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
            sys.stdout.write(f"\r\033[K{self.line} … ")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class _Beside:
    """A step that runs while later ones do; its outcome is told when they are done."""

    def __init__(self, step: Step, line: str) -> None:
        self.step, self.line, self.began = step, line, time.monotonic()
        self._trouble: BaseException | None = None
        self._said: str | None = None
        self._seconds = 0.0
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def _go(self) -> None:
        try:
            self._said = self.step.do()
        except BaseException as wrong:  # noqa: BLE001 — handed to the main thread, which raises it
            self._trouble = wrong
        self._seconds = time.monotonic() - self.began

    def wait(self) -> None:
        """Until it has ended, however."""
        self._thread.join()

    def finish(self) -> None:
        """Wait for it and tell; its Trouble is raised here."""
        with _Ticker(self.line):
            while self._thread.is_alive():
                self._thread.join(0.2)
        if self._trouble is not None:
            sys.stdout.write("✗\n")
            raise self._trouble
        _done(self.step, self._said, self._seconds)


def _done(step: Step, said: str | None, seconds: float) -> None:
    print_ = step.print_()
    if print_:
        stamps.press(step.key, print_)
    sys.stdout.write(f"✓ {said + ' ' if said else ''}{seconds:.1f} s\n")
    sys.stdout.flush()


def go_through(steps: Sequence[Step], more: int = 0) -> None:
    """Run the steps in order, those marked `beside` while the later ones run; a Trouble ends it.

    `more`: how many steps the caller will tell of afterwards, so that the count is right.
    """
    running: list[_Beside] = []
    for number, step in enumerate(steps, 1):
        line = f"[{number}/{len(steps) + more}] {step.zh} · {step.en}"
        print_ = step.print_()
        if print_ and stamps.is_fresh(step.key, print_, step.outputs):
            sys.stdout.write(f"{line} … 未变，跳过 · unchanged\n")
            continue
        stamps.lift(step.key)
        if step.beside:
            running.append(_Beside(step, line))
            sys.stdout.write(f"{line} … 同时进行 · goes on beside the next\n")
            continue
        try:
            with _Ticker(line) as ticker:
                said = step.do()
        except Trouble:
            sys.stdout.write("✗\n")
            for other in running:  # nothing of ours runs on after we have ended
                other.wait()
            raise
        _done(step, said, ticker.seconds)
    for other in running:
        other.finish()


def command(key: str, zh: str, en: str, argv: Sequence[str], cwd: Path = ROOT, **more: str) -> None:
    """Run a program with its output in var/log/setup; a failure becomes a Trouble with a sentence."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{key}.log"
    with log.open("a" if key.endswith("+") else "w", encoding="utf-8") as out:
        try:
            code = subprocess.run(
                argv,
                cwd=cwd,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
                env=environment(**more),
            ).returncode
        except FileNotFoundError as missing:
            raise Trouble(f"找不到程序 {argv[0]}。", f"The program {argv[0]} was not found.") from missing
    if code != 0:
        raise explained(log.read_text(encoding="utf-8", errors="replace"), zh, en, log)


def tell(trouble: Trouble) -> None:
    """Print a Trouble: one sentence in each language, then the end of the log if there is one."""
    sys.stdout.flush()
    sys.stderr.write(f"\n✗ {trouble.zh}\n  {trouble.en}\n")
    if trouble.log and trouble.log.exists():
        lines = trouble.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        sys.stderr.write("\n".join(f"  │ {line[:200]}" for line in lines))
        sys.stderr.write(f"\n  全部输出 · full output: {trouble.log.relative_to(ROOT)}\n")
