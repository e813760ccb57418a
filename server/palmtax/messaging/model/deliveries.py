"""A delivery: one message to one person by one way, from wanted to acted on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from palmtax.messaging.model.cards import Card
from palmtax.messaging.model.templates import Language

State = Literal[
    "wanted", "handing", "handed", "delivered", "shown", "read", "acted", "failed", "dead", "expired", "suppressed"
]
STATES: tuple[State, ...] = get_args(State)
LEASE = timedelta(seconds=90)
"""How long a channel may take over handing on; then nobody knows what came of it, and it is tried again."""

_PROGRESS: tuple[State, ...] = ("handed", "delivered", "shown", "read", "acted")
_RANK = {state: rank for rank, state in enumerate(_PROGRESS)}
ENDED: frozenset[State] = frozenset({"failed", "dead", "expired", "suppressed"})
ARRIVED: frozenset[State] = frozenset({"delivered", "shown", "read", "acted"})

MOVES: Mapping[State, frozenset[State]] = {
    "wanted": frozenset({"handing", "handed", "expired", "dead", "suppressed", *ARRIVED}),
    "handing": frozenset({"wanted", "failed", "dead", *_PROGRESS}),
    "handed": frozenset({"failed", "dead", *ARRIVED}),
    "delivered": frozenset({"shown", "read", "acted"}),
    "shown": frozenset({"read", "acted"}),
    "read": frozenset({"acted"}),
    "acted": frozenset(),
    "failed": frozenset({"handed", *ARRIVED}),
    "dead": frozenset({"wanted", "suppressed", "handed", *ARRIVED}),
    "expired": frozenset({"handed", *ARRIVED}),
    "suppressed": frozenset(),
}
"""What may follow what. A late word of the platform that it did arrive counts after every end but suppression: it is true."""


def after_receipt(current: State, told: State) -> State | None:
    """What a receipt makes of a state; none when it says nothing new: twice, late, or out of order.

    >>> after_receipt("handed", "read"), after_receipt("read", "delivered"), after_receipt("delivered", "failed")
    ('read', None, None)
    >>> after_receipt("handed", "failed"), after_receipt("failed", "delivered"), after_receipt("suppressed", "read")
    ('failed', 'delivered', None)
    """
    if told == "failed":
        return "failed" if current in ("handing", "handed") else None
    if told not in _RANK or current == "suppressed":
        return None
    if current in _RANK and _RANK[told] <= _RANK[current]:
        return None
    if current in ENDED and told == "handed":
        return None
    return told


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel needs to hand a message on; the address is asked of identity by `person_id`.

    `delivery_id` is the idempotency key for platforms that take one. `is_repeat`: an earlier try may have arrived, ask
    the platform first where it can be asked. `variables` are typed values by name, `shown` the same as people read them,
    `fields` the words of a WeChat template by field name; `card` what a chat shows an officer about
    the subject now. `due_at` is when it was last called for.
    """

    taxpayer_id: int
    delivery_id: UUID
    message_id: UUID
    person_id: int
    way: str
    template: str
    purpose: str
    language: Language
    title: str
    body: str
    short: str
    variables: Mapping[str, str | int]
    shown: Mapping[str, str]
    fields: Mapping[str, str]
    link: str
    tries: int
    is_repeat: bool
    card: Card | None = None
    subject_kind: str = ""
    subject_id: UUID | None = None
    matter_code: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery as it lies in the table: what became of it."""

    taxpayer_id: int
    delivery_id: UUID
    message_id: UUID
    person_id: int
    way: str
    then_ways: tuple[str, ...]
    template: str
    purpose: str
    is_must: bool
    state: State
    channel: str | None
    tries: int
    merged: int
    next_at: datetime | None
    deadline_at: datetime
    code: str
    reason: str
    reason_en: str
    handed_at: datetime | None
    arrived_at: datetime | None
    read_at: datetime | None
    created_at: datetime
    changed_at: datetime


REASONS: Mapping[str, tuple[str, str]] = {
    "cap": (
        "今天发给这个人的消息已到上限，消息在收件箱里",
        "The person was told enough today; the message is in the inbox",
    ),
    "no_consent": ("没有同意接收这类消息", "The person has not agreed to messages of this kind"),
    "repeated": ("刚刚发过同样的消息", "The same was said a moment ago"),
    "merged": ("与更新的一条合并发送", "Sent together with a later one"),
    "no_way": ("没有可用的联系方式", "There is no address that works"),
    "expired": ("过了发送期限，再发没有意义", "Too late to be of use"),
    "arrived": ("已由另一种方式送达", "It arrived another way"),
    "tries": ("多次尝试没有成功", "It did not work after several tries"),
    "outcome_unknown": ("交给渠道后没有回音", "Nothing was heard after it was handed to the channel"),
    "words": ("消息的文字与模板不符", "The words do not fit the template"),
    "unbound": ("收件人解除了绑定或不再办理", "The person gave up the binding or no longer acts"),
    "recalled": ("税务机关停止了这次推送", "The tax office stopped this campaign"),
    "given_up": ("工作人员决定不再发送", "An officer decided not to send it"),
}
"""Our own codes with their words; those of channels come with their words."""
