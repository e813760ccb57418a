"""Electronic service of documents: which may be, when one counts as served, and what follows while nobody reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID

import yaml

from palmtax.base.clock import china_day

_FILE = Path(__file__).parents[1] / "kinds" / "service.yaml"
Step = Literal["entered", "other_way", "phone", "paper", "done"]
Asks = Literal["read", "sign"]
Called = Literal["reached", "not_reached", "wrong_number"]
Papered = Literal["posted", "handed", "left"]
AttemptOutcome = Literal["reached", "not_reached", "wrong_number", "posted", "handed", "left"]
STEPS: tuple[Step, ...] = get_args(Step)


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """The law of a day: what makes a document served, and whether an agreement is needed."""

    first_day: date
    law: str
    article: str
    needs_agreement: bool
    form: str

    def served_on(self, entered_at: datetime) -> date:
        """The day on which a document counts as served: that on which it entered the recipient's system (China time).

        >>> from datetime import UTC
        >>> rule_on(date(2026, 11, 23)).served_on(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)).isoformat()
        '2026-11-24'
        """
        return china_day(entered_at)


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document, and whether the rule lets it be served electronically."""

    code: str
    title: str
    title_en: str
    is_electronic: bool
    asks: Asks


@dataclass(frozen=True, slots=True)
class Served:
    """A document that was served electronically, with what must be provable of it."""

    taxpayer_id: int
    document_no: str
    kind: str
    title: str
    title_en: str
    digest: str
    message_id: UUID
    agreement_at: datetime
    law: str
    entered_at: datetime
    served_on: date
    step: Step
    next_step_at: datetime | None
    office_code: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an officer did because nobody had read it: a call (`person_id` whom), or paper on a day with its receipt number."""

    step: Literal["phone", "paper"]
    outcome: AttemptOutcome
    at: datetime
    officer_id: int
    person_id: int | None = None
    on_day: date | None = None
    receipt_no: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The taxpayer's word on electronic service: signed or taken back, by whom, on which form."""

    is_given: bool
    form: str
    person_id: int
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ReadBy:
    """One person who may read it, and when they did first."""

    person_id: int
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """Everything a certificate of service says (送达回证)."""

    served: Served
    people: Sequence[ReadBy]
    signed_at: datetime | None
    attempts: Sequence[Attempt] = ()
    subject_id: UUID | None = None

    @property
    def calls_left(self) -> int:
        """How many calls may still be in vain before paper follows."""
        return max(0, calls_in_vain() - sum(one.step == "phone" for one in self.attempts))

    @property
    def asks(self) -> Asks:
        """What the person is asked to do."""
        return document_kinds()[self.served.kind].asks


@cache
def _raw() -> Mapping[str, object]:
    found: Mapping[str, object] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def rules() -> tuple[ServiceRule, ...]:
    """Every rule, the newest first; a way of being served that we do not know is refused."""
    found = []
    for one in _raw()["rules"]:  # type: ignore[attr-defined]  # YAML
        if one["served"] != "entered":
            raise ValueError(f"service.yaml: {one['served']!r} is no way of being served")
        found.append(ServiceRule(one["from"], one["law"], one["article"], one["needs_agreement"], one["form"]))
    return tuple(sorted(found, key=lambda rule: rule.first_day, reverse=True))


def rule_on(day: date) -> ServiceRule:
    """The rule of a day; `ValueError` before the first: nothing is served electronically without one."""
    for rule in rules():
        if rule.first_day <= day:
            return rule
    raise ValueError(f"no rule on electronic service on {day}")


@cache
def document_kinds() -> Mapping[str, DocumentKind]:
    """Kinds of documents by code."""
    return {one["code"]: DocumentKind(**one) for one in _raw()["kinds"]}  # type: ignore[attr-defined]  # YAML


OUTCOMES: Mapping[AttemptOutcome, tuple[str, str]] = {
    "reached": ("电话联系到本人", "Reached by telephone"),
    "not_reached": ("电话未接通", "Not reached by telephone"),
    "wrong_number": ("号码有误", "Wrong number"),
    "posted": ("邮寄送达", "Posted"),
    "handed": ("直接送达", "Handed over"),
    "left": ("留置送达", "Left at the place"),
}
"""What came of an officer's attempt."""


def task_days(step: str) -> int:
    """Working days that an officer has for a step."""
    days: Mapping[str, int] = _raw()["task_days"]  # type: ignore[assignment]  # YAML
    return days[step]


def calls_in_vain() -> int:
    """After so many calls that reached nobody, paper follows at once."""
    return int(_raw()["calls"])  # type: ignore[call-overload,no-any-return]  # YAML


@cache
def escalation() -> Mapping[Step, timedelta]:
    """When each step follows, counted from the entering, while nobody has read it."""
    days: Mapping[Step, int] = _raw()["escalation_days"]  # type: ignore[assignment]  # YAML
    return {step: timedelta(days=count) for step, count in days.items()}


def following(step: Step, entered_at: datetime) -> tuple[Step, datetime | None]:
    """The step after this one and when it is due; `done` when there is none.

    >>> from datetime import UTC
    >>> following("entered", datetime(2026, 11, 23, tzinfo=UTC))
    ('other_way', datetime.datetime(2026, 11, 26, 0, 0, tzinfo=datetime.timezone.utc))
    >>> following("paper", datetime(2026, 11, 23, tzinfo=UTC))
    ('done', None)
    """
    after = STEPS[STEPS.index(step) + 1]
    pause = escalation().get(after)
    return after, entered_at + pause if pause else None
