"""Matters set quotas, issue invoices, take back by red letters and mark what was received; twice is once."""

from __future__ import annotations

from datetime import date

import pytest
from filing.make import NEIGHBOUR, SHOP, make_taxpayer, make_town, uscc
from plumbing.make import make_act

from palmtax import evidence, invoice, registry
from palmtax.invoice import errors
from palmtax.invoice.actions import effects
from palmtax.plumbing.effects import EFFECTS, read_sources

FIRST = 75_000_000
LINES = [
    {"name": "空调维修", "amount_fen": 160_000, "rate": "1%", "unit": "次"},
    {"name": "配件", "amount_fen": 40_001, "rate": "0.03"},
]


@pytest.fixture
async def shop(tx, clock):
    await make_town(tx, clock)
    return tx


async def acts(tx, taxpayer_id=SHOP):
    return [entry.act for entry in await evidence.timeline(tx, taxpayer_id=taxpayer_id)]


def issue(tx, act, **changed):
    asked = {"buyer_name": "某公司", "lines": LINES, "kind": "ordinary"}
    return effects.issue(tx, act=act, **(asked | changed))


async def sources(tx, clock, *names, taxpayer_id=SHOP):
    found = await read_sources(
        tx, actor=None, clock=clock, taxpayer_id=taxpayer_id, sources=[f"invoice.{name}" for name in names]
    )
    return list(found.values())


def test_all_of_the_contract_is_there():
    names = "show_quota set_quota issue open_red_sheet answer_red_sheet issue_red set_use mark_booked check show_list"
    assert {name for name in EFFECTS if name.startswith("invoice.")} == {f"invoice.{name}" for name in names.split()}


async def test_the_quota_is_the_first_one_until_something_is_granted(shop, clock):
    assert await sources(shop, clock, "quota_fen", "quota_used_fen", "quota_left_fen") == [FIRST, 0, FIRST]
    lasting = make_act(clock, SHOP)
    first = await effects.set_quota(shop, act=lasting, quota_fen=90_000_000, scope="raise")
    assert await effects.set_quota(shop, act=lasting, quota_fen=1, scope="raise") == first
    await effects.set_quota(shop, act=make_act(clock, SHOP), quota_fen=200_000_000, scope="temporary")
    assert (await effects.show_quota(shop, act=make_act(clock, SHOP))).values == {
        "quota_fen": 200_000_000, "used_fen": 0, "left_fen": 200_000_000,
    }  # fmt: skip
    clock.move(days=20)
    assert await sources(shop, clock, "quota_fen") == [90_000_000]
    clock.move(days=1)
    await effects.set_quota(shop, act=make_act(clock, SHOP), quota_fen=10_000_000, scope="lower")
    assert await sources(shop, clock, "quota_fen") == [10_000_000]
    assert await acts(shop) == ["invoice.quota_set"] * 3


async def test_an_invoice_is_issued_once_and_uses_the_quota(shop, clock):
    act = make_act(clock, SHOP)
    first = await issue(shop, act)
    assert await issue(shop, act, buyer_name="another") == first
    assert (first.values["amount_fen"], first.values["tax_fen"]) == (200_001, 1_600 + 1_200)
    number = str(first.values["invoice_no"])
    assert (len(number), number[:4]) == (20, "2644")
    assert await sources(shop, clock, "quota_used_fen", "sales_fen", "last_sales_fen", "invoices") == [
        200_001, 200_001, 200_001, 2,
    ]  # fmt: skip
    assert await acts(shop) == ["invoice.issued"]
    (row,) = await shop.fetch("select source, issued_on, direction from invoice_invoice")
    assert tuple(row) == ("matter", date(2026, 11, 23), "issued")


async def test_more_than_the_quota_left_is_refused_and_changes_nothing(shop, clock):
    await effects.set_quota(shop, act=make_act(clock, SHOP), quota_fen=300_000, scope="lower")
    await issue(shop, make_act(clock, SHOP))
    with pytest.raises(errors.QuotaExceeded) as refused:
        await issue(shop, make_act(clock, SHOP))
    assert "999.99" in refused.value.words()[0]
    assert await shop.fetchval("select count(*) from invoice_invoice") == 1
    assert await shop.fetchval("select count(*) from invoice_number") == 1


