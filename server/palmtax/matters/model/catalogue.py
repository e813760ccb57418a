"""The catalogue: every file of `catalogue/`, read once a process; folders are found, nothing registers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from palmtax.base.yaml_lines import first_line
from palmtax.matters.errors import MatterUnknown
from palmtax.matters.model.faults import Fault, FileFault, placed
from palmtax.matters.model.matter import GROUPS, Matter
from palmtax.matters.model.reading import read_matter

FOLDER = Path(__file__).resolve().parents[1] / "catalogue"


class CatalogueBroken(Exception):
    """The catalogue has faults, so no process starts with it; each names file, line and what to do."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def files(folder: Path = FOLDER) -> list[Path]:
    """Every file of the catalogue, in a fixed order."""
    return sorted(folder.glob("*/*.yaml"))


def read_file(path: Path, folder: Path = FOLDER) -> Matter:
    """One matter; `CatalogueBroken` with the one fault that was met."""
    text, name = path.read_text("utf-8"), str(path.relative_to(folder.parent))
    try:
        return read_matter(yaml.load(text, Loader=yaml.CSafeLoader), name)
    except FileFault as fault:
        raise CatalogueBroken([placed(name, text, fault)]) from fault
    except yaml.MarkedYAMLError as wrong:
        line = first_line(wrong)
        raise CatalogueBroken(
            [Fault(name, line, f"不是合法的 YAML：{wrong.problem}", "检查缩进、引号和冒号")]
        ) from wrong


def readable(folder: Path = FOLDER) -> tuple[list[Matter], list[Fault]]:
    """The matters that can be read, and what is wrong with the others."""
    found: list[Matter] = []
    faults: list[Fault] = []
    for path in files(folder):
        try:
            found.append(read_file(path, folder))
        except CatalogueBroken as broken:
            faults += broken.faults
    return found, faults


@cache
def catalogue() -> Mapping[str, Matter]:
    """All matters by code, in the order of their groups; `CatalogueBroken` when a file cannot be read."""
    found, faults = readable()
    order = {group: place for place, group in enumerate(GROUPS)}
    named: dict[str, Matter] = {}
    for matter in sorted(found, key=lambda one: (order[one.group], one.code)):
        if matter.code in named:
            faults.append(Fault(matter.path, 1, f"编号 {matter.code} 已用于 {named[matter.code].path}", "换一个编号"))
        named[matter.code] = matter
    if faults:
        raise CatalogueBroken(faults)
    return MappingProxyType(named)


def find_matter(code: str) -> Matter:
    """The matter of a code. Errors: matters.matter_unknown."""
    found = catalogue().get(code)
    if found is None:
        raise MatterUnknown(code=code[:40])
    return found


def in_groups() -> Iterator[tuple[str, list[Matter]]]:
    """The groups with their matters."""
    for group in GROUPS:
        inside = [matter for matter in catalogue().values() if matter.group == group]
        if inside:
            yield group, inside


@cache
def version() -> str:
    """A short hash over all files: an application says which catalogue it was begun and decided with."""
    digest = hashlib.sha256()
    for path in files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
