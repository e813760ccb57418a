"""A case as a card in an officer's chat: what it shows, and what may be pressed there.

Only what needs no papers: taking a case, and being reminded. Deciding is done in the workbench, before the papers
(decision 0027).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from palmtax import messaging, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock
from palmtax.cases.actions.claiming import claim
from palmtax.cases.actions.desks import desk_of, stands_for
from palmtax.cases.actions.reading import names
from palmtax.cases.errors import CaseUnknown, Conflict, WrongState
from palmtax.cases.model.case import Case, Desk, not_claimable, unfit, wrong_state
from palmtax.cases.store import cases as store
from palmtax.cases.store import desks
from palmtax.messaging import Button, Card, Words
from palmtax.plumbing.database import Tx
from palmtax.plumbing.faults import NotAllowed
from palmtax.plumbing.outbox import enqueue

CASE = "case"
CLAIM = Button("claim", Words("领取", "Take it"), is_main=True)
LATER = Button("later", Words("稍后提醒", "Remind me later"))
PAUSE = timedelta(hours=2)
BEGINS, ENDS = time(8, 30), time(17, 30)
"""The working day in which officers are reminded, China time."""
KIND_NAMES: dict[str, Words] = {
    "complaint": Words("投诉", "A complaint"),
    "follow_up": Words("回访", "A call back"),
    "letter": Words("书面咨询", "A question in writing"),
    "report": Words("检举", "A report"),
}
"""What a case is called outside the workbench where its title may hold what somebody wrote."""


def called(case: Case) -> Words:
    """The name of a case for a locked screen."""
    if case.kind == "matter":
        return Words(case.title, case.title_en)
    return KIND_NAMES.get(case.kind, Words("任务", "A case"))


def link_of(case: Case) -> str:
    """Where a case is opened; the office says by which hat."""
    return f"/workbench/tasks/{case.case_id}?office={case.office_code}"


def _day(case: Case) -> Words:
    return Words(f"{case.due_on.month}月{case.due_on.day}日前", f"by {case.due_on.isoformat()}")


def _standing(case: Case, desk: Desk, holder: str) -> tuple[Words, tuple[Button, ...]]:
    """How a case stands for an officer, and what they may press."""
    if case.state == "closed":
        return Words("已办结", "Done"), ()
    if desk.holds(case):
        if case.state == "waiting":
            return Words("等待纳税人补正", "Waiting for the taxpayer"), ()
        return Words("在您名下，请办理", "Yours: please handle it"), (LATER,)
    if case.claimed_by is not None:
        return Words(f"已由 {holder} 办理", f"{holder} has it"), ()
    if case.first_by == desk.person_id:
        return Words("等待复审", "Waiting for the second officer"), ()
    if not_claimable(case, desk) is not None:
        return Words("已转出，不用您办理", "Passed on: nothing for you to do"), ()
    state = Words("待复审，尚无人领取", "Nobody has taken the review") if case.state == "second" else None
    return state or Words("待领取", "Nobody has taken it"), (CLAIM,)


async def face(tx: Tx, clock: Clock, person_id: int, case_id: UUID) -> Card | None:
    """What the card of a case shows an officer now; none when there is no such case. Five to seven round trips."""
    found = await store.find(tx, [case_id])
    if not found:
        return None
    [case] = found
    skills = (await desks.skills(tx, [person_id])).get(person_id, frozenset())
    desk = Desk(person_id, case.office_code, skills, await stands_for(tx, person_id, clock.today()))
    holder = (await names(tx, [case.claimed_by])).get(case.claimed_by, "") if case.claimed_by is not None else ""
    standing, buttons = _standing(case, desk, holder)
    if case.is_late(clock.today()):
        standing = Words(f"{standing.zh} · 已逾期", f"{standing.en} · overdue")
    office = await registry.office(tx, case.office_code)
    there = Words(office.name, office.name_en) if office else Words(case.office_code, case.office_code)
    facts = (Words("期限", "Due"), _day(case)), (Words("税务机关", "Office"), there)
    return Card(called(case), standing, facts, buttons, link_of(case))


def nearest(actors: list[Actor], case: Case) -> Actor | None:
    """The officer under the hat that is nearest to the office of a case; none where no hat of theirs covers it."""
    fitting = [one for one in actors if one.hat and registry.covers(one.hat.office_code or "", case.office_code)]
    fitting.sort(key=lambda one: (one.may("cases.decide"), len(registry.office_branch(_office(one)))))
    return fitting[-1] if fitting else None


def _office(actor: Actor) -> str:
    return actor.hat.office_code or "" if actor.hat else ""


async def press(tx: Tx, clock: Clock, tapped: messaging.Tapped) -> Words:
    """Take a case or put its reminder off, by the officer's own hat for its office; the answer in words.

    Errors: cases.case_unknown, cases.conflict, plumbing.not_allowed, and those of claiming.
    """
    found = await store.find(tx, [tapped.subject_id])
    actor = nearest(await tapped.actors(tx, clock), found[0]) if found else None
    if actor is None:
        raise CaseUnknown()
    [case] = found
    if actor.person_id in case.not_for:
        raise Conflict()
    if tapped.button == LATER.key:
        return await _later(tx, clock, actor, case)
    if tapped.button != CLAIM.key:
        return Words("没有这个操作", "There is no such button")
    if not actor.may("cases.decide"):
        raise NotAllowed(scope="cases.decide")
    desk = await desk_of(tx, actor=actor, clock=clock)
    was_mine = desk.holds(case)
    await claim(tx, actor=actor, clock=clock, case=case, desk=desk)
    return Words("这项任务已在您名下", "This case is yours already") if was_mine else Words("已领取", "Taken")


async def _later(tx: Tx, clock: Clock, actor: Actor, case: Case) -> Words:
    """Remind in two hours, or when the next working day begins."""
    desk = await desk_of(tx, actor=actor, clock=clock)
    if case.state == "closed" or not desk.holds(case):
        raise (
            wrong_state(case)
            if case.state == "closed"
            else unfit(case, desk) or WrongState(state="他人办理", state_en="with somebody else")
        )
    at = reminded_at(clock.now())
    job = {"case_id": str(case.case_id), "person_id": actor.person_id, "at": at.isoformat()}
    await enqueue(
        tx, "cases.remind", job, run_after=at - clock.now(), key=f"cases.remind:{case.case_id}:{actor.person_id}"
    )
    said = f"{at.astimezone(CHINA):%m-%d %H:%M}"
    return Words(f"{said} 再提醒您", f"You will be reminded at {said}")


def reminded_at(now: datetime) -> datetime:
    """In two hours while the office works, else at the beginning of the next working day.

    >>> from datetime import UTC
    >>> (
    ...     reminded_at(datetime(2026, 11, 30, 2, tzinfo=UTC)).isoformat(),
    ...     reminded_at(datetime(2026, 11, 27, 9, tzinfo=UTC)).isoformat(),
    ... )
    ('2026-11-30T12:00:00+08:00', '2026-11-30T08:30:00+08:00')
    """
    at = now.astimezone(CHINA) + PAUSE
    is_working = rules.working_days_between(at.date() - timedelta(days=1), at.date()) == 1
    if is_working and BEGINS <= at.time() <= ENDS:
        return at
    day = at.date() if is_working and at.time() < BEGINS else rules.add_working_days(at.date(), 1)
    return datetime.combine(day, BEGINS, CHINA)
