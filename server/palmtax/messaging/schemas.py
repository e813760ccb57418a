"""Messages and preferences on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.messaging.model.deliveries import Kept, State
from palmtax.messaging.model.messages import Choice, ConsentGiven, Message, Preference, choices
from palmtax.messaging.model.officers import office_choices
from palmtax.messaging.model.rescuing import DeadLetter
from palmtax.messaging.model.sending import ANY_TIME, ConsentKind
from palmtax.messaging.model.service import OUTCOMES, Attempt
from palmtax.messaging.model.templates import Language
from palmtax.plumbing.wire import Wire

Code = Annotated[str, Field(min_length=1, max_length=40)]


WayOut = Literal["inbox", "push", "wechat", "email", "sms", "gov", "wecom"]


class MessageOut(Wire):
    """A message in both languages; `read_at` is the reader's own."""

    message_id: UUID
    template: str
    topic: str
    title: str
    title_en: str
    body: str
    body_en: str
    subject_kind: str
    subject_id: UUID | None
    created_at: datetime
    read_at: datetime | None


class MessagePage(Wire):
    """A page of the inbox, newest first, and how many are unread in all."""

    messages: list[MessageOut]
    next_cursor: str | None
    unread: int


class ChoiceOut(Wire):
    """A topic or a way, and whether it is chosen."""

    code: str
    title: str
    title_en: str
    is_always: bool
    is_chosen: bool


Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="hour of the China day")]


class QuietHours(Wire):
    """Hours in which nobody disturbs; `start` after `end` goes over midnight."""

    start: Hour
    end: Hour


class PreferenceIn(Wire):
    """What to be told, and how; what cannot be left out is put back in.

    Left out, language, plain words and quiet hours stay as they are; `no_quiet` ends one's own quiet hours.
    """

    topics: list[Code] = Field(max_length=20)
    ways: list[Code] = Field(max_length=20)
    language: Language | None = None
    is_elder: bool | None = None
    quiet: QuietHours | None = None
    no_quiet: bool = False


class PreferenceOut(Wire):
    """All topics and ways with what this person chose; `quiet` is none when only the bureau's own hours count."""

    topics: list[ChoiceOut]
    ways: list[ChoiceOut]
    language: Language
    is_elder: bool
    quiet: QuietHours | None
    changed_at: datetime | None


def shape_message(message: Message) -> MessageOut:
    """A message on the wire."""
    return MessageOut(**{name: getattr(message, name) for name in MessageOut.model_fields})


def _choice(one: Choice, chosen: tuple[str, ...]) -> ChoiceOut:
    return ChoiceOut(
        code=one.code,
        title=one.title,
        title_en=one.title_en,
        is_always=one.is_always,
        is_chosen=one.code in chosen,
    )


def shape_preference(wish: Preference) -> PreferenceOut:
    """A preference on the wire."""
    return PreferenceOut(
        topics=[_choice(one, wish.topics) for one in choices("topics").values()],
        ways=[_choice(one, wish.ways) for one in choices("ways").values()],
        language=wish.language,
        is_elder=wish.is_elder,
        quiet=QuietHours(start=f"{wish.quiet.start:%H:%M}", end=f"{wish.quiet.end:%H:%M}") if wish.quiet else None,
        changed_at=wish.changed_at,
    )


class MessageComplaintIn(Wire):
    """What is wrong with the message, in one's own words; may stay empty."""

    words: str = Field(default="", max_length=200)


class DeliveryOut(Wire):
    """How a message went to a person by one way; the reason is there when it did not arrive that way."""

    delivery_id: UUID
    way: WayOut
    way_title: str
    way_title_en: str
    state: State
    reason: str
    reason_en: str
    handed_at: datetime | None
    arrived_at: datetime | None
    read_at: datetime | None
    changed_at: datetime


def shape_delivery(kept: Kept) -> DeliveryOut:
    """A delivery on the wire, as its person sees it."""
    way = choices("ways")[kept.way]
    given = {name: getattr(kept, name) for name in DeliveryOut.model_fields if not name.startswith("way_title")}
    return DeliveryOut(**given, way_title=way.title, way_title_en=way.title_en)


class ConsentIn(Wire):
    """Agree, having read this version of the notice, or take it back."""

    is_given: bool
    notice: Code


class ConsentOut(Wire):
    """A purpose that needs consent, and this person's last word on it."""

    purpose: str
    title: str
    title_en: str
    notice: str
    is_given: bool
    decided_at: datetime | None


def shape_consents(known: Mapping[str, ConsentKind], history: Sequence[ConsentGiven]) -> list[ConsentOut]:
    """Every purpose with the last word; `history` is the last word first."""
    last: dict[str, ConsentGiven] = {}
    for one in history:
        last.setdefault(one.purpose, one)
    return [
        ConsentOut(
            purpose=code,
            title=kind.title,
            title_en=kind.title_en,
            notice=kind.notice,
            is_given=code in last and last[code].is_given,
            decided_at=last[code].decided_at if code in last else None,
        )
        for code, kind in known.items()
    ]


