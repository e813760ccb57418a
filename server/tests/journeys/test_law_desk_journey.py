"""A number of the law on its way: drafted, tried, agreed on by another officer, seen by everybody from its day on, taken back."""

from __future__ import annotations

from datetime import date

import pytest
from journeys.law import APPROVE, DRAFT, KEY, act, answered, asked, desk, drafted
from journeys.place import NoLimits, fresh_database, opened
from journeys.steps import a_key, begin, filed

from palmtax import rules

NOW, NEXT_YEAR = "2026-10-15", "2027-03-01"
NEW_ARTICLE = "个人所得税法实施条例 第十五条"
WAGES = {"wage": ["10000"] * 12}
STUDY = {"name": "明年的减除费用", "laws": ["iit_year"], "on": NOW, "after_on": NEXT_YEAR, "changes": {}}
GENEROUS = {
    "key": "vat_small_scale.quarter_threshold", "value": "500000", "first_day": "2026-07-01", "until": "2026-12-31",
    "article": "财政部 税务总局公告2026年第10号 起征点标准", "confirm_retroactive": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def bureau(postgres, template, tmp_path_factory):
    """A house of its own that keeps its law current, as a real one does."""
    dsn = fresh_database(postgres, template, "law_desk")
    with opened(dsn, tmp_path_factory.mktemp("law_desk"), limiter=NoLimits(), keeps_law=True) as place:
        place.populate()
        yield place
    rules.enact({})


@pytest.fixture
def calculated(bureau):
    """The income tax of a year with 10,000 yuan a month, as anybody may ask for it on a day."""

    def ask(on):
        answer = bureau.http.post("/api/knowledge/calculators/iit_year", json={"on": on, "facts": WAGES})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["missing"] == []
        lines = {line["code"]: line for line in found["result"]["lines"]}
        cited = {f"{c['title']} {c['article']}" for line in lines.values() for c in line["citations"]}
        return found["result"]["headline"]["value"], lines["cumulative_deductions_12"]["value"], cited, found["version"]

    return ask


def test_a_deduction_of_next_year_from_draft_to_taken_back(bureau, calculated):
    drafter, approver = desk(bureau, DRAFT), bureau.by_sms(bureau.officer("law_approver"), "workbench")
    before, next_before = calculated(NOW), calculated(NEXT_YEAR)
    assert before[1] == next_before[1] == 12 * 500_000

    change = drafted(drafter, article=NEW_ARTICLE)
    check = change["check"]
    assert (check["faults"], change["state"], change["before"]) == ([], "draft", "5000")
    assert len(check["examples"]["changed"]) > 10
    wages = [one for one in check["examples"]["changed"] if one["law"] == "iit_year"]
    assert {one["after"] - one["before"] for one in wages if one["line"] == "cumulative_deductions_12"} == {1_200_000}
    assert 0 < check["examples"]["unchanged"] < check["examples"]["run"]
    act(drafter, change, "send")
    path = f"/knowledge/changes/{change['change_id']}"
    drafter.refused(403, "plumbing.not_allowed", "POST", f"{path}/approve", {})
    approver.refused(403, "plumbing.second_factor_needed", "POST", f"{path}/approve", {})
    assert calculated(NEXT_YEAR) == next_before

    bureau.prove(approver)
    done = act(approver, change, "approve", acts=2)
    assert (done["state"], [one["act"] for one in done["history"]]) == ("scheduled", ["drafted", "sent", "approved"])
    tax, deducted, cited, version = calculated(NEXT_YEAR)
    assert (tax < before[0], deducted, NEW_ARTICLE in cited) == (True, 12 * 600_000, True)
    assert version != before[3]
    assert calculated(NOW)[:3] == before[:3]
    assert NEW_ARTICLE not in before[2]

    _the_study_sees_it(bureau, drafter)
    gone = act(approver, change, "withdraw", reason="文件撤销")
    assert (gone["state"], gone["reason"]) == ("withdrawn", "文件撤销")
    assert (calculated(NOW), calculated(NEXT_YEAR)) == (before, next_before)
    shown = drafter.ok("GET", f"/knowledge/parameters/{KEY}")
    assert {value["origin"] for value in shown["values"]} == {"file"}
    study = answered(bureau, drafter, asked(drafter, **STUDY))
    assert (study["result"]["delta_fen"], study["result"]["laws"][0]["unchanged"]) == (0, 300)


def _the_study_sees_it(bureau, drafter):
    """A question without any change but the day: the law of next year is another one."""
    study = answered(bureau, drafter, asked(drafter, **STUDY))
    [law] = study["result"]["laws"]
    assert study["result"]["delta_fen"] < 0
    assert (law["losers"], law["winners"] > 50) == (0, True)
    row = next(one for one in law["sample"] if one["change"] == "winner")["row"]
    case = drafter.ok("GET", f"/insight/studies/{study['study_id']}/rows/{row}")
    line = next(one for one in case["lines"] if one["code"] == "cumulative_deductions_12")
    assert line["after"]["value"] - line["before"]["value"] == 1_200_000
    cited = {side: {f"{c['title']} {c['article']}" for c in line[side]["citations"]} for side in ("before", "after")}
    assert NEW_ARTICLE in cited["after"] - cited["before"]


def test_a_return_of_the_past_stays_as_it_was_filed(bureau):
    drafter, approver = desk(bureau, DRAFT), desk(bureau, APPROVE)
    _, phone, made = filed(bureau)
    path = f"/filing/returns/{made['return_id']}"
    seen = phone.ok("GET", path), phone.ok("GET", f"{path}/explanation")
    change = drafted(drafter, **GENEROUS)
    act(drafter, change, "send")
    touched = approver.ok("GET", "/filing/affected?law=vat_small_scale&first_day=2026-07-01&until=2026-12-31")
    assert (touched["returns"], [one["id"] for one in touched["items"]]) == (1, [made["return_id"]])
    assert act(approver, change, "approve")["state"] == "effective"
    assert rules.parameter(GENEROUS["key"]).on(date(2026, 9, 30)).value == 50_000_000

    assert (phone.ok("GET", path), phone.ok("GET", f"{path}/explanation")) == seen
    assert seen[0]["result"]["payable_fen"] == 424_000
    amendment = phone.ok("POST", f"{path}/amendment")
    assert (amendment["result"]["payable_fen"], amendment["result"]["is_exempt"]) == (0, True)
    other = bureau.by_wechat(bureau.shop().owner)
    assert begin(other)["version"] == 1
    approver.refused(
        409, "knowledge.change_in_force", "POST", f"/knowledge/changes/{change['change_id']}/withdraw",
        {"reason": "反悔"}, key=a_key(),
    )  # fmt: skip
