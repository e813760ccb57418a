"""The policy library (政策库): what anybody may look up without signing in.

Owns the words calculator 税款测算 (a rule as people meet it: few questions, a result, its reasons) and everyday word
日常说法 (what people call a tax); the law desk 税法台, where two officers agree on a dated version 版本 of a number of the
law, and the putting in force of what they agreed on. Not here: the rules themselves and the numbers of their files
(rules), what somebody really owes or filed (filing, payment), advice about a single case (conversations).
"""

from palmtax.knowledge.actions.calculating import calculate
from palmtax.knowledge.actions.calculators import calculator, shelf
from palmtax.knowledge.actions.enacting import enact_approved, unreadable_versions
from palmtax.knowledge.events import LawChanged
from palmtax.knowledge.schemas.calculations import CalculationOut
from palmtax.knowledge.schemas.calculators import CalculatorList, CalculatorOut

__all__ = [
    "CalculationOut",
    "CalculatorList",
    "CalculatorOut",
    "LawChanged",
    "calculate",
    "calculator",
    "enact_approved",
    "shelf",
    "unreadable_versions",
]
