"""What-if for decision makers: a study runs two regimes of the law over an invented population and tells what changes.

Words: study 政策推演, population 合成人口, burden 负担, decile 收入十分位, cliff 悬崖点, case 个案. Later: tags, segments, risk.
It holds no fact about any taxpayer and never reads one: the population is made up. Not the law itself (rules), nor its drafting.
"""

from palmtax.insight.model.kinds import every_kind, find_kind
from palmtax.insight.model.study import InsightSettings, Question, Study

__all__ = ["InsightSettings", "Question", "Study", "every_kind", "find_kind"]
