"""The sandboxes' own memory: one SQLite file, so a killed sandbox still knows its orders."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
create table if not exists setting (name text primary key, value text not null);

create table if not exists wechat_user (
    person text primary key, unionid text not null unique, openid text not null unique,
    phone text, nickname text not null);
create table if not exists wechat_code (
    code text primary key, kind text not null, openid text not null, phone text,
    made_at real not null, used_at real);
create table if not exists wechat_token (
    token text primary key, made_at real not null, expires_at real not null, revoked integer not null default 0);
create table if not exists wechat_call (name text not null, at real not null);
create index if not exists wechat_call_at on wechat_call (name, at);

create table if not exists sms_message (
    message_id text primary key, phone text not null, sign_name text not null, template_id text not null,
    variables text not null, text text not null, context text not null, sent_at real not null);
create index if not exists sms_message_phone on sms_message (phone, sent_at);

create table if not exists real_name_person (resident_id text primary key, name text not null);
create table if not exists real_name_call (resident_id text not null, at real not null);

create table if not exists pay_order (
    out_trade_no text primary key, trade_type text not null, prepay_id text not null unique, prepay_at real not null,
    asked text not null, description text not null, total integer not null, openid text, notify_url text not null,
    attach text, expires_at real, state text not null, transaction_id text unique, paid_at real, payer_openid text);
create table if not exists pay_refund (
    out_refund_no text primary key, refund_id text not null unique, out_trade_no text not null, asked text not null,
    refund integer not null, total integer not null, reason text, notify_url text, state text not null,
    made_at real not null, due_at real not null, done_at real);
create table if not exists pay_notice (
    notice_id text primary key, event_type text not null, url text not null, summary text not null,
    resource_type text not null, resource text not null, made_at real not null, next_at real, attempt integer not null,
    taken_at real, twice integer not null default 0);
create index if not exists pay_notice_due on pay_notice (next_at) where next_at is not null;
"""


class State:
    """One SQLite connection, used only from the event loop's thread; every change is one transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Everything inside happens, or nothing does; must not await inside."""
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def run(self, sql: str, *values: Any) -> int:
        """Run one statement; how many rows it touched."""
        return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or none."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def number(self, sql: str, *values: Any) -> float:
        """The single number a query gives; nothing counts as 0."""
        found = self.row(sql, *values)
        return 0 if found is None or found[0] is None else found[0]