@pytest.mark.parametrize(
    "lines", [[], [{"name": "x", "rate": "1%"}], [{"amount_fen": 5, "rate": "1%"}], [{"name": "x", "amount_fen": 5}]]
)
async def test_incomplete_lines_are_refused(shop, clock, lines):
    with pytest.raises(errors.LinesMissing):
        await issue(shop, make_act(clock, SHOP), lines=lines)
    with pytest.raises(errors.RateUnknown):
        await issue(shop, make_act(clock, SHOP), lines=[{"name": "x", "amount_fen": 5, "rate": "7%"}])
    assert await shop.fetchval("select count(*) from invoice_invoice") == 0


async def test_a_natural_person_needs_no_quota(shop, clock):
    person = await registry.ensure_natural_person(
        shop, clock=clock, person_id=9, name_masked="林*满", office_code=make_taxpayer(1).office_code
    )
    lines = [{"name": "活动摄影", "amount_fen": 2 * FIRST, "rate": "1%"}]
    done = await issue(shop, make_act(clock, person), lines=lines)
    assert done.values["amount_fen"] == 2 * FIRST


async def test_a_buyer_of_ours_receives_it(shop, clock):
    done = await issue(shop, make_act(clock, SHOP), buyer_uscc=uscc(NEIGHBOUR), kind="special")
    listed = await effects.show_list(shop, act=make_act(clock, NEIGHBOUR), direction="received")
    assert listed.values == {"count": 1, "amount_fen": 200_001, "tax_fen": 2_800}
    assert str(done.values["invoice_no"]) in listed.lines[3].label
    assert (await effects.show_list(shop, act=make_act(clock, NEIGHBOUR))).values["count"] == 0
    assert await sources(shop, clock, "quota_used_fen", taxpayer_id=NEIGHBOUR) == [0]


async def test_anybody_may_check_number_day_and_amount(shop, clock):
    done = await issue(shop, make_act(clock, SHOP))
    number, day = str(done.values["invoice_no"]), date(2026, 11, 23)
    for taxpayer_id in (SHOP, NEIGHBOUR):
        act = make_act(clock, taxpayer_id)
        for amount, expected in ((200_001, True), (202_801, True), (200_002, False)):
            found = await effects.check(shop, act=act, invoice_no=number, issued_on=day, amount_fen=amount)
            assert found.values == {"matches": expected}
        other = await effects.check(shop, act=act, invoice_no=number, issued_on=date(2026, 11, 22), amount_fen=200_001)
        assert other.values == {"matches": False}
        assert len(other.lines) == 2
    nobodys = "26440000000000000000"
    unknown = await effects.check(shop, act=make_act(clock, SHOP), invoice_no=nobodys, issued_on=day, amount_fen=1)
    assert unknown.values == {"matches": False}


async def test_the_seller_takes_back_alone_while_the_buyer_has_not_used_it(shop, clock):
    number = str((await issue(shop, make_act(clock, SHOP), buyer_uscc=uscc(NEIGHBOUR))).values["invoice_no"])
    act = make_act(clock, SHOP)
    sheet = await effects.open_red_sheet(shop, act=act, invoice_no=number, reason="mistake", amount_fen=200_001)
    assert sheet == await effects.open_red_sheet(shop, act=act, invoice_no=number, reason="x", amount_fen=5)
    assert sheet.values["state"] == "agreed"
    red_act = make_act(clock, SHOP)
    red = await effects.issue_red(shop, act=red_act, sheet_no=str(sheet.values["sheet_no"]))
    assert await effects.issue_red(shop, act=red_act, sheet_no="whatever") == red
    assert (red.values["amount_fen"], red.values["tax_fen"]) == (-200_001, -2_800)
    assert await sources(shop, clock, "quota_used_fen", "sales_fen") == [0, 0]
    assert (await effects.show_list(shop, act=make_act(clock, NEIGHBOUR), direction="received")).values[
        "amount_fen"
    ] == 0
    with pytest.raises(errors.SheetSettled):
        await effects.issue_red(shop, act=make_act(clock, SHOP), sheet_no=str(sheet.values["sheet_no"]))
    with pytest.raises(errors.RedBeyondOriginal):
        await effects.open_red_sheet(shop, act=make_act(clock, SHOP), invoice_no=number, reason="x", amount_fen=1)
    assert await acts(shop) == ["invoice.red_issued", "invoice.red_sheet_opened", "invoice.issued"]


