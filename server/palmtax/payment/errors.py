"""Refusals of payment, each with what to do next."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class ReturnUnknown(PalmtaxError):
    """No accepted return of this taxpayer asks for money under this identifier."""

    code, status = "payment.return_unknown", 404
    text = "没有找到需要缴款的申报表"
    text_en = "There is no return to pay here"
    hint = "请从首页或申报记录进入缴款"
    hint_en = "Open the payment from the home page or from your returns"


class NothingDue(PalmtaxError):
    """The return leaves nothing open, so no order is made."""

    code, status = "payment.nothing_due", 409
    text = "这张申报表没有需要缴纳的税款"
    text_en = "Nothing is due for this return"
    hint = "无需缴款；如已缴款，可直接开具完税证明"
    hint_en = "You need not pay; if you already paid, you can issue the tax-paid certificate"


class OrderUnknown(PalmtaxError):
    """No such order that you may see."""

    code, status = "payment.order_unknown", 404
    text = "没有找到这个缴款订单"
    text_en = "There is no such payment order"
    hint = "请从申报记录重新发起缴款"
    hint_en = "Start the payment again from your returns"


class OrderPaid(PalmtaxError):
    """The order has been paid already."""

    code, status = "payment.order_paid", 409
    text = "订单 {order_no} 已经缴清，无需再缴"
    text_en = "Order {order_no} has been paid; do not pay again"
    hint = "可以查看订单并开具完税证明"
    hint_en = "Open the order to see it or to issue the tax-paid certificate"
    fields = ("order_no",)


class OrderEnded(PalmtaxError):
    """The order expired or was replaced: its late fee would no longer be right."""

    code, status = "payment.order_ended", 409
    text = "订单 {order_no} 已失效，没有扣款"
    text_en = "Order {order_no} has ended; nothing was charged"
    hint = "请重新发起缴款，金额会按今天重新计算"
    hint_en = "Start the payment again; the amount is computed for today"
    fields = ("order_no",)


class OrderBusy(PalmtaxError):
    """The channel is still being asked what became of an earlier order of the same return."""

    code, status = "payment.order_busy", 409
    text = "上一笔缴款的结果正在确认"
    text_en = "The result of the earlier payment is being confirmed"
    hint = "请稍候一分钟再试，不会重复扣款"
    hint_en = "Try again in a minute; you will not be charged twice"


class WeChatNeeded(PalmtaxError):
    """Paying inside WeChat needs the payer's WeChat identity."""

    code, status = "payment.wechat_needed", 409
    text = "还不知道您的微信身份，无法在微信内付款"
    text_en = "Your WeChat identity is not known yet, so the payment cannot open inside WeChat"
    hint = "请在微信里打开本页重新进入，或改用浏览器付款"
    hint_en = "Open this page inside WeChat again, or pay in the browser"


class CashierAway(PalmtaxError):
    """WeChat Pay does not answer; whether it knows the order is found out by asking again."""

    code, status = "payment.cashier_away", 503
    text = "微信支付暂时没有响应，没有扣款"
    text_en = "WeChat Pay does not answer at the moment; nothing was charged"
    hint = "请稍后再试，或通过银行转账缴款"
    hint_en = "Try again shortly, or pay by bank transfer"


class CashierRefused(PalmtaxError):
    """WeChat Pay said no."""

    code, status = "payment.cashier_refused", 409
    text = "微信支付没有接受这笔订单（{reason}）"
    text_en = "WeChat Pay did not accept this order ({reason})"
    hint = "请稍后重新发起缴款，或通过银行转账缴款"
    hint_en = "Start the payment again later, or pay by bank transfer"
    fields = ("reason",)


class NoticeRefused(PalmtaxError):
    """A notice that is not from WeChat Pay, not for us, or does not fit the order."""

    code, status = "payment.notice_refused", 400
    text = "支付通知未通过核对（{reason}）"
    text_en = "The payment notice was not accepted ({reason})"
    hint = "请核对商户号、应用、币种和金额"
    hint_en = "Check merchant, application, currency and amount"
    fields = ("reason",)


