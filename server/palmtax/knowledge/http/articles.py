"""Routes of policies and answers 政策与问答, and of written questions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from palmtax.knowledge.actions import letters
from palmtax.knowledge.model.articles import GROUPS, every_article, find_article, found_articles
from palmtax.knowledge.schemas.articles import (
    ArticleList,
    ArticleOut,
    LetterOut,
    shape_article,
    shape_card,
    shape_letter,
)
from palmtax.plumbing.edge import Edge, Router, may, may_anyone, may_officer

router = Router(prefix="/api/knowledge", tags=["knowledge"])
Code = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]


@router.get("/articles")
def list_articles(
    edge: Annotated[Edge, may_anyone(rate="120/minute")],
    q: Annotated[str, Query(max_length=60, description="what people would say or type")] = "",
) -> ArticleList:
    """Articles that answer a question, the best first; every one by its group when nothing is asked."""
    day = edge.clock.today()
    if q.strip():
        found = [one for one, _ in found_articles(q, on=day)]
    else:
        places = list(GROUPS)
        found = sorted(every_article().values(), key=lambda one: (places.index(one.group), one.code))
    return ArticleList(articles=[shape_card(one, day) for one in found], total=len(found))


@router.get("/articles/{code}")
def read_article(code: Code, edge: Annotated[Edge, may_anyone(rate="120/minute")]) -> ArticleOut:
    """One article with the texts it rests on."""
    return shape_article(find_article(code), edge.clock.today())


@router.get("/letters")
async def list_letters(edge: Annotated[Edge, may("knowledge.ask")]) -> list[LetterOut]:
    """The taxpayer's written questions, newest first."""
    async with edge.statement() as tx:
        found = await letters.letters_of(tx, taxpayer_id=edge.taxpayer_id)
    return [shape_letter(one) for one in found]


@router.get("/letters/{letter_id}")
async def read_letter(letter_id: UUID, edge: Annotated[Edge, may("knowledge.ask")]) -> LetterOut:
    """One written question with its answer."""
    async with edge.statement() as tx:
        found = await letters.readable_letter(tx, taxpayer_id=edge.taxpayer_id, letter_id=letter_id)
    return shape_letter(found)


@router.get("/desk/letters/{taxpayer_id}/{letter_id}")
async def read_letter_for_officer(
    taxpayer_id: int, letter_id: UUID, edge: Annotated[Edge, may_officer("cases.read")]
) -> LetterOut:
    """A written question to the officer's office or one below."""
    async with edge.statement() as tx:
        found = await letters.letter_for_officer(tx, actor=edge.actor, taxpayer_id=taxpayer_id, letter_id=letter_id)
    return shape_letter(found)
