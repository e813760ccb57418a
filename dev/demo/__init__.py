"""The invented town of 云汀: reproducible people, businesses, invoices, returns and payments for demos and benches.

Everybody and everything here is made up: identity numbers carry a division that does not exist (99), phones a number
range that is not given out (154), credit codes the division 990000. Check digits are right, so that all checks run.
"""

from demo.load import fill, is_empty
from demo.ready import ready
from demo.welcome import tell_sandboxes
from demo.welcome import text as welcome

__all__ = ["fill", "is_empty", "ready", "tell_sandboxes", "welcome"]
