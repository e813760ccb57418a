"""One person with many hats, many devices and many rights: given, taken, ended, stolen."""

from __future__ import annotations

import pytest
from journeys.place import DISTRICT
from journeys.steps import filed, sell

from palmtax.identity import NewHat


def agent_of(place, *shops):
    """An accountant who already acts for these shops."""
    made = place.person("章会计")
    hats = [NewHat(made.person_id, "agent", s.name, s.taxpayer_id, uscc=s.uscc) for s in shops]
    place.settle([], [made], hats)
    return made


def authorise(boss, person, scopes=("filing.read", "invoice.read"), role_code="tax_clerk", until="2027-01-31"):
    body = {
        "phone": person.phone, "name": person.name, "role_code": role_code, "scopes": list(scopes), "valid_until": until,
    }  # fmt: skip
    return boss("POST", "/identity/authorisations", body)


def test_hats_change_without_a_new_login_and_each_shows_its_own_business(place):
    noodles, toys = place.shop("云汀市松月面馆"), place.shop("云汀市小熊玩具店")
    sell(place.by_wechat(noodles.owner), 40_000_000)
    phone = place.by_wechat(agent_of(place, noodles, toys))
    session = phone.session["access_token"]
    phone.wear("agent", noodles.taxpayer_id)
    assert phone.ok("GET", "/registry/taxpayer")["name"] == "云汀市松月面馆"
    assert phone.ok("GET", "/filing/home")["first"]["estimate_fen"] == 424_000
    worn = phone.wear("agent", toys.taxpayer_id)
    assert worn["hat"]["taxpayer_id"] == toys.taxpayer_id
    assert phone.ok("GET", "/registry/taxpayer")["name"] == "云汀市小熊玩具店"
    assert phone.ok("GET", "/filing/home")["first"]["estimate_fen"] == 0
    assert (phone.session["access_token"], phone.has_renewed) == (session, 0)
    # an agent may not pass the right on, and nobody wears another's hat
    phone.refused(403, "plumbing.not_allowed", "POST", "/identity/authorisations", {
        "phone": "13800000000", "name": "某人", "role_code": "tax_clerk", "scopes": ["filing.read"], "valid_until": "2026-12-31",
    })  # fmt: skip
    others = place.by_wechat(toys.owner).ok("GET", "/identity/me")["hats"][0]["hat_id"]
    phone.refused(404, "identity.hat_unknown", "POST", "/identity/hat", {"hat_id": others})


def test_an_authorisation_is_given_accepted_used_and_gone_at_the_next_request(place):
    shop, boss, made = filed(place)
    clerk = place.person("赵小办")
    place.settle([], [clerk], [])
    refused = authorise(boss, clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "plumbing.second_factor_needed")
    place.prove(boss)
    given = authorise(boss, clerk)
    assert (given.status_code, given.json()["state"], given.json()["is_mine"]) == (201, "waiting", False)
    number = given.json()["authorisation_id"]

    phone = place.by_wechat(clerk)
    assert phone.ok("GET", "/identity/me")["hats"] == []
    phone.refused(403, "plumbing.hat_needed", "GET", "/filing/home")
    [offered] = phone.ok("GET", "/identity/authorisations")
    assert (offered["authorisation_id"], offered["is_mine"], offered["taxpayer_name"]) == (number, True, shop.name)
    assert phone.ok("POST", f"/identity/authorisations/{number}/accept")["state"] == "active"
    phone.wear("tax_clerk", shop.taxpayer_id)
    assert phone.ok("GET", f"/filing/returns/{made['return_id']}")["return_no"] == made["return_no"]
    phone.refused(403, "plumbing.not_allowed", "POST", "/payment/orders", {"return_id": made["return_id"]})
    phone.refused(403, "plumbing.not_allowed", "POST", "/filing/returns", {
        "draft_id": made["return_id"], "version": 1, "confirmed_due_now_fen": 0,
    }, key="a-key-of-mine")  # fmt: skip

    assert boss.ok("POST", f"/identity/authorisations/{number}/revoke")["state"] == "revoked"
    phone.refused(403, "plumbing.hat_needed", "GET", f"/filing/returns/{made['return_id']}")
    assert phone.ok("GET", "/identity/me")["hats"] == []
    phone.refused(409, "identity.authorisation_settled", "POST", f"/identity/authorisations/{number}/accept")


