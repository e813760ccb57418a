"""What a matter names must exist: sources, door actions with their arguments, facts and results of its law, examples that fill it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from palmtax import payment, rules
from palmtax.matters.model import types
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.catalogue import FOLDER, readable
from palmtax.matters.model.faults import Fault, FileFault, placed
from palmtax.matters.model.matter import Call, Example, Matter
from palmtax.plumbing.effects import EFFECTS, kind_of_source

DAYS = frozenset({"today", "this_year", "last_year", "this_quarter", "last_quarter", "this_month", "last_month"})
"""Sources without a domain: they follow from the clock."""
_TEXTUAL = (
    frozenset(types.FORMS) | frozenset(types.LENGTHS) | {"choice", "rate", "quantity", "period", "time", "office"}
)
_FIT: Mapping[type, frozenset[str]] = {
    str: _TEXTUAL,
    int: frozenset({"amount", "number", "year"}),
    bool: frozenset({"yes_no", "agree"}),
    date: frozenset({"date"}),
    list: frozenset({"rows", "choices", "series"}),
    dict: frozenset(),
}


def _sources(matter: Matter) -> Iterator[FileFault]:
    named = [(("asks", place, "from"), ask.source) for place, ask in enumerate(matter.asks)]
    named += [(("papers", place, "on_file"), paper.on_file) for place, paper in enumerate(matter.papers)]
    named += [(("needs", place, "read"), need.read) for place, need in enumerate(matter.needs)]
    for path, source in named:
        if source and source not in DAYS and kind_of_source(source) is None:
            yield FileFault(path, f"没有来源 {source!r}", "见 docs/reference/matters.md 的来源表")


def _calls(matter: Matter) -> Iterator[FileFault]:
    for place, call in enumerate(matter.on_yes):
        yield from _call(call, matter.by_code, ("on_yes", place))
    for number, example in enumerate(matter.examples):
        for place, call in enumerate(example.given):
            yield from _call(call, {}, ("examples", number, "given", place))


def _call(call: Call, asks: Mapping[str, Ask], path: tuple[str | int, ...]) -> Iterator[FileFault]:
    entry = EFFECTS.get(call.do)
    if entry is None:
        yield FileFault((*path, "do"), f"没有门上的动作 {call.do!r}", "见 docs/reference/matters.md 的动作表")
        return
    for name in call.arguments.keys() - entry.parameters.keys():
        yield FileFault(
            (*path, "with", name), f"{call.do} 没有参数 {name!r}", f"参数 / takes: {', '.join(entry.parameters)}"
        )
    for name, parameter in entry.parameters.items():
        given = call.arguments.get(name)
        if given is None:
            if not parameter.is_optional:
                yield FileFault((*path, "with"), f"{call.do} 缺少参数 {name!r}", "在 with 里补上")
            continue
        if given.ask and asks[given.ask].type not in _FIT[parameter.kind]:
            kinds = ", ".join(sorted(_FIT[parameter.kind]))
            yield FileFault((*path, "with", name), f"{given.ask} 的类型与参数不符", f"应是 / wants: {kinds}")
        if given.several and parameter.kind is not list:
            yield FileFault((*path, "with", name), f"{call.do} 的 {name} 只要一个值", "只写一个问题的 code")
        if given.is_constant and not isinstance(given.constant, (parameter.kind, type(None))):
            yield FileFault((*path, "with", name), f"常量应是 {parameter.kind.__name__}", "改写常量")


def _law(matter: Matter) -> Iterator[FileFault]:
    named = {ask.law for ask in matter.asks if ask.law}
    for name in named - {one.law for one in matter.computes}:
        yield FileFault(
            ("computes",), f"问了 {name} 的内容却不计算它 / its questions are asked for nothing", "写进 computes"
        )
    for place, one in enumerate(matter.computes):
        path = ("computes", place) if len(matter.computes) > 1 else ("computes",)
        for tax in one.charge:
            if payment.tax_name(tax) == (tax, tax):
                yield FileFault((*path, "charge", tax), f"没有税种 {tax!r}", "写规则的名字，或 payment 认识的税种")
        answered = {ask.fact for ask in matter.asks if ask.law == one.law} | one.facts.keys()
        for fact in rules.law(one.law).asked:
            if fact.code not in answered and fact.default is None:
                yield FileFault(
                    (*path, "law"), f"{one.law} 需要 {fact.code!r}，没有问也没有给", "写进 facts，或不要 leave_out"
                )


def _words(matter: Matter) -> Iterator[FileFault]:
    if len(matter.words) < 3:
        yield FileFault(("words",), "至少写三种说法 / three ways people say it", "补上口语")
    if len(matter.say) > 40:
        yield FileFault(("say",), f"一句话不超过 40 字（现有 {len(matter.say)}）", "改短")
    if len(matter.reasons_no) != len(matter.reasons_no_en):
        yield FileFault(("reasons_no",), "reasons_no 与 reasons_no_en 条数不同", "逐条对应")
    if matter.decision.by != "instant" and len(matter.reasons_no) < 2:
        yield FileFault(("reasons_no",), "要由人决定的事项至少给两条不予办理的理由", "补上 reasons_no")
    if not matter.on_yes:
        yield FileFault(("on_yes",), "办成之后什么也不发生 / nothing happens on yes", "写一个门上的动作")


def _example(matter: Matter, place: int, example: Example) -> Iterator[FileFault]:
    path = ("examples", place)
    answers: dict[str, object] = {}
    for ask in matter.asks:
        if ask.code in example.answers:
            value, wrong = types.read(ask, example.answers[ask.code])
            if wrong is not None:
                yield FileFault((*path, "answers", ask.code), wrong.text, "改正样例")
            answers[ask.code] = value
    for name in example.papers:
        if name not in {paper.code for paper in matter.papers}:
            yield FileFault((*path, "papers"), f"没有材料 {name!r}", "检查名字")
    for who in example.hat:
        if who not in matter.who:
            yield FileFault((*path, "hat"), f"{who!r} 不在本事项的 who 里", "检查名字")
    if (matter.decision.by == "instant") and example.decision:
        yield FileFault((*path, "decision"), "即时办结的事项没有人决定", "去掉 decision")


def faults_of(matter: Matter) -> list[FileFault]:
    """Everything wrong with a matter that could be read."""
    found: list[FileFault] = []
    for look in (_sources, _calls, _law, _words):
        found += look(matter)
    for place, example in enumerate(matter.examples):
        found += _example(matter, place, example)
    return found


def faults(folder: Path = FOLDER, *, only: Callable[[Matter], bool] = lambda _: True) -> list[Fault]:
    """Everything wrong with a catalogue, file by file."""
    matters, found = readable(folder)
    for matter in matters:
        if only(matter):
            text = (folder.parent / matter.path).read_text("utf-8")
            found += [placed(matter.path, text, fault) for fault in faults_of(matter)]
    codes: dict[str, str] = {}
    for matter in matters:
        if matter.code in codes:
            found.append(Fault(matter.path, 1, f"编号 {matter.code} 已用于 {codes[matter.code]}", "换一个编号"))
        codes.setdefault(matter.code, matter.path)
    return found


def faults_in(group: str | None = None) -> list[Fault]:
    """Everything wrong with the catalogue of this process, or with one of its groups (files that cannot be read always)."""
    return faults(only=lambda matter: group is None or matter.group == group.upper())
