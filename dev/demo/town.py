"""The town as values: who lives there, which businesses there are, what they sold. Reproducible from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from demo import identities, names
from demo.cast import AGENT, CAST, OFFICERS, OFFICERS_ADDED, PHONES, Role
from palmtax import identity, registry
from palmtax.base.clock import CHINA
from palmtax.base.period import Period

FIRST_TAXPAYER = 1001
FIRST_PERSON = 500_001
AGENT_FIRM = "云汀市明德税务师事务所"
QUARTERS = 8
"""Two years of the past; the newest is the one that is due."""
INVENTED = 3
"""The last of the town are for partners' applications on trial."""
OWES_AFTER_FEN = 480_000_00
"""Sold in the quarter that one of those has filed and not paid: well above the threshold."""


@dataclass(frozen=True, slots=True)
class Sale:
    """One invoice line of a business: day, buyer, what, rate, amount without VAT in fen; special or ordinary; red if negative."""

    issued_on: date
    buyer: str
    item: str
    levy_rate: str
    amount_fen: int
    is_special: bool


@dataclass(slots=True)
class Business:
    """A taxpayer with its trade and its quarters."""

    taxpayer: registry.Taxpayer
    owner_id: int
    item: str
    levy_rate: str
    quarters: dict[str, int]
    special_share: int = 0
    late: frozenset[str] = frozenset()
    unfiled: frozenset[str] = frozenset()
    role: Role | None = None
    owed: str = ""
    """The quarter that is filed and still to be paid."""


@dataclass(slots=True)
class Town:
    """Everything that is loaded."""

    seed: int
    today: date
    people: list[identity.NewPerson] = field(default_factory=list)
    hats: list[identity.NewHat] = field(default_factory=list)
    businesses: list[Business] = field(default_factory=list)


def fixed_id(seed: int, at: datetime, *about: object) -> UUID:
    """A UUIDv7 that is the same in every run: its time is `at`, its rest comes from the seed and what it names."""
    digest = int.from_bytes(hashlib.sha256(repr((seed, about)).encode()).digest()[:10], "big")
    milliseconds = int(at.timestamp() * 1000)
    high, low = digest >> 68 & 0xFFF, digest & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def at_noon(day: date, seed: Random | None = None) -> datetime:
    """Some time of a working day in China."""
    minutes = seed.randrange(600) if seed else 240
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=CHINA) + timedelta(minutes=minutes)


def periods_before(today: date, kind: str, count: int) -> list[Period]:
    """The last `count` whole periods before today, oldest first."""
    found = [Period.containing(today, kind).previous()]
    while len(found) < count:
        found.insert(0, found[0].previous())
    return found


def build(*, taxpayers: int, seed: int, today: date, kinds: str = "all") -> Town:
    """The town: the cast first, then as many further businesses as asked for."""
    draw = Random(seed)
    town = Town(seed, today)
    quarters = periods_before(today, "quarter", QUARTERS)
    _appoint(town, OFFICERS)
    agent = _person(town, AGENT)
    if kinds == "all":
        for role in CAST:
            _play(town, draw, role, quarters, agent)
    while len(town.businesses) < taxpayers:
        _settle(town, draw, quarters, agent, kinds)
    if kinds == "all":
        _let_one_owe(invented(town))
    _appoint(town, OFFICERS_ADDED)
    return town


def invented(town: Town) -> list[Business]:
    """The businesses that partners' applications on trial act for."""
    return [one for one in town.businesses if one.role is None][-INVENTED:]


def _let_one_owe(businesses: Sequence[Business]) -> None:
    """One has a return to pay, so that paying inside a partner's page can be tried: who is on trial files nothing."""
    for one in businesses:
        filed = [code for code in one.quarters if code not in one.unfiled]
        if one.taxpayer.vat_kind == "small_scale" and filed:
            one.owed = filed[-1]
            one.quarters[one.owed] = max(one.quarters[one.owed], OWES_AFTER_FEN)
            return


def _appoint(town: Town, officers: Sequence[tuple[str, str, str]]) -> None:
    for officer, role_code, office in officers:
        person = _person(town, officer)
        title = dict(names.OFFICES)[office]
        town.hats.append(
            identity.NewHat(person, role_code, title, office_code=office, hat_id=_hat_id(town, role_code, office))
        )


def _hat_id(town: Town, *about: object) -> UUID:
    return fixed_id(town.seed, datetime(2024, 1, 1, tzinfo=CHINA), "hat", *about)


def _person(town: Town, name: str) -> int:
    number = len(town.people)
    person_id = FIRST_PERSON + number
    town.hats.append(identity.NewHat(person_id, "self", "", hat_id=_hat_id(town, person_id, "self")))
    phone = PHONES.get(name) or identities.phone(10_000 + number)
    town.people.append(identity.NewPerson(person_id, name, phone, identities.resident_id(number)))
    return person_id


