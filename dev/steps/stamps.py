"""Has anything changed since a step last finished? A stamp is the hash of the step's inputs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from steps.place import ROOT, STAMPS

_NOT_INPUT = {"node_modules", "dist", "unpackage", ".vite", "__pycache__", "coverage", ".git", ".build"}


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(f for f in folders if f not in _NOT_INPUT)
                for name in sorted(names):
                    yield Path(folder) / name


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Hash of names and contents, and of words such as a version."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in _files(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(key: str, print_: str, outputs: Iterable[Path]) -> bool:
    """Whether the step finished with these inputs and what it made is still there."""
    stamp = STAMPS / key
    return stamp.is_file() and stamp.read_text() == print_ and all(o.exists() for o in outputs)


def press(key: str, print_: str) -> None:
    """Remember that the step finished with these inputs."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / key).write_text(print_)


def lift(key: str) -> None:
    """Forget a stamp: the step is about to run."""
    (STAMPS / key).unlink(missing_ok=True)
