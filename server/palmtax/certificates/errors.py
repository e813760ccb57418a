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
