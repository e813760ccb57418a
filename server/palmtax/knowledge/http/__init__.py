"""Routes of the policy library: calculators and answers for everybody, the law desk for officers."""

from palmtax.knowledge.http import articles, calculators, law_desk

router = calculators.router
more_routers = [articles.router, law_desk.router]

__all__ = ["more_routers", "router"]
