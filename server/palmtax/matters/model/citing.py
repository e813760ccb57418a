"""The law that a matter names, for readers of both languages. Pure: titles from the statutes, numbers by their form."""

from __future__ import annotations

import re

from palmtax import rules
from palmtax.matters.model.matter import Citation

_TITLES = {
    "个人信息保护法": "Personal Information Protection Law",
    "个体工商户税收定期定额征收管理办法": "Measures for the Fixed-Amount Taxation of Individual Businesses",
    "全国税务机关纳税服务规范": "National Standard of Taxpayer Services",
    "发票管理办法实施细则": "Implementation Rules of the Measures for Invoices",
    "国家赔偿法": "State Compensation Law",
    "市场主体登记管理条例": "Regulations on the Registration of Market Entities",
    "税务登记管理办法": "Measures for Tax Registration",
    "税收票证管理办法": "Measures for Tax Vouchers",
    "纳税评估管理办法（试行）": "Measures for Tax Assessment (trial)",
    "行政复议法": "Administrative Reconsideration Law",
    "行政许可法": "Administrative Licence Law",
    "重大税收违法失信主体信息公布管理办法": "Measures for Publishing Grave Offenders against Tax Law",
}
"""Texts that matters name and `rules` does not compute from."""
_ISSUERS = {
    "国家税务总局": "STA",
    "税务总局": "STA",
    "财政部": "MOF",
    "工业和信息化部": "MIIT",
    "住房城乡建设部": "MOHURD",
    "退役军人事务部": "MVA",
    "人力资源社会保障部": "MOHRSS",
    "农业农村部": "MARA",
    "国家外汇管理局": "SAFE",
}
_SERIES = {
    "财税": "Caishui",
    "财综": "Caizong",
    "财行": "Caihang",
    "国发": "Guofa",
    "国办发": "Guobanfa",
    "国税发": "Guoshuifa",
    "税总发": "Shuizongfa",
    "税总办征科函": "Shuizongban Zhengkehan",
}
_ANNOUNCEMENT = re.compile(r"(.+)公告(\d{4})年第(\d+)号")
_ORDER = re.compile(r"(.+)令第(\d+)号")
_NUMBERED = re.compile(r"(.+)〔(\d{4})〕(\d+)号")
_PLACES = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九十", 1)}
_NAMED_PARTS = {"首违不罚清单": "List of First Offences that are not Fined"}


def cited(one: Citation) -> tuple[str, str]:
    """A citation as people read it, zh and en.

    >>> cited(Citation("税收征收管理法", "第三十一条、第三十二条", "primary"))[1]
    'Tax Collection and Administration Law, Art. 31, Art. 32'
    >>> cited(Citation("财政部 税务总局公告2026年第10号", "三", "primary"))[1]
    'MOF and STA Announcement 2026 No. 10, item 3'
    """
    parts = [title_in_english(one.cite)]
    if one.article:
        parts += [_part(part) for part in one.article.split("、")]
    return f"{one.cite} {one.article}".strip(), ", ".join(parts)


def title_in_english(cite: str) -> str:
    """The title of a text; the text itself where nobody named it yet."""
    known = rules.every_statute().get(cite)
    if known is not None:
        return known.title_en
    if cite in _TITLES:
        return _TITLES[cite]
    if found := _ANNOUNCEMENT.fullmatch(cite):
        return f"{_issuers(found[1])} Announcement {found[2]} No. {found[3]}"
    if found := _ORDER.fullmatch(cite):
        return f"{_issuers(found[1])} Order No. {found[2]}"
    if found := _NUMBERED.fullmatch(cite):
        return f"{_SERIES.get(found[1], found[1])} [{found[2]}] No. {found[3]}"
    return cite


def _issuers(text: str) -> str:
    names = [_ISSUERS.get(name, name) for name in text.split()]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _part(text: str) -> str:
    if text in _NAMED_PARTS:
        return _NAMED_PARTS[text]
    if text in _PLACES:
        return f"item {_PLACES[text]}"
    first, until, last = text.partition("至")
    told = rules.article_in_english(first)
    return f"{told} to {rules.article_in_english(last)}" if until else told
