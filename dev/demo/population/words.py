"""The invented province in words: cities, industries, ages and sizes, with the shares and levels that persons are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

INVENTED = "全部为虚构数据，不含任何真实个人或企业 · entirely invented, no real person or enterprise"


@dataclass(frozen=True, slots=True)
class City:
    """A city: its share of the people, its pay against the province's (per thousand), its share of districts (per cent)."""

    code: str
    name: str
    name_en: str
    share: int
    pay: int
    urban: int


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry: shares of persons and of enterprises, usual monthly pay (yuan), usual margin (per thousand), VAT rate of most sales."""

    code: str
    name: str
    name_en: str
    persons: int
    enterprises: int
    pay: int
    margin: int
    vat: int


@dataclass(frozen=True, slots=True)
class Band:
    """An age band of persons or a size of enterprises, with its share."""

    code: str
    name: str
    name_en: str
    share: int


CITIES = (
    City("yunting", "云汀市", "Yunting", 148, 1340, 88),
    City("linan", "临岸市", "Lin'an Bay", 131, 1310, 86),
    City("nanqiao", "南桥市", "Nanqiao", 82, 1150, 78),
    City("wangjiang", "望江市", "Wangjiang", 74, 1090, 74),
    City("songyue", "松月市", "Songyue", 63, 1010, 70),
    City("shiliu", "石榴市", "Shiliu", 58, 960, 64),
    City("bailu", "白鹭市", "Bailu", 54, 1040, 69),
    City("qinghe", "青禾市", "Qinghe", 49, 900, 55),
    City("chuntang", "春塘市", "Chuntang", 45, 880, 57),
    City("jinzhou", "锦洲市", "Jinzhou Isle", 41, 930, 60),
    City("haitang", "海棠市", "Haitang", 38, 910, 58),
    City("changfeng", "长丰市", "Changfeng", 35, 850, 51),
    City("mingde", "明德市", "Mingde", 32, 870, 53),
    City("yuanshan", "远山市", "Yuanshan", 29, 800, 44),
    City("zhuli", "竹里市", "Zhuli", 26, 820, 46),
    City("mumian", "木棉市", "Mumian", 24, 860, 50),
    City("baichuan", "百川市", "Baichuan", 21, 840, 48),
    City("chashan", "茶山市", "Chashan", 18, 780, 41),
    City("shuyuan", "书院市", "Shuyuan", 14, 830, 47),
    City("dongling", "东岭市", "Dongling", 11, 760, 39),
    City("xinye", "新叶市", "Xinye", 7, 790, 42),
)
INDUSTRIES = (
    Industry("farming", "农林牧渔业", "Farming, forestry, fishing", 18, 42, 4300, 60, 9),
    Industry("mining", "采矿业", "Mining", 9, 4, 8700, 110, 13),
    Industry("manufacturing", "制造业", "Manufacturing", 261, 148, 6900, 62, 13),
    Industry("utilities", "电力热力燃气和水", "Power, heat, gas and water", 14, 6, 10200, 75, 13),
    Industry("building", "建筑业", "Construction", 92, 71, 5900, 41, 9),
    Industry("trade", "批发和零售业", "Wholesale and retail", 151, 301, 6100, 33, 13),
    Industry("transport", "交通运输仓储和邮政", "Transport, storage and post", 61, 38, 7400, 48, 9),
    Industry("catering", "住宿和餐饮业", "Hotels and catering", 68, 74, 4400, 52, 6),
    Industry("software", "信息传输软件业", "Information and software", 52, 61, 13900, 118, 6),
    Industry("finance", "金融业", "Finance", 27, 8, 13100, 190, 6),
    Industry("property", "房地产业", "Real estate", 31, 34, 6600, 84, 9),
    Industry("business", "租赁和商务服务业", "Leasing and business services", 58, 98, 7100, 70, 6),
    Industry("science", "科学研究和技术服务", "Science and technical services", 24, 52, 10800, 92, 6),
    Industry("water", "水利环境和公共设施", "Water, environment, public works", 12, 7, 5500, 56, 6),
    Industry("household", "居民服务和修理", "Household services and repairs", 38, 33, 4600, 58, 6),
    Industry("education", "教育", "Education", 41, 9, 8400, 64, 6),
    Industry("health", "卫生和社会工作", "Health and social work", 27, 6, 8900, 66, 6),
    Industry("culture", "文化体育和娱乐业", "Culture, sport, entertainment", 9, 7, 7300, 80, 6),
    Industry("public", "公共管理和社会组织", "Public administration", 7, 1, 8100, 20, 6),
)
AGES = (
    Band("16_24", "16–24 岁", "16–24 years", 108),
    Band("25_34", "25–34 岁", "25–34 years", 312),
    Band("35_44", "35–44 岁", "35–44 years", 278),
    Band("45_54", "45–54 岁", "45–54 years", 213),
    Band("55_up", "55 岁及以上", "55 years and over", 89),
)
AGE_PAY = (720, 980, 1160, 1060, 890)
"""Pay against the average by age band, per thousand."""

SIZES = (
    Band("micro", "微型", "Micro", 823),
    Band("small", "小型", "Small", 141),
    Band("medium", "中型", "Medium", 31),
    Band("large", "大型", "Large", 5),
)
VAT_KINDS = ("small_scale", "general")
PLACES = ("city", "county", "other")
