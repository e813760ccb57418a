"""`make new kind=tax|relief|rule`: a skeleton is refused while it has blanks, and passes the closing tests without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from docs.pages import boxes

import house
import new
import show
from lint.__main__ import all_findings
from lint.code import Code
from palmtax import rules
from palmtax.entry.law_command import law as law_command
from palmtax.rules.laws import LAWS

BLANKS = {
    "TODO 生效日": "2019-01-01", "TODO 终止日": "2027-12-31", "TODO 法规 第X条": "个人所得税法 第六条", "TODO 公布日": "2018-08-31",
    "TODO 在哪里读到": "s", "TODO law | secondary | own | uncertain": "own", "TODO 今天": "2026-11-23", "TODO 单位": "元",
    "TODO 哪一天": "2026-12-31", "TODO 个人 | 经营 | 房产车辆 | 社保费用 | 其他": "个人",
}  # fmt: skip
TAX = {"value: TODO": 'value: "3%"', '"TODO 元"}\n    expect': '"1000.50"}\n    expect', "TODO 元": "30.02"}
RELIEF = {
    "value: TODO": 'value: "100"', "TODO 其他事实: TODO": "cumulative_sales: TODO", "TODO 结果: TODO": 'guide_dog_relief: "100"',
}  # fmt: skip
DOCS = house.ROOT / "docs"
Copy = tuple[Path, Callable[[], None]]


@pytest.fixture
def scratch(law_copy: Copy, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """The copy of the law as the scaffolds see the house."""
    folder, forget = law_copy
    package = folder.parents[1]
    monkeypatch.setattr(house, "PACKAGE", package)
    monkeypatch.setattr(house, "ROOT", package.parents[1])
    return folder, forget


def files(folder: Path) -> dict[Path, str]:
    return {
        path: path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".yaml", ".md"}
    }


def fill(folder: Path, blanks: dict[str, str]) -> None:
    """Fill the blanks, first those with an answer, then those that are only words."""
    for path, text in files(folder).items():
        filled = text
        for blank, answer in (blanks | BLANKS).items():
            filled = filled.replace(blank, answer)
        path.write_text(re.sub(r"TODO ?", "某", filled), "utf-8")


def faults(code: str) -> list[str]:
    """What the law's own check finds; a refusal is a find too."""
    try:
        return rules.faults(code)
    except (rules.LawError, rules.ParameterNotInForce, rules.FactRefused) as problem:
        return [str(problem)]


def test_a_tax_is_one_folder(scratch: Copy) -> None:
    folder, forget = scratch
    assert new.main(["tax", "dog_tax"]) == 0
    law = folder / "dog_tax"
    assert {str(path.relative_to(law)) for path in files(law)} == {
        "README.md", "facts.yaml", "formulas.py", "parameters/rate.yaml", "examples/DOG-TAX-01.yaml",
    }  # fmt: skip
    forget()
    assert faults("dog_tax") != [], "blanks are left"
    fill(law, TAX)
    forget()
    assert faults("dog_tax") == []
    assert "**Not covered.**" in (law / "README.md").read_text("utf-8")
    (box,) = [box for box in boxes(DOCS / "how-to" / "tax.md") if box.kind == "sh"]
    told = [line.partition("#")[0].split() for line in box.text.splitlines()]
    assert [CliRunner().invoke(law_command, one[2:]).exit_code for one in told if one[0] == "palmtax"] == [0, 0]
    code = Code("palmtax/rules/law/dog_tax/formulas.py", (law / "formulas.py").read_text("utf-8"))
    assert all_findings(iter([code])) == []
    before = files(folder)
    assert new.main(["tax", "dog_tax"]) == 2, "a second time it is refused and nothing is overwritten"
    assert files(folder) == before


def test_a_relief_is_a_number_a_fact_a_line_and_an_example(scratch: Copy) -> None:
    folder, forget = scratch
    before = files(folder)
    assert new.main(["relief", "iit_year/guide_dog"]) == 0
    after = files(folder)
    changed = {str(path.relative_to(folder / "iit_year")) for path in after if after[path] != before.get(path)}
    assert changed == {
        "facts.yaml", "formulas.py", "parameters/guide_dog_amount.yaml", "examples/GUIDE-DOG-01.yaml",
    }  # fmt: skip
    assert (house.ROOT / "changelog.d" / "+iit_year-guide_dog.feature.md").exists()
    forget()
    assert faults("iit_year") != [], "blanks are left"
    wages = ", ".join(['"10000"'] * 12)
    answers = {
        "TODO 其他事实: TODO": f"wage: [{wages}]",
        "TODO 结果: TODO": 'annual_tax: "3480"',
        "value: TODO": 'value: "2400"',
    }
    fill(folder / "iit_year", answers)
    forget()
    assert faults("iit_year") == []
    facts = {"wage": [1_000_000] * 12, "has_guide_dog": True}
    lines = rules.assess("iit_year", on=date(2026, 12, 31), facts=facts).lines
    assert [line.value for line in lines if line.code == "guide_dog_relief"] == [240_000]
    assert new.main(["relief", "iit_year/guide_dog"]) == 2


def test_every_law_that_asks_something_can_have_a_relief(scratch: Copy) -> None:
    folder, forget = scratch
    for path in sorted(folder.glob("*/formulas.py")):
        code = path.parent.name
        asks = "\nasks:\n" in (path.parent / "facts.yaml").read_text("utf-8")
        assert new.main(["relief", f"{code}/invented_dog"]) == (0 if asks else 2), code
        fill(path.parent, RELIEF)
    forget()
    for code in rules.every_law():
        assert rules.law(code).parameters.keys() >= ({"invented_dog_amount"} if rules.law(code).asks else set()), code


def test_a_number_comes_with_its_example(scratch: Copy) -> None:
    folder, _ = scratch
    assert new.main(["rule", "late_fee/other_rate"]) == 0
    assert (folder / "late_fee" / "parameters" / "other_rate.yaml").exists()
    assert (folder / "late_fee" / "examples" / "OTHER-RATE-01.yaml").exists()
    assert new.main(["parameter", "late_fee/third_rate"]) == 0
    assert not (folder / "late_fee" / "examples" / "THIRD-RATE-01.yaml").exists()
    for kind in ("rule", "parameter", "relief"):
        assert new.main([kind, "no_such_tax/rate"]) == 2
        assert new.main([kind, "late_fee"]) == 2


def test_no_blank_is_left_in_the_law() -> None:
    assert [str(path.relative_to(LAWS)) for path, text in files(LAWS).items() if "TODO" in text] == []


@pytest.mark.parametrize("name", ["iit_year", "iit_year/medical_deduction", "iit_year/medical_cap", "late_fee"])
def test_a_law_a_line_and_a_number_can_be_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert show.main(["rule", name]) == 0
    told = capsys.readouterr().out
    assert "——" in told
    assert "第" in told
    assert name.rpartition("/")[2] in told


def test_something_that_is_not_there_cannot_be_shown() -> None:
    for name in ("nothing", "iit_year/nothing"):
        with pytest.raises(SystemExit, match=r"没有"):
            show.main(["rule", name])