def test_a_stranger_named_by_mistake_can_neither_see_nor_take_an_authorisation(place):
    shop, boss, _ = filed(place)
    named, stranger = place.person("赵小办"), place.person("钱路人")
    place.settle([], [named, stranger], [])
    place.prove(boss)
    number = authorise(boss, named).json()["authorisation_id"]
    other = place.by_wechat(stranger)
    assert other.ok("GET", "/identity/authorisations") == []
    for act in ("accept", "deny"):
        other.refused(404, "identity.authorisation_unknown", "POST", f"/identity/authorisations/{number}/{act}")
    other.refused(403, "plumbing.hat_needed", "POST", f"/identity/authorisations/{number}/revoke")
    assert place.by_wechat(named).ok("POST", f"/identity/authorisations/{number}/deny")["state"] == "denied"
    assert [a["state"] for a in boss.ok("GET", "/identity/authorisations") if a["authorisation_id"] == number] == [
        "denied"
    ]
    told = place.by_sms(place.officer(), "workbench").ok("GET", f"/cases/taxpayers/{shop.taxpayer_id}/timeline")
    assert [e["act"] for e in told["entries"][:2]] == ["identity.authorisation_denied", "identity.authorisation_given"]


def test_the_second_proof_holds_ten_minutes_and_for_this_device_only(place):
    _, boss, _ = filed(place)
    clerk = place.person("赵小办")
    tablet = place.by_sms(boss.person)
    place.prove(boss)
    refused = authorise(tablet, clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "plumbing.second_factor_needed")
    place.clock.move(minutes=10, seconds=1)
    refused = authorise(boss, clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "plumbing.second_factor_needed")


def test_the_workbench_is_signed_in_by_its_qr_code_and_hands_the_session_out_once(place):
    officer = place.officer()
    phone = place.by_wechat(officer)
    ticket = place.http.post("/api/identity/sign-in-tickets").json()
    path, secret = f"/api/identity/sign-in-tickets/{ticket['ticket_id']}", {"poll_secret": ticket["poll_secret"]}
    assert ticket["poll_secret"] not in ticket["qr_text"]
    assert ticket["ticket_id"] in ticket["qr_text"]

    def look():
        return place.http.get(path, params=secret).json()

    assert look() == {"state": "waiting", "session": None}
    wrong = place.http.get(path, params={"poll_secret": "x" * 32})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "identity.ticket_unknown")
    assert phone.ok("POST", f"/identity/sign-in-tickets/{ticket['ticket_id']}/scan")["state"] == "scanned"
    assert look() == {"state": "scanned", "session": None}
    # another phone that photographed the code can do nothing with it
    thief = place.by_wechat(place.officer())
    thief.refused(409, "identity.ticket_taken", "POST", f"/identity/sign-in-tickets/{ticket['ticket_id']}/scan")
    thief.refused(
        404,
        "identity.ticket_unknown",
        "POST",
        f"/identity/sign-in-tickets/{ticket['ticket_id']}/answer",
        {"accept": True},
    )
    answer = phone.ok("POST", f"/identity/sign-in-tickets/{ticket['ticket_id']}/answer", {"accept": True})
    assert answer["state"] == "confirmed"
    seen = look()
    assert (seen["state"], seen["session"]["me"]["hat"]["office_code"]) == ("confirmed", DISTRICT)
    assert look() == {"state": "confirmed", "session": None}
    headers = {"authorization": f"Bearer {seen['session']['access_token']}"}
    assert place.http.get("/api/cases/taxpayers", headers=headers).status_code == 200


def test_a_refused_or_forgotten_qr_code_signs_nobody_in(place):
    phone = place.by_wechat(place.officer())
    for is_answered in (True, False):
        ticket = place.http.post("/api/identity/sign-in-tickets").json()
        path = f"/identity/sign-in-tickets/{ticket['ticket_id']}"
        phone.ok("POST", f"{path}/scan")
        if is_answered:
            assert phone.ok("POST", f"{path}/answer", {"accept": False})["state"] == "refused"
        else:
            place.clock.move(minutes=2, seconds=1)
            phone.refused(409, "identity.ticket_expired", "POST", f"{path}/answer", {"accept": True})
        seen = place.http.get(f"/api{path}", params={"poll_secret": ticket["poll_secret"]}).json()
        assert (seen["state"], seen["session"]) == ("refused" if is_answered else "expired", None)


def test_a_refresh_token_used_twice_ends_every_session_of_the_person(place):
    _, phone, _ = filed(place)
    tablet = place.by_sms(phone.person)
    stolen = {"refresh_token": phone.session["refresh_token"]}
    renewed = place.http.post("/api/identity/sessions/refresh", json=stolen)
    assert renewed.status_code == 200
    fresh = {"authorization": f"Bearer {renewed.json()['access_token']}"}
    assert place.http.get("/api/identity/me", headers=fresh).status_code == 200
    again = place.http.post("/api/identity/sessions/refresh", json=stolen)
    assert (again.status_code, again.json()["code"]) == (401, "identity.refresh_reused")
    assert place.http.get("/api/identity/me", headers=fresh).status_code == 401
    tablet.refused(401, "plumbing.sign_in_needed", "GET", "/identity/me")
    newest = {"refresh_token": renewed.json()["refresh_token"]}
    assert place.http.post("/api/identity/sessions/refresh", json=newest).status_code == 401


