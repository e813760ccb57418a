"""OAuth 2.1 as this house speaks it: what is asked, what is shown once, how long it lasts. Pure.

RFC 6749 with the corrections of OAuth 2.1 and RFC 9700: code with PKCE S256 (7636), exact redirect addresses, `iss` in the
answer (9207), rotating refresh tokens, resource indicator (8707). No implicit grant, no password grant, no plain challenge.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode
from uuid import UUID

ACCESS_LASTS = timedelta(minutes=15)
CLIENT_ACCESS_LASTS = timedelta(minutes=30)
"""A token in an application's own name: public data only, no refresh token."""
REFRESH_LASTS = timedelta(days=30)
"""Unused so long, a refresh token ends; never longer than the consent."""
CODE_LASTS = timedelta(seconds=60)
REQUEST_LASTS = timedelta(minutes=10)
SHORTEST_CONSENT, LONGEST_CONSENT = timedelta(days=1), timedelta(days=365)
API_PATH = "/open/v1"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_STATE = re.compile(r"[\x21-\x7e]{8,500}", re.ASCII)
TokenKind = Literal["access", "refresh"]


@dataclass(frozen=True, slots=True)
class AuthoriseAsk:
    """A request for a consent as it waits for a person."""

    request_id: UUID
    application_id: UUID
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str
    expires_at: datetime
    browser_hash: bytes | None = None
    ticket_hash: bytes | None = None
    person_id: int | None = None
    session_id: UUID | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token as it is stored, found by its digest; the token itself is nowhere."""

    kind: TokenKind
    application_id: UUID
    taxpayer_id: int
    consent_id: UUID | None
    family_id: UUID | None
    scopes: tuple[str, ...]
    audience: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptCode:
    """An authorisation code as it is stored."""

    application_id: UUID
    taxpayer_id: int
    consent_id: UUID
    family_id: UUID
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the token endpoint answers; readable here and nowhere else."""

    access_token: str
    expires_in: int
    scopes: tuple[str, ...]
    refresh_token: str | None = None


def new_access_token() -> str:
    """An access token: opaque, 256 random bits."""
    return f"pta_{secrets.token_urlsafe(32)}"


def new_refresh_token() -> str:
    """A refresh token."""
    return f"ptr_{secrets.token_urlsafe(32)}"


def new_code() -> str:
    """An authorisation code."""
    return f"ptc_{secrets.token_urlsafe(32)}"


def new_ticket() -> str:
    """A value that only the page that asked for it can send back."""
    return secrets.token_urlsafe(24)


def is_challenge(text: str) -> bool:
    """Whether it may be an S256 challenge: 43 characters of base64url."""
    return _CHALLENGE.fullmatch(text) is not None


def is_state(text: str) -> bool:
    """Whether it may be a `state`: 8 to 500 printable characters, so that it can guard against CSRF."""
    return _STATE.fullmatch(text) is not None


def verifies(verifier: str, challenge: str) -> bool:
    """Whether a PKCE verifier belongs to a challenge (RFC 7636 §4.6).

    >>> verifies("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    True
    """
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)


def read_form(body: bytes) -> dict[str, str] | None:
    """The members of a form; none when it is none or names one twice (RFC 6749 §3.1, §3.2).

    >>> read_form(b"a=1&b=2"), read_form(b"a=1&a=2"), read_form(bytes([255]))
    ({'a': '1', 'b': '2'}, None, None)
    """
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=30)
    except ValueError:
        return None
    found = dict(pairs)
    return found if len(found) == len(pairs) else None


def read_basic(header: str) -> tuple[str, str] | None:
    """Client and secret of an HTTP Basic header (RFC 6749 §2.3.1); none when it is none."""
    scheme, _, packed = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = base64.b64decode(packed.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return (unquote_plus(client_id), unquote_plus(secret)) if colon else None


def read_scopes(text: str) -> tuple[str, ...]:
    """The scopes of a request, each once.

    >>> read_scopes("returns.due  matters.find returns.due")
    ('returns.due', 'matters.find')
    """
    return tuple(dict.fromkeys(text.split()))


def leads_back(redirect_uri: str, members: Mapping[str, str]) -> str:
    """A redirect address with the members of the answer added to its query."""
    joint = "&" if "?" in redirect_uri else "?"
    return f"{redirect_uri}{joint}{urlencode(members, quote_via=quote)}"


def metadata(issuer: str, scopes: Sequence[str]) -> dict[str, object]:
    """What a client may read about this server (RFC 8414)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "registration_endpoint": f"{issuer}/oauth/register",
        "service_documentation": f"{issuer}/developers",
        "scopes_supported": list(scopes),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": True,
    }
