"""The public look-up of a verify code, of certificates and documents alike."""

from __future__ import annotations

from uuid import UUID

from palmtax.certificates.model import PROOF_TITLE, PROOF_TITLE_EN, Verdict
from palmtax.plumbing.database import Tx

_FOUND = """
  select state, certificate_no as no, taxpayer_name as name, total_fen, issued_at, superseded_by_no,
         null::text as title, null::text as title_en
    from certificates_certificate where taxpayer_id = $1 and certificate_id = $2
  union all
  select state, document_no, addressee, null, issued_at, null, title, title_en
    from certificates_document where taxpayer_id = $1 and document_id = $2
  union all
  select 'valid', proof_no, addressee, null, issued_at, null, $3, $4
    from certificates_proof where taxpayer_id = $1 and proof_id = $2"""


async def verdict(tx: Tx, code: str) -> Verdict:
    """What a verify code proves. Always two round trips, so that an unknown code takes as long as a known one."""
    place = await tx.fetchrow("select taxpayer_id, certificate_id from certificates_code where code = $1", code)
    taxpayer_id, number = (place["taxpayer_id"], place["certificate_id"]) if place else (0, UUID(int=0))
    found = await tx.fetchrow(_FOUND, taxpayer_id, number, PROOF_TITLE, PROOF_TITLE_EN)
    if found is None:
        return Verdict("unknown")
    return Verdict(
        state="true" if found["state"] == "valid" else "superseded",
        certificate_no=found["no"],
        taxpayer_name=found["name"],
        total_fen=found["total_fen"],
        issued_at=found["issued_at"],
        superseded_by_no=found["superseded_by_no"],
        title=found["title"],
        title_en=found["title_en"],
    )
