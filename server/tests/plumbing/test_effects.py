from datetime import date
from typing import Any

import pytest

from palmtax.plumbing import effects
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Parameter, effect, kind_of_source, read_sources, reads


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "EFFECTS", {})
    monkeypatch.setattr(effects, "READERS", {})


async def keep(
    tx: Tx,
    *,
    act: Act,
    kind: str,
    on: date,
    rows: list[dict[str, Any]],
    data: dict[str, Any] | None = None,
    amount_fen: int = 0,
) -> Done:
    return Done({"kind": kind}, (Line("种类", "Kind", kind),))


def test_an_effect_declares_its_arguments():
    effect("made.keep")(keep)
    entry = effects.EFFECTS["made.keep"]
    assert entry.handler is keep
    assert entry.parameters == {
        "kind": Parameter("kind", str, False),
        "on": Parameter("on", date, False),
        "rows": Parameter("rows", list, False),
        "data": Parameter("data", dict, True),
        "amount_fen": Parameter("amount_fen", int, True),
    }


def test_a_name_has_one_handler():
    async def other(tx: Tx, *, act: Act) -> Done:
        return Done()

    effect("made.keep")(keep)
    effect("made.keep")(keep)
    with pytest.raises(RuntimeError, match=r"made\.keep"):
        effect("made.keep")(other)


def test_what_is_no_effect_is_refused():
    async def backwards(act: Act, tx: Tx) -> Done:
        return Done()

    async def vague(tx: Tx, *, act: Act, rate: float) -> Done:
        return Done()

    with pytest.raises(TypeError, match="begins with tx"):
        effect("made.backwards")(backwards)
    with pytest.raises(TypeError, match="rate"):
        effect("made.vague")(vague)


async def test_sources_are_asked_once_a_domain():
    asked: list[list[str]] = []

    @reads("made", names={"name": "text", "record": "*"})
    async def read(tx: Tx, *, names: list[str], **_: Any) -> dict[str, Any]:
        asked.append(names)
        return {name: name.upper() for name in names if name != "record.none"}

    sources = ["made.name", "made.record.a.b", "made.record.none", "made.nothing", "other.name"]
    found = await read_sources(None, actor=None, clock=None, taxpayer_id=1, sources=sources)
    assert found == {
        "made.name": "NAME",
        "made.record.a.b": "RECORD.A.B",
        "made.record.none": None,
        "made.nothing": None,
        "other.name": None,
    }
    assert asked == [["name", "record.a.b", "record.none"]]
    assert [kind_of_source(one) for one in (*sources, "made.name.more", "made.record")] == [
        "text", "*", "*", None, None, None, None,
    ]  # fmt: skip
