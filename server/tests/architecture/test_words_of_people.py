"""Whose eyes see what somebody outside writes: every field that takes words is on a list, with where its words go.

Words that reach other taxpayers need somebody who read them before (docs/security.md, "Words of other people").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

import house

SAMPLE = "出售发票请加我的微信号"
"""What takes this takes any words."""
BUREAU = "read by officers, and by nobody else outside"
OWN = "shown to nobody but who wrote it and those who act for the same taxpayer"
NO_WORDS = "a code, a secret or an address: looked up or compared, and never shown"
REVIEWED = "shown to taxpayers only after two officers have read it"
ANSWERS = "read by officers; those of an invoice that is issued stand on it too, before the eyes of its one buyer"
WHERE: dict[str, str] = {
    "POST /api/appointments/bookings topic": NO_WORDS,
    "POST /api/appointments/bookings/{booking_id}/cancellation reason": BUREAU,
    "POST /api/appointments/tickets topic": NO_WORDS,
    "POST /api/complaints/complaints/{complaint_id}/satisfaction text": BUREAU,
    "POST /api/complaints/complaints/{complaint_id}/withdrawal reason": BUREAU,
    "PATCH /api/filing/drafts/{draft_id} corrections[].field": NO_WORDS,
    "PATCH /api/filing/drafts/{draft_id} corrections[].reason": BUREAU,
    "POST /api/filing/returns/{return_id}/void reason": BUREAU,
    "POST /api/identity/authorisations name": NO_WORDS,  # compared with the register; the invited person sees their own
    "POST /api/identity/authorisations scopes[]": NO_WORDS,
    "POST /api/identity/chat-oauth/binding code": NO_WORDS,
    "POST /api/identity/chat-oauth/binding state": NO_WORDS,
    "POST /api/identity/oauth/binding state": NO_WORDS,
    "POST /api/identity/real-name name": NO_WORDS,
    "POST /api/identity/real-name resident_id": NO_WORDS,
    "POST /api/identity/sessions/chat-oauth code": NO_WORDS,
    "POST /api/identity/sessions/chat-oauth state": NO_WORDS,
    "POST /api/identity/sessions/oauth code": NO_WORDS,
    "POST /api/identity/sessions/oauth device.name": OWN,
    "POST /api/identity/sessions/oauth state": NO_WORDS,
    "POST /api/identity/sessions/refresh refresh_token": NO_WORDS,
    "POST /api/identity/sessions/sms device.name": OWN,
    "POST /api/identity/sessions/wechat device.name": OWN,
    "POST /api/identity/sessions/wechat encrypted_phone.data": NO_WORDS,
    "POST /api/identity/sessions/wechat encrypted_phone.iv": NO_WORDS,
    "POST /api/identity/sessions/wechat login_code": NO_WORDS,
    "POST /api/identity/sessions/wechat phone_code": NO_WORDS,
    "POST /api/invoice/invoices counterparty_name": OWN,
    "POST /api/invoice/invoices lines[].item": OWN,
    "POST /api/matters/applications matter_code": NO_WORDS,
    "PATCH /api/matters/applications/{application_id} answers.*": ANSWERS,
    "PATCH /api/matters/applications/{application_id} office_code": NO_WORDS,
    "PATCH /api/matters/applications/{application_id} spent_ms.*": NO_WORDS,
    "POST /api/matters/applications/{application_id}/rating tags[]": NO_WORDS,
    "POST /api/matters/applications/{application_id}/rating text": BUREAU,
    "POST /api/matters/applications/{application_id}/submission idempotency_key": NO_WORDS,
    "POST /api/matters/applications/{application_id}/withdrawal reason": BUREAU,
    "POST /api/matters/journeys idempotency_key": NO_WORDS,
    "POST /api/matters/journeys theme_code": NO_WORDS,
    "PATCH /api/matters/journeys/{journey_id} answers.*": ANSWERS,
    "POST /api/matters/journeys/{journey_id}/omission matter_code": NO_WORDS,
    "POST /api/matters/journeys/{journey_id}/retry matter_code": NO_WORDS,
    "POST /api/matters/journeys/{journey_id}/submission idempotency_key": NO_WORDS,
    "POST /api/matters/uploads file_name": BUREAU,
    "POST /api/matters/uploads idempotency_key": NO_WORDS,
    "POST /api/matters/uploads paper_code": NO_WORDS,
    "PUT /api/messaging/consents/{purpose} notice": NO_WORDS,
    "POST /api/messaging/messages/{message_id}/complaint words": BUREAU,
    "PUT /api/messaging/office/wishes topics[]": NO_WORDS,
    "PUT /api/messaging/office/wishes ways[]": NO_WORDS,
    "PUT /api/messaging/preferences topics[]": NO_WORDS,
    "PUT /api/messaging/preferences ways[]": NO_WORDS,
    "POST /api/partners/asks/{request_id}/approval ticket": NO_WORDS,
    "POST /api/partners/asks/{request_id}/refusal ticket": NO_WORDS,
    "POST /api/partners/developer/endpoints events[]": NO_WORDS,
    "POST /api/partners/developer/endpoints url": NO_WORDS,
    "POST /api/partners/developer/features manifest": REVIEWED,
    "POST /api/partners/developer/sandbox/consents code_challenge": NO_WORDS,
    "POST /api/partners/developer/sandbox/consents redirect_uri": NO_WORDS,
    "POST /api/partners/developer/sandbox/consents response_type": NO_WORDS,
    "POST /api/partners/developer/sandbox/consents scope": NO_WORDS,
    "POST /api/partners/developer/sandbox/consents state": NO_WORDS,
    "PUT /api/partners/developer frame_origins[]": NO_WORDS,
    "PUT /api/partners/developer purpose": REVIEWED,
    "PUT /api/partners/developer purpose_en": REVIEWED,
    "PUT /api/partners/developer redirect_uris[]": NO_WORDS,
    "POST /api/partners/embeds/opening client_id": NO_WORDS,
    "POST /api/partners/embeds/opening ticket": NO_WORDS,
    "POST /api/payment/orders/{order_id}/wechat login_code": NO_WORDS,
    "POST /oauth/register frame_origins[]": NO_WORDS,
    "POST /oauth/register name": REVIEWED,
    "POST /oauth/register name_en": REVIEWED,
    "POST /oauth/register organisation": REVIEWED,
    "POST /oauth/register purpose": REVIEWED,
    "POST /oauth/register purpose_en": REVIEWED,
    "POST /oauth/register redirect_uris[]": NO_WORDS,
    "POST /oauth/register uscc": NO_WORDS,
    "POST /open/v1/applications answers.*": ANSWERS,
    "POST /open/v1/applications matter_code": NO_WORDS,
}


def words_in(schema: dict[str, Any], defs: dict[str, Any], at: str = "") -> Iterator[str]:
    """The places of a body that take any words."""
    if "$ref" in schema:
        yield from words_in(defs[schema["$ref"].rpartition("/")[2]], defs, at)
        return
    for each in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(each, ()):
            yield from words_in(one, defs, at)
    if schema.get("type") == "string":
        is_listed = {"enum", "const"} & set(schema) or schema.get("format") in ("date", "date-time", "uuid", "binary")
        is_fitting = schema.get("maxLength", 10**9) >= len(SAMPLE) and re.search(schema.get("pattern", ""), SAMPLE)
        if not is_listed and is_fitting:
            yield at
    elif schema.get("type") == "array":
        yield from words_in(schema.get("items", {}), defs, f"{at}[]")
    for name, one in schema.get("properties", {}).items():
        yield from words_in(one, defs, f"{at}.{name}" if at else name)
    if schema.get("additionalProperties"):
        yield f"{at}.*"


@pytest.fixture(scope="module")
def found() -> set[str]:
    """Every field that takes words from anybody but an officer."""
    fields = set()
    for route in house.routes():
        (authority,) = house.authorities(route)
        for body in route.dependant.body_params:
            schema = TypeAdapter(body.field_info.annotation).json_schema()
            if authority.who != "officer" and schema.get("type") == "object":
                method = min(route.methods - {"HEAD", "OPTIONS"})
                fields |= {f"{method} {route.path} {at}" for at in words_in(schema, schema.get("$defs", {}))}
    return fields


def test_every_field_that_takes_words_says_who_reads_them(found):
    assert len(found) > 60
    assert sorted(found - set(WHERE)) == []


def test_the_list_is_current(found):
    assert sorted(set(WHERE) - found) == []
