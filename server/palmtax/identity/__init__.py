"""People and what they may do: accounts, sign-in, sessions, hats, authorisations, real names.

Words: person 自然人, hat 办税身份, scope 权限, authorisation 授权, denial 冒用否认, second factor 二次验证,
ticket 扫码登录.
Not taxpayers (registry), not what officers decide (cases), not how values are masked or sealed (privacy).
"""

from palmtax.identity.actions import effects
from palmtax.identity.actions.officers import officers
from palmtax.identity.actions.people import (
    businesses_of,
    contacts,
    first_contacts,
    load_people,
    openid,
    people,
    people_of_part,
    people_part,
    retitle_hats,
    taxpayers_of_phone,
)
from palmtax.identity.actions.sessions import bind_openid, open_session, put_on_hat, resolve_actor
from palmtax.identity.events import (
    AuthorisationAccepted,
    AuthorisationDenied,
    AuthorisationGiven,
    AuthorisationRevoked,
    RefreshReused,
)
from palmtax.identity.model.officers import Officer
from palmtax.identity.model.people import Contact, NewHat, NewPerson, Person
from palmtax.identity.model.roles import ROLES, SCOPES, Role, ScopeMeaning, role_name
from palmtax.identity.model.tokens import Device, SignedIn

__all__ = [
    "ROLES",
    "SCOPES",
    "AuthorisationAccepted",
    "AuthorisationDenied",
    "AuthorisationGiven",
    "AuthorisationRevoked",
    "Contact",
    "Device",
    "NewHat",
    "NewPerson",
    "Officer",
    "Person",
    "RefreshReused",
    "Role",
    "ScopeMeaning",
    "SignedIn",
    "bind_openid",
    "businesses_of",
    "contacts",
    "effects",
    "first_contacts",
    "load_people",
    "officers",
    "open_session",
    "openid",
    "people",
    "people_of_part",
    "people_part",
    "put_on_hat",
    "resolve_actor",
    "retitle_hats",
    "role_name",
    "taxpayers_of_phone",
]
