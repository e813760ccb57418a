"""What a matter may do and read in the domains below it, found by name: door actions and sources.

An effect runs in the transaction of the decision and is safe to run twice for one application; a reader answers several
names of its domain at once. Both register when their domain is imported; the catalogue of matters is checked against
what they declare.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.plumbing.database import Tx

Value = str | int | bool | date | None | list[Any] | dict[str, Any]
"""What a source gives: amounts in fen, days as `date`; none when there is nothing."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a law gave for the answers; `lines` as stored with returns, `payable_code` names the result to be paid.

    `charges` says which tax each amount belongs to (tax → result), where that is more than the law under its own name;
    `also` holds what the further laws of the matter gave.
    """

    law: str
    law_on: date
    version: str
    facts: Mapping[str, Any]
    outputs: Mapping[str, int | bool]
    lines: list[dict[str, Any]]
    payable_code: str | None = None
    charges: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Computed, ...] = ()

    @property
    def every(self) -> tuple[Computed, ...]:
        """The results of all laws of the matter, in its order."""
        return (self, *self.also)

    def of(self, law: str) -> Computed | None:
        """What a law of the matter gave."""
        return next((one for one in self.every if one.law == law), None)

    def result(self, name: str) -> int | bool | None:
        """A result by its name; `law.name` where two laws of the matter have one of that name."""
        law, _, rest = name.partition(".")
        if rest and (own := self.of(law)) is not None and rest in own.outputs:
            return own.outputs[rest]
        return next((one.outputs[name] for one in self.every if name in one.outputs), None)

    def owed(self) -> dict[str, int]:
        """What this law asks for, fen by tax; negative where money is to come back."""
        named = self.charges or ({self.law: self.payable_code} if self.payable_code else {})
        return {tax: int(self.outputs.get(code, 0)) for tax, code in named.items()}


@dataclass(frozen=True, slots=True)
class Act:
    """One application at the moment its effects run; `actor` decided it, or is the person where it is instant."""

    actor: Actor
    clock: Clock
    taxpayer_id: int
    application_id: UUID
    application_no: str
    matter_code: str
    title: str
    title_en: str
    answers: Mapping[str, Any]
    computed: Computed | None
    office_code: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what a query shows or a document says; an amount is fen with the unit `fen`.

    `value_en` and `unit_en` are for words; numbers, dates and codes are the same in every language.
    """

    label: str
    label_en: str
    value: str | int | bool
    unit: str = ""
    value_en: str = ""
    unit_en: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What an effect did: values for the next effects and the outcome, lines for people."""

    values: dict[str, str | int | bool] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()


Reader = Callable[..., Awaitable[dict[str, Value]]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument that a matter hands to an effect; rows are `list`, an object is `dict`."""

    name: str
    kind: type
    is_optional: bool


@dataclass(frozen=True, slots=True)
class EffectEntry:
    """An effect with the arguments it takes."""

    name: str
    handler: Callable[..., Awaitable[Done]]
    parameters: dict[str, Parameter]


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """A domain's reader; `names` gives the type of ask each name fills, `*` where more follows after a dot."""

    domain: str
    handler: Reader
    names: Mapping[str, str]

    def kind_of(self, name: str) -> str | None:
        """The type of a name without its domain; `*` for what depends on data, none when nobody knows it.

        >>> entry = ReaderEntry("registry", read_nothing, {"name": "text", "record": "*"})
        >>> entry.kind_of("name"), entry.kind_of("record.licence.no"), entry.kind_of("names"), entry.kind_of("record")
        ('text', '*', None, None)
        """
        head, dot, rest = name.partition(".")
        kind = self.names.get(head)
        if kind is None or (kind == "*") != bool(dot and rest):
            return None
        return kind


EFFECTS: dict[str, EffectEntry] = {}
READERS: dict[str, ReaderEntry] = {}


async def read_nothing(tx: Tx, **_: Any) -> dict[str, Value]:
    """A reader that knows nothing; stands in where a domain has none."""
    del tx
    return {}


def _parameter(name: str, annotation: Any, *, has_default: bool) -> Parameter:
    is_optional = has_default
    if get_origin(annotation) in {Union, types.UnionType}:
        rest = [one for one in get_args(annotation) if one is not type(None)]
        if len(rest) != 1:
            raise TypeError(f"{name}: one type, or one type and None")
        annotation, is_optional = rest[0], True
    plain = get_origin(annotation) or annotation
    if plain in {Mapping, dict}:
        plain = dict
    elif plain in {Sequence, list}:
        plain = list
    if plain not in {str, int, bool, date, dict, list}:
        raise TypeError(f"{name}: {annotation!r} cannot be an argument of an effect")
    return Parameter(name, plain, is_optional)


def _parameters(handler: Callable[..., Any]) -> dict[str, Parameter]:
    hints = get_type_hints(handler)
    found = list(inspect.signature(handler).parameters.values())
    if [one.name for one in found[:2]] != ["tx", "act"]:
        raise TypeError(f"{handler.__qualname__}: an effect begins with tx, *, act")
    return {
        one.name: _parameter(one.name, hints[one.name], has_default=one.default is not inspect.Parameter.empty)
        for one in found[2:]
    }


Doing = TypeVar("Doing", bound=Callable[..., Awaitable[Done]])
Reading = TypeVar("Reading", bound=Reader)


def effect(name: str) -> Callable[[Doing], Doing]:
    """Register an effect `domain.verb`; its arguments are read from the signature after `act`."""

    def register(handler: Doing) -> Doing:
        known = EFFECTS.get(name)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise RuntimeError(f"effect {name} has two handlers")
        EFFECTS[name] = EffectEntry(name, handler, _parameters(handler))
        return handler

    return register


def reads(domain: str, *, names: Mapping[str, str]) -> Callable[[Reading], Reading]:
    """Register the reader of a domain: `(tx, *, actor, clock, taxpayer_id, names)`, names without the domain."""

    def register(handler: Reading) -> Reading:
        known = READERS.get(domain)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise RuntimeError(f"domain {domain} has two readers")
        READERS[domain] = ReaderEntry(domain, handler, dict(names))
        return handler

    return register


def kind_of_source(source: str) -> str | None:
    """The type a source `domain.name[.more]` fills, `*` where it depends on data; none when nobody knows it."""
    domain, _, name = source.partition(".")
    entry = READERS.get(domain)
    return entry.kind_of(name) if entry else None


async def read_sources(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, sources: Sequence[str]
) -> dict[str, Value]:
    """Several sources by their whole names; unknown ones and those without a value are none. One call a domain."""
    asked: dict[str, list[str]] = {}
    for source in dict.fromkeys(sources):
        domain, _, name = source.partition(".")
        asked.setdefault(domain, []).append(name)
    found: dict[str, Value] = dict.fromkeys(sources)
    for domain, names in asked.items():
        entry = READERS.get(domain)
        known = [name for name in names if entry is not None and entry.kind_of(name)]
        if entry is None or not known:
            continue
        values = await entry.handler(tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, names=known)
        found.update({f"{domain}.{name}": values.get(name) for name in known})
    return found
