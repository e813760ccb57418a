"""What matters may do here: show a calculation, find answers, ask in writing, show the way."""

from __future__ import annotations

from palmtax.knowledge.actions import letters
from palmtax.knowledge.errors import NothingComputed
from palmtax.knowledge.model.articles import Article, articles_of_matter, found_articles
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect

MOST = 8
MOST_LOOKED_AT = 200


@effect("knowledge.calculate")
async def calculate(tx: Tx, *, act: Act, law: str) -> Done:
    """税费试算: shows what the matter computed, line by line; nothing is kept. Errors: knowledge.nothing_computed."""
    del tx
    computed = act.computed
    if computed is None or computed.law != law:
        raise NothingComputed()
    lines = [
        Line(
            str(one["label"]), str(one.get("label_en") or one["label"]), _plain(one["value"]), str(one.get("unit", ""))
        )
        for one in computed.lines
        if one.get("label") and one.get("value") is not None
    ]
    return Done(dict(computed.outputs), tuple(lines))


def _plain(value: object) -> str | int | bool:
    return value if isinstance(value, str | int) else str(value)


def _lines(found: list[Article]) -> tuple[Line, ...]:
    return tuple(Line(one.title, one.title_en, one.answer, value_en=one.answer_en) for one in found)


@effect("knowledge.find_articles")
async def find_articles(tx: Tx, *, act: Act, text: str, group: str | None = None) -> Done:
    """智能咨询、税法查询: the answers that fit what was asked, the best first; `group` is one of the groups of articles."""
    del tx
    every = [one for one, _ in found_articles(text, on=act.clock.today(), limit=MOST_LOOKED_AT)]
    found = [one for one in every if group is None or one.group == group][:MOST]
    return Done({"count": len(found)}, _lines(found))


@effect("knowledge.ask_letter")
async def ask_letter(tx: Tx, *, act: Act, topic: str, question: str) -> Done:
    """书面咨询: answered within fifteen working days; the same application again gives the same letter."""
    made = await letters.ask_letter(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        office_code=act.office_code,
        topic=topic,
        question=question,
        application_id=act.application_id,
    )
    due_on = made.due_on.isoformat()
    return Done(
        {"letter_no": made.letter_no, "due_on": due_on},
        (
            Line("咨询编号", "Number of the question", made.letter_no),
            Line("答复期限", "Answered by", due_on, "date"),
        ),
    )


@effect("knowledge.show_guide")
async def show_guide(tx: Tx, *, act: Act, matter: str) -> Done:
    """办税指南: answers that lead to a matter (by code), or that fit its name."""
    del tx
    day = act.clock.today()
    found = articles_of_matter(matter) or [one for one, _ in found_articles(matter, on=day, limit=MOST)]
    return Done({"count": len(found)}, _lines(found[:MOST]))
