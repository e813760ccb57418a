"""Matters leave dated records and changes in the register; twice is once, nothing is overwritten."""

from __future__ import annotations

from datetime import date

import pytest
from plumbing.make import make_act
from registry.make import SHENZHEN, TIANHE, load, make_taxpayer

from palmtax import evidence, identity, registry
from palmtax.plumbing.effects import EFFECTS, READERS, read_sources
from palmtax.registry import errors
from palmtax.registry.actions import changes, effects

SHOP = 1001


@pytest.fixture
async def shop(tx):
    await load(tx, make_taxpayer(SHOP))
    return tx


async def sources(tx, clock, *names, taxpayer_id=SHOP):
    found = await read_sources(tx, actor=None, clock=clock, taxpayer_id=taxpayer_id, sources=names)
    return [found[name] for name in names]


async def acts(tx, taxpayer_id=SHOP):
    return [entry.act for entry in await evidence.timeline(tx, taxpayer_id=taxpayer_id)]


def test_all_of_the_contract_is_there():
    assert {name for name in EFFECTS if name.startswith("registry.")} == {
        "registry.choose_office",
        "registry.keep_record",
        "registry.end_record",
        "registry.change_details",
        "registry.set_vat_kind",
        "registry.set_filing_period",
        "registry.set_status",
        "registry.show_details",
        "registry.show_records",
    }
    assert READERS["registry"].kind_of("record.bank_account.bank") == "*"


def test_every_kind_of_record_has_two_names_and_says_how_many():
    kinds = registry.record_kinds()
    assert {"bank_account", "export_filing"} <= kinds.keys()
    assert [one.code for one in kinds.values() if not one.title.strip() or not one.title_en.strip()] == []


async def test_a_record_is_kept_once_for_an_application(shop, clock):
    act = make_act(
        clock, answers={"bank": "中国银行", "opened_on": date(2026, 11, 1), "limit_fen": 5, "rows": [{"a": 1}]}
    )
    first = await effects.keep_record(shop, act=act, kind="bank_account")
    again = await effects.keep_record(shop, act=act, kind="bank_account", data={"bank": "other"})
    assert first == again
    assert await sources(
        shop,
        clock,
        "registry.record.bank_account",
        "registry.record.bank_account.bank",
        "registry.record.bank_account.opened_on",
        "registry.record.bank_account.limit_fen",
        "registry.record.bank_account.rows",
        "registry.record.bank_account.nothing",
        "registry.record.export_filing",
        "registry.records.bank_account",
        "registry.name",
        "registry.registered_on",
    ) == [
        first.values["record_no"],
        "中国银行",
        date(2026, 11, 1),
        5,
        [{"a": 1}],
        None,
        None,
        1,
        make_taxpayer(SHOP).name,
        date(2021, 3, 1),
    ]  # fmt: skip
    assert await acts(shop) == ["registry.record_kept"]
    kept = await shop.fetchval("select data_sealed from registry_record where taxpayer_id = $1", SHOP)
    assert "中国银行".encode() not in kept


async def test_of_one_the_newest_replaces_and_of_many_all_stand(shop, clock):
    for number in (1, 2):
        for kind in ("bank_account", "export_filing"):
            await effects.keep_record(shop, act=make_act(clock), kind=kind, data={"number": number})
        clock.move(hours=1)
    assert await sources(
        shop,
        clock,
        "registry.records.bank_account",
        "registry.records.export_filing",
        "registry.record.export_filing.number",
    ) == [2, 1, 2]
    rows = await shop.fetch("select superseded_at, valid_until from registry_record where kind = 'export_filing'")
    assert sorted((row["superseded_at"] is None, row["valid_until"]) for row in rows if row["valid_until"]) == [
        (True, date(2026, 11, 23))
    ]
    assert len(rows) == 3


async def test_a_record_ends_today_and_only_once(shop, clock):
    kept = await effects.keep_record(shop, act=make_act(clock), kind="bank_account", data={"bank": "x"})
    number = str(kept.values["record_no"])
    clock.move(days=2)
    act = make_act(clock)
    first = await effects.end_record(shop, act=act, kind="bank_account", record_no=number, reason="销户")
    assert await effects.end_record(shop, act=act, kind="bank_account", record_no=number) == first
    assert first.values == {"record_no": number, "ended_on": "2026-11-25"}
    assert await sources(shop, clock, "registry.records.bank_account") == [0]
    with pytest.raises(registry.RecordUnknown):
        await effects.end_record(shop, act=make_act(clock), kind="bank_account", record_no=number)
    assert await acts(shop) == ["registry.record_ended", "registry.record_kept"]


async def test_a_record_of_somebody_else_or_of_another_kind_is_unknown(shop, clock):
    kept = await effects.keep_record(shop, act=make_act(clock), kind="bank_account", data={})
    number = str(kept.values["record_no"])
    with pytest.raises(registry.RecordUnknown):
        await effects.end_record(shop, act=make_act(clock, 1002), kind="bank_account", record_no=number)
    with pytest.raises(registry.RecordUnknown):
        await effects.end_record(shop, act=make_act(clock), kind="export_filing", record_no=number)
    with pytest.raises(registry.RecordKindUnknown):
        await effects.keep_record(shop, act=make_act(clock), kind="never_heard_of")
    assert await sources(shop, clock, "registry.records.bank_account") == [1]


