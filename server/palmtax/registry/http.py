"""Routes of the registry."""

from __future__ import annotations

from palmtax.plumbing.edge import Edge, Router, may
from palmtax.registry.actions.taxpayers import taxpayer
from palmtax.registry.schemas import TaxpayerOut, taxpayer_out

router = Router(prefix="/api/registry", tags=["registry"])


@router.get("/taxpayer")
async def read_own_taxpayer(edge: Edge = may("registry.read")) -> TaxpayerOut:
    """The taxpayer of the current hat. Errors: registry.taxpayer_unknown."""
    async with edge.statement() as tx:
        return taxpayer_out(await taxpayer(tx, edge.taxpayer_id))
