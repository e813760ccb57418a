"""The public verification page: one small HTML document without scripts or outside requests, for a phone."""

from __future__ import annotations

from html import escape
from typing import Any

from palmtax.base.clock import china_day
from palmtax.base.money import show_yuan
from palmtax.certificates.model import Verdict, in_capitals

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""Content security policy of the page: nothing but its own style."""

_WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "证明查验",
        "true": ("真实有效", "本证明由掌税开具，内容如下。请与纸面逐项核对。", "good", "M7 13.5 11 17.5 18.5 8"),
        "superseded": (
            "已被替代",
            "本证明确由掌税开具，但申报已更正或税款已退，不再反映现状。请向持有人索取新的证明。",
            "wait",
            "M12.8 6.5v8M12.8 18.6v.4",
        ),
        "withdrawn": (
            "已经失效",
            "本文书确由掌税开具，但已被撤回，不再有效。请以最新的文书为准。",
            "wait",
            "M12.8 6.5v8M12.8 18.6v.4",
        ),
        "unknown": (
            "查无此证",
            "没有与此查验码对应的证明。请检查查验码，或扫描纸面上的二维码；仍查不到的，请勿采信。",
            "bad",
            "M8 8 17.5 17.5M17.5 8 8 17.5",
        ),
        "no": "证明编号", "name": "纳税人名称", "total": "金额合计", "on": "填发日期", "by": "替代它的证明",
        "differs": "任何一项与纸面不符，即不是我们开具的那一份。",
        "demo": "演示系统 · 税务机关与纳税人均为虚构，不具有法律效力",
        "other": "English", "kind": "税收完税证明",
    },
    "en": {
        "title": "Verify a certificate",
        "true": ("Genuine", "This certificate was issued by PalmTax. Compare each item with the paper.", "good",
                 "M7 13.5 11 17.5 18.5 8"),
        "superseded": (
            "Superseded",
            "PalmTax issued it, but the return was amended or refunded since. Ask the holder for a new one.",
            "wait",
            "M12.8 6.5v8M12.8 18.6v.4",
        ),
        "withdrawn": (
            "No longer valid",
            "PalmTax issued it, but it was withdrawn since. Ask for the newest document.",
            "wait",
            "M12.8 6.5v8M12.8 18.6v.4",
        ),
        "unknown": (
            "Not found",
            "No certificate has this code. Scan the one on the paper; if it stays unknown, do not rely on it.",
            "bad",
            "M8 8 17.5 17.5M17.5 8 8 17.5",
        ),
        "no": "Certificate no.", "name": "Taxpayer", "total": "Total", "on": "Issued on", "by": "Superseded by",
        "differs": "If any item differs from the paper, it is not the certificate we issued.",
        "demo": "Demonstration system · authority and taxpayer are invented; no legal effect",
        "other": "中文", "kind": "Tax payment certificate",
    },
}  # fmt: skip

_STYLE = """
:root{color-scheme:light dark;--ink:#14213d;--text:#2b3447;--quiet:#5b6577;--ground:#f5f6f9;--card:#fff;--line:#e3e7ee;
--primary:#1b4fd8;--good:#0f7b4f;--wait:#a65a00;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf4;--text:#d3d9e4;--quiet:#9aa5b8;--ground:#0f1420;--card:#171e2c;
--line:#2a3344;--primary:#7aa2ff;--good:#5fd3a2;--wait:#f0b15e;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC",
"Microsoft YaHei",system-ui,sans-serif;min-height:100vh;display:flex;flex-direction:column}
header{display:flex;justify-content:space-between;align-items:center;padding:12px 20px;
width:100%;max-width:520px;margin:0 auto}
header b{color:var(--ink);font-size:17px}header a{color:var(--primary);text-decoration:none;padding:10px 0 10px 16px}
main{width:100%;max-width:520px;margin:0 auto;padding:4px 16px 24px;flex:1}
.card{background:var(--card);border-radius:12px;border:1px solid var(--line);overflow:hidden;
box-shadow:0 2px 12px rgb(20 33 61/.05)}
.word{padding:32px 24px 24px;text-align:center}
.word svg{display:block;margin:0 auto 12px}
h1{margin:0;font-size:28px;line-height:1.35;color:var(--c)}.word p{margin:8px 0 0;color:var(--text);text-wrap:balance}
.kind{color:var(--quiet);font-size:13px;letter-spacing:.06em;margin-bottom:16px}
dl{margin:0;border-top:1px dashed var(--line);padding:8px 24px 16px}
dl div{padding:12px 0;border-bottom:1px solid var(--line)}dl div:last-child{border:0}
dt{font-size:13px;color:var(--quiet)}
dd{margin:2px 0 0;color:var(--ink);font-size:17px;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
dd small{display:block;font-size:13px;font-weight:400;color:var(--quiet)}dd.sum{font-size:24px;font-weight:600}
.note{font-size:13px;color:var(--quiet);margin:16px 8px 0;text-align:center}
footer{padding:16px 20px 24px;text-align:center;font-size:13px;color:var(--quiet)}
"""


def page(verdict: Verdict, language: str) -> str:
    """The page in `zh` or `en`; every value is escaped."""
    words = _WORDS["en" if language == "en" else "zh"]
    is_withdrawn = verdict.state == "superseded" and verdict.title is not None
    word, sentence, color, stroke = words["withdrawn" if is_withdrawn else verdict.state]
    kind = escape((verdict.title_en if language == "en" else verdict.title) or words["kind"])
    other = "zh" if language == "en" else "en"
    rows = "".join(_rows(verdict, words, language))
    note = f'<p class="note">{words["differs"]}</p>' if rows else ""
    facts = f"<dl>{rows}</dl>" if rows else ""
    return f"""<!doctype html>
<html lang="{"en" if language == "en" else "zh-CN"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">
<title>{word} · {words["title"]} · 掌税 PalmTax</title><style>{_STYLE}</style></head>
<body><header><b>掌税 PalmTax</b><a href="?lang={other}" hreflang="{other}" lang="{other}">{words["other"]}</a></header>
<main><section class="card"><div class="word" style="--c:var(--{color})"><div class="kind">{kind}</div>
<svg width="72" height="72" viewBox="0 0 25.6 25.6" fill="none" stroke="var(--c)" stroke-width="2"
stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
<circle cx="12.8" cy="12.8" r="11.4" stroke-width="1.4"/><path d="{stroke}"/></svg>
<h1>{word}</h1><p>{sentence}</p></div>{facts}</section>{note}</main>
<footer>{words["demo"]}</footer></body></html>"""


def _rows(verdict: Verdict, words: dict[str, Any], language: str) -> list[str]:
    found = []
    if verdict.certificate_no is not None:
        found.append(_row(words["no"], escape(verdict.certificate_no)))
    if verdict.taxpayer_name is not None:
        found.append(_row(words["name"], escape(verdict.taxpayer_name)))
    if verdict.total_fen is not None:
        capitals = f"<small>{in_capitals(verdict.total_fen)}</small>" if language != "en" else ""
        found.append(_row(words["total"], f"¥{show_yuan(verdict.total_fen)}{capitals}", ' class="sum"'))
    if verdict.issued_at is not None:
        found.append(_row(words["on"], china_day(verdict.issued_at).isoformat()))
    if verdict.superseded_by_no is not None:
        found.append(_row(words["by"], escape(verdict.superseded_by_no)))
    return found


def _row(label: str, value: str, kind: str = "") -> str:
    return f"<div><dt>{label}</dt><dd{kind}>{value}</dd></div>"
