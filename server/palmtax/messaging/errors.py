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


class NoticeChanged(PalmtaxError):
    """The person read an older notice than the one in force."""

    code = "messaging.notice_changed"
    text = "告知内容已更新，还没有记下您的同意"
    text_en = "The notice has changed; your consent was not kept yet"
    hint = "请刷新页面，看过新的告知后再同意"
    hint_en = "Refresh, read the new notice, then agree"


class NotACampaign(PalmtaxError):
    """What the house must say is neither switched off nor complained of here."""

    code = "messaging.not_a_campaign"
    text = "这是您办事的通知，不能在这里退订或投诉"
    text_en = "This is a notice about your own affairs; it cannot be ended or complained of here"
    hint = "接收方式可在“消息设置”里改；对服务不满意可以提交投诉"
    hint_en = "Change how you are told in the message settings; file a complaint about the service instead"


class DeliveryUnknown(PalmtaxError):
    """No such delivery that you may see."""

    code, status = "messaging.delivery_unknown", 404
    text = "没有找到这条送达任务"
    text_en = "There is no such delivery"
    hint = "请刷新死信列表后再试"
    hint_en = "Refresh the list of dead letters and try again"


class DeliveryNotDead(PalmtaxError):
    """Only what lies with the dead letters is sent again or given up."""

    code = "messaging.delivery_not_dead"
    text = "这条送达任务不在死信里，没有改变"
    text_en = "This delivery is not a dead letter; nothing was changed"
    hint = "可能别人已经处理，请刷新后再看"
    hint_en = "Somebody may have dealt with it already; refresh and look again"


class NoAgreement(PalmtaxError):
    """Nothing is served electronically without the taxpayer's signed agreement."""

    code = "messaging.no_agreement"
    text = "纳税人没有签订电子送达确认书，文书没有送达"
    text_en = "The taxpayer has not agreed to electronic service; the document was not served"
    hint = "请先由纳税人签订确认书，或用直接、邮寄等方式送达"
    hint_en = "Let the taxpayer sign the agreement first, or serve it in person or by post"


class NotElectronic(PalmtaxError):
    """A kind of document that the rule leaves out."""

    code = "messaging.not_electronic"
    text = "《{title}》不适用电子送达，没有送达"
    text_en = "“{title_en}” may not be served electronically; it was not served"
    hint = "请用直接、留置、委托或邮寄方式送达（{law}）"
    hint_en = "Serve it in person, by leaving it, by another office or by post ({law})"
    fields = ("title", "title_en", "law")


class ServiceUnknown(PalmtaxError):
    """No such served document that you may see."""

    code, status = "messaging.service_unknown", 404
    text = "没有找到这份送达的文书"
    text_en = "There is no such served document"
    hint = "请核对文书编号"
    hint_en = "Check the number of the document"


class NotTheLead(PalmtaxError):
    """Only who answers for the taxpayer signs for it."""

    code, status = "messaging.not_the_lead", 403
    text = "确认书要由本人、法定代表人或财务负责人签订"
    text_en = "The agreement is signed by the person, the legal representative or the finance lead"
    hint = "请由他们登录后办理"
    hint_en = "Ask them to sign in and do it"


class NotThisStep(PalmtaxError):
    """Read, or at another step by now: nothing of this kind is to be done."""

    code = "messaging.not_this_step"
    text = "这份文书已有人阅读或已进入下一步，没有记录"
    text_en = "The document was read or is at another step by now; nothing was noted"
    hint = "请刷新任务后再看"
    hint_en = "Refresh the task and look again"


class NoSuchPhone(PalmtaxError):
    """Only people who may act for the taxpayer are called."""

    code, status = "messaging.no_such_phone", 404
    text = "没有找到这个人的联系电话"
    text_en = "There is no telephone number of this person"
    hint = "请刷新任务，从联系人里选一位"
    hint_en = "Refresh the task and choose one of its contacts"


class DayAhead(PalmtaxError):
    """A day on which it cannot have gone on paper."""

    code, status = "messaging.day_ahead", 422
    text = "日期要在 {first} 到 {last} 之间，没有记录"
    text_en = "The day must lie between {first} and {last}; nothing was noted"
    hint = "请填实际邮寄或交付的日期"
    hint_en = "Give the day on which it was posted or handed over"
    fields = ("first", "last")


class NotToSign(PalmtaxError):
    """A document that asks for no signature."""

    code = "messaging.not_to_sign"
    text = "这份文书不需要签收，没有记录"
    text_en = "This document need not be signed for; nothing was noted"
    hint = "打开看过即可"
    hint_en = "Opening and reading it is enough"
