"""From a file of the catalogue to a `Matter`; every fault names the place and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from palmtax.matters.model import types
from palmtax.matters.model.asks import Ask, Option
from palmtax.matters.model.conditions import Check, Condition, is_name, written
from palmtax.matters.model.faults import FileFault
from palmtax.matters.model.law_asks import law_asks
from palmtax.matters.model.law_computes import read_computes, results
from palmtax.matters.model.matter import (
    CATEGORIES,
    GROUPS,
    ROLES_OF,
    SKILLS,
    Call,
    Citation,
    Decision,
    Document,
    Example,
    Matter,
    Need,
    Paper,
    Promise,
)
from palmtax.matters.model.pieces import both, closed, conditions, constant, each, givens, one_of, sequence

_TOP = {
    "code", "title", "title_en", "say", "say_en", "words", "who", "roles", "mobile", "level", "law", "promise", "fee_fen",
    "screens", "needs", "asks", "papers", "computes", "decide", "skill", "on_yes", "reasons_no", "reasons_no_en",
    "document", "examples", "channels", "secret",
}  # fmt: skip
_ASK = {
    "code", "label", "label_en", "help", "help_en", "section", "section_en", "type", "options", "rows", "min", "max",
    "at_least", "at_most", "max_length", "unit", "unit_en", "kinds", "from", "locked", "optional", "check", "say_wrong",
    "say_wrong_en", "when",
}  # fmt: skip
_TYPES = tuple(sorted(types.TYPES - {"series"}))
_CONFIDENCES = ("law", "secondary", "own knowledge", "uncertain")


def _option(raw: Any) -> Option:
    one = closed(raw, {"value", "label", "label_en", "help", "help_en"}, "value", "label", "label_en")
    if not isinstance(one["value"], str):
        raise FileFault(("value",), "选项的值应是文字 / the value of an option is text", "加上引号")
    both(one, "help")
    return Option(one["value"], one["label"], one["label_en"], one.get("help", ""), one.get("help_en", ""))


def _check(raw: Any, ask: Ask) -> Check:
    found = written(str(raw))
    if found is None:
        raise FileFault(("check",), f"{raw!r} 不是一个比较", '写成 "> current_quota" 或 ">= 100"')
    sign, right = found
    return Check(sign, other=right) if is_name(right) else Check(sign, constant=constant(ask, right))


def _ask(raw: Any, known: Mapping[str, Ask]) -> Ask:
    one = closed(raw, _ASK, "code", "label", "label_en", "type")
    both(one, "help", "section", "say_wrong", "unit")
    if not is_name(str(one["code"])):
        raise FileFault(("code",), f"{one['code']!r} 不是小写下划线的名字", "如 requested_quota")
    kind = one_of(one["type"], _TYPES, "type")
    texts = {key: one.get(key, "") for key in ("help", "help_en", "section", "section_en", "unit", "unit_en")}
    rows: dict[str, Ask] = {}
    for place, row in enumerate(sequence(one.get("rows"), "rows")):
        try:
            column = _ask(row, rows)
        except FileFault as fault:
            raise fault.under("rows", place) from fault
        rows[column.code] = column
    options = tuple(each(one.get("options"), "options", _option))
    if bool(options) != (kind in ("choice", "choices")) or bool(rows) != (kind == "rows"):
        raise FileFault(("type",), "choice/choices 要有 options，rows 要有 rows，其余不能有", "检查 type")
    ask = Ask(
        code=one["code"], type=kind, label=one["label"], label_en=one["label_en"], options=options,
        rows=tuple(rows.values()), at_least=int(one.get("at_least", 1 if kind in ("rows", "choices") else 0)),
        at_most=int(one.get("at_most", 0)), max_length=int(one.get("max_length", 0)),
        kinds=tuple(sequence(one.get("kinds"), "kinds")), source=str(one.get("from", "")),
        is_locked=bool(one.get("locked")), is_optional=bool(one.get("optional")), say_wrong=one.get("say_wrong", ""),
        say_wrong_en=one.get("say_wrong_en", ""), when=conditions(one.get("when"), known), **texts,
    )  # fmt: skip
    return _limited(ask, one)


def _limited(ask: Ask, one: Mapping[str, Any]) -> Ask:
    lowest, highest = (_bound(ask, one, key) for key in ("min", "max"))
    raw = one.get("check")
    checks = tuple(_check(text, ask) for text in (raw if isinstance(raw, list) else [raw] if raw is not None else []))
    if lowest is highest is None and not checks:
        return ask
    return replace(ask, lowest=lowest, highest=highest, checks=checks)


def _bound(ask: Ask, one: Mapping[str, Any], key: str) -> Any:
    if one.get(key) is None:
        return None
    try:
        found = types.of_file(ask, one[key])
    except ValueError as wrong:
        raise FileFault((key,), str(wrong), "按元书写，如 0.01") from wrong
    if ask.type in ("number", "year") and isinstance(found, str):
        return int(found)
    return found


def read_asks(raw: Any) -> tuple[Ask, ...]:
    """The asks of a file, in order; those of a law in its place."""
    known: dict[str, Ask] = {}
    for place, one in enumerate(sequence(raw, "asks")):
        try:
            found = law_asks(one, known) if isinstance(one, dict) and "law" in one else (_ask(one, known),)
        except FileFault as fault:
            raise fault.under("asks", place) from fault
        for ask in found:
            if ask.code in known:
                raise FileFault(("asks", place), f"问题 {ask.code!r} 出现两次", "换一个 code")
            known[ask.code] = ask
    for place, ask in enumerate(known.values()):
        for check in ask.checks:
            if check.other and check.other not in known:
                raise FileFault(("asks", place, "check"), f"check 引用了不存在的 {check.other!r}", "检查名字")
    return tuple(known.values())


def _paper(raw: Any, known: Mapping[str, Ask]) -> Paper:
    keys = {"code", "title", "title_en", "why", "why_en", "when", "on_file", "optional", "at_most"}
    one = closed(raw, keys, "code", "title", "title_en", "why", "why_en")
    return Paper(
        one["code"], one["title"], one["title_en"], one["why"], one["why_en"], conditions(one.get("when"), known),
        str(one.get("on_file") or ""), bool(one.get("optional")), int(one.get("at_most", 5)),
    )  # fmt: skip


def _need(raw: Any) -> Need:
    one = closed(raw, {"read", "check", "say", "say_en", "go"}, "read", "check", "say", "say_en")
    if one["check"] in ("exists", "missing"):
        return Need(one["read"], None, one["check"] == "exists", one["say"], one["say_en"], one.get("go", ""))
    found = written(str(one["check"]))
    if found is None:
        raise FileFault(("check",), f"{one['check']!r} 不是一个比较", '写成 "<= 0"、"exists" 或 "missing"')
    constant: object = int(found[1]) if found[1].lstrip("-").isdigit() else found[1]
    return Need(one["read"], Check(found[0], constant=constant), None, one["say"], one["say_en"], one.get("go", ""))


def _promise(raw: Any) -> Promise:
    keys = {"instant", "days", "calendar_days", "at_most", "confidence", "note", "note_en"}
    one = closed(raw, keys)
    both(one, "note")
    days = one.get("days") or one.get("calendar_days")
    if bool(one.get("instant")) == bool(days):
        raise FileFault((), "promise 写 instant: true，或 days / calendar_days 之一", "改写 promise")
    one_of(one.get("confidence", "own knowledge"), _CONFIDENCES, "confidence")
    return Promise(
        bool(one.get("instant")), int(days or 0), "calendar_days" in one, int(one.get("at_most", 0)),
        one.get("confidence", "own knowledge"), one.get("note", ""), one.get("note_en", ""),
    )  # fmt: skip


def _call(raw: Any, known: Mapping[str, Ask], results: Mapping[str, Ask]) -> Call:
    one = closed(raw, {"do", "with", "when"}, "do")
    return Call(
        one["do"], givens(one.get("with"), "with", known, results), conditions(one.get("when"), {**known, **results})
    )


def _decision(raw: Mapping[str, Any], known: Mapping[str, Ask]) -> Decision:
    rule = raw["decide"] if isinstance(raw["decide"], dict) else {"by": raw["decide"]}
    one = closed(rule, {"by", "instant_when", "skill"}, "by")
    by = one_of(one["by"], ("instant", "one_officer", "two_officers", "other_office"), "by")
    named = one.get("skill") or raw.get("skill")
    if by != "instant" and not named:
        raise FileFault((), "缺少 / missing 'skill'：由哪类人员决定", f"可用 / one of: {', '.join(sorted(SKILLS))}")
    skill = one_of(named, sorted(SKILLS), "skill") if by != "instant" else ""
    return Decision(by, skill, conditions(one.get("instant_when"), known))  # type: ignore[arg-type]  # checked above


def _document(raw: Any, known: Mapping[str, Ask]) -> Document | None:
    if raw is None:
        return None
    one = closed(raw, {"kind", "title", "title_en", "lines"}, "kind", "title", "title_en")
    kind = one_of(one["kind"], ("receipt", "notice", "decision", "certificate", "result"), "kind")
    lines = tuple(sequence(one.get("lines"), "lines"))
    for place, name in enumerate(lines):
        if name not in known:
            raise FileFault(("lines", place), f"文书引用了不存在的问题 {name!r}", "写问题的 code")
    return Document(kind, one["title"], one["title_en"], lines)


def _example(raw: Any, known: Mapping[str, Ask]) -> Example:
    keys = {"name", "answers", "papers", "decision", "expect", "hat", "given"}
    one = closed(raw, keys, "name")
    answers = {}
    for name, value in (one.get("answers") or {}).items():
        if name not in known:
            raise FileFault(("answers", name), f"没有问题 {name!r}", "检查名字")
        try:
            answers[name] = types.of_file(known[name], value)
        except ValueError as wrong:
            raise FileFault(("answers", name), str(wrong), "按元书写") from wrong
    raw_said = one.get("decision", "")
    said = ("yes" if raw_said else "no") if isinstance(raw_said, bool) else raw_said  # YAML reads a bare yes as truth
    decision = one_of(said, ("", "yes", "no", "supplement_then_yes"), "decision")
    given = tuple(each(one.get("given"), "given", lambda call: _call(call, {}, {})))
    hat = tuple(sequence(one.get("hat"), "hat"))
    return Example(
        one["name"],
        answers,
        tuple(sequence(one.get("papers"), "papers")),
        decision,
        one.get("expect") or {},
        hat,
        given,
    )


def read_matter(raw: Any, path: str) -> Matter:
    """The matter of a parsed file; `FileFault` with the place inside it."""
    top = closed(
        raw, _TOP, "code", "title", "title_en", "say", "say_en", "words", "who", "roles", "mobile", "level", "promise",
        "screens", "decide", "examples",
    )  # fmt: skip
    for place, who in enumerate(sequence(top["who"], "who")):
        one_of(who, tuple(CATEGORIES), "who") if who in CATEGORIES else _no_category(place, who)
    _roles(top)
    asks = read_asks(top.get("asks"))
    known = {ask.code: ask for ask in asks}
    reads: dict[str, Callable[[], Any]] = {
        "promise": lambda: _promise(top["promise"]),
        "computes": lambda: read_computes(top.get("computes"), known),
        "decide": lambda: _decision(top, known),
        "document": lambda: _document(top.get("document"), known),
    }
    parts: dict[str, Any] = {}
    for name, read in reads.items():
        try:
            parts[name] = read()
        except FileFault as fault:
            raise fault.under(name) from fault
    computed = results(parts["computes"])
    lists = {
        "law": each(top.get("law"), "law", _citation),
        "needs": each(top.get("needs"), "needs", _need),
        "papers": each(top.get("papers"), "papers", lambda one: _paper(one, known)),
        "on_yes": each(top.get("on_yes"), "on_yes", lambda one: _call(one, known, computed)),
        "examples": each(top.get("examples"), "examples", lambda one: _example(one, known)),
    }
    return Matter(
        code=top["code"], path=path, title=top["title"], title_en=top["title_en"], say=top["say"], say_en=top["say_en"],
        words=tuple(top["words"]), who=tuple(top["who"]), roles=tuple(top["roles"]),
        mobile=one_of(top["mobile"], ("frequent", "suited", "office"), "mobile"),
        level=one_of(top["level"], ("full", "plain"), "level"),  # type: ignore[arg-type]  # checked
        law=tuple(lists["law"]), promise=parts["promise"], fee_fen=int(top.get("fee_fen", 0)),
        screens=one_of(top["screens"], ("guided", "page"), "screens"), needs=tuple(lists["needs"]), asks=asks,
        papers=tuple(lists["papers"]), computes=parts["computes"], decision=parts["decide"],
        on_yes=tuple(lists["on_yes"]), reasons_no=tuple(top.get("reasons_no") or ()),
        reasons_no_en=tuple(top.get("reasons_no_en") or ()), document=parts["document"],
        examples=tuple(lists["examples"]), channels=tuple(top.get("channels") or ()),
        secret=_secret(top.get("secret"), known),
    )  # fmt: skip


def _secret(raw: Any, known: Mapping[str, Ask]) -> tuple[Condition, ...] | None:
    """`secret: true`, or the answers that make it so."""
    if raw in (None, False):
        return None
    if raw is True:
        return ()
    try:
        return conditions(raw, known)
    except FileFault as fault:
        raise fault.under("secret") from fault


def _no_category(place: int, who: Any) -> None:
    raise FileFault(("who", place), f"{who!r} 不是纳税人类别", f"可用的值 / one of: {', '.join(CATEGORIES)}")


def _roles(top: Mapping[str, Any]) -> None:
    group = str(top["code"]).partition("-")[0]
    if group not in GROUPS:
        raise FileFault(("code",), f"没有分组 {group!r}", f"可用的分组 / one of: {', '.join(GROUPS)}")
    possible = frozenset().union(*(ROLES_OF[who] for who in top["who"]))
    for place, role in enumerate(sequence(top["roles"], "roles")):
        if role not in possible:
            raise FileFault(
                ("roles", place), f"{role!r} 不能代表这些纳税人", f"可用 / one of: {', '.join(sorted(possible))}"
            )
    for place, who in enumerate(top["who"]):
        if not ROLES_OF[who] & set(top["roles"]):
            raise FileFault(("who", place), f"没有任何身份能为 {who} 办理", "在 roles 里补上，或从 who 里去掉")


def _citation(raw: Any) -> Citation:
    one = closed(raw, {"cite", "article", "confidence"}, "cite", "confidence")
    return Citation(one["cite"], str(one.get("article") or ""), one_of(one["confidence"], _CONFIDENCES, "confidence"))
