"""Declaring tables: each column says its privacy class, each table what it is distributed by."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa

Privacy = Literal["L1", "L2", "L3", "L4"]
"""L1 public · L2 general · L3 important (identity, income, returns, invoices) · L4 core (keys, biometrics)."""

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def column(name: str, kind: Any, *rest: Any, privacy: Privacy, nullable: bool = False, **more: Any) -> sa.Column[Any]:
    """A column with its privacy class; not null unless said otherwise."""
    return sa.Column(name, kind, *rest, nullable=nullable, info={"privacy": privacy}, **more)
