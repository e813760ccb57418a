"""The people and businesses that the demo is about: always the same, whatever the size of the town."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A business of the cast: its trade, its quarters in yuan (the last is the one that is due), what is special."""

    key: str
    owner: str
    name: str
    ending: int
    is_company: bool
    district: int
    quarters: tuple[int, ...]
    special_share: int = 0
    late: tuple[str, ...] = ()
    is_general: bool = False
    what: str = ""
    what_en: str = ""


CAST = (
    Role(
        "noodles",
        "林小满",
        "云汀市松月面馆",
        0,
        False,
        0,
        (274_900, 286_300, 255_120, 301_880, 243_700, 262_340, 318_260, 312_466),
        what="个体工商户，本季达到起征点，要缴税",
        what_en="individual business, reaches the threshold, has to pay",
    ),
    Role(
        "toys",
        "陈一帆",
        "云汀市小熊玩具店",
        2,
        False,
        1,
        (201_700, 186_000, 143_500, 208_400, 96_300, 155_720, 173_900, 188_251),
        what="本季未达起征点，免税，零应纳",
        what_en="below the threshold, exempt, nothing to pay",
    ),
    Role(
        "design",
        "何青禾",
        "云汀市青禾设计有限公司",
        0,
        True,
        0,
        (398_500, 421_000, 388_400, 512_300, 297_600, 455_100, 467_200, 248_900),
        40,
        what="开具专用发票，放弃部分免税",
        what_en="issues special invoices, part of the exemption waived",
    ),
    Role(
        "hardware",
        "吴越",
        "云汀市老吴五金店",
        1,
        False,
        2,
        (322_700, 331_200, 305_500, 342_800, 318_100, 352_600, 366_900, 348_120),
        late=("2026Q2",),
        what="上季逾期未申报，有滞纳金",
        what_en="last quarter not filed: overdue, late fee",
    ),
    Role(
        "bookshop",
        "苏知音",
        "云汀市半亩书屋",
        9,
        False,
        0,
        (0, 0, 0, 0, 0, 0, 0, 0),
        what="没有收入，零申报",
        what_en="no income: nil return",
    ),
    Role(
        "machines",
        "高远山",
        "云汀市大有机械制造有限公司",
        0,
        True,
        0,
        (1_480_000, 1_512_000, 1_733_000, 1_850_000, 1_444_000, 1_622_000, 1_710_000, 1_695_000),
        is_general=True,
        what="一般纳税人（本版不含其申报）",
        what_en="general taxpayer (its return comes later)",
    ),
)

OFFICERS = (
    ("沈知秋", "case_officer", "19901010000"),
    ("罗衡", "hall_clerk", "19901000000"),
    ("温景行", "approver", "19901000000"),
    ("蓝若水", "risk_analyst", "19900000000"),
    ("钟明远", "decision_maker", "19900000000"),
    ("程系统", "system_admin", "19900000000"),
    ("安守正", "security_admin", "19900000000"),
    ("审计言", "audit_admin", "19900000000"),
    ("颜立言", "law_drafter", "19900000000"),
    ("郑慎之", "law_approver", "19900000000"),
)

OFFICERS_ADDED = (
    ("顾平川", "case_officer", "19900000000"),
    ("方守真", "approver", "19900000000"),
    ("陆同源", "system_admin", "19900000000"),
    ("文知意", "push_editor", "19900000000"),
    ("言慎行", "push_approver", "19900000000"),
)
"""The last people of the town, so that no number moves: two decide what natural persons hand in whose place has no office
here; the second administrator agrees to what the first asks (a channel is switched on by two)."""

AGENT = "章会计"
"""Works for the tax agent firm; holds hats for the toy shop, the design studio and every tenth business of the town."""

PHONES = {
    "林小满": "15400000001",
    "陈一帆": "15400000002",
    "何青禾": "15400000003",
    "吴越": "15400000004",
    "苏知音": "15400000005",
    "高远山": "15400000006",
    AGENT: "15400000010",
    "沈知秋": "15400000021",
    "罗衡": "15400000022",
    "温景行": "15400000023",
    "蓝若水": "15400000024",
    "钟明远": "15400000025",
    "程系统": "15400000026",
    "安守正": "15400000027",
    "审计言": "15400000028",
    "颜立言": "15400000029",
    "郑慎之": "15400000030",
    "顾平川": "15400000031",
    "方守真": "15400000032",
    "陆同源": "15400000033",
    "文知意": "15400000034",
    "言慎行": "15400000035",
}
