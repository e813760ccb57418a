"""Refusals of channels, each with the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class ChannelUnknown(PalmtaxError):
    """There is no such channel."""

    code, status = "channels.channel_unknown", 404
    text = "没有名为“{channel}”的渠道"
    text_en = "There is no channel named “{channel}”"
    hint = "请在渠道监控的列表里选择"
    hint_en = "Choose one from the list of channels"
    fields = ("channel",)


class CallbackNotTaken(PalmtaxError):
    """A callback that cannot be believed; the answer says nothing of why, the log does."""

    code, status = "channels.callback_not_taken", 403
    text = "这次回调没有通过校验"
    text_en = "This callback could not be verified"
    hint = "请核对签名、时间戳和加密方式，并使用新的随机串"
    hint_en = "Check signature, timestamp and encryption, and use a fresh nonce"


class ReasonMissing(PalmtaxError):
    """A channel is not switched without saying why."""

    code, status = "channels.reason_missing", 422
    text = "请写明原因"
    text_en = "Say why"
    hint = "至少 4 个字，例如“平台维护，改走短信”"
    hint_en = "At least 4 characters, such as “platform under maintenance”"


class SecondOfficerNeeded(PalmtaxError):
    """The officer who asked to switch a channel on cannot agree to it."""

    code, status = "channels.second_officer_needed", 409
    text = "打开渠道需要另一位人员复核，不能由申请人自己确认"
    text_en = "Another officer must agree before a channel is switched on"
    hint = "请另一位有权限的人员在渠道监控里确认"
    hint_en = "Ask another officer with this right to confirm it"


class KitNotPassed(PalmtaxError):
    """A channel that fails the conformance kit stays off."""

    code, status = "channels.kit_not_passed", 409
    text = "渠道“{channel}”没有通过检验：{first}"
    text_en = "Channel “{channel}” did not pass its check: {first}"
    hint = "运行 palmtax channel check {channel} 查看全部 {count} 项，改好后再打开"
    hint_en = "Run palmtax channel check {channel} to see all {count}, put them right, then switch it on"
    fields = ("channel", "first", "count")


class VersionUnknown(PalmtaxError):
    """There is no earlier version to go back to."""

    code, status = "channels.version_unknown", 409
    text = "渠道“{channel}”没有可以退回的版本"
    text_en = "Channel “{channel}” has no earlier version to go back to"
    hint = "请直接修改 channel.yaml"
    hint_en = "Change channel.yaml instead"
    fields = ("channel",)
