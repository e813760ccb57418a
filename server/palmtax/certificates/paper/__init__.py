"""Drawing the certificate: fonts, background, seal, page. Needs nothing but the values on the paper."""

from palmtax.certificates.paper.page import draw

__all__ = ["draw"]
