"""Several laws in one matter: a later one takes what an earlier gave, rows are added up, conditions see results."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

import palmtax.matters  # noqa: F401 — the doors must be known
from palmtax import rules
from palmtax.matters.model import answers, checking, computing, wizard
from palmtax.matters.model.faults import FileFault
from palmtax.matters.model.reading import read_matter

TODAY = date(2026, 11, 23)
FILE = """code: SBNS-999
title: 试一试
title_en: A trial
say: 一句话
say_en: One sentence
words: [甲, 乙, 丙]
who: [general]
roles: [legal_rep]
mobile: suited
level: plain
promise: {instant: true}
screens: page
asks:
  - {code: period, label: 期, label_en: Period, type: period, kinds: [month]}
  - {code: has_tax, label: 有税, label_en: Has tax, type: yes_no}
  - {law: vat_general, when: {has_tax: true}}
  - {law: surcharges, leave_out: [vat_paid, sales, is_quarterly, consumption_tax_paid, refunded_credit], when: {has_tax: true}}
  - code: staff
    label: 人员
    label_en: Staff
    type: rows
    at_least: 0
    rows:
      - {code: name, label: 姓名, label_en: Name, type: person_name}
      - code: kind
        label: 项目
        label_en: Item
        type: choice
        options: [{value: wage, label: 工资, label_en: Wage}, {value: labour, label: 劳务, label_en: Fee}]
      - {code: so_far, label: 累计, label_en: So far, type: amount}
      - {code: withheld, label: 已扣, label_en: Withheld, type: amount, optional: true}
computes:
  - {law: vat_general, "on": period, show: [vat_payable, output], charge: {vat_general: vat_payable}}
  - law: surcharges
    "on": period
    facts: {vat_paid: computed.vat_payable, sales: computed.total_sales, is_quarterly: {is: false}}
    show: [surcharges_payable]
    charge: {urban_construction: urban_payable, education_surcharge: education_payable}
  - {law: iit_wage, "on": period, each: staff, where: {kind: wage}, facts: {wage: so_far}, less: withheld, show: [withheld_total]}
decide: instant
on_yes:
  - {do: registry.keep_record, with: {kind: {is: registration_change}}, when: {computed.vat_payable: "> 1000"}}
examples:
  - {name: 甲, answers: {period: 2026-04, has_tax: false}}