class DeadLetterOut(Wire):
    """A delivery that led nowhere: to whom (masked), about what, how often it was tried, and why it failed."""

    taxpayer_id: int
    delivery_id: UUID
    person: str
    way: WayOut
    template: str
    title: str
    title_en: str
    channel: str | None
    tries: int
    is_must: bool
    code: str
    reason: str
    reason_en: str
    created_at: datetime
    changed_at: datetime


class DeadCount(Wire):
    """How many lie there for one reason."""

    code: str
    reason: str
    reason_en: str
    count: int


class DeadLetterPage(Wire):
    """Dead letters, the newest first, and how many there are by reason."""

    letters: list[DeadLetterOut]
    counts: list[DeadCount]
    next_cursor: str | None


class DealtOut(Wire):
    """What an officer did with a dead letter, masked."""

    act: Literal["resent", "given_up"]
    at: datetime
    by: str


class ResendIn(Wire):
    """Send again, by this way or by the one that failed."""

    way: Literal["push", "wechat", "email", "sms"] | None = None


class GiveUpIn(Wire):
    """Why it is not sent again."""

    reason: str = Field(min_length=2, max_length=200)


class ResendAllIn(Wire):
    """Send again what failed for one reason, after the fault is mended; at most so many at a time."""

    code: Code
    limit: int = Field(default=100, ge=1, le=500)


class ResentOut(Wire):
    """How many are sent again."""

    count: int


def shape_dead(one: DeadLetter) -> DeadLetterOut:
    """A dead letter on the wire."""
    kept = one.kept
    given = {name: getattr(kept, name) for name in DeadLetterOut.model_fields if hasattr(kept, name)}
    return DeadLetterOut(**given, person=one.person, title=one.title, title_en=one.title_en)


class AgreementIn(Wire):
    """Sign the agreement on electronic service, or take it back."""

    is_given: bool


class AgreementOut(Wire):
    """Whether documents may be served into this inbox, by which rule, and since when."""

    is_given: bool
    decided_at: datetime | None
    form: str
    law: str
    article: str


class ReaderOut(Wire):
    """One of the taxpayer's people, masked, and when they read the document first."""

    name: str
    read_at: datetime | None
    is_me: bool


class ServedOut(Wire):
    """A document that was served electronically, as the list shows it."""

    document_no: str
    kind: str
    title: str
    title_en: str
    served_on: date
    entered_at: datetime
    message_id: UUID


class ServedPage(Wire):
    """Documents served, the newest first."""

    services: list[ServedOut]
    next_cursor: str | None


class AttemptOut(Wire):
    """What officers did because nobody had read it."""

    outcome_name: str
    outcome_name_en: str
    at: datetime
    on_day: date | None
    receipt_no: str


class ServiceOut(Wire):
    """What is provable of a document served electronically."""

    document_no: str
    kind: str
    title: str
    title_en: str
    digest: str
    entered_at: datetime
    served_on: date
    law: str
    message_id: UUID
    document_id: UUID | None
    asks: Literal["read", "sign"]
    signed_at: datetime | None
    readers: list[ReaderOut]
    attempts: list[AttemptOut]


def shape_attempt(one: Attempt) -> AttemptOut:
    """An officer's attempt as the taxpayer sees it."""
    zh, en = OUTCOMES[one.outcome]
    return AttemptOut(outcome_name=zh, outcome_name_en=en, at=one.at, on_day=one.on_day, receipt_no=one.receipt_no)


class OfficeMessageOut(Wire):
    """What an officer was told, in both languages, and the page of the workbench that it is about."""

    message_id: UUID
    template: str
    topic: str
    title: str
    title_en: str
    body: str
    body_en: str
    link: str
    created_at: datetime
    read_at: datetime | None


class OfficeMessagePage(Wire):
    """A page of an officer's inbox, newest first, and how many are unread in all."""

    messages: list[OfficeMessageOut]
    next_cursor: str | None
    unread: int


class OfficeUnread(Wire):
    """How many messages the officer has not opened."""

    unread: int


class OfficeWishIn(Wire):
    """Of what an officer is told outside the workbench, and how; what cannot be left out is put back in."""

    topics: list[Code] = Field(max_length=20)
    ways: list[Code] = Field(max_length=20)
    language: Language | None = None
    is_any_time: bool | None = Field(None, description="on duty: also outside office hours")


class OfficeWishOut(Wire):
    """All topics and ways with what this officer chose."""

    topics: list[ChoiceOut]
    ways: list[ChoiceOut]
    language: Language
    is_any_time: bool
    changed_at: datetime | None


def shape_office_message(message: Message, link: str) -> OfficeMessageOut:
    """An officer's message on the wire."""
    names = OfficeMessageOut.model_fields.keys() - {"link"}
    return OfficeMessageOut(**{name: getattr(message, name) for name in names}, link=link)


def shape_office_wish(wish: Preference) -> OfficeWishOut:
    """An officer's wish on the wire."""
    return OfficeWishOut(
        topics=[_choice(one, wish.topics) for one in office_choices("topics").values()],
        ways=[_choice(one, wish.ways) for one in office_choices("ways").values()],
        language=wish.language,
        is_any_time=wish.quiet == ANY_TIME,
        changed_at=wish.changed_at,
    )
