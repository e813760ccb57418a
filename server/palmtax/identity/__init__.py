"""People and what they may do: accounts, sign-in, sessions, hats, authorisations, real names.

Words: person 自然人, hat 办税身份, scope 权限, authorisation 授权, denial 冒用否认, second factor 二次验证,
ticket 扫码登录, address 渠道地址, binding 绑定, merge 账号合并.
Not taxpayers (registry), not what officers decide (cases), not how values are masked or sealed (privacy).
"""

from palmtax.identity.actions import effects
from palmtax.identity.actions.addresses import (
    addresses,
    bind,
    person_of_address,
    reachable,
    readers,
    unbind,
    unreachable,
)
from palmtax.identity.actions.authorisations import authorisations
from palmtax.identity.actions.officers import officer_actors, officer_hats, officers
from palmtax.identity.actions.people import (
    businesses_of,
    contacts,
    first_contacts,
    hat_titles,
    home_region,
    load_people,
    openid,
    people,
    people_of_part,
    people_part,
    retitle_hats,
    taxpayers_of_phone,
)
from palmtax.identity.actions.sessions import acting_for, bind_openid, open_session, put_on_hat, resolve_actor
from palmtax.identity.adapters import (
    NO_MAILBOX,
    ChatMember,
    FindAccount,
    FindChat,
    OfficeChatPort,
    WeChatAccountPort,
    WeChatIdentity,
)
from palmtax.identity.events import (
    AuthorisationAccepted,
    AuthorisationDenied,
    AuthorisationGiven,
    AuthorisationRevoked,
    PeopleMerged,
    RefreshReused,
)
from palmtax.identity.model.addresses import FAMILIES, Address, Family, Proof, Reader
from palmtax.identity.model.officers import Officer
from palmtax.identity.model.people import Authorisation, Contact, NewHat, NewPerson, Person
from palmtax.identity.model.roles import ROLES, SCOPES, Role, ScopeMeaning, role_name
from palmtax.identity.model.tokens import Device, SignedIn

__all__ = [
    "FAMILIES",
    "NO_MAILBOX",
    "ROLES",
    "SCOPES",
    "Address",
    "Authorisation",
    "AuthorisationAccepted",
    "AuthorisationDenied",
    "AuthorisationGiven",
    "AuthorisationRevoked",
    "ChatMember",
    "Contact",
    "Device",
    "Family",
    "FindAccount",
    "FindChat",
    "NewHat",
    "NewPerson",
    "OfficeChatPort",
    "Officer",
    "PeopleMerged",
    "Person",
    "Proof",
    "Reader",
    "RefreshReused",
    "Role",
    "ScopeMeaning",
    "SignedIn",
    "WeChatAccountPort",
    "WeChatIdentity",
    "acting_for",
    "addresses",
    "authorisations",
    "bind",
    "bind_openid",
    "businesses_of",
    "contacts",
    "effects",
    "first_contacts",
    "hat_titles",
    "home_region",
    "load_people",
    "officer_actors",
    "officer_hats",
    "officers",
    "open_session",
    "openid",
    "people",
    "people_of_part",
    "people_part",
    "person_of_address",
    "put_on_hat",
    "reachable",
    "readers",
    "resolve_actor",
    "retitle_hats",
    "role_name",
    "taxpayers_of_phone",
    "unbind",
    "unreachable",
]
