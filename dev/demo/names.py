"""Names for the town: people, shops, companies, customers, goods; all drawn by a seeded generator."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = (
    "安柏岑澄初川淳笛帆枫谷禾恒弘桦嘉简景静钧楷澜乐黎临霖麦曼眠沐宁楠沛朴千青晴然容若"
    "森杉舒朔棠汀庭桐婉温希溪夏弦翔小晓欣星修煦雅言燕遥一怡依逸音映悠予雨语媛月芸泽哲"
    "真知舟子"
)
BRANDS = [
    "松月", "小熊", "青禾", "老吴", "云帆", "南桥", "石榴", "星河", "半亩", "一间",
    "木棉", "白鹭", "锦和", "春溪", "好邻", "大有", "知味", "拾光", "望江", "清泉",
    "福来", "向阳", "新叶", "竹里", "海棠", "长丰", "明德", "远山", "万象", "百川",
]  # fmt: skip
SHOPS = [
    ("面馆", "餐饮服务", "餐费", "0.01"),
    ("五金店", "五金零售", "五金件", "0.01"),
    ("玩具店", "玩具零售", "玩具", "0.01"),
    ("水果店", "果品零售", "水果", "0.01"),
    ("理发店", "居民服务", "理发服务", "0.01"),
    ("茶叶行", "茶叶零售", "茶叶", "0.01"),
    ("文具店", "文具零售", "文具", "0.01"),
    ("汽修厂", "汽车维修", "维修服务", "0.01"),
    ("服装店", "服装零售", "服装", "0.01"),
    ("书屋", "图书零售", "图书", "0.01"),
    ("花坊", "花卉零售", "鲜花", "0.01"),
    ("烘焙坊", "食品制售", "糕点", "0.01"),
]
COMPANIES = [
    ("设计有限公司", "专业设计服务", "设计服务", "0.01"),
    ("软件有限公司", "软件开发", "软件开发服务", "0.01"),
    ("物流有限公司", "道路货物运输", "运输服务", "0.01"),
    ("商贸有限公司", "批发业", "日用百货", "0.01"),
    ("装饰工程有限公司", "建筑装饰", "装饰服务", "0.01"),
    ("文化传播有限公司", "文化艺术", "策划服务", "0.01"),
    ("家政服务有限公司", "居民服务", "家政服务", "0.01"),
    ("电子科技有限公司", "电子产品零售", "电子配件", "0.01"),
]
BIG = [("机械制造有限公司", "通用设备制造", "机床配件", "0.13"), ("食品股份有限公司", "食品制造", "食品", "0.13")]
STREETS = ["松月路", "望江街", "南桥巷", "汀溪大道", "石榴里", "书院街", "码头路", "新桥路", "白鹭洲", "茶山街"]
DISTRICTS = [
    ("19901010000", "云汀市汀溪区税务局", "汀溪区", "city"),
    ("19901020000", "云汀市南桥区税务局", "南桥区", "city"),
    ("19901210000", "云汀市望江县税务局", "望江县", "county"),
    ("19901220000", "云汀市松月镇税务所", "松月镇", "other"),
]
OFFICES = [
    ("19900000000", "云汀省税务局"),
    ("19901000000", "云汀市税务局"),
    *[(code, name) for code, name, _, _ in DISTRICTS],
]


def person_name(draw: Random) -> str:
    """A surname and one or two characters."""
    return draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, draw.choice((1, 2, 2))))


def business_name(draw: Random, ending: str, owner: str) -> str:
    """The town, a brand and the trade; a person's name now and then."""
    brand = draw.choice(BRANDS) if draw.random() < 0.8 else owner[-1] + draw.choice("记家和兴泰")
    return f"云汀市{brand}{draw.choice(('', '', draw.choice(GIVEN)))}{ending}"


def customer_name(draw: Random) -> str:
    """Who bought: a person or a company of elsewhere."""
    if draw.random() < 0.6:
        return "个人"
    return f"{draw.choice(('江渚市', '临岸市', '云汀市'))}{draw.choice(BRANDS)}{draw.choice(COMPANIES)[0]}"
