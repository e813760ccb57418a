"""From the two files of a channel to a `Channel`; every fault names file, line, what is wrong and what to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from palmtax.base.yaml_lines import line_of
from palmtax.channels.model.manifest import Channel, Codes, Manifest, Meaning

FOLDER = Path(__file__).parents[1] / "adapters"
S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with its file and line."""

    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} → {self.todo}"


@dataclass(frozen=True, slots=True)
class Texts:
    """The two files as they lie on the disk."""

    name: str
    manifest: str
    codes: str

    @property
    def digest(self) -> str:
        """By which a change is noticed."""
        return hashlib.sha256(f"{self.manifest}\0{self.codes}".encode()).hexdigest()


class BadChannel(Exception):
    """A channel that cannot be put in force; `faults` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def texts_in(folder: Path = FOLDER) -> dict[str, Texts]:
    """The files of every channel in a folder of channels, by name."""
    found = {}
    for manifest in sorted(folder.glob("*/channel.yaml")):
        codes = manifest.with_name("codes.yaml")
        found[manifest.parent.name] = Texts(
            manifest.parent.name,
            manifest.read_text(encoding="utf-8"),
            codes.read_text(encoding="utf-8") if codes.exists() else "",
        )
    return found


def _todo(kind: type[BaseModel], error: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do, for one complaint of the shape."""
    at = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"不认识的键 / unknown key {at!r}", f"可用的键 / one of: {', '.join(_keys(kind, error['loc'][:-1]))}"
    if error["type"] == "missing":
        return f"缺少 / missing {at!r}", f"请补上 / add {error['loc'][-1]}"
    if error["type"] == "literal_error":
        return f"{at}: {error['input']!r} 不是可用的值 / is not known", f"可用的值 / one of: {error['ctx']['expected']}"
    return f"{at}: {error['input']!r}"[:120], str(error["msg"])


def _keys(kind: Any, loc: Sequence[str | int]) -> list[str]:
    """The keys of the part at this place."""
    for step in loc:
        field = getattr(kind, "model_fields", {}).get(str(step))
        inner = [field.annotation, *getattr(field.annotation, "__args__", ())] if field else [kind]
        kind = next((one for one in reversed(inner) if hasattr(one, "model_fields")), kind)
    return sorted(kind.model_fields)


def _read(kind: type[S], file: str, text: str) -> S:
    try:
        raw = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line = mark.line + 1 if mark else 1
        raise BadChannel([Fault(file, line, "不是有效的 YAML / is no YAML", str(wrong.problem))]) from wrong
    if not isinstance(raw, dict):
        raise BadChannel([Fault(file, 1, "应是一组键值 / a mapping is wanted", "按现有渠道的样子写")])
    try:
        return kind.model_validate(raw)
    except ValidationError as wrong:
        raise BadChannel(
            [Fault(file, line_of(text, e["loc"]), *_todo(kind, e)) for e in wrong.errors(include_url=False)]
        ) from wrong


def read_channel(texts: Texts, others: Mapping[str, Texts] | None = None, version: int = 0) -> Channel:
    """The channel of its two files; `BadChannel` with every fault. `others` are asked where `like` names one."""
    at = f"{texts.name}/channel.yaml"
    faults: list[Fault] = []
    manifest, codes = None, {}
    try:
        manifest = _read(Manifest, at, texts.manifest)
        faults += _crosswise(at, texts.manifest, manifest, others or {})
    except BadChannel as bad:
        faults += bad.faults
    try:
        codes = _codes(texts, others or {}, ())
    except BadChannel as bad:
        faults += bad.faults
    try:
        if manifest is not None and not faults:
            return Channel(name=texts.name, manifest=manifest, codes=codes, version=version)
    except ValidationError:
        faults.append(Fault(at, 1, f"文件夹名 {texts.name!r} 不是小写下划线的名字", "如 wechat_oa"))
    raise BadChannel(faults)


