"""Routes of studies, audiences and campaigns: officers who may look at them, and officers who may start them."""

from palmtax.insight.http import audiences, campaigns
from palmtax.insight.http.studies import router

more_routers = [audiences.router, campaigns.router]

__all__ = ["more_routers", "router"]
