"""The end of an application: what a yes does, the document, the news. All in the transaction of the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import asyncpg

from palmtax import certificates, evidence, messaging
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.matters.actions.starting import moved
from palmtax.matters.errors import VersionConflict
from palmtax.matters.events import ApplicationEnded
from palmtax.matters.model import answers, computing, types
from palmtax.matters.model.application import Application
from palmtax.matters.model.matter import Call, Matter
from palmtax.matters.store import applications
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import EFFECTS, Act, Computed, Done, Line
from palmtax.plumbing.together import together

NOBODY = 0
"""Whose evidence an act is that must not lead to a taxpayer."""


def named(matter: Matter, one: Application) -> dict[str, str | int]:
    """What every message about an application says."""
    return {"matter_title": matter.title, "matter_title_en": matter.title_en, "application_no": one.application_no}


def act_of(matter: Matter, one: Application, actor: Actor, clock: Clock, computed: Computed | None) -> Act:
    """What door actions are told."""
    return Act(
        actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, application_id=one.application_id,
        application_no=one.application_no, matter_code=matter.code, title=matter.title, title_en=matter.title_en,
        answers=answers.for_door(matter, answers.values(one.answers)), computed=computed, office_code=one.office_code,
        request_id=actor.request_id,
    )  # fmt: skip


def arguments(call: Call, act: Act) -> dict[str, Any]:
    """The arguments of a call: answers, results of the law, constants; what is not answered is left out."""
    found: dict[str, Any] = {}
    for name, given in call.arguments.items():
        if given.ask:
            value: Any = act.answers.get(given.ask)
        elif given.several:
            value = [act.answers[name] for name in given.several if act.answers.get(name) is not None]
        elif given.computed:
            value = act.computed.result(given.computed) if act.computed else None
        else:
            value = given.constant
        if value is not None:
            found[name] = value
    return found


async def run(tx: Tx, calls: tuple[Call, ...], act: Act, given: Mapping[str, Any]) -> Done:
    """Run the door actions that these answers call for, one after the other; their values are joined, later ones win.

    Amounts of an action that is called more than once (two taxes declared) are added up.
    """
    values: dict[str, str | int | bool] = {}
    run_before: set[str] = set()
    lines: list[Line] = []
    known = computing.known_to_calls(given, act.computed)
    for call in calls:
        if not all(one.holds(known) for one in call.when):
            continue
        done = await EFFECTS[call.do].handler(tx, act=act, **arguments(call, act))
        before = {name: values.get(name, 0) for name in done.values if name.endswith("_fen") and call.do in run_before}
        values |= done.values | {name: int(done.values[name]) + int(fen) for name, fen in before.items()}
        run_before.add(call.do)
        lines += done.lines
    return Done(values, tuple(lines))


def document_lines(matter: Matter, given: Mapping[str, Any], done: Done, computed: Computed | None) -> list[Line]:
    """What the paper says: the answers it repeats, the results of the law, what the door actions showed."""
    found = []
    for name in matter.document.lines if matter.document else ():
        ask = matter.by_code[name]
        if given.get(name) is not None:
            value_en = types.show(ask, given[name], "en")
            found.append(Line(ask.label, ask.label_en, types.show(ask, given[name]), value_en=value_en))
    shown = computing.result_lines(matter, computed) if computed else []
    found += [Line(line["label"], line["label_en"], line["value"], str(line["unit"])) for line in shown]
    return [*found, *done.lines]


async def approve(
    tx: Tx, *, one: Application, from_version: int, matter: Matter, actor: Actor, clock: Clock, computed: Computed | None,
    by_office: str, is_instant: bool = False, reason: str = "", key_taken: type[PalmtaxError] | None = None,
) -> Application:  # fmt: skip
    """A yes: effects, document, state, evidence, news. Whatever a door action refuses, nothing at all has happened."""
    act = act_of(matter, one, actor, clock, computed)
    given = answers.current(matter, answers.values(one.answers))
    done = await run(tx, matter.on_yes, act, given)
    paper = await _document(tx, matter, act, given, done, computed)
    outcome: dict[str, Any] = {"values": done.values, "lines": [asdict(line) for line in done.lines]}
    if computed is not None:
        outcome["computed"] = [
            {"law": one.law, "law_on": one.law_on, "version": one.version, "outputs": dict(one.outputs)}
            for one in computed.every
        ]
    decision = {"outcome": "yes", "reason": reason, "by_office": by_office, "is_instant": is_instant}
    ended = replace(
        one, state="approved", ended_at=clock.now(), updated_at=clock.now(), decision=decision, outcome=outcome,
        document_id=paper.document_id if paper else None, until_on=None,
    )  # fmt: skip
    await _write(
        tx,
        ended,
        from_version,
        matter,
        actor,
        clock,
        {"outcome": outcome},
        key_taken,
        act="matters.application_approved",
    )
    if not is_instant:
        values = named(matter, one) | ({"document_no": paper.document_no} if paper else {})
        await _tell(tx, clock, one, "application_approved", values)
    if paper and not is_instant:  # what is done at once is on the person's screen already
        await _serve(tx, actor, clock, one, paper)
    return ended


async def refuse(
    tx: Tx,
    *,
    one: Application,
    from_version: int,
    matter: Matter,
    actor: Actor,
    clock: Clock,
    reason: str,
    by_office: str,
) -> Application:
    """A no, with its reason; nothing else changes."""
    decision = {"outcome": "no", "reason": reason, "by_office": by_office, "is_instant": False}
    ended = replace(
        one, state="refused", ended_at=clock.now(), updated_at=clock.now(), decision=decision, until_on=None
    )
    await _write(
        tx, ended, from_version, matter, actor, clock, {"reason": reason}, None, act="matters.application_refused"
    )
    await _tell(tx, clock, one, "application_refused", named(matter, one) | {"reason": reason})
    return ended


_ENDS = {"withdrawn": "matters.application_withdrawn", "lapsed": "matters.application_lapsed"}


async def end(
    tx: Tx,
    *,
    one: Application,
    from_version: int,
    matter: Matter,
    actor: Actor | None,
    clock: Clock,
    state: str,
    note: str,
) -> Application:
    """Withdrawn by the person, or lapsed because nothing came."""
    ended = replace(
        one, state=state, version=from_version + 1, ended_at=clock.now(), updated_at=clock.now(), until_on=None,  # type: ignore[arg-type]  # one of two states
    )  # fmt: skip
    await _write(tx, ended, from_version, matter, actor, clock, {"note": note}, None, act=_ENDS[state], note=note)
    return ended


async def _write(
    tx: Tx, ended: Application, from_version: int, matter: Matter, actor: Actor | None, clock: Clock,
    payload: dict[str, Any], key_taken: type[PalmtaxError] | None, *, act: str, note: str = "",
) -> None:  # fmt: skip
    given = answers.current(matter, answers.values(ended.answers))
    facts = {"application_no": ended.application_no, "answers": given, **payload}
    request_id = actor.request_id if actor else ""
    hides = matter.is_secret(given)  # 税务总局令第49号: nothing that officers read may lead to an informant
    try:
        written = await together(
            tx,
            applications.update_part(ended, from_version),
            moved(ended, act, actor, clock.now(), note or (ended.decision or {}).get("reason", "")),
            evidence.part(
                actor=None if hides else actor, clock=clock, act=act,
                taxpayer_id=NOBODY if hides else ended.taxpayer_id, subject_id=ended.application_id, payload=facts,
                summary={} if hides else {"matter": matter.code, "application_no": ended.application_no},
            ),
            outbox.part(ApplicationEnded(ended.taxpayer_id, ended.application_id, matter.code, ended.state), request_id),
        )  # fmt: skip
    except asyncpg.UniqueViolationError as taken:
        if key_taken is None:
            raise
        raise key_taken() from taken
    if not written[0]:
        raise VersionConflict(current_version=from_version + 1)


async def _document(
    tx: Tx, matter: Matter, act: Act, given: Mapping[str, Any], done: Done, computed: Computed | None
) -> certificates.Document | None:
    if matter.document is None or matter.is_secret(given):
        return None
    return await certificates.issue_document(
        tx, act=act, title=matter.document.title, title_en=matter.document.title_en, kind=matter.document.kind,
        lines=document_lines(matter, given, done, computed),
    )  # fmt: skip


async def _serve(tx: Tx, actor: Actor, clock: Clock, one: Application, paper: certificates.Document) -> None:
    """Electronic service, where the kind of paper may be served so and the taxpayer agreed to it."""
    await messaging.serve_when_agreed(
        tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, kind=paper.kind, document_no=paper.document_no,
        title=paper.title, title_en=paper.title_en, digest=certificates.document_digest(paper),
        subject_kind="document", subject_id=paper.document_id, office_code=one.office_code,
        matter_code=one.matter_code,
    )  # fmt: skip


async def _tell(tx: Tx, clock: Clock, one: Application, template: str, values: dict[str, str | int]) -> None:
    await messaging.tell(
        tx, clock=clock, taxpayer_id=one.taxpayer_id, template=template, values=values, subject_kind="application",
        subject_id=one.application_id, key=f"{template}:{one.application_id}:{one.version}",
        matter_code=one.matter_code,
    )  # fmt: skip
