"""A second SMS provider in the manner of Aliyun (Dysmsapi 2017-05-25): HMAC-SHA1 over the sorted parameters."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes import receipts
from sandboxes.callbacks import set_from
from sandboxes.ground import LARGEST_BODY, Json, Refusal, Sandbox, read_object

VERSION = "2017-05-25"
WINDOW_SECONDS = 900
NEEDED = (
    "AccessKeyId", "Action", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp", "Version", "Signature",
)  # fmt: skip


def failed(status: int, code: str, message: str) -> Refusal:
    """An error of the gateway in front of the service: HTTP 4xx."""
    content = {"RequestId": str(uuid4()).upper(), "HostId": "dysmsapi.aliyuncs.com", "Code": code, "Message": message}
    return Refusal(content, status)


def signature(secret: str, method: str, asked: dict[str, str]) -> str:
    """base64(HMAC-SHA1(secret + "&", METHOD & %2F & encoded sorted query))."""
    query = "&".join(f"{_encoded(name)}={_encoded(asked[name])}" for name in sorted(asked) if name != "Signature")
    text = f"{method}&{_encoded('/')}&{_encoded(query)}"
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /sms2."""
    section = sandbox.credentials.sections["sms2"]

    async def call(request: Request) -> Response:
        try:
            asked = await _signed(sandbox, section, request)
            if asked["Action"] == "SendSms":
                return Json(_send(sandbox, section, asked))
            if asked["Action"] == "QuerySendDetails":
                return Json(_details(sandbox, asked))
            if asked["Action"] == "QuerySmsSign":
                is_ours = asked.get("SignName") == section["sign_name"]
                return Json({"Code": "OK" if is_ours else "isv.SMS_SIGNATURE_ILLEGAL", "SignStatus": 1})
            raise failed(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
        except Refusal as refusal:
            return Json(refusal.content, refusal.status)

    async def reply(request: Request) -> Response:
        """`POST /sms2/sandbox/reply {phone, text}`: a person writes back."""
        asked = await read_object(request) or {}
        number = receipts.replied(
            sandbox, "sms2", str(asked.get("phone", "")), section["sign_name"], str(asked.get("text", ""))
        )
        return Json({"callback_id": number})

    async def callback(request: Request) -> Response:
        return await set_from(sandbox, request, ("sms2",))

    return [
        Route("/", call, methods=["GET", "POST"]),
        Route("/sandbox/reply", reply, methods=["POST"]),
        Route("/sandbox/callback", callback, methods=["POST"]),
    ]


async def _signed(sandbox: Sandbox, section: dict[str, Any], request: Request) -> dict[str, str]:
    body = await request.body()
    if len(body) > LARGEST_BODY:
        raise failed(413, "RequestTooLarge", "The request is too large.")
    pairs = [*request.query_params.multi_items(), *parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)]
    asked = dict(pairs)
    for name in NEEDED:
        if not asked.get(name):
            raise failed(400, f"Missing{name}", f"{name} is mandatory for this action.")
    if not secrets.compare_digest(asked["AccessKeyId"].encode(), section["access_key_id"].encode()):
        raise failed(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    if asked["SignatureMethod"] != "HMAC-SHA1" or asked["SignatureVersion"] != "1.0" or len(asked) != len(pairs):
        raise failed(400, "InvalidParameter", "Specified signature method, version or a repeated parameter is invalid.")
    if asked["Version"] != VERSION:
        raise failed(400, "InvalidVersion", "Specified parameter Version is not valid.")
    _check_time(asked["Timestamp"])
    expected = signature(section["access_key_secret"], request.method, asked)
    if not hmac.compare_digest(asked["Signature"].encode(), expected.encode()):
        raise failed(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
    if not sandbox.is_new("sms2", asked["SignatureNonce"]):
        raise failed(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    return asked


def _check_time(text: str) -> None:
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise failed(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted.") from None
    if abs(time.time() - at) > WINDOW_SECONDS:
        raise failed(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


def _send(sandbox: Sandbox, section: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    code, template, given = _problem(sandbox, section, asked)
    fault = sandbox.faults.take("sms2", "refuse", "lost", "undelivered") if not code else None
    if fault and fault.kind == "refuse":
        code = fault.code or "isp.SYSTEM_ERROR"
    request_id = str(uuid4()).upper()
    if code:
        return {"RequestId": request_id, "Code": code, "Message": code}
    serial = f"{secrets.randbelow(10**18)}^0"
    for phone in asked["PhoneNumbers"].split(","):
        sandbox.happened(f"sms2:{phone}")
        if fault and fault.kind == "lost":
            continue
        message = {"phone": phone, "serial": serial, "context": asked.get("OutId", ""), "sent_at": sandbox.now()}
        if not fault:
            _deliver(sandbox, asked, template, given, phone, serial)
        failure = (fault.code or receipts.FAILURES["sms2"][0]) if fault else ""
        receipts.delivered(sandbox, "sms2", message, failure)
    return {"RequestId": request_id, "BizId": serial, "Code": "OK", "Message": "OK"}


def _problem(
    sandbox: Sandbox, section: dict[str, Any], asked: dict[str, str]
) -> tuple[str, dict[str, Any], dict[str, str]]:
    phones = asked.get("PhoneNumbers", "").split(",")
    if not all(re.fullmatch(r"1[3-9]\d{9}", phone) for phone in phones):
        return "isv.MOBILE_NUMBER_ILLEGAL", {}, {}
    if len(phones) > 1000:
        return "isv.MOBILE_COUNT_OVER_LIMIT", {}, {}
    if asked.get("SignName") != section["sign_name"]:
        return "isv.SMS_SIGNATURE_ILLEGAL", {}, {}
    known = section["templates"].values()
    template = next((one for one in known if one["template_id"] == asked.get("TemplateCode")), None)
    if template is None:
        return "isv.SMS_TEMPLATE_ILLEGAL", {}, {}
    try:
        given = json.loads(asked.get("TemplateParam") or "{}")
    except ValueError:
        return "isv.INVALID_JSON_PARAM", template, {}
    if not isinstance(given, dict) or any(not given.get(name) for name in template["variables"]):
        return "isv.TEMPLATE_MISSING_PARAMETERS", template, {}
    if any(len(str(given[name])) > template.get("longest", 35) for name in template["variables"]):
        return "isv.PARAM_LENGTH_LIMIT", template, {}
    return _too_often(sandbox, phones), template, {name: str(value) for name, value in given.items()}


def _too_often(sandbox: Sandbox, phones: list[str]) -> str:
    limits = sandbox.options.limits
    most = ((60, limits.sms2_per_minute), (3600, limits.sms2_hourly), (86_400, limits.sms2_daily))
    for phone in phones:
        if any(sandbox.count(f"sms2:{phone}", seconds) >= count for seconds, count in most):
            return "isv.BUSINESS_LIMIT_CONTROL"
    return ""


def _deliver(
    sandbox: Sandbox, asked: dict[str, str], template: dict[str, Any], given: dict[str, str], phone: str, serial: str
) -> None:
    text = re.sub(r"\$\{(\w+)\}", lambda place: given[place[1]], template["text"])
    sandbox.state.run(
        "insert into sms_message values (?, ?, ?, ?, ?, ?, ?, ?)",
        f"{serial}:{phone}",
        phone,
        asked["SignName"],
        asked["TemplateCode"],
        json.dumps([given[name] for name in template["variables"]], ensure_ascii=False),
        f"【{asked['SignName']}】{text}",
        asked.get("OutId", ""),
        sandbox.now(),
    )


def _details(sandbox: Sandbox, asked: dict[str, str]) -> dict[str, Any]:
    rows = sandbox.state.rows(
        "select * from sms_message where phone = ? and (? is null or message_id = ?) and template_id like 'SMS_%'"
        " order by sent_at desc limit 50",
        asked.get("PhoneNumber", ""),
        asked.get("BizId"),
        f"{asked.get('BizId')}:{asked.get('PhoneNumber')}",
    )
    details = [
        {
            "PhoneNum": row["phone"],
            "SendStatus": 3,
            "ErrCode": "DELIVERED",
            "TemplateCode": row["template_id"],
            "Content": row["text"],
            "SendDate": receipts.local(row["sent_at"]),
            "ReceiveDate": receipts.local(row["sent_at"]),
            "OutId": row["context"],
        }
        for row in rows
    ]
    listed = {"SmsSendDetailDTO": details}
    request_id = str(uuid4()).upper()
    return {
        "RequestId": request_id,
        "Code": "OK",
        "Message": "OK",
        "TotalCount": len(details),
        "SmsSendDetailDTOs": listed,
    }


def _encoded(text: str) -> str:
    """RFC 3986: space is %20, * is %2A, ~ stays."""
    return quote(text, safe="~")
