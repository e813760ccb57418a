"""Refusals of certificates."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class CertificateUnknown(PalmtaxError):
    """No such certificate that you may see."""

    code, status = "certificates.unknown", 404
    text = "没有找到这份证明"
    text_en = "There is no such certificate"
    hint = "请在“我的证明”中查看，或重新开具"
    hint_en = "Look under “My certificates”, or issue it again"


class OrderNotPaid(PalmtaxError):
    """Only what was paid can be certified."""

    code, status = "certificates.order_not_paid", 409
    text = "订单 {order_no} 尚未缴清，不能开具完税证明"
    text_en = "Order {order_no} has not been paid, so there is nothing to certify yet"
    hint = "请先完成缴款；刚刚付款的，请稍候刷新"
    hint_en = "Pay first; if you have just paid, refresh in a moment"
    fields = ("order_no",)


class NothingLeftToCertify(PalmtaxError):
    """All that the order paid went back."""

    code, status = "certificates.nothing_left", 409
    text = "订单 {order_no} 的税款已全部退回，没有可以证明的缴款"
    text_en = "All that order {order_no} paid has been refunded, so there is nothing to certify"
    hint = "请在缴款记录中查看退款"
    hint_en = "See the refund in your payments"
    fields = ("order_no",)


class DocumentUnknown(PalmtaxError):
    """No such document that you may see."""

    code, status = "certificates.document_unknown", 404
    text = "没有找到这份文书"
    text_en = "There is no such document"
    hint = "请在“我的文书”中查看"
    hint_en = "Look under “My documents”"


class Owes(PalmtaxError):
    """A certificate that nothing is owed, while something is."""

    code, status = "certificates.owes", 409
    text = "尚有税费 {owed} 元未缴清，不能开具无欠税证明"
    text_en = "{owed} yuan is still owed, so this cannot be certified"
    hint = "请先缴清欠税，再申请证明"
    hint_en = "Pay what is owed, then ask again"
    fields = ("owed",)


class NothingToCertify(PalmtaxError):
    """What is to be certified is not on file."""

    code, status = "certificates.nothing_to_certify", 409
    text = "没有查到可以证明的记录，暂不能开具{title}"
    text_en = "There is nothing on file to certify: {title_en}"
    hint = "请核对期间和办税身份；如有疑问请联系主管税务机关"
    hint_en = "Check the period and the identity you act under, or contact your tax office"
    fields = ("title", "title_en")


class KindUnknown(PalmtaxError):
    """A kind of certificate that is not issued here."""

    code, status = "certificates.kind_unknown", 422
    text = "没有“{kind}”这种证明"
    text_en = "There is no certificate of the kind “{kind}”"
    hint = "请返回事项重新选择"
    hint_en = "Go back to the matter and choose again"
    fields = ("kind",)
