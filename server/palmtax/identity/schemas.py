"""Identity on the wire: sign-in, sessions, hats, authorisations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Place, Wire

Phone = Annotated[str, Field(pattern=r"^1[3-9]\d{9}$", description="mainland mobile number")]
SmsCode = Annotated[str, Field(pattern=r"^\d{6}$")]
HatKindOut = Literal["self", "enterprise", "agent", "officer"]


class DeviceIn(Wire):
    """The device that signs in, as the taxpayer will recognise it in the list."""

    name: str = Field(min_length=1, max_length=60)
    channel: Literal["miniprogram", "h5", "app", "workbench"]


class SmsCodeAsk(Wire):
    """Ask for a one-time code; `second_factor` goes to the phone of the signed-in session, which need not be typed again."""

    phone: Phone | None = None
    purpose: Literal["sign_in", "second_factor"] = "sign_in"


class SmsCodeSent(Wire):
    """A code was sent (or the phone is unknown: the answer is the same)."""

    expires_in_seconds: int
    resend_in_seconds: int


class SmsSignIn(Wire):
    """Sign in by phone and one-time code."""

    phone: Phone
    code: SmsCode
    device: DeviceIn


class EncryptedPhone(Wire):
    """What the phone button gives under a base library below 2.21.2, which has no code: `encryptedData` and `iv`."""

    data: str = Field(min_length=24, max_length=2048)
    iv: str = Field(min_length=24, max_length=24)


class WeChatSignIn(Wire):
    """Sign in by `wx.login` code; `phone_code` from getPhoneNumber binds an openid seen for the first time.

    `encrypted_phone` stands for it in an older WeChat; then `login_code` is of a `wx.login` before the button.
    """

    login_code: str = Field(min_length=1, max_length=128)
    phone_code: str | None = Field(default=None, max_length=128)
    encrypted_phone: EncryptedPhone | None = None
    device: DeviceIn


class OAuthIn(Wire):
    """Begin signing in inside WeChat: by which account, and where to go afterwards, as whom."""

    account: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="name of the official account's channel")
    place: Place
    whose: str = Field("", pattern=r"^(self|[1-9]\d{0,15})?$", description="taxpayer; self: myself; empty: as I am")


class OAuthBegun(Wire):
    """WeChat's page to go to; it comes back with a code and the state."""

    address: str


class OAuthSignIn(Wire):
    """What WeChat sent the browser back with."""

    state: str = Field(min_length=20, max_length=64)
    code: str = Field(min_length=1, max_length=128)
    device: DeviceIn


class OAuthOut(Wire):
    """Signed in, or not known yet (`session` none): then the next ordinary sign-in may bind this WeChat."""

    session: SessionOut | None
    place: str
    whose: str


class OAuthBind(Wire):
    """The state of the sign-in inside WeChat that found nobody."""

    state: str = Field(min_length=20, max_length=64)


OfficeChat = Literal["gov_wechat", "wecom"]
Page = Annotated[
    str, Field(pattern=r"^/([A-Za-z0-9?][\x21-\x5b\x5d-\x7e]{0,300})?$", description="a page of the workbench")
]


class ChatOAuthIn(Wire):
    """Begin signing in from an officers' chat: by which, and where to go afterwards."""

    chat: OfficeChat
    page: Page = "/"


class ChatSignIn(Wire):
    """What the chat's platform sent the browser back with."""

    state: str = Field(min_length=20, max_length=64)
    code: str = Field(min_length=1, max_length=128)


class ChatSignedIn(Wire):
    """The officer's session, and the page that was asked for."""

    session: SessionOut
    page: str


class ChatBound(Wire):
    """The chat is bound; the page that was asked for."""

    page: str


class DirectorySynced(Wire):
    """The directory is being compared."""

    is_started: bool = True


class RefreshIn(Wire):
    """The rotating refresh token; using one twice ends every session of the person."""

    refresh_token: str = Field(min_length=20, max_length=200)


class HatOut(Wire):
    """One role the person may act under."""

    hat_id: UUID
    kind: HatKindOut
    role_code: str
    role_name: str
    role_name_en: str
    taxpayer_id: int | None
    title: str = Field(description="taxpayer's or office's full name")
    uscc: str | None
    office_code: str | None
    scopes: list[str]
    valid_until: date | None


