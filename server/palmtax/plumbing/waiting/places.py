"""Places and passes: signed, so that nobody needs a row. A place says when somebody came, a pass that it was their turn. Pure."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Literal, NamedTuple

EPOCH_SECONDS = 12 * 3600
"""A key signs so long, and is believed once as long again."""
PLACE_LASTS_SECONDS = 6 * 3600
PASS_LASTS_SECONDS = 30 * 60
_SECOND = 1_000_000
_LONGEST = 160

Kind = Literal["place", "pass"]
_LETTER: dict[Kind, str] = {"place": "w", "pass": "a"}


class Token(NamedTuple):
    """What was signed: the room, the instant of arrival (or admission), microseconds since 1970, and what was promised, seconds."""

    kind: Kind
    room: str
    at_us: int
    nonce: str
    promised_seconds: int = 0


class Signer:
    """Signs and reads with a key that changes every twelve hours, derived from one secret of all processes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._keys: dict[int, bytes] = {}

    def _key(self, epoch: int) -> bytes:
        if epoch not in self._keys:
            if len(self._keys) > 8:
                self._keys.clear()
            self._keys[epoch] = hashlib.blake2b(str(epoch).encode(), key=self._secret, digest_size=32).digest()
        return self._keys[epoch]

    def sign(self, token: Token) -> str:
        """The token as it travels."""
        text = f"{_LETTER[token.kind]}.{token.room}.{token.at_us:x}.{token.nonce}.{token.promised_seconds:x}"
        return f"{text}.{self._seal(text, token.at_us // _SECOND // EPOCH_SECONDS)}"

    def _seal(self, text: str, epoch: int) -> str:
        return hashlib.blake2b(text.encode(), key=self._key(epoch), digest_size=12).hexdigest()

    def read(self, given: str, now_us: int) -> Token | None:
        """What was signed; none for anything forged, too old, or from a time to come."""
        if len(given) > _LONGEST or not given.isascii():
            return None
        text, _, seal = given.rpartition(".")
        parts = text.split(".")
        if len(parts) < 5:
            return None
        room = ".".join(parts[1:-3])  # a matter's code has dots of its own
        try:
            kind: Kind = {"w": "place", "a": "pass"}[parts[0]]  # type: ignore[assignment]  # the two kinds
            at_us, promised = int(parts[-3], 16), int(parts[-1], 16)
        except (KeyError, ValueError):
            return None
        lasts = PLACE_LASTS_SECONDS if kind == "place" else PASS_LASTS_SECONDS
        if not -60 * _SECOND <= now_us - at_us <= lasts * _SECOND:
            return None
        if not hmac.compare_digest(seal, self._seal(text, at_us // _SECOND // EPOCH_SECONDS)):
            return None
        return Token(kind, room, at_us, parts[-2], promised)

    def place(self, room: str, at_us: int, promised_seconds: int) -> str:
        """A new place."""
        return self.sign(Token("place", room, at_us, secrets.token_hex(6), promised_seconds))

    def admit(self, place: Token, now_us: int) -> str:
        """The pass of a place whose turn it is; asked again it is a pass of the same number: a place admits one."""
        return self.sign(Token("pass", place.room, now_us, place.nonce))
