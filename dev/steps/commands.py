"""What can be asked for: run, test, check, bench, doctor, lock, clean."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from steps import doctor, machine, parts, suites
from steps.place import HARNESS, MOBILE, ROOT, SERVER, STAMPS, VAR, VENV, VENV_PYTHON, WEB, WORKBENCH, environment
from steps.runner import Step, command, go_through, tell
from steps.trouble import Trouble


def _exec(argv: Sequence[str]) -> int:
    """Become the program, so that Ctrl-C and signals reach it directly."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(str(VENV_PYTHON), [str(VENV_PYTHON), *argv], environment(PYTHONUNBUFFERED="1"))


def run() -> int:
    """Set up what is missing, then start everything."""
    if not (SERVER / "palmtax" / "__main__.py").exists():
        raise Trouble("这一版还没有可启动的服务器。", "This version has no server to start yet.")
    steps = [
        parts.look_at_machine(port=True),
        parts.python_packages(dev=False),
        *parts.web_packages(),
        *parts.builds(mini_program=False),
    ]
    go_through(steps, more=1)
    last = len(steps) + 1
    sys.stdout.write(f"[{last}/{last}] 启动数据库、服务与沙箱 · start database, server, worker, sandboxes …\n")
    return _exec(["-m", "palmtax", "serve"])


def test() -> int:
    """Set up with the tools, build everything, run every test."""
    go_through(
        [
            parts.look_at_machine(port=False),
            parts.python_packages(dev=True),
            *parts.web_packages(tests=True),
            *parts.builds(mini_program=True),
            parts.browser(),
        ]
    )
    chromium = machine.chromium()
    return suites.run_all(suites.test_suites(chromium), chromium)


def check() -> int:
    """Exactly what CI holds a change to, without database and browser."""
    go_through([parts.look_at_machine(port=False), parts.python_packages(dev=True), *parts.web_packages()])
    return suites.run_all(suites.check_suites(), quiet=True)


def bench() -> int:
    """The measurements of bench/, on what `make run` would serve."""
    go_through(
        [
            parts.look_at_machine(port=False),
            parts.compared_packages(),
            *parts.web_packages(tests=True),
            *parts.builds(mini_program=True),
            parts.browser(),
        ]
    )
    return _exec(["bench/run.py"])


def lock() -> int:
    """Compile the locks: hashes, every platform, no address inside."""
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    zh, en = "锁定 Python 依赖", "Locking the Python packages"
    form = [
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-annotate",
        "--python-version",
        "3.11",
        "--custom-compile-command",
        "make lock",
        "-q",
    ]

    def of(source: str, target: str, *more: str) -> Callable[[], None]:
        def do() -> None:
            command("lock", zh, en, [uv, "pip", "compile", *form, *more, source, "-o", target])
            if "://" in (ROOT / target).read_text(encoding="utf-8"):
                raise Trouble(f"{target} 中出现了地址。", f"There is an address in {target}.")

        return do

    go_through(
        [
            Step("lock-run", "锁定运行依赖", "lock requirements", of("requirements.in", "requirements.lock")),
            Step(
                "lock-dev",
                "锁定开发依赖",
                "lock developers' requirements",
                of("requirements-dev.in", "requirements-dev.lock", "-c", "requirements.lock"),
            ),
            Step(
                "lock-bench",
                "锁定对照用的依赖",
                "lock what benches compare with",
                of("requirements-bench.in", "requirements-bench.lock", "-c", "requirements-dev.lock"),
            ),
        ]
    )
    return 0


def clean() -> int:
    """Remove what can be made again. The database and the files of people (var/) stay."""
    gone = [
        STAMPS,
        VAR / "cache",
        VAR / "log",
        MOBILE / "dist",
        MOBILE / "unpackage",
        WORKBENCH / "dist",
        WEB / "dist",
        VENV,
        WEB / "node_modules",
        MOBILE / "node_modules",
        HARNESS / "node_modules",
        HARNESS / ".build",
        *(
            ROOT / name
            for name in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")
        ),
    ]
    for path in gone:
        if path.exists():
            sys.stdout.write(f"删除 · remove {path.relative_to(ROOT)}\n")
            shutil.rmtree(path)
    sys.stdout.write("数据库 var/ 未动；要一并删除请手动 rm -r var · the database in var/ stays\n")
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "doctor": doctor.doctor,
    "lock": lock,
    "clean": clean,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; troubles become sentences, Ctrl-C is not a failure."""
    os.chdir(ROOT)
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        sys.stderr.write(f"make {' | '.join(COMMANDS)}\n")
        return 2
    try:
        return COMMANDS[name]()
    except Trouble as trouble:
        tell(trouble)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n已停止 · stopped\n")
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as in `make doctor | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as wrong:
        if wrong.errno == 28:
            tell(Trouble("磁盘已满。请腾出空间后再运行一次。", "The disk is full. Make room and run again."))
            return 1
        raise
    except subprocess.SubprocessError as wrong:
        tell(Trouble(f"子程序出错：{wrong}", f"A program failed: {wrong}"))
        return 1
