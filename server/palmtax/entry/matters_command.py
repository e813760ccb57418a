"""The command line of the catalogue: `palmtax matters check | list | show`."""

from __future__ import annotations

import sys

import click

from palmtax import matters
from palmtax.entry.domains import load_work


@click.group("matters")
def matters_group() -> None:
    """The catalogue of matters (事项)."""


@matters_group.command()
@click.argument("group", required=False)
def check(group: str | None) -> None:
    """Check every file (or one group): file, line, what is wrong, what to do."""
    load_work()
    found = matters.faults(group)
    for fault in found:
        click.echo(str(fault))
    click.echo(f"{len(found)} 处问题 / faults")
    sys.exit(1 if found else 0)


@matters_group.command("list")
@click.argument("group", required=False)
def list_matters(group: str | None) -> None:
    """List the matters with who decides and what happens."""
    for matter in matters.catalogue().values():
        if group in (None, matter.group):
            effects = ", ".join(call.do for call in matter.on_yes)
            click.echo(f"{matter.code:9} {matter.decision.by:12} {matter.level:6} {matter.title}  → {effects}")
