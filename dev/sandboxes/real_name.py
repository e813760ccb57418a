"""The register of names and resident identity numbers that answers: same person, not the same, unknown."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.cloud import answered, failed, signed_body
from sandboxes.ground import Json, Refusal, Sandbox, read_object

VERSION = "2018-03-01"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
WORDS = {
    "0": "姓名和身份证号一致",
    "-1": "姓名和身份证号不一致",
    "-2": "非法身份证号（长度、校验位等不正确）",
    "-3": "非法姓名（长度、格式等不正确）",
    "-4": "证件库服务异常",
    "-5": "证件库中无此身份证记录",
    "-6": "权威比对系统升级中，请稍后再试",
    "-7": "认证次数超过当日限制",
}
"""The register's results."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /real-name."""

    async def check(request: Request) -> Response:
        try:
            asked = await signed_body(request, sandbox, "faceid", "IdCardVerification", VERSION)
            fault = sandbox.faults.take("real_name", "refuse", "result")
            if fault and fault.kind == "refuse":
                raise failed(fault.code or "InternalError", "internal error")
            result = fault.code if fault else _compare(sandbox, asked)
            return answered({"Result": result, "Description": WORDS.get(result, "")})
        except Refusal as refusal:
            return Json(refusal.content, refusal.status)

    async def register(request: Request) -> Response:
        asked = await read_object(request) or {}
        people = asked.get("people", [asked])
        if not isinstance(people, list) or not all(_is_person(person) for person in people):
            return Json({"error": "each person needs name and a valid resident_id"}, 422)
        with sandbox.state.change():
            for person in people:
                sandbox.state.run(
                    "insert into real_name_person values (?, ?) on conflict do update set name = excluded.name",
                    person["resident_id"],
                    person["name"],
                )
        return Json({"registered": len(people)}, 201)

    async def count(_: Request) -> Response:
        return Json({"people": int(sandbox.state.number("select count(*) from real_name_person"))})

    return [
        Route("/", check, methods=["POST"]),
        Route("/sandbox/people", register, methods=["POST"]),
        Route("/sandbox/people", count, methods=["GET"]),
    ]


def is_resident_id(text: str) -> bool:
    """Whether the check character of GB 11643 is right."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17]


def _is_person(person: Any) -> bool:
    return isinstance(person, dict) and bool(person.get("name")) and is_resident_id(str(person.get("resident_id", "")))


def _compare(sandbox: Sandbox, asked: dict[str, Any]) -> str:
    number, name = asked.get("IdCard"), asked.get("Name")
    if not isinstance(number, str) or not isinstance(name, str):
        raise failed("MissingParameter", "IdCard and Name are required")
    if not is_resident_id(number):
        return "-2"
    if not 2 <= len(name) <= 40 or re.search(r"[\d\s<>]", name):
        return "-3"
    now = sandbox.now()
    asked_today = "select count(*) from real_name_call where resident_id = ? and at > ?"
    if sandbox.state.number(asked_today, number, now - 86_400) >= sandbox.options.real_name_daily:
        return "-7"
    sandbox.state.run("insert into real_name_call values (?, ?)", number, now)
    known = sandbox.state.row("select name from real_name_person where resident_id = ?", number)
    if known is None:
        return "-5"
    return "0" if known["name"] == name else "-1"
