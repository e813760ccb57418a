"""Applications, as features that stand on them ask."""

from __future__ import annotations

from uuid import UUID

from palmtax.partners.errors import ApplicationUnknown
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.store import applications
from palmtax.plumbing.database import Tx


async def application(tx: Tx, *, application_id: UUID) -> PartnerApplication:
    """An application as it stands now; look at `is_on` and `is_sandboxed` before showing anything of it.

    Errors: partners.application_unknown.
    """
    found = await applications.find(tx, application_id)
    if found is None:
        raise ApplicationUnknown()
    return found
