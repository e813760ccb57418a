"""Refusals of messaging."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class MessageUnknown(PalmtaxError):
    """No such message that you may see."""

    code, status = "messaging.message_unknown", 404
    text = "没有找到这条消息"
    text_en = "There is no such message"
    hint = "请回到收件箱，下拉刷新后再看"
    hint_en = "Go back to the inbox and refresh it"


class ChoiceUnknown(PalmtaxError):
    """A topic or a way that is not on the list."""

    code, status = "messaging.choice_unknown", 422
    text = "没有“{choice}”这个选项，偏好没有改变"
    text_en = "There is no choice “{choice}”; nothing was changed"
    hint = "可以选择：{known}"
    hint_en = "You can choose: {known}"
    fields = ("choice", "known")


class DocumentNoMissing(PalmtaxError):
    """Nothing was named that could be signed for."""

    code, status = "messaging.document_no_missing", 422
    text = "没有填写文书编号，没有签收"
    text_en = "No document number was given, so nothing was signed for"
    hint = "文书编号在文书左上角，或在收件箱的消息里"
    hint_en = "The number is at the top of the document, and in the message in your inbox"
