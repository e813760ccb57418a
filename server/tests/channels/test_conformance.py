"""The kit: every channel of the repository passes, a careless one is found out, a new one needs files only."""

from __future__ import annotations

import asyncio
import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from channels.make import changed, channels, platform_of
from click.testing import CliRunner

from palmtax.channels.adapters import callback_rules
from palmtax.channels.adapters.callback_rules import CALLBACK_RULES, Case, Skipped, Taken
from palmtax.channels.adapters.conformance import InProcess, check_channel
from palmtax.channels.adapters.speaking import INVENTED
from palmtax.entry.channel_command import channel as command

ALL = channels()


@pytest.mark.parametrize("name", sorted(ALL))
async def test_every_channel_passes(name):
    found = await check_channel(ALL[name])
    assert [str(one) for one in found if one.outcome == "fail"] == []
    assert len(found) == 24
    assert all(one.why for one in found if one.outcome == "skip")


async def test_a_channel_of_the_wechat_family_is_examined_by_nearly_every_rule():
    found = await check_channel(ALL["wechat_oa"])
    assert [one.rule for one in found if one.outcome == "skip"] == ["garbage_refused"]


class Leaky(InProcess):
    """Takes callbacks as a careless server would: one duty is left out."""

    def __init__(self, channel, at, forgets):
        super().__init__(channel, INVENTED, at)
        self.forgets = forgets

    async def __call__(self, call):
        taken = await super().__call__(call)
        if self.forgets == "verify" and taken.status == 403:
            return replace(taken, status=200)
        if self.forgets == "nonce":
            self._nonces.clear()
        if self.forgets == "dedupe":
            return replace(taken, new=1 if taken.status == 200 else None)
        if self.forgets == "time" and taken.status == 200:
            return replace(taken, seconds=5.2)
        if self.forgets == "size" and taken.status == 413:
            return replace(taken, status=500)
        if self.forgets == "echo" and call.method == "GET":
            return replace(taken, body="success")
        if self.forgets == "unknown" and taken.status == 200 and b"Encrypt" in call.body:
            return Taken(500, "", taken.seconds)
        return taken


@pytest.mark.parametrize(
    ("forgets", "found_out"),
    [
        ("", set()),
        (
            "verify",
            {
                "tampered_refused",
                "unsigned_refused",
                "stranger_refused",
                "stale_refused",
                "bombs_refused",
                "replayed_once",
            },
        ),
        ("nonce", {"replayed_once"}),
        ("dedupe", {"replayed_once", "duplicate_once"}),
        ("time", {"taken_in_time"}),
        ("size", {"oversized_refused"}),
        ("echo", {"address_checked"}),
        ("unknown", {"taken_in_time", "replayed_once", "duplicate_once", "out_of_order_taken", "unknown_event_kept"}),
    ],
)
async def test_a_careless_server_is_found_out(forgets, found_out):
    at = datetime.now(UTC)
    one = ALL["wechat_oa"]
    case = Case(one, platform_of(one), Leaky(one, at, forgets), int(at.timestamp()))
    failed = set()
    for rule in CALLBACK_RULES:
        try:
            if await rule(case):
                failed.add(rule.__name__)
        except Skipped:
            continue
    assert failed == found_out


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        ({"42001": "final"}, "codes_known"),
        ({"43101": "retry"}, "codes_known"),
        ({"45009": "final", "45011": "final", "-1": "final"}, "quota_waits"),
        ({"40001": "retry", "40014": "retry", "42001": "channel"}, "codes_known"),
    ],
)
async def test_wrong_codes_are_found_out(codes, rule):
    one = ALL["wechat_oa"]
    wrong = {
        code: one.codes[code].model_copy(update={"means": means, "wait_seconds": 0}) for code, means in codes.items()
    }
    found = await check_channel(one.model_copy(update={"codes": one.codes | wrong}))
    assert rule in {finding.rule for finding in found if finding.outcome == "fail"}


async def test_names_and_amounts_on_the_way_out_are_found_out():
    fields = ALL["wechat_oa"].manifest.templates["any"].fields
    told = ALL["wechat_oa"].manifest.templates["any"].model_copy(update={"fields": {**fields, "thing1": "person_name"}})
    found = await check_channel(changed(ALL["wechat_oa"], templates={"any": told}))
    assert {one.rule for one in found if one.outcome == "fail"} == {"nothing_personal_sent"}
    found = await check_channel(changed(ALL["sms"], titles_without=()))
    assert {one.rule for one in found if one.outcome == "fail"} == {"personal_kept_back"}


