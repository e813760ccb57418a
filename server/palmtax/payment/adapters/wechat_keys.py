"""Which key speaks for WeChat Pay: its public key, or platform certificates that are downloaded and rotate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from palmtax.base.clock import Clock
from palmtax.payment.adapters.wechat_signature import LEAST_KEY_BITS, SignatureWrong, signed_headers, unseal, verify
from palmtax.plumbing.outbound import OutsideUnavailable

FRESH_HOURS = 12
"""WeChat Pay asks for a download at least every twelve hours."""

Download = Callable[[], Awaitable[tuple[Mapping[str, str], bytes]]]
"""Fetches `GET /v3/certificates`: headers and body of a 200, not yet verified."""


@dataclass(frozen=True, slots=True)
class PlatformKey:
    """A platform certificate's key and the time it holds."""

    key: RSAPublicKey
    begins_at: datetime
    ends_at: datetime


class PlatformKeys:
    """Finds the key for a serial number; fetches certificates when it must, and not more often than `gap`."""

    def __init__(
        self,
        api_v3_key: str,
        download: Download,
        clock: Clock,
        *,
        fixed: Mapping[str, RSAPublicKey],
        gap: timedelta,
    ) -> None:
        self._api_v3_key = api_v3_key
        self._download = download
        self._clock = clock
        self._fixed = dict(fixed)
        self._gap = gap
        self._lock = asyncio.Lock()
        self._known: dict[str, PlatformKey] = {}
        self._tried_at: datetime | None = None
        self._fresh_until: datetime | None = None

    async def find(self, serial_no: str) -> RSAPublicKey:
        """The key; SignatureWrong for a serial WeChat Pay does not list, OutsideUnavailable when we cannot ask."""
        if serial_no in self._fixed:
            return self._fixed[serial_no]
        held = self._held(serial_no)
        if held is None or self._is_stale():
            await self._refresh(serial_no, must=held is None)
        found = self._held(serial_no)
        if found is None:
            raise SignatureWrong("unknown serial number")
        return found

    def _held(self, serial_no: str) -> RSAPublicKey | None:
        known, now = self._known.get(serial_no.upper()), self._clock.now()
        return known.key if known and known.begins_at <= now < known.ends_at else None

    def _is_stale(self) -> bool:
        return self._fresh_until is None or self._clock.now() >= self._fresh_until

    async def _refresh(self, serial_no: str, *, must: bool) -> None:
        """Download once for all waiting callers; a failure matters only when the key is missing (`must`)."""
        async with self._lock:
            now = self._clock.now()
            if must and self._held(serial_no) is not None:
                return
            if self._tried_at is not None and now - self._tried_at < self._gap:
                return
            self._tried_at = now
            try:
                headers, body = await self._download()
                self._known = self._read(headers, body)
                self._fresh_until = now + timedelta(hours=FRESH_HOURS)
            except OutsideUnavailable:
                self._tried_at = None
                if must:
                    raise

    def _read(self, headers: Mapping[str, str], body: bytes) -> dict[str, PlatformKey]:
        """The certificates, all opened with our APIv3 key, one of which must have signed this very answer."""
        try:
            found = dict(self._open(entry) for entry in json.loads(body)["data"])
            signed = signed_headers(headers, self._clock.now().timestamp())
            signer = found[signed.serial_no.upper()].key if signed.serial_no not in self._fixed else None
            verify(signer or self._fixed[signed.serial_no], signed, body)
        except (SignatureWrong, ValueError, KeyError, TypeError) as error:
            raise OutsideUnavailable("forged_answer", f"certificates: {type(error).__name__}") from None
        return found

    def _open(self, entry: Mapping[str, Any]) -> tuple[str, PlatformKey]:
        certificate = x509.load_pem_x509_certificate(unseal(self._api_v3_key, entry["encrypt_certificate"]))
        key = certificate.public_key()
        serial_no = f"{certificate.serial_number:X}"
        if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_KEY_BITS:
            raise TypeError("platform key must be RSA of at least 2048 bits")
        if str(entry["serial_no"]).upper().lstrip("0") != serial_no.lstrip("0"):
            raise ValueError("serial number of another certificate")
        begins_at, ends_at = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return str(entry["serial_no"]).upper(), PlatformKey(key, begins_at, ends_at)
