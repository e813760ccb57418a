"""The steps of matters for the table of bad input: begin, fill in, hand in, decide; and what others aim at."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

from journeys import law
from journeys.place import DISTRICT, OTHER_DISTRICT, Device, Place
from PIL import Image

from palmtax.matters.model.catalogue import catalogue

SCOPES = frozenset({
    "cases.read", "cases.decide", "cases.assign", "complaints.read", "complaints.handle", "complaints.reports",
    "complaints.informants", "appointments.serve", "appointments.plan", "payment.register_transfer",
    "messaging.rescue", "insight.push", "insight.push_approve", "channels.read", "channels.switch", "partners.read", "partners.review",
})  # fmt: skip
"""Everything that officers of cases, complaints and halls may do."""
QUOTA, CONTRACT, ANSWERED = "FPBL-002", "contract", "FPBL-001"
"""A matter for two officers, its paper, and a matter that is decided at once."""
THEME = "become_general"
HALL = {"office_code": DISTRICT, "topic": "invoice", "day": "2026-10-16", "time": "09:00"}
RAISE = {
    "direction": "raise", "requested_quota": 500_000_000, "reason": "contract", "contract_no": "2026-018",
    "contract_party": "云城商贸有限公司", "contract_amount": 300_000_000, "expected_invoices": 200_000_000,
}  # fmt: skip
COMPLAINT = {
    "category": "attitude", "about_kind": "hall", "about": "三号窗口", "happened_on": "2026-10-12", "facts": "说话不耐烦",
    "is_real_name": True, "complainant": "林小满", "phone": "15400000166",
}  # fmt: skip
CASE_BODIES: dict[str, Any] = {
    "POST cases/{case_id}/acceptance": {"is_accepted": True, "reason": "属实"},
    "POST cases/{case_id}/answer": {"text": "已核实，向您道歉", "version": 1},
    "POST cases/{case_id}/notes": {"text": "等合同"},
    "PUT officers/{person_id}/skills": {"skills": []},
}


def officers(place: Place) -> dict[str, Device]:
    """Two officers of the district and one of another, who all may do everything with cases."""
    rank = "case_officer"
    return {
        "officer": law.desk(place, SCOPES, role_code=rank), "second officer": law.desk(place, SCOPES, role_code=rank),
        "other officer": law.desk(place, SCOPES, role_code=rank, office_code=OTHER_DISTRICT),
    }  # fmt: skip


def owner_of(place: Place) -> Device:
    """The owner of a new shop, in the mini program."""
    return place.by_wechat(place.shop().owner)


def picture() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(out, "JPEG")
    return out.getvalue()


def begun_upload(who: Device, application_id: str, paper: str = CONTRACT) -> tuple[str, bytes]:
    """An upload without its bytes: its path, and the bytes."""
    content = picture()
    ask = {"application_id": application_id, "paper_code": paper, "file_name": "合同.jpg", "size_bytes": len(content),
           "idempotency_key": f"key-{uuid4()}"}  # fmt: skip
    begun = who.ok("POST", "/matters/uploads", ask)
    return f"/matters/uploads/{begun['upload_id']}", content


def upload(who: Device, application_id: str, paper: str = CONTRACT) -> Any:
    """A file of an application."""
    path, content = begun_upload(who, application_id, paper)
    return who.ok("PUT", f"{path}/bytes?offset=0", content=content)["paper"]


def drafted(who: Device, code: str = QUOTA, answers: dict[str, Any] | None = None, shown: Any = None) -> Any:
    """A draft with answers; with those of the matter's first example unless others are given."""
    shown = shown or who.ok("POST", "/matters/applications", {"matter_code": code, "fresh": True})
    known = {ask["code"]: ask for section in shown["sections"] for ask in section["asks"]}
    wanted = dict(catalogue()[code].examples[0].answers) if answers is None else answers
    given = {name: value for name, value in wanted.items() if name in known and not known[name]["is_locked"]}
    path = f"/matters/applications/{shown['application_id']}"
    return who.ok("PATCH", path, {"version": shown["version"], "answers": given})


def completed(who: Device, code: str = QUOTA, answers: dict[str, Any] | None = None, shown: Any = None) -> Any:
    """A draft that can be handed in."""
    made = drafted(who, code, answers, shown)
    for paper in made["papers"]:
        if paper["is_needed"] and not paper["is_optional"]:
            upload(who, made["application_id"], paper["code"])
    made = who.ok("POST", f"/matters/applications/{made['application_id']}/check")
    assert made["problems"] == [], made["problems"]
    return made


def keyed(shown: Any) -> dict[str, Any]:
    """What is handed in: the version that was seen, and a key."""
    return {"version": shown["version"], "idempotency_key": f"key-{uuid4()}", "is_confirmed": True}


def handed_in(who: Device, code: str = QUOTA, answers: dict[str, Any] | None = None, shown: Any = None) -> Any:
    """An application that was handed in."""
    made = completed(who, code, RAISE if answers is None and code == QUOTA else answers, shown)
    return who.ok("POST", f"/matters/applications/{made['application_id']}/submission", keyed(made))


