"""Where things lie. Everything that is made lies inside the repository."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
SERVER = ROOT / "server"
DEV = ROOT / "dev"
WEB = ROOT / "web"
MOBILE = WEB / "apps" / "mobile"
WORKBENCH = WEB / "apps" / "workbench"
PACKAGES = WEB / "packages"
HARNESS = PACKAGES / "mp-harness"
STAMPS = VAR / "stamps"
LOGS = VAR / "log" / "setup"


def environment(**more: str) -> dict[str, str]:
    """The environment of our child processes: caches inside the repository unless the person set their own."""
    values = dict(os.environ)
    cache = VAR / "cache"
    values.setdefault("npm_config_cache", str(cache / "npm"))
    values.setdefault("PIP_CACHE_DIR", str(cache / "pip"))
    values.setdefault("UV_CACHE_DIR", str(cache / "uv"))
    values.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    values["npm_config_update_notifier"] = "false"
    values["PYTHONPATH"] = f"{SERVER}{os.pathsep}{DEV}"
    values.update(more)
    return values
