"""Officers come in from their chats: silently when bound, refused in every other way; the directory binds and unbinds."""

from __future__ import annotations

import pytest
from identity.make import BOSS, OFFICER, PHONES, acts, picture, sign_in

from palmtax import identity
from palmtax.identity.adapters import ChatMember
from palmtax.identity.tasks import compare_directories
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

CORP = "wl-corp"
DESK = {"name": "Screen", "channel": "workbench"}
TASK = "/tasks/0192f0c1-0000-7000-8000-000000000001?office=19901010000"
pytestmark = pytest.mark.usefixtures("town")


class FakeChat:
    """A corporation: codes are userids, good once; its directory is what a test says."""

    def __init__(self, family):
        self.family, self.app_id, self.spent, self.directory, self.fault = family, CORP, set(), [], None

    def authorise_address(self, way_back, state):
        return f"https://chat.example/{self.family}?back={way_back}&state={state}"

    async def userid(self, code):
        if self.fault:
            raise self.fault
        if code in self.spent:
            raise OutsideRefused("40029")
        self.spent.add(code)
        return code.partition(":")[0]

    async def members(self):
        if self.fault:
            raise self.fault
        return self.directory


@pytest.fixture
def chat(outside):
    chats = {"gov_wechat": FakeChat("gov_wechat"), "wecom": FakeChat("wecom")}

    async def find(name):
        return chats.get(name)

    outside["office_chats"] = find
    return chats["gov_wechat"]


@pytest.fixture
def bound(database, clock):
    async def bind(userid="gu", person_id=OFFICER, proof="directory"):
        async with database.transaction() as tx:
            await identity.bind(
                tx, clock=clock, person_id=person_id, family="gov_wechat", app_id=CORP, value=userid, proof=proof
            )

    return bind


async def begin(client, page=TASK, chat="gov_wechat"):
    answer = await client.post("/api/identity/chat-oauth", json={"chat": chat, "page": page})
    assert answer.status_code == 200, answer.text
    return answer.json()["address"].partition("state=")[2]


async def back(client, state, code="gu", **more):
    return await client.post("/api/identity/sessions/chat-oauth", json={"state": state, "code": code}, **more)


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def owner(database, userid="gu"):
    async with database.statement() as tx:
        return await identity.person_of_address(tx, "gov_wechat", CORP, userid)


async def test_a_bound_officer_is_signed_in_at_the_page_without_a_second_factor(client, chat, bound, database):
    await bound()
    answer = await back(client, await begin(client))
    told = answer.json()
    assert told["page"] == TASK
    assert told["session"]["me"]["person"]["person_id"] == OFFICER
    assert told["session"]["me"]["hat"]["kind"] == "officer"
    assert told["session"]["me"]["second_factor_until"] is None
    async with database.statement() as tx:
        way = await tx.fetchval("select way from identity_session where person_id = $1", OFFICER)
    assert way == "gov_wechat"
    assert (await acts(database)).count("identity.signed_in") == 1


async def test_the_way_back_is_our_own(client, chat):
    answer = await client.post("/api/identity/chat-oauth", json={"chat": "gov_wechat"})
    assert "back=http://127.0.0.1:8000/workbench/enter/gov_wechat&" in answer.json()["address"]


@pytest.mark.parametrize(
    "page",
    ["https://evil.example/", "//evil.example/a", "/\\evil.example/a", "/a b", "javascript:x", "", "/a" + "b" * 400],
)
async def test_only_pages_of_ours_may_follow(page, client, chat, database):
    before = await picture(database)
    refused(
        await client.post("/api/identity/chat-oauth", json={"chat": "gov_wechat", "page": page}),
        422,
        "plumbing.malformed",
    )
    assert await picture(database) == before