async def test_a_used_invoice_needs_the_buyer(shop, clock):
    number = str((await issue(shop, make_act(clock, SHOP), buyer_uscc=uscc(NEIGHBOUR))).values["invoice_no"])
    use = make_act(clock, NEIGHBOUR)
    for _ in range(2):
        done = await effects.set_use(
            shop, act=use, invoice_nos=[{"invoice_no": number}], use="deduct", period="2026-11"
        )
        assert done.values == {"count": 1, "known_count": 1, "use": "deduct"}
    opened = await effects.open_red_sheet(
        shop, act=make_act(clock, SHOP), invoice_no=number, reason="goods_returned", amount_fen=100_000
    )
    sheet_no = str(opened.values["sheet_no"])
    assert opened.values["state"] == "waiting"
    with pytest.raises(errors.SheetSettled):
        await effects.issue_red(shop, act=make_act(clock, SHOP), sheet_no=sheet_no)
    with pytest.raises(errors.SheetUnknown):
        await effects.answer_red_sheet(shop, act=make_act(clock, SHOP), sheet_no=sheet_no, is_agreed=True)
    act = make_act(clock, NEIGHBOUR)
    answer = await effects.answer_red_sheet(shop, act=act, sheet_no=sheet_no, is_agreed=True)
    assert answer == await effects.answer_red_sheet(shop, act=act, sheet_no=sheet_no, is_agreed=False)
    assert answer.values["state"] == "agreed"
    red = await effects.issue_red(shop, act=make_act(clock, SHOP), sheet_no="last")
    assert (red.values["amount_fen"], red.values["tax_fen"]) == (-100_000, -1_000)
    assert await acts(shop, NEIGHBOUR) == ["invoice.red_sheet_answered", "invoice.use_set"]


async def test_a_sheet_is_void_after_72_hours_or_when_refused(shop, clock):
    number = str((await issue(shop, make_act(clock, SHOP), buyer_uscc=uscc(NEIGHBOUR))).values["invoice_no"])
    booked = make_act(clock, NEIGHBOUR)
    await effects.mark_booked(shop, act=booked, invoice_no=number, booked_on=date(2026, 11, 20))
    opened = [
        await effects.open_red_sheet(shop, act=make_act(clock, SHOP), invoice_no=number, reason="x", amount_fen=5)
        for _ in range(2)
    ]
    first, second = (str(one.values["sheet_no"]) for one in opened)
    refused = await effects.answer_red_sheet(shop, act=make_act(clock, NEIGHBOUR), sheet_no=first, is_agreed=False)
    assert refused.values["state"] == "refused"
    clock.move(hours=72)
    for taxpayer_id, number in ((NEIGHBOUR, second), (NEIGHBOUR, first)):
        with pytest.raises(errors.SheetSettled):
            await effects.answer_red_sheet(shop, act=make_act(clock, taxpayer_id), sheet_no=number, is_agreed=True)
    with pytest.raises(errors.SheetSettled):
        await effects.issue_red(shop, act=make_act(clock, SHOP), sheet_no=second)


async def test_a_sheet_without_its_original_can_be_opened_but_issues_nothing(shop, clock):
    opened = await effects.open_red_sheet(
        shop, act=make_act(clock, SHOP), invoice_no="26994400000000000101", reason="mistake", amount_fen=160_000
    )
    with pytest.raises(errors.OriginalUnknown):
        await effects.issue_red(shop, act=make_act(clock, SHOP), sheet_no=str(opened.values["sheet_no"]))
    from_other = make_act(clock, SHOP)
    await effects.open_red_sheet(
        shop, act=from_other, invoice_no="26994400000000000102", reason="x", amount_fen=5, is_from_other=True,
        sheet_no="44012611000000000001",
    )  # fmt: skip
    answer = await effects.answer_red_sheet(
        shop, act=make_act(clock, SHOP), sheet_no="44012611000000000001", is_agreed=True
    )
    assert answer.values["state"] == "agreed"


async def test_marks_are_made_once_for_an_application(shop, clock):
    act = make_act(clock, SHOP)
    first = await effects.mark_booked(shop, act=act, invoice_no="26994400000000000401", booked_on=date(2026, 11, 20))
    assert first == await effects.mark_booked(
        shop, act=act, invoice_no="26994400000000000401", booked_on=date(2026, 11, 20)
    )
    assert await acts(shop) == ["invoice.booking_marked"]
    with pytest.raises(errors.NumberMalformed):
        await effects.set_use(shop, act=make_act(clock, SHOP), invoice_nos=[{"invoice_no": "12"}], use="deduct")
    assert await shop.fetchval("select count(*) from invoice_mark") == 1


async def test_the_door_tells_the_quota(shop, clock):
    assert await invoice.quota(shop, SHOP, clock.today()) == invoice.Quota(FIRST, 0)
