"""Routes of the policy library: calculators for everybody, the law desk for officers."""

from palmtax.knowledge.http import calculators, law_desk

router = calculators.router
more_routers = [law_desk.router]

__all__ = ["more_routers", "router"]
