"""Stand-ins for the outside world (messaging platforms, SMS, mail, push, real name, payment) in their documented words.

For `make run`, the tests and the crash test: loopback only, real HTTP, real signatures, their own small state file.
Not for production, and never imported by the product: the product's clients know only a base URL and credentials.
"""

from sandboxes.application import build
from sandboxes.ground import Options, Sandbox

__all__ = ["Options", "Sandbox", "build"]
