"""How officers are told: their topics and ways, read once from `kinds/officers.yaml`, and what one of them wishes.

An officer is told as the natural person they are, under that person's own number: so the words, the deliveries, their
receipts and dead letters are the ones that taxpayers have. The topics keep the two inboxes apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from palmtax.messaging.model.messages import Choice, Preference, at_first
from palmtax.messaging.model.sending import INBOX, Sending, Way, sending
from palmtax.messaging.model.templates import Template

_FILE = Path(__file__).parents[1] / "kinds" / "officers.yaml"


@cache
def _raw() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def office_choices(what: str) -> Mapping[str, Choice]:
    """The `topics` or the `ways` of officers, by code, in the order in which they are shown."""
    names = Choice.__slots__
    return {one["code"]: Choice(**{name: one[name] for name in names}) for one in _raw()[what]}


@cache
def office_sending() -> Sending:
    """What is set for going outside to officers: their ways and caps; pauses and the rest are everybody's."""
    ways = {
        one["code"]: Way(one["code"], tuple(one["families"]), one["cost_fen"])
        for one in _raw()["ways"]
        if one["code"] != INBOX
    }
    return replace(sending(), ways=ways, caps_per_day=_raw()["caps_per_day"])


def sending_of(template: Template) -> Sending:
    """How a message of this template goes outside."""
    return office_sending() if template.audience == "officer" else sending()


def first_wish(template: Template) -> Preference:
    """The wish of somebody who never chose, for messages of this template."""
    return office_at_first() if template.audience == "officer" else at_first()


def office_completed(what: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """What was chosen and what cannot be left out, in the order of the list.

    >>> office_completed("ways", ["email"]), office_completed("topics", [])
    (('inbox', 'email'), ('task', 'alert'))
    """
    return tuple(one.code for one in office_choices(what).values() if one.is_always or one.code in chosen)


def office_at_first() -> Preference:
    """The wish of an officer who never chose: everything, by the ways that cost nothing."""
    return Preference(tuple(office_choices("topics")), tuple(_raw()["at_first"]))
