"""Routes of identity."""

from palmtax.identity.http import addresses, authorisations, chats, mail, me, oauth, sign_in, tickets

router = sign_in.router
more_routers = [
    me.router,
    tickets.router,
    authorisations.router,
    addresses.router,
    oauth.router,
    chats.router,
    mail.router,
]

__all__ = ["more_routers", "router"]
