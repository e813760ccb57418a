"""How acts are called on a timeline, and what their summaries say. Pure."""

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
    "insight.tags_refreshed": Act("更新纳税人标签", "Tags of taxpayers read anew", "other"),
    "insight.segment_saved": Act("保存人群", "Audience saved", "other"),
    "insight.campaign_written": Act("编写推送", "Campaign written", "other"),
    "insight.campaign_submitted": Act("提交推送审核", "Campaign sent for approval", "other"),
    "insight.campaign_decided": Act("审核推送", "Campaign approved or returned", "other"),
    "insight.campaign_staged": Act("推送进入下一阶段", "Campaign began a stage", "other"),
    "insight.campaign_paused": Act("暂停推送", "Campaign paused", "other"),
    "insight.campaign_resumed": Act("继续推送", "Campaign resumed", "other"),
    "insight.campaign_stopped": Act("停止推送", "Campaign stopped", "other"),
    "insight.campaign_finished": Act("推送完成", "Campaign finished", "other"),
    "messaging.message_complained": Act("投诉推送消息", "Campaign message complained of", "other"),
    "matters.application_submitted": Act("提交事项申请", "Application submitted", "application"),
    "matters.application_resubmitted": Act("补正后再次提交", "Application submitted again", "application"),
    "matters.supplement_asked": Act("要求补正", "Supplement asked", "application"),
    "matters.application_approved": Act("事项办结", "Application approved", "application"),
    "matters.application_refused": Act("不予办理", "Application refused", "application"),
    "matters.application_withdrawn": Act("撤回申请", "Application withdrawn", "application"),
    "matters.application_lapsed": Act("逾期未补正", "Application lapsed", "application"),
    "matters.application_rated": Act("评价事项办理", "Application rated", "application"),
    "matters.paper_opened": Act("税务人员查阅材料", "Paper opened by an officer", "application"),
    "matters.journey_submitted": Act("提交一件事", "Journey submitted", "other"),
    "registry.record_kept": Act("登记信息入档", "Record kept in the register", "other"),
    "registry.record_ended": Act("终止登记信息", "Record of the register ended", "other"),
    "registry.details_changed": Act("变更登记", "Registered details changed", "other"),
    "registry.person_added": Act("建立自然人档案", "File of a natural person opened", "other"),
    "invoice.quota_set": Act("调整发票额度", "Invoice quota set", "other"),
    "invoice.issued": Act("开具发票", "Invoice issued", "invoice"),
    "invoice.red_sheet_opened": Act("发起红字确认单", "Red-letter sheet opened", "other"),
    "invoice.red_sheet_answered": Act("答复红字确认单", "Red-letter sheet answered", "other"),
    "invoice.red_issued": Act("开具红字发票", "Red invoice issued", "invoice"),
    "invoice.use_set": Act("确认发票用途", "Use of invoices confirmed", "other"),
    "invoice.booking_marked": Act("标记发票入账", "Invoice marked as booked", "other"),
    "filing.declared": Act("申报税费", "Declaration filed", "other"),
    "filing.declaration_corrected": Act("更正税费申报", "Declaration corrected", "other"),
    "filing.declaration_voided": Act("作废税费申报", "Declaration voided", "other"),
    "registry.office_chosen": Act("选择主管税务机关", "Tax office chosen", "other"),
    "payment.fine_charged": Act("生成应缴罚款", "Fine charged", "other"),
    "payment.refund_requested": Act("批准退税，等待国库", "Refund approved, waiting for the treasury", "other"),
    "payment.deferral_granted": Act("批准延期缴纳", "Later day to pay granted", "other"),
    "payment.instalments_granted": Act("批准分期缴纳", "Payment in parts granted", "other"),
    "certificates.document_issued": Act("出具文书", "Document issued", "other"),
    "certificates.document_withdrawn": Act("撤回文书", "Document withdrawn", "other"),
    "cases.file_opened": Act("税务人员查阅档案", "File opened by an officer", "other"),
    "cases.case_opened": Act("生成任务", "Case opened", "case"),
    "cases.case_claimed": Act("认领任务", "Case taken", "case"),
    "cases.case_assigned": Act("分派任务", "Case assigned", "case"),
    "cases.case_returned": Act("退回任务", "Case given back", "case"),
    "cases.case_handed_over": Act("移交任务", "Case handed over to another office", "case"),
    "cases.opinion_given": Act("提出审核意见", "Opinion given", "case"),
    "cases.opinion_confirmed": Act("复审同意", "Opinion confirmed", "case"),
    "cases.opinion_sent_back": Act("复审退回", "Opinion sent back", "case"),
    "cases.case_waiting": Act("等待纳税人补正", "Case waits for the taxpayer", "case"),
    "cases.case_resumed": Act("补正后继续办理", "Case resumed", "case"),
    "cases.due_changed": Act("调整办理期限", "Term of the case changed", "case"),
    "cases.case_sent_up": Act("任务提级办理", "Case sent to the office above", "case"),
    "cases.case_answered": Act("答复任务", "Case answered", "case"),
    "cases.acceptance_decided": Act("决定是否受理", "Acceptance decided", "case"),
    "cases.case_closed": Act("任务终止", "Case ended", "case"),
    "cases.case_overdue": Act("任务超期", "Case overdue", "case"),
    "cases.case_marked": Act("超期任务上报负责人", "Overdue case marked for the supervisor", "case"),
    "cases.note_written": Act("添加办理备注", "Note written", "case"),
    "cases.absence_set": Act("登记不在岗", "Absence entered", "other"),
    "cases.absence_ended": Act("撤销不在岗登记", "Absence ended", "other"),
    "cases.skills_set": Act("设置业务范围", "Fields of work set", "other"),
    "identity.address_bound": Act("绑定渠道账号", "Address bound", "other"),
    "identity.address_unbound": Act("解除渠道绑定", "Address unbound", "other"),
    "identity.people_merged": Act("合并两个账号", "Accounts merged", "other"),
    "channels.switch_asked": Act("申请启用渠道", "Channel asked to be switched on", "other"),
    "channels.switched": Act("启用或停用渠道", "Channel switched on or off", "other"),
    "channels.manifest_put_in_force": Act("渠道清单生效", "Manifest of a channel put in force", "other"),
    "channels.scene_made": Act("生成渠道二维码或链接", "Code or link of a channel made", "other"),
    "channels.scene_ended": Act("停用渠道二维码或链接", "Code or link of a channel ended", "other"),
    "channels.manifest_rolled_back": Act("渠道清单退回", "Manifest of a channel rolled back", "other"),
    "channels.alert_acknowledged": Act("接手告警", "Alert taken on", "other"),
    "channels.room_switch_asked": Act("申请限制候办大厅", "Slowing of a waiting room asked for", "other"),
    "channels.room_switched": Act("调整候办大厅", "Waiting room switched", "other"),
    "channels.incident_opened": Act("发布服务公告", "Notice to the public opened", "other"),
    "channels.incident_updated": Act("更新服务公告", "Notice to the public updated", "other"),
    "channels.kiosk_registered": Act("登记自助终端", "Kiosk registered", "other"),
    "channels.kiosk_code_made": Act("生成终端配对码", "Pairing code of a kiosk made", "other"),
    "channels.kiosk_paired": Act("自助终端配对", "Kiosk paired", "other"),
    "channels.kiosk_revoked": Act("停用自助终端", "Kiosk taken out of use", "other"),
    "channels.visit_confirmed": Act("在自助终端登录", "Signed in at a kiosk", "other"),
    "channels.print_started": Act("在自助终端打印", "Printing at a kiosk", "other"),
    "channels.print_reported": Act("自助终端打印结果", "Result of printing at a kiosk", "other"),
    "partners.application_registered": Act("登记第三方应用", "Partner application registered", "other"),
    "partners.application_edited": Act("修改第三方应用", "Partner application changed", "other"),
    "partners.application_sent": Act("第三方应用提交审核", "Partner application sent for review", "other"),
    "partners.application_checked": Act("第三方应用初审通过", "Partner application checked", "other"),
    "partners.application_live": Act("第三方应用正式上线", "Partner application put live", "other"),
    "partners.application_returned": Act("退回第三方应用", "Partner application returned", "other"),
    "partners.application_suspended": Act("停用第三方应用", "Partner application suspended", "other"),
    "partners.secret_rotated": Act("更换应用密钥", "Secret of an application rotated", "other"),
    "partners.old_secrets_dropped": Act("作废旧应用密钥", "Old secrets of an application dropped", "other"),
    "partners.consent_given": Act("授权第三方应用", "Consent given to an application", "other"),
    "partners.consent_ended": Act("第三方授权结束", "Consent to an application ended", "other"),
    "partners.data_read": Act("第三方应用查看资料", "Data read by an application", "other"),
    "partners.embed_asked": Act("第三方应用请求打开掌税页面", "An application asked to open our page", "other"),
    "partners.embed_opened": Act("在第三方应用里打开掌税页面", "Our page opened inside an application", "other"),
    "partners.embed_left": Act("离开第三方应用里的掌税页面", "Our page inside an application left", "other"),
    "partners.draft_prepared": Act("第三方应用预填草稿", "Draft prepared by an application", "other"),
    "partners.token_reused": Act(
        "第三方凭证被重复使用，已作废", "Token of an application used twice: all ended", "other"
    ),
    "partners.token_revoked": Act("第三方应用交还凭证", "Token given back by an application", "other"),
    "partners.endpoint_added": Act("登记推送地址", "Webhook address added", "other"),
    "partners.endpoint_removed": Act("删除推送地址", "Webhook address removed", "other"),
    "partners.endpoint_rotated": Act("更换推送签名密钥", "Signing secret of a webhook rotated", "other"),
    "partners.endpoint_enabled": Act("恢复推送地址", "Webhook address enabled", "other"),
    "partners.endpoint_pinged": Act("发送测试推送", "Test webhook sent", "other"),
    "partners.delivery_resent": Act("重新推送", "Webhook sent again", "other"),
    "partners.feature_handed_in": Act("提交特色应用", "City feature handed in", "other"),
    "partners.feature_checked": Act("检查特色应用", "City feature checked by the kit", "other"),
    "partners.feature_sent": Act("特色应用提交审核", "City feature sent for review", "other"),
    "partners.feature_reviewed": Act("特色应用初审通过", "City feature found good", "other"),
    "partners.feature_listed": Act("特色应用上架", "City feature listed", "other"),
    "partners.feature_returned": Act("退回特色应用", "City feature returned", "other"),
    "partners.feature_suspended": Act("停用特色应用", "City feature suspended", "other"),
    "partners.feature_rolled_back": Act("特色应用退回上一版", "City feature rolled back", "other"),
    "partners.feature_opened": Act("打开特色应用", "City feature opened", "other"),
    "messaging.consent_decided": Act("决定是否接收推送", "Consent to messages decided", "other"),
    "messaging.service_agreement_decided": Act("决定是否电子送达", "Electronic service agreed or taken back", "other"),
    "messaging.document_phoned": Act("电话提醒查收文书", "Called about a served document", "other"),
    "messaging.document_on_paper": Act("纸质送达文书", "Document served on paper", "other"),
    "messaging.phone_shown": Act("税务人员查看联系电话", "Telephone number shown to an officer", "other"),
    "certificates.service_certified": Act("制作送达回证", "Certificate of service made", "other"),
    "messaging.document_served": Act("电子送达文书", "Document served electronically", "other"),
    "messaging.delivery_resent": Act("重发未送达的消息", "Undelivered message sent again", "other"),
    "messaging.delivery_given_up": Act("不再发送未送达的消息", "Undelivered message given up", "other"),
    "messaging.message_read": Act("打开消息", "Message opened", "other"),
    "messaging.preferences_set": Act("设置接收偏好", "Preferences set", "other"),
    "messaging.document_signed_for": Act("签收文书", "Document signed for", "other"),
    "complaints.complaint_filed": Act("提交投诉", "Complaint filed", "other"),
    "complaints.complaint_accepted": Act("受理投诉", "Complaint accepted", "other"),
    "complaints.complaint_forwarded": Act("投诉转办", "Complaint passed on to another office", "other"),
    "complaints.complaint_refused": Act("不予受理投诉", "Complaint not accepted", "other"),
    "complaints.investigation_begun": Act("开始调查投诉", "Investigation of a complaint begun", "other"),
    "complaints.extension_asked": Act("申请投诉延期", "More time asked for a complaint", "other"),
    "complaints.extension_refused": Act("不同意投诉延期", "More time for a complaint refused", "other"),
    "complaints.complaint_extended": Act("投诉延期", "Complaint extended", "other"),
    "complaints.complaint_answered": Act("答复投诉", "Complaint answered", "other"),
    "complaints.complaint_withdrawn": Act("撤回投诉", "Complaint taken back", "other"),
    "complaints.complaint_closed": Act("投诉办结", "Complaint closed", "other"),
    "complaints.complaint_escalated": Act("投诉升级", "Complaint raised to the higher office", "other"),
    "complaints.satisfaction_given": Act("评价投诉答复", "Answer to a complaint rated", "other"),
    "complaints.rating_given": Act("评价服务", "Service rated", "other"),
    "complaints.rating_contacted": Act("差评联系", "Rating followed up", "other"),
    "complaints.rating_forwarded": Act("差评转办", "Rating passed on to another office", "other"),
    "complaints.rating_answered": Act("差评反馈", "Rating answered", "other"),
    "complaints.report_received": Act("收到检举", "Report received", "other"),
    "complaints.report_opened": Act("查阅检举", "Report opened", "other"),
    "complaints.informant_opened": Act("查阅检举人", "Informant opened", "other"),
    "complaints.report_forwarded": Act("检举转办", "Report passed on to another office", "other"),
    "complaints.report_answered": Act("答复检举", "Report answered", "other"),
    "appointments.appointment_booked": Act("预约办税", "Appointment booked", "other"),
    "appointments.appointment_waiting": Act("进入预约候补", "Put on the waiting list of a hall", "other"),
    "appointments.appointment_moved": Act("预约改期", "Appointment moved", "other"),
    "appointments.appointment_cancelled": Act("取消预约", "Appointment cancelled", "other"),
    "appointments.appointment_moved_up": Act("候补成功", "Moved up from the waiting list", "other"),
    "appointments.appointment_missed": Act("预约未到场", "Appointment missed", "other"),
    "appointments.checked_in": Act("预约签到", "Checked in at a hall", "other"),
    "appointments.ticket_taken": Act("取排队号", "Ticket taken", "other"),
    "appointments.ticket_left": Act("放弃排队号", "Ticket given up", "other"),
    "appointments.ticket_called": Act("叫号", "Ticket called", "other"),
    "appointments.ticket_ended": Act("办完或未到场", "Ticket served or absent", "other"),
    "appointments.ending_undone": Act("撤回办完或未到场", "Ending of a ticket undone", "other"),
    "appointments.hall_planned": Act("调整办税厅安排", "Plan of a hall changed", "other"),
    "knowledge.letter_received": Act("提交书面咨询", "Asked in writing", "other"),
    "knowledge.letter_forwarded": Act("书面咨询转办", "Written question passed on to another office", "other"),
    "knowledge.letter_answered": Act("答复书面咨询", "Written question answered", "other"),
    "complaints.suggestion_given": Act("提交意见建议", "Suggestion given", "other"),
}
"""Every act that any domain records, by its name (closed by tests/cases/test_acts.py)."""

WAYS = {"wechat": ("微信支付", "WeChat Pay"), "bank_transfer": ("银行转账", "bank transfer")}

QUIET_ACTS = frozenset({"cases.file_opened", "matters.paper_opened"})
"""Acts that a timeline leaves out unless asked for: the officers' own reading."""


def act_of(code: str) -> Act:
    """The act's name; an act of a later version shows its code."""
    return ACTS.get(code, Act(code, code, "other"))


def summary_words(summary: dict[str, Any]) -> tuple[str, str]:
    """The few values of an entry as words, zh and en: period, amount, way, title, number, end."""
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
    if summary.get("title"):
        zh.append(str(summary["title"]))
        en.append(str(summary.get("title_en") or summary["title"]))
    for key in ("return_no", "certificate_no"):
        if summary.get(key):
            zh.append(str(summary[key]))
            en.append(str(summary[key]))
    if through := summary.get("through"):
        zh.append(f"经第三方应用“{through}”")
        en.append(f"through the application “{through}”")
    if until := summary.get("valid_until"):
        zh.append(f"至 {until}")
        en.append(f"until {until}")
    return " · ".join(zh), " · ".join(en)
