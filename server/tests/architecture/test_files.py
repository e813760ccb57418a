"""What lies in the repository: fresh where generated, silent about registries and about anybody's machine."""

from __future__ import annotations

import re

import pytest

import generate
import house

HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("npmjs", "org"),
        ("npmmirror", "com"),
        ("taobao", "org"),
        ("tuna", "tsinghua"),
        ("mirrors", "aliyun"),
        ("deb", "debian"),
        ("debian", "org"),
        ("crates", "io"),
        ("proxy", "golang"),
        ("yarnpkg", "com"),
    )
)
MACHINE = re.compile(r"(?<![\w.<$\-\]/])/(?:work|root|home/[a-z]\w*|Users/\w+)/[\w.]")
TEXT = {
    ".py",
    ".md",
    ".txt",
    ".in",
    ".lock",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".js",
    ".ts",
    ".cjs",
    ".mjs",
    ".vue",
    ".css",
    ".html",
    ".sh",
    ".ini",
    ".cfg",
    ".sql",
    ".mako",
    ".xml",
    ".csv",
    ".svg",
    "",
}


def texts():
    for path in house.tracked():
        if path.suffix in TEXT and path.stat().st_size < 5_000_000:
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_file_names_a_package_registry():
    found = [f"{path.relative_to(house.ROOT)}: {host}" for path, text in texts() for host in HOSTS if host in text]
    assert found == []


def test_no_file_names_a_place_on_somebodys_machine():
    found = [f"{path.relative_to(house.ROOT)}: {m.group()}" for path, text in texts() if (m := MACHINE.search(text))]
    assert found == []


@pytest.mark.parametrize("line", ["see /work/" + "main/x", "cd /root/" + "x", "open('/home/" + "ann/x')"])
def test_a_place_on_a_machine_would_be_found(line):
    assert MACHINE.search(line)


def test_locks_hold_no_address():
    locks = [house.ROOT / "requirements.lock", house.ROOT / "requirements-dev.lock"]
    locks += [house.ROOT / "web" / "package-lock.json", house.ROOT / "web" / "apps" / "mobile" / "package-lock.json"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r'"resolved":\s*"(http|git)', text), lock.name
        if lock.suffix == ".lock":
            assert "://" not in text
            assert text.count("--hash=sha256:") > text.count("==")


def test_both_python_locks_agree():
    def pins(name):
        return dict(
            re.findall(
                r"^([a-z0-9_.\-]+)(?:\[[^\]]*\])?==(\S+)", (house.ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )

    runtime, everything = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= everything.items()


def test_every_page_is_fresh():
    assert generate.stale() == [], "run `make api`"


def test_every_link_in_the_docs_leads_somewhere():
    broken = []
    for page in sorted((house.ROOT / "docs").rglob("*.md")) + sorted(house.ROOT.glob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            leads = "://" in target or (page.parent / target).exists()
            broken += [] if leads else [f"{page.relative_to(house.ROOT)} → {target}"]
    assert broken == []


def test_nothing_large_or_made_is_kept():
    made = [
        p for p in house.tracked() if {"node_modules", "dist", "__pycache__"} & set(p.relative_to(house.ROOT).parts)
    ]
    large = [p for p in house.tracked() if p.stat().st_size > 3_000_000]
    assert (made, large) == ([], [])
