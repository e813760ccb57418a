"""Matters file what a law gave: once for an application, charged, corrected by the difference, voided while unpaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from filing.make import GENERAL, NEIGHBOUR, SHOP, make_town
from plumbing.make import make_act

from palmtax import evidence, filing, payment, rules
from palmtax.filing import errors
from palmtax.filing.actions import declaring, effects
from palmtax.filing.model.declarations import CALENDAR
from palmtax.payment.store import ledger
from palmtax.plumbing.effects import EFFECTS, Computed, read_sources


@pytest.fixture
async def shop(tx, clock):
    await make_town(tx, clock)
    return tx


def computed(amount_fen, law="stamp_duty", code="stamp_duty"):
    return Computed(
        law, date(2026, 11, 23), "v1", {"amount": amount_fen * 10}, {code: amount_fen, "is_x": True}, [], code
    )


def an_act(clock, amount_fen, taxpayer_id=SHOP, **more):
    return make_act(clock, taxpayer_id, computed=computed(amount_fen, **more))


async def owes(tx, taxpayer_id=SHOP):
    return (await payment.owed(tx, [taxpayer_id]))[taxpayer_id]


def test_all_of_the_contract_is_there():
    names = {"declare", "void_declaration", "correct_declaration", "show_returns", "show_calendar"}
    assert {name for name in EFFECTS if name.startswith("filing.")} == {f"filing.{name}" for name in names}


def test_every_law_of_the_calendar_list_exists():
    assert set(CALENDAR) <= set(rules.every_law())


async def test_a_result_is_filed_once_and_charged(shop, clock):
    act = an_act(clock, 12_345)
    first = await effects.declare(shop, act=act, law="stamp_duty", period="2026Q3")
    assert await effects.declare(shop, act=act, law="stamp_duty", period="2026Q3") == first
    assert first.values["payable_fen"] == 12_345
    assert first.values["due_on"] == rules.due_on("stamp_duty", "2026Q3").on.isoformat()
    assert await owes(shop) == 12_345
    (kept,) = await filing.declarations_of(shop, SHOP)
    assert (kept.law, kept.period, kept.rule_version, kept.facts) == ("stamp_duty", "2026Q3", "v1", {"amount": 123_450})
    standing = (await payment.standing(shop, SHOP, [kept.declaration_id], clock=clock))[kept.declaration_id]
    assert (standing.state, standing.open_fen, standing.return_no) == ("unpaid", 12_345, kept.declaration_no)
    assert [one.act for one in await evidence.timeline(shop, taxpayer_id=SHOP)] == ["filing.declared"]
    assert payment.tax_name("stamp_duty") == ("印花税", "Stamp duty")


async def test_what_is_to_come_back_charges_nothing(shop, clock):
    done = await effects.declare(shop, act=an_act(clock, -500), law="stamp_duty", period=None)
    assert (done.values["payable_fen"], done.values["refundable_fen"]) == (0, 500)
    assert await owes(shop) == 0
    assert (await filing.declarations_of(shop, SHOP))[0].period == "2026-11"


async def test_nothing_is_filed_without_a_result_or_for_a_wrong_period(shop, clock):
    with pytest.raises(errors.NothingComputed):
        await effects.declare(shop, act=make_act(clock, SHOP), law="stamp_duty", period="2026Q3")
    with pytest.raises(errors.NothingComputed):
        await effects.declare(shop, act=an_act(clock, 1), law="deed_tax", period="2026Q3")
    with pytest.raises(errors.QueryMalformed):
        await effects.declare(shop, act=an_act(clock, 1), law="stamp_duty", period="autumn")
    assert await filing.declarations_of(shop, SHOP) == []
    assert await owes(shop) == 0
    assert await evidence.timeline(shop, taxpayer_id=SHOP) == []


async def test_facts_of_an_example_are_computed_here(shop, clock):
    (case, *_) = rules.cases("stamp_duty")
    facts = dict(case.facts)
    done = await effects.declare(
        shop, act=make_act(clock, SHOP), law="stamp_duty", period="2026Q3", facts=facts, payable="stamp_duty"
    )
    (kept,) = await filing.declarations_of(shop, SHOP)
    assert kept.lines
    assert done.values["payable_fen"] == max(kept.payable_fen, 0)


@pytest.mark.parametrize(
    ("law", "period", "law_on", "expected"),
    [
        ("iit_wage", "2026-10", date(2026, 10, 31), rules.due_on("iit_withholding", "2026-10").on),
        (
            "vehicle_purchase_tax",
            "2026-11",
            date(2026, 11, 20),
            rules.due_after("vehicle_purchase_tax", date(2026, 11, 20)).on,
        ),
        ("home_sale", "2026-11", date(2026, 11, 20), date(2026, 12, 8)),
    ],
)
def test_the_last_day_is_that_of_the_calendar_else_fifteen_days(law, period, law_on, expected):
    assert declaring.due_on(law, period, law_on, date(2026, 11, 23)) == expected


@pytest.mark.parametrize(("before", "after"), [(1_000, 1_700), (1_000, 400), (1_000, -50), (-50, 300)])
async def test_a_correction_charges_the_difference(shop, clock, before, after):
    first = await effects.declare(shop, act=an_act(clock, before), law="stamp_duty", period="2026Q3")
    act = an_act(clock, after)
    number = str(first.values["declaration_no"])
    done = await effects.correct_declaration(shop, act=act, declaration_no=number)
    assert await effects.correct_declaration(shop, act=act, declaration_no=number) == done
    assert done.values["difference_fen"] == max(after, 0) - max(before, 0)
    assert await owes(shop) == max(after, 0)
    assert [one.payable_fen for one in await filing.declarations_of(shop, SHOP)] == [after]
    with pytest.raises(errors.NotCurrent):
        await effects.correct_declaration(shop, act=an_act(clock, 5), declaration_no=number)


async def test_a_correction_may_say_the_amount(shop, clock):
    await effects.declare(shop, act=an_act(clock, 300), law="stamp_duty", period="2026Q3")
    with pytest.raises(errors.NothingComputed):
        await effects.correct_declaration(shop, act=make_act(clock, SHOP), declaration_no="last")
    act = make_act(clock, SHOP, answers={"why": "漏记", "on": date(2026, 9, 1)})
    done = await effects.correct_declaration(shop, act=act, declaration_no="last", amount_fen=450)
    assert (done.values["difference_fen"], await owes(shop)) == (150, 450)


async def test_the_same_tax_and_period_is_not_charged_twice(shop, clock):
    first = await effects.declare(shop, act=an_act(clock, 1_000), law="stamp_duty", period="2026Q3")
    act = an_act(clock, 1_000)
    with pytest.raises(errors.AlreadyDeclared) as told:
        await effects.declare(shop, act=act, law="stamp_duty", period="2026Q3")
    assert told.value.values["declaration_no"] == first.values["declaration_no"]
    assert told.value.values["application_no"] == (await filing.declarations_of(shop, SHOP))[0].application_no
    assert await owes(shop) == 1_000
    # another period, and another thing of the same period, are something else
    await effects.declare(shop, act=an_act(clock, 10), law="stamp_duty", period="2026Q2")
    await effects.declare(shop, act=an_act(clock, 5), law="stamp_duty", period="2026Q3", subject=["HT-2"])
    with pytest.raises(errors.AlreadyDeclared):
        await effects.declare(shop, act=an_act(clock, 5), law="stamp_duty", period="2026Q3", subject=[" ht-2 "])
    assert await owes(shop) == 1_015
    # taken back, it can be declared again
    number = str(first.values["declaration_no"])
    await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no=number)
    await effects.declare(shop, act=act, law="stamp_duty", period="2026Q3")
    assert await owes(shop) == 1_015


async def test_a_thing_is_taxed_once_whatever_the_month(shop, clock):
    deed = {"law": "deed_tax", "code": "deed_tax"}
    await effects.declare(shop, act=an_act(clock, 900, **deed), law="deed_tax", subject=["WQ-2026-0001"])
    clock.move(days=40)
    with pytest.raises(errors.AlreadyDeclared):
        await effects.declare(shop, act=an_act(clock, 900, **deed), law="deed_tax", subject=["WQ-2026-0001"])
    assert await owes(shop) == 900


@pytest.mark.parametrize("after", [1_700, 400, 1_000, -50])
async def test_declaring_again_as_a_correction_books_the_difference(shop, clock, after):
    await effects.declare(shop, act=an_act(clock, 1_000), law="stamp_duty", period="2026Q3")
    act = an_act(clock, after)
    done = await effects.declare(shop, act=act, law="stamp_duty", period="2026Q3", corrects=True)
    assert await effects.declare(shop, act=act, law="stamp_duty", period="2026Q3", corrects=True) == done
    assert done.values["difference_fen"] == max(after, 0) - 1_000
    assert await owes(shop) == max(after, 0)
    assert len(await filing.declarations_of(shop, SHOP)) == 1


async def test_a_correction_of_nothing_is_the_first_declaration(shop, clock):
    done = await effects.declare(shop, act=an_act(clock, 700), law="stamp_duty", period="2026Q3", corrects=True)
    assert "difference_fen" not in done.values
    assert await owes(shop) == 700


async def test_the_small_scale_return_and_a_nil_return_are_one_thing(shop, clock):
    whole = {"law": "vat_small_scale_return", "code": "payable"}
    await effects.declare(shop, act=an_act(clock, 30, **whole), law="vat_small_scale_return", period="2026Q3")
    nil = {"law": "vat_small_scale", "code": "vat_payable"}
    with pytest.raises(errors.AlreadyDeclared):
        await effects.declare(shop, act=an_act(clock, 0, **nil), law="vat_small_scale", period="2026Q3")


def with_surcharges(vat_fen, urban_fen, education_fen):
    surcharges = Computed(
        "surcharges", date(2026, 10, 31), "v2", {"vat_paid": vat_fen}, {"urban": urban_fen, "education": education_fen},
        [], "urban", {"urban_construction": "urban", "education_surcharge": "education"},
    )  # fmt: skip
    return replace(computed(vat_fen, law="vat_general", code="vat_payable"), also=(surcharges,))


async def by_tax(tx):
    return {one.tax_type_code: one.open for one in await payment.open_items(tx, SHOP) if one.open}


async def test_one_return_charges_several_taxes_and_is_corrected_tax_by_tax(shop, clock):
    also = ["surcharges"]
    act = make_act(clock, SHOP, computed=with_surcharges(1_000, 70, 30))
    done = await effects.declare(shop, act=act, law="vat_general", also=also, period="2026-10")
    assert done.values["payable_fen"] == 1_100
    assert await by_tax(shop) == {"vat_general": 1_000, "urban_construction": 70, "education_surcharge": 30}
    (kept,) = await filing.declarations_of(shop, SHOP)
    assert [(one["law"], one["rule_version"], one["facts"]) for one in kept.also] == [
        ("surcharges", "v2", {"vat_paid": 1_000})
    ]
    standing = (await payment.standing(shop, SHOP, [kept.declaration_id], clock=clock))[kept.declaration_id]
    assert (standing.open_fen, len(standing.items)) == (1_100, 3), "paid in one order"
    with pytest.raises(errors.SeveralTaxes):
        await effects.correct_declaration(shop, act=make_act(clock, SHOP), declaration_no="last", amount_fen=5)
    again = make_act(clock, SHOP, computed=with_surcharges(700, 49, 0))
    done = await effects.declare(shop, act=again, law="vat_general", also=also, period="2026-10", corrects=True)
    assert (done.values["payable_fen"], done.values["difference_fen"]) == (749, -351)
    assert await by_tax(shop) == {"vat_general": 700, "urban_construction": 49}
    await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no="last")
    assert await by_tax(shop) == {}
    assert await ledger.unbalanced(shop) == []


async def test_a_further_law_that_gave_nothing_files_nothing(shop, clock):
    act = an_act(clock, 1, law="vat_general", code="vat_payable")
    with pytest.raises(errors.NothingComputed):
        await effects.declare(shop, act=act, law="vat_general", also=["surcharges"], period="2026-10")
    assert await owes(shop) == 0


async def test_two_laws_of_one_application_are_two_declarations(shop, clock):
    act = make_act(clock, SHOP, computed=with_surcharges(1_000, 70, 30))
    for law in ("vat_general", "surcharges", "vat_general"):
        await effects.declare(shop, act=act, law=law, period="2026-10")
    assert [one.law for one in await filing.declarations_of(shop, SHOP)] == ["surcharges", "vat_general"]


async def test_an_unpaid_declaration_is_voided_once(shop, clock):
    first = await effects.declare(shop, act=an_act(clock, 900), law="stamp_duty", period="2026Q3")
    act = make_act(clock, SHOP)
    number = str(first.values["declaration_no"])
    done = await effects.void_declaration(shop, act=act, declaration_no=number)
    assert await effects.void_declaration(shop, act=act, declaration_no=number) == done
    assert await owes(shop) == 0
    assert await filing.declarations_of(shop, SHOP) == []
    with pytest.raises(errors.NotCurrent):
        await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no=number)
    with pytest.raises(errors.DeclarationUnknown):
        await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no="last")
    with pytest.raises(errors.DeclarationUnknown):
        await effects.void_declaration(shop, act=make_act(clock, NEIGHBOUR), declaration_no=number)
    acts = [one.act for one in await evidence.timeline(shop, taxpayer_id=SHOP)]
    assert acts == ["filing.declaration_voided", "filing.declared"]


async def test_a_paid_declaration_is_not_voided(shop, clock, monkeypatch):
    await effects.declare(shop, act=an_act(clock, 900), law="stamp_duty", period="2026Q3")
    real = payment.standing

    async def paid(*args, **more):
        return {key: replace(one, state="paid") for key, one in (await real(*args, **more)).items()}

    monkeypatch.setattr(payment, "standing", paid)
    with pytest.raises(errors.AlreadyPaid):
        await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no="last")
    assert await owes(shop) == 900
    assert await ledger.unbalanced(shop) == []


async def test_what_was_filed_is_shown_and_read(shop, clock):
    assert await sources(shop, clock) == [None, None, 0]
    first = await effects.declare(shop, act=an_act(clock, 900), law="stamp_duty", period="2026Q3")
    clock.move(days=3)
    await effects.declare(shop, act=an_act(clock, 0, law="deed_tax", code="deed_tax"), law="deed_tax", period="2026-11")
    shown = await effects.show_returns(shop, act=make_act(clock, SHOP))
    assert shown.values == {"count": 2}
    early = await effects.show_returns(
        shop, act=make_act(clock, SHOP), first_day=date(2026, 11, 1), last_day=date(2026, 11, 23)
    )
    assert early.values == {"count": 1}
    assert early.lines[1].value == 900
    await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no="last")
    assert await sources(shop, clock) == [first.values["declaration_no"], "2026Q3", 1]


async def sources(tx, clock):
    names = ["filing.last_return_no", "filing.last_period", "filing.returns"]
    found = await read_sources(tx, actor=None, clock=clock, taxpayer_id=SHOP, sources=names)
    return [found[name] for name in names]


async def test_what_is_overdue_and_next(shop, clock):
    names = ["filing.overdue_count", "filing.next_due_on"]
    found = await read_sources(shop, actor=None, clock=clock, taxpayer_id=SHOP, sources=names)
    assert found == {"filing.overdue_count": 2, "filing.next_due_on": rules.due_on("vat_small_scale", "2026Q4").on}
    clock.at = datetime(2026, 10, 3, 4, tzinfo=UTC)
    found = await read_sources(shop, actor=None, clock=clock, taxpayer_id=SHOP, sources=names)
    assert found["filing.next_due_on"] == rules.due_on("vat_small_scale", "2026Q3").on


async def test_the_calendar_looks_ahead(shop, clock):
    shown = await effects.show_calendar(shop, act=make_act(clock, SHOP))
    days = [str(line.value) for line in shown.lines]
    assert days == sorted(days)
    assert days[0] >= "2026-11-23"
    assert shown.values["count"] == len(days) > 5


async def test_the_calendar_holds_what_this_taxpayer_files_and_has_not_declared(shop, clock):
    clock.at = datetime(2026, 10, 3, 4, tzinfo=UTC)
    general = await effects.show_calendar(shop, act=make_act(clock, GENERAL))
    told = [line.label for line in general.lines]
    assert any("一般纳税人" in label for label in told)
    assert not any("小规模" in label or "资源税" in label for label in told)
    small = [line.label for line in (await effects.show_calendar(shop, act=make_act(clock, SHOP))).lines]
    third = next(label for label in small if "小规模" in label)
    assert not any("一般纳税人" in label for label in small)
    made = an_act(clock, 30, law="vat_small_scale_return", code="payable")
    await effects.declare(shop, act=made, law="vat_small_scale_return", period="2026Q3")
    await effects.declare(shop, act=an_act(clock, 5, law="resource_tax"), law="resource_tax", period="2026Q3")
    after = [line.label for line in (await effects.show_calendar(shop, act=make_act(clock, SHOP))).lines]
    assert third not in after
    assert any("资源税" in label for label in after), "declared once, it is expected again"


async def test_what_a_matter_declared_is_no_longer_due(shop, clock):
    before = {one.period: one.state for one in await filing.obligations(shop, taxpayer_id=SHOP, clock=clock)}
    assert before["2026Q3"] == "overdue"
    made = an_act(clock, 30, law="vat_small_scale_return", code="payable")
    await effects.declare(shop, act=made, law="vat_small_scale_return", period="2026Q3")
    after = {one.period: one.state for one in await filing.obligations(shop, taxpayer_id=SHOP, clock=clock)}
    assert after["2026Q3"] == "unpaid"
    counts = await filing.overdue_counts(shop, [SHOP], clock.today())
    await effects.void_declaration(shop, act=make_act(clock, SHOP), declaration_no="last")
    assert (await filing.overdue_counts(shop, [SHOP], clock.today()))[SHOP] == counts[SHOP] + 1
