"""Text messages by Tencent Cloud (SendSms of 2021-01-11)."""

from __future__ import annotations

from palmtax.channels.adapters import Ports
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent, one_line
from palmtax.plumbing import cloud
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT: frozenset[str] = frozenset()
VERSION = "2021-01-11"


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One approved text to one mainland phone; its places {1}, {2}, … are the manifest's fields in their order."""
    said, section = channel.manifest.said(out.template), ports.section(channel)
    if said is None:
        raise OutsideRefused("no_template", out.template)
    response = await cloud.call(
        ports.http(channel),
        cloud.CloudKey(section["secret_id"], section["secret_key"], ports.base(channel)),
        "sms",
        "SendSms",
        VERSION,
        {
            "PhoneNumberSet": [f"+86{out.address}"],
            "SmsSdkAppId": section["sdk_app_id"],
            "SignName": section["sign_name"],
            "TemplateId": ports.template_id(channel, said),
            "TemplateParamSet": [one_line(out.place(ours))[:12] for ours in said.fields.values()],
            "SessionContext": out.reference,
        },
    )
    try:
        (status,) = response["SendStatusSet"]
        code, serial = str(status["Code"]), str(status["SerialNo"])
    except (KeyError, TypeError, ValueError):
        raise OutsideUnavailable("unreadable", "no single send status") from None
    if code != "Ok":
        cloud.refuse(code)
    return Sent(serial)
