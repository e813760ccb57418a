"""The policy library (政策库): what anybody may look up without signing in.

Owns the words calculator 税款测算 (a rule as people meet it: few questions, a result, its reasons) and everyday word
日常说法 (what people call a tax); the law desk 税法台, where two officers agree on a dated version 版本 of a number of the
law, and the putting in force of what they agreed on; article 政策问答 (a question people ask and its short answer) and
letter 书面咨询 (a question in writing, answered within fifteen working days). Not here: the rules themselves and the numbers of their files
(rules), what somebody really owes or filed (filing, payment), advice about a single case (conversations).
"""

from palmtax.knowledge.actions import effects
from palmtax.knowledge.actions.calculating import calculate
from palmtax.knowledge.actions.calculators import calculator, shelf
from palmtax.knowledge.actions.enacting import enact_approved, unreadable_versions
from palmtax.knowledge.actions.letters import answer_letter, ask_letter, forward_letter, letters_of, readable_letter
from palmtax.knowledge.events import LawChanged, LetterAnswered, LetterReceived
from palmtax.knowledge.model.articles import Article, every_article, found_articles
from palmtax.knowledge.model.letters import Letter
from palmtax.knowledge.schemas.calculations import CalculationIn, CalculationOut
from palmtax.knowledge.schemas.calculators import CalculatorList, CalculatorOut

__all__ = [
    "Article",
    "CalculationIn",
    "CalculationOut",
    "CalculatorList",
    "CalculatorOut",
    "LawChanged",
    "Letter",
    "LetterAnswered",
    "LetterReceived",
    "answer_letter",
    "ask_letter",
    "calculate",
    "calculator",
    "effects",
    "enact_approved",
    "every_article",
    "forward_letter",
    "found_articles",
    "letters_of",
    "readable_letter",
    "shelf",
    "unreadable_versions",
]
