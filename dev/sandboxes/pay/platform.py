"""The merchant interfaces of WeChat Pay API v3, every request checked, every answer signed."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.ground import Json, Refusal, Sandbox, rfc3339
from sandboxes.pay import orders
from sandboxes.pay.signing import (
    Signer,
    answer_signer,
    check_request,
    encrypt,
    error,
    probe_signature,
    signed_headers,
)

Handle = Callable[[Request, dict[str, Any]], dict[str, Any] | None]


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /pay; the documented paths below it."""
    desk = Desk(sandbox)

    def route(path: str, handle: Handle, method: str = "GET") -> Route:
        return Route(path, _guarded(sandbox, handle), methods=[method])

    return [
        route("/v3/certificates", desk.certificates),
        route("/v3/pay/transactions/jsapi", desk.jsapi, "POST"),
        route("/v3/pay/transactions/h5", desk.h5, "POST"),
        route("/v3/pay/transactions/out-trade-no/{number}", desk.query),
        route("/v3/pay/transactions/id/{transaction_id}", desk.query_by_id),
        route("/v3/pay/transactions/out-trade-no/{number}/close", desk.close, "POST"),
        route("/v3/refund/domestic/refunds", desk.refund, "POST"),
        route("/v3/refund/domestic/refunds/{number}", desk.query_refund),
    ]


class Desk:
    """One method per documented interface; none means 204."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def certificates(self, _: Request, __: dict[str, Any]) -> dict[str, Any]:
        """Platform certificates, each sealed under the APIv3 key."""
        return {
            "data": [
                {
                    "serial_no": key.serial_no,
                    "effective_time": rfc3339(key.certificate.not_valid_before_utc.timestamp()),
                    "expire_time": rfc3339(key.certificate.not_valid_after_utc.timestamp()),
                    "encrypt_certificate": encrypt(self.sandbox, key.certificate_pem.encode(), "certificate"),
                }
                for key in self.sandbox.credentials.platform_keys
            ]
        }

    def jsapi(self, _: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """Order for payment inside WeChat."""
        return {"prepay_id": orders.place(self.sandbox, "jsapi", asked)["prepay_id"]}

    def h5(self, _: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """Order for payment from another browser: the cashier's address."""
        order = orders.place(self.sandbox, "h5", asked)
        return {"h5_url": f"{self.sandbox.options.public_url}/pay/sandbox/cashier?prepay_id={order['prepay_id']}"}

    def query(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        """An order by the merchant's number."""
        self._own(request.query_params.get("mchid"))
        order = orders.find(self.sandbox, request.path_params["number"])
        if order is None:
            raise error(404, "ORDER_NOT_EXIST", "订单不存在")
        return orders.trade(self.sandbox, order)

    def query_by_id(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        """An order by WeChat Pay's number."""
        self._own(request.query_params.get("mchid"))
        wanted = request.path_params["transaction_id"]
        order = self.sandbox.state.row("select * from pay_order where transaction_id = ?", wanted)
        if order is None:
            raise error(404, "ORDER_NOT_EXIST", "订单不存在")
        return orders.trade(self.sandbox, order)

    def close(self, request: Request, asked: dict[str, Any]) -> None:
        """Close an unpaid order."""
        self._own(asked.get("mchid"))
        orders.close(self.sandbox, request.path_params["number"])

    def refund(self, _: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """Take a refund."""
        return orders.refund_shown(self.sandbox, orders.refund(self.sandbox, asked))

    def query_refund(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        """A refund by the merchant's number."""
        return orders.refund_shown(self.sandbox, orders.existing_refund(self.sandbox, request.path_params["number"]))

    def _own(self, mchid: str | None) -> None:
        if mchid != self.sandbox.credentials.mchid:
            raise error(400, "PARAM_ERROR", "mchid 缺失或与签名商户号不一致")


def _guarded(sandbox: Sandbox, handle: Handle) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        signer = answer_signer(sandbox, request.headers.get("wechatpay-serial"))
        try:
            body = await check_request(request, sandbox)
            content = handle(request, _object(request, body))
        except Refusal as refusal:
            return _signed(sandbox, signer, Json(refusal.content, refusal.status))
        return _signed(sandbox, signer, Response(status_code=204) if content is None else Json(content))

    return answer


def _object(request: Request, body: bytes) -> dict[str, Any]:
    if request.method == "GET":
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise error(400, "PARAM_ERROR", "请求体不是JSON对象")
    return value


def _signed(sandbox: Sandbox, signer: Signer, response: Response) -> Response:
    body = bytes(response.body)
    fault = sandbox.faults.take("pay", "forged_answer", "unsigned_answer", "probe_answer", "stale_answer")
    if fault is None:
        headers = signed_headers(signer, body)
    elif fault.kind == "unsigned_answer":
        headers = {}
    elif fault.kind == "probe_answer":
        headers = signed_headers(signer, body, signature=probe_signature())
    elif fault.kind == "stale_answer":
        headers = signed_headers(signer, body, at=time.time() - 600)
    else:
        stranger = generate_private_key(public_exponent=65537, key_size=2048)
        headers = signed_headers(Signer(signer.serial_no, stranger), body)
    response.headers.update(headers)
    return response
