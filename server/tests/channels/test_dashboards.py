"""Every metric that a dashboard or an alert names is in /metrics, and every alert has its page in the runbook."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import yaml
from filing.make import SHOP

from house import ROOT
from palmtax.channels.actions.exposing import KINDS
from palmtax.channels.store import figures

DEPLOY = ROOT / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
BOARDS = sorted((DEPLOY / "dashboards").glob("*.json"))
METRIC = re.compile(r"\bpalmtax_[a-z_]+")
PARTS = ("_bucket", "_sum", "_count", "_total")


def expressions(board):
    return [
        target["expr"]
        for panel in json.loads(board.read_text(encoding="utf-8"))["panels"]
        for target in panel["targets"]
    ]


@pytest.fixture
async def exposed(client, database, clock, office):
    """What /metrics answers after a little traffic."""
    async with database.transaction() as tx:
        await figures.count(
            tx, [(figures.Figure("sms", "handed", took=3, waited=4), clock.now() - timedelta(minutes=1))]
        )
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return answer.text


def known(text):
    """The names that are there, also of counters that have counted nothing yet."""
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}


async def test_every_metric_of_dashboards_and_alerts_exists(exposed):
    names = known(exposed)
    asked = {name for board in BOARDS for text in expressions(board) for name in METRIC.findall(text)}
    asked |= {name for rule in ALERTS for name in METRIC.findall(rule["expr"])}
    assert len(asked) > 20
    missing = [one for one in asked if one not in names and not any(one.removesuffix(p) in names for p in PARTS)]
    assert missing == []


async def test_figures_of_all_processes_are_shown_from_the_rows(exposed):
    assert 'palmtax_channel_calls_lately{channel="sms",outcome="handed"} 1.0' in exposed
    assert 'palmtax_channel_span_seconds{channel="sms",quantile="0.95",what="call"} 0.05' in exposed
    assert 'palmtax_alerts_open{kind="red"} 0.0' in exposed
    assert not re.search(rf'"{SHOP}"', exposed), "no taxpayer is a label"


def test_every_alert_has_its_page():
    pages = {rule["annotations"]["runbook"] for rule in ALERTS}
    pages |= {f"docs/runbook/alert-{kind.replace('_', '-')}.md" for kind in KINDS}
    assert [page for page in sorted(pages) if not (ROOT / page).exists()] == []


def test_boards_can_be_told_apart():
    uids = [json.loads(board.read_text(encoding="utf-8"))["uid"] for board in BOARDS]
    assert len(uids) == len(set(uids)) == 3