def _business(
    town: Town,
    *,
    name: str,
    is_company: bool,
    is_general: bool,
    district: int,
    industry: str,
    filing_period: str,
    registered_on: date,
    draw: Random,
) -> registry.Taxpayer:
    number = FIRST_TAXPAYER + len(town.businesses)
    office, office_name, place, place_kind = names.DISTRICTS[district]
    return registry.Taxpayer(
        taxpayer_id=number,
        name=name,
        uscc=identities.uscc("1" if is_company else "2", number),
        kind="enterprise" if is_company else "individual_business",
        vat_kind="general" if is_general else "small_scale",
        filing_period="month" if is_general or filing_period == "month" else "quarter",
        place_kind=place_kind,  # type: ignore[arg-type]  # one of the list above
        is_half_relief=not is_general,
        industry=industry,
        address=f"云汀市{place}{draw.choice(names.STREETS)}{draw.randrange(1, 300)}号",
        office_code=office,
        office_name=office_name,
        registered_on=registered_on,
        status="normal",
    )


def _wear(town: Town, taxpayer: registry.Taxpayer, person_id: int, role_code: str) -> None:
    town.hats.append(
        identity.NewHat(
            person_id,
            role_code,
            taxpayer.name,
            taxpayer.taxpayer_id,
            uscc=taxpayer.uscc,
            hat_id=_hat_id(town, taxpayer.taxpayer_id, person_id, role_code),
            valid_from=taxpayer.registered_on,
            valid_until=date(town.today.year + 1, 12, 31) if role_code == "agent" else None,
        )
    )


def _play(town: Town, draw: Random, role: Role, quarters: list[Period], agent: int) -> None:
    trades = names.BIG if role.is_general else names.COMPANIES if role.is_company else names.SHOPS
    _, industry, item, levy_rate = trades[role.ending]
    taxpayer = _business(
        town,
        name=role.name,
        is_company=role.is_company,
        is_general=role.is_general,
        district=role.district,
        industry=industry,
        filing_period="quarter",
        registered_on=date(2022, 3, 7),
        draw=draw,
    )
    owner = _person(town, role.owner)
    _wear(town, taxpayer, owner, "legal_rep")
    if role.key in ("toys", "design"):
        _wear(town, taxpayer, agent, "agent")
    sold = {
        p.code: yuan * 100 + draw.randrange(100) * (yuan > 0) for p, yuan in zip(quarters, role.quarters, strict=True)
    }
    due = quarters[-1].code
    town.businesses.append(
        Business(
            taxpayer, owner, item, levy_rate, sold, role.special_share, unfiled=frozenset({due, *role.late}), role=role
        )
    )


def _settle(town: Town, draw: Random, quarters: list[Period], agent: int, kinds: str) -> None:
    is_general = kinds == "all" and draw.random() < 0.04
    is_company = is_general or draw.random() < 0.35
    ending, industry, item, levy_rate = draw.choice(
        names.BIG if is_general else names.COMPANIES if is_company else names.SHOPS
    )
    owner_name = names.person_name(draw)
    since = date(2019, 1, 1) + timedelta(days=draw.randrange(2000))
    taxpayer = _business(
        town,
        name=names.business_name(draw, ending, owner_name),
        is_company=is_company,
        is_general=is_general,
        district=draw.choices((0, 1, 2, 3), (5, 4, 2, 1))[0],
        industry=industry,
        filing_period="quarter",
        registered_on=since,
        draw=draw,
    )
    owner = _person(town, owner_name)
    _wear(town, taxpayer, owner, "legal_rep")
    if len(town.businesses) % 10 == 0:
        _wear(town, taxpayer, agent, "agent")
    size = draw.choices((0, 60_000, 180_000, 300_000, 420_000, 900_000), (5, 20, 30, 20, 18, 7))[0] * (
        6 if is_general else 1
    )
    sold = {p.code: int(size * draw.uniform(0.6, 1.4)) * 100 + draw.randrange(100) * (size > 0) for p in quarters}
    late = frozenset(p.code for p in quarters[:-1] if draw.random() < 0.03)
    due = quarters[-1].code
    unfiled = {due} if kinds == "small_scale" or draw.random() < 0.55 else set()
    if draw.random() < 0.03:
        unfiled.add(quarters[-2].code)
    town.businesses.append(
        Business(taxpayer, owner, item, levy_rate, sold, draw.choice((0, 0, 0, 15)), late - unfiled, frozenset(unfiled))
    )


def sales(town: Town, business: Business, period: Period) -> Iterator[Sale]:
    """A business's invoices of one quarter: their sum is exactly what it sold; now and then a red one."""
    total = business.quarters[period.code]
    if total == 0:
        return
    draw = Random(f"{town.seed}/{business.taxpayer.taxpayer_id}/{period.code}")
    days = (period.last_day - period.first_day).days + 1
    count = 12 if business.role else draw.randrange(4, 9)
    cuts = sorted(draw.randrange(1, total) for _ in range(count - 1))
    amounts = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
    if count >= 8 and amounts[0] > 100:
        back = amounts[0] // 4
        amounts += [-back, back]
    for amount in amounts:
        day = period.first_day + timedelta(days=draw.randrange(days))
        special = draw.randrange(100) < business.special_share and amount > 0
        buyer = names.customer_name(draw)
        yield Sale(
            day,
            buyer if not special or buyer != "个人" else "临岸市锦和商贸有限公司",
            business.item,
            business.levy_rate,
            amount,
            special,
        )
