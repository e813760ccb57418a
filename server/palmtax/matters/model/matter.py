"""A matter (事项) as its file says it. Pure values; `reading` makes them, `asking` answers what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from palmtax.matters.model.asks import Ask
from palmtax.matters.model.conditions import Check, Condition

Decider = Literal["instant", "one_officer", "two_officers", "other_office"]
Level = Literal["full", "plain"]

CATEGORIES: dict[str, tuple[str, str]] = {
    "natural_person": ("自然人", "natural person"),
    "individual_business": ("个体工商户", "individual business"),
    "small_scale": ("小规模纳税人", "small-scale taxpayer"),
    "general": ("一般纳税人", "general taxpayer"),
}
"""Categories of taxpayers, as the hats know them."""

ROLES_OF: dict[str, frozenset[str]] = {
    "natural_person": frozenset({"self", "agent"}),
    **dict.fromkeys(
        ("individual_business", "small_scale", "general"),
        frozenset({"legal_rep", "finance_lead", "tax_clerk", "invoice_clerk", "social_insurance_clerk", "agent"}),
    ),
}
"""Which roles can act for a taxpayer of a category."""

GROUPS: dict[str, tuple[str, str]] = {
    "SFGL": ("身份与授权", "Identity and authorisation"),
    "XXBG": ("信息报告", "Information reports"),
    "FPBL": ("发票办理", "Invoices"),
    "SBNS": ("申报纳税", "Filing and payment"),
    "YHBL": ("优惠办理", "Reliefs"),
    "ZMBL": ("证明办理", "Certificates"),
    "XKHZ": ("行政许可与核准", "Licences and approvals"),
    "HDGL": ("核定管理", "Assessment"),
    "TDS": ("退税抵税", "Refunds and credits"),
    "CKTS": ("出口退税", "Export refund"),
    "GJSS": ("国际税收", "International tax"),
    "XYPJ": ("信用评价", "Credit rating"),
    "SWZX": ("税务注销", "Deregistration"),
    "SSZY": ("涉税专业服务", "Tax-related professional services"),
    "NSZX": ("纳税咨询", "Consultation"),
    "YYBL": ("预约与办税厅", "Appointments and halls"),
    "TSJY": ("投诉举报建议", "Complaints and reports"),
    "FLJJ": ("法律追责与救济", "Enforcement and remedies"),
    "SBFJ": ("社保与非税缴费", "Social insurance and fees"),
    "CXFW": ("查询", "Enquiries"),
    "ZJHD": ("征纳互动与送达", "Interaction and service of documents"),
}
"""The 21 groups of the catalogue (全国税务机关纳税服务规范), in the order people meet them."""

SKILLS: dict[str, tuple[str, str]] = {
    "registration": ("登记", "Registration"),
    "invoice": ("发票", "Invoices"),
    "filing": ("申报", "Filing"),
    "relief": ("优惠", "Reliefs"),
    "certificate": ("证明", "Certificates"),
    "licence": ("许可", "Licences"),
    "assessment": ("核定", "Assessment"),
    "refund": ("退税", "Refunds"),
    "export": ("出口退税", "Export refund"),
    "international": ("国际税收", "International tax"),
    "credit": ("信用", "Credit rating"),
    "closing": ("注销", "Deregistration"),
    "agents": ("涉税专业服务", "Tax agents"),
    "consultation": ("咨询", "Consultation"),
    "hall": ("办税厅", "Service hall"),
    "complaint": ("投诉", "Complaints"),
    "enforcement": ("法制", "Enforcement"),
    "insurance": ("社保费", "Social insurance"),
}
"""What an officer must know to decide a matter."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the law says so, and how sure we are."""

    cite: str
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Promise:
    """How long it takes: nothing (instant), working days, or calendar days of the law; with the legal ceiling."""

    is_instant: bool
    days: int = 0
    is_calendar: bool = False
    at_most: int = 0
    confidence: str = "own knowledge"
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that may be asked for; `on_file` is the source that makes it needless."""

    code: str
    title: str
    title_en: str
    why: str
    why_en: str
    when: tuple[Condition, ...] = ()
    on_file: str = ""
    is_optional: bool = False
    at_most: int = 5


@dataclass(frozen=True, slots=True)
class Need:
    """What must hold before the matter can be submitted; `go` names the screen that helps."""

    read: str
    check: Check | None
    exists: bool | None
    say: str
    say_en: str
    go: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Where a value comes from, for a door action or a law: an ask, several of them, a result of a law, or a constant."""

    ask: str = ""
    computed: str = ""
    constant: object = None
    several: tuple[str, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether the file gives the value itself."""
        return not self.ask and not self.computed and not self.several


@dataclass(frozen=True, slots=True)
class Call:
    """A door action, where its arguments come from, and the answers or results that call for it (always, without any)."""

    do: str
    arguments: Mapping[str, Given]
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Computes:
    """A law that computes the matter, the ask that says the day (or `today`), and the results shown, payable first.

    `facts` are those that no question of the law gives: another answer, a result of a law before, a constant. `charge`
    says which tax each result is charged as; without it the first result shown is charged under the law's name. With
    `each`, the law is applied to every row of that ask that `where` fits, and results are added up; a column `less` is
    what a row has paid already: it is taken off, and never more than is there. `when` is what the law's questions wait for.
    """

    law: str
    on: str
    show: tuple[str, ...]
    facts: Mapping[str, Given] = field(default_factory=dict)
    charge: Mapping[str, str] = field(default_factory=dict)
    each: str = ""
    where: tuple[Condition, ...] = ()
    less: str = ""
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides; `instant_when` lets a small case through at once."""

    by: Decider
    skill: str
    instant_when: tuple[Condition, ...] = ()

    @property
    def needs_two(self) -> bool:
        """Whether a second officer must agree."""
        return self.by == "two_officers"

    def is_instant(self, answers: Mapping[str, object]) -> bool:
        """Whether nobody has to decide."""
        if self.by == "instant":
            return True
        return bool(self.instant_when) and all(one.holds(answers) for one in self.instant_when)


@dataclass(frozen=True, slots=True)
class Document:
    """The paper that ends the matter and which answers it repeats."""

    kind: str
    title: str
    title_en: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A complete run: answers as the wire carries them, papers, what the officer says, what must come out."""

    name: str
    answers: Mapping[str, object]
    papers: tuple[str, ...]
    decision: str
    expect: Mapping[str, object]
    hat: tuple[str, ...]
    given: tuple[Call, ...]


@dataclass(frozen=True)
class Matter:
    """One entry of the catalogue."""

    code: str
    path: str
    title: str
    title_en: str
    say: str
    say_en: str
    words: tuple[str, ...]
    who: tuple[str, ...]
    roles: tuple[str, ...]
    mobile: str
    level: Level
    law: tuple[Citation, ...]
    promise: Promise
    fee_fen: int
    screens: str
    needs: tuple[Need, ...]
    asks: tuple[Ask, ...]
    papers: tuple[Paper, ...]
    computes: tuple[Computes, ...]
    decision: Decision
    on_yes: tuple[Call, ...]
    reasons_no: tuple[str, ...]
    reasons_no_en: tuple[str, ...]
    document: Document | None
    examples: tuple[Example, ...]
    channels: tuple[str, ...] = field(default=())
    secret: tuple[Condition, ...] | None = None

    @property
    def group(self) -> str:
        """The group's code: the first part of its own."""
        return self.code.partition("-")[0]

    @cached_property
    def by_code(self) -> dict[str, Ask]:
        """Asks by code."""
        return {ask.code: ask for ask in self.asks}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Every source that the matter reads, once each."""
        named = [ask.source for ask in self.asks] + [paper.on_file for paper in self.papers]
        return tuple(dict.fromkeys(name for name in named if name))

    def is_secret(self, answers: Mapping[str, object]) -> bool:
        """Whether the trail must not lead to the person: reports of violations, complaints without a name."""
        return self.secret is not None and all(one.holds(answers) for one in self.secret)

    def may(self, category: str, role: str) -> bool:
        """Whether a hat of this category and role may do it."""
        return category in self.who and role in self.roles and role in ROLES_OF[category]

    def hats(self) -> list[tuple[str, str]]:
        """Every (category, role) that may do it."""
        return [(who, role) for who in self.who for role in self.roles if role in ROLES_OF[who]]
