"""The officers' side: finding a taxpayer, one timeline of all channels, saved views. Later: queues, decisions, deadlines.

Owns the words timeline 办税轨迹 and saved view 常用视图. It holds no facts about taxpayers: it asks the doors below.
"""

from palmtax.cases.actions import open_file, search, timeline
from palmtax.cases.model import ACTS

__all__ = ["ACTS", "open_file", "search", "timeline"]
