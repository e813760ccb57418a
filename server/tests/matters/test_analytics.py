"""Process analytics: the figures are what happened, and the five worst say why."""

from __future__ import annotations

from matters.make import FIRST
from matters.test_applications import drafted

from palmtax.matters.model import figures


async def test_the_page_counts_what_happened(town, clock):
    for answers in ({"direction": "raise"}, {}, {}, {}, {}, {}):
        who = await town.person("small_scale", "legal_rep")
        shown = await drafted(who, answers=answers)
        here = f"/matters/applications/{shown['application_id']}"
        await who.ok("PATCH", here, {"version": shown["version"], "answers": {}, "spent_ms": {"direction": 9_000}})
        if not answers:
            await who.ok("DELETE", here)
    page = await (await town.officer(FIRST)).ok("GET", "/matters/analytics")
    [quota] = page["matters"]
    assert (quota["started"], quota["submitted"], quota["dropped"]) == (6, 0, 5)
    assert quota["drop_per_mille"] == 833
    direction = next(q for q in quota["questions"] if q["code"] == "direction")
    assert (direction["seen"], direction["median_seconds"], direction["stopped"]) == (6, 9, 5)
    [worst] = page["worst"]
    assert (worst["code"], worst["reason"]) == ("FPBL-002", "drop")
    assert "5" in worst["text"]
    assert direction["label"] in worst["text"]


async def test_a_taxpayer_does_not_see_it(town):
    who = await town.person("small_scale", "legal_rep")
    assert (await who("GET", "/matters/analytics")).status_code == 403


def row(code, **other):
    values = {
        "matter_code": code, "started": 100, "submitted": 80, "finished": 60, "approved": 60, "dropped": 0,
        "supplemented": 0, "median_fill_seconds": 300,
    }  # fmt: skip
    return values | other


def test_the_worst_are_those_that_hurt_most_people_each_with_its_worst_reason():
    counted = [
        row("A", dropped=30), row("B", supplemented=40), row("C", approved=20), row("D", median_fill_seconds=3600),
        row("E"), row("F", started=3, dropped=3), row("G", dropped=5), row("H", dropped=6),
    ]  # fmt: skip
    bad = figures.worst(counted, {"A": ("金额", "Amount")}, {"E": 20})
    assert [(one.code, one.reason) for one in bad] == [
        ("D", "slow"), ("B", "supplement"), ("C", "refused"), ("A", "drop"), ("E", "held")
    ]  # fmt: skip
    assert "金额" in bad[3].text
    assert "Amount" in bad[3].text_en
