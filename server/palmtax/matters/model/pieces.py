"""Pieces that every file of the catalogue is written in: closed mappings, lists, conditions, where a value comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from palmtax.matters.model import types
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.conditions import Condition, written
from palmtax.matters.model.faults import FileFault
from palmtax.matters.model.matter import Given

_TEXTS = {
    "title", "title_en", "say", "say_en", "label", "label_en", "help", "help_en", "why", "why_en", "section", "section_en",
    "say_wrong", "say_wrong_en", "unit", "unit_en", "name", "cite",
}  # fmt: skip


def closed(raw: Any, keys: set[str], *needed: str, is_free: bool = False) -> Mapping[str, Any]:
    """The mapping again, if it has no unknown key and all needed ones; `is_free`: its keys are names of asks or arguments."""
    if not isinstance(raw, dict):
        raise FileFault((), f"这里应是一组键值 / a mapping is wanted here, not {type(raw).__name__}", "按样例改写")
    for key in raw.keys() - keys:
        raise FileFault(
            (str(key),), f"不认识的键 / unknown key {key!r}", f"可用的键 / one of: {', '.join(sorted(keys))}"
        )
    for key in () if is_free else raw:
        if key in _TEXTS and not isinstance(raw[key], str):
            raise FileFault((key,), f"{key} 应是文字，YAML 把 {raw[key]!r} 读成了别的", "加上引号 / quote it")
    for key in needed:
        if raw.get(key) in (None, "", []):
            raise FileFault((), f"缺少 / missing {key!r}", f"请补上 {key}")
    return raw


def both(raw: Mapping[str, Any], *names: str) -> None:
    """Texts for people stand in both languages or in none."""
    for name in names:
        if bool(raw.get(name)) != bool(raw.get(f"{name}_en")):
            raise FileFault((name,), f"{name} 与 {name}_en 要成对 / both languages or none", "补上另一种语言")


def one_of(raw: Any, known: Sequence[str], key: str) -> str:
    """The word again, if it is one of those known."""
    if raw not in known:
        raise FileFault((key,), f"{raw!r} 不是可用的值", f"可用的值 / one of: {', '.join(known)}")
    return str(raw)


def sequence(raw: Any, key: str) -> list[Any]:
    """The list again; nothing is an empty one."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise FileFault((key,), "应是列表 / a list is wanted", "每项以 “- ” 开头")
    return raw


def each(raw: Any, key: str, read: Callable[[Any], Any]) -> list[Any]:
    """Every item of a list, read; a fault says which."""
    found = []
    for place, one in enumerate(sequence(raw, key)):
        try:
            found.append(read(one))
        except FileFault as fault:
            raise fault.under(key, place) from fault
    return found


def constant(ask: Ask | None, raw: Any) -> Any:
    """A constant of a comparison as the wire carries it."""
    if ask is None:
        return raw.isoformat() if isinstance(raw, date) else raw
    try:
        if isinstance(raw, str) and ask.type in ("number", "year"):
            return int(raw)
        return types.of_file(ask, raw)
    except ValueError as wrong:
        raise FileFault((), str(wrong), "按元书写，如 100000") from wrong


def conditions(raw: Any, known: Mapping[str, Ask]) -> tuple[Condition, ...]:
    """The conditions of a `when`; each names an earlier ask."""
    if raw is None:
        return ()
    found = []
    for name, wanted in closed(raw, set(map(str, raw)) if isinstance(raw, dict) else set(), is_free=True).items():
        if name not in known:
            raise FileFault(("when", name), f"when 引用了后面或不存在的问题 {name!r}", "只能引用排在前面的问题")
        found.append(_condition(known[name], name, wanted))
    return tuple(found)


def _condition(ask: Ask, name: str, wanted: Any) -> Condition:
    compared = written(wanted) if isinstance(wanted, str) else None
    if compared:
        return Condition(name, sign=compared[0], constant=constant(ask, compared[1]))
    values = tuple(wanted if isinstance(wanted, list) else [wanted])
    options = {one.value for one in ask.options}
    if options and not set(values) <= options:
        raise FileFault(
            ("when", name), f"{wanted!r} 不在 {name} 的选项里", f"选项 / options: {', '.join(sorted(options))}"
        )
    if ask.type in ("yes_no", "agree") and not all(isinstance(one, bool) for one in values):
        raise FileFault(("when", name), f"{name} 是是否题", "写 true 或 false")
    return Condition(name, values=tuple(constant(ask, one) for one in values))


def given(raw: Any, known: Mapping[str, Ask], results: Mapping[str, Ask]) -> Given:
    """Where a value comes from: `{is: …}`, `computed.<result>`, the code of an ask, or a list of such codes."""
    if isinstance(raw, dict) and set(raw) == {"is"}:
        return Given(constant=raw["is"])
    if isinstance(raw, str) and raw.startswith("computed."):
        if raw not in results:
            raise FileFault((), f"没有算出 {raw!r}", "写 computed.<结果>，两个规则都有时写 computed.<规则>.<结果>")
        return Given(computed=raw.removeprefix("computed."))
    if isinstance(raw, str) and raw in known:
        return Given(ask=raw)
    if isinstance(raw, list) and raw and all(isinstance(one, str) and one in known for one in raw):
        return Given(several=tuple(raw))
    raise FileFault((), f"{raw!r} 不是本事项的问题", "写问题的 code、computed.<结果> 或 {is: 常量}")


def givens(raw: Any, key: str, known: Mapping[str, Ask], results: Mapping[str, Ask]) -> dict[str, Given]:
    """Values by name, each from an ask, a result or the file."""
    found = {}
    pairs = raw or {}
    for name, value in closed(pairs, set(map(str, pairs)) if isinstance(pairs, dict) else set(), is_free=True).items():
        try:
            found[str(name)] = given(value, known, results)
        except FileFault as fault:
            raise fault.under(key, name) from fault
    return found
