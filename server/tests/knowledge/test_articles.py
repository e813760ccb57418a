"""Articles: well written, found by what people say, honest about how sure they are."""

from __future__ import annotations

import re
from datetime import date

import pytest

import house
from palmtax import knowledge, rules
from palmtax.knowledge.model.articles import GROUPS, found_articles, read_article
from palmtax.knowledge.model.calculators import find_calculator

ARTICLES = list(knowledge.every_article().values())
each = pytest.mark.parametrize("article", ARTICLES, ids=lambda one: one.code)
TODAY = date(2026, 11, 23)


def test_there_are_enough_articles_and_no_two_alike():
    assert len(ARTICLES) >= 40
    assert len({one.title for one in ARTICLES}) == len(ARTICLES)
    assert {one.group for one in ARTICLES} == set(GROUPS)


@each
def test_an_article_is_short_bilingual_and_cites_its_law(article):
    assert len(article.words) >= 2
    assert len(article.title) <= 30
    assert 20 <= len(article.answer) <= 150
    assert 40 <= len(article.answer_en) <= 420
    assert any("一" <= letter <= "鿿" for letter in article.answer)
    assert not any("一" <= letter <= "鿿" for letter in article.title_en + article.answer_en)
    assert not re.search(r"系统异常|(?<![您])你", article.answer)
    assert article.law
    assert article.valid_from <= (article.valid_until or article.valid_from)


@each
def test_an_article_is_never_surer_than_the_texts_it_rests_on(article):
    order = ["law", "secondary", "own knowledge", "uncertain"]
    assert order.index(article.confidence) >= min(order.index(one.confidence) for one in article.law)


@each
def test_an_article_leads_to_what_there_is(article):
    for code in article.calculators:
        assert find_calculator(code).code in rules.every_law()
    catalogue = house.PACKAGE / "matters" / "catalogue"
    if catalogue.exists():
        known = set(
            re.findall(r"^code: (\S+)", "\n".join(p.read_text() for p in catalogue.rglob("*.yaml")), re.MULTILINE)
        )
        assert {code.split("-")[0] for code in article.matters} <= {code.split("-")[0] for code in known}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("30万", "small_scale_threshold"), ("零申报", "nil_return"), ("滞纳金怎么算", "late_fee"), ("开错发票", "wrong_invoice"),
        ("年终奖", "bonus_tax"), ("赡养老人", "elderly_support"), ("车购税", "car_purchase_tax"), ("电动车", "new_energy_car"),
        ("公司不想干了怎么注销", "close_company"), ("被法人", "false_link"), ("不开发票", "refused_invoice"), ("nil return", "nil_return"),
        ("Is a small-scale business with 300,000 a quarter exempt", "small_scale_threshold"), ("契税", "deed_tax_first_home"),
        ("卖旧买新", "home_swap_refund"), ("投诉多久有答复", "complain_time"),
    ],
)  # fmt: skip
def test_what_people_say_finds_it(said, code):
    found = [one.code for one, _ in found_articles(said, on=TODAY)]
    assert found
    assert found[0] == code, found[:5]


@pytest.mark.parametrize("said", ["", "   ", "理发店推荐", "zzzz", "%", "\x00"])
def test_nothing_finds_nothing(said):
    assert found_articles(said, on=TODAY) == []


async def test_anybody_reads_articles(client):
    everything = (await client.get("/api/knowledge/articles")).json()
    assert everything["total"] == len(ARTICLES) == len(everything["articles"])
    found = (await client.get("/api/knowledge/articles", params={"q": "退税"})).json()
    assert {"code", "title", "title_en", "group", "group_en", "is_current"} == set(found["articles"][0])
    one = (await client.get("/api/knowledge/articles/home_swap_refund")).json()
    assert (one["is_current"], one["valid_until"], one["confidence"]) == (False, "2025-12-31", "uncertain")
    lost = await client.get("/api/knowledge/articles/no_such")
    assert (lost.status_code, lost.json()["code"]) == (404, "knowledge.article_unknown")


@pytest.mark.parametrize(
    "wrong", ["title: x", "title: x\ngroup: 增值税", "[1, 2]"],
)  # fmt: skip
def test_a_badly_written_article_is_refused(tmp_path, wrong):
    path = tmp_path / "bad.yaml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.yaml"):
        read_article(path)


def test_a_group_or_a_confidence_of_ones_own_is_refused(tmp_path):
    good = (house.PACKAGE / "knowledge" / "catalogue" / "nil_return.yaml").read_text(encoding="utf-8")
    for old, new in (("group: 申报", "group: 杂项"), ("confidence: law", "confidence: sure")):
        path = tmp_path / "changed.yaml"
        path.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(ValueError, match="group or confidence"):
            read_article(path)