def _codes(texts: Texts, others: Mapping[str, Texts], seen: tuple[str, ...]) -> dict[str, Meaning]:
    file = f"{texts.name}/codes.yaml"
    if not texts.codes:
        raise BadChannel([Fault(file, 1, "缺少 codes.yaml / is missing", "写 like: <渠道>，或逐条写 codes")])
    read = _read(Codes, file, texts.codes)
    if not read.like:
        return dict(read.codes)
    if read.like in seen or read.like == texts.name:
        raise BadChannel([Fault(file, line_of(texts.codes, ["like"]), "like 绕成了圈 / like is a ring", "改一个名字")])
    other = others.get(read.like)
    if other is None:
        what = f"like: 没有渠道 / no channel {read.like!r}"
        todo = f"可用的值 / one of: {', '.join(sorted(others))}"
        raise BadChannel([Fault(file, line_of(texts.codes, ["like"]), what, todo)])
    return _codes(other, others, (*seen, texts.name)) | read.codes


def _crosswise(file: str, text: str, manifest: Manifest, others: Mapping[str, Texts]) -> list[Fault]:
    """What only shows when two keys are looked at together."""
    found = []

    def fault(path: Sequence[str | int], what: str, todo: str) -> None:
        found.append(Fault(file, line_of(text, path), what, todo))

    ways = {name: re.search(r"^way: (\w+)", one.manifest, re.MULTILINE) for name, one in others.items()}
    same_way = sorted(name for name, way in ways.items() if way is None or way[1] == manifest.way)
    for place, name in enumerate(manifest.fallback):
        if name not in same_way:
            what = f"fallback: {name!r} 不是同一方式的渠道 / is no channel of this way"
            fault(["fallback", place], what, f"可用的值 / one of: {', '.join(same_way)}")
    if (manifest.transport == "webhook") != (manifest.call is not None):
        fault(["transport"], "transport 为 webhook 时要写 call，其余不写 / call belongs to webhook", "补上或去掉 call")
    if (manifest.callback.dialect == "signed_json") != (manifest.callback.signed is not None):
        fault(["callback"], "dialect 为 signed_json 时要写 signed，其余不写", "补上或去掉 signed")
    if manifest.menu and (manifest.transport != "wechat_oa" or "rich_menu" not in manifest.can):
        fault(
            ["menu"], "只有 can 里有 rich_menu 的公众号能写 menu / only official accounts with rich_menu", "去掉 menu"
        )
    if manifest.menus and not manifest.menu:
        fault(["menus"], "没有给所有人的 menu，平台不收 menus / menus need a menu for everybody", "先写 menu")
    if "push" in manifest.can and not manifest.templates and manifest.transport != "inbox":
        fault(["can"], "can 里有 push，却没有 templates", "至少写 templates: {any: {kind: …}}")
    if manifest.opening.start >= manifest.opening.end:
        fault(
            ["opening"], "开放时间的开始不早于结束 / opening ends before it starts", '如 start: "08:00", end: "21:00"'
        )
    if (manifest.callback.dialect == "receipts") != (manifest.callback.receipts is not None):
        fault(["callback"], "dialect 为 receipts 时要写 receipts，其余不写", "补上或去掉 receipts")
    for slug, said in manifest.templates.items():
        for field, ours in said.fields.items():
            if set(ours.split("|")) & set(manifest.titles_without):
                what = f"{ours!r} 不得出现在推送里 / must not be shown"
                fault(["templates", slug, "fields", field], what, "改用 title 或 short")
        if said.kind in ("template", "subscribe") and not (said.id and said.fields):
            fault(["templates", slug], "要写 id 和 fields / id and fields are needed", "fields: {thing1: title}")
    if manifest.callback.dialect != "none" and not manifest.credentials:
        fault(["callback"], "有回调就要有 credentials / a callback needs credentials", "写凭据文件里的节名")
    return found


def read_all(texts: Mapping[str, Texts]) -> tuple[dict[str, Channel], dict[str, tuple[Fault, ...]]]:
    """Every channel that can be read, and the faults of the others."""
    good, bad = {}, {}
    for name, one in texts.items():
        try:
            good[name] = read_channel(one, texts)
        except BadChannel as wrong:
            bad[name] = wrong.faults
    return good, bad
