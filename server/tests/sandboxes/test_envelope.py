"""The bytes of the protocols: published test values pass, every tampering is refused."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandboxes import dingtalk, sms2, web_push
from sandboxes.envelope import BadEnvelope, Envelope, read_xml, xml
from sandboxes.wechat.tickets import js_signature
from sandboxes.wecom.family import gateway_signature

OURS = Envelope("tax2026", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef")
MESSAGE = "<xml><ToUserName><![CDATA[gh_test]]></ToUserName><Content><![CDATA[你好]]></Content></xml>"
SEALED = (
    "Q3stYC6hdFzMh9T8HCvyDH9UTgHrzXvXNY6dSnJMj7GP6PBSWAA5ouBgYZXATrrqd7zsjLTEn8y8soLZld8E5d1trgJ5EXS9udiZfNea/NhZHPOt"
    "ZDaWmWeJPcXZ15BJx7hb9K1K+z/LC80DLP03A232R8Cur832Fx6Xf19NSma3klFuwLMDFiVGK+vrgsEcihavjc3vmHz0blf+lb0QwA=="
)
PUBLISHED = Envelope("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
"""The sample of the platform's own callback library."""


def test_the_signature_of_a_plain_callback():
    assert OURS.sign("1700000000", "abc123") == "781328006998e17322a97a768759bcd72cd8653c"


def test_a_callback_is_sealed_byte_for_byte():
    assert OURS.key.hex() == "69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051"
    assert OURS.seal(MESSAGE, b"0123456789abcdef") == SEALED
    assert OURS.sign("1700000000", "abc123", SEALED) == "50e4b1854bab123e9fc6bd62cfb1a954a5089fb4"
    assert OURS.open(SEALED) == MESSAGE


def test_the_platforms_published_sample_opens():
    echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    assert PUBLISHED.sign("1409659589", "263014780", echo) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert PUBLISHED.open(echo) == "1616140317555161061"


@pytest.mark.parametrize("length", range(1, 70))
def test_texts_of_every_length_come_back(length: int):
    text = "税" * length
    sealed = OURS.seal(text)
    assert len(base64.b64decode(sealed)) % 32 == 0
    assert OURS.open(sealed) == text


def test_what_is_sealed_for_another_is_not_opened():
    stranger = Envelope(OURS.token, OURS.encoding_aes_key, "wxffffffffffffffff")
    with pytest.raises(BadEnvelope, match="somebody else"):
        stranger.open(SEALED)
    with pytest.raises(BadEnvelope):
        OURS.stranger().open(SEALED)


@pytest.mark.parametrize(
    "sealed", ["", "A", "====", "AAAA", SEALED[:-4], "!" + SEALED[1:], base64.b64encode(b"x" * 32).decode()]
)
def test_broken_envelopes_are_refused(sealed: str):
    with pytest.raises((BadEnvelope, UnicodeDecodeError)):
        OURS.open(sealed)


def test_a_pad_outside_1_to_32_or_a_length_past_the_end_is_refused():
    def seal(plain: bytes) -> str:
        sealer = Cipher(algorithms.AES(OURS.key), modes.CBC(OURS.key[:16])).encryptor()
        return base64.b64encode(sealer.update(plain) + sealer.finalize()).decode()

    for pad in (0, 33, 255):
        with pytest.raises(BadEnvelope, match="padding"):
            OURS.open(seal(b"r" * 63 + bytes([pad])))
    with pytest.raises(BadEnvelope, match="length"):
        OURS.open(seal(b"r" * 16 + b"\xff\xff\xff\xff" + b"m" * 11 + b"\x01"))


def test_every_single_changed_character_changes_the_signature():
    good = OURS.sign("1700000000", "abc123", SEALED)
    assert good != OURS.sign("1700000001", "abc123", SEALED)
    assert good != OURS.sign("1700000000", "abc124", SEALED)
    assert good != OURS.sign("1700000000", "abc123", "A" + SEALED[1:])
    assert not OURS.is_signed(good.upper(), "1700000000", "abc123", SEALED)


def test_text_cannot_break_out_of_its_element():
    written = xml({"Content": "a]]><b>&", "CreateTime": 7, "List": [{"A": "1"}, {"A": "2"}]})
    assert read_xml(written)["Content"] == "a]]><b>&"
    assert written.count("<List>") == 2
    assert "<CreateTime>7</CreateTime>" in written


def test_entities_of_an_answer_are_not_read():
    assert read_xml('<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>') == {}
    assert read_xml("<xml><Content>") == {}


def test_the_signature_of_web_pages_is_the_documented_one():
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    url = "http://mp.weixin.qq.com?params=value"
    assert js_signature(ticket, "Wm3WZYTPz0wzccnW", "1414587457", url) == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert js_signature(ticket, "Wm3WZYTPz0wzccnW", "1414587457", url + "#/pay") == (
        "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    )


def test_the_gateway_signature_of_government_wechat():
    assert gateway_signature("1700000000", "18bcfe56800-abc123", "demoToken") == (
        "5d32af516547d120457cef23ff5410a34864abb5551a0aaaaeeb98ec793e3515"
    )


def test_the_signature_of_a_robot():
    """Computed with OpenSSL."""
    assert dingtalk.signature("SECabc", "1700000000000") == "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="


def test_the_second_providers_signature_is_the_documented_one():
    asked = {
        "Timestamp": "2016-02-23T12:46:24Z", "Format": "XML", "AccessKeyId": "testid", "Action": "DescribeRegions",
        "SignatureMethod": "HMAC-SHA1", "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "Version": "2014-05-26", "SignatureVersion": "1.0",
    }  # fmt: skip
    assert sms2.signature("testsecret", "GET", asked) == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_the_push_message_of_rfc_8291_opens():
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    number = int.from_bytes(web_push._data("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    pem = ec.derive_private_key(number, ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    auth = web_push._data("BTBZMqHH6r4Tts7J_aSIgg")
    opened = web_push.opened(pem.decode(), auth, web_push._data(body))
    assert opened == b"When I grow up, I want to be a watermelon"
    with pytest.raises(web_push.Undecipherable):
        web_push.opened(pem.decode(), auth, web_push._data(body)[:-1] + b"\x00")
