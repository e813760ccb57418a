"""Declaring through matters: what several laws give is charged and shown, and nothing is charged twice."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from matters.make import filled, submitted

from palmtax import certificates, payment
from palmtax.matters.model.catalogue import catalogue

MATTERS = catalogue()
DECLARING = [(matter, call) for matter in MATTERS.values() for call in matter.on_yes if call.do == "filing.declare"]


@pytest.mark.parametrize(
    ("matter", "call"), DECLARING, ids=[f"{m.code}-{c.arguments['law'].constant}" for m, c in DECLARING]
)
def test_every_declaration_says_what_is_declared_once_and_can_be_corrected(matter, call):
    assert {"period", "subject"} & call.arguments.keys()
    if matter.code != "FPBL-013":  # an invoice is corrected by a red one
        assert call.arguments["corrects"].ask == "corrects_earlier"
    laws = [call.arguments["law"].constant, *(call.arguments["also"].constant if "also" in call.arguments else [])]
    assert set(laws) <= {one.law for one in matter.computes}


async def an_application(town, who, code, **changed):
    """The first example of a matter, with other answers where they are given, up to its last look."""
    matter = MATTERS[code]
    shown = await filled(town, who, matter, matter.examples[0])
    here = f"/matters/applications/{shown['application_id']}"
    return await who.ok("PATCH", here, {"version": shown["version"], "answers": changed}) if changed else shown


async def refused(who, shown):
    here = f"/matters/applications/{shown['application_id']}/submission"
    answer = await who(
        "POST", here, {"version": shown["version"], "idempotency_key": f"key-{uuid4()}", "is_confirmed": True}
    )
    return answer.status_code, answer.json()


async def owes(town, who):
    async with town.database.statement() as tx:
        items = await payment.open_items(tx, who.taxpayer_id)
    taxes = {one.tax_type_code for one in items if one.open}
    return {tax: sum(one.open for one in items if one.tax_type_code == tax) for tax in taxes}


async def test_vat_and_its_surcharges_are_seen_before_charged_and_on_the_paper(town):
    who = await town.person("general", "legal_rep")
    shown = await an_application(town, who, "SBNS-001")
    results = {one["code"]: one["value"] for one in shown["computed"]["results"]}
    assert results["charged"] == 6_720_000
    assert results["surcharges.urban_payable"] == 420_000
    codes = [line["code"] for line in shown["computed"]["lines"]]
    assert {"vat_payable", "surcharges.base"} <= set(codes)
    assert len(codes) == len(set(codes))
    sent = await submitted(who, shown)
    assert await owes(town, who) == {
        "vat_general": 6_000_000, "urban_construction": 420_000, "education_surcharge": 180_000,
        "local_education_surcharge": 120_000,
    }  # fmt: skip
    number = UUID(sent["document"]["document_id"])
    async with town.database.statement() as tx:
        paper = await certificates.readable_document(tx, taxpayer_id=who.taxpayer_id, document_id=number)
    told = {line.label: line.value for line in paper.lines}
    assert told["应缴合计"] == 6_720_000
    assert told["其中：城市维护建设税"] == 420_000


async def test_a_second_declaration_is_refused_and_names_the_first(town):
    who = await town.person("general", "legal_rep")
    first = await submitted(who, await an_application(town, who, "SBNS-001"))
    status, body = await refused(who, await an_application(town, who, "SBNS-001"))
    assert (status, body["code"]) == (409, "filing.already_declared")
    assert first["application_no"] in body["text"]
    assert first["outcome"]["values"]["declaration_no"] in body["text"]
    assert "更正已申报的内容" in body["hint"]
    assert sum((await owes(town, who)).values()) == 6_720_000
    other = await an_application(town, who, "SBNS-001", period="2026-06")
    await submitted(who, other)
    assert sum((await owes(town, who)).values()) == 13_440_000


async def test_the_same_matter_again_corrects_it_by_the_difference(town):
    who = await town.person("general", "legal_rep")
    await submitted(who, await an_application(town, who, "SBNS-001"))
    again = await an_application(town, who, "SBNS-001", corrects_earlier=True, special_invoice_input=10_500_000)
    sent = await submitted(who, again)
    assert sent["outcome"]["values"]["difference_fen"] == -1_120_000
    assert await owes(town, who) == {
        "vat_general": 5_000_000, "urban_construction": 350_000, "education_surcharge": 150_000,
        "local_education_surcharge": 100_000,
    }  # fmt: skip


async def test_a_home_is_taxed_once_whatever_else_differs(town):
    who = await town.person("natural_person", "self")
    await submitted(who, await an_application(town, who, "SBNS-024"))
    status, body = await refused(who, await an_application(town, who, "SBNS-024", contract_date="2026-08-30"))
    assert (status, body["code"]) == (409, "filing.already_declared")
    await submitted(who, await an_application(town, who, "SBNS-024", contract_no="网签2026060002"))
    assert await owes(town, who) == {"deed_tax": 4_000_000}


async def test_a_small_scale_return_and_a_nil_return_of_one_quarter_are_one(town):
    who = await town.person("small_scale", "legal_rep")
    period = MATTERS["SBNS-003"].examples[0].answers["period"]
    await submitted(who, await an_application(town, who, "SBNS-002", period=period))
    status, body = await refused(who, await an_application(town, who, "SBNS-003"))
    assert (status, body["code"]) == (409, "filing.already_declared")
    assert "SBNS-003" not in body["text"]
