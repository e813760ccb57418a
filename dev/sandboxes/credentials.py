"""The secrets both sides share: made on the first start into the state folder, never committed.

`credentials.json` and the PEM files beside it are what an operator would copy from the providers' consoles;
the product's configuration reads the same files.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from sandboxes import templates

SMS_TEMPLATES: dict[str, dict[str, Any]] = {
    "sign_in_code": {
        "template_id": "2601001",
        "variables": ["code", "minutes"],
        "text": "您的登录验证码为{1}，{2}分钟内有效。请勿告诉他人，工作人员不会索要验证码。",
    },
    "second_factor_code": {
        "template_id": "2601002",
        "variables": ["code", "minutes"],
        "text": "您正在办理重要事项，确认码为{1}，{2}分钟内有效。如非本人操作请立即退出所有设备。",
    },
    "filing_due_soon": {
        "template_id": "2601003",
        "variables": ["count", "due_on"],
        "text": "您有{1}项申报将于{2}到期，请登录掌税办理。",
    },
    "notice": {
        "template_id": "2601005",
        "variables": ["what"],
        "longest": 40,
        "text": "您有1条新的办税消息：{1}，请登录掌税查看。",
    },
    "authorisation_waiting": {
        "template_id": "2601004",
        "variables": ["days"],
        "text": "您有1项办税授权待确认，{1}天内有效，请登录掌税查看。",
    },
}
"""Approved templates by the product's own name; `variables` fill {1}, {2}, … in this order, `longest` characters each."""


def _with_names(template: dict[str, Any]) -> dict[str, Any]:
    def named(place: re.Match[str]) -> str:
        return f"${{{template['variables'][int(place[1]) - 1]}}}"

    text = re.sub(r"\{(\d)\}", named, template["text"])
    return {**template, "template_id": "SMS_" + template["template_id"], "text": text}


SMS2_TEMPLATES = {name: _with_names(template) for name, template in SMS_TEMPLATES.items()}
"""The same texts at the second provider, whose places have names: `${code}`."""


@dataclass(frozen=True)
class Key:
    """An RSA key with its certificate."""

    serial_no: str
    private_key: RSAPrivateKey
    certificate: x509.Certificate

    @property
    def certificate_pem(self) -> str:
        """The certificate as text."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True)
class Credentials:
    """Everything the sandboxes and their clients agree on."""

    app_id: str
    app_secret: str
    cloud_secret_id: str
    cloud_secret_key: str
    sms_app_id: str
    sms_sign_name: str
    sms_templates: dict[str, dict[str, Any]]
    mchid: str
    api_v3_key: str
    merchant: Key
    platform_keys: tuple[Key, ...]
    public_key_id: str
    public_key: RSAPrivateKey
    sections: dict[str, dict[str, Any]]
    """All sections as they stand in the file: `official_account`, `wecom`, `gov_wechat`, `dingtalk`, `sms2`, `email`, …"""


def make_key(common_name: str) -> Key:
    """A new RSA-2048 key with a self-signed certificate of five years."""
    private_key = generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=5 * 365))
        .sign(private_key, hashes.SHA256())
    )
    return Key(f"{certificate.serial_number:040X}", private_key, certificate)


def load_or_make(folder: Path) -> Credentials:
    """The credentials of this state folder; the first call makes them (about one second of key-making)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / "credentials.json").exists():
        _make(folder)
    _complete(folder)
    return _load(folder)


def add_platform_key(folder: Path, credentials: Credentials) -> Credentials:
    """Rotate: a further platform key, which signs from now on; the earlier ones stay valid."""
    count = len(credentials.platform_keys) + 1
    _save_key(folder, f"pay_platform_{count}", make_key(f"Sandbox WeChat Pay Platform {count}"))
    document = json.loads((folder / "credentials.json").read_text())
    document["sandbox"]["platform_keys"].append(f"pay_platform_{count}")
    _write(folder / "credentials.json", json.dumps(document, ensure_ascii=False, indent=2).encode())
    return _load(folder)


def _make(folder: Path) -> None:
    merchant = make_key("Sandbox Merchant")
    _save_key(folder, "pay_merchant", merchant)
    _save_key(folder, "pay_platform_1", make_key("Sandbox WeChat Pay Platform 1"))
    public = generate_private_key(public_exponent=65537, key_size=2048)
    _write(folder / "pay_public_private.pem", _private_pem(public))
    _write(
        folder / "pay_public_key.pem",
        public.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
    )
    cloud = {"secret_id": "AKID" + secrets.token_hex(16), "secret_key": secrets.token_hex(16)}
    document = {
        "wechat": {"app_id": "wx" + secrets.token_hex(8), "app_secret": secrets.token_hex(16)},
        "sms": {
            **cloud,
            "sdk_app_id": "1400" + str(secrets.randbelow(900000) + 100000),
            "sign_name": "掌税沙箱",
            "templates": SMS_TEMPLATES,
        },
        "real_name": cloud,
        "pay": {
            "mchid": "16" + str(secrets.randbelow(90000000) + 10000000),
            "merchant_serial_no": merchant.serial_no,
            "merchant_private_key_file": "pay_merchant.key.pem",
            "api_v3_key": secrets.token_hex(16),
            "public_key_id": "PUB_KEY_ID_" + str(secrets.randbelow(10**24)).zfill(24),
            "public_key_file": "pay_public_key.pem",
        },
        "sandbox": {"platform_keys": ["pay_platform_1"]},
    }
    _write(folder / "credentials.json", json.dumps(document, ensure_ascii=False, indent=2).encode())


