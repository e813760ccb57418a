"""Routes of identity."""

from palmtax.identity.http import addresses, authorisations, me, sign_in, tickets

router = sign_in.router
more_routers = [me.router, tickets.router, authorisations.router, addresses.router]

__all__ = ["more_routers", "router"]