def test_an_access_token_lasts_a_quarter_of_an_hour_and_is_renewed_unnoticed(place):
    _, phone, _ = filed(place)
    place.clock.move(minutes=14)
    assert (phone.ok("GET", "/identity/me")["person"]["name"], phone.has_renewed) == ("林小满", 0)
    place.clock.move(minutes=1, seconds=1)
    assert (phone.ok("GET", "/identity/me")["person"]["name"], phone.has_renewed) == ("林小满", 1)
    place.clock.move(days=31)
    phone.refused(401, "plumbing.sign_in_needed", "GET", "/identity/me")


def test_devices_are_listed_and_one_or_all_can_be_signed_out(place):
    _, phone, _ = filed(place)
    tablet = place.by_sms(phone.person, "app", "平板")
    place.clock.move(seconds=61)
    screen = place.by_sms(phone.person, "h5", "网吧")
    listed = {d["name"]: d for d in phone.ok("GET", "/identity/sessions")}
    assert ({n: d["channel"] for n, d in listed.items()}) == {"微信": "miniprogram", "平板": "app", "网吧": "h5"}
    assert [n for n, d in listed.items() if d["is_current"]] == ["微信"]
    phone.ok("DELETE", f"/identity/sessions/{listed['网吧']['session_id']}")
    screen.refused(401, "plumbing.sign_in_needed", "GET", "/identity/me")
    assert tablet.ok("GET", "/identity/me")["person"]["name"] == "林小满"
    phone.ok("DELETE", "/identity/sessions")
    for device in (phone, tablet):
        device.refused(401, "plumbing.sign_in_needed", "GET", "/identity/me")


def test_a_new_person_proves_who_they_are_before_accepting(place):
    _, boss, _ = filed(place)
    person = place.person("赵小办")
    place.prove(boss)
    number = authorise(boss, person).json()["authorisation_id"]
    phone = place.by_sms(person)
    assert phone.ok("GET", "/identity/me")["person"]["is_real_name_checked"] is False
    accept = f"/identity/authorisations/{number}/accept"
    phone.refused(409, "identity.real_name_needed", "POST", accept)
    phone.refused(409, "identity.real_name_differs", "POST", "/identity/real-name", {
        "name": "赵大办", "resident_id": person.resident_id,
    })  # fmt: skip
    phone.refused(422, "identity.resident_id_malformed", "POST", "/identity/real-name", {
        "name": "赵小办", "resident_id": person.resident_id[:-1] + ("0" if person.resident_id[-1] != "0" else "1"),
    })  # fmt: skip
    place.fault("real_name", "error", count=5)
    told = {"name": "赵小办", "resident_id": person.resident_id}
    phone.refused(503, "identity.real_name_unavailable", "POST", "/identity/real-name", told)
    place.sandboxes.delete("/sandbox/faults")
    assert phone.ok("POST", "/identity/real-name", told)["person"]["is_real_name_checked"] is True
    assert phone.ok("POST", accept)["state"] == "active"


def test_five_wrong_codes_lock_the_phone_for_a_quarter_of_an_hour(place):
    person = place.person("赵小办")
    place.http.post("/api/identity/sms-codes", json={"phone": person.phone}).raise_for_status()
    right = place.text_code(person.phone)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    def enter(code):
        body = {"phone": person.phone, "code": code, "device": {"name": "x", "channel": "h5"}}
        answer = place.http.post("/api/identity/sessions/sms", json=body)
        return answer.status_code, answer.json().get("code", "")

    assert [enter(wrong) for _ in range(4)] == [(409, "identity.code_wrong")] * 4
    assert enter(wrong) == (429, "identity.code_locked")
    assert enter(right) == (429, "identity.code_locked")
    soon = place.http.post("/api/identity/sms-codes", json={"phone": person.phone})
    assert (soon.status_code, soon.json()["code"]) == (429, "identity.code_too_soon")
    place.clock.move(minutes=15, seconds=1)
    assert place.by_sms(person).session["me"]["person"]["phone_masked"] == f"154****{person.phone[-4:]}"


@pytest.mark.parametrize("server", ["sms", "wechat"])
def test_a_partner_that_is_away_is_told_as_such(place, server):
    person = place.person("赵小办")
    place.fault(server, "error", count=5)
    if server == "sms":
        answer = place.http.post("/api/identity/sms-codes", json={"phone": person.phone})
    else:
        body = {"login_code": "x", "device": {"name": "x", "channel": "miniprogram"}}
        answer = place.http.post("/api/identity/sessions/wechat", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, f"identity.{server}_unavailable")
    assert "retry-after" in answer.headers
    place.sandboxes.delete("/sandbox/faults")
    assert place.by_sms(person).session["me"]["hats"] is not None
