"""Makes the small TrueType fonts that certificates embed, from Debian's `fonts-noto-cjk` (SIL Open Font License 1.1).

    python dev/fonts/make_subset.py [folder with NotoSansCJK-Regular.ttc …]

The source fonts have cubic (CFF) outlines in a 19–26 MB collection; the PDF library wants quadratic (glyf) ones.
So: take the Simplified Chinese face, keep the characters we need, drop layout tables that a certificate does not use,
turn the curves (error at most one thousandth of an em), and give the result its own name, as the licence's
reserved-name rule asks of altered versions. Run again only when the character set or the source changes;
`server/tests/certificates/test_fonts.py` checks what is inside.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = Path(__file__).resolve().parents[2] / "server/palmtax/certificates/fonts"
CURVE_ERROR = 1.0
"""Largest distance between the cubic and the quadratic outline, in font units (1000 to the em)."""

BEYOND_GB2312 = (
    "喆犇堃昇镕珺玥琤祎翀垚焱赟燊骉昉晞暐暠曈烜烨煊煜炘炜炫焜熠爔玘玚玢玤玮玹珂珅珉珏珑珣珩琇琎琛琦琨琪琬琮琯琰瑀瑄瑗瑭瑷瑾璁璇璈璐璟璠璩璿瓒"
    "甯畯皓皞睿瞾祐祺禛禔禤秾竑笪筱箐絜綦羿翊翮翯芃芊芮苡苳茉茗荃荇莛莘菀菁菡萱葳蒨蓁蓥蔚蕙蕤薏薰藜蘅蠡袆裎褀誉谌赟赪郗郯酆鋆錡钘钰铖铠铧铭铮锴锶锳镝镠镭鑫闫阚陟隽"
    "雎霁霂霄霈霏靓靖韫韬韶頔顗颉颢颿飏馥骁骅骐骞骥髙鲲鸢鹓鹭麒麾黎龑㛃㳘䶮仝伋佺侗俣俶偲傒僖儁冼凃劼劢勍卞厍叇吉呂哂唸唻啱喬嘢嘚囍坜埗塱奀妤姝姞姮婞婳婼嫄嫣嬅孖屌峣崟嶶帔廑弢彧怹恺惇惟慜懿戢扆抃抻斌旻旼昀昇昕昱昳昶昺晁晗晙晟晥晧暄朐杺杲柃栎栢桉桢梓棻楙榕槃槿樾橦欣歆毓沄沅沚沣沨泓泃泠泫泱泺洄洵洸浚浥浠涢涵淏淦淯淳渌渼湉湜湫湲溆溦溧滢滟漪漷潆潇潞澍澐澔澂濂濛瀚瀛灏"
)
SYMBOLS = "·—–…‘’“”〇〈〉《》「」『』【】〔〕￥¥€£×÷±≤≥≈≠°′″§№℃℡©®™←↑→↓■□▲△●○◆◇★☆✓✔、。！？，；：（）％＋－＝／～|□"
COPY = (
    "税收完税证明税务局电子专用章演示掌税中华人民共和国国家税务总局纳税人名称统一社会信用代码识别号税种税款所属期实缴退金额入库日期合计大写小写填发机关"
    "伪查验码扫描"
    "人币零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整负扫码验真仅供备注编号第页妥善保管手写无效本凭证不作记账核销"
    "增值税城市维护建设税教育费附加地方教育附加滞纳金金额（大写）（小写）￥人民币样本"
)


def gb2312() -> set[str]:
    """All 6,763 characters and the signs of GB 2312-80, from the codec."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def latin() -> set[str]:
    """Printable ASCII and Latin-1: names of foreign-invested firms, digits, punctuation."""
    return {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}


def cut(source: Path, characters: set[str], name: str, target: Path) -> None:
    """Write one TrueType font with these characters."""
    font = TTFont(source, fontNumber=2)  # the collection's order is JP, KR, SC, TC, HK
    options = subset.Options()
    options.layout_features = []
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["VORG", "BASE", "GPOS", "GSUB", "GDEF", "vhea", "vmtx"]
    worker = subset.Subsetter(options)
    worker.populate(text="".join(sorted(characters)))
    worker.subset(font)
    write_quadratic(font, name, target)


def write_quadratic(font: TTFont, name: str, target: Path) -> None:
    """The same outlines as quadratic curves, with only the tables a PDF needs."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    outlines = {}
    for glyph in order:
        pen = TTGlyphPen(None)
        glyphs[glyph].draw(Cu2QuPen(pen, max_err=CURVE_ERROR, reverse_direction=True))
        outlines[glyph] = pen.glyph()
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(font.getBestCmap())
    builder.setupGlyf(outlines)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({g: (font["hmtx"][g][0], getattr(table[g], "xMin", 0)) for g in order})
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupNameTable(
        {
            "familyName": name,
            "styleName": "Regular",
            "psName": name.replace(" ", ""),
            "copyright": "Subset with quadratic outlines, made from Noto CJK (c) 2014-2021 Adobe; SIL OFL 1.1",
            "licenseDescription": "SIL Open Font License, Version 1.1",
        }
    )
    builder.setupOS2(sTypoAscender=font["OS/2"].sTypoAscender, sTypoDescender=font["OS/2"].sTypoDescender, fsType=0)
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 0  # the same input gives the same bytes
    builder.font.recalcTimestamp = False
    builder.save(target)
    print(f"{target.name}: {len(order)} glyphs, {target.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Cut the three fonts: text (whole GB 2312), strong (words of the form), title (serif)."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    TARGET.mkdir(parents=True, exist_ok=True)
    text = gb2312() | latin() | set(BEYOND_GB2312) | set(SYMBOLS)
    strong = set(COPY) | latin()
    cut(source / "NotoSansCJK-Regular.ttc", text, "Palm Certificate Text", TARGET / "palm-text.ttf")
    cut(source / "NotoSansCJK-Bold.ttc", strong, "Palm Certificate Strong", TARGET / "palm-strong.ttf")
    cut(source / "NotoSerifCJK-Bold.ttc", strong, "Palm Certificate Title", TARGET / "palm-title.ttf")


if __name__ == "__main__":
    main()
