"""The route by which a browser learns for whom it lets itself be pushed to."""

from __future__ import annotations

from palmtax.channels.adapters.process import process_of
from palmtax.channels.adapters.web_push import public_key
from palmtax.channels.errors import NoPush
from palmtax.channels.model.routing import Standing, is_on
from palmtax.channels.schemas.push import PushKeyOut
from palmtax.plumbing.edge import Edge, Router, may_person

router = Router(prefix="/api/channels", tags=["channels"])


@router.get("/web-push/key")
async def read_push_key(edge: Edge = may_person()) -> PushKeyOut:
    """The public key of the application server (VAPID). Errors: channels.no_push while pushing is off."""
    process = process_of(edge.house)
    known = await process.memory.known(edge.house.database, edge.clock)
    for name, channel in known.channels.items():
        is_good = is_on(channel, known.standings.get(name, Standing())) and process.ports.has_credentials(channel)
        if channel.manifest.transport == "web_push" and is_good:
            return PushKeyOut(key=public_key(process.ports.section(channel)))
    raise NoPush()
