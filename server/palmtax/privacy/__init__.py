"""Personal data: its classes (L1–L4), its masks, and how it is sealed in the database.

Words: class, mask, seal, fingerprint. Not who may see what (the domains decide that with hats), not evidence.
"""

from palmtax.privacy.actions import fingerprint, seal, seal_bytes, unseal, unseal_bytes
from palmtax.privacy.adapters.software_keys import BrokenSeal, PrivacySettings
from palmtax.privacy.model import GUARDS, Guard, Kind, PrivacyClass, class_of, show

__all__ = [
    "GUARDS",
    "BrokenSeal",
    "Guard",
    "Kind",
    "PrivacyClass",
    "PrivacySettings",
    "class_of",
    "fingerprint",
    "seal",
    "seal_bytes",
    "show",
    "unseal",
    "unseal_bytes",
]
