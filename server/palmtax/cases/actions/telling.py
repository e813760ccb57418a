"""Officers are told of their cases: what came to them, what is due, what is late; and answered when they ask in a chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from palmtax import identity, messaging, registry, rules
from palmtax.base.clock import CHINA, Clock
from palmtax.cases.actions.carding import CASE, called, link_of
from palmtax.cases.actions.desks import stand_in_of, stands_for
from palmtax.cases.errors import OfficerAbsent
from palmtax.cases.model.case import Case, Desk, unfit
from palmtax.cases.store import cases as store
from palmtax.cases.store import desks, told
from palmtax.messaging import Words
from palmtax.plumbing.database import Tx

MOST_SECONDS = 20
"""So many officers are asked for a second opinion."""
MOST_LISTED = 10
PROVINCE = 3
"""Digits of the codes of a province: no office is above it."""
BATCH = 100
"""Officers reminded in one transaction."""
WHY: dict[str, Words] = {
    "assign": Words("分派给您", "Assigned to you"),
    "send_back": Words("复审退回", "Sent back to you"),
    "go_on": Words("补正已到", "The supplement came back"),
    "overdue": Words("已逾期", "Overdue"),
    "mark": Words("请督办", "Needs your attention"),
    "opinion": Words("待复审", "Waiting for a second officer"),
    "later": Words("稍后提醒", "You asked to be reminded"),
}
"""The steps of a case that officers are told of, and in which words."""


async def on_move(tx: Tx, *, clock: Clock, payload: dict[str, Any], request_id: str = "") -> None:
    """A case took a step: whom it concerns is told once; cards about it are to show what is true now."""
    found = await store.find(tx, [UUID(payload["case_id"])])
    if not found:
        return
    [case], act = found, str(payload["act"])
    await messaging.cards_changed(tx, subject_kind=CASE, subject_id=case.case_id, request_id=request_id)
    if act not in WHY or case.state in ("closed", "waiting"):
        return
    people = set(await _whom(tx, clock, case, act, payload["to_person_id"])) - {payload["person_id"], *case.not_for}
    await tell(
        tx, clock=clock, case=case, people=sorted(people), why=act, key=f"case:{case.case_id}:{payload['version']}"
    )


async def tell(tx: Tx, *, clock: Clock, case: Case, people: Sequence[int], why: str, key: str) -> None:
    """Tell officers about a case, with its card. Three round trips."""
    if not people:
        return
    name = called(case)
    await messaging.tell_officers(
        tx,
        clock=clock,
        person_ids=people,
        template="officer_task",
        variables={
            "why": WHY[why].zh,
            "why_en": WHY[why].en,
            "title": name.zh,
            "title_en": name.en,
            **(await _office(tx, case.office_code)),
            "due_on": case.due_on.isoformat(),
        },
        key=key,
        subject_kind=CASE,
        subject_id=case.case_id,
        link=link_of(case),
    )


async def _office(tx: Tx, code: str) -> dict[str, str]:
    """The names of an office, as templates take them."""
    office = await registry.office(tx, code)
    return {"office": office.name, "office_en": office.name_en} if office else {"office": code}


async def _whom(tx: Tx, clock: Clock, case: Case, act: str, to_person_id: int | None) -> Sequence[int]:
    """Whom a step concerns, by how the case stands now: what is no longer so is not told."""
    if act == "opinion":
        return await _seconds(tx, clock, case) if case.state == "second" and case.claimed_by is None else ()
    if act == "mark":
        return await leaders(tx, clock, case.office_code)
    holder = case.claimed_by
    if holder is None or (act in ("assign", "send_back") and holder != to_person_id):
        return ()
    return [await _at_work(tx, clock, holder)]


async def _at_work(tx: Tx, clock: Clock, person_id: int) -> int:
    """The officer, or who stands in today."""
    try:
        return await stand_in_of(tx, person_id, clock.today()) or person_id
    except OfficerAbsent:
        return person_id


async def _near(tx: Tx, clock: Clock, office_code: str, fits: Callable[[identity.Officer], bool]) -> list[int]:
    """Officers who fit, of the office or of the nearest one above that has any. One round trip a level."""
    branch = registry.office_branch(office_code)
    while branch:
        code = branch.ljust(len(office_code), "0")
        known = await identity.officers(tx, first_code=code, last_code=code, today=clock.today())
        found = [one.person_id for one in known if fits(one)]
        if found:
            return found
        branch = branch[:-2] if len(branch) > PROVINCE else ""
    return []


async def leaders(tx: Tx, clock: Clock, office_code: str) -> list[int]:
    """Who assigns work in an office, or in the nearest one above. One round trip a level."""
    return await _near(tx, clock, office_code, lambda one: one.may("cases.assign"))


async def _seconds(tx: Tx, clock: Clock, case: Case) -> list[int]:
    """Who may give the second opinion: not the first, at work today, in that field of work."""
    above = await _near(tx, clock, case.office_code, lambda one: _may_confirm(one, case))
    away, skills = await desks.substitutes(tx, above, clock.today()), await desks.skills(tx, above)
    fit = [one for one in above if one not in away and case.skill in (skills.get(one) or {case.skill})]
    return fit[:MOST_SECONDS]


def _may_confirm(officer: identity.Officer, case: Case) -> bool:
    return officer.may("cases.decide") and unfit(case, Desk(officer.person_id, officer.office_code)) is None


async def remind_again(tx: Tx, *, clock: Clock, case_id: UUID, person_id: int, at: str) -> None:
    """The officer asked to be reminded: told again while the case is still in their hands."""
    for case in await store.find(tx, [case_id]):
        hands = await stands_for(tx, person_id, clock.today()) | {person_id}
        if case.state in ("claimed", "second") and case.claimed_by in hands:
            await tell(tx, clock=clock, case=case, people=[person_id], why="later", key=f"case:{case_id}:later:{at}")


def is_working_day(clock: Clock) -> bool:
    """Whether offices work today."""
    return rules.working_days_between(clock.today() - clock.today().resolution, clock.today()) == 1


async def morning_of(tx: Tx, *, clock: Clock, due: Sequence[told.Due]) -> None:
    """One card for each officer, or for who stands in, about all that is late, due today or next."""
    for one in due:
        person_id = await _at_work(tx, clock, one.person_id)
        await messaging.tell_officers(
            tx,
            clock=clock,
            person_ids=[person_id],
            template="officer_morning",
            variables={"overdue": one.overdue, "today": one.today, "next": one.next},
            key=f"morning:{clock.today().isoformat()}:{one.person_id}",
            link="/workbench/tasks?view=mine",
        )


async def late_of(tx: Tx, *, clock: Clock, late: Sequence[told.Late]) -> None:
    """One card for each leader about what is late in an office of theirs."""
    for one in late:
        await messaging.tell_officers(
            tx,
            clock=clock,
            person_ids=await leaders(tx, clock, one.office_code),
            template="officer_overdue",
            variables={
                **(await _office(tx, one.office_code)),
                "overdue": one.overdue,
                "unclaimed": one.unclaimed,
                "marked": one.marked,
            },
            key=f"late:{clock.today().isoformat()}:{one.office_code}",
            link="/workbench/board",
        )


async def own_list(tx: Tx, clock: Clock, person_id: int) -> str:
    """What an officer has to do, as the answer to 待办 in a chat: one line a case, each with its link."""
    if not await identity.officer_hats(tx, person_id=person_id, clock=clock):
        return ""
    hands = sorted(await stands_for(tx, person_id, clock.today()) | {person_id})
    found = await told.in_hand(tx, hands, MOST_LISTED + 1)
    if not found:
        return "您名下没有待办任务。\nYou have nothing to do."
    lines = [
        f'{one.due_on:%m-%d} <a href="{{link}}{link_of(one)}">{called(one).zh}</a>'
        + (" 已逾期" if one.is_late(clock.now().astimezone(CHINA).date()) else "")
        for one in found[:MOST_LISTED]
    ]
    more = '\n<a href="{link}/workbench/tasks?view=mine">更多 · more</a>' if len(found) > MOST_LISTED else ""
    return "您的待办 · your tasks\n" + "\n".join(lines) + more
