"""The result in words and numbers: groups, histogram, cliffs, a sample, from the finished tallies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax import rules
from palmtax.insight.actions.cliffs import cliffs_and_curve
from palmtax.insight.actions.computing import changes_of
from palmtax.insight.model.kinds import Kind, find_kind
from palmtax.insight.model.study import Question
from palmtax.insight.model.tally import DECILES, Tally, bar_limits
from palmtax.insight.store.cells import DIMENSIONS, as_file, grouped, table_of
from palmtax.insight.store.page import Population, Word


def words_of(people: Population, kind: Kind) -> dict[str, tuple[Word, ...]]:
    """The codes and names of every dimension, in the order of their places."""
    deciles = tuple(
        Word(
            str(n),
            f"第{n}个十分位" if n > 1 else "收入最低的一成",
            f"tenth {n} by income" if n > 1 else "lowest tenth by income",
        )
        for n in range(1, DECILES + 1)
    )
    return {
        "decile": deciles,
        "industry": people.words("industry"),
        "city": people.words("city"),
        "band": people.words(f"{kind.population}.band"),
    }


def result_of(people: Population, question: Question, tallies: Mapping[str, Tally]) -> tuple[dict[str, Any], bytes]:
    """The result as it is kept, and the cells as a file."""
    cells = table_of(tallies)
    laws = [_law(people, find_kind(law), question, tally, cells) for law, tally in tallies.items()]
    total: dict[str, Any] = {name: sum(law[name] for law in laws) for name in ("before_fen", "after_fen", "delta_fen")}
    return {"laws": laws, **total}, as_file(cells)


def _law(people: Population, kind: Kind, question: Question, tally: Tally, cells: Any) -> dict[str, Any]:
    law, words = rules.law(kind.law), words_of(people, kind)
    groups = {name: groups_of(people, kind, cells, (name,), words) for name in DIMENSIONS}
    whole = {
        name: int(tally.cells[:, n].sum())
        for n, name in enumerate(("rows", "before_fen", "after_fen", "winners", "losers"))
    }
    return {
        "law": kind.law,
        "title": law.title,
        "title_en": law.title_en,
        "population": kind.population,
        "version_before": law.version,
        "version_after": law.version + ("+what-if" if changes_of(kind.law, question) else ""),
        "burden": kind.burden,
        "burden_en": kind.burden_en,
        "income": kind.income,
        "income_en": kind.income_en,
        **whole,
        "delta_fen": whole["after_fen"] - whole["before_fen"],
        "unchanged": whole["rows"] - whole["winners"] - whole["losers"],
        "gain_fen": tally.gain_fen,
        "loss_fen": tally.loss_fen,
        "deciles": groups["decile"],
        "industries": groups["industry"],
        "cities": groups["city"],
        "bands": groups["band"],
        "histogram": [
            {"from_fen": low, "to_fen": high, "rows": int(rows)} for (low, high), rows in zip(bar_limits(), tally.bars, strict=True)
        ],
        **cliffs_and_curve(kind, question),
        "extremes": tally.extremes,
        "others": tally.others,
    }  # fmt: skip


def groups_of(
    people: Population, kind: Kind, cells: Any, by: tuple[str, ...], words: Mapping[str, tuple[Word, ...]]
) -> list[dict[str, Any]]:
    """Sums by one or two dimensions, with their names; deciles with their limits of income."""
    bounds = people.bounds_fen(kind.group)
    found = []
    for row in grouped(cells, kind.law, by):
        places = {name: row.pop(name) for name in by}
        shown = [words[name][place] for name, place in places.items()]
        decile = places.get("decile")
        found.append(
            {
                "code": ".".join(word.code for word in shown),
                "name": " · ".join(word.name for word in shown),
                "name_en": " · ".join(word.name_en for word in shown),
                "from_fen": None if decile is None else (0 if decile == 0 else bounds[decile - 1]),
                "to_fen": None if decile is None or decile == DECILES - 1 else bounds[decile],
                **row,
                "delta_fen": row["after_fen"] - row["before_fen"],
                "unchanged": row["rows"] - row["winners"] - row["losers"],
            }
        )
    return found
