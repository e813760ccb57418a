"""What a channel is: the shapes of `channel.yaml` and `codes.yaml`. Every field says its unit; unknown keys are refused."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from palmtax.plumbing.limits import Rate
from palmtax.plumbing.wire import Place

Transport = Literal[
    "wechat_oa", "wechat_mini", "wecom", "alipay", "webhook", "huawei_push", "sms_tencent", "sms_aliyun", "smtp",
    "web_push", "inbox",
]  # fmt: skip
Way = Literal["inbox", "wechat", "sms", "email", "push", "gov", "wecom"]
Can = Literal["form", "push", "pay", "video", "camera", "location", "print", "rich_menu"]
Outcome = Literal["retry", "final", "address", "token", "channel"]
"""What their code means: wait and repeat · this message never · this address never · a fresh token, once · nobody here."""
Dialect = Literal["none", "wechat", "wecom", "alipay", "signed_json", "receipts"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class Shape(BaseModel):
    """A part of a manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SignIn(Shape):
    """How people sign in here: `none`, `bound` (a bound address is enough to read), `real_name`."""

    level: Literal["none", "bound", "real_name"] = "none"
    by: Literal["", "oauth", "code", "device"] = ""


class Host(Shape):
    """Where the platform is: the real address, and its place under the sandboxes."""

    real: str = Field("", pattern=r"^((https|smtp|smtps)://[^/\s]+(/[^\s]*)?)?$")
    sandbox: str = Field("", pattern=r"^(/[a-z0-9/-]*)?$")


class Limits(Shape):
    """What may be sent: `rate` as N/second, N/minute or N/hour; `day` messages; `person` N/minute or N/hour for one address."""

    rate: str = ""
    day: int = Field(0, ge=0)
    person: str = ""

    @field_validator("rate", "person")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value:
            Rate.of(value)
        return value


class Window(Shape):
    """After which act of the person, for how many seconds, how many free messages may follow (客服消息)."""

    after: Literal["text", "menu", "subscribe", "scan", "enter", "service"]
    seconds: int = Field(ge=1)
    messages: int = Field(ge=1)


class Template(Shape):
    """How one of our templates is said here; `id` is theirs, or the name of one under `templates` of the credentials."""

    kind: Literal["template", "subscribe", "service", "text", "card"]
    id: str = ""
    is_lasting: bool = Field(False, description="a long-term subscription (长期订阅): one consent, many messages")
    fields: dict[str, str] = Field(default_factory=dict, description="their place: one of ours (title, body, short, …)")


class Button(Shape):
    """A button of the menu: what it opens or says for the person; or up to five `below` it."""

    name: str = Field(min_length=1)
    says: str = Field("", description="answered as if the person had written it")
    page: Place | Literal[""] = Field("", description="a page of the app, in WeChat's browser")
    app: str = Field("", pattern=r"^([a-z0-9-]+(/[a-z0-9-]+)*)?$", description="a page of the mini program")
    below: tuple[Button, ...] = Field((), max_length=5)

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if [bool(self.says), bool(self.page), bool(self.app), bool(self.below)].count(True) != 1:
            raise ValueError("says, page, app 或 below 只写一个 / one of says, page, app, below")
        if len(self.says.encode()) > 128:
            raise ValueError("says 最多 128 字节 / at most 128 bytes")
        return self


def _menu_fits(menu: tuple[Button, ...]) -> tuple[Button, ...]:
    """The platform's lengths: names of 16 bytes, below them of 60; two levels."""
    for button in menu:
        if len(button.name.encode()) > 16:
            raise ValueError(f"{button.name}: 一级菜单最多 16 字节（5 个汉字）/ at most 16 bytes")
        for one in button.below:
            if one.below or len(one.name.encode()) > 60:
                raise ValueError(f"{one.name}: 二级菜单最多 60 字节，下面不能再有 / at most 60 bytes, nothing below")
    return menu


Audience = Literal["bound", "english", "bound_english"]
"""Followers with a menu of their own: people we know · readers of English · readers of English whom we know."""


class FittedMenu(Shape):
    """A menu for some followers (个性化菜单): WeChat tells them apart by a tag of ours, and by nothing people told it."""

    who: Audience
    buttons: Annotated[tuple[Button, ...], Field(min_length=1, max_length=3), AfterValidator(_menu_fits)]


