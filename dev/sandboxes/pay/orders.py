"""Orders and refunds as WeChat Pay keeps them."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sandboxes.ground import Sandbox, rfc3339
from sandboxes.pay import notices
from sandboxes.pay.signing import error

PREPAY_SECONDS = 7200
REFUND_DAYS = 365
MOST_REFUNDS = 50
STATE_WORDS = {"SUCCESS": "支付成功", "REFUND": "转入退款", "NOTPAY": "订单未支付", "CLOSED": "订单已关闭"}


def place(sandbox: Sandbox, trade_type: str, asked: dict[str, Any]) -> sqlite3.Row:
    """Place an order, or find the same one again; another with the same number is OUT_TRADE_NO_USED."""
    _check_order(sandbox, trade_type, asked)
    state, now, number = sandbox.state, sandbox.now(), asked["out_trade_no"]
    fingerprint = json.dumps({**asked, "trade_type": trade_type}, sort_keys=True, ensure_ascii=False)
    with state.change():
        known = find(sandbox, number)
        if known is None:
            _insert(sandbox, trade_type, asked, fingerprint)
        elif known["asked"] != fingerprint:
            raise error(403, "OUT_TRADE_NO_USED", "商户订单号重复")
        elif known["state"] in {"SUCCESS", "REFUND"}:
            raise error(400, "ORDERPAID", "该订单已支付")
        elif known["state"] == "CLOSED":
            raise error(400, "ORDER_CLOSED", "该订单已关闭")
        elif now - known["prepay_at"] > PREPAY_SECONDS:
            state.run(
                "update pay_order set prepay_id = ?, prepay_at = ? where out_trade_no = ?", _prepay_id(), now, number
            )
    return _existing(sandbox, number)


def find(sandbox: Sandbox, number: str) -> sqlite3.Row | None:
    """An order by the merchant's number; an unpaid one past its time is closed first."""
    sandbox.state.run(
        "update pay_order set state = 'CLOSED' where out_trade_no = ? and state = 'NOTPAY' and expires_at <= ?",
        number,
        sandbox.now(),
    )
    return sandbox.state.row("select * from pay_order where out_trade_no = ?", number)


def find_by_prepay(sandbox: Sandbox, prepay_id: str) -> sqlite3.Row | None:
    """An order by the id its payer holds."""
    named = sandbox.state.row("select out_trade_no from pay_order where prepay_id = ?", prepay_id)
    return find(sandbox, named["out_trade_no"]) if named else None


def close(sandbox: Sandbox, number: str) -> None:
    """Close an unpaid order; closing again is fine, a paid one refuses."""
    order = _existing(sandbox, number)
    if order["state"] in {"SUCCESS", "REFUND"}:
        raise error(400, "ORDERPAID", "该订单已支付，不能关单")
    sandbox.state.run("update pay_order set state = 'CLOSED' where out_trade_no = ? and state = 'NOTPAY'", number)


def pay(sandbox: Sandbox, order: sqlite3.Row) -> None:
    """The payer pays: the order turns SUCCESS once and its notice is planned, together."""
    now = sandbox.now()
    transaction_id = "4200" + f"{int(now):010d}" + str(secrets.randbelow(10**14)).zfill(14)
    payer = order["openid"] or "o" + secrets.token_urlsafe(21)[:27]
    with sandbox.state.change():
        changed = sandbox.state.run(
            "update pay_order set state = 'SUCCESS', transaction_id = ?, paid_at = ?, payer_openid = ?"
            " where out_trade_no = ? and state = 'NOTPAY'",
            transaction_id,
            now,
            payer,
            order["out_trade_no"],
        )
        if changed:
            paid = trade(sandbox, _existing(sandbox, order["out_trade_no"]))
            notices.plan(sandbox, "TRANSACTION.SUCCESS", order["notify_url"], "支付成功", "transaction", paid)


def trade(sandbox: Sandbox, order: sqlite3.Row) -> dict[str, Any]:
    """An order the way queries and notices show it."""
    credentials = sandbox.credentials
    shown: dict[str, Any] = {
        "appid": credentials.app_id,
        "mchid": credentials.mchid,
        "out_trade_no": order["out_trade_no"],
        "trade_state": order["state"],
        "trade_state_desc": STATE_WORDS[order["state"]],
        "amount": {"total": order["total"], "currency": "CNY"},
    }
    if order["attach"]:
        shown["attach"] = order["attach"]
    if order["transaction_id"]:
        shown |= {
            "transaction_id": order["transaction_id"],
            "trade_type": "JSAPI" if order["trade_type"] == "jsapi" else "MWEB",
            "bank_type": "OTHERS",
            "success_time": rfc3339(order["paid_at"]),
            "payer": {"openid": order["payer_openid"]},
        }
        shown["amount"] |= {"payer_total": order["total"], "payer_currency": "CNY"}
    return shown


