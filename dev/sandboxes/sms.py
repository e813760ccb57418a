"""The SMS gateway, and the phones that receive its messages."""

from __future__ import annotations

import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandboxes import receipts
from sandboxes.callbacks import set_from
from sandboxes.cloud import answered, failed, signed_body
from sandboxes.control import PAGES
from sandboxes.ground import Json, Refusal, Sandbox, read_object

VERSION = "2021-01-11"
LONGEST_VARIABLE = 12


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /sms."""

    async def send(request: Request) -> Response:
        try:
            if request.headers.get("x-tc-action") == "SmsPackagesStatistics":
                asked = await signed_body(request, sandbox, "sms", "SmsPackagesStatistics", VERSION)
                return answered({"SmsPackagesStatisticsSet": _packages(sandbox, asked)})
            asked = await signed_body(request, sandbox, "sms", "SendSms", VERSION)
            return answered({"SendStatusSet": _send(sandbox, asked)})
        except Refusal as refusal:
            return Json(refusal.content, refusal.status)

    async def inbox(request: Request) -> Response:
        phone, limit = request.query_params.get("phone"), request.query_params.get("limit", "20")
        rows = sandbox.state.rows(
            "select * from sms_message where ? is null or phone = ? order by sent_at desc limit ?",
            phone,
            phone,
            min(int(limit), 200) if limit.isdecimal() else 20,
        )
        return Json({"messages": [_shown(dict(row)) for row in rows]})

    async def page(_: Request) -> Response:
        return HTMLResponse((PAGES / "phones.html").read_text())

    async def reply(request: Request) -> Response:
        """`POST /sms/sandbox/reply {phone, text}`: a person writes back."""
        asked = await read_object(request) or {}
        sign_name = sandbox.credentials.sms_sign_name
        number = receipts.replied(sandbox, "sms", str(asked.get("phone", "")), sign_name, str(asked.get("text", "")))
        return Json({"callback_id": number})

    async def callback(request: Request) -> Response:
        return await set_from(sandbox, request, ("sms",))

    return [
        Route("/", send, methods=["POST"]),
        Route("/sandbox/reply", reply, methods=["POST"]),
        Route("/sandbox/callback", callback, methods=["POST"]),
        Route("/sandbox/inbox", inbox),
        Route("/sandbox/", page),
    ]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    sent = datetime.fromtimestamp(row["sent_at"], UTC).isoformat()
    return {**row, "variables": json.loads(row["variables"]), "sent_at": sent}


def _packages(sandbox: Sandbox, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What was bought and what is used up."""
    if asked.get("SmsSdkAppId") != sandbox.credentials.sms_app_id:
        raise failed("InvalidParameterValue.SdkAppIdNotExist", "the SdkAppId does not exist")
    used = len(sandbox.state.rows("select 1 from sms_message"))
    return [{"PackageId": 1, "AmountOfPackage": 1_000_000, "CurrentUsage": used}]


def _send(sandbox: Sandbox, asked: dict[str, Any]) -> list[dict[str, Any]]:
    if asked.get("SmsSdkAppId") != sandbox.credentials.sms_app_id:
        raise failed("InvalidParameterValue.SdkAppIdNotExist", "the SdkAppId does not exist")
    phones = asked.get("PhoneNumberSet")
    if not isinstance(phones, list) or not phones:
        raise failed("MissingParameter.EmptyPhoneNumberSet", "PhoneNumberSet is empty")
    if len(phones) > 200:
        raise failed("LimitExceeded.PhoneNumberCountLimit", "at most 200 numbers in one request")
    return [_send_one(sandbox, asked, str(phone)) for phone in phones]


def _send_one(sandbox: Sandbox, asked: dict[str, Any], number: str) -> dict[str, Any]:
    context = str(asked.get("SessionContext", ""))
    code, serial = _problem(sandbox, asked, number), ""
    fault = sandbox.faults.take("sms", "refuse", "lost", "undelivered") if code is None else None
    if fault and fault.kind == "refuse":
        code = fault.code or "InternalError.OtherError"
    if code is None:
        serial = f"{secrets.randbelow(9000) + 1000}:{uuid4().hex[:20]}"
        phone = number.removeprefix("+86")
        if not fault:
            _deliver(sandbox, asked, phone, serial, context)
        if not fault or fault.kind == "undelivered":
            failure = (fault.code or receipts.FAILURES["sms"][0]) if fault else ""
            message = {"phone": phone, "serial": serial, "context": context, "sent_at": sandbox.now()}
            receipts.delivered(sandbox, "sms", message, failure)
    return {
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": 0 if code else 1,
        "SessionContext": context,
        "Code": code or "Ok",
        "Message": "send success" if code is None else code,
        "IsoCode": "CN",
    }


def _problem(sandbox: Sandbox, asked: dict[str, Any], number: str) -> str | None:
    if not re.fullmatch(r"\+861[3-9]\d{9}", number):
        return "InvalidParameterValue.IncorrectPhoneNumber"
    if asked.get("SignName") != sandbox.credentials.sms_sign_name:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    template = _template(sandbox, asked)
    if template is None:
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    given = asked.get("TemplateParamSet", [])
    if not isinstance(given, list) or len(given) != len(template["variables"]):
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    if not all(isinstance(text, str) and text for text in given):
        return "InvalidParameterValue.TemplateParameterFormatError"
    if any(len(text) > template.get("longest", LONGEST_VARIABLE) for text in given):
        return "InvalidParameterValue.TemplateParameterLengthLimit"
    return _too_often(sandbox, number.removeprefix("+86"))


def _too_often(sandbox: Sandbox, phone: str) -> str | None:
    options, now = sandbox.options, sandbox.now()
    sent = "select count(*) from sms_message where phone = ? and sent_at > ?"
    if sandbox.state.number(sent, phone, now - options.sms_gap_seconds):
        return "LimitExceeded.DeliveryFrequencyLimit"
    if sandbox.state.number(sent, phone, now - 3600) >= options.sms_hourly:
        return "LimitExceeded.PhoneNumberOneHourLimit"
    if sandbox.state.number(sent, phone, now - 86_400) >= options.sms_daily:
        return "LimitExceeded.PhoneNumberDailyLimit"
    return None


def _template(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any] | None:
    known = sandbox.credentials.sms_templates.values()
    return next((template for template in known if template["template_id"] == asked.get("TemplateId")), None)


def _deliver(sandbox: Sandbox, asked: dict[str, Any], phone: str, serial: str, context: str) -> None:
    template = _template(sandbox, asked)
    if template is None:
        return
    given = asked["TemplateParamSet"]
    text = re.sub(r"\{(\d)\}", lambda place: given[int(place[1]) - 1], template["text"])
    sandbox.state.run(
        "insert into sms_message values (?, ?, ?, ?, ?, ?, ?, ?)",
        serial,
        phone,
        asked["SignName"],
        asked["TemplateId"],
        json.dumps(given, ensure_ascii=False),
        f"【{asked['SignName']}】{text}",
        context,
        sandbox.now(),
    )