def _one_for_each(menus: tuple[FittedMenu, ...]) -> tuple[FittedMenu, ...]:
    if len({one.who for one in menus}) < len(menus):
        raise ValueError("同一类人只能有一个菜单 / one menu for each kind of followers")
    return menus


class Opening(Shape):
    """When messages may go out, Beijing time; days are 1 (Monday) to 7."""

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    start: time = time(0, 0)
    end: time = time(23, 59, 59)


class Gray(Shape):
    """Who has the channel already (灰度): a share of all people in percent, and whole offices or single persons beside it."""

    percent: int = Field(100, ge=0, le=100)
    offices: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


class Slow(Shape):
    """A provider whose receipts are slow loses weight: more than `share_percent` later than `over_seconds`."""

    over_seconds: int = Field(240, ge=1)
    share_percent: int = Field(30, ge=1, le=100)


class Probe(Shape):
    """How its health is asked for: `token` (a token can be had), `reach` (any answer), `none`."""

    by: Literal["none", "token", "reach"] = "none"
    every_seconds: int = Field(30, ge=5, le=3600)


class Journeys(Shape):
    """The way of a message tried for itself (拨测): which steps, how often, and the light after two failures in a row.

    `callback`: our address is called as the platform would; `account`: the platform is asked as ourselves; `message`: a
    test message goes to the address that the credentials name `journey_recipient`.
    """

    steps: tuple[Literal["callback", "account", "message"], ...] = ()
    every_seconds: int = Field(300, ge=60, le=86_400)
    light: Literal["amber", "red"] = "amber"


class Signature(Shape):
    """An HMAC-SHA256 by its two texts; {seconds}, {milliseconds} and {name of a credential} are filled in."""

    key: str = Field(min_length=1)
    text: str = ""
    encode: Literal["base64", "hex"] = "base64"


class Call(Shape):
    """One call of a plain JSON platform, wholly described: for transport `webhook`."""

    path: str = Field(pattern=r"^/\S*$")
    query: dict[str, str] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] = Field(
        description="places: {title}, {body}, {short}, {link}, {address}, {reference}, {seconds}, {sign}"
    )
    encoding: Literal["json", "form"] = "json"
    signature: Signature | None = None
    code: str = Field("errcode", description="the field of the answer with their code")
    good: str = "0"
    reference: str = Field("", description="the field of the answer with their number of the message; none: ours")


class SignedJson(Shape):
    """A JSON callback whose time and signature stand in two headers (or query members), and where its fields lie."""

    place: Literal["header", "query"] = "header"
    stamp: str
    unit: Literal["seconds", "milliseconds"] = "seconds"
    sign: str
    signature: Signature
    id: str
    kind: str
    address: str
    said: str = ""
    kinds: dict[str, Literal["said", "clicked", "entered", "followed", "unfollowed"]] = Field(default_factory=dict)
    answer: str = "{}"


class ReceiptList(Shape):
    """A list of receipts and of what people wrote back, without a signature: a secret in the address (`key` of the query)."""

    key: str = "key"
    reference: str
    ours: str = Field("", description="the field with the number we sent along: known even when their answer was lost")
    good: tuple[str, str] = Field(description="the field and its value when the message arrived")
    code: str
    address: str = Field("", description="the field with who wrote back")
    said: str = Field("", description="the field with what they wrote")
    answer: str = '{"code":0,"msg":"OK"}'


class Callback(Shape):
    """How the platform calls us; `plain` lets unencrypted messages in too."""

    dialect: Dialect = "none"
    plain: bool = False
    window_seconds: int = Field(300, ge=1, le=3600)
    largest_bytes: int = Field(65536, ge=1024, le=1_000_000)
    receive_id: str = Field("app_id", description="the credential that must stand at the end of what is decrypted")
    receipts: ReceiptList | None = None
    signed: SignedJson | None = None