def _complete(folder: Path) -> None:
    """Add what an older file does not have yet; what it has stays."""
    document = json.loads((folder / "credentials.json").read_text())
    added = {
        name: {key: value for key, value in section.items() if key not in document.get(name, {})}
        for name, section in _messaging_sections().items()
    }
    if "alipay" not in document:  # making keys takes a moment, so only once
        added["alipay"] = _alipay(folder)
    known = document["sms"]["templates"]
    if not any(added.values()) and set(SMS_TEMPLATES) <= set(known):
        return
    for name, section in added.items():
        document.setdefault(name, {}).update(section)
    document["sms"]["templates"] = SMS_TEMPLATES | known
    _write(folder / "credentials.json", json.dumps(document, ensure_ascii=False, indent=2).encode())


def _messaging_sections() -> dict[str, dict[str, Any]]:
    corp = {"agent_id": 1000002}
    return {
        "wechat": {
            "original_id": "gh_" + secrets.token_hex(6),
            **_envelope(),
            "templates": templates.of("wechat_mini", ("once", "lasting")),
        },
        "official_account": _official_account("wechat_oa", "掌税服务号"),
        "official_account_linan": _official_account("wechat_oa_linan", "临岸税务公众号"),
        "wecom": {"corp_id": "ww" + secrets.token_hex(8), "secret": secrets.token_urlsafe(32), **corp, **_envelope()},
        "gov_wechat": {
            "corp_id": "wl" + secrets.token_hex(8),
            "secret": secrets.token_urlsafe(32),
            **corp,
            **_envelope(),
            "paas_id": "palmtax_" + secrets.token_hex(4),
            "paas_token": secrets.token_urlsafe(24),
        },
        "dingtalk": {
            "access_token": secrets.token_hex(32),
            "secret": "SEC" + secrets.token_hex(32),
            "app_key": "ding" + secrets.token_hex(8),
            "app_secret": secrets.token_urlsafe(48),
            **_envelope(),
        },
        "sms": {"callback_key": secrets.token_urlsafe(18)},
        "sms2": {
            "callback_key": secrets.token_urlsafe(18),
            "access_key_id": "LTAI" + secrets.token_hex(10),
            "access_key_secret": secrets.token_hex(15),
            "sign_name": "掌税沙箱",
            "templates": SMS2_TEMPLATES,
        },
        "push_huawei": {"app_id": str(10**8 + secrets.randbelow(10**8)), "client_secret": secrets.token_hex(32)},
        "push_xiaomi": {"package": "example.palmtax", "app_secret": secrets.token_urlsafe(16)},
        "email": {"user": "notice@palmtax.example", "password": secrets.token_urlsafe(18)},
        "web_push": {"vapid_private_key": secrets.token_urlsafe(32), "subject": "mailto:notice@palmtax.example"},
    }


def _alipay(folder: Path) -> dict[str, Any]:
    """Our app's key, and the platform's public half; the other half stays with the sandbox."""
    own, theirs = (generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    _write(folder / "alipay_private.pem", _private_pem(theirs))
    return {
        "app_id": "2021" + str(secrets.randbelow(10**12)).zfill(12),
        "app_private_key": _private_pem(own).decode(),
        "alipay_public_key": theirs.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        "templates": {
            "notice": {
                "template_id": hashlib.md5(b"palmtax:alipay:notice", usedforsecurity=False).hexdigest(),
                "title": "业务消息提醒",
                "places": [["keyword1", "消息"], ["keyword2", "说明"], ["keyword3", "时间"]],
            }
        },
    }


def _official_account(channel: str, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "app_id": "wx" + secrets.token_hex(8),
        "app_secret": secrets.token_hex(16),
        "original_id": "gh_" + secrets.token_hex(6),
        **_envelope(),
        "templates": templates.of(channel, ("template", "once", "lasting")),
    }


def _envelope() -> dict[str, str]:
    """What a console gives for callbacks: a token, and 43 letters and digits that stand for a key of 32 bytes."""
    key = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(43))
    return {"token": secrets.token_hex(12), "encoding_aes_key": key}


def _load(folder: Path) -> Credentials:
    document = json.loads((folder / "credentials.json").read_text())
    wechat, sms, pay = document["wechat"], document["sms"], document["pay"]
    return Credentials(
        app_id=wechat["app_id"],
        app_secret=wechat["app_secret"],
        cloud_secret_id=sms["secret_id"],
        cloud_secret_key=sms["secret_key"],
        sms_app_id=sms["sdk_app_id"],
        sms_sign_name=sms["sign_name"],
        sms_templates=sms["templates"],
        mchid=pay["mchid"],
        api_v3_key=pay["api_v3_key"],
        merchant=_load_key(folder, "pay_merchant"),
        platform_keys=tuple(_load_key(folder, name) for name in document["sandbox"]["platform_keys"]),
        public_key_id=pay["public_key_id"],
        public_key=_load_private(folder / "pay_public_private.pem"),
        sections=document,
    )


def _save_key(folder: Path, name: str, key: Key) -> None:
    _write(folder / f"{name}.key.pem", _private_pem(key.private_key))
    _write(folder / f"{name}.cert.pem", key.certificate_pem.encode())


def _load_key(folder: Path, name: str) -> Key:
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.cert.pem").read_bytes())
    return Key(f"{certificate.serial_number:040X}", _load_private(folder / f"{name}.key.pem"), certificate)


def _load_private(path: Path) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{path.name} is not an RSA key")
    return key


def _private_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    draft = path.with_name(path.name + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
