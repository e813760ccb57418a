"""What every skeleton needs: names that fit, files that are not overwritten."""

from __future__ import annotations

from pathlib import Path

import house


class Refused(Exception):
    """The skeleton cannot be written; why, in both languages."""


def words(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")


def two(name: str, separator: str, form: str) -> tuple[str, str]:
    """The two halves of a name such as `filing.period_closed`; `Refused` when it is not of the form."""
    first, found, second = name.partition(separator)
    plain = first.replace("_", "").isalnum() and second.replace("_", "").isalnum()
    if not found or not plain or name != name.lower():
        raise Refused(f"名称应为 {form} · the name has the form {form}")
    return first, second


def put(path: Path, text: str) -> None:
    """Write a new file; `Refused` when it is there."""
    if path.exists():
        raise Refused(f"已经有了：{path.relative_to(house.ROOT)} · it is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"写好 · written {path.relative_to(house.ROOT)}")


def add(path: Path, head: str, text: str, mark: str) -> None:
    """Append to a file, or begin it."""
    before = path.read_text(encoding="utf-8") if path.exists() else head
    if mark in before:
        raise Refused(f"已经有了：{mark} · it is there already")
    path.write_text(before.rstrip("\n") + "\n\n\n" + text, encoding="utf-8")
    print(f"加到 · added to {path.relative_to(house.ROOT)}")
