"""Run every lint over the package: `python -m lint`, or over the files named."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import lint
from lint.code import Code, Finding, files, run

SERVER = Path(__file__).resolve().parents[2] / "server"


def every_lint() -> dict[str, ModuleType]:
    """All lint modules by name; a module with a STORY is a lint."""
    names = sorted(info.name for info in pkgutil.iter_modules(lint.__path__) if info.name not in {"__main__", "code"})
    modules = {name: importlib.import_module(f"lint.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "STORY")}


def all_findings(codes: Iterator[Code]) -> list[Finding]:
    """Everything there is to put right."""
    lints = every_lint()
    return [found for code in codes for name, module in lints.items() for found in run(name, module.check, code)]


def main(arguments: list[str]) -> int:
    """Print the findings; exit code 1 if there are any."""
    chosen = {str(Path(a).resolve()) for a in arguments}
    codes = (c for c in files(SERVER) if not chosen or str(SERVER / c.path) in chosen)
    found = all_findings(codes)
    for finding in found:
        print(f"server/{finding}")
    print(f"{len(every_lint())} lints, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
