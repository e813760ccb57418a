"""Drawing certificates and documents: fonts, background, seal, pages. Needs nothing but the values on the paper."""

from palmtax.certificates.paper.document import draw_document
from palmtax.certificates.paper.page import draw
from palmtax.certificates.paper.plain import draw_plain

__all__ = ["draw", "draw_document", "draw_plain"]