def refund(sandbox: Sandbox, asked: dict[str, Any]) -> sqlite3.Row:
    """Take a refund, or find the same one again."""
    order, amount = _refunded_order(sandbox, asked), asked.get("amount")
    number = asked.get("out_refund_no")
    if not isinstance(number, str) or not re.fullmatch(r"[\w\-|*@]{1,64}", number, re.ASCII):
        raise error(400, "PARAM_ERROR", "out_refund_no 格式错误")
    if not isinstance(amount, dict) or not all(_is_fen(amount.get(name)) for name in ("refund", "total")):
        raise error(400, "PARAM_ERROR", "amount 缺失或格式错误")
    fingerprint = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    with sandbox.state.change():
        known = sandbox.state.row("select * from pay_refund where out_refund_no = ?", number)
        if known and known["asked"] != fingerprint:
            raise error(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
        if known is None:
            _insert_refund(sandbox, order, asked, fingerprint)
    return existing_refund(sandbox, number)


def existing_refund(sandbox: Sandbox, number: str) -> sqlite3.Row:
    """A refund by the merchant's number."""
    found = sandbox.state.row("select * from pay_refund where out_refund_no = ?", number)
    if found is None:
        raise error(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return found


def finish_refunds(sandbox: Sandbox) -> None:
    """Refunds whose time has come succeed (or fail, when that was planned)."""
    now = sandbox.now()
    for row in sandbox.state.rows("select * from pay_refund where state = 'PROCESSING' and due_at <= ?", now):
        outcome = "ABNORMAL" if sandbox.faults.take("pay", "refund_abnormal") else "SUCCESS"
        with sandbox.state.change():
            sandbox.state.run(
                "update pay_refund set state = ?, done_at = ? where out_refund_no = ?",
                outcome,
                now if outcome == "SUCCESS" else None,
                row["out_refund_no"],
            )
            if row["notify_url"]:
                shown = refund_shown(sandbox, existing_refund(sandbox, row["out_refund_no"]))
                told = {name: shown[name] for name in shown if name not in {"status", "channel", "create_time"}}
                told |= {"mchid": sandbox.credentials.mchid, "refund_status": outcome}
                told["amount"] = {**shown["amount"], "payer_total": row["total"], "payer_refund": row["refund"]}
                notices.plan(sandbox, f"REFUND.{outcome}", row["notify_url"], "退款结果", "refund", told)


def refund_shown(sandbox: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    """A refund the way answers show it."""
    order = _existing(sandbox, row["out_trade_no"])
    shown = {
        "refund_id": row["refund_id"],
        "out_refund_no": row["out_refund_no"],
        "transaction_id": order["transaction_id"],
        "out_trade_no": row["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(row["made_at"]),
        "status": row["state"],
        "amount": {
            "total": row["total"],
            "refund": row["refund"],
            "payer_total": row["total"],
            "payer_refund": row["refund"],
            "currency": "CNY",
        },
    }
    return shown | ({"success_time": rfc3339(row["done_at"])} if row["done_at"] else {})


def _existing(sandbox: Sandbox, number: str) -> sqlite3.Row:
    found = find(sandbox, number)
    if found is None:
        raise error(404, "ORDER_NOT_EXIST", "订单不存在")
    return found


def _check_order(sandbox: Sandbox, trade_type: str, asked: dict[str, Any]) -> None:
    credentials, amount = sandbox.credentials, asked.get("amount")
    if asked.get("mchid") != credentials.mchid or asked.get("appid") != credentials.app_id:
        raise error(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配，请检查后再试")
    if not isinstance(asked.get("out_trade_no"), str) or not re.fullmatch(
        r"[\w\-|*]{6,32}", asked["out_trade_no"], re.ASCII
    ):
        raise error(400, "PARAM_ERROR", "out_trade_no 须为6-32位的数字、字母、_-|*")
    if not isinstance(asked.get("description"), str) or not 1 <= len(asked["description"]) <= 127:
        raise error(400, "PARAM_ERROR", "description 须为1-127个字符")
    if not isinstance(amount, dict) or not _is_fen(amount.get("total")):
        raise error(400, "PARAM_ERROR", "amount.total 须为大于0的整数，单位为分")
    if amount.get("currency", "CNY") != "CNY":
        raise error(400, "PARAM_ERROR", "amount.currency 仅支持CNY")
    _check_notify_url(asked.get("notify_url"))
    _expiry(sandbox, asked.get("time_expire"))
    if trade_type == "jsapi":
        _check_payer(sandbox, asked.get("payer"))
    else:
        _check_scene(asked.get("scene_info"))


def _check_payer(sandbox: Sandbox, payer: Any) -> None:
    openid = payer.get("openid") if isinstance(payer, dict) else None
    if not sandbox.state.row("select 1 from wechat_user where openid = ?", str(openid)):
        raise error(400, "PARAM_ERROR", "无效的openid")


def _check_scene(scene: Any) -> None:
    info = scene.get("h5_info") if isinstance(scene, dict) else None
    if not isinstance(info, dict) or info.get("type") not in {"Wap", "iOS", "Android"}:
        raise error(400, "PARAM_ERROR", "scene_info.h5_info.type 缺失或错误")
    if not isinstance(scene.get("payer_client_ip"), str) or not re.fullmatch(
        r"[0-9a-fA-F.:]{3,45}", scene["payer_client_ip"]
    ):
        raise error(400, "PARAM_ERROR", "scene_info.payer_client_ip 缺失或错误")


def _check_notify_url(url: Any) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or parts.query or len(str(url)) > 255:
        raise error(400, "PARAM_ERROR", "notify_url 须为不带参数的完整地址")
    if parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise error(400, "PARAM_ERROR", "沙箱只向本机地址发送通知 (notify_url must be on loopback)")


def _expiry(sandbox: Sandbox, text: Any) -> float | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise error(400, "PARAM_ERROR", "time_expire 须为RFC3339格式") from None
    if at.tzinfo is None:
        raise error(400, "PARAM_ERROR", "time_expire 缺少时区")
    if at.timestamp() <= sandbox.now():
        raise error(400, "PARAM_ERROR", "time_expire 已过期")
    return at.timestamp()


def _insert(sandbox: Sandbox, trade_type: str, asked: dict[str, Any], fingerprint: str) -> None:
    now = sandbox.now()
    sandbox.state.run(
        "insert into pay_order (out_trade_no, trade_type, prepay_id, prepay_at, asked, description, total, openid,"
        " notify_url, attach, expires_at, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY')",
        asked["out_trade_no"],
        trade_type,
        _prepay_id(),
        now,
        fingerprint,
        asked["description"],
        asked["amount"]["total"],
        asked["payer"]["openid"] if trade_type == "jsapi" else None,
        asked["notify_url"],
        asked.get("attach"),
        _expiry(sandbox, asked.get("time_expire")) or now + 7 * 86_400,
    )


def _refunded_order(sandbox: Sandbox, asked: dict[str, Any]) -> sqlite3.Row:
    if asked.get("transaction_id"):
        named = sandbox.state.row(
            "select out_trade_no from pay_order where transaction_id = ?", str(asked["transaction_id"])
        )
    else:
        named = sandbox.state.row(
            "select out_trade_no from pay_order where out_trade_no = ?", str(asked.get("out_trade_no"))
        )
    if named is None:
        raise error(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    return _existing(sandbox, named["out_trade_no"])


def _insert_refund(sandbox: Sandbox, order: sqlite3.Row, asked: dict[str, Any], fingerprint: str) -> None:
    now, amount = sandbox.now(), asked["amount"]
    if order["state"] not in {"SUCCESS", "REFUND"}:
        raise error(400, "INVALID_REQUEST", "订单未支付，不能退款")
    if now - order["paid_at"] > REFUND_DAYS * 86_400:
        raise error(400, "INVALID_REQUEST", "订单已超过可退款的最大期限")
    _check_refund_sum(sandbox, order, amount)
    if asked.get("notify_url"):
        _check_notify_url(asked["notify_url"])
    sandbox.state.run(
        "insert into pay_refund values (?, ?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, ?, null)",
        asked["out_refund_no"],
        "5030" + f"{int(now):010d}" + str(secrets.randbelow(10**15)).zfill(15),
        order["out_trade_no"],
        fingerprint,
        amount["refund"],
        amount["total"],
        asked.get("reason"),
        asked.get("notify_url"),
        now,
        now + sandbox.options.refund_seconds,
    )
    sandbox.state.run("update pay_order set state = 'REFUND' where out_trade_no = ?", order["out_trade_no"])


def _check_refund_sum(sandbox: Sandbox, order: sqlite3.Row, amount: dict[str, Any]) -> None:
    of_order = "from pay_refund where out_trade_no = ? and state <> 'CLOSED'"
    if amount["total"] != order["total"] or amount.get("currency") != "CNY":
        raise error(400, "PARAM_ERROR", "订单金额不一致")
    if sandbox.state.number(f"select count(*) {of_order}", order["out_trade_no"]) >= MOST_REFUNDS:
        raise error(400, "INVALID_REQUEST", "部分退款次数超过50次")
    already = sandbox.state.number(f"select sum(refund) {of_order}", order["out_trade_no"])
    if already + amount["refund"] > order["total"]:
        raise error(400, "INVALID_REQUEST", "申请退款金额超过可退金额")


def _prepay_id() -> str:
    return "wx" + secrets.token_hex(17)


def _is_fen(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
