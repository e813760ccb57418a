"""The command line of city features: `palmtax feature check FILE|URL`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import click

from palmtax import partners
from palmtax.entry.domains import load_work
from palmtax.partners.adapters.feature_kit import check_feature, check_page


@click.group("feature")
def feature() -> None:
    """City features (特色应用): the conformance kit."""
    load_work()


@feature.command()
@click.argument("target")
@click.option("--origin", default="", help="the tax office's address that the page must let frame it")
@click.option("--chromium", default=shutil.which("chromium") or "", help="a Chromium; empty: the simple checks alone")
@click.option("--loopback", is_flag=True, help="let the page stand at http://127.0.0.1 (development)")
@click.option("--quiet", is_flag=True, help="only what does not pass")
def check(target: str, origin: str, chromium: str, loopback: bool, quiet: bool) -> None:
    """Run the conformance kit: on a manifest by FILE with its page, or on a page alone by its URL."""
    if "://" in target:
        run = check_page(target, may_loopback=loopback, our_origin=origin, chromium=chromium)
        sys.exit(_report(target, asyncio.run(run), quiet=quiet))
    try:
        manifest = partners.read_manifest(Path(target).read_text(encoding="utf-8"))
    except OSError as wrong:
        click.echo(f"读不到 {target} / cannot be read: {wrong.strerror}")
        sys.exit(2)
    except partners.BadManifest as bad:
        click.echo(str(bad))
        sys.exit(1)
    found = asyncio.run(check_feature(manifest, may_loopback=loopback, our_origin=origin, chromium=chromium))
    sys.exit(_report(manifest.code, found, quiet=quiet))


def _report(name: str, found: list[partners.FeatureFinding], *, quiet: bool) -> int:
    """Print the findings; 1 when one failed."""
    failed = [one for one in found if one.outcome == "fail"]
    for one in failed if quiet else found:
        click.echo(f"{name}  {one}")
    passed, skipped = (sum(one.outcome == word for one in found) for word in ("pass", "skip"))
    click.echo(f"{name}: 通过 {passed}，不适用 {skipped}，不通过 {len(failed)} / passed, skipped, failed")
    return 1 if failed else 0
