"""The payer's side: the cashier page, what WeChat does after `wx.requestPayment`, and a look inside for tests."""

from __future__ import annotations

import html
import json
import re
import secrets
import sqlite3
from string import Template
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandboxes.control import PAGES
from sandboxes.ground import Json, Sandbox, read_object
from sandboxes.pay import orders
from sandboxes.pay.signing import verifies

PAYEE = "国家金库"
SAID = {
    "SUCCESS": "该订单已支付",
    "REFUND": "该订单已支付",
    "CLOSED": "订单已过期或关闭，请返回重新发起",
}


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /pay."""

    async def cashier(request: Request) -> Response:
        order = orders.find_by_prepay(sandbox, request.query_params.get("prepay_id", ""))
        back = _safe_back(request.query_params.get("redirect_url", ""))
        status = 200 if order is not None else 404
        return HTMLResponse(_page(sandbox, order, back), status, headers={"Cache-Control": "no-store"})

    async def pay(request: Request) -> Response:
        asked = await read_object(request) or {}
        return _pay(sandbox, asked)

    async def listed(_: Request) -> Response:
        rows = sandbox.state.rows("select * from pay_order order by prepay_at desc limit 200")
        return Json({"orders": [orders.trade(sandbox, row) for row in rows]})

    async def notices(_: Request) -> Response:
        rows = sandbox.state.rows(
            "select notice_id, event_type, url, resource, attempt, taken_at, next_at from pay_notice"
            " order by made_at desc limit 200"
        )
        return Json({"notices": [{**dict(row), "resource": json.loads(row["resource"])} for row in rows]})

    async def resend(request: Request) -> Response:
        number = str((await read_object(request) or {}).get("out_trade_no"))
        changed = sandbox.state.run(
            "update pay_notice set next_at = ? where json_extract(resource, '$.out_trade_no') = ?",
            sandbox.now(),
            number,
        )
        return Json({"resent": changed})

    async def rotate(_: Request) -> Response:
        return Json({"serial_no": sandbox.rotate()}, 201)

    return [
        Route("/sandbox/cashier", cashier),
        Route("/sandbox/pay", pay, methods=["POST"]),
        Route("/sandbox/orders", listed),
        Route("/sandbox/notices", notices),
        Route("/sandbox/resend", resend, methods=["POST"]),
        Route("/sandbox/rotate", rotate, methods=["POST"]),
    ]


def _pay(sandbox: Sandbox, asked: dict[str, Any]) -> Response:
    """Pay as the WeChat client does: `{prepay_id}` from the cashier, or the arguments of `wx.requestPayment`."""
    package = str(asked.get("package") or "")
    prepay_id = str(asked.get("prepay_id") or package.removeprefix("prepay_id="))
    order = orders.find_by_prepay(sandbox, prepay_id)
    if order is None:
        return _failed(404, "支付验证失败：prepay_id 无效")
    if _value(asked, "pay_sign", "paySign") is not None and not _pay_sign_holds(sandbox, asked, prepay_id):
        return _failed(400, "支付验证签名失败")
    if order["state"] != "NOTPAY":
        return _failed(409, SAID[order["state"]])
    if sandbox.now() - order["prepay_at"] > orders.PREPAY_SECONDS:
        return _failed(409, "支付会话已过期，请重新发起")
    if sandbox.faults.take("pay", "bank_refuses"):
        return _failed(402, "银行卡可用余额不足")
    orders.pay(sandbox, order)
    return Json({"errMsg": "requestPayment:ok", "out_trade_no": order["out_trade_no"]})


def _failed(status: int, said: str) -> Response:
    return Json({"errMsg": f"requestPayment:fail {said}", "said": said}, status)


def _value(asked: dict[str, Any], *names: str) -> str | None:
    return next((str(asked[name]) for name in names if asked.get(name) is not None), None)


def _pay_sign_holds(sandbox: Sandbox, asked: dict[str, Any], prepay_id: str) -> bool:
    app_id = _value(asked, "app_id", "appId") or sandbox.credentials.app_id
    stamp, nonce = _value(asked, "time_stamp", "timeStamp"), _value(asked, "nonce_str", "nonceStr")
    if _value(asked, "sign_type", "signType") != "RSA" or app_id != sandbox.credentials.app_id:
        return False
    message = f"{app_id}\n{stamp}\n{nonce}\nprepay_id={prepay_id}\n".encode()
    merchant = sandbox.credentials.merchant.private_key.public_key()
    return verifies(merchant, message, _value(asked, "pay_sign", "paySign") or "")


def _safe_back(url: str) -> str:
    """The way back, when it is a plain web address."""
    parts = urlsplit(url)
    return url if parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"[\s<>\"']", url) else ""


def _page(sandbox: Sandbox, order: sqlite3.Row | None, back: str) -> str:
    if order is None:
        facts: dict[str, Any] = {"state": "UNKNOWN", "said": "找不到这笔订单"}
    else:
        facts = {
            "state": order["state"],
            "said": SAID.get(order["state"], ""),
            "prepay_id": order["prepay_id"],
            "seconds_left": max(0, int((order["expires_at"] or 0) - sandbox.now())),
        }
    nonce = secrets.token_urlsafe(12)
    return Template((PAGES / "cashier.html").read_text()).substitute(
        yuan=_yuan(order["total"]) if order is not None else "—",
        description=html.escape(order["description"]) if order is not None else "—",
        number=html.escape(order["out_trade_no"]) if order is not None else "—",
        payee=PAYEE,
        nonce=nonce,
        facts=json.dumps({**facts, "back": back}, ensure_ascii=False).replace("<", "\\u003c"),
    )


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
