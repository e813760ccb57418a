"""How acts are called on a timeline, and which officer may see whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from palmtax.base.money import show_yuan


@dataclass(frozen=True, slots=True)
class Act:
    """The name of an act for people, and what kind of thing it was done to."""

    zh: str
    en: str
    subject: str


ACTS: dict[str, Act] = {
    "filing.draft_started": Act("开始填写申报", "Return begun", "draft"),
    "filing.draft_changed": Act("修改申报草稿", "Draft changed", "draft"),
    "filing.draft_dropped": Act("放弃申报草稿", "Draft dropped", "draft"),
    "filing.return_submitted": Act("提交申报", "Return filed", "return"),
    "filing.return_amended": Act("更正申报", "Return amended", "return"),
    "filing.return_voided": Act("作废申报", "Return voided", "return"),
    "invoice.import_started": Act("导入发票", "Invoices imported", "import"),
    "invoice.invoices_imported": Act("发票导入完成", "Import finished", "import"),
    "invoice.invoice_entered": Act("手工录入发票", "Invoice entered by hand", "invoice"),
    "payment.order_created": Act("生成缴款单", "Payment ordered", "order"),
    "payment.order_expired": Act("缴款单过期", "Payment order expired", "order"),
    "payment.order_cancelled": Act("撤销缴款单", "Payment order cancelled", "order"),
    "payment.prepaid": Act("发起微信支付", "WeChat Pay begun", "order"),
    "payment.settled": Act("税款入库", "Tax paid", "order"),
    "payment.transfer_registered": Act("登记银行转账", "Bank transfer registered", "order"),
    "payment.refund_asked": Act("发起退款", "Refund asked", "order"),
    "payment.refunded": Act("退款到账", "Refund done", "order"),
    "certificates.certificate_issued": Act("开具完税证明", "Certificate issued", "certificate"),
    "certificates.certificate_superseded": Act("完税证明被替代", "Certificate superseded", "certificate"),
    "identity.signed_in": Act("登录", "Signed in", "session"),
    "identity.hat_chosen": Act("切换办税身份", "Identity switched", "session"),
    "identity.authorisation_given": Act("授权办税人员", "Authorisation given", "authorisation"),
    "identity.authorisation_accepted": Act("接受授权", "Authorisation accepted", "authorisation"),
    "identity.authorisation_denied": Act("否认授权（冒用）", "Authorisation denied", "authorisation"),
    "identity.authorisation_revoked": Act("撤销授权", "Authorisation revoked", "authorisation"),
    "cases.file_opened": Act("税务人员查阅档案", "File opened by an officer", "other"),
}

QUIET_ACTS = frozenset({"cases.file_opened"})
"""Acts that a timeline leaves out unless asked for: the officers' own reading."""


def act_of(code: str) -> Act:
    """The act's name; an act of a later version shows its code."""
    return ACTS.get(code, Act(code, code, "other"))


def summary_words(summary: dict[str, Any]) -> tuple[str, str]:
    """The few values of an entry as words, zh and en: period, amount, number, reason."""
    zh: list[str] = []
    en: list[str] = []
    if period := summary.get("period"):
        zh.append(f"所属期 {period}")
        en.append(f"period {period}")
    for key in ("amount_fen", "due_now_fen", "payable_fen"):
        if isinstance(summary.get(key), int):
            zh.append(f"¥{show_yuan(summary[key])}")
            en.append(f"¥{show_yuan(summary[key])}")
            break
    for key in ("return_no", "order_no", "certificate_no", "file_name"):
        if summary.get(key):
            zh.append(str(summary[key]))
            en.append(str(summary[key]))
    if isinstance(summary.get("accepted"), int):
        zh.append(f"成功 {summary['accepted']} 张")
        en.append(f"{summary['accepted']} accepted")
    if summary.get("reason"):
        zh.append(str(summary["reason"]))
        en.append(str(summary["reason"]))
    return " · ".join(zh), " · ".join(en)


def covers(office_code: str, taxpayer_office_code: str) -> bool:
    """Whether an office is the taxpayer's own or one above it: codes are nested, trailing zeros mean “all below”.

    >>> covers("14400000000", "14401060000"), covers("14401060000", "14401050000")
    (True, False)
    """
    return taxpayer_office_code.startswith(office_code.rstrip("0"))
