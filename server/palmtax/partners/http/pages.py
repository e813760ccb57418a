"""The developer portal at `/developers`, and the OpenAPI document of `/open/v1` alone."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

from fastapi import Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from palmtax.base.clock import SystemClock
from palmtax.base.errors import every_error
from palmtax.partners.http import surface
from palmtax.partners.http.authority import issuer_of
from palmtax.partners.model.hooks import EVENTS
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.model.screens import screens
from palmtax.partners.model.versions import nights_until_off
from palmtax.plumbing.edge import Edge, Router, may_anyone

router = Router(prefix="/developers", tags=["partners"])
document_router = Router(prefix="/open", tags=["open"])
FOLDER = Path(__file__).resolve().parents[1] / "templates"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
FILES = {
    "portal.css": ("portal.css", "text/css"),
    "portal.js": ("portal.js", "text/javascript"),
    "portal-form.js": ("portal-form.js", "text/javascript"),
    "portal-try.js": ("portal-try.js", "text/javascript"),
    "palmtax_open.py": ("palmtax_open.py.txt", "text/plain"),
    "palmtax-open.ts": ("palmtax-open.ts.txt", "text/plain"),
}
Page = Literal["portal.css", "portal.js", "portal-form.js", "portal-try.js", "palmtax_open.py", "palmtax-open.ts"]
DESCRIPTION = (
    "掌税开放平台 / The open platform of PalmTax. Money is integer fen; instants are UTC, days are calendar days in China."
    " Get a token at `/oauth/token`; every refusal has `code`, `text`, `hint`. v1 is only ever added to."
)


def _answer(text: str, kind: str) -> Response:
    headers = {
        "cache-control": "no-cache", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
        "content-security-policy": POLICY,
    }  # fmt: skip
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _both(zh: str, en: str) -> str:
    return f'<span lang="zh">{escape(zh)}</span><span lang="en">{escape(en)}</span>'


@cache
def portal(issuer: str) -> str:
    """The portal's page, with the scopes, events and errors as the code has them."""
    scopes = [
        _row(f"<code>{one.code}</code>", _both(one.say, one.say_en), str(one.per_minute), str(one.per_day))
        for one in partner_scopes().values()
    ]
    choices = [
        f'<label class="choice"><input type="checkbox" name="scopes" value="{one.code}">'
        f"<span>{_both(one.title, one.title_en)}<small>{_both(one.say, one.say_en)}</small></span></label>"
        for one in partner_scopes().values()
    ]
    events = [_row(f"<code>{name}</code>", _both(zh, en)) for name, (zh, en, _) in EVENTS.items()]
    refusals = [
        _row(str(one.status), f"<code>{one.code}</code>", _both(_plain(one.text), _plain(one.text_en)))
        for one in every_error()
        if one.code.startswith("partners.") and one.status not in (404, 409)
    ]
    shown = [
        _row(
            f"<code>{one.code}</code>",
            _both(one.title, one.title_en),
            f"<code>{one.scope}</code>",
            f"<code>{one.subject or '–'}</code>",
        )
        for one in screens().values()
    ]
    places = {
        "issuer": escape(issuer),
        "screens": "".join(shown),
        "nights": str(nights_until_off(SystemClock().today())),
        "scopes": "".join(scopes),
        "choices": "".join(choices),
        "events": "".join(events),
        "errors": "".join(refusals),
    }
    text = (FOLDER / "portal.html").read_text(encoding="utf-8")
    for name, value in places.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def _plain(text: str) -> str:
    return re.sub(r"\{\w+\}", "…", text)


@router.get("", include_in_schema=False)
async def read_portal(edge: Edge = may_anyone(rate="600/minute")) -> Response:
    """The portal."""
    return _answer(portal(issuer_of(edge.house)), "text/html")


@router.get("/{name}", include_in_schema=False)
async def read_portal_file(name: Page, edge: Edge = may_anyone(rate="600/minute")) -> Response:
    """What the portal is made of, and the client libraries."""
    del edge
    file, kind = FILES[name]
    return _answer((FOLDER / file).read_text(encoding="utf-8"), kind)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of `/open/v1` alone."""
    made = get_openapi(title="PalmTax Open", version="1", description=DESCRIPTION, routes=surface.router.routes)
    for route in surface.router.routes:
        if isinstance(route, APIRoute):
            made["paths"][route.path][min(route.methods or {"GET"}).lower()]["operationId"] = route.name
    scopes = {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}}}
    made["components"].setdefault("securitySchemes", {})["oauth"] = scopes
    return made


@document_router.get("/v1/openapi.json", include_in_schema=False)
async def read_document(edge: Edge = may_anyone(rate="120/minute")) -> JSONResponse:
    """The document, for generators."""
    del edge
    return JSONResponse(document(), headers={"cache-control": "public, max-age=300"})
