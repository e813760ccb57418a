"""The single steps: environment, front-end packages, builds, browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from steps import machine, stamps
from steps.place import HARNESS, MOBILE, PACKAGES, ROOT, VENV, VENV_PYTHON, WEB, WORKBENCH
from steps.runner import Step, command
from steps.trouble import Trouble

RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BENCH_LOCK = ROOT / "requirements-bench.lock"
H5 = MOBILE / "dist" / "build" / "h5"
MINI_PROGRAM = MOBILE / "dist" / "build" / "mp-weixin"
WORKBENCH_DIST = WORKBENCH / "dist"
SERVED = WEB / "dist"
"""What the server serves: `h5` at /, `workbench` at /workbench."""


def look_at_machine(*, port: bool) -> Step:
    """First step: is the machine fit?"""

    def do() -> str:
        found = [check() for check in machine.CHECKS]
        if port:
            machine.free_port()
        return f"Python {found[1]}, Node {found[2]}, {found[4]}"

    return Step("machine", "检查这台机器", "look at this machine", do)


def _uv() -> str | None:
    inside = VENV / "bin" / "uv"
    return shutil.which("uv") or (str(inside) if inside.exists() else None)


def _environment_works() -> bool:
    if not VENV_PYTHON.exists():
        return False
    probe = [str(VENV_PYTHON), "-c", "import sys; raise SystemExit(sys.version_info[:2] != (3, 11))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _install(lock: Path) -> str:
    zh, en = "安装 Python 依赖", "Installing the Python packages"
    uv = _uv()
    if not _environment_works():
        if VENV.exists():
            shutil.rmtree(VENV)
        uv = shutil.which("uv")
        make = [uv, "venv", "--python", sys.executable, str(VENV)] if uv else [sys.executable, "-m", "venv", str(VENV)]
        command("venv", "建立虚拟环境", "Making the environment", make)
    what = ["--require-hashes", "-r", str(lock)]
    if uv:
        command("python", zh, en, [uv, "pip", "install", "--python", str(VENV_PYTHON), *what])
    else:
        command("python", zh, en, [str(VENV_PYTHON), "-m", "pip", "install", "--no-deps", "--no-input", *what])
    return lock.name


def python_packages(*, dev: bool) -> Step:
    """The environment from the hashed lock; the developers' lock contains everything of the other."""
    dev_step = Step(
        "python-dev",
        "安装 Python 依赖（含开发）",
        "Python packages (with tools)",
        lambda: _install(DEV_LOCK),
        (RUN_LOCK, DEV_LOCK),
        (VENV_PYTHON,),
        (sys.version,),
        beside=True,
    )
    if dev or stamps.is_fresh(dev_step.key, dev_step.print_(), dev_step.outputs):
        return dev_step
    return Step(
        "python-run",
        "安装 Python 依赖",
        "Python packages",
        lambda: _install(RUN_LOCK),
        (RUN_LOCK,),
        (VENV_PYTHON,),
        (sys.version,),
        beside=True,
    )


def compared_packages() -> Step:
    """The developers' packages and what the benches of the law compare with; nothing that is served needs the latter."""
    return Step(
        "python-bench",
        "安装对照用的 Python 依赖",
        "Python packages that benches compare with",
        lambda: _install(BENCH_LOCK),
        (BENCH_LOCK,),
        (VENV_PYTHON,),
        (sys.version,),
    )


def scripts(folder: Path) -> dict[str, str]:
    """The npm scripts that a folder offers; empty when it has no package.json."""
    path = folder / "package.json"
    return dict(json.loads(path.read_text(encoding="utf-8")).get("scripts", {})) if path.exists() else {}


def _npm(key: str, folder: Path, zh: str, en: str) -> Step:
    def do() -> None:
        command(key, zh, en, ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder)

    manifests = [folder / "package.json", folder / "package-lock.json", folder / ".npmrc"]
    return Step(key, zh, en, do, manifests, (folder / "node_modules",))


def _put(made: Path, served: Path) -> None:
    """Replace what is served by what was made, in one rename."""
    served.parent.mkdir(parents=True, exist_ok=True)
    new, old = served.with_suffix(".new"), served.with_suffix(".old")
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(made, new)
    if served.exists():
        served.rename(old)
    new.rename(served)
    shutil.rmtree(old, ignore_errors=True)


def _build(key: str, folder: Path, script: str, made: Path, page: str, served: Path | None, zh: str, en: str) -> Step:
    def do() -> str:
        command(key, zh, en, ["npm", "run", script], folder)
        if not (made / page).exists():
            raise Trouble(
                f"{zh}没有产出 {made.relative_to(ROOT)}/{page}。", f"{en} left no {made.relative_to(ROOT)}/{page}."
            )
        if served:
            _put(made, served)
        size = sum(f.stat().st_size for f in made.rglob("*") if f.is_file())
        return f"{size / 1e6:.1f} MB"

    # The service worker and the size table are made by the same script; packages are shared by both apps.
    outputs = (made / page, served / page) if served else (made / page,)
    return Step(key, zh, en, do, (folder, PACKAGES, WEB / "package-lock.json"), outputs)


def web_packages(*, tests: bool = False) -> list[Step]:
    """The sets of npm packages; the mobile app keeps its own (decision 0010), and so does the simulator for tests."""
    steps = [
        _npm("npm-web", WEB, "安装前端依赖（工作台与公共包）", "npm packages of workbench and shared code"),
        _npm("npm-mobile", MOBILE, "安装前端依赖（手机端）", "npm packages of the phone app"),
    ]
    if tests:
        steps.append(_npm("npm-harness", HARNESS, "安装小程序模拟器", "npm packages of the mini-program simulator"))
    return steps


def builds(*, mini_program: bool) -> list[Step]:
    """The browser builds; the mini program only where it is tested."""
    steps = [
        _build("h5", MOBILE, "build:h5", H5, "index.html", SERVED / "h5", "构建 H5 / PWA", "build H5 / PWA"),
        _build(
            "workbench",
            WORKBENCH,
            "build",
            WORKBENCH_DIST,
            "index.html",
            SERVED / "workbench",
            "构建工作台",
            "build the workbench",
        ),
    ]
    if mini_program:
        zh, en = "构建微信小程序", "build the mini program"
        steps.insert(1, _build("mp", MOBILE, "build:mp", MINI_PROGRAM, "app.json", None, zh, en))
    return steps


def browser() -> Step:
    """A Chromium for the journeys: the one that is there, else Debian's if we are root, else none and a loud word."""

    def do() -> str:
        found = machine.chromium()
        if found:
            return found
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            return "没有 Chromium，浏览器测试将跳过 · no Chromium: browser tests will be SKIPPED"
        zh, en = "安装 Debian 的 chromium 与中文字体", "Installing Debian's chromium and fonts-noto-cjk"
        sys.stdout.write(f"\n      没有找到 Chromium：{zh} · none found: {en} … ")
        sys.stdout.flush()
        command("chromium-update", zh, en, ["apt-get", "update", "-q"], DEBIAN_FRONTEND="noninteractive")
        names = ["chromium", "fonts-noto-cjk"]
        command(
            "chromium",
            zh,
            en,
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names],
            DEBIAN_FRONTEND="noninteractive",
        )
        return machine.chromium() or "安装后仍未找到 · still none"

    return Step("browser", "寻找浏览器", "find a browser", do)
