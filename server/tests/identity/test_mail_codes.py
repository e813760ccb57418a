"""An e-mail address is bound by a code that only its reader has; nobody learns whose it is, and no mailbox is flooded."""

from __future__ import annotations

import asyncio
import re

import pytest
from filing.make import Caller
from identity.make import BOSS, CLERK, OTHER_BOSS, acts, picture

from palmtax import identity
from palmtax.identity.model.tokens import Device
from palmtax.plumbing.outbound import OutsideUnavailable

ADDRESS = "alice@example.com"
pytestmark = pytest.mark.usefixtures("town")


class FakeMail:
    """Keeps the letters."""

    def __init__(self):
        self.letters: list[tuple[str, str, str]] = []
        self.fault: Exception | None = None

    async def send(self, address, title, body, reference):
        assert len(reference) == 32
        if self.fault is not None:
            raise self.fault
        self.letters.append((address, title, body))

    @property
    def code(self) -> str:
        return re.search(r"\d{6}", self.letters[-1][2])[0]


@pytest.fixture
def mail(outside):
    outside["mail"] = FakeMail()
    return outside["mail"]


@pytest.fixture
def enter(client, database, clock):
    async def entered(person_id=BOSS):
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("phone", "h5"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "h5")

    return entered


async def ask(who, address=ADDRESS):
    return await who("POST", "/identity/mail-codes", {"address": address})


async def give(who, code, address=ADDRESS):
    return await who("POST", "/identity/mail-addresses", {"address": address, "code": code})


async def mails_of(database, person_id=BOSS):
    async with database.statement() as tx:
        return [one.value for one in await identity.addresses(tx, [person_id], ["email"])]


async def test_the_code_binds_the_address_once(enter, mail, database, clock):
    who = await enter()
    assert (await ask(who, "Alice@Example.com")).status_code == 200
    assert [one[0] for one in mail.letters] == [ADDRESS]
    assert mail.code not in mail.letters[0][1], "a title shows on locked screens"
    told = await give(who, mail.code, " alice@example.com".strip())
    assert [one["masked"] for one in told.json() if one["family"] == "email"] == ["a***@example.com"]
    assert await mails_of(database) == [ADDRESS]
    assert (await give(who, mail.code)).json()["code"] == "identity.code_stale"
    assert (await acts(database)).count("identity.address_bound") == 1


async def test_five_wrong_codes_lock_and_the_right_one_no_longer_helps(enter, mail, database):
    who = await enter()
    await ask(who)
    wrong = f"{(int(mail.code) + 1) % 1_000_000:06d}"
    told = [(await give(who, wrong)).json() for _ in range(6)]
    assert [one["code"] for one in told] == ["identity.code_wrong"] * 4 + ["identity.code_locked"] * 2
    assert (await give(who, mail.code)).json()["code"] == "identity.code_locked"
    assert await mails_of(database) == []


async def test_a_code_is_worth_nothing_to_another_person_or_for_another_address(enter, mail, database, clock):
    who, other = await enter(), await enter(OTHER_BOSS)
    await ask(who)
    code = mail.code
    assert (await give(other, code)).json()["code"] == "identity.code_stale"
    assert (await give(who, code, "bob@example.com")).json()["code"] == "identity.code_stale"
    clock.move(minutes=16)
    assert (await give(await enter(), code)).json()["code"] == "identity.code_stale"
    assert await mails_of(database) == await mails_of(database, OTHER_BOSS) == []


async def test_whose_address_it_is_is_told_to_nobody_but_its_reader(enter, mail, database, clock):
    first, other = await enter(), await enter(OTHER_BOSS)
    await ask(first)
    await give(first, mail.code)
    clock.move(minutes=2)
    known, unknown = await ask(other), await ask(other, "nobody@example.com")
    assert known.json() == unknown.json()
    wrong = [(await give(other, "000000", one)).json() | {"trace_id": ""} for one in (ADDRESS, "nobody@example.com")]
    assert wrong[0] == wrong[1]
    assert [one[0] for one in mail.letters][-2:] == [ADDRESS, "nobody@example.com"]
    code = re.search(r"\d{6}", mail.letters[-2][2])[0]
    assert (await give(other, code)).json()["code"] == "identity.address_taken"
    assert await mails_of(database, OTHER_BOSS) == []


async def test_nobody_floods_a_mailbox_and_nobody_locks_another_out(enter, mail, database, clock):
    who, other = await enter(), await enter(OTHER_BOSS)
    assert (await ask(who)).status_code == 200
    assert (await ask(who)).json()["code"] == "identity.code_too_soon"
    assert (await ask(other)).status_code == 200, "another person's try does not wait for mine"
    for _ in range(5):
        await give(other, "000000")
    assert (await give(who, re.search(r"\d{6}", mail.letters[0][2])[0])).status_code == 200
    clock.move(minutes=20)
    sent = 2
    for person in (BOSS, OTHER_BOSS, CLERK) * 4:
        clock.move(minutes=2)
        sent += (await ask(await enter(person))).status_code == 200
    assert sent == len(mail.letters) == 10


async def test_one_person_asks_for_so_many_a_day(enter, mail, clock):
    told = []
    for number in range(24):
        clock.move(minutes=7)
        told.append((await ask(await enter(), f"a{number}@example.com")).status_code)
    assert told.count(200) == 20
    assert told[20:] == [429] * 4


async def test_a_letter_that_was_not_sent_leaves_nothing(enter, mail, database, outside):
    who = await enter()
    before = await picture(database)
    mail.fault = OutsideUnavailable("transport", "away")
    assert (await ask(who)).json()["code"] == "identity.mail_unavailable"
    mail.fault = None
    assert (await ask(who)).status_code == 200, "it was not counted"
    del outside["mail"]
    assert (await ask(await enter(CLERK), "b@example.com")).json()["code"] == "identity.mail_unavailable"
    assert before["identity_person_address"] == (await picture(database))["identity_person_address"]


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a b@example.com", "a@example.com\r\nBcc: x@example.com", "a@-example.com", "a@例子.com",
     "x" * 65 + "@example.com", "a@" + "b" * 250 + ".com", "<a@example.com>", "a@example.com,b@example.com"],
)  # fmt: skip
async def test_what_is_no_address_is_refused(enter, mail, address):
    assert (await ask(await enter(), address)).json()["code"] == "plumbing.malformed"
    assert mail.letters == []


async def test_the_same_code_twice_at_once_binds_once(enter, mail, database):
    who = await enter()
    await ask(who)
    told = await asyncio.gather(*(give(who, mail.code) for _ in range(4)))
    assert [one.status_code for one in told].count(200) == 1
    assert await mails_of(database) == [ADDRESS]


async def test_a_browser_ends_its_own_subscription(enter, database):
    who = await enter()
    push = {"endpoint": "https://push.example/abc", "p256dh": "B" * 87, "auth": "a" * 22}
    assert (await who("POST", "/identity/push-subscriptions", push)).status_code == 204
    for _ in range(2):
        assert (await who("POST", "/identity/push-subscriptions/ending", push)).status_code == 204
    async with database.statement() as tx:
        assert await identity.addresses(tx, [BOSS], ["web_push"]) == []
    assert (await acts(database)).count("identity.address_unbound") == 1
