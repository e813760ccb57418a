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
    # a shop owner
    "小店怎么报税": "SBNS-002", "没生意要报税吗": "SBNS-003", "这个月开票超了": "FPBL-002",
    "会计走了怎么办": "SFGL-005", "客户要专票": "FPBL-003", "发票开错了怎么办": "FPBL-004",
    "营业执照换地址": "XXBG-004", "忘记报税了": "SBNS-037", "店铺暂停营业": "XXBG-014", "税务贷款": "XYPJ-006",
    "能享受什么优惠": "YHBL-005", "收到税务局短信说多交税": "TDS-009", "几号之前要报税": "SBNS-038",
    "员工工资报个税": "SBNS-014", "给员工交社保": "SBFJ-001", "微信交税": "SBNS-036",
    "小规模变一般纳税人": "XXBG-012", "商家不开发票": "TSJY-005",
    # an employee
    "工资扣税明细": "ZMBL-004", "有了二胎怎么填": "SBNS-016", "公司冒用我名字发工资": "ZMBL-004",
    "我被注册成法人了": "SFGL-009", "租房抵个税": "SBNS-016", "年终奖": "iit_bonus", "养老金抵税": "SBFJ-012",
    "买房要个税证明": "ZMBL-003", "兼职收入开票": "FPBL-013", "给爸妈交医保": "SBFJ-005",
    # a landlord
    "出租房子交什么税": "HDGL-006", "房租发票怎么开": "FPBL-013", "商铺租金开票": "FPBL-014",
    "卖房要交多少税": "SBNS-025", "满五唯一": "SBNS-025", "把房子给儿子": "SBNS-024", "商铺房产税": "SBNS-023",
    # a car buyer
    "电动车免税": "YHBL-008", "车退了购置税能退吗": "TDS-005", "每年车子的税": "SBNS-027", "新车上牌": "SBNS-026",
    # an exporter
    "出口退税几天到账": "CKTS-006", "外贸公司退税": "CKTS-003", "往香港付服务费": "GJSS-001",
    "出口企业备案": "CKTS-001",
    # pinyin and slips of the finger
    "kaifapiao": "FPBL-003", "geshui tuishui": "SBNS-017", "zhuxiao gongsi": "SWZX-001", "yuyue": "YYBL-001",
    "wu qian shui": "ZMBL-005", "chukou tuishui": "CKTS-006", "个锐退税": "SBNS-017", "发漂额度": "FPBL-001",
    "社宝证明": "ZMBL-008", "契睡申报": "SBNS-024", "三方协仪": "XXBG-011", "kaipioa": "FPBL-003",
    # in English
    "issue an invoice": "FPBL-003", "buy a car": "SBNS-026", "close my shop": "SWZX-002", "sell my flat": "SBNS-025",
    "pay tax": "SBNS-036", "social insurance certificate": "ZMBL-008", "change phone number": "SFGL-007",
    "export refund": "CKTS-006", "complain": "TSJY-001", "nil return": "SBNS-003", "fake invoice": "FPBL-010",
    "rent out my flat": "rent_out_home", "tax calculator": "SBNS-039",
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