class PersonOut(Wire):
    """The person signed in, as they see themselves."""

    person_id: int
    name: str
    phone_masked: str
    is_real_name_checked: bool


class Me(Wire):
    """Who I am, under which hat, and which others I have."""

    person: PersonOut
    hat: HatOut | None
    hats: list[HatOut]
    second_factor_until: datetime | None
    today: date = Field(description="the calendar day in China where the server is (demo towns live on their own day)")


class SessionOut(Wire):
    """Tokens and who they are for."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    me: Me


class HatChoice(Wire):
    """Put on another hat; the session stays."""

    hat_id: UUID


class DeviceOut(Wire):
    """One signed-in device."""

    session_id: UUID
    name: str
    channel: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_current: bool


class SecondFactorIn(Wire):
    """The code sent for `second_factor`."""

    code: SmsCode


class SecondFactorOut(Wire):
    """How long the second proof holds."""

    valid_until: datetime


class RealNameIn(Wire):
    """Name and resident identity number, checked against the authority's register."""

    name: str = Field(min_length=2, max_length=40)
    resident_id: str = Field(min_length=18, max_length=18)


class SignInTicketOut(Wire):
    """A QR ticket shown on the workbench; `poll_secret` stays with the screen that asked."""

    ticket_id: UUID
    poll_secret: str
    qr_text: str
    expires_at: datetime


class SignInTicketState(Wire):
    """Where the ticket is; the session is handed out once."""

    state: Literal["waiting", "scanned", "confirmed", "refused", "expired"]
    session: SessionOut | None = None


class TicketAnswer(Wire):
    """The phone's answer to a scanned ticket."""

    accept: bool


class AuthorisationIn(Wire):
    """Let a person act for the taxpayer of the current hat, within scopes, until a day."""

    phone: Phone
    name: str = Field(min_length=2, max_length=40)
    role_code: Literal["finance_lead", "tax_clerk", "invoice_clerk", "social_insurance_clerk", "agent"]
    scopes: list[str] = Field(min_length=1, max_length=20)
    valid_until: date


class AuthorisationOut(Wire):
    """One authorisation and where it stands."""

    authorisation_id: UUID
    taxpayer_id: int
    taxpayer_name: str
    person_name_masked: str
    phone_masked: str
    role_code: str
    role_name: str
    role_name_en: str
    scopes: list[str]
    valid_from: date
    valid_until: date
    state: Literal["waiting", "active", "revoked", "denied", "ended"]
    is_mine: bool = Field(description="true when it was given to me, false when it was given for my taxpayer")


class BindingOut(Wire):
    """A way in which I can be reached: masked, and whether the platform still takes messages for it."""

    address_id: UUID | None
    family: Literal[
        "wechat_oa",
        "wechat_mini",
        "wecom",
        "gov_wechat",
        "dingtalk",
        "alipay",
        "phone",
        "email",
        "web_push",
        "huawei",
        "xiaomi",
    ]
    family_name: str
    family_name_en: str
    masked: str
    is_reachable: bool
    bound_at: datetime


class MergeIn(Wire):
    """The phone of the other account, and the sign-in code sent to it."""

    phone: Phone
    code: SmsCode


MailAddress = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
        description="an e-mail address as HTML knows it",
    ),
]


class MailCodeAsk(Wire):
    """The address I want to bind."""

    address: MailAddress


class MailBindIn(Wire):
    """The address, and the code that came there."""

    address: MailAddress
    code: SmsCode


class PushSubscriptionIn(Wire):
    """A browser's push subscription (RFC 8030): where to push, and the keys to seal with (RFC 8291)."""

    endpoint: str = Field(pattern=r"^https?://[\x21-\x7e]+$", max_length=1000)
    p256dh: str = Field(pattern=r"^[A-Za-z0-9_-]{87,88}$", description="65 bytes, base64url")
    auth: str = Field(pattern=r"^[A-Za-z0-9_-]{22,24}$", description="16 bytes, base64url")
