"""The envelope of the WeChat family: published values to the letter, every tampering refused."""

from __future__ import annotations

import base64
import contextlib

import pytest
from channels.make import APP_ID, KEY, NONCE, STAMP, TOKEN
from hypothesis import given
from hypothesis import strategies as st

from palmtax.channels.adapters import gateway_signature
from palmtax.channels.model.wechat_codec import CallbackRefused, Envelope, read_xml, same, signature

PLAIN = "<xml><ToUserName><![CDATA[gh_test]]></ToUserName><Content><![CDATA[你好]]></Content></xml>".encode()
SEALED = (
    "Q3stYC6hdFzMh9T8HCvyDH9UTgHrzXvXNY6dSnJMj7GP6PBSWAA5ouBgYZXATrrqd7zsjLTEn8y8soLZld8E5d1trgJ5EXS9udiZfNea/NhZHPOtZDaWmWeJPc"
    "XZ15BJx7hb9K1K+z/LC80DLP03A232R8Cur832Fx6Xf19NSma3klFuwLMDFiVGK+vrgsEcihavjc3vmHz0blf+lb0QwA=="
)
ENVELOPE = Envelope(TOKEN, KEY, APP_ID)


def test_the_published_signature():
    assert signature(TOKEN, STAMP, NONCE) == "781328006998e17322a97a768759bcd72cd8653c"


def test_the_published_key_text_and_signature():
    assert ENVELOPE.key().hex() == "69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051"
    assert len(PLAIN) == 92
    assert ENVELOPE.seal(PLAIN, b"0123456789abcdef") == SEALED
    assert ENVELOPE.sign(STAMP, NONCE, SEALED) == "50e4b1854bab123e9fc6bd62cfb1a954a5089fb4"
    assert ENVELOPE.open(SEALED) == PLAIN


def test_the_signature_of_a_government_gateway():
    whole = "5d32af516547d120457cef23ff5410a34864abb5551a0aaaaeeb98ec793e3515"
    assert gateway_signature(STAMP, "demoToken", "18bcfe56800-abc123") == whole


@given(st.binary(max_size=3000))
def test_what_is_sealed_is_opened_again(plain):
    assert ENVELOPE.open(ENVELOPE.seal(plain)) == plain


@given(st.integers(0, len(base64.b64decode(SEALED)) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_the_signature(place, by):
    raw = bytearray(base64.b64decode(SEALED))
    raw[place] ^= by
    other = base64.b64encode(bytes(raw)).decode()
    assert ENVELOPE.sign(STAMP, NONCE, other) != ENVELOPE.sign(STAMP, NONCE, SEALED)
    with contextlib.suppress(CallbackRefused):  # some bytes, such as the random ones, change nothing that is checked
        ENVELOPE.open(other)


@given(st.text(max_size=60))
def test_no_other_text_passes_for_the_signature(text):
    right = signature(TOKEN, STAMP, NONCE)
    assert same(text, right) == (text == right)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_never_breaks(noise):
    for text in (base64.b64encode(noise).decode(), noise.decode("latin-1")):
        with pytest.raises(CallbackRefused):
            ENVELOPE.open(text)


@pytest.mark.parametrize(
    ("receive_id", "code"), [("wx0000000000000000", "receiver"), (APP_ID + "0", "receiver"), ("", "receiver")]
)
def test_a_message_for_another_account_is_refused(receive_id, code):
    with pytest.raises(CallbackRefused, match=code):
        ENVELOPE.open(Envelope(TOKEN, KEY, receive_id).seal(PLAIN))


@pytest.mark.parametrize("length", [93, 2**31, 2**32 - 1])
def test_a_length_beyond_the_text_is_refused(length):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    body = b"0" * 16 + length.to_bytes(4) + PLAIN + APP_ID.encode()
    pad = 32 - len(body) % 32
    key = ENVELOPE.key()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(body + bytes([pad]) * pad) + encryptor.finalize()).decode()
    with pytest.raises(CallbackRefused):
        ENVELOPE.open(sealed)


@pytest.mark.parametrize("pad", [0, 33, 255])
def test_a_pad_beyond_a_block_is_refused(pad):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    body = (b"0" * 16 + len(PLAIN).to_bytes(4) + PLAIN + APP_ID.encode()).ljust(159, b"x") + bytes([pad])
    key = ENVELOPE.key()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()
    with pytest.raises(CallbackRefused, match="padding"):
        ENVELOPE.open(sealed)


@pytest.mark.parametrize("key", ["", "short", KEY + "A", "*" * 43])
def test_a_key_of_another_shape_is_no_key(key):
    with pytest.raises(ValueError, match="43"):
        Envelope(TOKEN, key, APP_ID).key()


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><A>&f;</A></xml>',
        b"<xml>",
        b"<html/>",
        b"",
        b"\xff\xfe\x00",
        b"<xml>" + b"<a>" * 50 + b"</a>" * 50 + b"</xml>",
        b'<?xml version="1.0" encoding="utf-7"?><xml/>',
    ],
)
def test_xml_with_traps_is_refused(body):
    with pytest.raises(CallbackRefused, match="xml"):
        read_xml(body)


@given(st.binary(max_size=300))
def test_whatever_comes_as_xml_is_read_or_refused(body):
    with contextlib.suppress(CallbackRefused):
        assert isinstance(read_xml(body), dict)


def test_repeated_and_nested_fields_are_kept():
    read = read_xml(b"<xml><A>1</A><L><List><T>x</T></List><List><T>y</T></List></L></xml>")
    assert read == {"A": "1", "L": {"List": [{"T": "x"}, {"T": "y"}]}}


def test_an_encrypted_answer_opens_with_the_same_key():
    answer = read_xml(ENVELOPE.reply(b"hello", STAMP, NONCE).encode())
    assert ENVELOPE.open(answer["Encrypt"]) == b"hello"
    assert answer["MsgSignature"] == ENVELOPE.sign(STAMP, NONCE, answer["Encrypt"])
