"""Stand-ins for the outside world (WeChat, SMS, real-name register, WeChat Pay), speaking the documented protocols.

For `make run`, the tests and the crash test: loopback only, real HTTP, real signatures, their own small state file.
Not for production, and never imported by the product: the product's clients know only a base URL and credentials.
"""

from sandboxes.application import build
from sandboxes.ground import Options, Sandbox

__all__ = ["Options", "Sandbox", "build"]
