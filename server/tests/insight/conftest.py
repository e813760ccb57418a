"""A population for all tests, and officers at the workbench."""

from __future__ import annotations

from pathlib import Path

import pytest
from filing.make import Caller
from insight.make import LEADER, make_officers, make_population

from palmtax import identity
from palmtax.identity.model.tokens import Device
from palmtax.insight.store.page import Population, population
from palmtax.plumbing.settings import Settings


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    return make_population(tmp_path_factory.mktemp("population"))


@pytest.fixture
def people(folder) -> Population:
    return population(folder)


@pytest.fixture
def house(house, folder):
    """The house with the small population, computing in the worker's own thread."""
    house.settings = Settings({"PALMTAX_INSIGHT_POPULATION_FOLDER": str(folder), "PALMTAX_INSIGHT_PROCESSES": "0"})
    return house


@pytest.fixture
async def officers(database, clock):
    async with database.transaction() as tx:
        await make_officers(tx, clock)


@pytest.fixture
def desk(officers, client, database, clock):
    """Signs an officer in at the workbench."""

    async def sign_in(person_id: int = LEADER) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return sign_in
