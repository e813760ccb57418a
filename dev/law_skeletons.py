"""Skeletons of the law: a tax, a relief, a number; each file whole but for the blanks marked TODO.

A blank is never a plausible number: while one is left, the law does not load or `palmtax law check` names it.
"""

from __future__ import annotations

import re
from pathlib import Path

import house
from skeletons import Refused, put, two, words

_IMPORT = re.compile(r"from palmtax\.rules\.language import (?:\((?P<many>[^)]*)\)|(?P<one>[^\n]*))")
_VALUE = """  - from: TODO 生效日
    value: TODO
    law: TODO 法规 第X条
    published: TODO 公布日
    source: TODO 在哪里读到
    confidence: TODO law | secondary | own | uncertain
"""


def _laws() -> Path:
    return house.PACKAGE / "rules" / "law"


def _law(name: str) -> tuple[Path, str]:
    """The folder of `tax/name`, and the name."""
    tax, number = two(name, "/", "tax/name")
    if not (_laws() / tax / "formulas.py").exists():
        raise Refused(f"没有这个税费：{tax}；先 make new kind=tax name={tax} · no such tax yet")
    return _laws() / tax, number


def _parameter(title: str, *, kind: str = "", unit: str = "TODO 单位", ends: bool = False) -> str:
    kind = kind or "TODO money | rate | count | quantity | day | yes_no | comparison | per_unit | scale | rates …"
    value = _VALUE.replace("    value:", "    until: TODO 终止日\n    value:") if ends else _VALUE
    today = "TODO 今天"
    return (
        f"title: TODO 名称\ntitle_en: {title}\nkind: {kind}\nunit: {unit}\nvalues:\n{value}"
        f"checked: {{on: {today}, by: TODO}}\n"
    )


def _example(law: Path, name: str, facts: str, expect: str) -> None:
    number = f"{name.replace('_', '-').upper()}-01"
    put(
        law / "examples" / f"{number}.yaml",
        f"""id: {number}
source: TODO 答案出处
confidence: TODO law | secondary | own | uncertain
origin: TODO 公布的例子，或依规则手工计算
cases:
  - on: TODO 哪一天
    facts: {{{facts}}}
    expect: {{{expect}}}
""",
    )


def _fragment(law: Path, name: str) -> None:
    text = "TODO what changed · effective from, to the day · published on · who is affected · examples added\n"
    put(house.ROOT / "changelog.d" / f"+{law.name}-{name}.feature.md", text)


def parameter(name: str) -> None:
    """A number of the law, alone: `late_fee/daily_rate`."""
    law, number = _law(name)
    put(law / "parameters" / f"{number}.yaml", _parameter(words(number)))


def rule(name: str) -> None:
    """A number of the law with its worked case: `late_fee/daily_rate`."""
    law, number = _law(name)
    parameter(name)
    _example(law, number, "TODO 事实: TODO", "TODO 结果: TODO")
    _fragment(law, number)


def relief(name: str) -> None:
    """A relief of a tax: number with its last day, fact, line, worked case: `iit_year/guide_dog`."""
    law, number = _law(name)
    facts, formulas = law / "facts.yaml", law / "formulas.py"
    asked, written = facts.read_text("utf-8"), formulas.read_text("utf-8")
    if f"has_{number}:" in asked or f"def {number}_relief(" in written or not re.search("^asks:$", asked, re.MULTILINE):
        raise Refused(
            f"{law.name}: 已经有了 {number}，或 facts.yaml 没有 asks · it is there already, or nothing is asked"
        )
    put(law / "parameters" / f"{number}_amount.yaml", _parameter(f"{words(number)} relief", kind="money", ends=True))
    facts.write_text(_with_fact(asked, number), "utf-8")
    formulas.write_text(_with_line(written, number), "utf-8")
    _example(law, number, f"TODO 其他事实: TODO, has_{number}: true", "TODO 结果: TODO")
    _fragment(law, number)
    print(f"改了 · changed {law.name}/facts.yaml, {law.name}/formulas.py")
    print(
        f"还要：在它减少的那一行里减去 {number}_relief · next: subtract it in the line it reduces; docs/how-to/add-a-relief.md"
    )


