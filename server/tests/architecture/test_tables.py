"""One schema for one PostgreSQL and for many: a table of business begins with the taxpayer (decision 0005)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import house

NOT_A_TAXPAYERS = {
    # table → why its rows do not belong to one taxpayer
    "plumbing_token": "access tokens of platforms: few rows, one for each name",
    "plumbing_waiting_arrival": "how many came in a second: led by the process that counted them",
    "plumbing_waiting_report": "as plumbing_waiting_arrival",
    "plumbing_waiting_line": "how far a room's line has moved: led by the room",
    "plumbing_waiting_switch": "as plumbing_waiting_line",
    "plumbing_waiting_key": "one row: what places are signed with",
    "plumbing_waiting_pace": "one row: how fast the house is",
    "identity_*": "people sign in before a taxpayer is chosen: rows lie by person, look-ups by the value looked up",
    "registry_office": "list of codes, the same everywhere",
    "registry_uscc": "finds the taxpayer of a credit code, and keeps the code unique: led by the code",
    "evidence_leaf": "the tree is one for the whole bureau and grown by one task",
    "evidence_node": "as evidence_leaf",
    "evidence_head": "as evidence_leaf",
    "payment_trade_number": "a notice of the payment channel knows only its own number: led by it",
    "invoice_number": "anybody checks an invoice issued here by its number, and no number is given twice: led by it",
    "certificates_code": "anybody verifies a certificate by its code: led by the code",
    "insight_study": "a question about an invented population: led by the office that asks",
    "messaging_recall": "which campaigns were stopped: few rows, the same everywhere",
    "insight_segment": "a saved audience: led by the office that keeps it",
    "insight_campaign": "as insight_segment; its members are led by the taxpayer",
    "knowledge_*": "numbers of the law belong to nobody: few rows, read by every process at its start",
    "appointments_open": "one open booking for each person and topic, whatever the hat: led by the person",
    "appointments_missed": "counts for the person, whatever the hat: led by the person",
    "appointments_hall": "the plan of a hall: led by the office",
    "appointments_line": "the order of a hall's desk on a day: led by the office, so that one row decides who is next",
    "appointments_slot": "places of a hall: counted on one shard, never more than there are",
    "appointments_arrival": "as appointments_line: everybody who came, in their order",
    "appointments_ticket": "the queue of a hall today: led by the office",
    "complaints_place": "officers know an anonymous complaint only by itself: led by the complaint",
    "complaints_report": "led by the report: led by a taxpayer, its place would say who reported",
    "channels_handed": "a platform knows only its own number of a message: led by it",
    "channels_nonce": "a callback belongs to nobody until it is believed: led by its nonce",
    "channels_event": "what came in belongs to an address outside, not to a taxpayer: led by the event",
    "channels_allowance": "what a person outside lets us send: led by the address",
    "channels_talk": "what an address outside wrote and was answered: led by the address",
    "channels_scene": "a code belongs to nobody until somebody scans it: led by its scene",
    "channels_picture": "as channels_talk",
    "channels_service_cursor": "how far a customer-service account was fetched: few rows",
    "channels_menu": "as channels_version",
    "channels_version": "which manifest is in force: few rows, read by every process",
    "channels_switch": "as channels_version",
    "channels_standing": "as channels_version",
    "channels_share": "shares of a channel's daily limit, by the day",
    "channels_minute": "figures of a channel by the minute",
    "channels_hour": "figures of a channel by the hour",
    "channels_funnel": "as channels_hour",
    "channels_journey": "synthetic journeys of a channel or service: nobody's",
    "channels_day": "as channels_journey",
    "channels_alert": "troubles that officers are told of: few rows",
    "channels_incident": "what the public is told: few rows",
    "channels_incident_note": "as channels_incident",
    "channels_kiosk": "machines of a hall: led by the office",
    "channels_visit": "a code on a screen belongs to nobody until somebody scans it: led by the visit",
    "channels_visit_number": "whoever types the digits knows only them: led by them",
    "partners_application": "applications of partners: few rows, read by every process",
    "partners_secret": "as partners_application",
    "partners_endpoint": "as partners_application",
    "partners_signing": "as partners_application",
    "partners_usage": "figures of an application by the day",
    "partners_ask": "a wish of an application that nobody has answered yet: led by the request",
    "partners_code": "whoever comes knows only the code: led by its digest",
    "partners_token": "as partners_code",
    "partners_embed_ticket": "as partners_code",
    "partners_visit": "as partners_code",
    "partners_feature": "city features: few rows, read by every process",
    "partners_feature_version": "as partners_feature",
    "partners_pass": "as partners_code",
    "partners_delivery": "a webhook belongs to the address it goes to: led by it",
    "cases_view": "an officer's own arrangement of a table: led by the person",
    "cases_mention": "what an officer has not read yet: led by the person",
    "cases_absence": "when an officer is away: led by the person",
    "channels_card": "cards about one thing are changed together: led by the thing",
    "messaging_officer_wish": "what an officer wishes to be told: led by the person",
    "cases_skill": "an officer's fields of work: led by the person",
}


def tables() -> list[sa.Table]:
    house.load()
    from palmtax.plumbing.schema import metadata

    return sorted(metadata.tables.values(), key=lambda table: table.name)


TABLES = tables()
everywhere = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def key_of(table: sa.Table) -> str:
    return str(table.info.get("distribute_by", ""))


def is_listed(table: sa.Table) -> bool:
    return table.name in NOT_A_TAXPAYERS or f"{table.name.split('_')[0]}_*" in NOT_A_TAXPAYERS


def is_sharded(table: sa.Table) -> bool:
    return key_of(table) not in {"reference", "local"}


def test_there_are_tables():
    assert len(TABLES) > 15


@everywhere
def test_a_table_is_prefixed_with_its_domain(table):
    assert table.name.split("_")[0] in [*house.domains(), "plumbing"]


@everywhere
def test_a_table_says_what_it_is_distributed_by(table):
    assert key_of(table) in {"reference", "local"} | set(table.c.keys())


@everywhere
def test_rows_of_business_belong_to_a_taxpayer(table):
    if not is_listed(table):
        assert key_of(table) == "taxpayer_id", "a new table of business is distributed by taxpayer_id"


def test_every_listed_exception_exists():
    names = {table.name for table in TABLES}
    gone = [n for n in NOT_A_TAXPAYERS if not n.endswith("*") and n not in names]
    assert gone == []


@everywhere
def test_every_key_begins_with_the_distribution_column(table):
    assert table.primary_key.columns, "a table has a primary key"
    if not is_sharded(table):
        return
    lead = key_of(table)
    keys = [table.primary_key, *(c for c in table.constraints if isinstance(c, sa.UniqueConstraint))]
    keys += [index for index in table.indexes if index.unique]
    assert [str(key.name) for key in keys if next(iter(key.columns)).name != lead] == []


@everywhere
def test_the_distribution_column_is_there_and_never_null(table):
    if is_sharded(table):
        column = table.c[key_of(table)]
        assert not column.nullable
        assert isinstance(column.type, sa.BigInteger | sa.Uuid | sa.Text | sa.LargeBinary)


@everywhere
def test_foreign_keys_stay_on_one_shard(table):
    for foreign in table.foreign_key_constraints:
        other = foreign.referred_table
        assert foreign.ondelete not in {"SET NULL", "SET DEFAULT"}
        if key_of(other) == "reference":
            continue
        assert is_sharded(table) == is_sharded(other), (
            f"{foreign.name}: sharded and local tables may not refer to each other"
        )
        if is_sharded(table):
            pairs = {(e.parent.name, e.column.name) for e in foreign.elements}
            assert (key_of(table), key_of(other)) in pairs, f"{foreign.name} must include the distribution column"


@everywhere
def test_a_domain_refers_only_to_its_own_tables(table):
    others = {f.referred_table.name.split("_")[0] for f in table.foreign_key_constraints}
    assert others <= {table.name.split("_")[0]}


@everywhere
def test_every_column_has_a_privacy_class(table):
    assert [c.name for c in table.columns if c.info.get("privacy") not in {"L1", "L2", "L3", "L4"}] == []


@everywhere
def test_types_fit_their_names(table):
    wrong = []
    for column in table.columns:
        kind = column.type
        if isinstance(kind, sa.Float | sa.Double | sa.REAL):
            wrong.append(f"{column.name}: no floats in this house")
        if column.name.endswith("_fen") and not isinstance(kind, sa.BigInteger):
            wrong.append(f"{column.name}: fen are bigint")
        if column.name.endswith("_rate") and not isinstance(kind, sa.Text | sa.Numeric):
            wrong.append(f"{column.name}: a rate is exact text or numeric")
        if column.name.endswith("_at") and not (isinstance(kind, sa.DateTime) and kind.timezone):
            wrong.append(f"{column.name}: an instant is timestamptz")
        if column.name.endswith("_on") and not (isinstance(kind, sa.Date) and not isinstance(kind, sa.DateTime)):
            wrong.append(f"{column.name}: a day is a date")
        if isinstance(kind, sa.DateTime) and not kind.timezone:
            wrong.append(f"{column.name}: without a time zone")
        if column.identity is not None and not isinstance(kind, sa.BigInteger):
            wrong.append(f"{column.name}: an identity is bigint")
    assert wrong == []


PERSONAL = {
    # stem of a column → kind of value in privacy.GUARDS
    "name": "person_name",
    "person_name": "person_name",
    "phone": "phone",
    "resident": "resident_id",
    "resident_id": "resident_id",
    "bank_card": "bank_card",
    "email": "email",
    "address": "openid",
    "secret": "secret",
    "answers": "secret",
    "outcome": "secret",
    "data": "secret",
    "content": "secret",
    "report": "secret",
    "informant": "secret",
    "reply": "secret",
    "said": "secret",
    "found": "openid",
}
SAMPLES = {
    "person_name": "欧阳小明",
    "phone": "13800138000",
    "resident_id": "11010519491231002X",
    "bank_card": "6222021234567890123",
    "email": "alice@example.com",
    "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
    "secret": "p-1",
}


@everywhere
def test_personal_values_are_sealed_or_masked(table):
    from palmtax import privacy

    open_values, unmasked = [], []
    for column in table.columns:
        stem = column.name.removesuffix("_sealed").removesuffix("_hash").removesuffix("_masked")
        kind = PERSONAL.get(stem)
        of_a_person = kind and (table.name.startswith("identity_") or stem != "name")
        if not of_a_person or column.name.endswith("_masked"):
            continue
        if column.info["privacy"] in {"L3", "L4"} and not column.name.endswith(("_sealed", "_hash")):
            open_values.append(column.name)
        if privacy.GUARDS[kind].mask(SAMPLES[kind]) == SAMPLES[kind]:
            unmasked.append(column.name)
    assert (open_values, unmasked) == ([], [])


def test_every_sealed_column_is_of_a_kind_with_a_mask():
    sealed = {c.name.removesuffix("_sealed") for t in TABLES for c in t.columns if c.name.endswith("_sealed")}
    assert sealed <= set(PERSONAL)
    assert sealed


def test_the_log_refuses_marked_values():
    from palmtax.base.personal import Personal
    from palmtax.plumbing.logs import refuse_personal

    shown = refuse_personal(None, "info", {"event": "x.y", "who": Personal("张三"), "text": "打给 13800138000"})
    assert "张三" not in str(shown)
    assert "13800138000" not in str(shown)
