"""The set-up says in one sentence what is wrong and repeats nothing; the tests cannot reach the network."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
import threading

import pytest
import pytest_socket

import house
import new
import steps.machine
import steps.stamps
from lint.__main__ import all_findings
from lint.code import Code
from steps.machine import free_disk, free_port, node, operating_system
from steps.runner import Step, go_through
from steps.suites import _SUMMARY
from steps.trouble import Trouble, explained


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_no_test_reaches_the_network():
    with pytest.raises(pytest_socket.SocketConnectBlockedError), socket.socket() as way:
        way.connect(("192.0.2.1", 80))


def test_the_loopback_is_open():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_another_python_is_one_sentence():
    program = "import sys, runpy; sys.version_info = (3, 9, 1); runpy.run_path('dev/setup.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], cwd=house.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Python 3.11 is needed, this is 3.9" in done.stderr
    assert "Traceback" not in done.stderr


def test_setup_itself_is_old_python():
    """The first lines must be read by any Python 3 that is there."""
    ast.parse((house.ROOT / "dev" / "setup.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_another_system_is_one_sentence(monkeypatch):
    monkeypatch.setattr(steps.machine.platform, "system", lambda: "Darwin")
    with pytest.raises(Trouble, match="Only Linux is supported for now, this is Darwin"):
        operating_system()


@pytest.mark.parametrize(("said", "sentence"), [("", "Node.js was not found"), ("v18.19.0", "this is 18.19.0")])
def test_a_missing_or_old_node_is_one_sentence(monkeypatch, said, sentence):
    monkeypatch.setattr(steps.machine, "_version", lambda *command: said if command[0] == "node" else "10")
    with pytest.raises(Trouble, match=sentence):
        node()


def test_a_full_disk_is_one_sentence(monkeypatch):
    monkeypatch.setattr(steps.machine.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10_000_000}))
    with pytest.raises(Trouble, match=r"0\.0 GB of disk are free"):
        free_disk()


def test_a_port_in_use_is_one_sentence(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PALMTAX_SERVER_PORT", str(other.getsockname()[1]))
        with pytest.raises(Trouble, match="is in use"):
            free_port()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("npm error code ENOTFOUND\nnpm error network request failed", "cannot be reached"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError(…)'", "cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("npm error code EINTEGRITY", "does not match the hash"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "does not match the hash"),
        ("npm error code EACCES", "No permission"),
        ("something new", "the reason is below"),
    ],
)
def test_a_failed_program_is_explained(output, sentence):
    trouble = explained(output, "安装", "Installing")
    assert sentence in trouble.en
    assert trouble.zh.startswith("安装")


def test_a_step_runs_again_only_when_its_inputs_changed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(steps.stamps, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(steps.stamps, "ROOT", tmp_path)
    source, made, ran = tmp_path / "in.txt", tmp_path / "out.txt", []
    source.write_text("1")

    def do() -> None:
        ran.append(source.read_text())
        made.write_text("made")

    def go() -> None:
        go_through([Step("s", "做", "make", do, (source,), (made,))])

    go()
    go()
    assert ran == ["1"]
    assert "未变" in capsys.readouterr().out
    source.write_text("2")
    go()
    made.unlink()
    go()
    assert ran == ["1", "2", "2"]


def test_a_step_that_failed_is_not_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(steps.stamps, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(steps.stamps, "ROOT", tmp_path)
    (tmp_path / "in").write_text("x")
    ran = []

    def fails() -> None:
        ran.append(1)
        raise Trouble("不行", "no")

    for _ in range(2):
        with pytest.raises(Trouble):
            go_through([Step("s", "做", "make", fails, (tmp_path / "in",), ())])
    assert len(ran) == 2


def test_a_step_beside_others_is_waited_for_and_its_trouble_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(steps.stamps, "STAMPS", tmp_path / "stamps")
    order, may_end = [], threading.Event()

    def slow() -> None:
        may_end.wait(10)
        order.append("slow")

    def quick() -> None:
        order.append("quick")
        may_end.set()

    go_through([Step("a", "慢", "slow", slow, beside=True), Step("b", "快", "quick", quick)])
    assert order == ["quick", "slow"]
    assert capsys.readouterr().out.count("✓") == 2

    def fails() -> None:
        raise Trouble("不行", "no")

    with pytest.raises(Trouble):
        go_through([Step("a", "坏", "bad", fails, beside=True), Step("b", "快", "quick", quick)])


@pytest.mark.parametrize(
    "line",
    [
        "=== 12 passed, 1 skipped in 3.21s ===",
        "12 passed in 3.21s",
        "1 failed, 3 passed in 0.5s",
        " Test Files  3 passed (3)",
        "      Tests  12 passed (12)",
        "# pass 4",
        "ℹ fail 0",
        "# tests 4",
        "====== 1 failed, 2 passed, 3 warnings in 61.00s (0:01:01) ======",
    ],
)
def test_a_runners_own_last_line_is_found(line):
    assert _SUMMARY.match(line)


def test_help_lists_every_command():
    done = subprocess.run(["make", "help"], cwd=house.ROOT, capture_output=True, text=True, check=True)
    for command in (
        "run",
        "test",
        "check",
        "bench",
        "gauge",
        "doctor",
        "new",
        "show",
        "migration",
        "api",
        "lock",
        "clean",
    ):
        assert command in done.stdout


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """A small copy of the house for skeletons."""
    package = tmp_path / "server" / "palmtax"
    for folder in ("filing", "rules/law/late_fee"):
        (package / folder).mkdir(parents=True)
        (package / folder / "__init__.py").write_text('"""x"""\n')
    monkeypatch.setattr(house, "ROOT", tmp_path)
    monkeypatch.setattr(house, "SERVER", tmp_path / "server")
    monkeypatch.setattr(house, "PACKAGE", package)
    (tmp_path / "server" / "tests").mkdir()
    return package


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        ("error", "filing.period_closed", "filing/errors.py"),
        ("event", "filing.reminder_added", "filing/events.py"),
        ("table", "filing.reminder", "filing/tables.py"),
        ("tax", "stamp", "rules/law/stamp/formulas.py"),
        ("domain", "appointments", "appointments/__init__.py"),
    ],
)
def test_a_skeleton_passes_our_lints(scratch, kind, name, path):
    assert new.main([kind, name]) == 0
    text = (scratch / path).read_text(encoding="utf-8")
    assert all_findings(iter([Code(f"palmtax/{path}", text)])) == []
    assert new.main([kind, name]) == 2, "a second time it is refused and nothing is overwritten"
    assert (scratch / path).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("kind", "name"), [("error", "filing"), ("error", "nowhere.x"), ("error", "Filing.X"), ("channel", "x"), ("x", "y")]
)
def test_a_wrong_name_is_refused(scratch, kind, name):
    before = sorted(scratch.rglob("*"))
    assert new.main([kind, name]) == 2
    assert sorted(scratch.rglob("*")) == before


def test_what_ci_runs_is_what_a_person_runs():
    script = house.ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")