"""


def a_matter(text=FILE):
    return read_matter(yaml.safe_load(text), "catalogue/sbns/trial.yaml")


def answered(**more):
    return {"period": "2026-04", "has_tax": True, "standard_sales": 10_000_000, "special_invoice_input": 300_000,
            "place_kind": "city", "is_half_relief": False} | more  # fmt: skip


def test_a_later_law_takes_what_an_earlier_gave():
    computed, wrong = computing.compute(a_matter(), answered(), TODAY)
    assert wrong == []
    assert [one.law for one in computed.every] == ["vat_general", "surcharges"]
    # 100,000 yuan of sales at 13%, less 3,000 of input: 10,000 VAT; 7% of it for the city. Education is waived: sales of 100,000
    assert [one.owed() for one in computed.every] == [
        {"vat_general": 1_000_000},
        {"urban_construction": 70_000, "education_surcharge": 0},
    ]
    assert computed.of("surcharges").facts["vat_paid"] == computed.result("vat_payable")


def test_results_of_every_law_are_shown_once_each_with_their_sum_above():
    matter = a_matter()
    computed, _ = computing.compute(matter, answered(), TODAY)
    shown = [(line["code"], line["value"]) for line in computing.result_lines(matter, computed)]
    assert shown == [
        ("charged", 1_070_000),
        ("vat_payable", 1_000_000),
        ("output", 1_300_000),
        ("surcharges.surcharges_payable", 70_000),
    ]
    codes = [line["code"] for line in computing.every_line(computed)]
    assert len(codes) == len(set(codes))


def test_what_is_not_asked_for_is_not_computed():
    matter = a_matter()
    assert computing.compute(matter, {"period": "2026-04", "has_tax": False}, TODAY) == (None, [])
    shown = {ask.code for ask in answers.shown(matter, {"period": "2026-04", "has_tax": False})}
    assert shown == {"period", "has_tax", "staff"}


def test_the_first_law_is_told_while_the_second_still_waits():
    given = answered()
    del given["place_kind"]
    computed, wrong = computing.compute(a_matter(), given, TODAY)
    assert [one.law for one in computed.every] == ["vat_general"]
    assert wrong == []


def test_a_wizard_asks_for_every_law_what_still_changes_it():
    whole = {fact.code: fact.default for fact in rules.law("vat_general").asked}
    given = whole | answered()
    assert wizard.undecided_asks(a_matter(), given, TODAY) == frozenset()
    del given["place_kind"]
    assert wizard.undecided_asks(a_matter(), given, TODAY) == {"place_kind"}
    del given["standard_sales"]
    assert wizard.undecided_asks(a_matter(), given, TODAY) == {"place_kind", "standard_sales"}
    assert wizard.undecided_asks(a_matter(), {"period": "2026-04", "has_tax": False}, TODAY) == frozenset()


def test_rows_are_added_up_less_what_was_withheld_before():
    staff = [
        {"name": "林晓岚", "kind": "wage", "so_far": 8_400_000, "withheld": 50_000},
        {"name": "周小满", "kind": "wage", "so_far": 2_000_000, "withheld": 700},
        {"name": "沈一鸣", "kind": "labour", "so_far": 900_000_000},
    ]
    given = {"period": "2026-10", "has_tax": False, "staff": staff}
    computed, _ = computing.compute(a_matter(), given, TODAY)
    alone = rules.assess("iit_wage", on=date(2026, 10, 31), facts={"wage": [0] * 9 + [8_400_000]}).outputs[
        "withheld_total"
    ]
    assert alone == 102_000
    assert computed.owed() == {"iit_wage": 52_000}, "the balance of the second is below nothing and waits for the year"
    assert [line["label"] for line in computed.lines[-2:]] == [
        f"{name} · {rules.law('iit_wage').title}" for name in ("林晓岚", "周小满")
    ]


def test_conditions_of_a_call_see_results():
    (call,) = a_matter().on_yes
    for vat_input, wanted in ((300_000, True), (1_200_000, False)):
        given = answered(special_invoice_input=vat_input)
        computed, _ = computing.compute(a_matter(), given, TODAY)
        known = computing.known_to_calls(given, computed)
        assert all(one.holds(known) for one in call.when) is wanted
    assert call.when[0].constant == 100_000, "written in yuan, compared in fen"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("law: surcharges\n", "law: surcharge\n", "没有规则 'surcharge'"),
        ("law: surcharges\n", "law: vat_general\n", "写了两次"),
        ("computed.total_sales", "computed.sales_total", "没有算出 'computed.sales_total'"),
        ("computed.total_sales", "computed.surcharges_payable", "没有算出"),
        ("facts: {vat_paid:", "facts: {vat:", "规则没有 'vat' 这一项"),
        ("education_surcharge: education_payable", "education_surcharge: is_education_exempt", "不是规则算出的金额"),
        ("show: [surcharges_payable]", "show: [surcharge]", "规则没有结果 'surcharge'"),
        ("each: staff", "each: period", "不是逐行填写的问题"),
        ("each: staff, where: {kind: wage}, ", "where: {kind: wage}, ", "只用于逐行计算"),
        ("less: withheld", "less: name", "不是 staff 里的金额列"),
        ("where: {kind: wage}", "where: {kind: bonus}", "不在 kind 的选项里"),
        ("when: {computed.vat_payable", "when: {computed.vat_paid", "computed.vat_paid"),
        ("leave_out: [vat_paid", "leave_out: [vat", "规则没有 'vat' 这一项"),
        ("when: {has_tax: true}}\n  - {law: surcharges", "when: {tax: true}}\n  - {law: surcharges", "'tax'"),
    ],
)
def test_a_broken_computation_is_refused_with_what_to_do(old, new, says):
    assert old in FILE
    with pytest.raises(FileFault) as told:
        a_matter(FILE.replace(old, new, 1))
    assert says in told.value.what
    assert told.value.todo
    assert told.value.path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("education_surcharge: education_payable", "school_tax: education_payable", "没有税种 'school_tax'"),
        ("sales: computed.total_sales, ", "", "需要 'sales'"),
        ("  - {law: vat_general, when", "  - {law: late_fee}\n  - {law: vat_general, when", "late_fee"),
    ],
)
def test_what_a_computation_leaves_open_is_told(old, new, says):
    faults = checking.faults_of(a_matter(FILE.replace(old, new, 1)))
    assert any(says in fault.what for fault in faults), [fault.what for fault in faults]
    assert checking.faults_of(a_matter()) == []
