"""What goes over the wire, against published values: signatures, sealed pushes, letters, fields of templates."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import httpx
import pytest
from channels.make import channels, credentials
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from palmtax.channels.adapters import Ports, web_push
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.sending_rules import _Tokens
from palmtax.channels.adapters.sms_aliyun import rpc_signature
from palmtax.channels.adapters.smtp import letter
from palmtax.channels.model.incoming import signed
from palmtax.channels.model.manifest import Signature
from palmtax.channels.model.outgoing import Outgoing, fitted
from sandboxes.templates import KINDS

ALL = channels()


def message(**changed):
    values = {
        "reference": "0" * 32, "address": "LiSi", "language": "zh", "template": "any", "title": "标题", "body": "正文",
        "short": "短", "link": "https://palmtax.example/#/m",
    }  # fmt: skip
    return Outgoing(**(values | changed))


def raw(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_push_is_sealed_as_in_appendix_a_of_rfc_8291():
    sealed = web_push.sealed(
        b"When I grow up, I want to be a watermelon",
        raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
        web_push.private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert base64.urlsafe_b64encode(sealed).decode().rstrip("=") == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
        "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_key_of_a_push_server_is_its_number():
    key = web_push.private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    assert point[:1] == b"\x04"
    assert len(point) == 65


def test_the_published_signature_of_an_rpc_call():
    asked = {
        "Timestamp": "2016-02-23T12:46:24Z", "Format": "XML", "AccessKeyId": "testid", "Action": "DescribeRegions",
        "SignatureMethod": "HMAC-SHA1", "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "Version": "2014-05-26", "SignatureVersion": "1.0",
    }  # fmt: skip
    assert rpc_signature("GET", asked, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_a_described_signature_is_the_robots():
    rule = Signature(key="{secret}", text="{milliseconds}\n{secret}")
    made = signed(rule, {"secret": "SEC1", "milliseconds": 1700000000000})
    import hmac

    right = hmac.digest(b"SEC1", b"1700000000000\nSEC1", "sha256")
    assert base64.b64decode(made) == right
    assert (
        signed(rule.model_copy(update={"encode": "hex"}), {"secret": "SEC1", "milliseconds": 1700000000000})
        == right.hex()
    )


async def test_every_call_behind_a_government_gateway_carries_its_headers():
    seen = []

    def gateway(request):
        seen.append(request)
        token = request.url.path.endswith("gettoken")
        return httpx.Response(
            200, json={"access_token": "t", "expires_in": 7200} if token else {"errcode": 0, "msgid": "m"}
        )

    ports = Ports(credentials(), transport=httpx.MockTransport(gateway), keeper=lambda _name, fetch: _Tokens(fetch))
    answer = await call(ports, ALL["gov_wechat"], message())
    assert (answer.ending, len(seen)) == ("sent", 2)
    for request in seen:
        assert request.url.path.startswith("/ebus/yzyapi/cgi-bin/")
        assert re.fullmatch(r"[0-9a-f]{64}", request.headers["x-tif-signature"])
    assert seen[0].headers["x-tif-nonce"] != seen[1].headers["x-tif-nonce"]


@pytest.mark.parametrize("title", ["a\r\nBcc: x@y.example", "a\nb", "标题\r\n\r\n正文", "\u2028x"])
def test_a_title_cannot_smuggle_a_header(title):
    made = letter("notice@palmtax.example", message(title=title, address="o@palmtax.example"), datetime.now(UTC))
    told = made.as_bytes().decode("ascii", "replace")
    assert made["Bcc"] is None
    assert not re.search(r"(?m)^Bcc:", told)
    assert made["Message-ID"] == f"<{'0' * 32}@palmtax.example>"


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: x@y.example", "a@b.example\nX: 1"])
def test_an_address_cannot_smuggle_a_header(address):
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage|Header"):
        letter("notice@palmtax.example", message(address=address), datetime.now(UTC))


@given(st.sampled_from(["thing", "short_thing", "character_string", "phrase"]), st.text(max_size=60))
def test_a_fitted_field_is_taken_by_the_platform(kind, text):
    assert re.fullmatch(KINDS[kind], fitted(f"{kind}1", text)), (kind, text, fitted(f"{kind}1", text))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount1", "¥1,234.50"),
        ("time2", "2026-11-30 12:00"),
        ("date3", "2026年11月23日"),
        ("number4", "42"),
        ("letter5", "ABC"),
    ],
)
def test_values_as_people_read_them_are_taken_by_the_platform(name, value):
    assert re.fullmatch(KINDS[name.rstrip("0123456789")], fitted(name, value))


@pytest.mark.parametrize(
    "name", [one for one in sorted(ALL) if ALL[one].manifest.transport in ("wechat_oa", "wechat_mini")]
)
def test_every_template_of_the_wechat_family_is_filled_to_the_platforms_liking(name):
    from palmtax import messaging

    for template in messaging.every_template().values():
        values = template.show_values(template.samples(), "zh")
        out = message(title=template.zh.title, template=template.slug, now="2026-11-30 12:00", values=values)
        for field, ours in ALL[name].manifest.said(template.slug).fields.items():
            assert re.fullmatch(KINDS[field.rstrip("0123456789")], fitted(field, out.place(ours))), (
                template.slug,
                field,
            )