async def test_details_change_and_their_history_stays(shop, clock):
    act = make_act(clock)
    done = await effects.change_details(shop, act=act, name="新名字商行", address=" 广州市越秀区中山路2号 ")
    assert done == await effects.change_details(shop, act=act, name="新名字商行", address="广州市越秀区中山路2号")
    assert await sources(shop, clock, "registry.name", "registry.address", "registry.industry") == [
        "新名字商行",
        "广州市越秀区中山路2号",
        "6210",
    ]
    history = await registry.changes_of(shop, SHOP)
    assert {(one.field, one.before) for one in history} == {
        ("name", make_taxpayer(SHOP).name),
        ("address", "广州市越秀区北京路1号"),
    }
    assert await acts(shop) == ["registry.details_changed"]


async def test_a_new_name_stands_on_the_hats(shop, clock):
    people = [identity.NewPerson(11, "王大福", "13800000011", None)]
    hats = [identity.NewHat(11, "legal_rep", "旧名字", taxpayer_id=SHOP), identity.NewHat(11, "self", "王大福")]
    await identity.load_people(shop, clock=clock, people=people, hats=hats)
    await effects.change_details(shop, act=make_act(clock), name="新名字商行")
    titles = [row["title"] for row in await shop.fetch("select title from identity_hat order by title")]
    assert titles == ["", "新名字商行"]


async def test_a_change_of_tomorrow_reaches_the_column_tomorrow(shop, clock):
    await effects.set_vat_kind(shop, act=make_act(clock), vat_kind="general", valid_from=date(2026, 12, 1))
    await effects.set_filing_period(shop, act=make_act(clock), filing_period="month", valid_from=date(2026, 11, 1))
    await effects.set_status(shop, act=make_act(clock), status="suspended")
    asked = ("registry.vat_kind", "registry.filing_period", "registry.status")
    assert await sources(shop, clock, *asked) == ["small_scale", "month", "suspended"]
    clock.move(days=8)
    assert await changes.follow_changes(shop, clock=clock) == 2
    assert await changes.follow_changes(shop, clock=clock) == 2
    assert await sources(shop, clock, *asked) == ["general", "month", "suspended"]


async def test_a_value_that_the_register_does_not_know_changes_nothing(shop, clock):
    with pytest.raises(registry.ValueWrong):
        await effects.set_status(shop, act=make_act(clock), status="asleep")
    with pytest.raises(registry.ValueWrong):
        await effects.set_vat_kind(shop, act=make_act(clock), vat_kind="large", valid_from=date(2026, 12, 1))
    with pytest.raises(registry.TaxpayerUnknown):
        await effects.set_status(shop, act=make_act(clock, 9), status="closed")
    assert await registry.changes_of(shop, SHOP) == []
    assert await acts(shop) == []


async def test_what_is_registered_is_shown(shop, clock):
    shown = await effects.show_details(shop, act=make_act(clock))
    assert [line.label for line in shown.lines][:2] == ["名称", "统一社会信用代码"]
    await effects.keep_record(shop, act=make_act(clock), kind="bank_account", data={})
    assert (await effects.show_records(shop, act=make_act(clock), kind="bank_account")).values == {"count": 1}


async def test_a_natural_person_becomes_a_taxpayer_once(shop, clock):
    office = await registry.top_office(shop)
    assert office == SHENZHEN
    for _ in range(2):
        number = await registry.ensure_natural_person(
            shop, clock=clock, person_id=42, name_masked="王*福", office_code=office
        )
        assert number == registry.natural_taxpayer_id(42) == 7_000_000_000_042
    found = await registry.taxpayer(shop, number)
    assert (found.kind, found.vat_kind, found.name, found.uscc) == ("natural_person", "none", "王*福", None)
    assert await acts(shop, number) == ["registry.person_added"]


async def test_a_natural_person_chooses_an_office_and_a_business_has_its_own(shop, clock):
    number = await registry.ensure_natural_person(
        shop, clock=clock, person_id=43, name_masked="林*", office_code=SHENZHEN
    )
    act = make_act(clock, number)
    done = await effects.choose_office(shop, act=act, office_code=TIANHE)
    assert done.values == {"office_code": TIANHE}
    assert (await registry.taxpayer(shop, number)).office_code == TIANHE
    await effects.choose_office(shop, act=act, office_code=TIANHE)
    assert await acts(shop, number) == ["registry.office_chosen", "registry.person_added"], "the same again is no news"
    with pytest.raises(errors.OfficeUnknown):
        await effects.choose_office(shop, act=act, office_code="19999999999")
    with pytest.raises(errors.OfficeGiven):
        await effects.choose_office(shop, act=make_act(clock, SHOP), office_code=TIANHE)


async def test_the_office_of_a_place_or_the_next_above_it(shop):
    found = [await registry.office_of_region(shop, region) for region in ("440106", "440305", "110101", "", "4401")]
    assert found == [TIANHE, SHENZHEN, "", "", ""]
