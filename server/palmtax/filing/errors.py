"""Refusals of filing, each with the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class ReturnUnknown(PalmtaxError):
    """No such return among those you may see."""

    code, status = "filing.return_unknown", 404
    text = "没有找到这份申报表"
    text_en = "This return was not found"
    hint = "请返回申报记录重新选择"
    hint_en = "Go back to your returns and choose again"


class DraftUnknown(PalmtaxError):
    """No such draft among those you may see; it may have been discarded."""

    code, status = "filing.draft_unknown", 404
    text = "没有找到这份草稿，可能已被删除"
    text_en = "This draft was not found; it may have been discarded"
    hint = "请从首页重新开始，发票数据会自动带入"
    hint_en = "Start again from the home page; invoices are filled in for you"


class QueryMalformed(PalmtaxError):
    """A filter or a cursor that cannot be read."""

    code, status = "filing.query_malformed", 422
    text = "筛选条件“{what}”写得不对"
    text_en = "The filter “{what}” cannot be read"
    hint = "所属期写作 2026Q3 或 2026-09；翻页请使用上一页给出的标记"
    hint_en = "Write a period as 2026Q3 or 2026-09; for the next page use the mark of the last answer"
    fields = ("what",)


class KeyMissing(PalmtaxError):
    """The act came without an idempotency key, or with a malformed one."""

    code, status = "filing.key_missing", 422
    text = "缺少提交编号（Idempotency-Key），或格式不对"
    text_en = "The Idempotency-Key header is missing or malformed"
    hint = "请更新应用后再试；接口调用方请为每次提交生成 8 至 64 位字母、数字或连字符"
    hint_en = "Update the app and try again; callers of the API make 8 to 64 letters, digits or hyphens for each act"


class KeyReused(PalmtaxError):
    """The same idempotency key came with another content."""

    code, status = "filing.key_reused", 422
    text = "这个提交编号已用于另一份内容，本次没有提交"
    text_en = "This idempotency key was already used for something else; nothing was submitted"
    hint = "请刷新页面，核对后重新提交"
    hint_en = "Refresh the page, check, and submit again"


class WrongPeriod(PalmtaxError):
    """The taxpayer does not file this kind of period."""

    code, status = "filing.wrong_period", 409
    text = "您按{expected}申报，没有 {period} 这一期"
    text_en = "You file by the {expected_en}; there is no period {period}"
    hint = "请从首页的待办进入"
    hint_en = "Start from what is due on the home page"
    fields = ("expected", "expected_en", "period")


class PeriodBeforeRegistration(PalmtaxError):
    """The period ended before the taxpayer was registered, or lies further back than can be filed here."""

    code, status = "filing.period_out_of_reach", 409
    text = "{period} 不在可以申报的范围内（{first} 起）"
    text_en = "{period} cannot be filed here; the first period is {first}"
    hint = "更早的所属期请到办税服务厅办理"
    hint_en = "For earlier periods please go to a tax service hall"
    fields = ("period", "first")


class PeriodNotBegun(PalmtaxError):
    """The period lies in the future."""

    code, status = "filing.period_not_begun", 409
    text = "{period} 还没有开始"
    text_en = "{period} has not begun"
    hint = "请从首页的待办进入"
    hint_en = "Start from what is due on the home page"
    fields = ("period",)


class NotSmallScale(PalmtaxError):
    """A general taxpayer, or somebody without VAT, cannot use this return."""

    code, status = "filing.not_small_scale", 409
    text = "您不是增值税小规模纳税人，不能使用本申报表"
    text_en = "You are not a small-scale VAT taxpayer and cannot use this return"
    hint = "一般纳税人请使用《增值税及附加税费申报表（一般纳税人适用）》"
    hint_en = "General taxpayers use the return for general taxpayers"


class AlreadyFiled(PalmtaxError):
    """The period has an accepted return."""

    code, status = "filing.already_filed", 409
    text = "{period} 已经申报成功，编号 {return_no}"
    text_en = "{period} has been filed already, number {return_no}"
    hint = "不需要再次提交；如需修改，请在申报记录中办理更正"
    hint_en = "There is nothing to submit again; to change it, amend the return"
    fields = ("period", "return_no", "return_id")


class DraftChanged(PalmtaxError):
    """Another phone or channel changed the draft meanwhile."""

    code, status = "filing.draft_changed", 409
    text = "草稿已在另一处修改（第 {version} 版），您的改动还没有保存"
    text_en = "The draft was changed elsewhere (version {version}); your changes are not saved yet"
    hint = "请核对最新内容后，再决定是否保留您的改动"
    hint_en = "Look at the latest values, then decide whether to keep yours"
    fields = ("version", "values", "last_channel")


class DraftSubmitted(PalmtaxError):
    """The draft became a return; it cannot be changed or discarded."""

    code, status = "filing.draft_submitted", 409
    text = "这份草稿已经提交，不能再修改"
    text_en = "This draft was submitted and cannot be changed"
    hint = "如需修改，请在申报记录中办理更正"
    hint_en = "To change it, amend the return"


class AmountChanged(PalmtaxError):
    """The amount is no longer the one the person saw: invoices came in, or a day passed."""

    code, status = "filing.amount_changed", 409
    text = "应缴金额已由 {seen} 元变为 {now} 元，没有提交"
    text_en = "The amount has changed from {seen} to {now} yuan; nothing was submitted"
    hint = "可能有新的发票，或多了一天滞纳金；请核对后再提交"
    hint_en = "New invoices may have arrived or a day of late fee was added; check and submit again"
    fields = ("seen", "now", "due_now_fen")


class NotReady(PalmtaxError):
    """Something that blocks submitting is left."""

    code, status = "filing.not_ready", 409
    text = "还有问题需要处理：{first}"
    text_en = "Something must be put right first: {first_en}"
    hint = "{first_hint}"
    hint_en = "{first_hint_en}"
    fields = ("first", "first_en", "first_hint", "first_hint_en", "problems")


class FieldUnknown(PalmtaxError):
    """No such field on this return."""

    code, status = "filing.field_unknown", 422
    text = "申报表上没有“{field}”这一栏"
    text_en = "There is no field “{field}” on this return"
    hint = "请刷新页面后再试"
    hint_en = "Refresh the page and try again"
    fields = ("field",)


class FieldComputed(PalmtaxError):
    """The field follows from the others."""

    code, status = "filing.field_computed", 409
    text = "“{label}”由系统按税法计算，不能直接修改"
    text_en = "“{label_en}” is computed from the law and cannot be changed directly"
    hint = "请修改上方的销售额，或查看“为什么是这个数”"
    hint_en = "Change the sales above, or see why it is this much"
    fields = ("field", "label", "label_en")


class ReasonMissing(PalmtaxError):
    """A correction says why."""

    code, status = "filing.reason_missing", 422
    text = "更正“{label}”需要说明原因"
    text_en = "A correction of “{label_en}” needs a reason"
    hint = "用一句话说明即可，例如“9月有现金收入未开票”"
    hint_en = "One sentence will do, such as “cash sales in September without invoice”"
    fields = ("field", "label", "label_en")


class ValueNegative(PalmtaxError):
    """Sales cannot be below zero."""

    code, status = "filing.value_negative", 422
    text = "“{label}”不能是负数"
    text_en = "“{label_en}” cannot be negative"
    hint = "请填写冲减退货后的净额；不足冲减的部分下期再减"
    hint_en = "Give the net amount; what exceeds it is taken off in the next period"
    fields = ("field", "label", "label_en")


class AmountTooLarge(PalmtaxError):
    """Beyond what can be handled exactly."""

    code, status = "filing.amount_too_large", 409
    text = "金额超出系统可精确处理的上限"
    text_en = "The amount is beyond what can be handled exactly"
    hint = "请先核对发票金额；确实如此请到办税服务厅办理"
    hint_en = "Check the invoices; if they are right please go to a tax service hall"


class NotCurrent(PalmtaxError):
    """Only the last valid return of a period can be amended or voided."""

    code, status = "filing.not_current", 409
    text = "这份申报表已被更正或作废"
    text_en = "This return was amended or voided already"
    hint = "请打开该所属期最新的一份申报表"
    hint_en = "Open the latest return of the period"


class AlreadyPaid(PalmtaxError):
    """A paid return is amended, not voided."""

    code, status = "filing.already_paid", 409
    text = "税款已缴纳，不能作废"
    text_en = "The tax was paid; the return cannot be voided"
    hint = "请办理更正申报，多缴的税款会退回"
    hint_en = "Amend the return instead; what was overpaid is refunded"


class PaymentRunning(PalmtaxError):
    """A payment is on its way."""

    code, status = "filing.payment_running", 409
    text = "这份申报正在缴款，暂时不能更正或作废"
    text_en = "This return is being paid and cannot be amended or voided just now"
    hint = "请等待缴款完成，或等订单失效后再办理"
    hint_en = "Wait until the payment is finished or the order has expired"


class NothingComputed(PalmtaxError):
    """A declaration without a result of its law."""

    code, status = "filing.nothing_computed", 409
    text = "还没有按税法算出结果，不能申报"
    text_en = "Nothing was computed under {law}, so nothing can be filed"
    hint = "请返回事项补全计税信息后再提交"
    hint_en = "Go back to the matter, complete the figures and submit again"
    fields = ("law",)


class AlreadyDeclared(PalmtaxError):
    """The tax of this period, or of this thing, was declared already; twice would be charged twice."""

    code, status = "filing.already_declared", 409
    text = "{tax}（{what}）已于 {filed_on} 申报，编号 {declaration_no}，办件 {application_no}"
    text_en = "{tax_en} ({what}) was declared on {filed_on}: number {declaration_no}, application {application_no}"
    hint = "数据有变，请在本事项里选“更正已申报的内容”；报错了且没缴款，请先作废那一份"
    hint_en = "If figures changed, answer “This corrects what was declared” with yes; if it should not be, void that one first"
    fields = ("tax", "tax_en", "what", "filed_on", "declaration_no", "application_no")


class ReturnFiled(PalmtaxError):
    """The return of this period was filed without a matter; it is amended where it was filed."""

    code, status = "filing.return_filed", 409
    text = "{tax}（{what}）已在“申报”里报过，编号 {return_no}"
    text_en = "{tax_en} ({what}) was filed under “Returns”: number {return_no}"
    hint = "请到“申报”打开那一份，选更正或作废"
    hint_en = "Open it under “Returns” and amend or void it there"
    fields = ("tax", "tax_en", "what", "return_no")


class SeveralTaxes(PalmtaxError):
    """One amount cannot correct a declaration of several taxes."""

    code, status = "filing.several_taxes", 409
    text = "申报 {declaration_no} 含多个税（费）种，不能只改一个总额"
    text_en = "Declaration {declaration_no} has several taxes; one sum cannot correct it"
    hint = "请回到原来的申报事项，选“更正已申报的内容”，重新计算后提交"
    hint_en = "Go back to the matter it was declared with, say that it corrects, and hand it in with the right figures"
    fields = ("declaration_no",)


class DeclarationUnknown(PalmtaxError):
    """No such declaration of this taxpayer."""

    code, status = "filing.declaration_unknown", 409
    text = "没有找到申报 {declaration_no}"
    text_en = "There is no declaration {declaration_no}"
    hint = "请在申报记录中核对编号"
    hint_en = "Check the number among your returns"
    fields = ("declaration_no",)
