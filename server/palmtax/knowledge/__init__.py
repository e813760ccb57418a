"""The policy library (政策库): what anybody may look up without signing in.

Owns the words calculator 税款测算 (a rule as people meet it: few questions, a result, its reasons) and everyday word
日常说法 (what people call a tax). Not here: the rules themselves and their numbers (rules), what somebody really owes
or filed (filing, payment), advice about a single case (conversations).
"""

from palmtax.knowledge.actions.calculating import calculate
from palmtax.knowledge.actions.calculators import calculator, shelf
from palmtax.knowledge.schemas.calculations import CalculationOut
from palmtax.knowledge.schemas.calculators import CalculatorList, CalculatorOut

__all__ = ["CalculationOut", "CalculatorList", "CalculatorOut", "calculate", "calculator", "shelf"]
