"""The rules that a city feature passes before it can be listed. A rule's first line is shown with its outcome."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from palmtax import knowledge, matters
from palmtax.base.clock import SystemClock
from palmtax.base.errors import PalmtaxError
from palmtax.partners.adapters.feature_page import ANSWER_SECONDS, SeenPage
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.features import FeatureManifest

NARROW = 390
"""Pixels: the phone that pages are looked at on."""
_PERSONAL = re.compile(
    r"^(id_?card|id_?no|idcard_?no|certno|identity|phone|mobile|tel|name|user_?name|uscc|openid|unionid|token|session|taxpayer.*|nsrsbh|sfzh?|sjh)$",
    re.IGNORECASE,
)
_LIKE_PERSONAL = re.compile(
    r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10})(?!\d)"
)
_NO_ZOOM = re.compile(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*[01](\.\d+)?\s*(,|;|$)", re.IGNORECASE)


class Skipped(Exception):
    """The rule does not apply; says why."""


@dataclass(frozen=True, slots=True)
class FeatureCase:
    """What is judged: the manifest, the application it belongs to, the page. Each may be missing."""

    manifest: FeatureManifest | None = None
    application: PartnerApplication | None = None
    page: SeenPage | None = None
    is_registered: bool = False
    """Whether the tax office's house asks, which knows the application; a file alone is judged without."""
    our_origin: str = ""

    def wanted(self) -> FeatureManifest:
        """The manifest."""
        if self.manifest is None:
            raise Skipped("没有清单，只看页面 / a page alone, without a manifest")
        return self.manifest

    def seen(self) -> SeenPage:
        """The page that answered."""
        if self.page is None:
            raise Skipped("入口是掌税自己的页面 / the entry is a page of ours")
        if self.page.fault:
            raise Skipped("页面没有应答 / the page did not answer")
        return self.page


def ours_exist(case: FeatureCase) -> str:
    """入口和用到的事项在目录里 / the entry and the matters it uses are in the catalogue (city-feature.md §1)"""
    manifest = case.wanted()
    entry = manifest.entry
    looked = [(matters.find_matter, code) for code in (*manifest.matters, entry.matter) if code]
    missing = [code for find, code in looked if not _is_there(find, code)]
    if entry.theme and not _is_there(matters.find_theme, entry.theme):
        missing.append(entry.theme)
    if entry.calculator and not _is_there(_calculator, entry.calculator):
        missing.append(entry.calculator)
    return f"没有 / there is no {', '.join(missing)}" if missing else ""


def _calculator(code: str) -> object:
    return knowledge.calculator(code, on=SystemClock().today())


def _is_there(find: Callable[[str], object], code: str) -> bool:
    try:
        find(code)
    except PalmtaxError:
        return False
    return True


def words_in_both_languages(case: FeatureCase) -> str:
    """名称和说明都有中英文 / names and sentences are there in Chinese and English (HOUSE §7)"""
    manifest = case.wanted()
    pairs = {
        "title": (manifest.title, manifest.title_en),
        "say": (manifest.say, manifest.say_en),
        "contact.organisation": (manifest.contact.organisation, manifest.contact.organisation_en),
        "accessibility.statement": (manifest.accessibility.statement, manifest.accessibility.statement_en),
    } | {f"data.{one.scope}.why": (one.why, one.why_en) for one in manifest.data}
    return ", ".join(at for at, (zh, en) in pairs.items() if not _is_chinese(zh) or _is_chinese(en))


def _is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


def data_is_registered(case: FeatureCase) -> str:
    """要的数据都登记在应用上，自有页面不要数据 / data asked for is registered; pages of ours ask none (city-feature.md §2)"""
    manifest = case.wanted()
    if manifest.entry.kind != "page":
        return f"data: {', '.join(manifest.scopes)}" if manifest.scopes else ""
    if not case.is_registered:
        raise Skipped("交给税务机关后再核对 / looked at after it is handed in")
    if case.application is None:
        return "外部页面须属于一个已登记的应用 / a partner's page belongs to a registered application"
    wide = sorted(set(manifest.scopes) - set(case.application.scopes))
    return f"未登记 / not registered: {', '.join(wide)}" if wide else ""


def page_is_its_own(case: FeatureCase) -> str:
    """页面在应用登记过的回调域名下 / the page stands at an origin of the application's redirect addresses (city-feature.md §2)"""
    manifest = case.wanted()
    if manifest.entry.kind != "page":
        raise Skipped("入口是掌税自己的页面 / the entry is a page of ours")
    if manifest.origin == case.our_origin:
        return manifest.origin
    if case.application is None:
        raise Skipped("交给税务机关后再核对 / looked at after it is handed in")
    known = {"://".join(urlsplit(one)[:2]) for one in case.application.redirect_uris}
    return "" if manifest.origin in known else f"{manifest.origin}；登记的 / registered: {', '.join(sorted(known))}"


