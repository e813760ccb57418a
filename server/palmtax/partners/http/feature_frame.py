"""Our page around a partner's page: its policy frames that one origin and nothing else, the bridge takes three words."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path
from uuid import UUID

from fastapi import Response

from palmtax.partners.actions import opening
from palmtax.plumbing.edge import Edge, Router, may_anyone

router = Router(prefix="/api/partners/features", tags=["partners"])
FOLDER = Path(__file__).resolve().parents[1] / "templates"
SANDBOX = "allow-scripts allow-forms allow-same-origin allow-popups"
"""Never the top window: a page cannot lead the app away. Its origin is another than ours, so it stays out of our house."""


@cache
def _parts() -> tuple[str, str, str, str]:
    """Style and script of the page, and the digests by which its policy lets them in."""
    style, script = ((FOLDER / f"feature-frame.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (style, script)]
    return style, script, digests[0], digests[1]


def frame(page: str, origin: str, title: str) -> tuple[str, str]:
    """The page and its policy."""
    style, script, style_digest, script_digest = _parts()
    policy = (
        f"default-src 'none'; frame-src {origin}; style-src 'sha256-{style_digest}'; script-src 'sha256-{script_digest}';"
        " frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
    text = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head><body>'
        f'<iframe title="{escape(title)}" sandbox="{SANDBOX}" referrerpolicy="no-referrer" data-page="{escape(page)}"'
        f' data-origin="{escape(origin)}"></iframe><script>{script}</script></body></html>'
    )
    return text, policy


@router.get("/{feature_id}/frame", include_in_schema=False)
async def read_frame(feature_id: UUID, edge: Edge = may_anyone(rate="600/minute")) -> Response:
    """The page around a listed partner's page; 404 from the moment it is off."""
    async with edge.statement() as tx:
        one = await opening.listed_feature(tx, feature_id=feature_id)
    if not one.manifest.origin:
        return Response(status_code=404)
    text, policy = frame(one.manifest.entry.page, one.manifest.origin, one.manifest.title)
    headers = {
        "content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }  # fmt: skip
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)
