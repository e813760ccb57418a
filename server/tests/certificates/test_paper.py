"""The paper itself: what it says, that it can be read and checked, and that nothing is left out."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import segno
from certificates.make import ITEMS, make_certificate
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.units import mm

from palmtax.certificates.model import certificate_number, in_capitals, is_verify_code, new_verify_code
from palmtax.certificates.paper import draw, fonts

URL = "http://127.0.0.1:8000/verify/AbCdEfGh-_0123456789abcd"
DIGITS = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def opened(content):
    return pypdfium2.PdfDocument(io.BytesIO(content))


def text_of(content):
    document = opened(content)
    assert len(document) == 1
    return document[0].get_textpage().get_text_range()


def read_group(text):
    """A group below ten thousand, read aloud."""
    total, digit = 0, 0
    for character in text:
        if character in PLACES:
            total += (digit or 0) * PLACES[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit


def read_capitals(text):
    """The amount in fen that a person reads from the capitals: an oracle that shares nothing with the writer."""
    if text == "零元整":
        return 0
    whole, _, tail = text.rpartition("元")
    if not whole:
        tail = text
    number = 0
    high, _, low = whole.rpartition("亿")
    for part, worth in ((high, 10**8), (low, 1)):
        thousands, _, ones = part.rpartition("万")
        number += (read_group(thousands) * 10**4 + read_group(ones)) * worth
    tail = tail.removesuffix("整").lstrip("零")
    jiao, _, rest = tail.rpartition("角")
    return number * 100 + (DIGITS[jiao] if jiao else 0) * 10 + (DIGITS[rest.removesuffix("分")] if rest else 0)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        # examples printed in 支付结算办法 附一 (PBC 1997-393)
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        # and the usual traps
        (123_456, "壹仟贰佰叁拾肆元伍角陆分"),
        (0, "零元整"), (1, "壹分"), (10, "壹角"), (100, "壹元整"), (1_000, "壹拾元整"), (101, "壹元零壹分"),
        (1_000_000, "壹万元整"), (1_000_100, "壹万零壹元整"), (100_100_000, "壹佰万壹仟元整"),
        (10_010_000, "壹拾万零壹佰元整"),
        (10_000_000_000, "壹亿元整"), (10_000_000_100, "壹亿零壹元整"), (10_001_000_000, "壹亿零壹万元整"),
        (2**53 - 1, "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"),
    ],
)  # fmt: skip
def test_capitals_are_written_as_the_rules_print_them(fen, words):
    assert in_capitals(fen) == words


@given(st.integers(0, 2**53 - 1))
def test_capitals_read_back_as_the_same_amount(fen):
    words = in_capitals(fen)
    assert read_capitals(words) == fen
    assert "零零" not in words
    assert not words.endswith("零")


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="never a negative"):
        in_capitals(-1)


def test_paper_says_everything_and_the_issue_day_is_beijings():
    content = draw(make_certificate(), URL)
    said = text_of(content).replace("\r\n", "\n")
    for part in (
        "税收完税证明", "WS2026112300800000000007Z", "云山小吃店（个体工商户）", "92440305MA00300112",
        "云山区税务局", "增值税",
        "城市维护建设税", "2026-07-01 至 2026-09-30", "2026-11-20", "2026-11-24", "1,000.00", "34.56", "￥1,034.56",
        "壹仟零叁拾肆元伍角陆分", "AbCdEfGh-_0123456789abcd", "演示", "PT202611230800000000007Z", "Tax period",
    ):  # fmt: skip
        assert part in said, part


def test_the_same_certificate_is_the_same_bytes_with_title_language_and_embedded_fonts():
    content = draw(make_certificate(), URL)
    assert content == draw(make_certificate(), URL)
    assert opened(content).get_metadata_dict()["Title"] == "税收完税证明 WS2026112300800000000007Z"
    assert b"/Lang (zh-CN)" in content
    assert b"/DisplayDocTitle true" in content
    assert content.count(b"/FontFile2") >= 3
    assert len(content) < 400_000


def test_qr_on_the_paper_is_the_address_module_by_module():
    page = opened(draw(make_certificate(), URL))[0]
    scale = 4
    image = page.render(scale=scale).to_pil().convert("L")
    modules = [list(row) for row in segno.make(URL, error="m", micro=False).matrix]
    size, left, floor = 27 * mm, 24 * mm, 12 * mm + 98 + 6
    cell = size / (len(modules) + 4)
    top = page.get_height() - floor - size
    seen = [
        [
            image.getpixel((int((left + (c + 2.5) * cell) * scale), int((top + (r + 2.5) * cell) * scale))) < 128
            for c in range(len(modules))
        ]
        for r in range(len(modules))
    ]
    assert seen == [[bool(cell) for cell in row] for row in modules]


def test_character_the_font_lacks_is_a_box_and_a_note_says_so():
    said = text_of(draw(make_certificate(taxpayer_name="云山𠮷野家\t店"), URL))
    assert "云山□野家 店" in said
    assert "字库暂缺" in said
    assert "字库暂缺" not in text_of(draw(make_certificate(), URL))


def test_longest_names_and_largest_amounts_stay_on_the_one_page():
    items = ITEMS * 4
    items = tuple(type(i)(i.tax_type_code, i.tax_name, i.tax_name_en, i.period, 98_765_432_109_876) for i in items)
    certificate = make_certificate(
        taxpayer_name="云山区" * 30, items=items, office_name="国家税务总局岭南省云山市云山区税务局第三税务所"
    )
    said = text_of(draw(certificate, URL))
    assert said.count("987,654,321,098.76") == 8
    assert "".join(said.split()).count("云山区" * 30) == 1


def test_fonts_cover_gb2312_and_the_words_of_the_form():
    known = fonts.characters(fonts.TEXT)
    hanzi = [
        bytes((r, c)).decode("gb2312")
        for r in range(0xB0, 0xF8)
        for c in range(0xA1, 0xFF)
        if (r, c) < (0xD7, 0xFA) or r > 0xD7
    ]
    assert len(hanzi) == 6_763
    assert [c for c in hanzi if ord(c) not in known] == []
    words = "税收完税证明电子专用章演示扫码查验真伪零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整￥"
    assert fonts.drawable(words, fonts.STRONG) == words
    assert fonts.drawable(words, fonts.TITLE) == words
    assert (fonts.FOLDER / "OFL.txt").read_text().count("SIL OPEN FONT LICENSE") == 1
    assert sum(f.stat().st_size for f in fonts.FOLDER.glob("*.ttf")) < 3_000_000


@given(st.text(max_size=80), st.floats(20, 300))
def test_wrapping_loses_no_character_and_keeps_the_width(text, most):
    clean = fonts.drawable(text)
    lines = fonts.wrapped(clean, fonts.TEXT, 10, most)
    assert "".join("".join(lines).split()) == "".join(clean.split())
    assert all(fonts.width(line, fonts.TEXT, 10) <= most or len(line) == 1 for line in lines)


def test_codes_cannot_be_guessed_and_numbers_fit_the_form():
    codes = {new_verify_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    assert all(is_verify_code(code) for code in codes)
    assert not any(is_verify_code(bad) for bad in ("", "x" * 23, "x" * 25, "字" * 24, "a/b" * 8, "a.b" * 8))
    certificate = make_certificate()
    number = certificate_number(certificate.certificate_id, certificate.paid_on)
    assert len(number) <= 32
    assert number.isalnum()
