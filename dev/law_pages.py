"""The reference pages about the law: every law, its numbers, the facts it asks, the texts it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from page_tables import MADE, table

_PART = re.compile(r"\*\*(?P<head>[^*]+?)\.?\*\*(?P<text>.*?)(?=\n\n\*\*|\Z)", re.DOTALL)
_DOUBTED = "uncertain"


@cache
def _laws() -> tuple[Any, ...]:
    from palmtax import rules

    return tuple(rules.law(code) for code in rules.every_law())


def _parts(law: Any) -> Mapping[str, str]:
    """The README of a law by its bold heads: Who, What, When, Not covered …"""
    from palmtax.rules.laws import LAWS

    text = (LAWS / law.code / "README.md").read_text(encoding="utf-8")
    return {found["head"]: " ".join(found["text"].split()) for found in _PART.finditer(text)}


def _doubted(law: Any) -> Iterator[tuple[Any, Any]]:
    for parameter in law.parameters.values():
        for value in parameter.values:
            if value.confidence == _DOUBTED:
                yield parameter, value


def _span(first: Any, last: Any) -> str:
    return f"{first} – {last or ''}".rstrip()


def _number(kind: str, value: Any) -> str:
    """A value as the law writes it, in one cell."""
    from palmtax import rules

    plain = rules.plain_number(kind, value)
    if isinstance(plain, dict):
        return "; ".join(f"{option} {one}" for option, one in plain.items())
    if isinstance(plain, list):
        return "; ".join(
            f"{'≤ ' + one['up_to'] if 'up_to' in one else 'above'}: {one['rate']}"
            + (f" − {one['less']}" if one.get("less", "0") not in {"0", "0%"} else "")
            for one in plain
        )
    return {True: "yes", False: "no"}[plain] if isinstance(plain, bool) else str(plain)


def laws() -> str:
    """Every law: whom it is for, how much it asks, how many numbers it has, which of them are in doubt."""
    from palmtax import rules

    found = _laws()
    numbers, doubts = sum(len(law.parameters) for law in found), [one for law in found for one in _doubted(law)]
    text = (
        f"# Laws\n\n{MADE}{len(found)} laws, {numbers} numbers of the law, {len({p.key for p, _ in doubts})} of them in"
    )
    text += " doubt. A law is a folder under `server/palmtax/rules/law/`; `palmtax law show CODE` prints one on a day,"
    text += " `palmtax law facts CODE` what it asks. How they work: [the law](../law.md). Their numbers:"
    text += (
        " [parameters](parameters.md); what they ask: [facts](facts.md); what they cite: [statutes](statutes.md).\n\n"
    )
    rows = [
        (
            f"`{law.code}`",
            f"{law.title}<br>{law.title_en}",
            _parts(law).get("Who", ""),
            len(law.asked),
            len(law.parameters),
            len({parameter.key for parameter, _ in _doubted(law)}) or "",
            sum(1 for _ in rules.cases(law.code)),
            f"{law.calculator.name}<br>{law.calculator.name_en}" if law.calculator else "–",
        )
        for law in found
    ]
    heads = ("code", "law", "who", "facts", "numbers", "in doubt", "worked cases", "calculator")
    text += table(heads, rows) + "\n## Numbers in doubt\n\nKept as dated parameters with `confidence: uncertain`;"
    text += " calculators and the explanation say so, and the law desk can set them right.\n\n"
    told = [
        (f"`{parameter.key}` {parameter.title}", _number(parameter.kind, value.value), value.first_day, value.note)
        for parameter, value in doubts
    ]
    text += table(("number", "value", "from", "why"), told) + "\n## Not covered\n\n"
    return text + table(("law", "what it leaves out"), [(f"`{one.code}`", _parts(one)["Not covered"]) for one in found])


def parameters() -> str:
    """Every number of the law through time."""
    text = (
        f"# Numbers of the law\n\n{MADE}One file each, under `server/palmtax/rules/law/CODE/parameters/`; a day before"
    )
    text += (
        " the first or after the last value is an error. ⚠: in doubt. Scales: up to and including that amount, rate,"
    )
    text += " less the quick deduction. Versions that the law desk put in force stand in the database, beside these.\n"
    for law in _laws():
        if not law.parameters:
            continue
        rows = []
        for parameter in law.parameters.values():
            for place, value in enumerate(sorted(parameter.values, key=lambda one: one.first_day)):
                name = "″" if place else f"`{parameter.key.partition('.')[2]}` {parameter.title}（{parameter.unit}）"
                mark = " ⚠" if value.confidence == _DOUBTED else ""
                span = _span(value.first_day, value.until)
                rows.append((name, _number(parameter.kind, value.value) + mark, span, value.law, value.published))
        text += f"\n## {law.code}\n\n" + table(("number", "value", "in force", "law", "published"), rows)
    return text


def _range(fact: Any) -> str:
    if fact.options:
        return "<br>".join(f"`{one.code}` {one.label}" for one in fact.options)
    if fact.unit == "yes_no":
        return ""
    return f"{fact.plain(fact.lo)} … {fact.plain(fact.hi)}"


def _default(fact: Any) -> str:
    if fact.default is None:
        return "asked"
    if isinstance(fact.default, bool):
        return "yes" if fact.default else "no"
    return f"{fact.default}" if fact.options else fact.plain(fact.read(fact.default))


def facts() -> str:
    """Everything that a law may ask a person."""
    text = (
        f"# Facts\n\n{MADE}What each law asks, in the order to ask. Amounts are yuan here, fen on the wire; a row has a"
    )
    text += " value for each month or quarter (a list, or `name_01` …). “asked”: there is no default. Exactly, as JSON"
    text += " Schema: `palmtax law facts CODE`.\n"
    for law in _laws():
        rows = [
            (
                f"`{fact.code}`",
                f"{fact.label}<br>{fact.label_en}",
                " ".join(
                    filter(None, (fact.unit, fact.measure and f"({fact.measure})", fact.each and f"each {fact.each}"))
                ),
                _range(fact),
                _default(fact),
            )
            for fact in law.asks.values()
        ]
        text += f"\n## {law.code}\n\n{law.title}\n"
        if law.uses:
            text += f"\nAnd what {', '.join(f'[{code}](#{code})' for code in law.uses)} asks, unless it is bound here:"
            text += f" {', '.join(f'`{fact.code}`' for fact in law.asked if fact.code not in law.asks) or 'nothing more'}.\n"
        if rows:
            text += "\n" + table(("fact", "asked as", "unit", "range, options", "default"), rows)
    return text


@cache
def _citing() -> Mapping[str, list[str]]:
    """The laws that cite an article, by reference."""
    found: dict[str, dict[str, None]] = {}
    for law in _laws():
        cited = [value.law for parameter in law.parameters.values() for value in parameter.values]
        cited += [article for versions in law.formulas.values() for one in versions for article in one.articles]
        for reference in cited:
            found.setdefault(reference, {})[law.code] = None
    return {reference: list(codes) for reference, codes in found.items()}


def statutes() -> str:
    """Every text that a rule cites, with the days it is in force."""
    from palmtax.rules.statutes import article_in_english, every_statute

    known = every_statute()
    articles = sum(len(statute.articles) for statute in known.values())
    text = f"# Statutes\n\n{MADE}{len(known)} texts, {articles} articles, from `server/palmtax/rules/law/statutes.yaml`, in our"
    text += (
        " own short words: for the wording go to the official text. A citation that is unknown, or not in force on the"
    )
    text += " days of its number or line, fails the build. ⚠: we have it from second hand or from memory.\n\n"
    rows: list[tuple[object, ...]] = []
    for statute in known.values():
        replaced = f"<br>replaced by {statute.replaced_by}" if statute.replaced_by else ""
        span = _span(statute.first_day, statute.ended_on or statute.until)
        rows.append((f"**{statute.title}**<br>{statute.title_en}", f"{statute.number}, {span}{replaced}", ""))
        for name, article in statute.articles.items():
            mark = "" if article.confidence == "law" else " ⚠"
            codes = ", ".join(f"`{code}`" for code in _citing().get(f"{statute.title} {name}", [])) or "–"
            told = f"{article.paraphrase}<br>{article.paraphrase_en}{mark}"
            rows.append((f"{name}<br>{article_in_english(name)}", told, codes))
    return text + table(("text, article", "in short", "cited by"), rows)
