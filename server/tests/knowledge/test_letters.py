"""Asking in writing: once, in time, answered to who asked; and what matters may do here."""

from __future__ import annotations

from datetime import date

import pytest
from complaints.make import ANN, OFFICE, OFFICES, STRANGER, make_town, officer
from filing.make import OWNER, SHOP, sign_in
from messaging.make import make_act

from palmtax import identity, knowledge, rules
from palmtax.identity.model.tokens import Device
from palmtax.knowledge.actions import effects
from palmtax.knowledge.errors import AnswerMissing, LetterAnsweredBefore, NothingComputed, QuestionMissing
from palmtax.messaging.listeners import tell_letter_answered
from palmtax.plumbing.effects import Computed

QUESTION = "本季销售额正好三十万元，要不要交增值税？"


@pytest.fixture
async def act(database, clock):
    async with database.transaction() as tx:
        await make_town(tx, clock)
    return make_act(clock, office_code=OFFICE)


async def events(database):
    async with database.statement() as tx:
        rows = await tx.fetch("select convert_from(payload, 'utf8')::jsonb as p from pgqueuer order by id")
    return [(row["p"]["event"], row["p"]["data"]) for row in rows if "event" in row["p"]]


async def test_asked_once_and_answered_to_who_asked(act, client, database, clock, task_context):
    async with database.transaction() as tx:
        done = await effects.ask_letter(tx, act=act, topic="增值税", question=QUESTION)
        assert await effects.ask_letter(tx, act=act, topic="vat", question=QUESTION) == done
    due_on = rules.add_working_days(date(2026, 11, 23), 15).isoformat()
    assert done.values["due_on"] == due_on == "2026-12-14"
    ((name, data),) = await events(database)
    assert name == "knowledge.letter_received"
    assert (data["category"], data["due_on"], data["office_code"], data["not_for"]) == ("vat", due_on, OFFICE, [OWNER])
    async with database.transaction() as tx:
        letters = await knowledge.letters_of(tx, taxpayer_id=SHOP)
    given = {"actor": officer(ANN), "clock": clock, "taxpayer_id": SHOP, "subject_id": letters[0].letter_id}
    async with database.transaction() as tx:
        with pytest.raises(AnswerMissing):
            await knowledge.answer_letter(tx, **given, text=" ")
        first = await knowledge.answer_letter(tx, **given, text="达到起征点，全额计税")
        assert await knowledge.answer_letter(tx, **given, text="达到起征点，全额计税") == first
        with pytest.raises(LetterAnsweredBefore):
            await knowledge.answer_letter(tx, **given, text="不用交")
    name, data = (await events(database))[-1]
    assert name == "knowledge.letter_answered"
    for _ in range(2):
        await tell_letter_answered(task_context, data)
    owner = await sign_in(client, database, clock, OWNER, SHOP)
    shown = await owner.ok("GET", f"/knowledge/letters/{letters[0].letter_id}")
    assert (shown["state"], shown["answer"], shown["topic_title_en"]) == ("answered", "达到起征点，全额计税", "VAT")
    assert [one["letter_no"] for one in await owner.ok("GET", "/knowledge/letters")] == [done.values["letter_no"]]
    assert [m["template"] for m in (await owner.ok("GET", "/messaging/messages"))["messages"]] == ["letter_answered"]


async def test_only_the_office_and_those_above_read_it(act, client, database, clock):
    async with database.transaction() as tx:
        await effects.ask_letter(tx, act=act, topic="留学生", question=QUESTION)
        (letter,) = await knowledge.letters_of(tx, taxpayer_id=SHOP)
    assert letter.topic == "other"
    await readers(client, database, clock, letter, {ANN: 200, STRANGER: 404})
    given = {"actor": officer(ANN), "clock": clock, "taxpayer_id": SHOP, "subject_id": letter.letter_id}
    async with database.transaction() as tx:
        concerned = await knowledge.forward_letter(tx, **given, office_code=OFFICES[STRANGER], reason="不在本辖区")
    assert concerned == (OWNER,)
    await readers(client, database, clock, letter, {ANN: 404, STRANGER: 200})


async def readers(client, database, clock, letter, expected):
    """What each officer gets who asks for the letter."""
    for person, status in expected.items():
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        answer = await client.get(
            f"/api/knowledge/desk/letters/{SHOP}/{letter.letter_id}",
            headers={"authorization": f"Bearer {signed.access_token}", "x-channel": "workbench"},
        )
        assert answer.status_code == status


async def test_a_question_needs_words(act, database):
    async with database.transaction() as tx:
        with pytest.raises(QuestionMissing):
            await effects.ask_letter(tx, act=act, topic="vat", question=" ？ ")


async def test_what_matters_show(clock):
    act = make_act(clock)
    found = await effects.find_articles(None, act=act, text="年终奖怎么交税")
    assert found.values["count"] >= 1
    assert "36000" in found.lines[0].value
    guide = await effects.show_guide(None, act=act, matter="FPBL-002")
    assert [line.label for line in guide.lines] == ["发票额度不够怎么办"]
    assert (await effects.show_guide(None, act=act, matter="提额")).lines == guide.lines
    with pytest.raises(NothingComputed):
        await effects.calculate(None, act=act, law="late_fee")
    lines = [{"code": "fee", "label": "滞纳金", "label_en": "Late fee", "value": 7500, "unit": "fen"}]
    computed = Computed("late_fee", clock.today(), "v", {}, {"late_fee": 7500}, lines)
    shown = await effects.calculate(None, act=make_act(clock, computed=computed), law="late_fee")
    assert (shown.values, shown.lines[0].value, shown.lines[0].unit) == ({"late_fee": 7500}, 7500, "fen")