class TransferAmountDiffers(PalmtaxError):
    """A bank transfer must equal what is due to its day."""

    code, status = "payment.transfer_amount_differs", 409
    text = "到账 {received} 元，应缴 {due} 元，{which} {difference} 元"
    text_en = "¥{received} arrived, ¥{due} is due: ¥{difference} too {which_en}"
    hint = "应缴金额按到账日计算滞纳金。少缴请通知纳税人补足后合并登记，多缴请先办理退回"
    hint_en = (
        "The late fee is counted to the day of arrival. Ask the taxpayer for the rest, or return the surplus first"
    )
    fields = ("received", "due", "difference", "which", "which_en")


class TransferDayImpossible(PalmtaxError):
    """Money cannot arrive tomorrow, nor before the return was filed."""

    code, status = "payment.transfer_day_impossible", 409
    text = "到账日期应在 {earliest_on} 至 {latest_on} 之间"
    text_en = "The day of arrival must lie between {earliest_on} and {latest_on}"
    hint = "请核对银行回单上的入账日期"
    hint_en = "Check the booking date on the bank slip"
    fields = ("earliest_on", "latest_on")


class BankReferenceUsed(PalmtaxError):
    """Each transfer is registered once."""

    code, status = "payment.bank_reference_used", 409
    text = "银行流水号 {bank_reference} 已登记过"
    text_en = "Bank reference {bank_reference} has been registered already"
    hint = "请核对流水号；同一笔转账只能登记一次"
    hint_en = "Check the reference; one transfer can be registered only once"
    fields = ("bank_reference",)


class KeyReused(PalmtaxError):
    """The same idempotency key with another payload."""

    code, status = "payment.key_reused", 422
    text = "同一个请求编号不能用于不同的内容"
    text_en = "One idempotency key cannot stand for two different requests"
    hint = "请刷新页面后重新提交"
    hint_en = "Refresh the page and send it again"


class KeyNeeded(PalmtaxError):
    """An act that moves money must carry an idempotency key."""

    code, status = "payment.key_needed", 422
    text = "缺少请求编号（Idempotency-Key，8 至 80 个字符）"
    text_en = "The Idempotency-Key header is missing or not 8 to 80 characters long"
    hint = "请刷新页面后重新提交"
    hint_en = "Refresh the page and send it again"


class OtherOffice(PalmtaxError):
    """Officers register money for the taxpayers of their own office and the offices below it."""

    code, status = "payment.other_office", 403
    text = "该纳税人由其他税务机关主管"
    text_en = "This taxpayer belongs to another tax office"
    hint = "请转主管税务机关登记"
    hint_en = "Pass it on to the office in charge"


class FineOutside(PalmtaxError):
    """A fine beyond what the law gives for the breach."""

    code, status = "payment.fine_outside", 409
    text = "罚款应在 {least} 元至 {most} 元之间"
    text_en = "The fine must lie between ¥{least} and ¥{most}"
    hint = "请补正罚款金额；不适用简易程序的，转一般程序办理"
    hint_en = "Ask for the right amount; what does not fit the simple procedure goes to the ordinary one"
    fields = ("least", "most")


class NothingToRefund(PalmtaxError):
    """A refund of nothing."""

    code, status = "payment.nothing_to_refund", 409
    text = "没有可以退还的金额"
    text_en = "There is nothing to refund"
    hint = "请核对申请退还的金额，应大于 0 元"
    hint_en = "Check the amount asked for: it must be more than 0 yuan"


class DeferralWrong(PalmtaxError):
    """A deferral of nothing, or one that ends before it begins or after the law lets it."""

    code, status = "payment.deferral_wrong", 409
    text = "延期缴纳的金额应大于 0 元，期限最晚到 {latest_on}"
    text_en = "A deferral is of more than 0 yuan and ends by {latest_on}"
    hint = "请修改金额或期限后再提交"
    hint_en = "Change the amount or the day and submit again"
    fields = ("latest_on",)
