"""The report of a campaign as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from palmtax.insight.schemas.campaigns import CampaignOut

HEAD = {
    "stage": ("阶段", "Stage"), "share": ("累计比例", "Share so far"), "told": ("已告知", "Told"),
    "held": ("对照组", "Held back"), "left_out": ("未告知", "Left out"), "handed": ("已交渠道", "Handed over"),
    "arrived": ("已送达", "Delivered"), "trouble": ("没有送到", "Not delivered"), "read": ("已读", "Read"),
    "acted": ("已办", "Acted"), "held_acted": ("对照组已办", "Held back, acted"),
    "unsubscribed": ("退订", "Unsubscribed"), "complained": ("投诉", "Complained"),
    "withdrawn": ("停止后撤回", "Withdrawn"), "cost_fen": ("费用（分）", "Cost (fen)"),
}  # fmt: skip
_WHOLE, _WAY = ("全部", "All"), ("方式", "Way")
_WAY_COLUMNS = ("handed", "arrived", "read", "cost_fen")


def report(found: CampaignOut, language: str) -> str:
    """Lines by stage, the whole, and by way; a leading mark so that spreadsheets read it as UTF-8."""
    place, written = 1 if language == "en" else 0, io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow([words[place] for words in HEAD.values()])
    for number, stage in enumerate(found.ramp, 1):
        share = f"{stage.share_bp // 100}.{stage.share_bp % 100:02d}%"
        lines.writerow(_line(number, share, stage.counts.model_dump()))
    lines.writerow(_line(_WHOLE[place], "", found.whole.model_dump()))
    lines.writerow([])
    lines.writerow([_WAY[place], *(HEAD[name][place] for name in _WAY_COLUMNS)])
    for way in found.whole.by_way:
        lines.writerow([way.way, *(getattr(way, name) for name in _WAY_COLUMNS)])
    return "\ufeff" + written.getvalue()


def _line(first: object, share: str, counts: Mapping[str, Any]) -> list[object]:
    told = {**counts, "left_out": sum(counts["left_out"].values())}
    return [first, share, *(told[name] for name in list(HEAD)[2:])]
