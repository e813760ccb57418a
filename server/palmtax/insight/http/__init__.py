"""Routes of studies: officers who may look at them, and officers who may start them."""

from palmtax.insight.http.studies import router

__all__ = ["router"]
