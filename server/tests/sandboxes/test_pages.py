"""The phones as a browser draws them: what was sent stands there, and foreign text stays text."""

from __future__ import annotations

import smtplib
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from sandboxes.running import Running
from steps import machine

CHROMIUM = machine.chromium()
HOSTILE = "<img src=x onerror=alert(1)>"
"""Short enough for a place of a template."""
Dom = Callable[[str], str]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium · no Chromium (apt install chromium)"),
]


@pytest.fixture
def dom(outside: Running, tmp_path: Path) -> Dom:
    """The page after its scripts have run for three seconds of its own time."""

    def drawn(path: str) -> str:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom"]
        command = [str(CHROMIUM), *options, f"--user-data-dir={tmp_path / 'profile'}", outside.url + path]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    return drawn


def escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def test_a_follower_sees_cards_menu_and_a_dialog(account: Any, mini: Any, person: Any, dom: Dom):
    person.name = "陈思远"
    account.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "我的待办", "key": "TODO"}]})
    person.does("follow")
    person.does("write", text=HOSTILE)
    text = {"touser": person.openid, "msgtype": "text", "text": {"content": f"您好{HOSTILE}"}}
    assert account.post("/cgi-bin/message/custom/send", text)["errcode"] == 0
    person.does("dialog", app="wechat_mini", template_ids=[mini.template("filing_due")])
    page = dom("/wechat/sandbox/?who=%E9%99%88%E6%80%9D%E8%BF%9C")
    for shown in ("我的待办", f"您好{escaped(HOSTILE)}", "掌税 申请发送一次消息", "申报到期提醒", "允许 · Allow"):
        assert shown in page
    assert HOSTILE not in page


def test_a_member_sees_a_card_with_its_buttons(outside: Running, dom: Dom):
    outside.post("/wecom/sandbox/members", json={"userid": "liming", "name": "李明"})
    keys = outside.credentials["wecom"]
    query = {"corpid": keys["corp_id"], "corpsecret": keys["secret"]}
    token = outside.get("/wecom/cgi-bin/gettoken", params=query).json()["access_token"]
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "退税审批", "desc": HOSTILE},
        "horizontal_content_list": [{"keyname": "金额", "value": "¥12,345.67"}],
        "button_list": [{"text": "同意", "key": "yes"}],
        "card_action": {"type": 1, "url": "http://127.0.0.1:8000/#/cases"},
        "jump_list": [{"title": "坏链接", "url": "javascript:alert(1)"}],
        "task_id": "t-1",
    }
    message = {"touser": "liming", "agentid": keys["agent_id"], "msgtype": "template_card", "template_card": card}
    sent = outside.post("/wecom/cgi-bin/message/send", params={"access_token": token}, json=message).json()
    assert sent["errcode"] == 0
    page = dom("/wecom/sandbox/?who=liming")
    for shown in ("退税审批", "¥12,345.67", ">同意<", "李明（liming）", 'href="http://127.0.0.1:8000/#/cases"'):
        assert shown in page
    assert HOSTILE not in page
    assert 'href="javascript' not in page


def test_a_letter_is_drawn_in_a_frame_that_may_do_nothing(outside: Running, dom: Dom):
    keys, where = outside.credentials["email"], outside.get("/email/sandbox/server").json()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = keys["user"], "chen@x.example", HOSTILE
    letter.set_content("x")
    letter.add_alternative("<p>文书已送达</p><script>parent.document.title='stolen'</script>", subtype="html")
    with smtplib.SMTP(where["host"], where["port"], timeout=5) as client:
        client.login(keys["user"], keys["password"])
        client.send_message(letter)
    page = dom("/email/sandbox/")
    assert 'sandbox=""' in page
    assert escaped(HOSTILE) in page
    assert "<title>stolen" not in page
