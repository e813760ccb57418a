"""Answering people in a chat: what they wrote, tapped or scanned, by what the house knows; every answer is kept."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from palmtax import appointments, identity, matters
from palmtax.base.actor import NATURAL_BASE
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.channels.actions.receiving import event_id
from palmtax.channels.actions.taking import CONTACT, family_of
from palmtax.channels.model import answers
from palmtax.channels.model.answers import Here, Line, Voice
from palmtax.channels.model.incoming import SYNTHETIC, Event
from palmtax.channels.model.manifest import Channel
from palmtax.channels.store import scenes, talks, traffic
from palmtax.channels.store.talks import Talk, Way
from palmtax.plumbing.database import Tx

AGAIN_SECONDS = 60
"""A platform that did not hear our answer asks again within seconds; what comes later is somebody else's copy."""
MOST_TAXPAYERS = 5
KEPT = timedelta(days=365)
_PLACES = {
    "matter": "/matters/detail/index?code={code}", "theme": "/matters/theme/index?code={code}",
    "calculator": "/calculators/detail/index?law={code}",
}  # fmt: skip
_HALL = "/appointments/book/index?office={code}&topic=general&name={name}"
SPOKEN = frozenset({"said", "asked"})
_WITH_TAGS = frozenset({"wechat_oa", "wechat_mini"})
ANSWERED: frozenset[str] = frozenset({"said", "clicked", "followed", "scanned"})


def wants_answer(channel: Channel, event: Event) -> bool:
    """Whether somebody waits for words of ours."""
    is_meant = channel.manifest.talks and event.kind in ANSWERED and bool(event.address)
    return is_meant and SYNTHETIC not in event.key


async def answer(
    tx: Tx, *, clock: Clock, channel: Channel, account: str, link: str, event: Event, way: Way, via: str = "",
    recognises: bool = False,
) -> Talk | None:  # fmt: skip
    """The answer to an event, made and kept once. None when it was given already and nobody asks again, or none is due.

    `via`: the account that signs people in where it is not this one. `recognises`: the platform shows an answer once,
    however often it is handed over, so one that may have been lost is given again. Three to ten round trips.
    """
    number, now = event_id(channel.name, event.key), clock.now()
    known = await talks.one(tx, event.address, number)
    if known is not None:
        if recognises:
            return known if known.answered_at is None else None
        is_asked_again = way == "reply" == known.way and (now - known.asked_at).total_seconds() < AGAIN_SECONDS
        return known if is_asked_again else None
    family = family_of(channel)
    person_id = await identity.person_of_address(tx, family, account, event.address) if family else None
    text = event.choice or event.said
    voice = Voice(answers.language_of(text), link, via or channel.name, channel.manifest.transport not in _WITH_TAGS)
    words = await _words(tx, clock, channel, voice, event, text, person_id)
    told = text or event.scene or event.theirs
    made = Talk(number, channel.name, person_id, event.kind, told, words, way, now, now if way == "reply" else None)
    return made if await talks.keep(tx, event.address, made) else None


async def _words(
    tx: Tx, clock: Clock, channel: Channel, voice: Voice, event: Event, text: str, person_id: int | None
) -> str:
    if event.scene:
        seen = await scenes.use(tx, event.scene, clock.now(), is_follow=event.kind in ("followed", "contact"))
        if seen is None or seen.channel != channel.name:
            return answers.scene_over(voice)
        here = await _here(tx, clock, seen.office_code) if seen.office_code else None
        return answers.scanned(voice, Line(seen.title, seen.title_en, "", "", seen.place), here)
    if event.kind == "followed":
        return answers.welcome(voice, channel.manifest.title)
    if event.more.get("WelcomeCode"):
        return answers.greeted(voice)
    wish = answers.wish_of(text)
    if wish == "progress":
        lines = await _under_way(tx, clock, person_id) if person_id is not None else []
        return answers.progress(voice, lines, is_known=person_id is not None)
    if wish == "search":
        return answers.found(voice, await _found(tx, clock, text))
    return answers.only_words(voice) if event.kind in SPOKEN and event.theirs != "text" else answers.help_of(voice)


