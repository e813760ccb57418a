"""Roles, tokens and masks, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax import identity
from palmtax.identity.model.roles import beyond
from palmtax.identity.model.tokens import new_code, new_person_id, new_token, person_of_token, session_end

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@given(st.integers(min_value=1, max_value=2**53 - 1))
def test_a_token_leads_to_its_person(person_id):
    token = new_token(person_id)
    assert person_of_token(token) == person_id
    assert 40 < len(token) <= 60


@given(st.text(max_size=80))
def test_any_text_is_somebody_or_nobody(text):
    found = person_of_token(text)
    assert found is None or 0 < found < 2**53


def test_tokens_and_codes_and_people_do_not_repeat():
    assert len({new_token(1) for _ in range(1000)}) == 1000
    assert len({new_person_id() for _ in range(1000)}) == 1000
    assert len({new_code() for _ in range(1000)}) > 990
    assert all(len(new_code()) == 6 for _ in range(100))


def test_every_scope_of_a_role_is_named_and_every_scope_is_held():
    held = frozenset().union(*(role.scopes for role in identity.ROLES.values()))
    assert held == frozenset(identity.SCOPES)
    assert all(scope.roles for scope in identity.SCOPES.values())


def test_no_officer_holds_a_taxpayers_scope_and_no_taxpayer_an_officers():
    officers = frozenset().union(*(r.scopes for r in identity.ROLES.values() if r.kind == "officer"))
    others = frozenset().union(*(r.scopes for r in identity.ROLES.values() if r.kind != "officer"))
    assert officers & others == frozenset()


def test_the_three_administrators_share_nothing_and_do_no_business():
    three = [identity.ROLES[code].scopes for code in ("system_admin", "security_admin", "audit_admin")]
    assert sum(len(scopes) for scopes in three) == len(frozenset().union(*three))
    assert frozenset().union(*three) <= {
        "audit.read", "channels.read", "channels.switch", "messaging.rescue", "partners.read", "partners.review",
    }  # fmt: skip


def test_only_the_legal_representative_appoints_a_finance_lead():
    assert [code for code, role in identity.ROLES.items() if "finance_lead" in role.appoints] == ["legal_rep"]
    assert [code for code, role in identity.ROLES.items() if "legal_rep" in role.appoints] == []


@pytest.mark.parametrize("role", ["tax_clerk", "agent", "invoice_clerk", "social_insurance_clerk"])
def test_a_clerk_can_never_be_given_the_right_to_authorise(role):
    everything = identity.ROLES["legal_rep"].scopes
    assert beyond(role, frozenset({"identity.authorise"}), everything) == {"identity.authorise"}


def test_role_names():
    assert identity.role_name("legal_rep") == ("法定代表人", "Legal representative")
    assert identity.role_name("unheard_of") == ("unheard_of", "unheard_of")


def test_a_workbench_session_is_a_working_day_from_sign_in():
    assert session_end("workbench", NOW, NOW + timedelta(hours=3)) == NOW + timedelta(hours=12)
    assert session_end("h5", NOW, NOW + timedelta(hours=3)) == NOW + timedelta(days=30, hours=3)
