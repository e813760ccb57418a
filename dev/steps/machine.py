"""Does this machine have what we need? Each check raises a Trouble or returns what it found."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import socket
import subprocess
import sys

from steps.place import ROOT, VENV, WEB
from steps.trouble import Trouble

NODE_OLDEST = (20, 14)
FIRST_RUN_BYTES = 3_000_000_000
LATER_RUN_BYTES = 500_000_000


def operating_system() -> str:
    """Linux with glibc; anything else is refused with a way on."""
    name = platform.system()
    if name != "Linux":
        raise Trouble(
            f"目前只支持 Linux，这里是 {name}。请在 Linux 主机、虚拟机或容器中运行。",
            f"Only Linux is supported for now, this is {name}. Use a Linux host, virtual machine or container.",
        )
    return f"Linux {platform.release()}"


def python() -> str:
    """Python 3.11 that can make environments."""
    try:
        import ensurepip
    except ImportError as missing:
        if not (VENV / "bin" / "python").exists() and not shutil.which("uv"):
            raise Trouble(
                "这个 Python 缺少 venv/ensurepip，无法建立虚拟环境。请安装 python3.11-venv。",
                "This Python has no venv/ensurepip, so no environment can be made. Install python3.11-venv.",
            ) from missing
    else:
        del ensurepip
    return platform.python_version()


def _version(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def node() -> str:
    """Node 20.14 or newer, with npm."""
    found = _version("node", "--version").lstrip("v")
    if not found:
        raise Trouble(
            f"没有找到 Node.js。请安装 Node {NODE_OLDEST[0]}（含 npm）后重试。",
            f"Node.js was not found. Install Node {NODE_OLDEST[0]} (with npm) and try again.",
        )
    if tuple(int(part) for part in found.split(".")[:2]) < NODE_OLDEST:
        oldest = ".".join(str(part) for part in NODE_OLDEST)
        raise Trouble(
            f"需要 Node {oldest} 或更新版本，这里是 {found}。",
            f"Node {oldest} or newer is needed, this is {found}.",
        )
    if not _version("npm", "--version"):
        raise Trouble("找到了 Node，却没有 npm。请一并安装 npm。", "Node is there but npm is not. Install npm too.")
    return found


def writable() -> str:
    """The repository can be written to by this user."""
    for folder in (ROOT, ROOT / "var", VENV, WEB / "node_modules"):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise Trouble(
                f"当前用户不能写入 {folder.name or folder}。请把本目录的所有者改为当前用户。",
                f"This user cannot write to {folder.name or folder}. Make the folder yours (chown).",
            )
    return "ok"


def free_disk() -> str:
    """Room for what will be made: 3 GB at first, 0.5 GB later."""
    installed = VENV.exists() and (WEB / "node_modules").exists()
    needed = LATER_RUN_BYTES if installed else FIRST_RUN_BYTES
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise Trouble(
            f"磁盘剩余 {free / 1e9:.1f} GB，至少需要 {needed / 1e9:.1f} GB。请腾出空间后重试。",
            f"{free / 1e9:.1f} GB of disk are free,"
            f" at least {needed / 1e9:.1f} GB are needed. Make room and try again.",
        )
    return f"{free / 1e9:.0f} GB"


def free_port() -> str:
    """Nobody listens where the server wants to."""
    host = os.environ.get("PALMTAX_SERVER_HOST", "") or "127.0.0.1"
    text = os.environ.get("PALMTAX_SERVER_PORT", "") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PALMTAX_SERVER_PORT 不是端口号：{text}", f"PALMTAX_SERVER_PORT is not a port: {text}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(text)))
        except OSError as refused:
            if refused.errno == errno.EACCES:
                raise Trouble(f"当前用户不能使用端口 {text}。", f"This user may not use port {text}.") from refused
            raise Trouble(
                f"端口 {text} 已被占用（也许掌税已在运行）。请先停止它，或换一个：PALMTAX_SERVER_PORT=8001 make run",
                f"Port {text} is in use (perhaps PalmTax is running already). Stop it, or choose another: "
                "PALMTAX_SERVER_PORT=8001 make run",
            ) from refused
    return text


CHECKS = (operating_system, python, node, writable, free_disk)


def chromium() -> str | None:
    """Path of a Chromium, if there is one; PALMTAX_CHROMIUM comes first."""
    chosen = os.environ.get("PALMTAX_CHROMIUM", "")
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


def is_terminal() -> bool:
    """Whether a person is watching."""
    return sys.stdout.isatty() and os.environ.get("CI", "") == ""
