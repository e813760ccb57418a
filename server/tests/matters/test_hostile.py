"""Each type of question has its hostile answers: refused in words, kept out whole, never a fault of ours."""

from __future__ import annotations

import pytest
from matters.make import asked
from matters.test_model import example_answer

from palmtax.matters.model import types
from palmtax.matters.model.asks import Ask, Option
from palmtax.matters.model.problems import WORDS, problem

OPTIONS = (Option("a", "甲", "A"), Option("b", "乙", "B"))
HUGE = 10**30
ANYWHERE = [
    None.__class__,
    1.5,
    float("nan"),
    {"a": 1},
    [[]],
    [{"x": "y"}],
    "\x00",
    "a\x07b",
    "\u202etxet",
    "x" * 5000,
    HUGE,
    -HUGE,
    "\ud800",
]
BAD = {
    "text": ["", 5, True, "a\nb", "x" * 61, "<script>\x00</script>"],
    "long_text": [5, "x" * 1001, "a\x00b"],
    "choice": ["c", "A", 0, True, ["a"]],
    "choices": ["a", ["c"], ["a", "a", "a"], [1]],
    "yes_no": ["true", 1, 0, "是"],
    "agree": ["true", 1],
    "amount": ["100", 1.5, -1, 10**15 + 1, True, "1e5", "١٢٣"],
    "number": ["1", 1.5, True, 10**13],
    "quantity": ["1.23456", "-1", "1e3", "１２x", "", True],
    "rate": ["abc", "1/0", "3%%", -1],
    "date": ["2026-02-30", "2026/01/01", "20260101", 20260101, "0000-00-00", "2026-13-01"],
    "period": ["2026Q5", "2026-13", 2026, "Q1"],
    "year": ["2026", 1900, 2200, 20.5],
    "time": ["24:00", "9:30", "09:60", 930],
    "phone": ["12345", "1380000000", "138000000000", "tel:110", "13800000000;drop table"],
    "person_name": ["x" * 41, 7, "张\x00三"],
    "resident_id": ["11010519491231002Y", "110105194912310021", "123", "11010519490231002X"],
    "uscc": ["91350100M000100Y44", "91350100M000100YI3", "x"],
    "bank_account": ["1234567", "6222-abcd-0000", "6" * 40],
    "email": ["a", "a@b", "a@@b.com", "a b@c.com"],
    "address": ["x" * 121, 5],
    "region": ["44030", "44030a", 440305],
    "invoice_no": ["123", "2699000000000000001x", "2699000000000000000177"],
    "plate": ["12345", "粤B", "粤b-12345678"],
    "vin": ["LSVAA4187E218484I", "123"],
    "certificate_no": ["x" * 41, "a b", "a;b", "'; drop"],
    "url": ["javascript:alert(1)", "ftp://x", "http://x y", "//evil.example"],
    "office": ["1990305000", "abc"],
    "rows": ["a", [1], [{"z": 1}], [{}] * 60, {}],
    "series": [[1] * 11, [1] * 13, ["1"] * 12, 5, [True] * 12],
}  # fmt: skip


def ask_of(kind):
    more = {}
    if kind in ("choice", "choices"):
        more = {"options": OPTIONS}
    if kind == "rows":
        more = {"rows": (Ask("name", "text", "名称", "Name"), Ask("sum", "amount", "金额", "Sum")), "at_least": 1}
    if kind == "series":
        more = {"each": "month", "kinds": ("amount",)}
    return Ask("it", kind, "这一项", "This", **more)


def test_every_type_has_its_hostile_answers():
    assert set(BAD) == set(types.TYPES)


@pytest.mark.parametrize("kind", sorted(types.TYPES))
def test_hostile_answers_are_refused_in_both_languages(kind):
    for raw in BAD[kind]:
        value, wrong = types.read(ask_of(kind), raw)
        if kind in ("text", "long_text") and raw == "":
            continue
        assert value is None, (kind, raw)
        assert "这一项" in wrong.text
        assert "This" in wrong.text_en
        assert "{" not in wrong.text + wrong.text_en


@pytest.mark.parametrize("kind", sorted(types.TYPES))
def test_whatever_is_sent_no_type_breaks(kind):
    for raw in ANYWHERE:
        value, wrong = types.read(ask_of(kind), raw)
        assert (value is None) != (wrong is None), (kind, raw)


@pytest.mark.parametrize("kind", sorted(types.TYPES))
def test_a_good_answer_is_taken_and_shown(kind):
    ask = ask_of(kind)
    good = {"choice": "a", "choices": ["a"], "yes_no": True, "agree": True, "rows": [{"name": "甲", "sum": 100}]}
    raw = good.get(kind, example_answer(ask))
    value, wrong = types.read(ask, raw)
    assert wrong is None, wrong
    assert types.read(ask, value) == (value, None), "what is kept is taken again"
    assert types.show(ask, value)
    assert types.show(ask, value, "en")


def test_every_pattern_is_in_both_languages_and_used():
    import house

    source = "".join(path.read_text("utf-8") for path in (house.PACKAGE / "matters").rglob("*.py"))
    assert all(zh and en for zh, en in WORDS.values())
    assert [name for name in WORDS if f'"{name}"' not in source.replace("problems.py", "", 1)] == []
    assert problem("x", "needed", "甲", "A").text == "请填写“甲”"


async def test_over_the_wire_a_bad_answer_changes_nothing(town):
    who = await town.person("small_scale", "legal_rep")
    shown = await who.ok("POST", "/matters/applications", {"matter_code": "FPBL-002"})
    here = f"/matters/applications/{shown['application_id']}"
    good, bad = {"direction": "raise"}, {"requested_quota": "五百万"}
    answer = await who("PATCH", here, {"version": shown["version"], "answers": good | bad})
    assert (answer.status_code, answer.json()["code"]) == (422, "matters.answer_refused")
    after = await who.ok("GET", here)
    assert after["version"] == shown["version"]
    assert asked(after)["direction"]["value"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"version": 1, "answers": {"no_such": 1}},
        {"version": 1, "answers": {"x" * 61: 1}},
        {"version": 1, "answers": []},
        {"version": "one"},
        {"version": 1, "answers": {f"a{n}": 1 for n in range(300)}},
        {"version": 1, "answers": {"direction": {"$ne": 1}}},
        {"version": 1, "spent_ms": {"direction": -5}},
        {"version": 2**70},
    ],
)
async def test_malformed_saves_are_refused_not_broken(town, body):
    who = await town.person("small_scale", "legal_rep")
    shown = await who.ok("POST", "/matters/applications", {"matter_code": "FPBL-002"})
    answer = await who("PATCH", f"/matters/applications/{shown['application_id']}", body)
    assert answer.status_code in {409, 422}
    assert answer.json()["text"]
