"""An application on the desk says what a yes will do before anybody says yes: in words, with values, with its law."""

from __future__ import annotations

import re

import pytest
from matters.make import FIRST, SECOND, filled, submitted
from matters.test_applications import completed

from palmtax.matters.actions.consequences import constant_words
from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.model.citing import cited
from palmtax.matters.model.effect_words import ARGUMENTS, EFFECTS, VALUES
from palmtax.plumbing import effects

CHINESE = re.compile("[\u4e00-\u9fff]")


async def test_what_a_yes_does_is_said_with_its_values_and_is_what_happens(town):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    here = f"/matters/cases/{sent['application_id']}"
    first, second = await town.officer(FIRST), await town.officer(SECOND)
    desk = await first.ok("GET", here)
    [quota] = desk["effects"]
    assert (quota["code"], quota["title"], quota["title_en"]) == (
        "invoice.set_quota", "调整发票总额度", "Set the invoice quota",
    )  # fmt: skip
    assert [(one["label"], one["value"]) for one in quota["lines"]] == [
        ("想要的月度总额度", "5,000,000.00 元"), ("想怎么调", "长期调高"),
    ]  # fmt: skip
    assert [one["value_en"] for one in quota["lines"]] == ["¥5,000,000.00", "Raise it for good"]
    assert desk["document_title_en"] == "Notice of invoice quota"
    assert desk["law_en"] == ["STA Announcement 2024 No. 11", "Measures on Invoices"]
    assert desk["application"]["needs"] == [
        {"text": "请先缴清欠税再申请调额度", "text_en": "Pay what is owed first", "go": "payment", "holds": True}
    ]
    ask = {"outcome": "yes", "case_version": desk["case"]["version"]}
    desk = await first.ok("POST", f"{here}/opinion", ask)
    await second.ok("POST", f"{here}/confirmation", {"is_agreed": True, "case_version": desk["case"]["version"]})
    done = await who.ok("GET", f"/matters/applications/{sent['application_id']}")
    assert done["outcome"]["values"]["quota_fen"] == 500_000_000


async def test_every_act_on_the_case_and_the_application_is_listed_with_who_and_digest(town):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    number = sent["application_id"]
    first, second = await town.officer(FIRST), await town.officer(SECOND)
    desk = await first.ok("GET", f"/matters/cases/{number}")
    paper = next(paper for paper in desk["application"]["papers"] if paper["files"])
    path = f"/matters/cases/{number}/papers/{paper['files'][0]['paper_id']}"
    await first.ok("GET", path)
    await first.ok("GET", f"{path}?small=true")
    case_id = desk["case"]["case_id"]
    note = await first("POST", f"/cases/cases/{case_id}/notes", {"text": "合同已核对", "mentions": []})
    assert note.status_code == 201
    ask = {"outcome": "no", "reason": "合同不符", "case_version": desk["case"]["version"]}
    await first.ok("POST", f"/matters/cases/{number}/opinion", ask)
    told = await second.ok("GET", f"/cases/cases/{case_id}/audit")
    acts = [one["act"] for one in reversed(told)]
    assert set(acts) >= {
        "matters.application_submitted", "cases.case_opened", "cases.note_written", "cases.case_claimed",
        "cases.opinion_given", "matters.paper_opened",
    }  # fmt: skip
    assert acts.count("matters.paper_opened") == 1, "a thumbnail is not a look at the paper"
    [opened] = [one for one in told if one["act"] == "matters.paper_opened"]
    assert (opened["summary"], opened["summary_en"]) == (paper["title"], paper["title_en"])
    assert opened["who_masked"]
    assert opened["act_name_en"] == "Paper opened by an officer"
    assert all(len(one["digest_sm3"]) == 64 for one in told)
    at = [one["at"] for one in told]
    assert at == sorted(at, reverse=True)


def test_every_door_action_has_a_name_in_both_languages():
    assert set(EFFECTS) == set(effects.EFFECTS), "a door action without words, or words without one"
    for zh, en in (*EFFECTS.values(), *ARGUMENTS.values(), *VALUES.values()):
        assert CHINESE.search(zh)
        assert en
        assert not CHINESE.search(en)


DECIDED = [code for code, one in catalogue().items() if one.decision.by != "instant"]


@pytest.mark.parametrize("code", DECIDED)
def test_every_constant_of_a_decided_matter_has_words(code):
    for call in catalogue()[code].on_yes:
        for name, given in call.arguments.items():
            if given.is_constant:
                assert ARGUMENTS[name]
                zh, en = constant_words(call.do, name, given.constant)
                assert zh
                assert not CHINESE.search(en)


def test_every_citation_is_readable_in_english():
    read = [cited(one) for matter in catalogue().values() for one in matter.law]
    assert len(read) > 300
    assert [zh for zh, en in read if CHINESE.search(en)] == []


@pytest.mark.parametrize("code", ["TDS-001", "TDS-005"])
async def test_a_refund_names_the_amount_and_masks_the_account(town, code):
    matter = catalogue()[code]
    example = next(one for one in matter.examples if one.decision != "no")
    who = await town.person(*(example.hat or matter.hats()[0]))
    sent = await submitted(who, await filled(town, who, matter, example))
    desk = await (await town.officer(FIRST)).ok("GET", f"/matters/cases/{sent['application_id']}")
    [refund] = [one for one in desk["effects"] if one["code"] == "payment.ask_refund"]
    account = next(call for call in matter.on_yes if call.do == "payment.ask_refund").arguments["account_no"].ask
    told = {one["label"]: one["value"] for one in refund["lines"]}
    masked, whole = told[matter.by_code[account].label], str(example.answers[account])
    assert masked != whole
    assert "*" in masked
    assert masked[-4:] == whole[-4:]
    assert any(value.endswith(" 元") for value in told.values())
    assert all(value for value in told.values())
