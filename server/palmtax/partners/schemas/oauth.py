"""OAuth on the wire, as the RFCs name things."""

from __future__ import annotations

from typing import Literal

from palmtax.plumbing.wire import Wire


class TokenOut(Wire):
    """RFC 6749 §5.1."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    refresh_token: str | None = None


class IntrospectionOut(Wire):
    """RFC 7662 §2.2; of a token that is not the caller's only that it is not active."""

    active: bool
    scope: str | None = None
    client_id: str | None = None
    iss: str | None = None
    token_type: str | None = None
    aud: str | None = None
    iat: int | None = None
    exp: int | None = None
    sub: str | None = None


class MetadataOut(Wire):
    """RFC 8414."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    registration_endpoint: str
    service_documentation: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
