"""The status page in HTML: large letters, a word and a shape for every state, no script. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Literal

from palmtax.base.clock import CHINA
from palmtax.channels.schemas.status import IncidentOut, LineOut, StatusOut

_WORDS = {
    "zh": {
        "title": "服务状态", "up": "正常", "degraded": "不稳定", "down": "不可用", "maintenance": "维护中", "unknown": "暂无数据",
        "all_up": "各项服务正常", "all_degraded": "部分服务不稳定", "all_down": "部分服务不可用", "all_maintenance": "正在维护",
        "all_unknown": "暂时不知道", "services": "办事服务", "channels": "通知渠道", "incidents": "正在处理和最近的故障",
        "none": "最近 14 天没有故障。", "maintenance_title": "维护计划", "as_of": "截至 {at}（北京时间），每分钟更新",
        "stale": "现在无法查询最新状态。下面是 {at} 的情况。", "other": "English", "old": "90 天前", "now": "今天",
        "open": "处理中", "watching": "观察中", "closed": "已恢复", "cancelled": "已取消", "from_to": "{first} 至 {last}",
        "days": "过去 90 天：{up} 天正常，{bad} 天有问题，{none} 天没有数据", "home": "返回掌税", "touches": "涉及",
    },
    "en": {
        "title": "Service status", "up": "Working", "degraded": "Unsteady", "down": "Not working",
        "maintenance": "Maintenance", "unknown": "No data yet", "all_up": "Everything works",
        "all_degraded": "Some services are unsteady", "all_down": "Some services do not work",
        "all_maintenance": "Maintenance is under way", "all_unknown": "We do not know at the moment",
        "services": "Services", "channels": "Ways we notify you", "incidents": "Incidents, now and lately",
        "none": "No incidents in the last 14 days.", "maintenance_title": "Planned maintenance",
        "as_of": "As of {at} (Beijing time), updated every minute",
        "stale": "We cannot look at this moment. This is how it was at {at}.", "other": "中文", "old": "90 days ago",
        "now": "today", "open": "Being worked on", "watching": "Being watched", "closed": "Solved", "cancelled": "Cancelled",
        "from_to": "{first} to {last}", "home": "Back to PalmTax", "touches": "Touches",
        "days": "Last 90 days: {up} good, {bad} with trouble, {none} without data",
    },
}  # fmt: skip
_SHAPES = {"up": "✓", "degraded": "!", "down": "✕", "maintenance": "⚙", "unknown": "–"}
_STYLE = """
:root{color-scheme:light dark;--ink:#14213d;--text:#2b3447;--quiet:#5b6577;--ground:#f5f6f9;--card:#fff;--line:#e3e7ee;
--up:#0f7b4f;--degraded:#a65a00;--down:#b3261e;--maintenance:#1f6f8b;--unknown:#8a93a3;--link:#1b4fd8}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf4;--text:#d3d9e4;--quiet:#9aa5b8;--ground:#0f1420;--card:#171e2c;
--line:#2a3344;--up:#5fd3a0;--degraded:#ffb95c;--down:#ff8a80;--maintenance:#7cc7e0;--unknown:#6b7689;--link:#7aa2ff}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--text);font:1.125rem/1.6 system-ui,-apple-system,
"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}main{max-width:46rem;margin:0 auto;padding:20px 16px 48px}
header{display:flex;justify-content:space-between;align-items:center;gap:16px}h1{margin:0;font-size:1.25rem;color:var(--ink)}
h2{margin:28px 0 10px;font-size:1.125rem;color:var(--ink)}a{color:var(--link);display:inline-flex;align-items:center;min-height:44px}
.sum{display:flex;gap:14px;align-items:center;margin:14px 0 4px;padding:18px 20px;border-radius:12px;background:var(--card);
border:1px solid var(--line);font-size:1.375rem;font-weight:650;color:var(--ink)}.quiet{color:var(--quiet);font-size:1rem;margin:0}
.shape{flex:none;display:inline-grid;place-items:center;width:1.5em;height:1.5em;border-radius:50%;color:var(--card);font-weight:700;
font-size:1rem}.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:4px 18px;margin:0;list-style:none}
.card>li{padding:14px 0;border-bottom:1px solid var(--line)}.card>li:last-child{border:0}.row{display:flex;justify-content:space-between;
gap:12px;align-items:center}.state{display:inline-flex;gap:8px;align-items:center;font-weight:600;white-space:nowrap}
.bars{display:flex;gap:1px;height:24px;margin-top:10px}.bars i{flex:1;border-radius:1px;min-width:0}.ends{display:flex;
justify-content:space-between;color:var(--quiet);font-size:.875rem}.stale{padding:12px 18px;border-radius:12px;border:2px solid
var(--degraded);background:var(--card)}.note{margin:8px 0 0}.note time{color:var(--quiet);font-size:1rem}
.up{--c:var(--up)}.degraded{--c:var(--degraded)}.down{--c:var(--down)}.maintenance{--c:var(--maintenance)}.unknown{--c:var(--unknown)}
.shape,.bars i{background:var(--c)}.state{color:var(--c)}.bars i.unknown{background:var(--line)}.bars i.degraded{height:75%;
align-self:flex-end}.bars i.down{height:50%;align-self:flex-end}.spoken{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%)}@media print{body{background:#fff}}
"""


def page(one: StatusOut, language: str) -> str:
    """The whole page in one language."""
    words, is_zh = _WORDS[language], language == "zh"
    named = {line.code: line.title if is_zh else line.title_en for line in one.lines}
    at = _instant(one.as_of, is_zh)
    stale = f'<p class="stale" role="alert">{words["stale"].format(at=at)}</p>' if one.is_stale else ""
    groups = [
        _group(words, is_zh, words["services"], [line for line in one.lines if not line.is_channel]),
        _group(words, is_zh, words["channels"], [line for line in one.lines if line.is_channel]),
    ]
    planned = _notices(words, is_zh, words["maintenance_title"], one.maintenance, named) if one.maintenance else ""
    told = _notices(words, is_zh, words["incidents"], one.incidents, named)
    lang = "zh-CN" if is_zh else "en"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{words["title"]} · 掌税 PalmTax</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="60">'
        f"<style>{_STYLE}</style></head><body><main><header><h1>掌税 PalmTax · {words['title']}</h1>"
        f'<a href="?lang={"en" if is_zh else "zh"}" lang="{"en" if is_zh else "zh-CN"}">{words["other"]}</a></header>{stale}'
        f'<p class="sum {one.overall}" data-overall="{one.overall}">{_shape(one.overall)}{words[f"all_{one.overall}"]}</p>'
        f'<p class="quiet">{words["as_of"].format(at=at)}</p>{told}{planned}{"".join(groups)}'
        f'<p><a href="/">{words["home"]}</a></p></main></body></html>'
    )


def _shape(state: str) -> str:
    return f'<span class="shape {state}" aria-hidden="true">{_SHAPES[state]}</span>'


def _group(words: dict[str, str], is_zh: bool, title: str, lines: Sequence[LineOut]) -> str:
    if not lines:
        return ""
    rows = "".join(_line(words, is_zh, line) for line in lines)
    return f'<section><h2>{title}</h2><ul class="card">{rows}</ul></section>'


def _line(words: dict[str, str], is_zh: bool, line: LineOut) -> str:
    bars = "".join(f'<i class="{one.state}" title="{one.day}: {words[one.state]}"></i>' for one in line.days)
    count = {state: sum(one.state == state for one in line.days) for state in _SHAPES}
    said = words["days"].format(up=count["up"], bad=count["degraded"] + count["down"], none=count["unknown"])
    return (
        f'<li data-line="{line.code}" data-state="{line.state}"><div class="row">'
        f"<span>{escape(line.title if is_zh else line.title_en)}</span>"
        f'<span class="state {line.state}">{_shape(line.state)}{words[line.state]}</span></div>'
        f'<div class="bars" aria-hidden="true">{bars}</div><span class="spoken">{said}</span>'
        f'<div class="ends" aria-hidden="true"><span>{words["old"]}</span><span>{words["now"]}</span></div></li>'
    )


def _notices(words: dict[str, str], is_zh: bool, title: str, told: Sequence[IncidentOut], named: dict[str, str]) -> str:
    if not told:
        return f'<section><h2>{title}</h2><p class="quiet">{words["none"]}</p></section>'
    rows = "".join(_notice(words, is_zh, one, named) for one in told)
    return f'<section><h2>{title}</h2><ul class="card">{rows}</ul></section>'


def _notice(words: dict[str, str], is_zh: bool, one: IncidentOut, named: dict[str, str]) -> str:
    tone: Literal["up", "degraded", "maintenance"] = "up" if one.state in ("closed", "cancelled") else "degraded"
    if one.kind == "maintenance" and tone == "degraded":
        tone = "maintenance"
    about = ("、" if is_zh else ", ").join(escape(named[code]) for code in one.services if code in named)
    window = ""
    if one.kind == "maintenance" and one.ends_at is not None:
        window = words["from_to"].format(first=_instant(one.starts_at, is_zh), last=_instant(one.ends_at, is_zh))
    notes = "".join(
        f'<p class="note"><time>{_instant(note.said_at, is_zh)} · {words[note.state]}</time><br>'
        f"{escape(note.text if is_zh else note.text_en)}</p>"
        for note in one.notes
    )
    touched = (f"{words['touches']}：{about}" if is_zh else f"{words['touches']} {about}") if about else ""
    under = " · ".join(part for part in (window, touched) if part)
    return (
        f'<li data-incident="{one.incident_id}"><div class="row"><strong>{escape(one.title if is_zh else one.title_en)}</strong>'
        f'<span class="state {tone}">{words[one.state]}</span></div><p class="quiet">{under}</p>{notes}</li>'
    )


def _instant(at: datetime, is_zh: bool) -> str:
    """An instant in Beijing time, as people say it."""
    local = at.astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}" if is_zh else f"{local.day} {local:%b %H:%M}"
