"""The laws of a matter applied to its answers, one after the other: results, lines, and the form in which a door files them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.base.period import Period
from palmtax.matters.model.matter import Computes, Given, Matter
from palmtax.matters.model.problems import Problem, problem
from palmtax.plumbing.effects import Computed

Row = Mapping[str, Any]


def law_day(matter: Matter, one: Computes, given: Mapping[str, Any], today: date) -> date | None:
    """The day whose law counts: today, the day answered, the last day of the period or year answered; none when not yet known."""
    if one.on == "today":
        return today
    ask, answer = matter.by_code[one.on], given.get(one.on)
    if answer is None:
        return None
    if ask.type == "date":
        return date.fromisoformat(answer)
    return Period.parse(answer).last_day if ask.type == "period" else date(int(answer), 12, 31)


def is_asked_for(one: Computes, given: Mapping[str, Any]) -> bool:
    """Whether these answers call for the law; one that takes its facts from rows needs some."""
    return all(condition.holds(given) for condition in one.when) and (not one.each or bool(given.get(one.each)))


def facts(
    matter: Matter, one: Computes, given: Mapping[str, Any], before: Sequence[Computed], row: Row | None = None,
    on: date | None = None,
) -> dict[str, object]:  # fmt: skip
    """The facts of a law, as `rules.assess` takes them: answers, results of the laws before, constants, columns of a row."""
    known = {fact.code: fact for fact in rules.law(one.law).asked}
    raw = {ask.fact: given.get(ask.code) for ask in matter.asks if ask.law == one.law}
    raw |= {name: _value(where, given, before, row or {}) for name, where in one.facts.items()}
    found: dict[str, object] = {}
    for name, value in raw.items():
        fact = known[name]
        if value is None:
            continue
        if fact.each:
            found[name] = value if isinstance(value, list) else _in_month(value, on)
        else:
            found[name] = fact.plain_value(value) if fact.unit in ("rate", "quantity", "day") else value
    return found


def _value(where: Given, given: Mapping[str, Any], before: Sequence[Computed], row: Row) -> Any:
    if where.ask:
        return row[where.ask] if where.ask in row else given.get(where.ask)
    if where.computed:
        return joined(before).result(where.computed) if before else None
    return where.constant


def _in_month(value: object, on: date | None) -> list[object]:
    """One figure of a row as the year of a law that counts month by month: it stands in the month of the day."""
    return [value if on and month == on.month else 0 for month in range(1, 13)]


def joined(every: Sequence[Computed]) -> Computed:
    """The results of several laws as one."""
    return replace(every[0], also=tuple(every[1:]))


def compute(matter: Matter, given: Mapping[str, Any], today: date) -> tuple[Computed | None, list[Problem]]:
    """What the laws give, as far as the answers go, or why they cannot; (none, []) for a matter that computes nothing."""
    found: list[Computed] = []
    for one in matter.computes:
        if not is_asked_for(one, given):
            continue
        computed, wrong = compute_one(matter, one, given, found, today)
        if computed is None:
            return (joined(found) if found else None), wrong
        found += computed
    return (joined(found) if found else None), []


def compute_one(
    matter: Matter, one: Computes, given: Mapping[str, Any], before: Sequence[Computed], today: date
) -> tuple[list[Computed] | None, list[Problem]]:
    """What one law gives after those before it; none while something is missing, with what is wrong where something is."""
    on = law_day(matter, one, given, today)
    if on is None:
        return None, []
    try:
        if one.each:
            return _of_rows(matter, one, given, before, on), []
        found = rules.assess(one.law, on=on, facts=facts(matter, one, given, before))
    except rules.FactMissing:
        return None, []
    except rules.FactRefused as refused:
        return None, [_refused(matter, one, refused)]
    except (rules.ParameterNotInForce, rules.AmountTooLarge) as refused:
        (zh, _), (en, _) = refused.words("zh"), refused.words("en")
        return None, [Problem(one.on if one.on != "today" else matter.asks[0].code, zh, en)]
    lines = [_line(zh, en) for zh, en in zip(found.lines_in("zh"), found.lines_in("en"), strict=True)]
    plain = {code: _plain(value) for code, value in found.facts.items()}
    made = Computed(one.law, on, found.version, plain, dict(found.outputs), lines, one.show[0], one.charge)
    return [made], []


def _of_rows(
    matter: Matter, one: Computes, given: Mapping[str, Any], before: Sequence[Computed], on: date
) -> list[Computed]:
    """The law applied to every row that fits; its figures are added up, and each row has a line of its own."""
    rows = [row for row in given[one.each] if all(condition.holds(row) for condition in one.where)]
    asked = [facts(matter, one, given, before, row, on) for row in rows]
    found = [rules.assess(one.law, on=on, facts=each) for each in asked]
    names = found[0].outputs if found else (*one.show, *one.charge.values())
    by_row = {name: [int(each.outputs[name]) for each in found] for name in names}
    for name in charged_results(one) if one.less else ():
        # 国家税务总局公告2018年第61号 第六条: a balance below nothing waits for the settlement of the year
        paid = [int(row.get(one.less) or 0) for row in rows]
        by_row[name] = [max(owed - before, 0) for owed, before in zip(by_row[name], paid, strict=True)]
    outputs: dict[str, int | bool] = {name: sum(values) for name, values in by_row.items()}
    lines = _summed_lines(one, found, outputs) + _row_lines(matter, one, rows, by_row)
    plain = {"rows": [{name: _plain(value) for name, value in each.items()} for each in asked]}
    version = found[0].version if found else rules.version(one.law)
    return [Computed(one.law, on, version, plain, outputs, lines, one.show[0], one.charge)]


def charged_results(one: Computes) -> tuple[str, ...]:
    """The results that are charged."""
    return tuple(dict.fromkeys(one.charge.values())) or one.show[:1]


def _summed_lines(
    one: Computes, found: Sequence[rules.Assessment], outputs: Mapping[str, int | bool]
) -> list[dict[str, Any]]:
    if not found:
        return []
    zh, en = found[0].lines_in("zh"), found[0].lines_in("en")
    heads = {line.code: _line(line, line_en) for line, line_en in zip(zh, en, strict=True)}
    told = {"formula": f"{len(found)} 行合计", "formula_en": f"{len(found)} lines in all"}
    lines = []
    for name in dict.fromkeys((*one.show, *one.charge.values())):
        line = heads[name] | told | {"value": outputs[name]}
        if one.less and name in charged_results(one):
            label, label_en = f"{line['label']}（减去已扣）", f"{line['label_en']}, less what was withheld before"
            line |= {"label": label, "label_en": label_en}
        lines.append(line)
    return lines


def _row_lines(
    matter: Matter, one: Computes, rows: Sequence[Row], by_row: Mapping[str, Sequence[int]]
) -> list[dict[str, Any]]:
    """What each row comes to, named by its first column."""
    first, law = matter.by_code[one.each].rows[0].code, rules.law(one.law)
    lines = []
    for place, row in enumerate(rows):
        label, value = str(row.get(first) or place + 1), sum(by_row[name][place] for name in charged_results(one))
        lines.append(
            {"code": f"row_{place + 1}", "label": f"{label} · {law.title}", "label_en": f"{label} · {law.title_en}",
             "formula": "", "formula_en": "", "value": value, "unit": "fen", "citations": [], "citations_en": []}
        )  # fmt: skip
    return lines


def shown_lines(matter: Matter, computed: Computed | None) -> list[dict[str, Any]]:
    """The results that the file shows, law by law; a label that an earlier law has too says which law it is of."""
    found: list[dict[str, Any]] = []
    for one in matter.computes:
        own = computed.of(one.law) if computed else None
        lines = {line["code"]: line for line in own.lines} if own else {}
        seen, law = {line["label"] for line in found}, rules.law(one.law)
        for code in one.show:
            if code not in lines:
                continue
            line = _of_law(one.law, lines[code], computed)
            if line["label"] in seen:
                label, label_en = f"{law.title} · {line['label']}", f"{law.title_en} · {line['label_en']}"
                line |= {"label": label, "label_en": label_en}
            found.append(line)
    return found


def _of_law(law: str, line: dict[str, Any], computed: Computed | None) -> dict[str, Any]:
    """The line, under the name of its law unless that is the first: so no code is there twice."""
    first = computed is not None and law == computed.law
    return line | ({} if first else {"code": f"{law}.{line['code']}"})


def result_lines(matter: Matter, computed: Computed) -> list[dict[str, Any]]:
    """The results as people see them first; where several taxes are charged, what they come to stands above."""
    shown = shown_lines(matter, computed)
    charged = {code for one in computed.every for code in one.charges.values()}
    owed = [amount for one in computed.every if one.charges for amount in one.owed().values()]
    is_told = bool(shown) and shown[0]["value"] == sum(owed) and shown[0]["code"] not in charged
    if len(owed) > 1 and not is_told:
        total = {
            "code": "charged",
            "label": "应缴合计",
            "label_en": "Payable in all",
            "value": sum(owed),
            "unit": "fen",
        }
        shown = [total, *shown]
    return [{key: line[key] for key in ("code", "label", "label_en", "value", "unit")} for line in shown]


def every_line(computed: Computed) -> list[dict[str, Any]]:
    """All lines of all laws, named as `shown_lines` names them."""
    return [_of_law(one.law, line, computed) for one in computed.every for line in one.lines]


def known_to_calls(given: Mapping[str, Any], computed: Computed | None) -> dict[str, Any]:
    """The answers and, as `computed.…`, the results that the conditions of a door action may look at."""
    known = dict(given)
    for one in computed.every if computed else ():
        for name, value in one.outputs.items():
            known.setdefault(f"computed.{name}", value)
            known[f"computed.{one.law}.{name}"] = value
    return known


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _line(zh: rules.ExplainedLine, en: rules.ExplainedLine) -> dict[str, Any]:
    return {
        "code": zh.code,
        "label": zh.label,
        "label_en": zh.label_en,
        "formula": zh.formula,
        "formula_en": zh.formula_en,
        "value": zh.value,
        "unit": zh.unit,
        "citations": [asdict(one) for one in zh.citations],
        "citations_en": [asdict(one) for one in en.citations],
    }


def _refused(matter: Matter, one: Computes, refused: rules.FactRefused) -> Problem:
    code = str(refused.values.get("fact", ""))
    zh, en = refused.words("zh")[0], refused.words("en")[0]
    for head in (code, code.rpartition("_")[0]):
        ask = next((ask for ask in matter.asks if ask.law == one.law and ask.fact == head), None)
        where = one.facts.get(head)
        if ask is not None:
            return Problem(ask.code, zh, en)
        if where is not None:
            return Problem(where.ask if where.ask in matter.by_code else one.each or one.on, zh, en)
    return problem(code, "law", code, code, zh, en)
