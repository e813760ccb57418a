"""The open platform: applications of partners, what persons let them do, and what they are served and told.

Owns the words application 应用 (a partner's program, not a taxpayer's 办件), scope 应用权限, consent 第三方授权, family (all
tokens of one consent's code), sandbox 沙箱, webhook 推送, endpoint 推送地址, feature 特色应用 (of a city), pass (into a
feature's page), screen 内嵌页面 and visit (one of our screens in a partner's page, and the session it is). OAuth 2.1 at
`/oauth`, data at `/open/v1`, the portal at `/developers`. Not people's own rights (identity: a consent is never wider than
the hat that gave it), not the platforms we speak through (channels), no facts about taxpayers: everything served comes
through the doors below.

City features and embedded pages stand on this: `application` and `ApplicationChanged` say who may be shown,
`resolve_partner` turns a token into a `Partner`, `consent_with_code` is the one way to a consent, `may_application` and
`TokenAuthority` (http/authority.py) guard their routes, `kinds/scopes.yaml` holds their scopes.
"""

from palmtax.partners.actions.asking import client_to_send_back
from palmtax.partners.actions.consenting import consent_with_code, consents_of
from palmtax.partners.actions.embedding import frame_origins, resolve_caller
from palmtax.partners.actions.reading import application
from palmtax.partners.actions.resolving import record_reading, resolve_partner
from palmtax.partners.actions.sandboxing import mark_invented
from palmtax.partners.events import ApplicationChanged, ConsentEnded, ConsentGiven, EndpointDisabled, FeatureSuspended
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Consent, Partner
from palmtax.partners.model.features import BadManifest, FeatureManifest, read_manifest
from palmtax.partners.model.scopes import PartnerScope, partner_scopes
from palmtax.partners.model.versions import FeatureFinding

__all__ = [
    "ApplicationChanged",
    "BadManifest",
    "Consent",
    "ConsentEnded",
    "ConsentGiven",
    "EndpointDisabled",
    "FeatureFinding",
    "FeatureManifest",
    "FeatureSuspended",
    "Partner",
    "PartnerApplication",
    "PartnerScope",
    "application",
    "client_to_send_back",
    "consent_with_code",
    "consents_of",
    "frame_origins",
    "mark_invented",
    "partner_scopes",
    "read_manifest",
    "record_reading",
    "resolve_caller",
    "resolve_partner",
]
