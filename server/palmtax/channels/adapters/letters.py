"""The e-mail channel as identity's port for letters that are no message to a taxpayer yet: codes to unbound addresses."""

from __future__ import annotations

from dataclasses import dataclass

from palmtax import identity
from palmtax.base.clock import Clock
from palmtax.channels.adapters import smtp
from palmtax.channels.adapters.process import Housed, process_of
from palmtax.channels.model.outgoing import Outgoing
from palmtax.channels.model.routing import Standing, is_on
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters by the first e-mail channel that is on."""

    house: Housed
    clock: Clock

    async def send(self, address: str, title: str, body: str, reference: str) -> None:
        """Hand a letter over.

        OutsideRefused with `identity.NO_MAILBOX` when the address is to blame, else with the server's code;
        OutsideUnavailable when no channel is on, or the server does not answer.
        """
        process = process_of(self.house)
        known = await process.memory.known(self.house.database, self.clock)
        for name, channel in known.channels.items():
            standing = known.standings.get(name, Standing())
            if channel.manifest.transport == "smtp" and is_on(channel, standing):
                out = Outgoing(
                    reference=reference, address=address, language="zh", template="mail_code", title=title, body=body,
                    short=title, link="",
                )  # fmt: skip
                try:
                    await smtp.send(process.ports, channel, out)
                except OutsideRefused as refused:
                    if channel.meaning(refused.code).means == "address":
                        raise OutsideRefused(identity.NO_MAILBOX, refused.code) from None
                    raise
                return
        raise OutsideUnavailable("off", "no e-mail channel is on")