async def test_a_state_is_good_once_and_in_its_own_browser_only(client, chat, bound, clock):
    await bound()
    state = await begin(client)
    kept = dict(client.cookies)
    client.cookies.clear()
    refused(await back(client, state), 409, "identity.oauth_stale")
    client.cookies.update(kept)
    assert (await back(client, state)).status_code == 200
    refused(await back(client, state, "gu:2"), 409, "identity.oauth_stale")
    late = await begin(client)
    clock.move(minutes=6)
    refused(await back(client, late, "gu:3"), 409, "identity.oauth_stale")


async def test_strangers_and_people_who_are_no_officers_are_refused(client, chat, bound, database):
    refused(await back(client, await begin(client), "nobody"), 409, "identity.chat_unbound")
    await bound("boss", BOSS)
    refused(await back(client, await begin(client), "boss"), 409, "identity.chat_unbound")
    await bound()
    async with database.transaction() as tx:
        await tx.execute("update identity_hat set revoked_at = now() where person_id = $1", OFFICER)
    refused(await back(client, await begin(client)), 409, "identity.chat_unbound")
    assert "identity.signed_in" not in await acts(database)


async def test_a_spent_code_and_a_platform_that_is_away(client, chat, bound):
    await bound()
    chat.spent.add("gu")
    refused(await back(client, await begin(client)), 409, "identity.wechat_code_refused")
    chat.fault = OutsideUnavailable("http_500")
    assert (await back(client, await begin(client), "gu:2")).json()["code"] == "identity.wechat_unavailable"
    answer = await client.post("/api/identity/chat-oauth", json={"chat": "dingtalk"})
    assert answer.status_code == 422


async def test_an_officer_binds_the_account_that_comes_back_to_their_own_browser(client, chat, sms, database):
    who = await sign_in(client, sms, PHONES[OFFICER], DESK)
    answer = await who("POST", "/chat-oauth/binding", {"state": await begin(client, page="/board"), "code": "gu"})
    assert answer.json() == {"page": "/board"}
    assert await owner(database) == OFFICER


async def test_nobody_binds_what_is_anothers_or_without_being_an_officer(client, chat, bound, sms, database):
    await bound("gu", BOSS, "oauth")
    who = await sign_in(client, sms, PHONES[OFFICER], DESK)
    told = {"state": await begin(client), "code": "gu"}
    refused(await who("POST", "/chat-oauth/binding", told), 409, "identity.address_taken")
    boss = await sign_in(client, sms, PHONES[BOSS])
    told = {"state": await begin(client), "code": "new"}
    refused(await boss("POST", "/chat-oauth/binding", told), 409, "identity.chat_unbound")
    assert (await owner(database), await owner(database, "new")) == (BOSS, None)


async def test_the_directory_binds_by_the_phone_and_unbinds_who_left(chat, bound, database, task_context):
    await bound("left", BOSS, "oauth")
    chat.directory = [ChatMember("gu", PHONES[OFFICER]), ChatMember("x", PHONES[BOSS]), ChatMember("y", "13999999999"),
                      ChatMember("z", "")]  # fmt: skip
    for _ in range(2):
        await compare_directories(task_context, {})
    assert [await owner(database, one) for one in ("gu", "x", "y", "z", "left")] == [OFFICER, None, None, None, None]
    assert (await acts(database)).count("identity.address_bound") == 2
    assert (await acts(database)).count("identity.address_unbound") == 1


async def test_another_phone_in_the_directory_ends_its_own_proof_only(chat, bound, database, task_context):
    await bound("gu")
    await bound("mine", OFFICER, "oauth")
    chat.directory = [ChatMember("gu", "13999999999"), ChatMember("mine", "13999999998")]
    await compare_directories(task_context, {})
    assert [await owner(database, one) for one in ("gu", "mine")] == [None, OFFICER]


async def test_an_empty_or_broken_directory_is_believed_of_nobody(chat, bound, database, task_context):
    await bound()
    await compare_directories(task_context, {})
    chat.fault = OutsideUnavailable("http_502")
    await compare_directories(task_context, {})
    assert await owner(database) == OFFICER
