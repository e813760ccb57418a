"""From identity's values to the shapes on the wire, and what every route here needs."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from palmtax.base.errors import PalmtaxError
from palmtax.identity.actions import sessions
from palmtax.identity.model.people import AboutMe, Authorisation, OwnHat
from palmtax.identity.model.roles import role_name
from palmtax.identity.model.tokens import SignedIn
from palmtax.identity.schemas import AuthorisationOut, HatOut, Me, PersonOut, SessionOut
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge

T = TypeVar("T")


def after_commit(outcome: T | PalmtaxError) -> T:
    """Raise a refusal that was returned so that its count could be committed; anything else passes."""
    if isinstance(outcome, PalmtaxError):
        raise outcome
    return outcome


def _hat(hat: OwnHat, person_called: str) -> HatOut:
    zh, en = role_name(hat.role_code)
    return HatOut(
        hat_id=hat.hat_id,
        kind=hat.kind,
        role_code=hat.role_code,
        role_name=zh,
        role_name_en=en,
        taxpayer_id=hat.taxpayer_id,
        title=hat.title or person_called,
        uscc=hat.uscc,
        office_code=hat.office_code,
        scopes=list(hat.scopes),
        valid_until=hat.valid_until,
    )


def me_out(about: AboutMe, today: date) -> Me:
    """The person signed in, as they see themselves."""
    hats = [_hat(hat, about.person.called) for hat in about.hats]
    return Me(
        person=PersonOut(
            person_id=about.person.person_id,
            name=about.person.called,
            phone_masked=about.person.phone_masked,
            is_real_name_checked=about.person.is_real_name_checked,
        ),
        hat=next((hat for hat in hats if hat.hat_id == about.hat_id), None),
        hats=hats,
        second_factor_until=about.second_factor_until,
        today=today,
    )


async def me_of(tx: Tx, edge: Edge, person_id: int, session_id: UUID) -> Me:
    """Who this session is, read afresh."""
    about = await sessions.about_me(tx, clock=edge.clock, person_id=person_id, session_id=session_id)
    return me_out(about, edge.clock.today())


async def session_out(tx: Tx, edge: Edge, signed: SignedIn) -> SessionOut:
    """The tokens, which are readable here and never again, and who they are for."""
    return SessionOut(
        access_token=signed.access_token,
        access_expires_at=signed.access_expires_at,
        refresh_token=signed.refresh_token,
        me=await me_of(tx, edge, signed.person_id, signed.session_id),
    )


def authorisation_out(kept: Authorisation, edge: Edge, *, is_mine: bool) -> AuthorisationOut:
    """An authorisation with the person masked."""
    zh, en = role_name(kept.role_code)
    return AuthorisationOut(
        authorisation_id=kept.authorisation_id,
        taxpayer_id=kept.taxpayer_id,
        taxpayer_name=kept.taxpayer_name,
        person_name_masked=kept.name_masked,
        phone_masked=kept.phone_masked,
        role_code=kept.role_code,
        role_name=zh,
        role_name_en=en,
        scopes=list(kept.scopes),
        valid_from=kept.valid_from,
        valid_until=kept.valid_until,
        state=kept.state_on(edge.clock.today()),
        is_mine=is_mine,
    )
