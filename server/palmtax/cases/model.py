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
    "filing.return_submitted": Act("提交申报", "Return filed", "return"),
    "filing.return_amended": Act("更正申报", "Return amended", "return"),
    "filing.return_voided": Act("作废申报", "Return voided", "return"),
    "invoice.import_started": Act("导入发票", "Invoices imported", "import"),
    "invoice.entered_by_hand": Act("手工录入发票", "Invoice entered by hand", "invoice"),
    "payment.order_created": Act("生成缴款单", "Payment ordered", "order"),
    "payment.order_expired": Act("缴款单过期", "Payment order expired", "order"),
    "payment.order_cancelled": Act("撤销缴款单", "Payment order cancelled", "order"),
    "payment.settled": Act("税款入库", "Tax paid", "order"),
    "payment.refund_asked": Act("发起退款", "Refund asked", "other"),
    "payment.refunded": Act("退款到账", "Refund done", "other"),
    "certificates.issued": Act("开具完税证明", "Certificate issued", "certificate"),
    "certificates.superseded": Act("完税证明被替代", "Certificate superseded", "certificate"),
    "identity.signed_in": Act("登录", "Signed in", "session"),
    "identity.signed_out": Act("退出登录", "Signed out", "session"),
    "identity.signed_out_everywhere": Act("退出所有设备", "Signed out everywhere", "session"),
    "identity.refresh_reused": Act("登录凭证被重复使用，全部退出", "Token used twice: all sessions ended", "session"),
    "identity.second_factor_proved": Act("再次验证身份", "Second proof given", "session"),
    "identity.real_name_checked": Act("实名核验通过", "Real name checked", "other"),
    "identity.ticket_scanned": Act("扫描工作台登录码", "Sign-in code scanned", "session"),
    "identity.ticket_confirmed": Act("确认登录工作台", "Sign-in confirmed", "session"),
    "identity.ticket_refused": Act("拒绝登录工作台", "Sign-in refused", "session"),
    "identity.hat_chosen": Act("切换办税身份", "Identity switched", "session"),
    "identity.authorisation_given": Act("授权办税人员", "Authorisation given", "authorisation"),
    "identity.authorisation_accepted": Act("接受授权", "Authorisation accepted", "authorisation"),
    "identity.authorisation_denied": Act("否认授权（冒用）", "Authorisation denied", "authorisation"),
    "identity.authorisation_revoked": Act("撤销授权", "Authorisation revoked", "authorisation"),
    "knowledge.change_drafted": Act("起草税法参数版本", "Version of a number of the law drafted", "other"),
    "knowledge.change_edited": Act("修改税法参数草案", "Draft of a number of the law changed", "other"),
    "knowledge.change_sent": Act("提交税法参数审核", "Version of a number of the law sent for approval", "other"),
    "knowledge.change_returned": Act("退回税法参数草案", "Version of a number of the law returned", "other"),
    "knowledge.change_approved": Act("批准税法参数版本", "Version of a number of the law approved", "other"),
    "knowledge.change_withdrawn": Act("撤回税法参数版本", "Version of a number of the law withdrawn", "other"),
    "insight.study_started": Act("发起政策推演", "What-if study started", "other"),
    "insight.study_finished": Act("政策推演完成", "What-if study finished", "other"),
    "insight.study_cancelled": Act("取消政策推演", "What-if study cancelled", "other"),
    "cases.file_opened": Act("税务人员查阅档案", "File opened by an officer", "other"),
}
"""Every act that any domain records, by its name (closed by tests/cases/test_acts.py)."""

WAYS = {"wechat": ("微信支付", "WeChat Pay"), "bank_transfer": ("银行转账", "bank transfer")}

QUIET_ACTS = frozenset({"cases.file_opened"})
"""Acts that a timeline leaves out unless asked for: the officers' own reading."""


def act_of(code: str) -> Act:
    """The act's name; an act of a later version shows its code."""
    return ACTS.get(code, Act(code, code, "other"))


def summary_words(summary: dict[str, Any]) -> tuple[str, str]:
    """The few values of an entry as words, zh and en: period, amount, way, number, end."""
    zh: list[str] = []
    en: list[str] = []
    if period := summary.get("period"):
        zh.append(f"所属期 {period}")
        en.append(f"period {period}")
    if isinstance(amount := summary.get("amount_fen"), int):
        zh.append(f"¥{show_yuan(amount)}")
        en.append(f"¥{show_yuan(amount)}")
    if way := WAYS.get(str(summary.get("way"))):
        zh.append(way[0])
        en.append(way[1])
    for key in ("return_no", "certificate_no"):
        if summary.get(key):
            zh.append(str(summary[key]))
            en.append(str(summary[key]))
    if until := summary.get("valid_until"):
        zh.append(f"至 {until}")
        en.append(f"until {until}")
    return " · ".join(zh), " · ".join(en)
