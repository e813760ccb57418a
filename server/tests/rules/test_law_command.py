"""`palmtax law …` as people type it: what there is, one case, what is missing, what if, batches, check."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from palmtax import rules
from palmtax.entry import law_batch
from palmtax.entry.command import main
from palmtax.rules.facts import read_plain_number

BONUS = {"bonus": "36000.01", "annual_income": "600000"}
LATE = {"unpaid_tax": "10000", "days_late": 15}
DAY = "2026-11-23"


def run(*words: str, facts: Any = None) -> Result:
    """`palmtax law` with these words; facts go in by standard input."""
    text = facts if isinstance(facts, (str, bytes)) or facts is None else json.dumps(facts)
    return CliRunner().invoke(main, ["law", *words], input=text)


def good(*words: str, facts: Any = None) -> str:
    """The output of a command that must succeed."""
    found = run(*words, facts=facts)
    assert found.exit_code == 0, found.output
    return found.output


def test_list_names_every_law_in_both_languages() -> None:
    for language in ("zh", "en"):
        lines = good("list", "--language", language).splitlines()
        assert [line.split()[0] for line in lines] == list(rules.every_law())
    assert "年终奖" in good("list") or "全年一次性奖金" in good("list")


@pytest.mark.parametrize("code", rules.every_law())
def test_show_and_facts_of_every_law(code: str) -> None:
    shown = good("show", code, "--on", DAY)
    law = rules.law(code)
    assert law.title in shown
    assert law.version in shown
    assert all(key in shown for key in (number.key for number in law.parameters.values()))
    assert law.title_en in good("show", code, "--on", DAY, "--language", "en")
    schema = json.loads(good("facts", code))
    assert list(schema["properties"]) == [fact.code for fact in law.asked]
    assert list(schema["results"]) == list(law.exports)


def test_calc_gives_results_in_yuan_and_words() -> None:
    found = good("calc", "iit_bonus", "--on", DAY, "--facts", "-", facts=BONUS)
    assert "单独计税的税额: 3390 元" in found
    assert "单独计税更省: 是" in found
    assert rules.version("iit_bonus") in found
    english = good("calc", "iit_bonus", "--on", DAY, "--facts", "-", "--language", "en", facts=BONUS)
    assert "Tax when taxed apart: 3390 yuan" in english
    assert "Cheaper when taxed apart: yes" in english


def test_calc_explains_every_line_with_its_law() -> None:
    found = good("calc", "late_fee", "--on", DAY, "--facts", "-", "--explain", facts=LATE)
    assert "    = 逾期未缴税款 10,000.00 × 滞纳天数 15 × 滞纳金日加收率 0.05%" in found
    assert "税收征收管理法 第三十二条" in found
    assert "[uncertain" in found, "whether the fee is capped at the tax is disputed"


def test_calc_as_json_is_exact_and_complete() -> None:
    words = ("calc", "late_fee", "--on", DAY, "--facts", "-", "--json")
    found = json.loads(good(*words, facts=LATE))
    assert found == {
        "law": "late_fee", "version": rules.version("late_fee"), "on": DAY, "outputs": {"fee": "75"},
    }  # fmt: skip
    explained = json.loads(good(*words, "--explain", "--language", "en", facts=LATE))
    assert [line["code"] for line in explained["lines"]] == ["days", "raw_fee", "capped_fee", "fee"]
    assert all(line["law"] and line["formula"] and line["label"] for line in explained["lines"])
    assert explained["lines"][-1]["value"] == "75"


def test_calc_reads_a_file_and_replays_what_was_known(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"is_quarterly": True, "ordinary_sales": "300000"}), "utf-8")
    words = ("calc", "vat_small_scale", "--facts", str(path), "--on", "2026-09-30", "--json")
    now = json.loads(good(*words))["outputs"]["vat_payable"]
    assert now == "3000"
    refused = run(*words, "--known-on", "2018-01-01")
    assert refused.exit_code == 2
    assert "rules.parameter_not_in_force" in refused.output


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ("", "读不了"),
        ("{", "读不了"),
        ("[1]", "一个 JSON 对象"),
        ("5", "一个 JSON 对象"),
        ('{"bonus": "1", "bonus": "2"}', "写了两次"),
        ("[" * 100_000, "读不了"),
        ('{"bonus": ' + "9" * 5000 + "}", "读不了"),
        (b"\xff\xfe\x00", "读不了"),
        ('{"bonus": NaN, "annual_income": "1"}', "“年终奖”不能用于计算"),
        ('{"bonus": -Infinity, "annual_income": "1"}', "“年终奖”不能用于计算"),
        ('{"bonus": 1e18, "annual_income": "1"}', "“年终奖”不能用于计算"),
        ('{"bonus": 1000000000000000000, "annual_income": "1"}', "请核对单位"),
        ('{"bonus": "-5", "annual_income": "1"}', "请核对单位"),
        ('{"bonus": [1], "annual_income": "1"}', "“年终奖”不能用于计算"),
        ('{"bonus": {"yuan": 1}, "annual_income": "1"}', "“年终奖”不能用于计算"),
        ('{"bonus": true, "annual_income": "1"}', "“年终奖”不能用于计算"),
        ('{"bonus": "5", "nothing": 1}', "本规则没有这一项"),
        ('{"bonus": "5"}', "计算还缺少"),
        ('{"bonus": null}', "计算还缺少"),
    ],
)
def test_calc_refuses_hostile_facts_in_words(facts: str | bytes, told: str) -> None:
    found = run("calc", "iit_bonus", "--on", DAY, "--facts", "-", facts=facts)
    assert found.exit_code in (1, 2)
    assert isinstance(found.exception, SystemExit), found.exception
    assert told in found.output
    assert "Traceback" not in found.output


def test_unknown_laws_days_and_files_are_refused() -> None:
    for words in (
        ("show", "x"),
        ("facts", "x"),
        ("calc", "x", "--facts", "-"),
        ("check", "x"),
        ("missing", "x", "--facts", "-"),
    ):
        found = run(*words, facts={})
        assert found.exit_code == 2
        assert "rules.unknown_law" in found.output
    assert "2026-11-23" in run("calc", "late_fee", "--facts", "-", "--on", "tomorrow", facts=LATE).output
    assert "cannot be read" in run("calc", "late_fee", "--facts", "/no/such/file").output
    early = run("calc", "late_fee", "--facts", "-", "--on", "1900-01-01", facts=LATE)
    assert "在1900-01-01没有有效的规定" in early.output


def test_missing_asks_in_order_and_only_what_matters() -> None:
    asked = good("missing", "home_sale", "--on", DAY, "--facts", "-", facts={}).splitlines()
    assert asked[0] == "price: 卖出价（含税）"
    known = {
        "price": "2000000",
        "bought_on": "2010-01-01",
        "sold_on": "2026-11-01",
        "is_only_home_over_five_years": True,
    }
    rest = good("missing", "home_sale", "--on", DAY, "--facts", "-", "--language", "en", facts=known).splitlines()
    assert rest == ["place_kind: Place"]
    assert good("missing", "late_fee", "--on", DAY, "--facts", "-", facts=LATE) == ""


def test_whatif_shows_what_changes() -> None:
    words = ("whatif", "late_fee", "--on", DAY, "--facts", "-")
    found = good(*words, "--set", "late_fee.daily_rate=0.1%", facts=LATE)
    assert "应加收滞纳金 (fee): 75 元 → 150 元" in found
    assert "+what-if" in found
    assert "元" not in good(*words, "--set", "late_fee.daily_rate=0.05%", facts=LATE).partition("late_fee-")[0]
    for pair, told in [
        ("late_fee.daily_rate=much", "请照法规原文的写法填写"),
        ("late_fee.daily_rate=101%", "请照法规原文的写法填写"),
        ("late_fee.nothing=1", "不是本规则可以调整的参数"),
        ("late_fee.daily_rate", "PARAMETER=VALUE"),
        ("late_fee.daily_rate={1", "late_fee.daily_rate"),
    ]:
        refused = run(*words, "--set", pair, facts=LATE)
        assert refused.exit_code == 2, pair
        assert told in refused.output


def test_check_counts_the_faults() -> None:
    found = good("check", "late_fee", "vat_price")
    assert "✓ late_fee" in found
    assert "2 laws, 0 faults" in found


def write(path: Path, columns: Any, rows: int = 1000) -> Path:
    """A Parquet file of these columns, in row groups of so many rows."""
    parquet.write_table(pa.table(columns), path, row_group_size=rows)
    return path


def many(rows: int) -> dict[str, Any]:
    """Late payers."""
    draw = np.random.default_rng(1)
    return {"unpaid_tax": draw.integers(0, 10**9, rows), "days_late": draw.integers(1, 400, rows)}


def test_batch_computes_every_row_group_and_keeps_identifiers(tmp_path: Path) -> None:
    columns = many(2500)
    source = write(tmp_path / "in.parquet", {"who": [f"p{n}" for n in range(2500)], **columns})
    target = tmp_path / "out.parquet"
    found = good("batch", "late_fee", str(source), str(target), "--on", DAY, "--keep", "who")
    assert "2,500" in found
    assert "3/3" in found
    result = parquet.read_table(target)
    assert result.column_names == ["who", "fee"]
    alone = rules.columns("late_fee", on=next(rules.cases("late_fee")).on, facts=columns)
    assert result["fee"].to_pylist() == alone["fee"].tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]
    doubled = tmp_path / "doubled.parquet"
    good(
        "batch",
        "late_fee",
        str(source),
        str(doubled),
        "--on",
        DAY,
        "--keep",
        "who",
        "--set",
        "late_fee.daily_rate=0.1%",
    )
    assert sum(parquet.read_table(doubled)["fee"].to_pylist()) > 1.9 * alone["fee"].sum()


def test_batch_reads_options_by_name_days_and_yes_no(tmp_path: Path) -> None:
    price = read_plain_number("fen", "1130")
    kinds = [
        option.code for fact in rules.law("vat_price").asked if fact.code == "rate_kind" for option in fact.options
    ]
    source = write(
        tmp_path / "in.parquet", {"price": [price] * 2, "rate_kind": kinds[:2], "is_price_with_vat": [True, False]}
    )
    target = tmp_path / "out.parquet"
    good("batch", "vat_price", str(source), str(target), "--on", DAY, "--output", "vat")
    wanted = [
        rules.assess("vat_price", on=next(rules.cases("vat_price")).on, facts=one).outputs["vat"]
        for one in (
            {"price": price, "rate_kind": kinds[0], "is_price_with_vat": True},
            {"price": price, "rate_kind": kinds[1], "is_price_with_vat": False},
        )
    ]
    assert parquet.read_table(target).to_pydict() == {"vat": wanted}


Columns = Callable[[], dict[str, Any]]
STRANGE: list[tuple[Columns, Sequence[str], str]] = [
    (lambda: {"unpaid_tax": [1.5], "days_late": [1]}, (), "“逾期未缴税款”不能用于计算"),
    (lambda: {"unpaid_tax": [float("nan")], "days_late": [1]}, (), "“逾期未缴税款”不能用于计算"),
    (lambda: {"unpaid_tax": [1, None], "days_late": [1, 2]}, (), "列中有空值"),
    (lambda: {"unpaid_tax": ["1"], "days_late": [1]}, (), "“逾期未缴税款”不能用于计算"),
    (lambda: {"unpaid_tax": pa.array([2**63], pa.uint64()), "days_late": [1]}, (), "“逾期未缴税款”不能用于计算"),
    (lambda: {"unpaid_tax": [-1], "days_late": [1]}, (), "“逾期未缴税款”不能用于计算"),
    (lambda: {"unpaid_tax": [2**62], "days_late": [1]}, (), "“逾期未缴税款”不能用于计算"),
    (lambda: {"unpaid_tax": [1], "days_late": [1], "zodiac": [1]}, (), "zodiac"),
    (lambda: {"unpaid_tax": [1]}, ("--keep", "who"), "who"),
    (lambda: {"unpaid_tax": [1], "fee": [1]}, ("--keep", "fee"), "与结果同名"),
    (lambda: {"days_late": [1]}, (), "计算还缺少"),
    (lambda: {"unpaid_tax": [1]}, ("--output", "nothing"), "nothing"),
    (lambda: {"unpaid_tax": pa.array([], pa.int64()), "days_late": pa.array([], pa.int64())}, (), "没有一行"),
]


@pytest.mark.parametrize(("columns", "words", "told"), STRANGE)
def test_batch_refuses_strange_columns_and_leaves_nothing(
    tmp_path: Path, columns: Columns, words: Sequence[str], told: str
) -> None:
    source, target = write(tmp_path / "in.parquet", columns()), tmp_path / "out.parquet"
    target.write_text("what was there", "utf-8")
    found = run("batch", "late_fee", str(source), str(target), "--on", DAY, *words)
    assert found.exit_code in (1, 2)
    assert isinstance(found.exception, SystemExit), found.exception
    assert told in found.output
    assert target.read_text("utf-8") == "what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_batch_refuses_what_is_no_parquet_and_to_overwrite_its_source(tmp_path: Path) -> None:
    text, target = tmp_path / "in.csv", tmp_path / "out.parquet"
    text.write_text("unpaid_tax\n1\n", "utf-8")
    assert "cannot be read" in run("batch", "late_fee", str(text), str(target), "--on", DAY).output
    source = write(tmp_path / "in.parquet", many(10))
    before = source.read_bytes()
    assert "不能覆盖输入" in run("batch", "late_fee", str(source), str(source), "--on", DAY).output
    assert source.read_bytes() == before
    lost = run("batch", "late_fee", str(source), str(tmp_path / "no" / "out.parquet"), "--on", DAY)
    assert "cannot be read or written" in lost.output
    assert run("batch", "late_fee", str(tmp_path / "none"), str(target)).exit_code == 2


def test_batch_that_fails_half_way_leaves_no_target(tmp_path: Path) -> None:
    columns = many(3000)
    columns["unpaid_tax"][2999] = -1
    source, target = write(tmp_path / "in.parquet", columns), tmp_path / "out.parquet"
    found = run("batch", "late_fee", str(source), str(target), "--on", DAY)
    assert "2/3" in found.output
    assert "“逾期未缴税款”不能用于计算" in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_batch_that_is_killed_half_way_leaves_no_target(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.parquet", many(400_000), rows=50), tmp_path / "out.parquet"
    command = [
        sys.executable, "-m", "palmtax.entry.command", "law", "batch", "late_fee", str(source), str(target), "--on", DAY,
    ]  # fmt: skip
    surroundings = {**os.environ, "PYTHONPATH": ":".join(sys.path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as child:
        assert child.stdout is not None
        assert "/8000" in child.stdout.readline()
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert not target.exists()
    good("batch", "late_fee", str(write(source, many(100))), str(target), "--on", DAY)
    assert parquet.read_table(target).num_rows == 100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_the_batch_itself_says_how_much_was_done(tmp_path: Path) -> None:
    source, told = write(tmp_path / "in.parquet", many(10)), list[str]()
    case = next(rules.cases("late_fee"))
    done = law_batch.run(
        "late_fee", source, tmp_path / "out", on=case.on, outputs=("fee",), what_if={}, keep=(), tell=told.append
    )
    assert (done.rows, told) == (10, ["  1/1  10"])
    assert done.seconds >= 0
