"""Every matter of the catalogue, through the API: begun, filled from its own examples, handed in, decided, read back."""

from __future__ import annotations

import pytest
from matters.make import decided, expected, filled, submitted

from palmtax.matters.model.catalogue import catalogue, in_groups
from palmtax.matters.model.matter import CATEGORIES, GROUPS, ROLES_OF

MATTERS = catalogue()
IN_GROUPS = dict(in_groups())
every = pytest.mark.parametrize("group", GROUPS)


async def walk(town, who, matter, example):
    shown = await filled(town, who, matter, example)
    sent = await submitted(who, shown)
    if sent["state"] == "submitted":
        sent = await decided(town, who, matter, example, sent)
    assert sent["state"] == ("refused" if example.decision == "no" else "approved"), (example.name, sent["state"])
    if sent["state"] == "approved":
        values = sent["outcome"]["values"]
        assert {k: values.get(k) for k in example.expect} == expected(example), (example.name, values)
        hides = matter.is_secret(example.answers)
        assert (sent["document"] is not None) == (matter.document is not None and not hides)
    read = await who.ok("GET", f"/matters/applications/{sent['application_id']}")
    assert read["state"] == sent["state"]
    assert next(move["act"] for move in read["timeline"]) == "matters.application_started"
    return read


async def faults_of(town, matter):
    """What goes wrong with a matter in any hat: every hat walks an example, every example is walked."""
    seen, wrong = set(), []
    for category, role in matter.hats():
        fitting = [e for e in matter.examples if not e.hat or category in e.hat]
        for example in [e for e in fitting if e.name not in seen] or fitting[:1]:
            seen.add(example.name)
            try:
                await walk(town, await town.person(category, role), matter, example)
            except Exception as failed:  # noqa: BLE001 — one that fails must not hide the next
                wrong.append(
                    f"{matter.code} {category}/{role} “{example.name}”: {type(failed).__name__} {str(failed)[:700]}"
                )
        if not fitting:
            wrong.append(f"{matter.code} {category}/{role}: no example fits this hat")
    wrong += [f"{matter.code} “{e.name}” fits no hat" for e in matter.examples if e.name not in seen]
    return wrong


@every
async def test_every_matter_is_begun_filled_handed_in_decided_and_read_back_in_every_hat(group, town):
    wrong = [fault for matter in IN_GROUPS[group] for fault in await faults_of(town, matter)]
    assert wrong == [], "\n".join(wrong)


@every
async def test_every_matter_is_refused_to_every_other_hat(group, town, database):
    people = {(c, r): await town.person(c, r) for c in CATEGORIES for r in sorted(ROLES_OF[c])}
    for matter in IN_GROUPS[group]:
        for hat in people.keys() - set(matter.hats()):
            answer = await people[hat]("POST", "/matters/applications", {"matter_code": matter.code})
            assert (answer.status_code, answer.json()["code"]) == (403, "matters.wrong_hat"), (matter.code, hat)
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from matters_application") == 0


def test_the_catalogue_is_whole():
    assert len(MATTERS) == 235
    assert list(IN_GROUPS) == list(GROUPS)