class Manifest(Shape):
    """One channel: `channel.yaml`."""

    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    transport: Transport
    way: Way
    also: tuple[Way, ...] = Field(
        (), description="further ways that it carries: officers are told by ways of their own"
    )
    family: str = Field("", description="family of addresses in identity; empty where nobody needs one")
    credentials: str = Field("", description="section of the credentials file")
    account: str = Field("", description="the credential by which addresses belong to this account: app_id, corp_id")
    host: Host = Host()
    pages: Host = Field(Host(), description="where people let us know who they are (sign_in by oauth)")
    headers: Literal["", "x_tif"] = ""
    call: Call | None = None
    sign_in: SignIn = SignIn()
    can: tuple[Can, ...] = ()
    limits: Limits = Limits()
    windows: tuple[Window, ...] = ()
    templates: dict[str, Template] = Field(default_factory=dict, description="our template; `any` for all others")
    callback: Callback = Callback()
    probe: Probe = Probe()
    journeys: Journeys = Journeys()
    order: int = Field(100, ge=0, description="among channels of one way the smallest goes first")
    weight: int = Field(100, ge=0, le=100, description="share among channels of one order and way")
    slow: Slow | None = None
    receipt_seconds: int = Field(0, ge=0, description="how long its receipt is waited for; 0: the platform sends none")
    fallback: tuple[Code, ...] = Field((), description="channels that take over, in this order")
    menu: Annotated[tuple[Button, ...], Field(max_length=3), AfterValidator(_menu_fits)] = ()
    menus: Annotated[tuple[FittedMenu, ...], AfterValidator(_one_for_each)] = Field(
        (), description="instead of `menu`, for followers of one kind"
    )
    talks: bool = Field(False, description="what people write is answered by what the house knows")
    regions: tuple[str, ...] = Field((), description="beginnings of office codes; none: everywhere")
    opening: Opening = Opening()
    gray: Gray = Gray()
    is_on: bool = True
    off_for: tuple[str, ...] = Field((), description="matters that do not use it")
    titles_without: tuple[str, ...] = Field((), description="variables that a title or card here never shows")

    def said(self, template: str) -> Template | None:
        """How a template of ours is said here; none when it is not."""
        return self.templates.get(template) or self.templates.get("any")

    def has_receipt(self, template: str) -> bool:
        """Whether the platform will say what became of it; of customer-service messages none does."""
        said = self.said(template)
        return self.receipt_seconds > 0 and (said is None or said.kind != "service")


class Meaning(Shape):
    """What one of their codes means, in words."""

    means: Outcome
    say: str = Field(min_length=1)
    say_en: str = Field(min_length=1)
    wait_seconds: int = Field(0, ge=0, description="for `retry`: not before")


class Codes(Shape):
    """`codes.yaml`: their code → our state. `like` takes another channel's codes first."""

    like: str = ""
    codes: dict[str, Meaning] = Field(default_factory=dict)

    @field_validator("codes", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """YAML reads 40001 as a number; a code is text."""
        return {str(key): one for key, one in value.items()} if isinstance(value, dict) else value


class Channel(Shape):
    """A channel in force: its name, manifest, codes, and which version this is."""

    name: Code
    manifest: Manifest
    codes: dict[str, Meaning]
    version: int = 0

    def meaning(self, code: str) -> Meaning:
        """What their code means; one that nobody wrote down is tried again and shown to officers."""
        exact = self.codes.get(code) or OURS.get(code)
        if exact is not None:
            return exact
        families = [one for one in self.codes if one.endswith("*") and code.startswith(one[:-1])]
        if families:
            return self.codes[max(families, key=len)]
        return UNKNOWN if not code.startswith(("http_5", "transport", "unreadable")) else NO_ANSWER


OURS = {
    "no_credentials": Meaning(means="channel", say="没有这个渠道的凭据", say_en="The channel has no credentials"),
    "no_template": Meaning(
        means="final", say="渠道没有这条消息的模板", say_en="The channel has no template for this message"
    ),
    "day_limit": Meaning(
        means="final", say="渠道今天的发送条数已用完", say_en="The channel has sent all it may send today"
    ),
    "token": Meaning(means="token", say="取不到访问令牌", say_en="No access token can be had"),
}
"""Codes that we give ourselves."""
SILENT = Meaning(
    means="final", say="平台没有回执，不知是否送达", say_en="No receipt came: nobody knows whether it arrived"
)
UNKNOWN = Meaning(means="retry", say="对方返回了未登记的代码", say_en="The platform gave a code nobody wrote down")
NO_ANSWER = Meaning(means="retry", say="对方没有应答", say_en="The platform did not answer")
