"""What is wrong with this machine: every check is made, each line says what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from steps import machine, parts, stamps
from steps.place import MOBILE, ROOT, SERVER, VENV_PYTHON, WEB
from steps.runner import Step
from steps.trouble import Trouble


def _made(step: Step) -> Callable[[], str]:
    def look() -> str:
        if not all(o.exists() for o in step.outputs):
            raise Trouble("还没有；make run 会做好它。", "Not there yet; make run makes it.")
        if not stamps.is_fresh(step.key, step.print_(), step.outputs):
            raise Trouble("已过时；make run 会更新它。", "Out of date; make run renews it.")
        return "ok"

    return look


def _browser() -> str:
    found = machine.chromium()
    if not found:
        raise Trouble(
            "没有 Chromium：浏览器测试会跳过。Debian：apt install chromium fonts-noto-cjk",
            "No Chromium: browser tests are skipped. On Debian: apt install chromium fonts-noto-cjk",
        )
    return found


def _memory() -> str:
    pages = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if pages < 1_500_000_000:
        raise Trouble("可用内存不足 1.5 GB，构建可能失败。", "Less than 1.5 GB of memory are free; builds may fail.")
    return f"{pages / 1e9:.1f} GB"


def _database() -> str:
    if os.environ.get("PALMTAX_DATABASE_URL"):
        return "外部 PostgreSQL · external (PALMTAX_DATABASE_URL)"
    data = next((ROOT / "var").glob("*/PG_VERSION"), None) or next((ROOT / "var").glob("*/*/PG_VERSION"), None)
    return f"内嵌 · embedded {data.parent.relative_to(ROOT)}" if data else "首次运行时建立 · made at the first run"


def _locks() -> str:
    for lock in (parts.RUN_LOCK, parts.DEV_LOCK):
        if "://" in lock.read_text(encoding="utf-8"):
            raise Trouble(f"{lock.name} 中有地址；请运行 make lock。", f"{lock.name} holds an address; run make lock.")
    for lock in (WEB / "package-lock.json", MOBILE / "package-lock.json"):
        if lock.exists() and '"resolved": "http' in lock.read_text(encoding="utf-8"):
            raise Trouble(
                f"{lock.relative_to(ROOT)} 中有地址；.npmrc 需 omit-lockfile-registry-resolved=true。",
                f"{lock.relative_to(ROOT)} holds addresses; .npmrc needs omit-lockfile-registry-resolved=true.",
            )
    return "ok"


def _server() -> str:
    if not (SERVER / "palmtax" / "__main__.py").exists():
        raise Trouble("缺少 palmtax/__main__.py。", "palmtax/__main__.py is missing.")
    return f"{VENV_PYTHON.relative_to(ROOT)} -m palmtax"


def doctor() -> int:
    """Look at everything and print a table; exit code 1 if anything must be put right."""
    h5, workbench = parts.builds(mini_program=False)
    npm_web, npm_mobile = parts.web_packages()
    looks: list[tuple[str, Callable[[], str]]] = [
        ("系统 · system", machine.operating_system),
        ("Python", machine.python),
        ("Node", machine.node),
        ("权限 · permissions", machine.writable),
        ("磁盘 · disk", machine.free_disk),
        ("内存 · memory", _memory),
        ("端口 · port", machine.free_port),
        ("浏览器 · browser", _browser),
        ("锁文件 · locks", _locks),
        ("Python 依赖 · packages", _made(parts.python_packages(dev=False))),
        ("前端依赖 · npm, web", _made(npm_web)),
        ("前端依赖 · npm, phone", _made(npm_mobile)),
        ("H5", _made(h5)),
        ("工作台 · workbench", _made(workbench)),
        ("数据库 · database", _database),
        ("服务 · server", _server),
    ]
    bad = 0
    for name, look in looks:
        try:
            sys.stdout.write(f"✓ {name}: {look()}\n")
        except Trouble as trouble:
            bad += 1
            sys.stdout.write(f"✗ {name}: {trouble.zh}\n    {trouble.en}\n")
    sys.stdout.write(f"\n{'一切正常 · all is well' if not bad else f'{bad} 处需要处理 · to put right'}\n")
    return 1 if bad else 0
