"""Telling anybody whether a paper is true."""

from __future__ import annotations

from palmtax.certificates.model import Verdict, is_verify_code
from palmtax.certificates.store import verdicts
from palmtax.plumbing.database import Tx


async def verify(tx: Tx, code: str) -> Verdict:
    """Whether a paper is true, superseded or unknown, and what it says; nothing that is not on the paper."""
    return await verdicts.verdict(tx, code if is_verify_code(code) else "")