CITY = """
    title: 海汀市税务公众号
    title_en: Official account of Haiting
    transport: wechat_oa
    way: wechat
    family: wechat_oa
    credentials: official_account_haiting
    account: app_id
    host: {real: "https://api.weixin.qq.com", sandbox: /wechat}
    can: [push]
    limits: {rate: 600/minute}
    templates:
      any: {kind: template, id: matter_progress, fields: {thing1: title, time3: now}}
    callback: {dialect: wechat, receive_id: app_id}
    regions: ["14405"]
    titles_without: [amount_fen, taxpayer_name, person_name]
"""
ROBOT = """
    title: 飞书群机器人
    title_en: Feishu group robot
    transport: webhook
    way: push
    credentials: feishu
    host: {real: "https://open.feishu.cn"}
    can: [push]
    limits: {rate: 100/minute}
    templates: {any: {kind: text}}
    call:
      path: /open-apis/bot/v2/hook/{access_token}
      signature: {key: "{seconds}\\n{secret}"}
      body:
        timestamp: "{seconds}"
        sign: "{sign}"
        msg_type: text
        content: {text: "{title} {link}"}
      code: code
    titles_without: [amount_fen, taxpayer_name, person_name]
"""
ROBOT_CODES = """
    codes:
      9499: {means: retry, say: 请求太频繁, say_en: called too often, wait_seconds: 60}
      19021: {means: channel, say: 签名校验失败, say_en: the signature was refused}
"""


def write(folder: Path, name: str, manifest: str, codes: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "channel.yaml").write_text(textwrap.dedent(manifest))
    (folder / name / "codes.yaml").write_text(textwrap.dedent(codes))


def run(*arguments: str):
    return CliRunner().invoke(command, list(arguments))


def test_another_citys_official_account_passes_from_nothing_with_two_files(tmp_path):
    assert run("check", "haiting", "--folder", str(tmp_path)).exit_code == 2
    write(
        tmp_path,
        "wechat_oa",
        read("wechat_oa", "channel.yaml").replace("[wechat_mini]", "[]"),
        read("wechat_oa", "codes.yaml"),
    )
    write(tmp_path, "haiting", CITY, "like: wechat_oa")
    done = run("check", "haiting", "--folder", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert "通过 23，不适用 1，不通过 0" in done.output
    assert sorted(one.name for one in (tmp_path / "haiting").iterdir()) == ["channel.yaml", "codes.yaml"]


def read(name: str, file: str) -> str:
    from palmtax.channels.model.reading import FOLDER

    return (FOLDER / name / file).read_text()


def test_dingtalk_passes_from_nothing_with_two_files(tmp_path):
    write(tmp_path, "dingtalk", read("dingtalk", "channel.yaml"), read("dingtalk", "codes.yaml"))
    done = run("check", "--folder", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert "dingtalk: 通过 18，不适用 6，不通过 0" in done.output


def test_a_robot_nobody_thought_of_passes_with_two_files(tmp_path):
    write(tmp_path, "feishu", ROBOT, ROBOT_CODES)
    done = run("check", "feishu", "--folder", str(tmp_path))
    assert done.exit_code == 0, done.output


def test_the_command_says_why_not_and_ends_with_1(tmp_path):
    write(tmp_path, "feishu", ROBOT, "codes: {}")
    done = run("check", "feishu", "--folder", str(tmp_path), "--quiet")
    assert done.exit_code == 1
    assert "sending.quota_waits" in done.output
    write(tmp_path, "broken", CITY.replace("way: wechat", "way: pigeon"), ROBOT_CODES)
    done = run("check", "broken", "--folder", str(tmp_path))
    assert done.exit_code == 1
    assert "broken/channel.yaml:5:" in done.output


def test_the_list_shows_what_is_on_and_off():
    done = run("list")
    assert done.exit_code == 0
    assert len(done.output.splitlines()) == len(ALL)
    assert "dingtalk           关 off" in done.output


def test_every_rule_says_what_it_asks_in_two_languages_and_where_it_is_written():
    from palmtax.channels.adapters.conformance import FILE_RULES
    from palmtax.channels.adapters.sending_rules import SENDING_RULES

    for rule in (*FILE_RULES, *CALLBACK_RULES, *SENDING_RULES):
        zh, _, en = (rule.__doc__ or "").partition(" / ")
        assert (bool(zh), bool(en)) == (True, True), rule.__name__
        assert not any("一" <= letter <= "鿿" for letter in en)
    assert callback_rules.LONGEST_SECONDS == 5.0
    assert asyncio.iscoroutinefunction(CALLBACK_RULES[0])
