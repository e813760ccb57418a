"""Routes of the policy library."""

from palmtax.knowledge.http import calculators

router = calculators.router

__all__ = ["router"]
