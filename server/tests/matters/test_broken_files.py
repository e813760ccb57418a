"""A broken file of the catalogue is refused with file, line and what to do; every kind of break."""

from __future__ import annotations

import pytest

from palmtax.matters.model import catalogue, checking

GOOD = """code: XXBG-999
title: 试一试
title_en: A trial
say: 一句话
say_en: One sentence
words: [甲, 乙, 丙]
who: [small_scale]
roles: [legal_rep]
mobile: suited
level: plain
promise: {instant: true}
screens: page
asks:
  - code: kind
    label: 种类
    label_en: Kind
    type: choice
    options:
      - {value: a, label: 甲, label_en: A}
      - {value: b, label: 乙, label_en: B}
  - code: amount
    label: 金额
    label_en: Amount
    type: amount
    check: "> 100"
    when: {kind: a}
papers:
  - {code: contract, title: 合同, title_en: Contract, why: 证明, why_en: Proof}
decide: instant
on_yes:
  - {do: registry.keep_record, with: {kind: {is: registration_change}}}
examples:
  - {name: 甲, answers: {kind: a, amount: "200"}, papers: [contract]}
"""
BREAKS = [
    # what is changed, into what, the line that is told, a piece of what is said
    ("title: 试一试\n", "", 1, "missing 'title'"),
    ("title: 试一试", "titel: 试一试", 2, "unknown key 'titel'"),
    ("who: [small_scale]", "who: [everybody]", 7, "不是纳税人类别"),
    ("roles: [legal_rep]", "roles: [self]", 8, "不能代表这些纳税人"),
    ("mobile: suited", "mobile: always", 9, "'always'"),
    ("promise: {instant: true}", "promise: {instant: true, days: 3}", 11, "promise"),
    ("type: choice", "type: menu", 17, "'menu'"),
    ("      - {value: b, label: 乙, label_en: B}", "      - {value: b, label: 乙}", 20, "missing 'label_en'"),
    ("value: b, label", "value: yes, label", 20, "加上引号|选项的值应是文字"),
    ("code: amount", "code: Amount", 21, "小写下划线"),
    ("code: amount", "code: kind", 21, "出现两次"),
    ('check: "> 100"', 'check: "more than 100"', 25, "不是一个比较"),
    ('check: "> 100"', 'check: "> limit"', 25, "不存在的 'limit'"),
    ("when: {kind: a}", "when: {later: a}", 26, "'later'"),
    ("when: {kind: a}", "when: {kind: c}", 26, "不在 kind 的选项里"),
    ("why: 证明, why_en: Proof", "why: 证明", 28, "missing 'why_en'"),
    ("decide: instant", "decide: nobody", 29, "'nobody'"),
    ("decide: instant", "decide: one_officer", 29, "skill"),
    ("do: registry.keep_record", "do: registry.keep", 31, "没有门上的动作"),
    ("with: {kind:", "with: {sort:", 31, "没有参数 'sort'"),
    ("{is: registration_change}", "amount", 31, "类型与参数不符"),
    ("    type: amount\n", "    type: amount\n    from: registry.colour\n", 25, "没有来源"),
    ('amount: "200"', 'amount: "两百"', 33, "不是以元书写的金额"),
    ('amount: "200"', 'money: "200"', 33, "没有问题 'money'"),
    ("papers: [contract]}", "papers: [licence]}", 33, "没有材料"),
    ("words: [甲, 乙, 丙]", "words: [甲]", 6, "三种说法"),
    ("title_en: A trial", "title_en: 'A trial", 3, "YAML"),
    ("asks:\n", "asks: none\nmore:\n", 14, "more"),
]  # fmt: skip


def told(tmp_path, text):
    folder = tmp_path / "catalogue"
    (folder / "xxbg").mkdir(parents=True)
    (folder / "xxbg" / "trial.yaml").write_text(text, "utf-8")
    return checking.faults(folder)


def test_the_file_is_good_before_it_is_broken(tmp_path):
    import palmtax.matters  # noqa: F401 — the doors must be known

    assert told(tmp_path, GOOD) == []


@pytest.mark.parametrize(("old", "new", "line", "says"), BREAKS, ids=[str(n) for n in range(len(BREAKS))])
def test_a_break_is_told_with_file_line_and_what_to_do(tmp_path, old, new, line, says):
    import palmtax.matters  # noqa: F401 — as above

    assert old in GOOD
    faults = told(tmp_path, GOOD.replace(old, new, 1))
    assert faults
    assert faults[0].file == "catalogue/xxbg/trial.yaml"
    assert any(any(word in str(fault) for word in says.split("|")) for fault in faults), [str(f) for f in faults]
    assert faults[0].todo
    assert abs(faults[0].line - line) <= 1, (faults[0].line, line, str(faults[0]))


def test_the_catalogue_itself_has_no_fault():
    import palmtax.matters

    assert [str(fault) for fault in palmtax.matters.faults()] == []


def test_no_code_is_used_twice(tmp_path):
    folder = tmp_path / "catalogue"
    (folder / "xxbg").mkdir(parents=True)
    for name in ("one", "two"):
        (folder / "xxbg" / f"{name}.yaml").write_text(GOOD, "utf-8")
    assert any("已用于" in str(fault) for fault in checking.faults(folder))
    assert len(catalogue.files(folder)) == 2