def _with_fact(asked: str, number: str) -> str:
    """The facts with one more, the last asked."""
    fact = f"""  has_{number}:
    label: TODO 日常说法
    label_en: TODO everyday words
    term: TODO 申报表用语
    term_en: TODO term of the form
    group: relief
    unit: yes_no
    default: false
"""
    lines = asked.splitlines(keepends=True)
    place = lines.index("asks:\n") + 1
    while place < len(lines) and lines[place][:1] in {" ", "#", "\n"}:
        place += 1
    return "".join([*lines[:place], fact, *lines[place:]])


def _with_line(written: str, number: str) -> str:
    """The formulas with one more line, and what it needs from the language."""

    def more(found: re.Match[str]) -> str:
        names = {name.strip() for name in (found["many"] or found["one"]).split(",") if name.strip()}
        names |= {"Amount", "YesNo", "law", "where"}
        listed = "".join(f"    {name},\n" for name in sorted(names, key=lambda one: (one[0].islower(), one)))
        return f"from palmtax.rules.language import (\n{listed})"

    return (
        _IMPORT.sub(more, written, count=1).rstrip("\n")
        + f'''


@law("TODO 法规 第X条", label="TODO 减免额", label_en="TODO relief")
def {number}_relief(has_{number}: YesNo, {number}_amount: Amount) -> Amount:
    """The amount for who is entitled, else 0 fen."""
    return where(has_{number}, {number}_amount, 0)
'''
    )


def tax(name: str) -> None:
    """A tax: one folder."""
    if not name.isidentifier() or name != name.lower():
        raise Refused("名称应为小写标识符 · the name is a lower-case identifier")
    law, title = _laws() / name, words(name).capitalize()
    if law.exists():
        raise Refused(f"已经有了：{name} · it is there already")
    put(law / "README.md", _README.format(title=title))
    put(law / "facts.yaml", _FACTS.format(title=title))
    put(law / "formulas.py", _FORMULAS.format(words=words(name)))
    put(law / "parameters" / "rate.yaml", _parameter(f"{words(name)} rate", kind="rate", unit="比例"))
    _example(law, name, 'taxed_amount: "TODO 元"', 'payable: "TODO 元"')
    _fragment(law, "new")
    print("引用的法条写进 statutes.yaml · name its articles in statutes.yaml; docs/how-to/tax.md")


_README = """# TODO 税费名称 · {title}

**Who.** TODO who owes it.

**What.** TODO what it is on and how it is computed.

**When.** TODO from when it counts; the day to ask with; when it is filed.

**Statutes.** TODO 法规 art. X.

**Rounding.** TODO where the law rounds.

**Uncertain, kept as dated parameters**

- TODO which numbers are in doubt and why.

**Not covered.** TODO what one may look for here in vain.
"""
_FACTS = """title: TODO 税费名称
title_en: {title}
asks:
  taxed_amount:
    label: TODO 日常说法
    label_en: TODO everyday words
    term: TODO 申报表用语
    term_en: TODO term of the form
    group: sales
    unit: fen
    lo: "0"
    hi: "100000000000"
exports: [payable]
calculator:
  name: TODO 人们怎么叫它
  name_en: {title}
  group: TODO 个人 | 经营 | 房产车辆 | 社保费用 | 其他
  question: TODO 人们会怎么问？
  question_en: TODO what people ask
  asks: [taxed_amount]
  headline: payable
  of: taxed_amount
"""
_FORMULAS = '''"""TODO one sentence: how {words} is computed, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, law


@law("TODO 法规 第X条", label="应纳税额", label_en="Payable")
def payable(taxed_amount: Amount, rate: LawRate) -> Amount:
    """The amount times the rate, rounded half up to the fen."""
    return rate.of(taxed_amount)
'''
