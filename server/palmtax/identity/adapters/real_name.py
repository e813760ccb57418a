"""The real-name check: does this name belong to this identity number (IdCardVerification of 2018-03-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from palmtax.identity.adapters import RealNameAnswer
from palmtax.plumbing import cloud
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable, retrying

VERSION = "2018-03-01"
ANSWERS: dict[str, RealNameAnswer] = {"0": "match", "-1": "no_match", "-5": "not_found"}
BUSY_RESULTS = frozenset({"-4", "-6"})
MALFORMED_RESULTS = frozenset({"-2", "-3"})
"""Refused: the register takes the number (-2) or the name (-3) for impossible."""
DAILY_LIMIT_RESULT = "-7"
"""Refused: this number was asked too often today."""


@dataclass(frozen=True)
class RealNameSettings:
    """The key and address of the register's interface."""

    key: cloud.CloudKey

    @classmethod
    def from_credentials(cls, section: Mapping[str, Any], base_url: str) -> RealNameSettings:
        """From the `real_name` section of a credentials file."""
        return cls(cloud.CloudKey(section["secret_id"], section["secret_key"], base_url))


class RealNameRegister:
    """Asks; keeps and logs nothing of what it asked."""

    def __init__(self, settings: RealNameSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http

    async def check(self, name: str, resident_id: str) -> RealNameAnswer:
        """Whether they belong together; refused as `-2`, `-3` (impossible) or `-7` (asked too often today)."""
        return await retrying("real_name", lambda: self._ask(name, resident_id), tries=2)

    async def _ask(self, name: str, resident_id: str) -> RealNameAnswer:
        response = await cloud.call(
            self._http,
            self._settings.key,
            "faceid",
            "IdCardVerification",
            VERSION,
            {"IdCard": resident_id, "Name": name},
        )
        result = str(response.get("Result"))
        if result in ANSWERS:
            return ANSWERS[result]
        if result in MALFORMED_RESULTS or result == DAILY_LIMIT_RESULT:
            raise OutsideRefused(result)
        raise OutsideUnavailable(result if result in BUSY_RESULTS else "unreadable", "no usable result")


__all__ = ["DAILY_LIMIT_RESULT", "MALFORMED_RESULTS", "RealNameRegister", "RealNameSettings"]
