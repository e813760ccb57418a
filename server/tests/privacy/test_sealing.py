"""Sealing, fingerprints, masks, and the key file."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax import privacy
from palmtax.plumbing.settings import Settings, SettingsFault
from palmtax.privacy.adapters.software_keys import PrivacySettings, SoftwareKeys, _key_from_file

KEYS = SoftwareKeys(bytes(range(32)))


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again_and_differs_each_time(text):
    first, second = KEYS.seal(text, "a.b"), KEYS.seal(text, "a.b")
    assert first != second
    assert KEYS.unseal(first, "a.b") == KEYS.unseal(second, "a.b") == text


@given(st.binary(max_size=80))
def test_random_bytes_do_not_open(junk):
    with pytest.raises(privacy.BrokenSeal):
        KEYS.unseal(junk, "a.b")


@given(st.text(min_size=1, max_size=40), st.data())
def test_a_changed_bit_breaks_the_seal(text, data):
    sealed = bytearray(KEYS.seal(text, "a.b"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(privacy.BrokenSeal):
        KEYS.unseal(bytes(sealed), "a.b")


def test_a_value_cannot_be_moved_to_another_column_or_read_with_another_key():
    sealed = KEYS.seal("13812345678", "identity.phone")
    with pytest.raises(privacy.BrokenSeal):
        KEYS.unseal(sealed, "identity.name")
    with pytest.raises(privacy.BrokenSeal):
        SoftwareKeys(bytes(32)).unseal(sealed, "identity.phone")


def test_fingerprints_find_equal_values_of_one_kind_under_one_key():
    one = KEYS.fingerprint("13812345678", "identity.phone")
    assert len(one) == 32
    assert one == KEYS.fingerprint("13812345678", "identity.phone")
    assert one != KEYS.fingerprint("13812345679", "identity.phone")
    assert one != KEYS.fingerprint("13812345678", "identity.name")
    assert one != SoftwareKeys(bytes(32)).fingerprint("13812345678", "identity.phone")
    assert KEYS.fingerprint("bc", "a") != KEYS.fingerprint("c", "ab")


def test_a_missing_key_file_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "keys" / "privacy.key"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: _key_from_file(path), range(16)))
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["privacy.key"]


@pytest.mark.parametrize("key", ["abc", "g" * 64, "AB" * 32])
def test_a_wrong_key_setting_is_told(key):
    with pytest.raises(SettingsFault) as told:
        Settings({"PALMTAX_PRIVACY_MASTER_KEY": key}).of(PrivacySettings)
    assert "PALMTAX_PRIVACY_MASTER_KEY" in str(told.value)


def test_every_kind_has_a_class_and_a_mask_that_hides():
    samples = {
        "person_name": "王大福",
        "phone": "13812345678",
        "resident_id": "440524188001010014",
        "bank_card": "6222021234567890123",
        "address": "广州市天河区体育西路103号",
        "email": "alice@example.com",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "secret": "k",
    }
    for kind, value in samples.items():
        assert privacy.show(value, kind) != value
        assert privacy.show("", kind) == privacy.show(None, kind) == ""
        if kind != "secret":
            assert privacy.show(value, kind, is_owner=True) == value
    public = set(privacy.GUARDS) - set(samples)
    assert {privacy.class_of(kind) for kind in public} == {privacy.PrivacyClass.PUBLIC}
    assert privacy.show("k", "secret", is_owner=True) == "***"


@given(st.sampled_from(sorted(set(privacy.GUARDS) - {"uscc", "company_name"})), st.text(min_size=1, max_size=40))
def test_no_mask_fails_whatever_the_value(kind, value):
    assert isinstance(privacy.show(value, kind), str)