async def _here(tx: Tx, clock: Clock, office_code: str) -> Here | None:
    """The hall that a scanned code hangs in, with who waits there; none when it is no hall any more. Four round trips."""
    try:
        screen = await appointments.screen(tx, clock=clock, office_code=office_code)
    except PalmtaxError:
        return None
    waiting = sum(one.waiting for one in screen.paces.values())
    return Here(
        screen.hall.name, screen.hall.name_en, waiting, _HALL.format(code=office_code, name=quote(screen.hall.name))
    )


async def _found(tx: Tx, clock: Clock, text: str) -> list[Line]:
    hits = (await matters.search(tx, actor=None, clock=clock, text=text[:80], limit=answers.MOST)).hits
    return [
        Line(one.title, one.title_en, one.say, one.say_en, _PLACES.get(one.kind, "").format(code=one.code))
        for one in hits
    ]


async def _under_way(tx: Tx, clock: Clock, person_id: int) -> list[Line]:
    """What a person may see of what is under way, those that want something of them first; secret matters are not named."""
    own = [*await identity.businesses_of(tx, person_id, clock.today()), NATURAL_BASE + person_id]
    found: list[tuple[bool, Line]] = []
    for taxpayer_id in dict.fromkeys(own[-MOST_TAXPAYERS:]):
        actor = await identity.acting_for(tx, clock=clock, person_id=person_id, taxpayer_id=taxpayer_id, request_id="")
        if actor is None or not actor.may("matters.use"):
            continue
        whose = "self" if taxpayer_id >= NATURAL_BASE else str(taxpayer_id)
        page = await matters.applications_of(
            tx, taxpayer_id=taxpayer_id, group="open", text="", cursor=None, limit=answers.MOST
        )
        found += [
            (
                one.state != "supplement",
                Line(
                    one.title, one.title_en, one.state_name, one.state_name_en,
                    f"/matters/application/index?id={one.application_id}", whose,
                ),
            )
            for one in page.applications
            if matters.find_matter(one.matter_code).secret is None
        ]  # fmt: skip
    return [line for _, line in sorted(found, key=lambda one: one[0])]


async def window(tx: Tx, *, clock: Clock, channel: Channel, event: Event) -> str | None:
    """The window of free messages that an answer afterwards uses up; empty when it needs none, none when none is open."""
    if event.more.get("WelcomeCode"):
        left = await traffic.left_of(tx, channel.name, event.address, CONTACT)
        return None if left is not None and left[1] else ""
    whats = [one.after for one in channel.manifest.windows]
    return await traffic.open_window(tx, channel.name, event.address, whats, clock.now()) or None


async def answered(tx: Tx, *, clock: Clock, talk: Talk, address: str, uses: str) -> None:
    """An answer was handed over afterwards."""
    if uses:
        await traffic.use_one(tx, talk.channel, address, uses, clock.now())
    await talks.answered(tx, address, talk.event_id, clock.now())


async def recognise(tx: Tx, *, clock: Clock, account: str, address: str, unionid: str) -> int | None:
    """Somebody who began to follow and is known by another of our accounts is bound here too: they can be written to."""
    person_id = await identity.person_of_address(tx, "wechat_oa", account, address, unionid=unionid)
    if person_id is not None:
        await identity.bind(
            tx, clock=clock, person_id=person_id, family="wechat_oa", app_id=account, value=address, unionid=unionid,
            proof="wechat_login",
        )  # fmt: skip
    return person_id


async def forget(tx: Tx, *, clock: Clock) -> None:
    """Drop what was said so long ago that nobody asks about it (个人信息保护法 第十九条)."""
    await talks.forget(tx, clock.now() - KEPT)
