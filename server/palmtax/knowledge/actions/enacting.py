"""Putting approved versions in force in this process: at its start, and again whenever there is news.

The law itself knows no database. Every process that computes holds the same versions, which one tiny query tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from palmtax import rules
from palmtax.knowledge.model.law_desk import Change, dated, known_on
from palmtax.knowledge.store import law_desk as store
from palmtax.plumbing.database import Tx

log = structlog.get_logger()
Versions = Mapping[str, tuple[rules.DatedValue, ...]]


@dataclass(slots=True)
class _Held:
    """What this process put in force last, and after which act."""

    mark: tuple[int, str] | None = None
    versions: Versions = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    files: dict[str, tuple[rules.DatedValue, ...]] = field(default_factory=dict)


_held = _Held()


async def enact_approved(tx: Tx) -> bool:
    """Put the approved versions in force here, if there is news; whether anything changed. One round trip, two with news.

    Versions of other databases or of a test are replaced. A version that this release cannot read is left out, loudly:
    the process goes on with the others, and `unreadable_versions` names it.
    """
    mark = await store.mark(tx)
    if mark == _held.mark and _is_held():
        return False
    versions, unreadable = versions_of(await store.approved(tx))
    _held.mark, _held.versions, _held.unreadable = mark, versions, tuple(unreadable)
    for key in unreadable:
        log.error("knowledge.version_unreadable", key=key)
    for key in versions:
        _held.files.setdefault(key, of_files(rules.parameter(key)))
    if not rules.enact(versions) and _is_held():
        return False
    if not _is_held():
        rules.enact({})
        rules.enact(versions)
    log.info("knowledge.law_enacted", numbers=len(versions), acts=mark[0])
    return True


def _is_held() -> bool:
    """Whether every version is really read; a thread that opened a law at the moment of change may have kept the old one."""
    if rules.enacted() != _held.versions:
        return False
    return all(rules.parameter(key).values == files + _held.versions.get(key, ()) for key, files in _held.files.items())


def of_files(parameter: rules.Parameter) -> tuple[rules.DatedValue, ...]:
    """The values of a number without those that stand beside the files."""
    return parameter.values[: len(parameter.values) - len(rules.enacted().get(parameter.key, ()))]


def unreadable_versions() -> tuple[str, ...]:
    """Keys of approved versions that this release cannot read; empty when all is well."""
    return _held.unreadable


def versions_of(approved: Sequence[Change]) -> tuple[Versions, list[str]]:
    """The versions by number of the law, the one approved last first, and the keys of those that cannot be read."""
    found: dict[str, list[rules.DatedValue]] = {}
    unreadable = []
    for change in approved:
        value = value_of(change)
        if value is None:
            unreadable.append(change.key)
        else:
            found.setdefault(change.key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}, unreadable


def value_of(change: Change) -> rules.DatedValue | None:
    """The approved version as the law reads it; none when this release knows no such number or reads it differently."""
    try:
        value = dated(change.body, rules.parameter(change.key).kind, known_on(change, change.drafted_at.date()))
        rules.find_article(value.law)
    except (rules.LawError, ValueError, TypeError, KeyError, ArithmeticError):
        return None
    return value
