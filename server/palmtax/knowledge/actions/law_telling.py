"""Versions of numbers of the law as officers see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from palmtax import identity, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.knowledge.actions.enacting import value_of
from palmtax.knowledge.actions.law_library import in_force, options, plain, values
from palmtax.knowledge.actions.trials import trial_of
from palmtax.knowledge.model.law_desk import Change
from palmtax.knowledge.schemas.law_desk import (
    ActOut,
    ChangedLine,
    ChangeLine,
    ChangeOut,
    Check,
    Examples,
    LawName,
    ParameterOut,
)
from palmtax.plumbing.database import Tx

Names = Mapping[int, str]


async def names_of(tx: Tx, found: Sequence[Change]) -> Names:
    """The masked names of everybody who did something. One round trip."""
    people = await identity.people(tx, sorted({act.person_id for change in found for act in change.acts}))
    return {number: person.name_masked for number, person in people.items()}


def change_lines(found: Sequence[Change], names: Names, today: date) -> list[ChangeLine]:
    """Versions in a list; of numbers that this release no longer has, none is shown."""
    known = [change for change in found if _parameter(change) is not None]
    return [ChangeLine(**_line(change, names, today)) for change in known]


def _parameter(change: Change) -> rules.Parameter | None:
    try:
        return rules.parameter(change.key)
    except rules.LawError:
        return None


def _line(change: Change, names: Names, today: date) -> dict[str, Any]:
    parameter, body, decided = rules.parameter(change.key), change.body, change.decided
    return {
        "change_id": change.change_id,
        "key": change.key,
        "title": parameter.title,
        "title_en": parameter.title_en,
        "kind": parameter.kind,
        "state": change.state(today),
        "value": body["value"],
        "first_day": body["first_day"],
        "until": body["until"],
        "article": body["article"],
        "drafted_by": names.get(change.drafted_by, "—"),
        "drafted_at": change.drafted_at,
        "decided_by": names.get(decided.person_id, "—") if decided else None,
        "decided_at": decided.at if decided else None,
    }


async def change_out(change: Change, names: Names, *, actor: Actor, clock: Clock, language: str) -> ChangeOut:
    """A version with its trial and what this officer may do."""
    today = clock.today()
    parameter, body = rules.parameter(change.key), change.body
    law = rules.law(change.key.partition(".")[0])
    trial = change.tried or await trial_of(change, today)
    reason = change.last.reason if change.last.act in ("returned", "withdrawn") else None
    return ChangeOut(
        **_line(change, names, today),
        law=law.code,
        law_title=law.title,
        law_title_en=law.title_en,
        unit=parameter.unit,
        options=options(parameter),
        **{name: body[name] for name in ("published", "source", "confidence", "note", "confirm_retroactive")},
        is_retroactive=change.is_retroactive(today),
        reason=reason,
        acts=len(change.acts),
        may_edit=change.may_edit(actor, today),
        may_send=change.may_edit(actor, today) and not trial["faults"],
        may_approve=change.may_approve(actor, today) and not trial["faults"],
        may_withdraw=change.may_withdraw(actor, today),
        before=_before(change, parameter),
        history=[
            ActOut(act=act.act, by=names.get(act.person_id, "—"), at=act.at, reason=act.reason) for act in change.acts
        ],
        check=_check(change, trial, language),
    )


def _before(change: Change, parameter: rules.Parameter) -> Any:
    """The value that counts on the first day without this version."""
    own = value_of(change) if change.last.act == "approved" else None
    others = tuple(value for value in parameter.values if value != own)
    return plain(parameter, in_force(replace(parameter, values=others), change.first_day)) if others else None


def _check(change: Change, trial: Mapping[str, Any], language: str) -> Check:
    is_law = change.last.act == "approved"
    after = rules.version(change.key.partition(".")[0]) if is_law else f"{trial['version_before']}+what-if"
    known = [rules.law(code) for code in trial["laws"] if code in rules.every_law()]
    return Check(
        version_before=trial["version_before"],
        version_after=after,
        examples=Examples(
            run=trial["run"],
            unchanged=trial["unchanged"],
            changed=[ChangedLine(**line) for line in trial["changed"]],
        ),
        faults=[en if language == "en" else zh for zh, en in trial["faults"]],
        laws=[LawName(code=law.code, title=law.title, title_en=law.title_en) for law in known],
    )


def parameter_out(
    parameter: rules.Parameter, found: Sequence[Change], names: Names, *, today: date, language: str
) -> ParameterOut:
    """One number through time and the versions on their way."""
    law = rules.law(parameter.key.partition(".")[0])
    return ParameterOut(
        key=parameter.key,
        law=law.code,
        law_title=law.title,
        law_title_en=law.title_en,
        title=parameter.title,
        title_en=parameter.title_en,
        kind=parameter.kind,
        unit=parameter.unit,
        options=options(parameter),
        checked_on=parameter.checked_on,
        checked_by=parameter.checked_by,
        values=values(parameter, found, today=today, language=language),
        changes=change_lines(found, names, today),
    )
