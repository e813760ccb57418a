"""The sandbox on the wire."""

from __future__ import annotations

from pydantic import Field

from palmtax.plumbing.wire import Wire


class InventedOut(Wire):
    """A taxpayer of the sandbox: invented."""

    taxpayer_id: int
    name: str
    uscc: str | None


class AgreeIn(Wire):
    """The query of `/oauth/authorize`, and for whom the invented person agrees."""

    taxpayer_id: int = Field(ge=1, le=2**53 - 1)
    response_type: str = Field("code", max_length=20)
    redirect_uri: str = Field(max_length=300)
    scope: str = Field(max_length=600)
    state: str = Field(max_length=500)
    code_challenge: str = Field(max_length=128)
    code_challenge_method: str = Field(max_length=10)