def desk_of(who: Device, one: Any) -> tuple[str, dict[str, Any]]:
    """An application on an officer's desk: its path, and the version of the case as it is sent."""
    path = f"/matters/cases/{one['application_id']}"
    return path, {"case_version": who.ok("GET", path)["case"]["version"]}


def opined(who: Device, one: Any) -> None:
    """The first officer says yes."""
    path, seen = desk_of(who, one)
    who.ok("POST", f"{path}/opinion", seen | {"outcome": "yes", "reason": "同意"})


def asked_for_more(who: Device, one: Any) -> None:
    """The taxpayer is asked for more."""
    path, seen = desk_of(who, one)
    who.ok("POST", f"{path}/supplement", seen | {"text": "请补充合同"})


def case_of(place: Place, subject_id: str) -> dict[str, Any]:
    """The case of an application, a complaint, a rating or a letter, once it was opened."""
    find = "select case_id::text, version from cases_case where subject_id = $1::uuid"
    return dict(place.until(lambda: place.fetch(find, subject_id))[0])


def complained(place: Place, who: Device) -> str:
    """A complaint whose case was opened."""
    handed_in(who, "TSJY-001", COMPLAINT)
    number = str(who.ok("GET", "/complaints/complaints")[0]["complaint_id"])
    case_of(place, number)
    return number


def accepted(place: Place, who: Device, officer: Device) -> str:
    """A complaint that was taken up."""
    number = complained(place, who)
    path = f"/cases/cases/{case_of(place, number)['case_id']}"
    officer.ok("POST", f"{path}/acceptance", CASE_BODIES["POST cases/{case_id}/acceptance"])
    place.idle(60)  # the case gets another day
    return number


def badly_rated(place: Place, who: Device) -> tuple[int, str]:
    """A bad rating that is followed up: whose, and its number."""
    done = handed_in(who, ANSWERED, {})
    who.ok("POST", f"/matters/applications/{done['application_id']}/rating", {"stars": 1, "text": "等太久"})
    find = "select taxpayer_id, rating_id::text from complaints_rating where subject_id = $1::uuid"
    row = place.fetch(find, done["application_id"])[0]
    case_of(place, row["rating_id"])
    return row["taxpayer_id"], row["rating_id"]


def reported(who: Device) -> str:
    """A report of an offence."""
    handed_in(who, "TSJY-003")
    return str(who.ok("GET", "/complaints/reports")[0]["report_id"])


def intake(who: Device) -> Any:
    """A run of a theme whose intake is complete."""
    one = who.ok("POST", "/matters/journeys", {"theme_code": THEME, "idempotency_key": f"key-{uuid4()}"})
    answers = {"needs_quota": "more", "sound_books": True}
    return who.ok("PATCH", f"/matters/journeys/{one['journey_id']}", {"version": one["version"], "answers": answers})


def running(who: Device) -> Any:
    """A run of a theme that was handed in; its first matter is a draft."""
    one = intake(who)
    body = {"version": one["version"], "idempotency_key": f"key-{uuid4()}"}
    return who.ok("POST", f"/matters/journeys/{one['journey_id']}/submission", body)


def first_done(who: Device) -> Any:
    """A run of a theme whose first matter is decided."""
    one = running(who)
    first = next(step for step in one["steps"] if step["matter_code"] == "XXBG-012")
    shown = who.ok("GET", f"/matters/applications/{first['application_id']}")
    handed_in(who, "XXBG-012", None, shown)
    return one


def ground(place: Place, owner: Device, desks: dict[str, Device], taxpayer_id: int) -> dict[str, Any]:
    """What others aim at, all of it the owner's or the officer's."""
    sent, desk, second = handed_in(owner), desks["officer"], desks["second officer"].person.person_id
    path, _ = begun_upload(owner, drafted(owner, answers=RAISE)["application_id"])
    shown = owner.ok("GET", f"/matters/applications/{sent['application_id']}")
    paper = next(file for each in shown["papers"] for file in each["files"])
    whose, rating_id = badly_rated(place, owner)
    assert whose == taxpayer_id
    handed_in(owner, "NSZX-002")
    ticket = owner.ok("POST", "/appointments/tickets", {"office_code": DISTRICT, "topic": "invoice"})
    away = {"from_on": "2026-12-01", "until_on": "2026-12-02", "substitute_id": second}
    return {
        "application_id": sent["application_id"], "paper_id": paper["paper_id"], "upload_id": path.rpartition("/")[2],
        "journey_id": intake(owner)["journey_id"], "case_id": case_of(place, sent["application_id"])["case_id"],
        "complaint_id": complained(place, owner), "rating_id": rating_id, "report_id": reported(owner),
        "letter_id": owner.ok("GET", "/knowledge/letters")[0]["letter_id"], "office_code": DISTRICT, "person_id": second,
        "message_id": owner.ok("GET", "/messaging/messages")["messages"][0]["message_id"],
        "document_id": owner.ok("GET", "/certificates/documents")["documents"][0]["document_id"],
        "booking_id": owner.ok("POST", "/appointments/bookings", HALL)["booking_id"],
        "queue_ticket_id": ticket["ticket_id"],
        "absence_id": desk.ok("POST", "/cases/absences", away)["absence_id"],
    }  # fmt: skip
