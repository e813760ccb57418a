"""The doors whose actions and sources a matter may name: importing them is what registers these."""

from __future__ import annotations

from palmtax import (
    appointments,
    certificates,
    complaints,
    filing,
    identity,
    invoice,
    knowledge,
    messaging,
    payment,
    registry,
)
from palmtax.matters.actions import effects, sources

DOORS = (appointments, certificates, complaints, filing, identity, invoice, knowledge, messaging, payment, registry)
OWN = (effects, sources)