def page_answers(case: FeatureCase) -> str:
    """页面 3 秒内应答 200 和 HTML / the page answers 200 and HTML within 3 seconds (city-feature.md §3)"""
    if case.page is None:
        raise Skipped("入口是掌税自己的页面 / the entry is a page of ours")
    if case.page.fault:
        return f"没有应答 / no answer: {case.page.fault}"
    page = case.seen()
    if page.status != 200 or "text/html" not in page.headers.get("content-type", ""):
        return f"{page.status} {page.headers.get('content-type', '')}"
    return "" if page.seconds <= ANSWER_SECONDS else f"{page.seconds:.1f} s"


def page_is_https(case: FeatureCase) -> str:
    """页面用 https，不夹带 http 内容 / the page comes by https and loads nothing by http (W3C Mixed Content)"""
    page = case.seen()
    if not _is_secure(page.url):
        return page.url
    mixed = [one for one in (*page.loads, *page.forms) if not _is_secure(urljoin(page.url, one))]
    return ", ".join(mixed[:5])


def _is_secure(url: str) -> bool:
    """Https, or what never leaves the page or this machine (W3C Secure Contexts §3.1)."""
    parts = urlsplit(url)
    return parts.scheme in ("https", "data", "blob", "about") or parts.hostname in ("127.0.0.1", "::1")


def page_names_itself(case: FeatureCase) -> str:
    """页面写明语言和标题 / the page names its language and title (WCAG 3.1.1, 2.4.2)"""
    page = case.seen()
    return ", ".join(word for word, there in (("<html lang>", page.language), ("<title>", page.title)) if not there)


def page_may_be_enlarged(case: FeatureCase) -> str:
    """页面允许放大 / the page may be enlarged (WCAG 1.4.4)"""
    return case.seen().viewport if _NO_ZOOM.search(case.seen().viewport) else ""


def page_has_a_policy(case: FeatureCase) -> str:
    """页面有内容安全策略，只让写明的地址嵌入 / the page has a content security policy and says who may frame it (CSP 3)"""
    headers = case.seen().headers
    policy = headers.get("content-security-policy", "")
    parts = {one.split()[0].lower(): one.split()[1:] for one in policy.split(";") if one.strip()}
    if not parts.keys() & {"default-src", "script-src"}:
        return "content-security-policy: 没有 default-src 或 script-src / neither is there"
    scripts = parts.get("script-src", parts.get("default-src", []))
    if "*" in scripts or "'unsafe-eval'" in scripts:
        return f"script-src {' '.join(scripts)}"
    framing = parts.get("frame-ancestors")
    if framing is None or "*" in framing:
        return "frame-ancestors: 请只写掌税的地址 / name our address alone"
    if framing == ["'none'"] or (case.our_origin and case.our_origin not in framing):
        return f"frame-ancestors {' '.join(framing)}：没有 / lacks {case.our_origin}"
    return ""


def page_has_no_trackers(case: FeatureCase) -> str:
    """只从清单写明的主机加载 / loads only from hosts that the manifest names: no third-party trackers (个人信息保护法 第23条)"""
    page = case.seen()
    allowed = {urlsplit(page.url).hostname or "", *(case.manifest.hosts if case.manifest else ())}
    asked = {urlsplit(urljoin(page.url, one)).hostname or "" for one in page.loads} - {""}
    asked |= page.looks.hosts if page.looks else set()
    return ", ".join(sorted(asked - allowed))


def page_says_whose(case: FeatureCase) -> str:
    """页面写明是谁提供的 / the page says whose it is (city-feature.md §3)"""
    contact = case.wanted().contact
    words = case.seen().words
    return "" if contact.organisation in words or contact.organisation_en in words else contact.organisation


def address_is_clean(case: FeatureCase) -> str:
    """地址里没有个人信息 / no personal data in the address (个人信息保护法 第6条)"""
    page = case.page
    if page is None:
        raise Skipped("入口是掌税自己的页面 / the entry is a page of ours")
    parts = urlsplit(page.url)
    named = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if _PERSONAL.match(name)]
    if parts.username is not None or _LIKE_PERSONAL.search(page.url):
        named.append("…")
    return ", ".join(named)


def page_fits_a_phone(case: FeatureCase) -> str:
    """390 像素宽不用横向滚动 / no sideways scrolling at 390 px (WCAG 1.4.10)"""
    looks = case.seen().looks
    if looks is None:
        viewport = case.seen().viewport.replace(" ", "")
        return "" if "width=device-width" in viewport else "<meta name=viewport content='width=device-width'>"
    return "" if looks.width <= NARROW else f"{looks.width} px"


def texts_have_contrast(case: FeatureCase) -> str:
    """文字和背景对比足够 / text stands out from its ground, 4.5 to 1, large text 3 to 1 (WCAG 1.4.3)"""
    looks = case.seen().looks
    if looks is None:
        raise Skipped("这里没有浏览器，请用命令行检查 / no browser here: run `palmtax feature check` where Chromium is")
    return "; ".join(looks.faint[:5])


FEATURE_RULES: Sequence[Callable[[FeatureCase], str]] = (
    ours_exist, words_in_both_languages, data_is_registered, page_is_its_own, page_answers, page_is_https,
    page_names_itself, page_may_be_enlarged, page_has_a_policy, page_has_no_trackers, page_says_whose, address_is_clean,
    page_fits_a_phone, texts_have_contrast,
)  # fmt: skip
