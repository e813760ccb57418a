"""What-if for decision makers, and campaigns (精准推送): who is told what at whose wish, and whether it helped.

Words: study 政策推演, population 合成人口, burden 负担, decile 收入十分位, cliff 悬崖点, case 个案; tag 标签, audience 推送对象,
segment 人群, campaign 推送, stage 阶段, gate 关口, holdout 对照组. A study reads no taxpayer: its population is made up. Tags are a
projection of what other domains say, and own no fact. Not the law itself (rules), not how messages travel (messaging).
"""

from palmtax.insight.model.kinds import every_kind, find_kind
from palmtax.insight.model.study import InsightSettings, Question, Study

__all__ = ["InsightSettings", "Question", "Study", "every_kind", "find_kind"]
