"""Where people stop, what is asked in vain: process analytics for officers (E6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import day_begins
from palmtax.matters.model import catalogue, figures
from palmtax.matters.schemas.analytics import AnalyticsOut, MatterFigures, QuestionFigures, Worst
from palmtax.matters.store import analytics as store
from palmtax.plumbing.database import Tx


async def figures_of(tx: Tx, *, actor: Actor, since: date, until: date) -> AnalyticsOut:
    """How the matters of the officer's office and those below went between two days (both counted). Two round trips."""
    office = actor.hat.office_code or "" if actor.hat else ""
    branch = [registry.office_branch(office)] if office else ["-"]
    first = day_begins(since)
    last = day_begins(until) + timedelta(days=1)
    counted = await store.matters(tx, since=first, until=last, offices=branch)
    asked = await store.questions(tx, since=first, until=last, offices=branch)
    by_matter: dict[str, list[dict[str, Any]]] = {}
    for row in asked:
        by_matter.setdefault(row["matter_code"], []).append(row)
    held = {code: sum(row["held"] for row in rows) for code, rows in by_matter.items()}
    stops = {code: found for code, rows in by_matter.items() if (found := _stop(code, rows))}
    known = catalogue.catalogue()
    shown = [
        _figures(row, by_matter.get(row["matter_code"], []), held) for row in counted if row["matter_code"] in known
    ]
    bad = [
        Worst(
            code=one.code, title=known[one.code].title, title_en=known[one.code].title_en, reason=one.reason,
            text=one.text, text_en=one.text_en, score=one.score,
        )
        for one in figures.worst([row for row in counted if row["matter_code"] in known], stops, held)
    ]  # fmt: skip
    return AnalyticsOut(
        since=since, until=until, matters=sorted(shown, key=lambda one: (-one.started, one.code)), worst=bad
    )


def _stop(code: str, rows: list[dict[str, Any]]) -> tuple[str, str] | None:
    """The question at which most people stopped."""
    top = max(rows, key=lambda row: row["stopped"])
    matter = catalogue.catalogue().get(code)
    ask = matter.by_code.get(top["ask_code"]) if matter else None
    return (ask.label, ask.label_en) if ask and top["stopped"] else None


def _figures(row: dict[str, Any], asked: list[dict[str, Any]], held: dict[str, int]) -> MatterFigures:
    matter = catalogue.find_matter(row["matter_code"])
    order = {ask.code: place for place, ask in enumerate(matter.asks)}
    questions = [
        QuestionFigures(
            code=one["ask_code"], label=matter.by_code[one["ask_code"]].label,
            label_en=matter.by_code[one["ask_code"]].label_en, seen=one["seen"],
            median_seconds=int(one["median_ms"] or 0) // 1000, changes=one["changes"], held=one["held"],
            stopped=one["stopped"],
        )
        for one in sorted((one for one in asked if one["ask_code"] in order), key=lambda one: order[one["ask_code"]])
    ]  # fmt: skip
    return MatterFigures(
        code=matter.code,
        title=matter.title,
        title_en=matter.title_en,
        started=row["started"],
        submitted=row["submitted"],
        finished=row["finished"],
        approved=row["approved"],
        dropped=row["dropped"],
        supplemented=row["supplemented"],
        asked_though_held=held.get(matter.code, 0),
        median_fill_minutes=int(row["median_fill_seconds"] or 0) // 60,
        median_decide_hours=int(row["median_decide_seconds"] or 0) // 3600,
        finish_per_mille=figures.per_mille(row["submitted"], row["started"]),
        drop_per_mille=figures.per_mille(row["dropped"], row["started"]),
        supplement_per_mille=figures.per_mille(row["supplemented"], row["submitted"]),
        stars_tenths=int(row["stars"]) * 10 // row["rated"] if row["rated"] else None,
        questions=questions,
    )
