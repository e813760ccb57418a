"""A bounded attack on the OpenAPI document; `dev/attack.py` is the long one."""

from __future__ import annotations

import copy

import pytest
import schemathesis
from journeys.attack import WHO, World, attack, operations
from journeys.place import NoLimits, fresh_database, opened

GROUPS = (
    "appointments",
    "cases",
    "certificates",
    "channels",
    "complaints",
    "filing",
    "identity",
    "insight",
    "invoice",
    "knowledge",
    "matters",
    "messaging",
    "partners",
    "payment",
    "registry",
    "status",
    "v1",
    "verify",
)
EXAMPLES = 15


@pytest.fixture(scope="module")
def target(postgres, template, tmp_path_factory):
    """A house of its own, without rate limits: the attack comes from one address."""
    with opened(
        fresh_database(postgres, template, "attacked"), tmp_path_factory.mktemp("attacked"), limiter=NoLimits()
    ) as place:
        yield place


def test_the_document_has_exactly_the_domains_that_are_attacked(target):
    assert set(operations(target)) == set(GROUPS)
    assert sum(len(group) for group in operations(target).values()) > 60


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_no_answer_breaks_the_document(target, group):
    world, found, sent = World.of(target), [], 0
    for operation in operations(target)[group]:
        for number, who in enumerate(WHO):
            sent += attack(world, operation, who, examples=EXAMPLES, seeded=number, tell=found.append)
    assert [(f.operation, f.who, f.what) for f in found] == []
    assert sent >= len(WHO) * len(operations(target)[group])
    target.idle(60)
    assert target.dead_letters() == []


def test_an_answer_that_breaks_the_document_is_found(target):
    """The attack itself works: a shape or a status that is not as declared is told."""
    document = copy.deepcopy(target.http.get("/api/openapi.json").json())
    document["components"]["schemas"]["CalendarDay"]["required"].append("moon")
    del document["paths"]["/api/verify/{code}"]["get"]["responses"]["4XX"]
    schema, world, found = schemathesis.openapi.from_dict(document), World.of(target), []
    for path in ("/api/filing/calendar", "/api/verify/{code}"):
        attack(world, schema[path]["GET"], "nobody", examples=20, seeded=1, tell=found.append)
    assert {(f.operation, f.what.split()[1].rstrip(":")) for f in found} == {
        ("GET /api/filing/calendar", "JsonSchemaError"), ("GET /api/verify/{code}", "UndefinedStatusCode"),
    }  # fmt: skip
