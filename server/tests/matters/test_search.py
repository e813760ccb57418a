"""Search that understands: everyday words, pinyin, slips of the finger; a set of written questions with their answers."""

from __future__ import annotations

import pytest

from palmtax.matters.actions import searching
from palmtax.matters.model.searching import marks

QUESTIONS = {
    # what people type → the matter (or theme) that must be among the first three
    "开票额度不够": "FPBL-002", "提额": "FPBL-002", "kaipiaoedu": "FPBL-002", "发票额度": "FPBL-001",
    "票丢了": "FPBL-020", "开红字发票": "FPBL-004", "发票真假": "FPBL-010", "勾选抵扣": "FPBL-007",
    "个税退税": "SBNS-017", "年度汇算": "SBNS-017", "专项附加扣除": "SBNS-016", "房贷抵扣个税": "SBNS-016",
    "无欠税证明": "ZMBL-005", "wanshui zhengming": "ZMBL-001", "完税正明": "ZMBL-001", "纳税记录": "ZMBL-003",
    "注销公司": "SWZX-001", "关店": "close_down", "清税": "SWZX-002", "开公司": "open_business",
    "一般纳税人": "XXBG-012", "银行账户": "XXBG-009", "三方协议": "XXBG-011", "sanfangxieyi": "XXBG-011",
    "投诉": "TSJY-001", "举报偷税": "TSJY-003", "好差评": "TSJY-002", "预约": "YYBL-001", "取号": "YYBL-003",
    "买车": "SBNS-026", "契税": "SBNS-024", "二手房": "second_hand_home", "交社保": "SBFJ-003", "医保缴费": "SBFJ-005",
    "延期申报": "XKHZ-002", "交不起税": "XKHZ-003", "留抵退税": "TDS-004", "多交了税": "TDS-001", "零申报": "SBNS-003",
    "首违不罚": "FLJJ-001", "行政复议": "FLJJ-005", "信用修复": "XYPJ-005", "换手机号": "SFGL-007", "授权办税员": "SFGL-004",
    "refund": "TDS-001", "appointment": "YYBL-001", "tax residence": "ZMBL-010", "second-hand home": "second_hand_home",
}  # fmt: skip


@pytest.mark.parametrize(("asked", "wanted"), list(QUESTIONS.items()))
def test_what_people_type_finds_what_they_need(asked, wanted):
    found = [hit.entry.code for hit in searching.index().find(asked, 3)]
    assert wanted in found, [(hit.entry.code, hit.entry.title) for hit in searching.index().find(asked, 5)]


@pytest.mark.parametrize("nonsense", ["", "   ", "🙂🙂", "\x00\x01", "qqqqzzzz", "。。。", "的", "a" * 500, "%_%"])
def test_nonsense_finds_nothing_or_little_and_never_breaks(nonsense):
    assert len(searching.index().find(nonsense, 10)) <= 10


def test_marks_lie_inside_the_title():
    for entry in searching.index().entries:
        for first, last in marks(entry.title, "发票额度申报"):
            assert 0 <= first < last <= len(entry.title)


async def test_the_route_says_which_of_them_this_hat_may_begin(town):
    who = await town.person("natural_person", "self")
    hits = (await who.ok("GET", "/matters/search?q=发票"))["hits"]
    known = {hit["code"]: hit["may_start"] for hit in hits if hit["kind"] == "matter"}
    assert known
    assert {True, False} >= set(known.values())
    assert known.get("FPBL-002") in {False, None}
    popular = (await who.ok("GET", "/matters/popular"))["hits"]
    assert popular
    assert all(hit["may_start"] for hit in popular)
