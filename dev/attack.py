"""The long attack: every operation of the API, thousands of cases, as taxpayer, officer and nobody; prints what broke.

PYTHONPATH=server:dev:server/tests python dev/attack.py [--examples 200] [--seed 1] [--only filing]
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import click
import structlog

ROOT = Path(__file__).resolve().parents[1]
for _folder in ("server", "dev", "server/tests"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.insert(0, str(ROOT / _folder))


@click.command()
@click.option("--examples", default=200, show_default=True, help="cases of each operation and each person")
@click.option("--seed", default=1, show_default=True, help="the same seed sends the same cases")
@click.option("--only", default="", help="operations whose path contains this")
def main(examples: int, seed: int, only: str) -> None:
    """Attack a house of its own on loopback; exit code 1 when an answer breaks the OpenAPI document."""
    from journeys.attack import WHO, Finding, World, attack, operations, poison
    from journeys.place import NoLimits, alone

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("python_multipart").setLevel(
        logging.ERROR
    )  # it tells of every malformed upload, which is all of them
    found: list[Finding] = []
    started = time.monotonic()
    with alone(limiter=NoLimits()) as place:
        sent = 0
        for group in operations(place).values():
            world = World.of(place)
            for operation in [one for one in group if only in one.path]:
                for who in WHO:
                    sent += attack(world, operation, who, examples=examples, seeded=seed, tell=found.append)
                print(f"{time.monotonic() - started:6.0f} s  {sent:7d}  {operation.method.upper()} {operation.path}")
        sent += poison(World.of(place))
        place.idle(120)
        dead = place.dead_letters()
    for finding in found:
        print(f"\n{finding.operation} as {finding.who}\n  {finding.what}\n  {finding.how}")
    print(f"\n{sent} requests, {len(found)} answers that break the document, {len(dead)} dead letters {dead}")
    raise SystemExit(1 if found or dead else 0)


if __name__ == "__main__":
    main()
